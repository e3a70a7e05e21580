package commands

import (
	"context"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/store"
)

// maxHome is how many incidents a home page shows, and looks into.
const maxHome = 10

// Home is what waits for one user: what is offered or given to them, their
// incidents, the others that are open, and the button to declare.
func (ro *Router) Home(ctx context.Context, u chat.User) chat.Message {
	in, err := ro.p.Door.Asker(ctx, chat.Request{User: u, Place: chat.Place{Platform: u.Platform, Direct: true}, Via: "home"})
	if err != nil {
		return problem(err, say.Voice{Command: "/incident"}).Message
	}
	c := &Call{Input: in, Ports: ro.p}
	v := c.speak(ctx)
	letIn := in.Actor.Standing == incident.Guest && c.policy().Guests
	if in.Actor.Standing != incident.Member && !letIn {
		return answer("Guests can look at an incident and follow it in its own room.").Message
	}
	open, err := ro.p.Look.List(ctx, in, store.Filter{As: in.Actor.Person, OnlyOpen: true, Limit: 50})
	if err != nil {
		return problem(err, v).Message
	}
	var mine, others []incident.Summary
	for _, s := range open {
		if s.Commander == in.Actor.Person || s.Declarer == in.Actor.Person || slices.Contains(s.Members, in.Actor.Person) {
			mine = append(mine, s)
		} else {
			others = append(others, s)
		}
	}
	m := say.Home(mine[:min(len(mine), maxHome)], v)
	if w := ro.waiting(ctx, c, open[:min(len(open), maxHome)]); len(w.list) > 0 {
		m.Parts = append([]chat.Part{text(chat.Strong("Waiting for you")), w.list, chat.Buttons(w.actions)}, m.Parts...)
	}
	if len(others) > 0 {
		var list chat.List
		for _, s := range others[:min(len(others), maxHome)] {
			list = append(list, say.ListLine(s, v))
		}
		m.Parts = append(m.Parts, text(chat.Strong("Other open incidents")), list)
	}
	return m
}

// waits is what waits for somebody, line by line, with buttons.
type waits struct {
	list    chat.List
	actions []chat.Action
}

func (w *waits) add(inc incident.Incident, line chat.Text, acts ...chat.Action) {
	w.list = append(w.list, line)
	for _, a := range acts {
		a.Label += " " + inc.Number.String()
		a.Seen = uint64(inc.Head)
		if len(w.actions) < 5 {
			w.actions = append(w.actions, a)
		}
	}
}

// waiting finds what waits for the asker: offers, pages, overdue updates and tasks.
func (ro *Router) waiting(ctx context.Context, c *Call, open []incident.Summary) waits {
	var w waits
	for _, s := range open {
		inc, err := ro.p.Look.Incident(ctx, c.Input, s.ID)
		if err != nil {
			continue // the list below still shows it
		}
		w.asked(c, inc, c.speak(ctx))
		w.owed(c, inc, c.speak(ctx))
	}
	return w
}

// asked are offers and pages.
func (w *waits) asked(c *Call, inc incident.Incident, v say.Voice) {
	id, me := inc.Number.String(), c.Actor.Person
	for _, o := range inc.Offers {
		if o.To == me {
			w.add(inc, text(say.Person(o.From, v), " offers you ", chat.Strong(say.RoleName(o.Role, v)), " of ", inc.Number),
				button("Accept", "handover "+id+" accept"), button("Decline", "handover "+id+" decline"))
		}
	}
	for _, p := range inc.Pages {
		if p.Target.Person == me && p.Ringing() {
			w.add(inc, text("You are called to ", inc.Number, " ", inc.Title), button("I'm on it", "ack "+id+" "+string(p.ID)))
		}
	}
}

// owed are updates and tasks.
func (w *waits) owed(c *Call, inc incident.Incident, v say.Voice) {
	id, me := inc.Number.String(), c.Actor.Person
	if h, ok := inc.Holder(incident.Commander); ok && h.Person == me && !inc.NextUpdate.IsZero() && inc.NextUpdate.Before(v.Now) {
		w.add(inc, text("The update of ", inc.Number, " is overdue"), button("Update", "update "+id))
	}
	for _, t := range inc.OpenTasks {
		if t.Who == me {
			n := itoa(int(t.Item))
			w.add(inc, text("Task "+n+" of ", inc.Number, ": ", t.Text), button("Done "+n, "done "+id+" "+n))
		}
	}
}
