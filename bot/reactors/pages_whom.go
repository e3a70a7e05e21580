package reactors

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/integrations"
)

// contact is somebody who could be reached without a pager.
type contact struct {
	person incident.PersonID // empty: not known in the house
	name   string
	email  string
	// an account that policy names, of somebody whom the house has not met
	platform, user string
}

// listed are the people of a target as policy names them, the first first.
func (o Outside) listed(ctx context.Context, t incident.Target) []contact {
	if t.Kind == incident.PersonTarget {
		p, found, err := o.People.Person(ctx, t.Person)
		if err != nil || !found {
			return []contact{{person: t.Person, name: t.Name}}
		}
		return []contact{{person: p.ID, name: cmp.Or(p.Name, p.Email), email: p.Email}}
	}
	team, _ := o.teamOf(t)
	var out []contact
	for _, who := range team.People {
		c := contact{name: who}
		if platform, user, ok := strings.Cut(who, ":"); ok {
			c.platform, c.user = platform, user
		} else if p, found, err := o.People.ByEmail(ctx, who); err == nil && found {
			c = contact{person: p.ID, name: cmp.Or(p.Name, who), email: cmp.Or(p.Email, who)}
		} else if strings.Contains(who, "@") {
			c.email = who
		}
		out = append(out, c)
	}
	return out
}

// ladder is who is asked one after the other where no pager does it: whoever
// is on call, level by level, as far as is known; else the people of the team.
func (x pages) ladder(ctx context.Context, t worker.Task, p incident.Page) [][]contact {
	var rungs [][]contact
	for _, l := range x.onCall(ctx, t, p) {
		c := contact{name: l.Name, email: l.Email}
		if who, found, err := x.o.People.ByEmail(ctx, l.Email); l.Email != "" && err == nil && found {
			c.person = who.ID
		}
		for len(rungs) < max(1, l.Level) && len(rungs) < maxRungs {
			rungs = append(rungs, nil)
		}
		at := min(max(1, l.Level), maxRungs) - 1
		if !slices.Contains(rungs[at], c) {
			rungs[at] = append(rungs[at], c)
		}
	}
	if len(rungs) == 0 {
		for _, c := range x.o.listed(ctx, p.Target) {
			rungs = append(rungs, []contact{c})
		}
	}
	return x.usable(ctx, t, p, rungs[:min(len(rungs), maxRungs)])
}

// maxRungs is how many levels a page without a pager may go through.
const maxRungs = 9

// usable keeps those who can be reached on a page's way: with an address for
// mail, with an account for a message, which goes to one person at a time.
func (x pages) usable(ctx context.Context, t worker.Task, p incident.Page, rungs [][]contact) [][]contact {
	var out [][]contact
	for _, rung := range rungs {
		var keep []contact
		for _, c := range rung {
			switch {
			case p.Target.Pager != Direct:
				if c.email != "" {
					keep = append(keep, c)
				}
			default:
				if _, _, ok := x.reach(ctx, t, c); ok {
					out = append(out, []contact{c})
				}
			}
		}
		if len(keep) > 0 {
			out = append(out, keep)
		}
	}
	return out[:min(len(out), maxRungs)]
}

// reach finds the conversation with a contact.
func (x pages) reach(ctx context.Context, t worker.Task, c contact) (on chat.Platform, user string, ok bool) {
	if c.user != "" {
		on = x.o.Chat.On(c.platform)
		return on, c.user, on != nil && !strings.HasPrefix(c.user, "@")
	}
	if c.person == "" {
		return nil, "", false
	}
	p, found, err := x.o.People.Person(ctx, c.person)
	if err != nil || !found {
		return nil, "", false
	}
	return x.o.Chat.reach(p, home(t.State))
}

// rung is who is asked at the level that a page has reached.
func (x pages) rung(ctx context.Context, t worker.Task, p incident.Page) []contact {
	rungs := x.ladder(ctx, t, p)
	if at := max(p.Level, 1) - 1; at < len(rungs) {
		return rungs[at]
	}
	return nil
}

func namesOf(rung []contact) string {
	var names []string
	for _, c := range rung {
		names = append(names, cmp.Or(c.name, c.email))
	}
	return strings.Join(names, ", ")
}

func emailsOf(rung []contact) string {
	var all []string
	for _, c := range rung {
		if !slices.Contains(all, c.email) {
			all = append(all, c.email)
		}
	}
	return strings.Join(all, ", ")
}

// onCall is who could be called for a page, from what is kept; it is asked for
// only where nothing good is.
func (x pages) onCall(ctx context.Context, t worker.Task, p incident.Page) []integrations.OnCall {
	if p.Target.Kind == incident.PersonTarget {
		return nil
	}
	pager, ok := x.o.regular(p.Target)
	if t.State.Drill {
		pager, ok = x.o.Pagers.Named(Practice)
	}
	if !ok || OneWay(pager) {
		return nil
	}
	var lines []integrations.OnCall
	_ = t.Look(ctx, func(ctx context.Context) error { // without an answer nobody is named
		lines, _ = x.o.onCall(ctx, pager, x.o.pagerTarget(p.Target), onCallGood, t.Now)
		return nil
	})
	return lines
}
