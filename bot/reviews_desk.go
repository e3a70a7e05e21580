package bot

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/review"
)

var _ commands.Reviews = (*reviews)(nil)

// Glance is a review in few words.
func (r *reviews) Glance(ctx context.Context, in commands.Input, inc incident.Incident) (say.ReviewGlance, error) {
	w, err := r.look(ctx, in.Person.ID, inc)
	if err != nil {
		return say.ReviewGlance{}, err
	}
	g := w.glance(r.namer(ctx))
	g.Link = r.Link(inc.Number)
	g.Empty = len(w.d.in.Messages) == 0
	full := in.Actor.Standing == incident.Member || in.Actor.Standing == incident.Guest && in.Actor.Guests
	if full && in.Person.ID != "" && in.Request.Via != "api" {
		g.Own = g.Link + "?key=" + r.pass(in.Person.ID)
	}
	return g, nil
}

// glanced is how many sentences are shown.
const glanced = 4

// glance reads a review for what stands in it.
func (w whole) glance(name func(incident.PersonID) string) say.ReviewGlance {
	d := drawn(w.d.draft, w.sections, name)
	g := say.ReviewGlance{Review: w.v, Candidates: len(w.candidates()), Lines: summaryOf(d)}
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			if l.Kind == review.Ask {
				g.Questions++
				continue
			}
			if l.Kind == review.Note || l.Under != "" {
				continue
			}
			switch s.Key { //nolint:exhaustive // the others are not counted
			case review.Timeline:
				g.Timeline++
			case review.Decisions:
				g.Decisions++
			case review.Actions:
				g.Actions++
				if l.Owner == "" {
					g.Unowned++
				}
			}
		}
	}
	return g
}

// summaryOf are the first sentences of a review: its summary, else its impact;
// what people wrote there comes before what the machine did.
func summaryOf(d review.Draft) []string {
	for _, key := range []review.SectionKey{review.Summary, review.Impact} {
		var theirs, ours []string
		for _, l := range d.Section(key).Lines {
			switch words := cutAt(d.Sentence(l), 300); l.Kind {
			case review.Own:
				theirs = append(theirs, words)
			case review.Fact, review.Opinion:
				ours = append(ours, words)
			case review.Note, review.Ask:
			}
		}
		if all := append(theirs, ours...); len(all) > 0 {
			return all[:min(len(all), glanced)]
		}
	}
	return nil
}

// cutAt cuts words to at most n letters.
func cutAt(s string, n int) string {
	if letters := []rune(s); len(letters) > n {
		return string(letters[:n-1]) + "…"
	}
	return s
}

// Review changes what people made of a review.
func (r *reviews) Review(ctx context.Context, in commands.Input, id incident.ID, d commands.ReviewDecision) (chat.Reply, error) {
	return r.change(ctx, in, id, reviewChange{
		decide: func(_ context.Context, inc incident.Incident, v incident.Review) (_, theirs []incident.Event, err error) {
			theirs, err = d.Decide(inc, v)
			return nil, theirs, err
		},
		reply: d.Reply,
	})
}

// Publish freezes the review as it reads.
func (r *reviews) Publish(ctx context.Context, in commands.Input, inc incident.Incident, reply func(incident.Incident, incident.Review) chat.Reply) (chat.Reply, error) {
	return r.move(ctx, in, inc, incident.ReviewIsOut, reply)
}

// Settle takes or drops something that was found in the talk.
func (r *reviews) Settle(ctx context.Context, in commands.Input, inc incident.Incident, f commands.ReviewFound) (chat.Reply, error) {
	return r.settleFound(ctx, in, inc, f)
}
