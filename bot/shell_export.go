package bot

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// exportIncidents writes incidents whole, as JSON, Markdown or CSV.
func exportIncidents(ctx context.Context, out IO) int {
	fs := flags(out, "export INC-142 … | --all [--format json|markdown|csv] [--as USER] [--out FILE]")
	all := fs.Bool("all", false, "every incident that may be read")
	format := fs.String("format", "json", "json, markdown or csv")
	as := fs.String("as", "", "also private ones that this person may know of")
	file := fs.String("out", "", "write to this file; it must not exist")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	draw, known := exporters()[*format]
	switch {
	case !known:
		return wrongUse(fs, "The format is json, markdown or csv.", out.Err)
	case *all == (len(words) > 0):
		return wrongUse(fs, "Which incidents? For example: tocsin export INC-142, or tocsin export --all", out.Err)
	}
	b, closeIt, err := openBooks(ctx, out, *as)
	if err != nil {
		return complain(out, err)
	}
	defer closeIt()
	if *all {
		if words, err = b.everything(ctx); err != nil {
			return complain(out, err)
		}
	}
	if len(words) > 1 {
		b.readOften()
	}
	found := []exported{}
	for i, word := range words {
		x, err := b.exported(ctx, word)
		if err != nil {
			return complain(out, err)
		}
		found = append(found, x)
		if i%200 == 199 {
			fmt.Fprintf(out.Err, "%d of %d incidents read\n", i+1, len(words))
		}
	}
	if err := intoFile(out.Out, *file, func(w io.Writer) error { return draw(w, found) }); err != nil {
		return complain(out, err)
	}
	return exitOK
}

// everything lists the inner ids of all incidents that may be read, oldest first.
func (b *books) everything(ctx context.Context) ([]string, error) {
	var ids []string
	for before := incident.Number(0); ; {
		page, err := b.List(ctx, store.Filter{As: b.as, Before: before, Limit: 500})
		if err != nil {
			return nil, err
		}
		for _, s := range page {
			ids = append(ids, string(s.ID))
			before = s.Number
		}
		if len(page) < 500 {
			slices.Reverse(ids)
			return ids, nil
		}
	}
}

// intoFile writes to a new file that only its owner may read, or to w when no
// file is named. What was written is on the disk when it returns.
func intoFile(w io.Writer, path string, write func(io.Writer) error) error {
	if path == "" {
		return write(w)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return fault.Wrap(fault.Invalid, err, fmt.Sprintf("The file %s cannot be made; it may exist already. Name another.", path))
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = os.Remove(path) // half a file is worse than none
		return fault.Wrap(fault.Unavailable, err, fmt.Sprintf("The file %s could not be written; it was removed.", path))
	}
	return nil
}
