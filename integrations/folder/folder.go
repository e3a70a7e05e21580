package folder

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Name is what the folder is called in findings and receipts.
const Name = "folder"

// How files may be read: those of private incidents by their owner alone.
const (
	openly   fs.FileMode = 0o644
	withheld fs.FileMode = 0o600
)

// Folder keeps documents. It is safe for use by many goroutines.
type Folder struct {
	config Config
	mu     sync.Mutex
}

var _ integrations.Documents = (*Folder)(nil)

// Open makes it. Nothing is looked up, and nothing is made.
func Open(c Config) (*Folder, error) {
	if bad := c.Faults(); len(bad) > 0 || c.Folder == "" {
		return nil, errors.New("the documents' folder is not set up: `tocsin config check` says what is missing")
	}
	return &Folder{config: c}, nil
}

// Name implements [integrations.Integration].
func (*Folder) Name() string { return Name }

// Check implements [integrations.Integration]. What it writes to try the
// folder is gone when it returns.
func (f *Folder) Check(context.Context) []integrations.Finding {
	info, err := os.Stat(f.config.Folder)
	where := "documents: the folder " + f.config.Folder
	const mend = "make the folder and let tocsin's user write to it, or set TOCSIN_DOCUMENTS_FOLDER to another"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if above, err := os.Stat(filepath.Dir(f.config.Folder)); err == nil && above.IsDir() {
			return []integrations.Finding{{Level: "ok", What: where + " is not there yet; it is made when the first review is published"}}
		}
		return []integrations.Finding{{Level: "fail", What: where + " is not there, nor the one it lies in", Why: "reviews cannot be published there", Mend: mend}}
	case err != nil || !info.IsDir():
		return []integrations.Finding{{Level: "fail", What: where + " is no folder that can be read", Why: "reviews cannot be published there", Mend: mend}}
	}
	probe, err := os.CreateTemp(f.config.Folder, ".tocsin-check-")
	if err != nil {
		return []integrations.Finding{{Level: "fail", What: where + " cannot be written to", Why: "reviews cannot be published there", Mend: mend}}
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	return []integrations.Finding{{Level: "ok", What: where + " can be written to"}}
}

// Publish implements [integrations.Documents].
func (f *Folder) Publish(ctx context.Context, d integrations.Document) (integrations.Ref, error) {
	if d.Key == "" || d.Version < 1 {
		return integrations.Ref{}, fault.New(fault.Internal, "A document without a key or a version cannot be published.")
	}
	if err := ctx.Err(); err != nil {
		return integrations.Ref{}, fault.Wrap(fault.Unavailable, err, "The document was not written: time was up.")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	root, err := f.open()
	if err != nil {
		return integrations.Ref{}, err
	}
	defer func() { _ = root.Close() }()
	name, stands, err := find(root, d.Name, d.Key)
	if err != nil {
		return integrations.Ref{}, broken(err)
	}
	if stands < d.Version {
		if err := write(root, name, d); err != nil {
			return integrations.Ref{}, broken(err)
		}
	}
	return integrations.Ref{ID: name, URL: f.config.at(name)}, nil
}

// Withdraw implements [integrations.Documents].
func (f *Folder) Withdraw(_ context.Context, key string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	root, err := os.OpenRoot(f.config.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return broken(err)
	}
	defer func() { _ = root.Close() }()
	all, err := fs.Glob(root.FS(), "*.md")
	if err != nil {
		return broken(err)
	}
	for _, name := range all {
		m, err := markOf(root, name)
		if err != nil {
			return broken(err)
		}
		if m.key != mark(key) {
			continue
		}
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return broken(err)
		}
	}
	return nil
}

// open opens the folder, and makes it when it is not there.
func (f *Folder) open() (*os.Root, error) {
	err := os.Mkdir(f.config.Folder, 0o750)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, broken(err)
	}
	root, err := os.OpenRoot(f.config.Folder)
	if err != nil {
		return nil, broken(err)
	}
	return root, nil
}

// broken is a folder that does not do what it should. Nothing was published:
// what was written lies under a name that nobody reads.
func broken(err error) error {
	return fault.Wrap(fault.Unavailable, err, "The documents' folder cannot be written to or read; `tocsin doctor` says what is wrong with it.")
}

// marked is what the first line of a file says.
type marked struct {
	key     string
	version int
}

// mark is what a file calls a key by.
func mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:12])
}

// markOf reads the first line of a file; one that tocsin did not write, or
// that is no plain file, has no mark.
func markOf(root *os.Root, name string) (marked, error) {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return marked{}, err
	}
	file, err := root.Open(name)
	if err != nil {
		return marked{}, err
	}
	defer func() { _ = file.Close() }()
	line, err := bufio.NewReader(io.LimitReader(file, 200)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return marked{}, err
	}
	found := regexp.MustCompile(`^<!-- tocsin document ([0-9a-f]{24}) version (\d{1,9}) -->\n$`).FindStringSubmatch(line)
	if found == nil {
		return marked{}, nil
	}
	version, err := strconv.Atoi(found[2])
	return marked{found[1], version}, err
}

// find is the file of a document, and the version that stands there; 0: none.
// A name that another document has, or a file that tocsin did not write, is
// left alone.
func find(root *os.Root, called, key string) (name string, stands int, err error) {
	plain := safe(called)
	for _, name = range []string{plain + ".md", plain + "-" + mark(key)[:8] + ".md"} {
		m, err := markOf(root, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return name, 0, nil
		case err != nil:
			return "", 0, err
		case m.key == mark(key):
			return name, m.version, nil
		}
	}
	return "", 0, fmt.Errorf("the files %s.md and %s are somebody else's", plain, name)
}

// safe makes any words a file's name.
func safe(called string) string {
	var b strings.Builder
	for _, r := range called {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		default:
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" {
		name = "document"
	}
	return name[:min(len(name), 80)]
}

// write puts a version into the folder: first under a name that nobody reads.
func write(root *os.Root, name string, d integrations.Document) error {
	mode := openly
	if d.Private {
		mode = withheld
	}
	draft := ".tocsin-" + rand.Text()
	file, err := root.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "<!-- tocsin document %s version %d -->\n%s\n", mark(d.Key), d.Version, strings.TrimRight(d.Markdown, "\n"))
	if err == nil && d.Link != "" {
		_, err = fmt.Fprintf(file, "\n[%s, where it is written](<%s>)\n", safe(d.Name), strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(d.Link))
	}
	if err == nil {
		err = file.Sync()
	}
	if e := file.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = root.Rename(draft, name)
	}
	if err != nil {
		_ = root.Remove(draft)
		return err
	}
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return dir.Sync()
}
