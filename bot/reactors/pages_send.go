package reactors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
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
		return x.accepted(ctx, t, p, got)
	}
	pager, ok := x.o.Pagers.For(p.Target, t.State.Drill)
	if (p.State != incident.PageAsked && p.State != incident.PageBroken) || !t.State.Status.Open() {
		return x.unwanted(ctx, t, p, pager)
	}
	stale, err := x.restored(ctx, t, p)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	switch {
	case stale:
		return x.nobody(ctx, t, p, incident.PageFailed{Why: "it was asked for long before the restore from a backup"})
	case ok:
		return x.through(ctx, t, p, pager)
	case t.State.Drill:
		return x.nobody(ctx, t, p, incident.PageFailed{Why: practiceUp})
	case p.Target.Kind == incident.PersonTarget || p.Target.Pager == Direct:
		return x.direct(ctx, t, p)
	}
	return x.nobody(ctx, t, p, incident.PageFailed{Why: noPager})
}

// unwanted is a page that nobody needs any more, or that is on its way already.
// It is not sent; what may have been sent is looked up, and followed.
func (x pages) unwanted(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) worker.Result {
	r := worker.NotNeeded("The page is over, or on its way.")
	if pager == nil || OneWay(pager) || t.Job.Attempts == 0 {
		return r
	}
	r.Owe = []store.Job{x.lookJob(t, p)}
	if !t.Job.Unsure || blind(pager) {
		return r
	}
	got, found, err := x.ask(ctx, t, p, pager)
	if err != nil {
		return timed(worker.FailLook(err, ""), err, t)
	}
	if found {
		return x.accepted(ctx, t, p, taken{Pager: pager.Name(), Receipt: got})
	}
	return r
}

