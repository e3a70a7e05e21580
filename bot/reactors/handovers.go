package reactors

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// handovers asks the one person to whom a role is offered.
type handovers struct{ o Outside }

func (handovers) Name() string { return "handovers" }

func (handovers) Leads(string) []incident.Event { return nil }

func (handovers) Plan(r incident.Recorded) []store.Job {
	e, ok := r.Event.(incident.HandoverOffered)
	if !ok {
		return nil
	}
	return []store.Job{worker.Once(r, "handovers", "ask", string(e.Role), store.ReplyLane)}
}

func (x handovers) Do(ctx context.Context, t worker.Task) worker.Result {
	rec, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "offer a role")
	}
	e, _ := rec.Event.(incident.HandoverOffered)
	for _, offer := range t.State.Offers {
		if offer.Role == e.Role && offer.To == e.To {
			return x.o.tell(ctx, t, e.To, "offer a role", func(platform string) chat.Message {
				return say.HandoverOffer(t.State, offer, x.o.voice(ctx, platform, t.Now))
			})
		}
	}
	return worker.NotNeeded("The offer was answered already.")
}
