package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/incident/review/source"
	"tocsin/store"
)

// leadIn is how much of what was said in a room before the declare belongs to
// the incident.
const leadIn = 2 * time.Hour

// reviewStore is what the input of a review is read from.
type reviewStore interface {
	store.Log
	store.Index
	store.History
	Tenure(ctx context.Context, r incident.Room, id incident.ID) (store.Tenure, error)
	Pictures(ctx context.Context, stream incident.Stream) (map[string]bool, error)
	Picture(ctx context.Context, stream incident.Stream, name string) (p store.Picture, found bool, err error)
}

// reviewInputs makes of a store what a review is drafted from, with the eyes
// of one reader.
type reviewInputs struct {
	store    reviewStore
	people   *People
	policy   func() incident.Policy
	zone     string // of the house
	scrubber redact.Scrubber
}

// newReviewInputs makes it. The scrubber knows the house's own secrets.
func newReviewInputs(st reviewStore, people *People, policy func() incident.Policy, zone string, s redact.Scrubber) *reviewInputs {
	return &reviewInputs{store: st, people: people, policy: policy, zone: zone, scrubber: s}
}

// Input reads everything that a draft of an incident's review may rest on. An
// incident that the reader may not know of is NotFound, as one never given.
// Equal stores give equal inputs.
func (r *reviewInputs) Input(ctx context.Context, as incident.PersonID, id incident.ID) (source.Input, error) {
	recs, err := r.store.Load(ctx, id.Stream(), 0, 0)
	if err != nil {
		return source.Input{}, readFault(err)
	}
	var inc incident.Incident
	for _, rec := range recs {
		inc = inc.Apply(rec)
	}
	if len(recs) == 0 || !inc.VisibleTo(as) {
		return source.Input{}, incident.NoSuch(inc.Number)
	}
	reach, err := r.reach(ctx, inc, recs)
	if err != nil {
		return source.Input{}, readFault(err)
	}
	said, err := r.store.Messages(ctx, id.Stream(), reach.read, 0)
	if err != nil {
		return source.Input{}, readFault(err)
	}
	g := gathering{reviewInputs: r, ctx: ctx, inc: inc, met: map[incident.PersonID]int{}, at: map[spot]string{}, faces: map[string]string{}}
	if err := g.learnFaces(said); err != nil {
		return source.Input{}, readFault(err)
	}
	if g.kept, err = r.store.Pictures(ctx, id.Stream()); err != nil {
		return source.Input{}, readFault(err)
	}
	g.incident()
	g.messages(reach.narrow(said))
	g.timeline(recs)
	g.milestones()
	g.persons()
	if g.in.Related, err = r.related(ctx, inc); err != nil {
		return source.Input{}, readFault(err)
	}
	return source.Scrubbed(g.in), nil
}

// spot is where a message stands.
type spot struct{ platform, room, message string }

// gathering fills one input.
type gathering struct {
	*reviewInputs
	ctx   context.Context //nolint:containedctx // lives for one call of Input
	inc   incident.Incident
	in    source.Input
	met   map[incident.PersonID]int // index into in.People
	at    map[spot]string           // id of a message
	faces map[string]string         // "slack:U1" -> name, of those who are mentioned
	kept  map[string]bool           // pictures, by name
}

// incident writes what is known of the incident as a whole.
func (g *gathering) incident() {
	i := g.inc
	g.in = source.Input{
		ID: string(i.ID), Number: i.Number.String(), Title: g.clean(i.Title.String()), Status: string(i.Status),
		Zone: g.zone, Drill: i.Drill, Private: i.Private, Declared: i.DeclaredAt.UTC(),
	}
	if i.Severity != incident.SevUnset {
		g.in.Severity = i.Severity.String()
	}
	for _, s := range i.Services {
		g.in.Services = append(g.in.Services, s.Name)
	}
}

// clean takes out the secrets of the house; [source.Scrubbed] takes out the rest.
func (g *gathering) clean(words string) string { return g.scrubber.ScrubOwn(words) }

// person makes somebody one of those who took part.
func (g *gathering) person(id incident.PersonID, bot bool) string {
	if id == "" || id == incident.House {
		return ""
	}
	n, known := g.met[id]
	if !known {
		p := g.people.Person(g.ctx, id)
		n = len(g.in.People)
		g.met[id] = n
		g.in.People = append(g.in.People, source.Person{ID: string(id), Name: p.Name, Zone: p.Zone})
	}
	g.in.People[n].Bot = g.in.People[n].Bot || bot
	return string(id)
}

// persons puts those who took part in order.
func (g *gathering) persons() {
	slices.SortFunc(g.in.People, func(a, b source.Person) int { return cmp.Compare(a.ID, b.ID) })
}

// messages writes what was said.
func (g *gathering) messages(said []incident.Spoken) {
	slices.SortStableFunc(said, func(a, b incident.Spoken) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Room.Platform, b.Room.Platform), cmp.Compare(a.Room.ID, b.Room.ID), cmp.Compare(a.Message, b.Message))
	})
	g.in.Messages = make([]source.Message, 0, len(said))
	moments := make([]time.Time, len(said))
	for n, m := range said {
		moments[n] = m.At
	}
	ids := source.MessageIDs(moments)
	for n, m := range said {
		g.at[spot{m.Room.Platform, m.Room.ID, m.Message}] = ids[n]
		g.in.Messages = append(g.in.Messages, g.message(m, ids[n]))
	}
	for n, m := range said {
		if m.Thread != "" && m.Thread != m.Message {
			g.in.Messages[n].Thread = g.at[spot{m.Room.Platform, m.Room.ID, m.Thread}]
		}
	}
}

func (g *gathering) message(m incident.Spoken, id string) source.Message {
	out := source.Message{
		ID: id, At: m.At.UTC(), Author: g.person(m.Author, m.Bot), Bot: m.Bot, Link: m.Link,
		Edited: !m.EditedAt.IsZero(), Deleted: !m.DeletedAt.IsZero() || m.Text.Erased,
		Place: m.Room.Platform + "/" + m.Room.ID + "/" + m.Message,
	}
	if out.Deleted {
		return out
	}
	out.Text = g.clean(g.named(m.Room.Platform, m.Text.Words))
	for n, f := range m.Files {
		one := source.File{Name: g.clean(f.Name), Kind: f.Type}
		if name := store.PictureName(g.inc.ID.Stream(), m.Room.ID, m.Message, n); g.kept[name] {
			one.Kept = name
		}
		out.Files = append(out.Files, one)
	}
	return out
}

// Picture is a kept picture of an incident that the reader may know of.
func (r *reviewInputs) Picture(ctx context.Context, id incident.ID, name string) (store.Picture, bool, error) {
	p, found, err := r.store.Picture(ctx, id.Stream(), name)
	return p, found, readFault(err)
}
