package reactors

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"tocsin/incident"
	"tocsin/integrations"
)

// Practice is the name of the pager that wakes nobody. Drills go to it and to
// no other.
const Practice = "practice"

// Direct is what a page's pager is called when it went to the person as a
// direct message, because no pager is set up, or as a fallback.
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
// alone, else the one that policy named, else the first that can be asked what
// became of a page.
func (p Pagers) For(t incident.Target, drill bool) (integrations.Pager, bool) {
	if drill {
		return p.Named(Practice)
	}
	for _, g := range p.all {
		if (t.Pager == "" && !OneWay(g) || g.Name() == t.Pager) && p.takes(g) {
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

// OneWay says that a pager only sends. It takes the pages that policy names it
// for, and no other.
func OneWay(g integrations.Pager) bool {
	_, is := g.(integrations.OneWay)
	return is
}

// blind says that a pager cannot be asked what became of a page.
func blind(g integrations.Pager) bool {
	b, may := g.(integrations.Blind)
	return OneWay(g) || may && b.Blind()
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

// decision decides on the newest state which events something becomes.
type decision = func(inc incident.Incident) ([]incident.Event, error)

// NewsOf turns what a pager reports into what it becomes on record. pager is
// the pager's name.
func NewsOf(ctx context.Context, people People, pager string, page incident.PageID, r integrations.Receipt) (func(inc incident.Incident) ([]incident.Event, error), error) {
	who, name, err := whose(ctx, people, r.By)
	if err != nil {
		return nil, err
	}
	var e incident.Event
	switch r.State {
	case integrations.Accepted:
		e = incident.PageAccepted{Page: page, Pager: pager, Whom: r.Whom, Link: r.Link, Practice: r.Practice}
	case integrations.Seen:
		e = incident.PageSeen{Page: page, Pager: pager, Whom: r.Whom, Link: r.Link, Level: r.Level}
	case integrations.Acknowledged:
		e = incident.PageAcknowledged{Page: page, Person: who, Whom: name}
	case integrations.Reassigned:
		e = incident.PageReassigned{Page: page, Whom: r.Whom}
	case integrations.Noted:
		e = incident.PageNoted{Page: page, Text: incident.Text{Author: cmp.Or(who, incident.House), Words: r.Note}, Whom: name}
	case integrations.Escalated:
		e = incident.PageEscalated{Page: page, Level: r.Level, Whom: r.Whom}
	case integrations.Failed:
		e = incident.PageFailed{Page: page, Why: cmp.Or(r.Note, "the pager could reach nobody")}
	case integrations.Over:
		e = incident.PageResolved{Page: page, Person: who, Whom: name}
	default:
		return nil, errors.New("a page's receipt has the unknown state " + string(r.State))
	}
	return func(inc incident.Incident) ([]incident.Event, error) {
		e, ok := timely(inc, page, r, e)
		if !ok {
			return nil, nil
		}
		return inc.PageNews(e)
	}, nil
}

// timely leaves out what the pager said before something newer that is on
// record, counts a level that the pager did not name, and dates the rest.
func timely(inc incident.Incident, page incident.PageID, r integrations.Receipt, e incident.Event) (incident.Event, bool) {
	p, _ := inc.PageOf(page)
	switch n := e.(type) {
	case incident.PageReassigned:
		if p.State == incident.PageAcked && !r.At.IsZero() && r.At.Before(p.AckedAt) {
			return nil, false
		}
	case incident.PageEscalated:
		if n.Level == 0 {
			if n.Whom != "" && n.Whom == p.Whom {
				return nil, false
			}
			n.Level = max(p.Level, 1) + 1
			e = n
		}
	default:
	}
	if r.At.IsZero() || r.State == integrations.Accepted {
		return e, true
	}
	return incident.Dated{At: r.At, Event: e}, true
}

// whose is who a pager means: a person by their e-mail, where it is known.
func whose(ctx context.Context, people People, by string) (incident.PersonID, string, error) {
	if !strings.Contains(by, "@") {
		return "", by, nil
	}
	p, found, err := people.ByEmail(ctx, by)
	if err != nil || !found {
		return "", by, err
	}
	return p.ID, p.Name, nil
}

// inTurn has several decisions made, each on the state that the ones before it
// lead to.
func inTurn(all ...decision) decision {
	return func(inc incident.Incident) ([]incident.Event, error) {
		var out []incident.Event
		for _, decide := range all {
			events, err := decide(inc)
			if err != nil {
				return nil, err
			}
			for _, rec := range incident.Record(inc.ID.Stream(), inc.Head, incident.Meta{Actor: incident.House}, events) {
				inc = inc.Apply(rec)
			}
			out = append(out, events...)
		}
		return out, nil
	}
}

func news(e incident.Event) decision {
	return func(inc incident.Incident) ([]incident.Event, error) { return inc.PageNews(e) }
}
