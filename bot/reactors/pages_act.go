package reactors

import (
	"context"
	"strconv"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
)

func levelOf(p incident.Page) string { return strconv.Itoa(max(p.Level, 1)) }

// act tells the pager what somebody did in chat.
func (x pages) act(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if t.Job.Verb == "resolve" && (x.own(p) || x.nowhere(t, p)) {
		r := worker.NotNeeded("Nobody has to be told that it is over.")
		r.Record = ended(p)
		return r
	}
	if x.own(p) {
		if t.Job.Verb == "escalate" {
			return x.ring(ctx, t, p)
		}
		return worker.NotNeeded("What was sent this way cannot be changed.")
	}
	pager, ok := x.o.Pagers.Named(p.Pager)
	if p.Pager == "" { // not confirmed; it may ring all the same
		pager, ok = x.o.Pagers.For(p.Target, t.State.Drill)
	}
	if !ok {
		r := worker.NotNeeded("No pager knows of it.")
		if t.Job.Verb == "escalate" {
			r.Record = x.broken(ctx, t, p, incident.PageFailed{Why: "no pager is set up that could ask the next level"})
		}
		return r
	}
	deed, why, err := x.deed(ctx, t, p)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	if why != "" {
		return worker.NotNeeded(why)
	}
	var got integrations.Receipt
	err = t.Call(ctx, func(ctx context.Context) (err error) {
		got, err = pager.Act(ctx, PageKey(t.Job.Stream, p.ID), deed)
		return err
	})
	if err != nil {
		return x.undone(ctx, t, p, pager, err)
	}
	return x.acted(ctx, p, deed, got)
}

// nowhere says that no pager is set up that could know of a page.
func (x pages) nowhere(t worker.Task, p incident.Page) bool {
	if p.Pager != "" {
		_, ok := x.o.Pagers.Named(p.Pager)
		return !ok
	}
	_, ok := x.o.Pagers.For(p.Target, t.State.Drill)
	return !ok
}

// deed is what a person did, with who they are at the pager. why says that it
// does not leave the house.
func (x pages) deed(ctx context.Context, t worker.Task, p incident.Page) (act integrations.PageAct, why string, err error) {
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return act, "", err
	}
	act = integrations.PageAct{Verb: t.Job.Verb, By: "tocsin"}
	if who, found, err := x.o.People.Person(ctx, r.Actor); err == nil && found {
		act.By, act.Email = who.Name, who.Email
	}
	switch e := r.Event.(type) {
	case incident.PageEscalated:
		act.Level = e.Level
	case incident.PageReassigned:
		act.To = x.named(ctx, e.To)
	case incident.ResponderAsked:
		act.To = x.named(ctx, e.To)
	case incident.PageNoted:
		if !x.open(t, p) {
			return act, "What is said in a private incident does not leave the house.", nil
		}
		act.Text = e.Text.String()
	default:
	}
	return act, "", nil
}

// named is what the pager calls somebody who is asked for.
func (x pages) named(ctx context.Context, t incident.Target) string {
	if t.Kind == incident.PersonTarget {
		return x.personAt(ctx, t)
	}
	return x.o.pagerTarget(t)
}

// acted puts on record what the pager made of it.
func (x pages) acted(ctx context.Context, p incident.Page, deed integrations.PageAct, got integrations.Receipt) worker.Result {
	r := worker.Done(nil)
	switch {
	case deed.Verb == "resolve":
		r.Record = ended(p)
		return r
	case deed.Verb == "escalate" && got.State == integrations.Escalated:
		r.Record = news(incident.PageEscalated{Page: p.ID, Level: deed.Level, Whom: got.Whom})
		return r
	}
	switch got.State {
	case integrations.Reassigned, integrations.Over:
		if news, err := NewsOf(ctx, x.o.People, p.Pager, p.ID, got); err == nil {
			r.Record = news
		}
	case integrations.Accepted, integrations.Seen, integrations.Acknowledged, integrations.Escalated, integrations.Noted, integrations.Failed:
	}
	return r
}

// undone is a pager that did not do as it was told. What came too late finds
// out how the page stands, so that the receipt is true.
func (x pages) undone(ctx context.Context, t worker.Task, p incident.Page, pager integrations.Pager, err error) worker.Result {
	what := t.Job.Verb + " the page at the pager"
	switch k := fault.KindOf(err); {
	case k == fault.NotFound && p.Pager == "" && t.Job.Verb == "resolve":
		r := worker.Done(nil)
		r.Record = ended(p)
		return r
	case k == fault.NotFound && p.Pager == "" && t.Waited():
		return worker.NotNeeded("The pager never took that page.")
	case k == fault.NotFound && p.Pager == "":
		return worker.Waits(t.State.Head, "The pager has not taken the page yet.")
	case k != fault.Conflict:
		return failed(err, t, what)
	}
	r := worker.NotNeeded(fault.Sentence(err))
	if t.Job.Verb == "resolve" {
		r.Record = ended(p)
		return r
	}
	if got, found, err := x.ask(ctx, t, p, pager); err == nil && found {
		if seen, err := x.sighted(ctx, p, pager.Name(), got); err == nil {
			r.Record = seen
		}
	}
	return r
}

func ended(p incident.Page) decision {
	return news(incident.PageResolved{Page: p.ID})
}
