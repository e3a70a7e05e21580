package reactors

import (
	"cmp"
	"context"
	"time"

	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// lookFor is how long one look at a pager may take: it must not keep a page.
const lookFor = 3 * time.Second

// lookJob looks at a page that a pager took, until it is over.
func (pages) lookJob(t worker.Task, p incident.Page) store.Job {
	return keptJob(t, "look", string(p.ID), store.PageLane)
}

// nextLook is how long to wait before a page is looked at again: at first to
// see that it is there, then for what a webhook may have failed to tell.
// Zero: it is looked at no more.
func nextLook(p incident.Page, now time.Time) time.Duration {
	age := now.Sub(p.At)
	switch {
	case age < 4*time.Second:
		return 2 * time.Second
	case age < 30*time.Second && p.Ringing():
		return 5 * time.Second
	case age < 10*time.Minute && p.Ringing():
		return 30 * time.Second
	case age < 2*time.Hour:
		return 2 * time.Minute
	case age < 24*time.Hour:
		return 10 * time.Minute
	}
	return 0
}

// look finds out what became of a page at the pager: that it is there, who
// answered, that it is over. One that is not wanted any more, and came through
// all the same, is resolved.
func (x pages) look(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	pager, ok := x.o.Pagers.Named(cmp.Or(p.Pager, x.nameFor(t, p)))
	if !ok || OneWay(pager) {
		return worker.NotNeeded("No pager knows of it.")
	}
	gone := p.State == incident.PageOver || !t.State.Status.Open()
	if blind(pager) {
		if gone {
			return x.tidy(ctx, t, p, pager)
		}
		return worker.NotNeeded("This pager cannot be asked.")
	}
	bounded, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	got, found, err := x.ask(bounded, t, p, pager)
	switch {
	case err != nil:
		return x.again(t, p, max(30*time.Second, nextLook(p, t.Now)))
	case gone && found && got.State != integrations.Over:
		return x.tidy(ctx, t, p, pager)
	case gone:
		return worker.Drawn(t.State.Head, nil)
	case !found:
		r := x.again(t, p, nextLook(p, t.Now))
		if p.State == incident.PageTaken && t.Now.Sub(p.At) >= x.o.patience() {
			r.As = at(t, "lost")
			r.Record = x.broken(ctx, t, p, incident.PageFailed{Why: pager.Name() + " took it, but it is not there"})
		}
		return r
	}
	r := x.again(t, p, nextLook(p, t.Now))
	r.As = at(t, string(got.State))
	r.Record, err = x.sighted(ctx, p, pager.Name(), got)
	if err != nil {
		return x.again(t, p, 30*time.Second)
	}
	return r
}

func (x pages) nameFor(t worker.Task, p incident.Page) string {
	if g, ok := x.o.Pagers.For(p.Target, t.State.Drill); ok {
		return g.Name()
	}
	return ""
}

// again has a page looked at another time.
func (pages) again(t worker.Task, p incident.Page, after time.Duration) worker.Result {
	r := worker.Drawn(t.State.Head, nil)
	if after > 0 && p.State != incident.PageOver {
		r.Again = t.Now.Add(after)
	}
	return r
}

// at names what a kept-in-step job puts on record, once for each state of the
// incident.
func at(t worker.Task, what string) string {
	return "/" + what + "/" + t.State.Head.String()
}

// sighted is what was seen of a page: that it is there, and what else is new.
func (x pages) sighted(ctx context.Context, p incident.Page, pager string, got integrations.Receipt) (decision, error) {
	there := got
	there.State, there.At = integrations.Seen, time.Time{}
	seen, err := NewsOf(ctx, x.o.People, pager, p.ID, there)
	if err != nil || got.State == integrations.Seen || got.State == integrations.Accepted {
		return seen, err
	}
	more, err := NewsOf(ctx, x.o.People, pager, p.ID, got)
	if got.State == integrations.Over || got.State == integrations.Failed { // needs no other word: it rings no more
		return more, err
	}
	return inTurn(seen, more), err
}

// tidy resolves a page that came through when it was not wanted any more.
func (x pages) tidy(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager) worker.Result {
	err := t.Call(ctx, func(ctx context.Context) error {
		_, err := pager.Act(ctx, PageKey(t.Job.Stream, p.ID), integrations.PageAct{Verb: "resolve", By: "tocsin"})
		return err
	})
	if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Conflict {
		return failed(err, t, "resolve the page at the pager")
	}
	r := worker.Drawn(t.State.Head, nil)
	r.As, r.Record = at(t, "tidy"), ended(p)
	return r
}

// own says that a page goes on a way that only the house follows.
func (x pages) own(p incident.Page) bool {
	name := cmp.Or(p.Pager, p.Target.Pager)
	g, ok := x.o.Pagers.Named(name)
	return name == Direct || ok && OneWay(g)
}

// unanswered is a page that nobody has answered in time. A pager goes on by
// itself, and the room is told; where none does, the house asks the next in
// the list, then tries the next way, and in the end tells the room.
func (x pages) unanswered(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	rings := p.Ringing() && p.State != incident.PageAsked
	if !rings || !t.State.Status.Open() || t.State.Answered(p) {
		return worker.NotNeeded("It is news no more.")
	}
	if !x.own(p) {
		if t.Job.Verb == "next" {
			return worker.NotNeeded("The pager goes on by itself.")
		}
		return x.alarm(ctx, t, p, say.PageUnanswered, "tell that nobody answers a page")
	}
	if late, err := x.overtaken(ctx, t, p); err != nil || late {
		if err != nil {
			return failed(earlyError{err}, t, "")
		}
		return worker.NotNeeded("The next was asked since.")
	}
	r := worker.Done(nil)
	if rungs := x.ladder(ctx, t, x.wayOf(p)); p.Level < len(rungs) && p.Pager != incident.ByWebhook {
		level := max(p.Level, 1) + 1
		r.Record = news(incident.PageEscalated{Page: p.ID, Level: level, Whom: namesOf(rungs[level-1])})
		return r
	}
	if to, turn, ok := x.nextWay(ctx, t, p); ok {
		r.Record = fallBack(p, to, turn)
		return r
	}
	return x.alarm(ctx, t, p, say.PageUnanswered, "tell that nobody answers a page")
}

// overtaken says that a page went to a further level since its timer was set.
func (x pages) overtaken(ctx context.Context, t worker.Task, p incident.Page) (bool, error) {
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return false, err
	}
	if e, ok := r.Event.(incident.PageEscalated); ok {
		return e.Level < p.Level, nil
	}
	return p.State == incident.PageRungOut, nil
}

