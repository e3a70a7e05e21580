package bot

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/review"
	"tocsin/incident/review/exports"
	"tocsin/incident/review/source"
	"tocsin/store"
)

// longTalk is how many messages make people wait.
const longTalk = 20_000

// reviewAsked is what was asked of `tocsin review`.
type reviewAsked struct {
	from, format, as, out, cases, models, title, zone, which string

	pictures map[string]store.Picture // that the draft shows, by name
}

// reviewIt drafts the review of an incident, from the store or an export.
func reviewIt(ctx context.Context, out IO) int {
	fs := flags(out, "review INC-142 [--as USER] | --from FILE|FOLDER|ZIP [INC-142|CHANNEL] [--format markdown|html|json] [--out FILE] | --cases DIR --out DIR [--models DIR]")
	var a reviewAsked
	fs.StringVar(&a.from, "from", "", "an export, instead of the store: of tocsin (`tocsin export`), or a Slack channel's day file, folder or zip; - reads it from the input")
	fs.StringVar(&a.format, "format", "markdown", "markdown, html (stands alone, and prints) or json")
	fs.StringVar(&a.as, "as", "", "read with the eyes of this person")
	fs.StringVar(&a.out, "out", "", "write to this file; it must not exist")
	fs.StringVar(&a.cases, "cases", "", "draft every case of this folder into the folder named by --out, for a scorer of drafts")
	fs.StringVar(&a.models, "models", "", "with --cases: a folder of models that were learnt without the case they draft, for the honest figure")
	fs.StringVar(&a.title, "title", "", "what the incident is about, where an export does not say so")
	fs.StringVar(&a.zone, "zone", "", "time zone of the room, such as Europe/Berlin, where an export does not say so")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	if why := a.take(words); why != "" {
		return wrongUse(fs, why, out.Err)
	}
	if a.cases != "" {
		return reviewCases(ctx, out, a.cases, a.out, a.models)
	}
	d, err := a.draft(ctx, out)
	if err != nil {
		return complain(out, err)
	}
	if err := intoFile(out.Out, a.out, func(w io.Writer) error { return a.write(w, d) }); err != nil {
		return complain(out, err)
	}
	return exitOK
}

// take reads the words beside the flags; it says what is wrong with them.
func (a *reviewAsked) take(words []string) (why string) {
	if len(words) == 1 {
		a.which = words[0]
	}
	_, known := a.drawings()[a.format]
	_, err := time.LoadLocation(a.zone)
	switch {
	case a.cases != "" && (a.out == "" || a.from != "" || len(words) > 0):
		return "A folder of cases goes into a folder of drafts, and nothing else: tocsin review --cases inputs --out drafts"
	case a.cases != "":
		return ""
	case !known:
		return "The format is markdown, html or json."
	case err != nil || a.zone == "Local":
		return "There is no such time zone. For example: --zone Europe/Berlin"
	case len(words) > 1 || a.from == "" && len(words) == 0:
		return "Which incident? For example: tocsin review INC-142, or tocsin review --from export.json"
	case a.from != "" && a.as != "":
		return "An export is read as it is; --as is for the store."
	}
	return ""
}

// drawings are the forms of a draft.
func (a *reviewAsked) drawings() map[string]func(review.Draft) string {
	return map[string]func(review.Draft) string{
		"markdown": func(d review.Draft) string { return review.Markdown(d, review.CiteLinks) },
		"html": func(d review.Draft) string {
			return review.HTMLWith(d, func(name string) (string, []byte) { return a.pictures[name].Kind, a.pictures[name].Bytes })
		},
		"json": func(d review.Draft) string { return string(review.JSON(d)) },
	}
}

func (a *reviewAsked) write(w io.Writer, d review.Draft) error {
	_, err := io.WriteString(w, a.drawings()[a.format](d))
	return err
}

