package commands_test

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/commands"
	"tocsin/incident"
)

// Reviews: each incident's review is folded beside its stream.

func (h *house) Glance(_ context.Context, in commands.Input, inc incident.Incident) (say.ReviewGlance, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	link := "https://tocsin.example.com/reviews/" + inc.Number.String()
	return say.ReviewGlance{
		Review: h.reviews[inc.ID], Lines: []string{"Checkout failed from 11:40 to 12:10."}, Timeline: 4, Decisions: 1, Actions: 2, Unowned: 1, Questions: 3,
		Own: link + "?key=" + string(in.Person.ID), Link: link,
	}, h.down
}

func (h *house) Review(_ context.Context, in commands.Input, id incident.ID, d commands.ReviewDecision) (chat.Reply, error) {
	return h.settle(in, func() chat.Reply {
		inc, v := h.streams[id].state, h.reviews[id]
		if _, err := d.Decide(inc, v); err != nil { // twice, as a desk may
			return h.refused(in, err)
		}
		events, err := d.Decide(inc, v)
		if err != nil {
			return h.refused(in, err)
		}
		for _, r := range incident.Record(id.ReviewStream(), v.Version, meta(in), events) {
			v = v.Apply(r)
		}
		h.reviews[id] = v
		h.commits++
		return d.Reply(inc, v)
	})
}

func (h *house) Publish(ctx context.Context, in commands.Input, inc incident.Incident, reply func(incident.Incident, incident.Review) chat.Reply) (chat.Reply, error) {
	return h.Review(ctx, in, inc.ID, commands.ReviewDecision{
		Decide: func(inc incident.Incident, v incident.Review) ([]incident.Event, error) {
			return inc.PublishReview(in.Actor, v, incident.ReviewPublished{}, h.policy)
		},
		Reply: reply,
	})
}

func (h *house) Settle(_ context.Context, in commands.Input, inc incident.Incident, f commands.ReviewFound) (chat.Reply, error) {
	return h.settle(in, func() chat.Reply {
		s := h.streams[inc.ID]
		m := h.heard[f.Message]
		mine, theirs, err := s.state.TakeSuggestion(in.Actor, h.reviews[inc.ID], incident.Suggestion{Message: m, As: f.As}, h.policy)
		if !f.Take {
			mine = nil
			theirs, err = s.state.DropSuggestion(in.Actor, h.reviews[inc.ID], incident.Suggestion{Message: m, As: f.As}, h.policy)
		}
		if err != nil {
			return h.refused(in, err)
		}
		h.append(s, meta(in), mine)
		v := h.reviews[inc.ID]
		for _, r := range incident.Record(inc.ID.ReviewStream(), v.Version, meta(in), theirs) {
			v = v.Apply(r)
		}
		h.reviews[inc.ID] = v
		return f.Reply(s.state)
	})
}
