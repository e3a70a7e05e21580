package exports

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"tocsin/incident/fault"
	"tocsin/incident/review/source"
)

// Limits of what is read.
const (
	maxFile  = 512 << 20 // bytes of one file
	maxAll   = 2 << 30   // of all files
	maxFiles = 20_000
)

// Options say what to read of an export.
type Options struct {
	// Which names the one that is meant where there are several: an incident
	// ("INC-7") of a tocsin export, a channel of a Slack export.
	Which string
	// Progress is called now and then with how many files were read; nil: nobody listens.
	Progress func(files, of, messages int)
}

// ReadFile reads an export that is one file.
func ReadFile(name string, b []byte, o Options) (source.Input, error) {
	r := reader{Options: o}
	if len(b) > maxFile {
		return source.Input{}, tooLarge(name)
	}
	return r.single(name, trimmed(b))
}

func trimmed(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) }

func tooLarge(name string) error {
	return wrong("The file %s is larger than what is read (512 MiB a file, 2 GiB in all).", path.Base(name))
}

// Read reads an export that is a folder of files, or one in a folder.
func Read(from fs.FS, o Options) (source.Input, error) {
	r := reader{from: from, Options: o}
	names, err := r.names()
	if err != nil {
		return source.Input{}, err
	}
	channels := r.channels(names)
	if len(channels) > 0 {
		return r.slack(channels, names)
	}
	if len(names) == 0 {
		return source.Input{}, wrong("There is no JSON file here.")
	}
	if len(names) > 1 {
		return source.Input{}, wrong("This folder holds %d JSON files, and none is named after a day as Slack does (2026-03-02.json).", len(names))
	}
	b, err := r.read(names[0])
	if err != nil {
		return source.Input{}, err
	}
	return r.single(names[0], b)
}

// wrong is the refusal of an input, with what would work.
func wrong(format string, args ...any) error {
	return fault.New(fault.Invalid, format+" Nothing was drafted.", args...).
		WithExample("tocsin review --from export.json, where export.json was written by `tocsin export INC-142 --out export.json`, or is a day file, folder or zip of a Slack export")
}

type reader struct {
	from fs.FS
	Options
	bytes int64
}

// names lists the JSON files, in order.
func (r *reader) names() ([]string, error) {
	var out []string
	err := fs.WalkDir(r.from, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), "__MACOSX"):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".json") && !strings.HasPrefix(d.Name(), "."):
			out = append(out, name)
		}
		if len(out) > maxFiles {
			return errTooMany
		}
		return nil
	})
	if errors.Is(err, errTooMany) {
		return nil, wrong("This export holds more than %d files.", maxFiles)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The export cannot be read; it may be cut off. Nothing was drafted.").WithExample("tocsin review --from export.zip")
	}
	slices.Sort(out)
	return out, nil
}

var errTooMany = errors.New("too many files")

// read reads a file whole.
func (r *reader) read(name string) ([]byte, error) {
	f, err := r.from.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The file "+path.Base(name)+" cannot be opened. Nothing was drafted.")
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "The file "+path.Base(name)+" cannot be read to its end. Nothing was drafted.")
	}
	r.bytes += int64(len(b))
	if len(b) > maxFile || r.bytes > maxAll {
		return nil, tooLarge(name)
	}
	return trimmed(b), nil
}

// single reads the one file of an export, by what it begins with.
func (r *reader) single(name string, b []byte) (source.Input, error) {
	switch formOf(b) {
	case ofBackup:
		return source.Input{}, wrong("This is a backup of tocsin, which holds everything and is restored, not an export.")
	case ofTocsin:
		return r.tocsin(b)
	case ofSlack:
		return r.slackDay(name, b)
	case strange:
	}
	return source.Input{}, wrong("The file %s is neither an export of tocsin nor of a Slack channel.", path.Base(name))
}

// channels are the folders that hold day files, as Slack names them.
func (*reader) channels(names []string) map[string][]string {
	day := regexp.MustCompile(`^\d{4}-\d{2}-\d{2}\.json$`)
	out := map[string][]string{}
	for _, name := range names {
		if day.MatchString(path.Base(name)) {
			out[path.Dir(name)] = append(out[path.Dir(name)], name)
		}
	}
	if len(names) == 1 {
		return nil // one day alone is read by what is in it
	}
	return out
}