func (a *reviewAsked) draft(ctx context.Context, out IO) (review.Draft, error) {
	if a.from == "" {
		return a.stored(ctx, out)
	}
	in, err := a.exported(out)
	if err != nil {
		return review.Draft{}, err
	}
	in.Title, in.Zone = cmp.Or(incident.Clean(a.title), in.Title), cmp.Or(a.zone, in.Zone)
	if len(in.Messages)+len(in.Facts) == 0 {
		fmt.Fprintln(out.Err, "The export holds no message: the draft states nothing.")
	}
	return drafted(out, in), ctx.Err()
}

// drafted makes the draft; of long talk it says first that this takes a while.
func drafted(out IO, in source.Input) review.Draft {
	if len(in.Messages) >= longTalk {
		fmt.Fprintf(out.Err, "drafting from %d messages\n", len(in.Messages))
	}
	return review.Make(in)
}

// stored drafts from the store, with what people wrote laid over it.
func (a *reviewAsked) stored(ctx context.Context, out IO) (review.Draft, error) {
	b, closeIt, err := openBooks(ctx, out, a.as)
	if err != nil {
		return review.Draft{}, err
	}
	defer closeIt()
	s, err := b.find(ctx, a.which)
	if err != nil {
		return review.Draft{}, err
	}
	in, err := b.reviewInputs().Input(ctx, b.as, s.ID)
	if err != nil {
		return review.Draft{}, err
	}
	d := templateOf(b.policy.Review).Apply(drafted(out, in))
	recs, err := b.Load(ctx, s.ID.ReviewStream(), 0, 0)
	if err != nil {
		return review.Draft{}, err
	}
	v := incident.Review{Incident: s.ID}
	for _, r := range recs {
		v = v.Apply(r)
	}
	face := b.voice(ctx).Face
	d = drawn(d, layOver(d, v), func(id incident.PersonID) string { return face(id).Name })
	a.pictures, err = b.picturesOf(ctx, s.ID, d)
	return d, err
}

// picturesOf reads the kept pictures that a draft shows.
func (b *books) picturesOf(ctx context.Context, id incident.ID, d review.Draft) (map[string]store.Picture, error) {
	out := map[string]store.Picture{}
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			if l.Image == "" {
				continue
			}
			p, found, err := b.Picture(ctx, id.Stream(), l.Image)
			if err != nil {
				return nil, err
			}
			if found {
				out[l.Image] = p
			}
		}
	}
	return out, nil
}

// exported reads the export that --from names.
func (a *reviewAsked) exported(out IO) (source.Input, error) {
	o := exports.Options{Which: a.which, Progress: func(files, of, messages int) {
		if files%50 == 0 && files < of {
			fmt.Fprintf(out.Err, "%d of %d files read, %d messages\n", files, of, messages)
		}
	}}
	if a.from == "-" {
		b, err := io.ReadAll(out.In)
		if err != nil {
			return source.Input{}, unreadable(a.from, err)
		}
		return exports.ReadFile("the input", b, o)
	}
	info, err := os.Stat(a.from)
	if err != nil {
		return source.Input{}, fault.Wrap(fault.NotFound, err, fmt.Sprintf("There is no file or folder %s that can be read. Nothing was drafted.", a.from)).
			WithExample("tocsin review --from export.json")
	}
	if info.IsDir() {
		return exports.Read(os.DirFS(a.from), o)
	}
	if z, err := zip.OpenReader(a.from); err == nil {
		defer func() { _ = z.Close() }()
		return exports.Read(z, o)
	}
	b, err := os.ReadFile(a.from)
	if err != nil {
		return source.Input{}, unreadable(a.from, err)
	}
	return exports.ReadFile(filepath.Base(a.from), b, o)
}

func unreadable(name string, err error) error {
	return fault.Wrap(fault.Invalid, err, fmt.Sprintf("%s cannot be read to its end. Nothing was drafted.", name)).WithExample("tocsin review --from export.json")
}
