package reactors

import (
	"context"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// listeners tell machines outside what happens: one call an event, under the
// job's key, in any order. Nothing of a private incident is told, nor of one
// that has become private since. What cannot be told is no news in the room;
// the ledger has it.
type listeners struct{ o Outside }

func (listeners) Name() string { return "listeners" }

func (listeners) Leads(string) []incident.Event { return nil }

func (x listeners) Plan(r incident.Recorded) []store.Job {
	if _, ok := r.Stream.Incident(); !ok {
		return nil
	}
	switch r.Event.(type) {
	case incident.Unknown, incident.EffectParked, incident.EffectRetried: // of the house's own affairs
		return nil
	default:
	}
	var jobs []store.Job
	for _, l := range x.o.Listeners {
		if l.Hears(incident.NameOf(r.Event)) {
			jobs = append(jobs, worker.Once(r, "listeners", "tell", l.Name(), store.EchoLane))
		}
	}
	return jobs
}

func (x listeners) Do(ctx context.Context, t worker.Task) worker.Result {
	at := slices.IndexFunc(x.o.Listeners, func(l integrations.Listener) bool { return l.Name() == t.Job.Target })
	if at < 0 {
		return worker.NotNeeded("Nobody listens there any more.")
	}
	if len(t.Job.Ref) > 0 {
		return worker.Done(nil)
	}
	if t.State.Private {
		return worker.NotNeeded("It is private.")
	}
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	told := x.happening(ctx, t, r)
	if err := t.Call(ctx, func(ctx context.Context) error { return x.o.Listeners[at].Tell(ctx, told) }); err != nil {
		return failed(err, t, "")
	}
	return worker.Done(encode(true))
}

func (x listeners) happening(ctx context.Context, t worker.Task, r incident.Recorded) integrations.Happening {
	v := x.o.voice(ctx, "", t.Now)
	e := r.Event
	if d, ok := e.(incident.Dated); ok {
		e = d.Event
	}
	return integrations.Happening{
		Key: t.Job.Key, Event: incident.NameOf(e), Version: uint64(r.Version), Incident: t.State.Number.String(),
		Title: t.State.Title.Words, Severity: int(t.State.Severity), Status: string(t.State.Status), Drill: t.State.Drill,
		By: x.o.face(ctx, r.Actor, "").Name, Link: x.o.link(t.State), At: r.Happened,
		Words: chat.SpansText(say.Spans(incident.Sentence(r), v), chat.Paper{Zone: v.Zone, Now: v.Now}),
	}
}