// ask looks a page up at the pager.
func (x pages) ask(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) (got integrations.Receipt, found bool, err error) {
	err = t.Look(ctx, func(ctx context.Context) (err error) {
		got, found, err = pager.Look(ctx, PageKey(t.Job.Stream, p.ID))
		return err
	})
	return got, found, err
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
func (x pages) nobody(ctx context.Context, t worker.Task, p incident.Page, e incident.PageFailed) worker.Result {
	r := worker.Result{As: "/failed", Record: x.broken(ctx, t, p, e)}
	r.Ending, r.Why = store.Park, e.Why
	return r
}

func (x pages) through(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) worker.Result {
	if e, nobody := x.unmanned(ctx, t, p, pager); nobody {
		return x.nobody(ctx, t, p, e)
	}
	ask, known := x.request(ctx, t, p, pager)
	if !known {
		return x.nobody(ctx, t, p, incident.PageFailed{Why: "no e-mail address is known of whom to page"})
	}
	maybe := false
	if t.Job.Unsure {
		got, found, err := x.ask(ctx, t, p, pager)
		if err == nil && found {
			return x.accepted(ctx, t, p, taken{Pager: pager.Name(), Receipt: got})
		}
		maybe = err != nil
		if t.Job.Attempts > 0 && t.Now.Sub(t.Job.First) > repeatFor {
			return x.nobody(ctx, t, p, incident.PageFailed{Why: unconfirmed, Unsure: maybe})
		}
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
	return x.accepted(ctx, t, p, taken{Pager: pager.Name(), Receipt: got, Maybe: maybe})
}

const unconfirmed = "the pager did not confirm it"

// unmanned says that nobody is on call at the level that a page asks for, as
// far as the pager knows now.
func (x pages) unmanned(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) (incident.PageFailed, bool) {
	if t.Job.Attempts > 0 || p.Target.Kind == incident.PersonTarget || OneWay(pager) {
		return incident.PageFailed{}, false
	}
	var lines []integrations.OnCall
	known := false
	_ = t.Look(ctx, func(ctx context.Context) error { // who cannot be asked does not keep a page back
		lines, known = x.o.onCall(ctx, pager, x.o.pagerTarget(p.Target), onCallNow, t.Now)
		return nil
	})
	if !known {
		return incident.PageFailed{}, false
	}
	at := max(p.Level, 1)
	if say.Callers(lines, at, t.Now) != "" {
		return incident.PageFailed{}, false
	}
	return incident.PageFailed{Why: "nobody is on call at level " + strconv.Itoa(at), Next: say.NextLevel(lines, at, t.Now)}, true
}

// request is what leaves the house: of a private incident its id alone. known
// is false when the pager could not tell whom it is for.
func (x pages) request(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) (ask integrations.Page, known bool) {
	open := x.open(t, p)
	ask = integrations.Page{
		Key: PageKey(t.Job.Stream, p.ID), Level: p.Level, Drill: t.State.Drill,
		Summary: say.PageText(t.State, p, open, x.o.voice(ctx, "", t.Now)),
	}
	if open {
		ask.Severity = int(t.State.Severity)
		ask.Link = x.o.link(t.State)
	}
	switch {
	case pager.Name() == incident.ByEmail:
		ask.Target = emailsOf(x.rung(ctx, t, p))
		return ask, ask.Target != ""
	case p.Target.Kind == incident.PersonTarget:
		ask.Person = x.personAt(ctx, p.Target)
		return ask, true
	}
	ask.Target = x.o.pagerTarget(p.Target)
	return ask, true
}

// open says that a page may say what the incident is about.
func (x pages) open(t worker.Task, p incident.Page) bool {
	team, ok := x.o.teamOf(p.Target)
	return !t.State.Private || ok && team.Private
}

// personAt is what a pager may know a person by.
func (x pages) personAt(ctx context.Context, t incident.Target) string {
	who, found, err := x.o.People.Person(ctx, t.Person)
	if err != nil || !found {
		return t.Name
	}
	return cmp.Or(who.Email, who.Name, t.Name)
}

// accepted puts on record what the far side said, and has the page followed.
func (x pages) accepted(ctx context.Context, t worker.Task, p incident.Page, got taken) worker.Result {
	r := worker.Done(encode(got))
	pager, ok := x.o.Pagers.Named(got.Pager)
	first := news(incident.PageAccepted{
		Page: p.ID, Pager: got.Pager, Whom: got.Receipt.Whom, Link: got.Receipt.Link,
		Practice: got.Receipt.Practice, MaybeTwo: got.Maybe, Blind: ok && blind(pager),
	})
	if ok && !OneWay(pager) {
		r.Owe = []store.Job{x.lookJob(t, p)}
	}
	more, err := NewsOf(ctx, x.o.People, got.Pager, p.ID, got.Receipt)
	switch {
	case err != nil || got.Receipt.State == integrations.Accepted:
		r.Record = first
	case got.Receipt.State == integrations.Failed:
		r.Record = more
	default:
		r.Record = inTurn(first, more)
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
	early := t.Job.Attempts+1 < pageTries && (t.Job.First.IsZero() || t.Now.Sub(t.Job.First) < x.o.patience())
	if again && early {
		return r
	}
	e := incident.PageFailed{Why: fault.Sentence(err)}
	if r.Ending == store.Unsure {
		e.Why, e.Unsure = unconfirmed, true
	}
	r.As, r.Record = "/failed", x.broken(ctx, t, p, e)
	return r
}

// direct asks somebody in a message of their own, with a button to answer.
func (x pages) direct(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	m, who, err := x.letter(ctx, t, p)
	if err != nil {
		return x.unsent(ctx, t, p, err)
	}
	if m.on == nil {
		return x.nobody(ctx, t, p, incident.PageFailed{Why: "no pager is set up, and they have no account here"})
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
	got := integrations.Receipt{State: integrations.Seen, Whom: who.name, Link: ref.Link, ID: ref.ID}
	return x.accepted(ctx, t, p, taken{Pager: Direct, Receipt: got, Maybe: maybe})
}

// letter is the message for whoever is asked at the level that a page reached;
// without a platform: nobody can be.
func (x pages) letter(ctx context.Context, t worker.Task, p incident.Page) (m message, who contact, err error) {
	p.Target.Pager = Direct
	rung := x.rung(ctx, t, p)
	if len(rung) == 0 {
		return message{}, contact{}, nil
	}
	on, user, ok := x.reach(ctx, t, rung[0])
	if !ok {
		return message{}, contact{}, nil
	}
	var room string
	err = t.Look(ctx, func(ctx context.Context) error {
		room, err = on.Direct(ctx, user)
		return err
	})
	if err != nil {
		return message{}, contact{}, earlyError{err}
	}
	words := say.PageDirect(t.State, p, x.o.voice(ctx, on.Name(), t.Now))
	return message{on: on, post: chat.Post{Room: room, Message: words}}, rung[0], nil
}
