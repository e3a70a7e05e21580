package bot

import (
	"context"
	"maps"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/review"
	"tocsin/store"
)

// move takes the review to a state: each has its own decision.
func (r *reviews) move(ctx context.Context, in commands.Input, inc incident.Incident, to incident.ReviewState, reply func(incident.Incident, incident.Review) chat.Reply) (chat.Reply, error) {
	var decide func(context.Context, incident.Incident, incident.Review) ([]incident.Event, error)
	a := in.Actor
	switch to {
	case incident.ReviewDrafted, incident.ReviewInReview:
		decide = func(_ context.Context, inc incident.Incident, v incident.Review) ([]incident.Event, error) {
			return inc.MoveReview(a, v, to, r.policy())
		}
	case incident.ReviewIsOut:
		decide = func(ctx context.Context, inc incident.Incident, v incident.Review) ([]incident.Event, error) {
			return r.publishes(ctx, a, inc, v)
		}
	case incident.ReviewNotNeeded:
		decide = func(_ context.Context, inc incident.Incident, v incident.Review) ([]incident.Event, error) {
			return inc.SkipReview(a, v, "", r.policy())
		}
	default:
		return chat.Reply{}, fault.New(fault.Invalid, "A review is drafted, in review, published or skipped.")
	}
	return r.change(ctx, in, inc.ID, reviewChange{
		decide: func(ctx context.Context, inc incident.Incident, v incident.Review) (_, theirs []incident.Event, err error) {
			theirs, err = decide(ctx, inc, v)
			return nil, theirs, err
		},
		reply: reply,
	})
}

// publishes freezes the review as everybody who may know of the incident can
// see it: related incidents that only some know of are not in it.
func (r *reviews) publishes(ctx context.Context, a incident.Actor, inc incident.Incident, v incident.Review) ([]incident.Event, error) {
	if _, err := inc.PublishReview(a, v, incident.ReviewPublished{}, r.policy()); err != nil {
		return nil, err // before the work of freezing it
	}
	d, err := r.sight(ctx, eyesFor(inc), inc)
	if err != nil {
		return nil, err
	}
	out := frozen(d, layOver(d.draft, v))
	if same, err := r.asPublished(ctx, inc, v, out); err != nil || same {
		if err == nil {
			err = fault.New(fault.Conflict, "It is published already, as version %d, and reads the same. Nothing was done.", v.Versions[len(v.Versions)-1].Number)
		}
		return nil, err
	}
	return inc.PublishReview(a, v, out, r.policy())
}

// asPublished says whether the newest version reads just so.
func (r *reviews) asPublished(ctx context.Context, inc incident.Incident, v incident.Review, out incident.ReviewPublished) (bool, error) {
	if v.State != incident.ReviewIsOut || len(v.Versions) == 0 {
		return false, nil
	}
	recs, err := r.log.Load(ctx, inc.ID.ReviewStream(), v.Versions[len(v.Versions)-1].Version-1, 1)
	if err != nil || len(recs) == 0 {
		return false, readFault(err)
	}
	last, ok := recs[0].Event.(incident.ReviewPublished)
	return ok && last.Title.Words == out.Title.Words && slices.Equal(last.Sections, out.Sections) &&
		slices.EqualFunc(last.Lines, out.Lines, func(a, b incident.ReviewFrozen) bool {
			return a.Section == b.Section && a.Key == b.Key && a.Text.Words == b.Text.Words && a.Owner == b.Owner && a.Due.Equal(b.Due) && a.Mark == b.Mark
		}), nil
}

// eyesFor is with whose eyes a review is published: nobody's, and of a private
// incident the declarer's, who is a member for ever.
func eyesFor(inc incident.Incident) incident.PersonID {
	if inc.Private {
		return inc.Declarer
	}
	return ""
}

