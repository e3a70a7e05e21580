package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"

	"tocsin/incident/fault"
	"tocsin/store"
)

// backup writes everything that the store keeps into a file, closed by a hash.
func backup(ctx context.Context, out IO) int {
	fs := flags(out, "backup FILE")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	if len(words) != 1 {
		return wrongUse(fs, "Into which file? For example: tocsin backup tocsin-2026-11-25.dump", out.Err)
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	st, d, err := openStore(ctx, c, true, out.Now)
	if err != nil {
		return complain(out, err)
	}
	defer func() { _ = d.Close() }()
	rows := 0
	err = intoFile(out.Out, words[0], func(w io.Writer) error {
		rows, err = st.Dump(ctx, &telling{w: w, about: out.Err})
		return err
	})
	if err != nil {
		return complain(out, err)
	}
	fmt.Fprintf(out.Out, "%d rows written to %s\n", rows, words[0])
	return exitOK
}

// telling says how much went through it, every 64 MiB.
type telling struct {
	w           io.Writer
	about       io.Writer
	sum, spoken int64
}

func (t *telling) Write(p []byte) (int, error) {
	n, err := t.w.Write(p)
	t.sum += int64(n)
	if t.sum-t.spoken >= 64<<20 {
		t.spoken = t.sum
		fmt.Fprintf(t.about, "%d MiB written\n", t.sum>>20)
	}
	return n, err
}

// restore reads a backup into an empty store.
func restore(ctx context.Context, out IO) int {
	fs := flags(out, "restore FILE")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	if len(words) != 1 {
		return wrongUse(fs, "From which file? For example: tocsin restore tocsin-2026-11-25.dump", out.Err)
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	f, err := os.Open(words[0])
	if err != nil {
		return complain(out, fault.Wrap(fault.Invalid, err, fmt.Sprintf("The file %s cannot be read.", words[0])))
	}
	defer func() { _ = f.Close() }()
	st, d, err := openStore(ctx, c, false, out.Now)
	if err != nil {
		return complain(out, err)
	}
	defer func() { _ = d.Close() }()
	rows, err := st.Restore(ctx, out.Now(), f)
	if err != nil {
		return complain(out, err)
	}
	fmt.Fprintf(out.Out, "%d rows restored from %s\n", rows, words[0])
	return exitOK
}

// copyStore copies everything from one store into another, empty one.
func copyStore(ctx context.Context, out IO) int {
	fs := flags(out, "copy --from STORE --to STORE")
	from := fs.String("from", "", "the store to read, such as sqlite:/var/lib/tocsin/tocsin.db")
	to := fs.String("to", "", "the empty store to fill, such as redis://127.0.0.1:6379/0")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	if *from == "" || *to == "" || *from == *to || len(words) > 0 {
		return wrongUse(fs, "From which store to which? For example: tocsin copy --from sqlite:old.db --to redis://127.0.0.1:6379/0", out.Err)
	}
	rows, err := copyRows(ctx, out, *from, *to)
	if err != nil {
		return complain(out, err)
	}
	fmt.Fprintf(out.Out, "%d rows copied\n", rows)
	return exitOK
}

func copyRows(ctx context.Context, out IO, from, to string) (int, error) {
	c, err := ReadConfig(out.Env)
	if err != nil {
		return 0, err
	}
	c.Store = from
	if p := c.Validate(); len(p) > 0 {
		return 0, p
	}
	source, sd, err := openStore(ctx, c, true, out.Now)
	if err != nil {
		return 0, err
	}
	defer func() { _ = sd.Close() }()
	c.Store = to
	if p := c.Validate(); len(p) > 0 {
		return 0, p
	}
	target, td, err := openStore(ctx, c, false, out.Now)
	if err != nil {
		return 0, err
	}
	defer func() { _ = td.Close() }()
	// The dump goes through a file, since its hash is verified before the
	// first row is written: a copy that broke off writes nothing.
	f, err := os.CreateTemp("", "tocsin-copy-")
	if err != nil {
		return 0, fault.Wrap(fault.Unavailable, err, "There is no room for a temporary file; nothing was copied.")
	}
	defer func() { _ = os.Remove(f.Name()) }()
	defer func() { _ = f.Close() }()
	if _, err := source.Dump(ctx, &telling{w: f, about: out.Err}); err != nil {
		return 0, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	return target.Restore(ctx, out.Now(), f)
}

// erase removes words: a person's everywhere, or everybody's in one incident.
// It goes through the running bot, which would otherwise go on showing what it
// has in hand; with no bot running it works on the store itself.
func erase(ctx context.Context, out IO) int {
	fs := flags(out, "erase --person USER | --incident INC-142 --yes")
	who := fs.String("person", "", "an e-mail, platform:id or a name: everything that they wrote goes")
	which := fs.String("incident", "", "everything that was written in this incident goes")
	yes := fs.Bool("yes", false, "do it; it cannot be taken back")
	if _, code, ok := parse(fs, out.Args); !ok {
		return code
	}
	if (*who == "") == (*which == "") {
		return wrongUse(fs, "Whose words, or those of which incident? For example: tocsin erase --person ann@example.com --yes", out.Err)
	}
	if !*yes {
		fmt.Fprintln(out.Err, "Erasing cannot be taken back. The events stay and will read \"erased\". Add --yes to do it.")
		return exitSettings
	}
	c, err := ReadConfig(out.Env)
	if err != nil {
		return complain(out, err)
	}
	texts, err := eraseWords(ctx, out, c, erasure{Person: *who, Incident: *which})
	if err != nil {
		return complain(out, err)
	}
	fmt.Fprintf(out.Out, "%d texts erased. Backups, and files that the database has not rewritten yet, may still hold them.\n", texts)
	return exitOK
}

// erasure is what the running bot is asked to erase.
type erasure struct {
	Person   string `json:"person,omitempty"`
	Incident string `json:"incident,omitempty"`
}

func eraseWords(ctx context.Context, out IO, c Config, e erasure) (int, error) {
	cl, err := newClient(c)
	if err == nil {
		status, body, err := cl.call(ctx, http.MethodPost, "/api/v1/erase", e)
		if err == nil {
			var done struct {
				Texts int    `json:"texts"`
				Text  string `json:"text"`
			}
			if err := json.Unmarshal(body, &done); err != nil {
				return 0, fault.Wrap(fault.Internal, err, "What answers there is no tocsin.")
			}
			if status != http.StatusOK {
				return 0, fault.New(fault.Rejected, "The running tocsin did not erase: %s", done.Text)
			}
			return done.Texts, nil
		}
		if fault.KindOf(err) != fault.Unavailable {
			return 0, err
		}
	}
	st, d, err := openStore(ctx, c, false, out.Now)
	if err != nil {
		return 0, err
	}
	defer func() { _ = d.Close() }()
	return eraseIn(ctx, st, e, out)
}

// eraseIn finds whose words are meant and erases them.
func eraseIn(ctx context.Context, st *store.Store, e erasure, out IO) (int, error) {
	var what store.Erasure
	if e.Person != "" {
		p, err := findPerson(ctx, st, e.Person)
		if err != nil {
			return 0, err
		}
		what.Person = p.ID
	} else {
		b := &books{Store: st}
		s, found, err := b.anyIncident(ctx, e.Incident)
		if err != nil {
			return 0, err
		}
		if !found {
			return 0, fault.New(fault.NotFound, "There is no such incident.").WithExample("tocsin erase --incident INC-142 --yes")
		}
		what.Stream = s.ID.Stream()
	}
	return st.Erase(ctx, out.Now(), what)
}