// wayOf is a page aimed at the way that it went.
func (pages) wayOf(p incident.Page) incident.Page {
	p.Target.Pager = cmp.Or(p.Pager, p.Target.Pager)
	return p
}

// fallback tries the next way when a page failed.
func (x pages) fallback(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if p.State != incident.PageBroken || !t.State.Status.Open() || t.State.Answered(p) {
		return worker.NotNeeded("It is not needed any more.")
	}
	to, turn, ok := x.nextWay(ctx, t, p)
	if !ok {
		return worker.NotNeeded("Policy names no other way that is set up.")
	}
	r := worker.Done(nil)
	r.Record = fallBack(p, to, turn)
	return r
}

func fallBack(p incident.Page, to incident.Target, turn int) decision {
	return func(inc incident.Incident) ([]incident.Event, error) { return inc.FallBack(p.ID, to, turn) }
}

// nextWay is the next way of policy on which somebody can be reached. Drills
// go on none.
func (x pages) nextWay(ctx context.Context, t worker.Task, p incident.Page) (to incident.Target, turn int, ok bool) {
	ways := x.o.Policy().Fallbacks(p.Target)
	if t.State.Drill {
		return incident.Target{}, 0, false
	}
	for i := p.Turn; i < len(ways); i++ {
		to = p.Target
		to.Pager = ways[i]
		if ways[i] == incident.ByDirect {
			to.Pager = Direct
		}
		if to.Pager != cmp.Or(p.Pager, p.Target.Pager) && x.passable(ctx, t, p, to) {
			return to, i + 1, true
		}
	}
	return incident.Target{}, 0, false
}

// passable says that a way is set up and leads to somebody. A private incident
// is told to no team in chat, since that is not how its people become members.
func (x pages) passable(ctx context.Context, t worker.Task, p incident.Page, to incident.Target) bool {
	p.Target = to
	if _, ok := x.o.Pagers.Named(to.Pager); !ok && to.Pager != Direct {
		return false
	}
	switch to.Pager {
	case incident.ByWebhook:
		return true
	case Direct:
		if t.State.Private && to.Kind != incident.PersonTarget {
			return false
		}
	}
	return len(x.ladder(ctx, t, p)) > 0
}

// ring asks the next in the list, on a way that only the house follows.
func (x pages) ring(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if !x.own(p) || !p.Ringing() || !t.State.Status.Open() {
		return worker.NotNeeded("The pager goes on by itself, or the page is over.")
	}
	p = x.wayOf(p)
	if p.Pager == Direct {
		m, _, err := x.letter(ctx, t, p)
		switch {
		case err != nil:
			return failed(err, t, "ask the next in the list")
		case m.on == nil:
			return x.exhausted(ctx, t, p)
		}
		m.what = "ask the next in the list"
		return x.o.once(ctx, t, m)
	}
	pager, ok := x.o.Pagers.Named(p.Pager)
	if !ok {
		return worker.NotNeeded("That pager is not set up any more.")
	}
	ask, known := x.request(ctx, t, p, pager)
	if !known || p.Pager == incident.ByWebhook {
		return x.exhausted(ctx, t, p)
	}
	ask.Key += "/level/" + levelOf(p)
	err := t.Call(ctx, func(ctx context.Context) error {
		_, err := pager.Page(ctx, ask)
		return err
	})
	if err != nil {
		return failed(err, t, "ask the next in the list")
	}
	return worker.Done([]byte(levelOf(p)))
}

// exhausted says that there is nobody further to ask on a page's way.
func (x pages) exhausted(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	r := worker.NotNeeded("There is no next level.")
	r.Record = x.broken(ctx, t, p, incident.PageFailed{Why: "nobody has answered, and there is no next level"})
	return r
}
