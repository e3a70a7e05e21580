package reactors

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// Practice is the name of the pager that wakes nobody. Drills go to it and to
// no other.
const Practice = "practice"

// Direct is what a page's pager is called when it went to the person as a
// direct message, because no pager is set up.
const Direct = "direct message"

// Pagers is the pagers of the house, the first before the others.
type Pagers struct {
	all    []integrations.Pager
	drills bool // the practice pager takes drills only
}

// NewPagers makes the registry of pagers.
func NewPagers(all ...integrations.Pager) Pagers { return Pagers{all: slices.Clone(all)} }

// ForReal is the same registry where the practice pager takes drills only.
func (p Pagers) ForReal() Pagers {
	p.drills = true
	return p
}

func (p Pagers) takes(g integrations.Pager) bool { return !p.drills || g.Name() != Practice }

// For finds the pager that would take a page: for a drill the practice pager
// alone, else the one that policy named, else the first.
func (p Pagers) For(t incident.Target, drill bool) (integrations.Pager, bool) {
	if drill {
		return p.Named(Practice)
	}
	for _, g := range p.all {
		if (t.Pager == "" || g.Name() == t.Pager) && p.takes(g) {
			return g, true
		}
	}
	return nil, false
}

// Named finds a pager by its name.
func (p Pagers) Named(name string) (integrations.Pager, bool) {
	for _, g := range p.all {
		if g.Name() == name {
			return g, true
		}
	}
	return nil, false
}

// PageKey is the key under which pagers know a page of an incident, for the
// life of both.
func PageKey(s incident.Stream, page incident.PageID) string {
	return string(s) + "/pages/" + string(page)
}

// PageOf reads a page's key back.
func PageOf(key string) (s incident.Stream, page incident.PageID, ok bool) {
	stream, id, ok := strings.Cut(key, "/pages/")
	if _, ours := incident.Stream(stream).Incident(); !ok || !ours || id == "" {
		return "", "", false
	}
	return incident.Stream(stream), incident.PageID(id), true
}

// NewsOf turns what a pager reports into the event that it is. pager is the
// pager's name.
func NewsOf(ctx context.Context, people People, pager string, page incident.PageID, r integrations.Receipt) (incident.Event, error) {
	switch r.State {
	case integrations.Accepted:
		return incident.PageAccepted{Page: page, Pager: pager, Whom: r.Whom, Link: r.Link, Practice: r.Practice}, nil
	case integrations.Acknowledged:
		e := incident.PageAcknowledged{Page: page, Whom: r.By}
		if strings.Contains(r.By, "@") {
			p, found, err := people.ByEmail(ctx, r.By)
			if err != nil {
				return nil, err
			}
			if found {
				e.Person, e.Whom = p.ID, p.Name
			}
		}
		return e, nil
	case integrations.Escalated:
		return incident.PageEscalated{Page: page, Level: r.Level, Whom: r.Whom}, nil
	case integrations.Failed:
		return incident.PageFailed{Page: page, Why: "the pager could reach nobody"}, nil
	case integrations.Over:
		return incident.PageResolved{Page: page}, nil
	}
	return nil, errors.New("a page's receipt has the unknown state " + string(r.State))
}

// onCall asks who could be called instead, and keeps the answer, so that
// names and numbers are at hand when the pager is not.
func (o Outside) onCall(ctx context.Context, g integrations.Pager, target string, now time.Time) []integrations.OnCall {
	key := "oncall/" + g.Name() + "/" + target
	kept, err := o.Shelf.Fetch(ctx, key)
	if err != nil {
		kept = nil
	}
	lines, err := g.OnCall(ctx, target, now)
	if err != nil || len(lines) == 0 {
		lines = nil
		if json.Unmarshal(kept, &lines) != nil {
			return nil
		}
		return lines
	}
	if fresh := encode(lines); string(fresh) != string(kept) {
		// Somebody else may keep theirs first; both are as good.
		if err := o.Shelf.Keep(ctx, key, kept, fresh); err != nil {
			if _, raced := errors.AsType[*store.Changed](err); !raced {
				return lines
			}
		}
	}
	return lines
}

// callInstead names in one line whom to call when a page did not get through.
func (o Outside) callInstead(ctx context.Context, t incident.Target, lines []integrations.OnCall) string {
	var names []string
	for _, l := range lines {
		name := l.Name
		if l.Phone != "" {
			name += " " + l.Phone
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return strings.Join(names, ", ")
	}
	team, ok := o.teamOf(t)
	if !ok {
		return ""
	}
	for _, who := range team.People {
		if p, found, err := o.People.ByEmail(ctx, who); err == nil && found && p.Name != "" {
			who = p.Name
		}
		names = append(names, who)
	}
	return strings.Join(names, ", ")
}

// teamOf is the team behind a target, as policy has it now.
func (o Outside) teamOf(t incident.Target) (incident.Team, bool) {
	p := o.Policy()
	if t.Kind == incident.ServiceTarget {
		s, ok := p.ServiceFor(t.Name)
		if !ok || s.Team == "" {
			return incident.Team{}, false
		}
		return p.TeamFor(s.Team)
	}
	if t.Kind == incident.TeamTarget {
		return p.TeamFor(t.Name)
	}
	return incident.Team{}, false
}

// pagerTarget is what the pager calls a target.
func (o Outside) pagerTarget(t incident.Target) string {
	if team, ok := o.teamOf(t); ok && team.Target != "" {
		return team.Target
	}
	return t.Name
}