// frozen is a review as it reads. Quotes belong to whom they quote, so that
// they go when that person's words are erased.
func frozen(d *sight, sections []laidSection) incident.ReviewPublished {
	authors, at := map[string]incident.PersonID{}, map[string]incident.ReviewCite{}
	for _, m := range d.in.Messages {
		at[m.ID] = incident.ReviewCite{ID: m.ID, At: m.At, By: incident.PersonID(m.Author), Link: m.Link}
		authors[m.ID] = incident.PersonID(m.Author)
	}
	for _, f := range d.in.Facts {
		at[f.ID] = incident.ReviewCite{ID: f.ID, At: f.At, By: incident.PersonID(f.By), Link: f.Link}
		authors[f.ID] = incident.PersonID(f.By)
	}
	var out incident.ReviewPublished
	out.Title = incident.Text{Author: incident.House, Words: d.in.Title}
	nobody := func(incident.PersonID) string { return "" }
	for _, s := range drawn(d.draft, sections, nobody).Sections {
		out.Sections = append(out.Sections, incident.ReviewSection{Key: string(s.Key), Title: s.Title})
		for _, l := range s.Lines {
			f := incident.ReviewFrozen{
				Section: string(s.Key), Key: l.Key, Kind: string(l.Kind), At: l.At, Owner: incident.PersonID(l.Owner), Due: l.Due,
				Mark: l.Mark, Quote: l.Quote, Edited: l.Kind == review.Own, Under: l.Under, Class: l.Class, Image: l.Image,
				Text: incident.Text{Author: whoseWords(l, authors), Words: l.Text},
			}
			for _, id := range l.Cites {
				f.Cites = append(f.Cites, at[id])
			}
			out.Lines = append(out.Lines, f)
		}
	}
	return out
}

// whoseWords are the words of a line.
func whoseWords(l review.Line, authors map[string]incident.PersonID) incident.PersonID {
	who := incident.PersonID(l.Who)
	if who == "" && len(l.Cites) > 0 {
		who = authors[l.Cites[0]]
	}
	if who == "" {
		return incident.House
	}
	return who
}

// Published is a version as it was published, in the shape of a draft, with
// the words that are not erased since.
func (r *reviews) Published(ctx context.Context, inc incident.Incident, v incident.Review, number int) (d review.Draft, found bool, err error) {
	n := slices.IndexFunc(v.Versions, func(o incident.ReviewOut) bool { return o.Number == number })
	if n < 0 {
		return d, false, nil
	}
	recs, err := r.log.Load(ctx, inc.ID.ReviewStream(), v.Versions[n].Version-1, 1)
	if err != nil || len(recs) == 0 {
		return d, false, readFault(err)
	}
	e, ok := recs[0].Event.(incident.ReviewPublished)
	if !ok {
		return d, false, nil
	}
	return r.thawed(ctx, inc, e), true, nil
}

func (r *reviews) thawed(ctx context.Context, inc incident.Incident, e incident.ReviewPublished) review.Draft {
	name := r.namer(ctx)
	d := review.Draft{
		Form: r.policy().Review.Title, Number: inc.Number.String(), Title: e.Title.String(), Status: string(inc.Status), Private: inc.Private, Drill: inc.Drill,
		Names: map[string]string{}, Sources: map[string]review.Source{},
	}
	if inc.Severity != incident.SevUnset {
		d.Severity = inc.Severity.String()
	}
	for _, s := range e.Sections {
		d.Sections = append(d.Sections, review.Section{Key: review.SectionKey(s.Key), Title: s.Title})
	}
	for _, f := range e.Lines {
		l := review.Line{
			Key: f.Key, Kind: review.LineKind(f.Kind), At: f.At, Who: string(f.Text.Author), Text: f.Text.String(), Quote: f.Quote,
			Mark: f.Mark, Owner: string(f.Owner), Due: f.Due, Under: f.Under, Class: f.Class, Image: f.Image,
		}
		for _, id := range []incident.PersonID{f.Text.Author, f.Owner} {
			if n := name(id); n != "" {
				d.Names[string(id)] = n
			}
		}
		for _, c := range f.Cites {
			l.Cites = append(l.Cites, c.ID)
			d.Sources[c.ID] = review.Source{ID: c.ID, At: c.At, Author: name(c.By), Link: c.Link, Fact: strings.HasPrefix(c.ID, "e")}
		}
		at := slices.IndexFunc(d.Sections, func(s review.Section) bool { return string(s.Key) == f.Section })
		if at >= 0 {
			d.Sections[at].Lines = append(d.Sections[at].Lines, l)
		}
	}
	return d
}

// where are links to the newest version, as the services that got it say.
func (r *reviews) where(ctx context.Context, v incident.Review) []string {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	jobs, err := r.ledger.Jobs(within, store.JobFilter{Stream: v.Incident.Stream(), State: store.Finished, Limit: 500})
	if err != nil {
		return nil // where it is can be asked again
	}
	at := map[string]string{} // service -> newest place
	slices.SortFunc(jobs, func(a, b store.Job) int { return a.Settled.Compare(b.Settled) })
	for _, j := range jobs {
		if url, is := documentAt(j); is {
			at[j.Target] = url
		}
	}
	var out []string
	for _, service := range slices.Sorted(maps.Keys(at)) {
		if at[service] != "" {
			out = append(out, at[service])
		}
	}
	return out
}
