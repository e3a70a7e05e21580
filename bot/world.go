package bot

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tocsin/bot/reactors"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
)

// World is what commands may ask about people, pagers and the house.
type World struct {
	people   *People
	policy   func() incident.Policy
	pagers   []integrations.Pager // the first takes what policy does not place
	practice integrations.Pager   // takes drills, and stands among pagers when it takes every page; nil: none
	health   func(ctx context.Context) []integrations.Finding
}

var _ commands.World = (*World)(nil)

// Policy is the policy that stands.
func (w *World) Policy() incident.Policy { return w.policy() }

// Person reads one person.
func (w *World) Person(ctx context.Context, id incident.PersonID) incident.Person {
	return w.people.Person(ctx, id)
}

// FindPerson reads words that name somebody.
func (w *World) FindPerson(ctx context.Context, in commands.Input, words string) ([]incident.Person, error) {
	found, err := w.people.Find(ctx, in.Request.User.Platform, words)
	return found, readFault(err)
}

// Health is the short self-check of the verb doctor.
func (w *World) Health(ctx context.Context) []integrations.Finding { return w.health(ctx) }

// PagerFor says which pager would take a page to this target.
func (w *World) PagerFor(t incident.Target, drill bool) (name string, ok bool) {
	p := w.pagerFor(t, drill)
	if p == nil {
		return "", false
	}
	return p.Name(), true
}

func (w *World) pagerFor(t incident.Target, drill bool) integrations.Pager {
	if drill {
		return w.practice
	}
	name := t.Pager
	if team, ok := w.teamOf(t); ok {
		name = cmp.Or(name, team.Pager)
	}
	return w.pager(name)
}

// pager finds one by name; no name means the first that can be asked what
// became of a page. Those that only send take what policy names them for.
func (w *World) pager(name string) integrations.Pager {
	for _, p := range w.pagers {
		if name == "" && !reactors.OneWay(p) || name != "" && p.Name() == name {
			return p
		}
	}
	return nil
}

// teamOf is the team that a page to a target goes to.
func (w *World) teamOf(t incident.Target) (incident.Team, bool) {
	policy := w.policy()
	switch t.Kind {
	case incident.TeamTarget:
		return policy.TeamFor(t.Name)
	case incident.ServiceTarget:
		if s, ok := policy.ServiceFor(t.Name); ok && s.Team != "" {
			return policy.TeamFor(s.Team)
		}
	case incident.PersonTarget:
	}
	return incident.Team{}, false
}

// OnCall asks who would be woken; team "": everything.
func (w *World) OnCall(ctx context.Context, team string, at time.Time) ([]integrations.OnCall, error) {
	if w.pager("") == nil {
		return nil, fault.New(fault.Unavailable, "No pager is set up, so nobody is on call here.")
	}
	if team == "" {
		var all []integrations.OnCall
		var away error
		for _, p := range w.pagers {
			lines, err := p.OnCall(ctx, "", at)
			away = cmp.Or(away, err)
			all = append(all, lines...)
		}
		if len(all) == 0 && away != nil {
			return nil, away
		}
		return all, nil
	}
	known, _ := w.policy().TeamFor(team)
	p := w.pager(known.Pager)
	if p == nil {
		return nil, fault.New(fault.NotFound, "The pager %q of team %s is not set up.", known.Pager, team)
	}
	lines, err := p.OnCall(ctx, cmp.Or(known.Target, known.Name, team), at)
	return slices.Clone(lines), err
}
