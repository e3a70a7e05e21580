package reactors

import (
	"context"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// History is where messages of incident rooms are kept.
type History interface {
	// Forget removes messages of a stream said before a moment.
	Forget(ctx context.Context, s incident.Stream, before time.Time) (int, error)
}

// histories forgets what was said in the rooms some time after the end, as
// policy says. The timeline stays. Its timer is never too late: what is found
// past its time goes.
type histories struct{ o Outside }

func (histories) Name() string { return "histories" }

func (histories) Leads(string) []incident.Event { return nil }

func (histories) Plan(r incident.Recorded) []store.Job {
	switch r.Event.(type) {
	case incident.Closure, incident.Cancellation, incident.MergedInto:
		return []store.Job{worker.Once(r, "histories", "plan", "", store.EchoLane)}
	default:
		return nil
	}
}

func (x histories) Do(ctx context.Context, t worker.Task) worker.Result {
	keep := x.o.Policy().KeepTalk
	if keep <= 0 || !over(t.State) {
		return worker.NotNeeded("What was said stays.")
	}
	if t.Job.Verb == "plan" {
		r := worker.Done(nil)
		r.Owe = []store.Job{worker.Sub(t.Job, "forget", "forget", t.Job.Due.Add(keep))}
		return r
	}
	err := t.Call(ctx, func(ctx context.Context) error {
		_, err := x.o.History.Forget(ctx, t.Job.Stream, t.Now)
		return err
	})
	if err != nil {
		return failed(err, t, "forget what was said")
	}
	return worker.Done(nil)
}
