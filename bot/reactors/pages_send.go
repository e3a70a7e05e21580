package reactors

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// taken is what is kept of a page that a pager took: evidence for whoever
// comes next.
type taken struct {
	Pager   string               `json:"pager"`
	Receipt integrations.Receipt `json:"receipt"`
	Maybe   bool                 `json:"maybe,omitempty"` // may have been sent twice
}

// send asks a pager for help, or the person themselves when there is none.
func (x pages) send(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if got, ok := decode[taken](t.Job.Ref); ok {
		return x.accepted(ctx, p, got)
	}
	if (p.State != incident.PageAsked && p.State != incident.PageBroken) || !t.State.Status.Open() {
		return worker.NotNeeded("The page is over, or on its way.")
	}
	stale, err := x.restored(ctx, t, p)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	pager, ok := x.o.Pagers.For(p.Target, t.State.Drill)
	switch {
	case stale:
		return x.nobody(ctx, t, p, "it was asked for long before the restore from a backup")
	case ok:
		return x.through(ctx, t, p, pager)
	case t.State.Drill:
		return x.nobody(ctx, t, p, practiceUp)
	case p.Target.Kind == incident.PersonTarget:
		return x.direct(ctx, t, p)
	}
	return x.nobody(ctx, t, p, noPager)
}

// RestoredKey is where a store's restore from a backup leaves its moment on
// the shelf. Pages older than fresh by then are parked: whom they called for
// has moved on.
const (
	RestoredKey = "store/restored"
	fresh       = 15 * time.Minute
)

// restored says that a page lay in a backup for too long. One that is retried
// by hand, or was begun, goes on.
func (x pages) restored(ctx context.Context, t worker.Task, p incident.Page) (bool, error) {
	if t.Job.Attempts > 0 || !t.Job.Settled.IsZero() || t.Now.Sub(p.At) <= fresh {
		return false, nil
	}
	raw, err := x.o.Shelf.Fetch(ctx, RestoredKey)
	if err != nil || raw == nil {
		return false, err
	}
	at, err := time.Parse(time.RFC3339Nano, string(raw))
	if err != nil {
		return false, fmt.Errorf("read when the store was restored: %w", err)
	}
	return p.At.Before(at.Add(-fresh)), nil
}

// nobody gives a page up at once: there is no way to send it.
func (x pages) nobody(ctx context.Context, t worker.Task, p incident.Page, why string) worker.Result {
	r := worker.Result{As: "/failed", Record: x.broken(ctx, t, p, why)}
	r.Ending, r.Why = store.Park, why
	return r
}

func (x pages) through(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) worker.Result {
	ask, maybe := x.request(ctx, t, p), false
	if t.Job.Unsure {
		var got integrations.Receipt
		var found bool
		err := t.Look(ctx, func(ctx context.Context) (err error) {
			got, found, err = pager.Look(ctx, ask.Key)
			return err
		})
		if err == nil && found {
			return x.accepted(ctx, p, taken{Pager: pager.Name(), Receipt: got})
		}
		maybe = err != nil
	}
	if maybe {
		ask.Summary += " (may be a duplicate)"
	}
	var got integrations.Receipt
	err := t.Call(ctx, func(ctx context.Context) (err error) {
		got, err = pager.Page(ctx, ask)
		return err
	})
	if err != nil {
		return x.unsent(ctx, t, p, err)
	}
	return x.accepted(ctx, p, taken{Pager: pager.Name(), Receipt: got, Maybe: maybe})
}

// request is what leaves the house: of a private incident its id alone.
func (x pages) request(ctx context.Context, t worker.Task, p incident.Page) integrations.Page {
	open := !t.State.Private
	if team, ok := x.o.teamOf(p.Target); ok && team.Private {
		open = true
	}
	ask := integrations.Page{
		Key: PageKey(t.Job.Stream, p.ID), Level: p.Level, Drill: t.State.Drill,
		Summary: say.PageText(t.State, p, open, x.o.voice(ctx, "", t.Now)),
	}
	if open {
		ask.Severity = int(t.State.Severity)
		ask.Link = x.link(t.State)
	}
	if p.Target.Kind != incident.PersonTarget {
		ask.Target = x.o.pagerTarget(p.Target)
		return ask
	}
	ask.Person = p.Target.Name
	if who, found, err := x.o.People.Person(ctx, p.Target.Person); err == nil && found {
		if ask.Person = who.Email; ask.Person == "" {
			ask.Person = who.Name
		}
	}
	return ask
}

func (x pages) link(inc incident.Incident) string {
	if x.o.Link == "" {
		return ""
	}
	return x.o.Link + "/incidents/" + inc.Number.String()
}

