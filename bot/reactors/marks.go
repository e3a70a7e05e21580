package reactors

import (
	"context"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// marks reacts to a message that was put on the timeline, so that everybody in
// the room sees that it is there.
type marks struct{ o Outside }

// captured is the emoji of a message that is on the timeline.
const captured = "white_check_mark"

func (marks) Name() string { return "marks" }

func (marks) Leads(string) []incident.Event { return nil }

func (marks) Plan(r incident.Recorded) []store.Job {
	if _, is := r.Event.(incident.MessageCaptured); !is && marked(r.Event) == (incident.MessageRef{}) {
		return nil
	}
	return []store.Job{worker.Once(r, "marks", "mark", "", store.EchoLane)}
}

// marked is the message that an event put on record.
func marked(e incident.Event) incident.MessageRef {
	switch e := e.(type) {
	case incident.MessageCaptured:
		return e.Message
	case incident.DecisionMade:
		return e.Message
	case incident.ActionAdded:
		return e.Message
	default:
		return incident.MessageRef{}
	}
}

func (x marks) Do(ctx context.Context, t worker.Task) worker.Result {
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	m := marked(r.Event)
	on := x.o.Chat.On(m.Platform)
	if on == nil || on.Roles().Marks == nil {
		return worker.NotNeeded("The platform has no reactions of the bot's own.")
	}
	err = t.Call(ctx, func(ctx context.Context) error {
		return on.Roles().Marks.Mark(ctx, chatRef(m), captured)
	})
	if k := fault.KindOf(err); err != nil && (k == fault.NotFound || k == fault.Rejected) {
		return worker.NotNeeded("The message is gone, or takes no reactions.")
	}
	if err != nil {
		return failed(err, t, "")
	}
	return worker.Done(nil)
}
