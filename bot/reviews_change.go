package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/web"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/review"
	"tocsin/incident/review/source"
)

// Change makes one change that somebody asked for on the page.
func (r *reviews) Change(ctx context.Context, as incident.PersonID, words, key string, e web.ReviewEdit) (web.ReviewLine, error) {
	inc, found, err := r.find(ctx, as, words)
	if err != nil {
		return web.ReviewLine{}, err
	}
	if !found {
		return web.ReviewLine{}, noReview()
	}
	said, err := json.Marshal(e)
	if err != nil {
		return web.ReviewLine{}, fault.Wrap(fault.Internal, err, "The change could not be read.")
	}
	in := r.asPerson(ctx, as, key, string(said))
	if e.Do == web.AddLine {
		e.Line = incident.OwnLineFor(in.Request.Key)
	}
	if err := r.edit(ctx, in, inc, e); err != nil {
		if over, is := errors.AsType[*incident.ReviewOverwrittenError](err); is {
			line, lost := r.line(ctx, as, inc.ID, over.Line.Key)
			if lost != nil {
				return web.ReviewLine{}, lost
			}
			return web.ReviewLine{}, &web.ReviewConflict{Line: line}
		}
		return web.ReviewLine{}, err
	}
	if e.Line == "" {
		return web.ReviewLine{}, nil
	}
	return r.line(ctx, as, inc.ID, e.Line)
}

// edit has the desk make the change.
func (r *reviews) edit(ctx context.Context, in commands.Input, inc incident.Incident, e web.ReviewEdit) error {
	silent := func(incident.Incident, incident.Review) chat.Reply { return chat.Reply{} }
	var reply chat.Reply
	var err error
	switch e.Do {
	case web.TakeCandidate, web.DropCandidate:
		reply, err = r.settleFound(ctx, in, inc, commands.ReviewFound{
			Message: e.Message, As: e.As, Take: e.Do == web.TakeCandidate, Reply: func(incident.Incident) chat.Reply { return chat.Reply{} },
		})
	case web.MoveReview:
		reply, err = r.move(ctx, in, inc, incident.ReviewState(e.State), silent)
	default:
		reply, err = r.change(ctx, in, inc.ID, reviewChange{
			decide: func(_ context.Context, inc incident.Incident, v incident.Review) (_, theirs []incident.Event, err error) {
				theirs, err = r.lineEvents(in.Actor, inc, v, e)
				return nil, theirs, err
			},
			reply: silent,
		})
	}
	if err != nil {
		return err
	}
	return refused(reply)
}

func (r *reviews) lineEvents(a incident.Actor, inc incident.Incident, v incident.Review, e web.ReviewEdit) ([]incident.Event, error) {
	p := r.policy()
	c := incident.ReviewChange{Line: e.Line, Section: string(e.Section), After: e.After, Words: e.Text, Before: incident.Version(e.Before)}
	if l, known := v.Line(e.Line); known {
		c.Section = l.Section
	}
	switch e.Do {
	case web.EditLine:
		return inc.EditReviewLine(a, v, c, p)
	case web.AddLine:
		return inc.AddReviewLine(a, v, c, p)
	case web.RemoveLine:
		return inc.RemoveReviewLine(a, v, c, p)
	case web.RestoreLine:
		return inc.RestoreReviewLine(a, v, c, p)
	case web.RevertLine:
		return inc.RevertReviewLine(a, v, c, p)
	case web.TakeCandidate, web.DropCandidate, web.MoveReview:
	}
	return nil, fault.New(fault.Invalid, "A line can be edited, added, removed, restored and reverted.")
}

// refused makes an error of a reply that refuses.
func refused(reply chat.Reply) error {
	for _, k := range fault.Kinds() {
		if k.String() == reply.Kind {
			return fault.New(k, "%s", chat.Plaintext(reply.Message, chat.Paper{}))
		}
	}
	return nil
}

// line is a line as it reads now.
func (r *reviews) line(ctx context.Context, as incident.PersonID, id incident.ID, key string) (web.ReviewLine, error) {
	inc, err := r.desk.State(ctx, id.Stream())
	if err != nil {
		return web.ReviewLine{}, readFault(err)
	}
	w, err := r.look(ctx, as, inc)
	if err != nil {
		return web.ReviewLine{}, err
	}
	for _, s := range w.sections {
		for _, l := range s.lines {
			if l.Key == key {
				return r.shown(ctx, l), nil
			}
		}
	}
	t, known := w.v.Line(key)
	if !known {
		return web.ReviewLine{}, fault.New(fault.NotFound, "That line is not in the review any more.")
	}
	l := laid{Line: review.Line{Key: key, Kind: review.Own, Who: string(t.By)}, section: review.SectionKey(t.Section), touched: t, own: true}
	return r.shown(ctx, l), nil
}

// settleFound takes or drops something that was found in the talk.
func (r *reviews) settleFound(ctx context.Context, in commands.Input, inc incident.Incident, f commands.ReviewFound) (chat.Reply, error) {
	s, err := r.suggestion(ctx, in.Person.ID, inc, f)
	if err != nil {
		return chat.Reply{}, err
	}
	return r.change(ctx, in, inc.ID, reviewChange{
		decide: func(_ context.Context, inc incident.Incident, v incident.Review) (mine, theirs []incident.Event, err error) {
			if f.Take {
				return inc.TakeSuggestion(in.Actor, v, s, r.policy())
			}
			theirs, err = inc.DropSuggestion(in.Actor, v, s, r.policy())
			return nil, theirs, err
		},
		reply: func(after incident.Incident, _ incident.Review) chat.Reply { return f.Reply(after) },
	})
}

// suggestion is what stands behind an id that the page or a button names.
func (r *reviews) suggestion(ctx context.Context, as incident.PersonID, inc incident.Incident, f commands.ReviewFound) (incident.Suggestion, error) {
	w, err := r.look(ctx, as, inc)
	if err != nil {
		return incident.Suggestion{}, err
	}
	gone := fault.New(fault.NotFound, "That message is not in the talk of %s any more.", inc.Number)
	at := slices.IndexFunc(w.d.in.Messages, func(m source.Message) bool { return m.ID == f.Message })
	if at < 0 {
		return incident.Suggestion{}, gone
	}
	ref, ok := placeOf(w.d.in.Messages[at].Place)
	if !ok {
		return incident.Suggestion{}, gone
	}
	m, found, err := r.history.Message(ctx, inc.ID.Stream(), ref.Room, ref.ID)
	if err != nil {
		return incident.Suggestion{}, readFault(err)
	}
	if !found {
		return incident.Suggestion{}, gone
	}
	s := incident.Suggestion{Message: m, As: f.As}
	for _, c := range w.candidates() {
		if c.message.ID == f.Message && c.as == f.As {
			s.Words, s.Owner, s.Due = c.words, c.owner, c.due
		}
	}
	return s, nil
}