// accepted puts on record what the far side said.
func (x pages) accepted(ctx context.Context, p incident.Page, got taken) worker.Result {
	r := worker.Done(encode(got))
	first := incident.PageAccepted{
		Page: p.ID, Pager: got.Pager, Whom: got.Receipt.Whom, Link: got.Receipt.Link,
		Practice: got.Receipt.Practice, MaybeTwo: got.Maybe,
	}
	news, err := NewsOf(ctx, x.o.People, got.Pager, p.ID, got.Receipt)
	r.Record = func(inc incident.Incident) ([]incident.Event, error) {
		if err == nil && got.Receipt.State == integrations.Failed {
			return inc.PageNews(news)
		}
		events, refused := inc.PageNews(first)
		if refused != nil || err != nil || got.Receipt.State == integrations.Accepted || got.Receipt.State == integrations.Escalated {
			return events, refused
		}
		for _, rec := range incident.Record(inc.ID.Stream(), inc.Head, incident.Meta{Actor: incident.House}, events) {
			inc = inc.Apply(rec)
		}
		more, refused := inc.PageNews(news)
		return append(events, more...), refused
	}
	return r
}

// unsent is a call that went wrong. After three, or a minute, it is bad news;
// it goes on being tried.
func (x pages) unsent(ctx context.Context, t worker.Task, p incident.Page, err error) worker.Result {
	r := timed(worker.Fail(err, ""), err, t)
	if _, stopped := errors.AsType[*worker.StoppedError](err); stopped {
		return r
	}
	again := r.Ending == store.NotSent || r.Ending == store.Unsure
	early := t.Job.Attempts+1 < pageTries && (t.Job.First.IsZero() || t.Now.Sub(t.Job.First) < pageWithin)
	if again && early {
		return r
	}
	why := fault.Sentence(err)
	if r.Ending == store.Unsure {
		why = "the pager did not confirm it; it may have gone through"
	}
	r.As, r.Record = "/failed", x.broken(ctx, t, p, why)
	return r
}

// direct asks the person in a message of their own, with a button to answer.
func (x pages) direct(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	m, ok, err := x.o.alone(ctx, t, p.Target.Person, func(platform string) chat.Message {
		return say.PageDirect(t.State, p, x.o.voice(ctx, platform, t.Now))
	})
	if err != nil {
		return x.unsent(ctx, t, p, err)
	}
	if !ok {
		return x.nobody(ctx, t, p, "no pager is set up, and they have no account here")
	}
	m.post.Key = t.Job.Key
	ref, err := x.o.send(ctx, t, m)
	maybe := false
	if _, unlooked := errors.AsType[lookError](err); unlooked || errors.Is(err, errUnknowable) {
		maybe, p.MaybeTwo = true, true
		m.post.Message = say.PageDirect(t.State, p, x.o.voice(ctx, m.on.Name(), t.Now))
		ref, err = x.o.call(ctx, t, m)
	}
	if err != nil {
		return x.unsent(ctx, t, p, err)
	}
	whom := x.o.face(ctx, p.Target.Person, m.on.Name()).Name
	got := integrations.Receipt{State: integrations.Accepted, Whom: whom, Link: ref.Link, ID: ref.ID}
	return x.accepted(ctx, p, taken{Pager: Direct, Receipt: got, Maybe: maybe})
}

// act tells the pager what somebody did in chat.
func (x pages) act(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	pager, ok := x.o.Pagers.Named(p.Pager)
	if p.Pager == "" { // not confirmed; it may ring all the same
		pager, ok = x.o.Pagers.For(p.Target, t.State.Drill)
	}
	if !ok {
		r := worker.NotNeeded("No pager knows of it.")
		switch t.Job.Verb {
		case "resolve":
			r.Record = ended(p)
		case "escalate":
			r.Record = x.broken(ctx, t, p, "it went to the person alone, and there is no next level")
		}
		return r
	}
	act := integrations.PageAct{Verb: t.Job.Verb, By: "tocsin"}
	if who, found, err := x.o.People.Person(ctx, p.Acker); t.Job.Verb == "acknowledge" && err == nil && found {
		act.By, act.Email = who.Name, who.Email
	}
	err := t.Call(ctx, func(ctx context.Context) error {
		_, err := pager.Act(ctx, PageKey(t.Job.Stream, p.ID), act)
		return err
	})
	if err != nil && (p.Pager != "" || fault.KindOf(err) != fault.NotFound) {
		return failed(err, t, t.Job.Verb+" the page at the pager")
	}
	r := worker.Done(nil)
	if t.Job.Verb == "resolve" {
		r.Record = ended(p)
	}
	return r
}

func ended(p incident.Page) func(incident.Incident) ([]incident.Event, error) {
	return func(inc incident.Incident) ([]incident.Event, error) {
		return inc.PageNews(incident.PageResolved{Page: p.ID})
	}
}
