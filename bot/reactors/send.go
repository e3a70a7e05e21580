package reactors

import (
	"context"
	"errors"
	"slices"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// errUnknowable says that a message may have been posted before, and that the
// platform cannot tell.
var errUnknowable = errors.New("may have been posted before, and cannot be looked up")

// lookError says that it could not be found out now whether a message was posted before.
type lookError struct{ error }

func (e lookError) Unwrap() error { return e.error }

// earlyError is an error from before anything was said.
type earlyError struct{ error }

func (e earlyError) Unwrap() error { return e.error }

// message is one on its way: where to, and what it is called in words.
type message struct {
	on   chat.Platform
	post chat.Post
	what string
}

// send posts a message once. What may have been posted by an earlier try is
// recognised by the platform or looked up first.
func (o Outside) send(ctx context.Context, t worker.Task, m message) (chat.Ref, error) {
	if t.Job.Unsure && !m.on.Limits().Keyed {
		ref, found, err := o.find(ctx, t, m)
		if err != nil || found {
			return ref, err
		}
	}
	return o.call(ctx, t, m)
}

// call posts a message without looking.
func (o Outside) call(ctx context.Context, t worker.Task, m message) (ref chat.Ref, err error) {
	err = t.Call(ctx, func(ctx context.Context) error {
		ref, err = m.on.Post(ctx, m.post)
		return err
	})
	return ref, err
}

func (o Outside) find(ctx context.Context, t worker.Task, m message) (ref chat.Ref, found bool, err error) {
	finder := m.on.Roles().Finder
	if finder == nil && byHand(t) {
		return ref, false, nil // somebody looked for it, and asked for it again
	}
	if finder == nil {
		return ref, false, errUnknowable
	}
	err = t.Look(ctx, func(ctx context.Context) error {
		ref, found, err = finder.Find(ctx, m.post, t.Job.First.Add(-time.Minute))
		return err
	})
	if err != nil {
		return ref, false, lookError{err}
	}
	return ref, found, nil
}

// byHand says that a person asked for a job again that had been given up: its
// attempts are counted anew, and the incident does not list it as given up.
func byHand(t worker.Task) bool {
	return t.Job.Attempts == 0 && !slices.ContainsFunc(t.State.Parked, func(p incident.Parked) bool { return p.Job == t.Job.Key })
}

// once posts a message for a once job.
func (o Outside) once(ctx context.Context, t worker.Task, m message) worker.Result {
	if len(t.Job.Ref) > 0 {
		return worker.Done(nil)
	}
	m.post.Key = t.Job.Key
	ref, err := o.send(ctx, t, m)
	if err != nil {
		return failed(err, t, m.what)
	}
	return worker.Done(encode(refOf(ref)))
}

// keep draws a message of a kept-in-step job: posted the first time, edited
// from then on, posted anew when somebody took it away.
func (o Outside) keep(ctx context.Context, t worker.Task, m message) worker.Result {
	m.post.Key = t.Job.Key
	if ref, ok := decode[incident.MessageRef](t.Job.Ref); ok {
		err := t.Call(ctx, func(ctx context.Context) error { return m.on.Edit(ctx, chatRef(ref), m.post.Message) })
		if err == nil {
			return worker.Drawn(t.State.Head, t.Job.Ref)
		}
		if fault.KindOf(err) != fault.NotFound {
			return failed(err, t, m.what)
		}
		m.post.Key += "/again/" + ref.ID
	}
	ref, err := o.send(ctx, t, m)
	if err == nil && t.Job.Unsure { // it may be what an earlier try posted, with older words
		err = t.Call(ctx, func(ctx context.Context) error { return m.on.Edit(ctx, ref, m.post.Message) })
	}
	if err != nil {
		return failed(err, t, m.what)
	}
	return worker.Drawn(t.State.Head, encode(refOf(ref)))
}

// failed is the result of a message that could not be posted.
func failed(err error, t worker.Task, what string) worker.Result {
	if errors.Is(err, errUnknowable) {
		r := worker.Result{What: what}
		r.Ending, r.Why = store.Park, "It may have been posted; that could not be found out. Look, and retry it if it is missing."
		return r
	}
	if look, ok := errors.AsType[lookError](err); ok {
		return timed(worker.FailLook(look.error, what), err, t)
	}
	r := worker.Fail(err, what)
	if _, ok := errors.AsType[earlyError](err); ok && r.Ending == store.Unsure {
		r.Ending = store.NotSent
	}
	return timed(r, err, t)
}

// timed honours the moment before which the far side asked to be left alone.
func timed(r worker.Result, err error, t worker.Task) worker.Result {
	r.Again = worker.After(err, t.Now)
	return r
}

// inRoom is a message for a room of the incident, in its thread if that is the room.
func (o Outside) inRoom(r incident.Room, m chat.Message, what string) message {
	return message{on: o.Chat.On(r.Platform), what: what, post: chat.Post{Room: r.ID, Thread: r.Thread, Message: m}}
}

// alone is a message for one person in the conversation with the bot; words
// are chosen for the platform on which they are reached. ok is false when the
// house has no way to them.
func (o Outside) alone(ctx context.Context, t worker.Task, who incident.PersonID, words func(platform string) chat.Message) (m message, ok bool, err error) {
	p, found, err := o.People.Person(ctx, who)
	if err != nil {
		return message{}, false, earlyError{err}
	}
	if !found {
		return message{}, false, nil
	}
	on, user, ok := o.Chat.reach(p, home(t.State))
	if !ok {
		return message{}, false, nil
	}
	var room string
	err = t.Look(ctx, func(ctx context.Context) error {
		room, err = on.Direct(ctx, user)
		return err
	})
	if err != nil {
		return message{}, false, earlyError{err}
	}
	return message{on: on, post: chat.Post{Room: room, Message: words(on.Name())}}, true, nil
}

// home is the platform where an incident lives.
func home(inc incident.Incident) string {
	if rooms := live(inc); len(rooms) > 0 {
		return rooms[0].Platform
	}
	return inc.From.Platform
}

// tell posts a message to one person alone, for a once job.
func (o Outside) tell(ctx context.Context, t worker.Task, who incident.PersonID, what string, words func(platform string) chat.Message) worker.Result {
	if len(t.Job.Ref) > 0 {
		return worker.Done(nil)
	}
	m, ok, err := o.alone(ctx, t, who, words)
	if err != nil {
		return failed(err, t, what)
	}
	if !ok {
		return worker.NotNeeded("They have no account where tocsin could reach them.")
	}
	m.what = what
	return o.once(ctx, t, m)
}

// each owes one job for each target, with keys below the job's own.
func each(t worker.Task, verb string, targets []string) worker.Result {
	r := worker.Drawn(t.State.Head, nil)
	for _, target := range targets {
		j := worker.Sub(t.Job, verb, target, t.Now)
		if j.Kept {
			j.Want = t.State.Head
		}
		r.Owe = append(r.Owe, j)
	}
	return r
}
