package reactors

import (
	"context"
	"strconv"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// chased is what the reminders of a review remember between two looks.
type chased struct {
	Message incident.MessageRef `json:"message,omitzero"` // zero: none stands
	To      incident.PersonID   `json:"to,omitempty"`
	Base    time.Time           `json:"base,omitzero"`
	Given   int                 `json:"given,omitempty"`  // reminders since Base
	Posted  int                 `json:"posted,omitempty"` // messages so far
}

// remind has one message to whose the review is, edited each time that policy
// wants a reminder until the review is published. What was missed is given
// once, and says how late it is.
func (x reviews) remind(ctx context.Context, t worker.Task, v incident.Review) worker.Result {
	was, _ := decode[chased](t.Job.Ref)
	now := was
	if !was.Base.Equal(v.Chased) {
		now.Base, now.Given = v.Chased, 0
	}
	if !v.Wanted() || v.Every <= 0 || v.Assignee == "" || !t.State.VisibleTo(v.Assignee) {
		return x.remindedEnough(ctx, t, v, now)
	}
	n := int(t.Now.Sub(now.Base) / v.Every)
	r := worker.Drawn(t.Job.Want, nil)
	if n > now.Given && !t.State.Status.Open() {
		late := worker.Late(now.Base.Add(time.Duration(n)*v.Every), t.Now)
		if err := x.chase(ctx, t, v, &now, late); err != nil {
			return failed(err, t, "remind of the review")
		}
	}
	now.Given = max(now.Given, n)
	r.Ref, r.Again = encode(now), now.Base.Add(time.Duration(n+1)*v.Every)
	return r
}

// remindedEnough turns a reminder that stands into what became of the review.
func (x reviews) remindedEnough(ctx context.Context, t worker.Task, v incident.Review, now chased) worker.Result {
	if now.Message.ID != "" {
		words := func(platform string) chat.Message {
			return say.ReviewDueDone(t.State, v, x.o.voice(ctx, platform, t.Now))
		}
		if !t.State.VisibleTo(now.To) {
			words = func(string) chat.Message { return say.ReviewDueGone() }
		}
		if err := x.rewrite(ctx, t, now.Message, words); err != nil {
			return failed(err, t, "remind of the review")
		}
		now.Message = incident.MessageRef{}
	}
	return worker.Drawn(t.Job.Want, encode(now))
}

func (x reviews) chase(ctx context.Context, t worker.Task, v incident.Review, now *chased, late time.Duration) error {
	words := func(platform string) chat.Message {
		return say.ReviewDue(t.State, v, late, x.o.voice(ctx, platform, t.Now))
	}
	if now.Message.ID != "" && now.To == v.Assignee {
		return x.rewrite(ctx, t, now.Message, words)
	}
	if now.Message.ID != "" {
		gone := func(string) chat.Message { return say.ReviewDueGone() }
		if err := x.rewrite(ctx, t, now.Message, gone); err != nil {
			return err
		}
	}
	m, ok, err := x.o.alone(ctx, t, v.Assignee, words)
	if err != nil || !ok {
		return err
	}
	m.post.Key = t.Job.Key + "/" + strconv.Itoa(now.Posted+1)
	ref, err := x.o.send(ctx, t, m)
	if err != nil {
		return err
	}
	now.Message, now.To, now.Posted = refOf(ref), v.Assignee, now.Posted+1
	return nil
}

// rewrite edits a message; one that somebody took away is let go.
func (x reviews) rewrite(ctx context.Context, t worker.Task, m incident.MessageRef, words func(platform string) chat.Message) error {
	on := x.o.Chat.On(m.Platform)
	if on == nil {
		return nil
	}
	err := t.Call(ctx, func(ctx context.Context) error { return on.Edit(ctx, chatRef(m), words(m.Platform)) })
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// maxFinds is how many things the one message asks about; the page has them all.
const maxFinds = 5

// finds asks whose the review is, alone and once, about what was said and
// nobody put on record. The message is edited as they answer.
func (x reviews) finds(ctx context.Context, t worker.Task, v incident.Review) worker.Result {
	if v.Proposed.IsZero() || v.Assignee == "" || !t.State.VisibleTo(v.Assignee) {
		return worker.NotNeeded("Nobody is to be asked.")
	}
	was, stands := decode[chased](t.Job.Ref)
	if t.State.Status.Open() && !stands {
		return worker.NotNeeded("People work on it.")
	}
	found, err := x.o.Reviews.Finds(ctx, v.Assignee, t.State.ID)
	if err != nil {
		return failed(earlyError{err}, t, "ask about what was said")
	}
	if len(found) == 0 && !stands || stands && was.To != v.Assignee {
		return worker.NotNeeded("Nothing is to be asked, or somebody was asked already.")
	}
	more := max(0, len(found)-maxFinds)
	words := func(platform string) chat.Message {
		return say.ReviewFinds(t.State, found[:min(len(found), maxFinds)], more, x.o.Reviews.Link(t.State.Number), x.o.voice(ctx, platform, t.Now))
	}
	if stands {
		if err := x.rewrite(ctx, t, was.Message, words); err != nil {
			return failed(err, t, "ask about what was said")
		}
		return worker.Drawn(t.Job.Want, t.Job.Ref)
	}
	return x.asks(ctx, t, v, words)
}

// asks posts the one message that asks.
func (x reviews) asks(ctx context.Context, t worker.Task, v incident.Review, words func(platform string) chat.Message) worker.Result {
	m, ok, err := x.o.alone(ctx, t, v.Assignee, words)
	if err != nil {
		return failed(err, t, "ask about what was said")
	}
	if !ok {
		return worker.NotNeeded("They have no account where tocsin could reach them.")
	}
	m.post.Key = t.Job.Key
	ref, err := x.o.send(ctx, t, m)
	if err != nil {
		return failed(err, t, "ask about what was said")
	}
	return worker.Drawn(t.Job.Want, encode(chased{Message: refOf(ref), To: v.Assignee}))
}
