package reactors

import (
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// welcomes shows somebody who comes into the room, or is brought there, where
// things stand, and somebody who was given a role what it asks; for them
// alone. Who took a role, or accepted a handover, has read that in the reply.
type welcomes struct{ o Outside }

// How long a newcomer may take to be in the room: who is invited is told once
// the invitation is through.
const (
	arrives  = 3 * time.Minute
	notThere = 15 * time.Second
)

func (welcomes) Name() string { return "welcomes" }

func (welcomes) Leads(string) []incident.Event { return nil }

func (welcomes) Plan(r incident.Recorded) []store.Job {
	switch e := r.Event.(type) {
	case incident.MemberAdded:
		return []store.Job{worker.Once(r, "welcomes", "welcome", string(e.Person), store.EchoLane)}
	case incident.RoleTaken:
		if !e.Acting && r.Actor != e.Person { // who took it read its duties in the reply
			return []store.Job{worker.Once(r, "welcomes", "duties", string(e.Person), store.EchoLane)}
		}
	default:
	}
	return nil
}

func (x welcomes) Do(ctx context.Context, t worker.Task) worker.Result {
	room, ok := x.o.Chat.mainRoom(t.State)
	switch {
	case !ok && (t.Waited() || t.State.RecordOnly || !t.State.Status.Open()):
		return worker.NotNeeded("There is no room.")
	case !ok:
		return worker.Waits(t.State.Head, "The room is not open yet.")
	}
	user, err := x.o.account(ctx, incident.PersonID(t.Job.Target), room.Platform)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	words, wanted, err := x.words(ctx, t, room.Platform)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	if user == "" || !wanted {
		return worker.NotNeeded("They have left, or have no account there.")
	}
	m := x.o.inRoom(room, words, "")
	m.post.Only = user
	r := x.o.once(ctx, t, m)
	if r.Ending != store.Rejected { // a platform refuses words to somebody who is not in the room
		return r
	}
	if t.Job.First.IsZero() || t.Now.Sub(t.Job.First) < arrives {
		r.Ending, r.Again = store.NotSent, t.Now.Add(notThere)
		return r
	}
	return worker.NotNeeded("They are not in the room: " + r.Why)
}

// newest is how many events are looked at for what a newcomer should know.
const newest = 200

func (x welcomes) words(ctx context.Context, t worker.Task, platform string) (chat.Message, bool, error) {
	v := x.o.voice(ctx, platform, t.Now)
	if t.Job.Verb == "welcome" {
		var from incident.Version
		if t.State.Head > newest {
			from = t.State.Head - newest
		}
		recs, err := x.o.Log.Load(ctx, t.Job.Stream, from, 0)
		return say.Welcome(t.State, incident.Entries(recs), v), t.State.VisibleTo(incident.PersonID(t.Job.Target)), err
	}
	rec, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return chat.Message{}, false, err
	}
	e, ok := rec.Event.(incident.RoleTaken)
	if !ok {
		return chat.Message{}, false, nil
	}
	role := e.Role
	h, held := t.State.Holder(role)
	return say.Duties(t.State, role, v), held && string(h.Person) == t.Job.Target, nil
}
