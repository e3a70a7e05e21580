package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/bot/web"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/review"
	"tocsin/incident/review/source"
)

var _ web.Reviews = (*reviews)(nil)

// whole is a review as one person sees it.
type whole struct {
	inc      incident.Incident
	v        incident.Review
	d        *sight
	sections []laidSection
}

// look reads everything that a person may see of a review.
func (r *reviews) look(ctx context.Context, as incident.PersonID, inc incident.Incident) (w whole, err error) {
	w.inc = inc
	if w.v, err = r.read(ctx, inc.ID); err != nil {
		return w, err
	}
	if w.d, err = r.sight(ctx, as, inc); err != nil {
		return w, err
	}
	w.sections = layOver(w.d.draft, w.v)
	return w, nil
}

// Read gives the review as a person may see it.
func (r *reviews) Read(ctx context.Context, as incident.PersonID, words string) (page web.ReviewPage, found bool, err error) {
	inc, found, err := r.find(ctx, as, words)
	if err != nil || !found {
		return page, false, err
	}
	w, err := r.look(ctx, as, inc)
	if err != nil {
		return page, false, err
	}
	name, actor, p := r.namer(ctx), r.actor(ctx, as), r.policy()
	in := w.d.in
	page = web.ReviewPage{
		ID: inc.ID, Number: in.Number, Title: in.Title, Severity: in.Severity, Status: in.Status, Private: inc.Private, Drill: inc.Drill,
		Head: uint64(w.v.Version) + uint64(w.d.head) + w.d.talk, State: string(cmp.Or(w.v.State, incident.ReviewState("not started"))),
		Assignee: name(w.v.Assignee), Due: w.v.Due, You: name(as), Room: in.Link,
		MayEdit: as != "" && inc.MayReview(actor, w.v, p) == nil,
		Talk:    talkShown(in), Draft: drawn(w.d.draft, w.sections, name),
	}
	if page.MayEdit {
		for _, s := range inc.MayMove(actor, w.v, p) {
			page.Moves = append(page.Moves, string(s))
		}
	}
	for _, s := range w.sections {
		one := web.ReviewSection{Key: s.key, Title: s.title}
		for _, l := range s.lines {
			one.Lines = append(one.Lines, r.shown(ctx, l))
		}
		page.Sections = append(page.Sections, one)
	}
	for _, c := range w.candidates() {
		page.Candidates = append(page.Candidates, web.ReviewCandidate{
			Message: c.message.ID, As: c.as, Text: c.words, Author: name(incident.PersonID(c.message.Author)), At: c.message.At,
		})
	}
	page.Versions = r.versions(ctx, w.v)
	return page, true, nil
}

// actor is a person who reads or writes on the page. Whoever got there is a
// full member: nobody else is given a way in.
func (r *reviews) actor(ctx context.Context, as incident.PersonID) incident.Actor {
	p := r.people.Person(ctx, as)
	names := namesOf(p)
	account := ""
	if len(p.Accounts) > 0 {
		account = p.Accounts[0].String()
	}
	a := incident.Actor{
		Person: as, Account: "page:" + account, Admin: r.door.isAdmin(names), At: r.now(), Zone: r.door.location(p.Zone), Names: names,
	}
	return a.Under(r.policy())
}

// asPerson is a request that comes from the page.
func (r *reviews) asPerson(ctx context.Context, as incident.PersonID, key, text string) commands.Input {
	in := commands.Input{Actor: r.actor(ctx, as), Person: r.people.Person(ctx, as)}
	in.Person.ID = as
	in.Request.Key, in.Request.At, in.Request.Via, in.Request.Text = keyOf("review-page", string(as), key), in.Actor.At, "page", text
	in.Request.User.ID = string(as)
	return in
}

// talkShown is all that was said and recorded, oldest first.
func talkShown(in source.Input) []web.ReviewMessage {
	names := map[string]string{}
	for _, p := range in.People {
		names[p.ID] = p.Name
	}
	captured := map[string]bool{}
	recorded := map[int64]bool{} // a milestone is a name for what was recorded in its second
	for _, f := range in.Facts {
		if !f.Struck && f.Kind != source.Milestone {
			recorded[f.At.Unix()] = true
		}
	}
	out := make([]web.ReviewMessage, 0, len(in.Messages)+len(in.Facts))
	for _, f := range in.Facts {
		if f.Struck || f.Kind == source.Milestone && recorded[f.At.Unix()] {
			continue
		}
		captured[f.About] = true
		out = append(out, web.ReviewMessage{ID: f.ID, At: f.At, Author: names[f.By], Text: f.Words, Link: f.Link, Fact: true})
	}
	for _, m := range in.Messages {
		one := web.ReviewMessage{
			ID: m.ID, At: m.At, Author: names[m.Author], Text: m.Text, Link: m.Link, Thread: m.Thread,
			Bot: m.Bot, Edited: m.Edited, Deleted: m.Deleted, Captured: captured[m.ID],
		}
		for _, f := range m.Files {
			if f.Kept != "" && strings.HasPrefix(f.Kind, "image/") {
				one.Pictures = append(one.Pictures, f.Kept)
			}
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b web.ReviewMessage) int { return a.At.Compare(b.At) })
	return out
}

// candidate is something that the machine found in the talk, and that nobody
// has taken, dropped or captured.
type candidate struct {
	message source.Message
	at      incident.MessageRef
	as      string
	words   string
	owner   incident.PersonID
	due     time.Time
}

// candidates are those of a review, oldest first.
func (w whole) candidates() []candidate {
	messages := map[string]source.Message{}
	for _, m := range w.d.in.Messages {
		messages[m.ID] = m
	}
	recorded := map[string]bool{}
	for _, f := range w.d.in.Facts {
		if f.Kind == source.Decision || f.Kind == source.Action {
			recorded[f.About] = true
		}
	}
	var out []candidate
	for key, as := range map[review.SectionKey]string{review.Decisions: incident.SuggestDecision, review.Actions: incident.SuggestAction} {
		for _, l := range w.d.draft.Section(key).Lines {
			if l.Sure || l.Under != "" || len(l.Cites) == 0 || l.Kind == review.Note || l.Kind == review.Ask {
				continue
			}
			m, ok := messages[l.Cites[0]]
			if at, open := w.unsettled(m, as); ok && open && !recorded[m.ID] {
				out = append(out, candidate{message: m, at: at, as: as, words: l.Text, owner: incident.PersonID(l.Owner), due: l.Due})
			}
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		return cmp.Or(a.message.At.Compare(b.message.At), cmp.Compare(a.message.ID, b.message.ID), cmp.Compare(a.as, b.as))
	})
	return out
}

// unsettled says that nobody has said yet whether a message is one.
func (w whole) unsettled(m source.Message, as string) (at incident.MessageRef, open bool) {
	at, kept := placeOf(m.Place)
	_, settled := w.v.SettledOn(at, as)
	return at, kept && !settled && !m.Deleted
}

// versions are those that were published, and where they are.
func (r *reviews) versions(ctx context.Context, v incident.Review) []web.ReviewVersion {
	if len(v.Versions) == 0 {
		return nil
	}
	var out []web.ReviewVersion
	for _, o := range v.Versions {
		out = append(out, web.ReviewVersion{Number: o.Number, At: o.At, By: r.namer(ctx)(o.By)})
	}
	out[len(out)-1].Where = r.where(ctx, v)
	return out
}
