package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/policy"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// books reads a store from the shell, with the eyes of one person.
type books struct {
	*store.Store
	policy incident.Policy
	inputs *reviewInputs // of reviews; made when they are needed
	as     incident.PersonID
	zone   string
	now    time.Time
	names  map[incident.PersonID]string
}

// openBooks opens the store that the settings name, for reading only.
func openBooks(ctx context.Context, out IO, as string) (b *books, closeIt func(), err error) {
	c, err := ReadConfig(out.Env)
	if err != nil {
		return nil, nil, err
	}
	st, d, err := openStore(ctx, c, true, out.Now)
	if err != nil {
		return nil, nil, err
	}
	b = &books{Store: st, policy: policyOf(c), zone: c.Zone, now: out.Now(), names: map[incident.PersonID]string{}}
	closeIt = func() { _ = d.Close() }
	if as != "" {
		p, err := findPerson(ctx, st, as)
		if err != nil {
			closeIt()
			return nil, nil, err
		}
		b.as = p.ID
	}
	return b, closeIt, nil
}

// policyOf is the policy of a house; one that cannot be read leaves the defaults.
func policyOf(c Config) incident.Policy {
	kept, err := policy.Open(c.Policy)
	if err != nil {
		return incident.DefaultPolicy()
	}
	return kept.Policy()
}

// findPerson reads an e-mail, "platform:id" or a name.
func findPerson(ctx context.Context, st *store.Store, words string) (incident.Person, error) {
	nobody := fault.New(fault.NotFound, "Nobody is known as %q here.", incident.Clean(words)).WithExample("--as ann@example.com")
	if p, found, err := st.ByEmail(ctx, words); err != nil || found {
		return p, err
	}
	everybody, err := st.Everybody(ctx)
	if err != nil {
		return incident.Person{}, err
	}
	platform, id, _ := strings.Cut(words, ":")
	var hits []incident.Person
	for _, p := range everybody {
		hit := strings.EqualFold(p.Name, words) || string(p.ID) == words
		for _, a := range p.Accounts {
			hit = hit || (a.Platform == platform && a.ID == id) || (a.Platform == "console" && a.ID == words)
		}
		if hit {
			hits = append(hits, p)
		}
	}
	switch len(hits) {
	case 0:
		return incident.Person{}, nobody
	case 1:
		return hits[0], nil
	}
	return incident.Person{}, fault.New(fault.Invalid, "%d people are known as %q; name one as platform:id.", len(hits), incident.Clean(words)).WithExample("--as console:ann")
}

// voice words sentences for a terminal.
func (b *books) voice(ctx context.Context) say.Voice {
	return say.Voice{Platform: "shell", Command: "/incident", Zone: b.zone, Now: b.now, Policy: b.policy, Face: func(id incident.PersonID) say.Face {
		name, known := b.names[id]
		if !known {
			name = string(id)
			if p, found, err := b.Person(ctx, id); err == nil && found {
				name = p.Name
			}
			b.names[id] = name
		}
		return say.Face{Name: name}
	}}
}

func (b *books) sentence(ctx context.Context, e incident.Entry) string {
	return chat.Plaintext(chat.Message{Parts: []chat.Part{chat.Text(say.Spans(e.Sentence, b.voice(ctx)))}}, chat.Paper{Zone: b.zone})
}

// anyIncident reads "INC-142", "142" or an inner id, whoever may know of it.
func (b *books) anyIncident(ctx context.Context, words string) (incident.Summary, bool, error) {
	if n, err := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(words), "INC-")); err == nil {
		return b.ByNumber(ctx, incident.Number(n))
	}
	return b.Summary(ctx, incident.ID(words))
}

// find reads one for the eyes of the reader.
func (b *books) find(ctx context.Context, words string) (incident.Summary, error) {
	s, found, err := b.anyIncident(ctx, words)
	if err != nil {
		return s, err
	}
	if !found || !s.VisibleTo(b.as) {
		return s, fault.New(fault.NotFound, "There is no %s here that you may read.", incident.Clean(words)).WithExample("tocsin incidents")
	}
	return s, nil
}

// listIncidents prints incidents, newest first.
func listIncidents(ctx context.Context, out IO) int {
	fs := flags(out, "incidents [--open] [--limit N] [--as USER] [--json]")
	open := fs.Bool("open", false, "only those that people still work on")
	limit := fs.Int("limit", 50, "how many")
	as := fs.String("as", "", "also private ones that this person may know of")
	asJSON := fs.Bool("json", false, "one JSON object a line")
	if _, code, ok := parse(fs, out.Args); !ok {
		return code
	}
	b, closeIt, err := openBooks(ctx, out, *as)
	if err != nil {
		return complain(out, err)
	}
	defer closeIt()
	found, err := b.List(ctx, store.Filter{As: b.as, OnlyOpen: *open, Limit: max(1, *limit)})
	if err != nil {
		return complain(out, err)
	}
	if *asJSON {
		enc := json.NewEncoder(out.Out)
		for _, s := range found {
			if err := enc.Encode(b.row(ctx, s)); err != nil {
				return complain(out, err)
			}
		}
		return exitOK
	}
	if len(found) == 0 {
		fmt.Fprintln(out.Out, "No incidents.")
		return exitOK
	}
	w := tabwriter.NewWriter(out.Out, 2, 4, 2, ' ', 0)
	for _, s := range found {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Number, s.Severity, s.Status, b.clock(s.DeclaredAt), s.Title)
	}
	if err := w.Flush(); err != nil {
		return complain(out, err)
	}
	return exitOK
}

func (b *books) clock(at time.Time) string {
	loc, err := time.LoadLocation(b.zone)
	if err != nil {
		loc = time.UTC
	}
	return at.In(loc).Format("2006-01-02 15:04 MST")
}

// printTimeline prints what happened, oldest first.
func printTimeline(ctx context.Context, out IO) int {
	fs := flags(out, "timeline INC-142 [--as USER] [--json]")
	as := fs.String("as", "", "read with the eyes of this person")
	asJSON := fs.Bool("json", false, "one JSON object a line")
	words, code, ok := parse(fs, out.Args)
	if !ok {
		return code
	}
	if len(words) != 1 {
		return wrongUse(fs, "Which incident? For example: tocsin timeline INC-142", out.Err)
	}
	b, closeIt, err := openBooks(ctx, out, *as)
	if err != nil {
		return complain(out, err)
	}
	defer closeIt()
	x, err := b.exported(ctx, words[0])
	if err != nil {
		return complain(out, err)
	}
	if *asJSON {
		enc := json.NewEncoder(out.Out)
		for _, e := range x.Timeline {
			if err := enc.Encode(e); err != nil {
				return complain(out, err)
			}
		}
		return exitOK
	}
	fmt.Fprintf(out.Out, "%s  %s  %s  %s\n", x.Number, x.Severity, x.Status, x.Title)
	for _, e := range x.Timeline {
		mark := ""
		if e.Struck {
			mark = " (struck out)"
		}
		fmt.Fprintf(out.Out, "%4d  %s  %s%s\n", e.Entry, b.clock(e.HappenedAt), e.Text, mark)
	}
	return exitOK
}
