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
	if in.Actor.Standing != incident.Member && !(in.Actor.Standing == incident.Guest && c.policy().Guests) {
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
	if waits, actions := ro.waiting(ctx, c, open[:min(len(open), maxHome)]); len(waits) > 0 {
		m.Parts = append([]chat.Part{text(chat.Strong("Waiting for you")), waits, chat.Buttons(actions)}, m.Parts...)
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

// waiting finds what waits for the asker: offers, pages, overdue updates and tasks.
func (ro *Router) waiting(ctx context.Context, c *Call, open []incident.Summary) (chat.List, []chat.Action) {
	var list chat.List
	var actions []chat.Action
	me, v := c.Actor.Person, c.speak(ctx)
	for _, s := range open {
		inc, err := ro.p.Look.Incident(ctx, c.Input, s.ID)
		if err != nil {
			continue
		}
		id := inc.Number.String()
		add := func(line chat.Text, acts ...chat.Action) {
			list = append(list, line)
			for i := range acts {
				acts[i].Seen = uint64(inc.Head)
			}
			if len(actions)+len(acts) <= 5 {
				actions = append(actions, acts...)
			}
		}
		for _, o := range inc.Offers {
			if o.To == me {
				add(text(say.Person(o.From, v), " offers you ", chat.Strong(say.RoleName(o.Role, v)), " of ", inc.Number),
					button("Accept "+id, "handover "+id+" accept"), button("Decline "+id, "handover "+id+" decline"))
			}
		}
		for _, p := range inc.Pages {
			if p.Target.Person == me && (p.State == incident.PageAsked || p.State == incident.PageTaken) {
				add(text("You are called to ", inc.Number, " ", inc.Title), button("I'm on it "+id, "ack "+id+" "+string(p.ID)))
			}
		}
		if h, ok := inc.Holder(incident.Commander); ok && h.Person == me && !inc.NextUpdate.IsZero() && inc.NextUpdate.Before(v.Now) {
			add(text("The update of ", inc.Number, " is overdue"), button("Update "+id, "update "+id))
		}
		for _, t := range inc.OpenTasks {
			if t.Who == me {
				add(text("Task "+itoa(int(t.Item))+" of ", inc.Number, ": ", t.Text), button("Done "+id+" "+itoa(int(t.Item)), "done "+id+" "+itoa(int(t.Item))))
			}
		}
	}
	return list, actions
}
