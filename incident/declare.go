package incident

import (
	"slices"
	"time"

	"tocsin/incident/fault"
)

// Declaration is what somebody says when they declare an incident.
type Declaration struct {
	Title    string
	Severity Severity
	Services []string
	Private  bool
	Drill    bool
	Past     bool      // for the record only: Started and Resolved are given
	Started  time.Time // when the impact began; zero: not said
	Resolved time.Time // with Past
	From     Room
	Fields   map[string]string
}

const declareTry = "declare sev2 checkout is failing"

// Declare opens an incident. What policy asks for (its cadence, pages,
// checklists) stands in the events of the same commit. An incident of the
// past is put on record as resolved: it has no commander, cadence or page.
func Declare(a Actor, n Number, d Declaration, p Policy) ([]Event, error) {
	a = a.Under(p)
	if err := a.may("declare", Incident{}); err != nil {
		return nil, err
	}
	title, err := a.text(d.Title, asked{what: "title", limit: MaxTitle, try: declareTry})
	if err != nil {
		return nil, err
	}
	if err := d.check(a, p); err != nil {
		return nil, err
	}
	services, err := d.services(p)
	if err != nil {
		return nil, err
	}
	e := Declared{
		Number: n, Title: title, Severity: d.Severity, Services: services, Private: d.Private, Drill: d.Drill,
		RecordOnly: d.Past, Started: d.Started.UTC(), From: d.From,
	}
	if d.Started.IsZero() {
		e.Started = time.Time{}
	}
	var events []Event
	if d.Past {
		events = []Event{
			Dated{At: d.Started.UTC(), Event: e},
			Dated{At: d.Resolved.UTC(), Event: Resolution{From: Triage}},
		}
	} else {
		if a.Person != House {
			e.Commander = a.Person
		}
		if !d.Drill {
			e.Cadence = p.Cadence(d.Severity)
			e.Next = p.NextUpdate(e.Cadence, a.At)
		}
		events = append([]Event{e}, promised(d, services, p)...)
	}
	fields, err := d.fields(a, p)
	return append(events, fields...), err
}

// check refuses what contradicts itself.
func (d Declaration) check(a Actor, p Policy) error {
	if err := p.allows(d.Severity); d.Severity != SevUnset && err != nil {
		return err
	}
	if !d.Started.IsZero() {
		if err := past(a, d.Started, "start", "declare started:14:05 checkout is failing"); err != nil {
			return err
		}
	}
	if !d.Past {
		if !d.Resolved.IsZero() {
			return invalid("declare past:yes started:14:05 resolved:15:20 checkout failed", "Only an incident of the past can be declared as resolved. Add past:yes.")
		}
		return nil
	}
	const try = "declare past:yes started:14:05 resolved:15:20 checkout failed"
	if d.Started.IsZero() || d.Resolved.IsZero() {
		return invalid(try, "An incident of the past needs both: when it started and when it was resolved.")
	}
	if d.Resolved.Before(d.Started) {
		return invalid(try, "It cannot be resolved before it started.")
	}
	return past(a, d.Resolved, "end", try)
}

func (d Declaration) services(p Policy) ([]Service, error) {
	var all []Service
	for _, said := range d.Services {
		n, err := name(said, "service", "declare service:checkout checkout is failing")
		if err != nil {
			return nil, err
		}
		if s := p.service(n); !slices.ContainsFunc(all, isService(s.Name)) {
			all = append(all, s)
		}
	}
	if len(all) > MaxServices {
		return nil, invalid(declareTry, "An incident names at most %d services; this one names %d.", MaxServices, len(all))
	}
	return all, nil
}

// fields fills the custom fields in the order of the policy.
func (d Declaration) fields(a Actor, p Policy) ([]Event, error) {
	var events []Event
	known := 0
	for _, rule := range p.Fields {
		value, said := d.Fields[rule.Name]
		if !said {
			continue
		}
		known++
		if value == "" {
			continue
		}
		text, err := rule.read(a, value)
		if err != nil {
			return nil, err
		}
		events = append(events, FieldSet{Field: rule.Name, Value: text})
	}
	if known < len(d.Fields) {
		return nil, invalid(declareTry, "The policy has no such field. It has: %s.", p.fields())
	}
	return events, nil
}

// promised is what the policy asks for at a declare: checklists and pages.
func promised(d Declaration, services []Service, p Policy) []Event {
	fresh := Incident{Severity: d.Severity, Services: services, Drill: d.Drill}
	return append(fresh.dueLists(d.Severity, p), fresh.duePages(d.Severity, nil, p)...)
}

// duePages are the pages that policy asks for at a severity, without those
// that are open already and those it had asked for before.
func (i Incident) duePages(s Severity, before []Target, p Policy) []Event {
	var events []Event
	for _, d := range p.pagesDue(s, i.Services) {
		t := d.to
		open := slices.ContainsFunc(i.Pages, func(pg Page) bool { return pg.Target.same(t) && pg.Open() })
		if open || slices.ContainsFunc(before, t.same) {
			continue
		}
		events = append(events, PageRequested{
			Page: pageID(i.PageN + len(events) + 1), Target: t, Why: d.why(s), Level: 1, Drill: i.Drill,
		})
	}
	return events
}

// dueLists are the checklists that policy puts on at a severity or worse.
func (i Incident) dueLists(s Severity, p Policy) []Event {
	var events []Event
	first := i.Items + 1
	for _, c := range p.Checklists {
		due := s != SevUnset && c.Severity != SevUnset && s <= c.Severity
		if !due || c.Service != "" && !i.touches(c.Service) || slices.Contains(i.Checklists, c.Name) {
			continue
		}
		e := c.put(first)
		first += ItemID(len(e.Lines))
		events = append(events, e)
	}
	return events
}

func (i Incident) touches(service string) bool {
	return slices.ContainsFunc(i.Services, func(s Service) bool { return called(s.Name, service) })
}

// allows refuses a severity that is none, or that the house does not use.
func (p Policy) allows(s Severity) error {
	if s < Sev1 || s > Sev5 {
		return invalid("severity sev2", "There is no such severity. Use %s.", p.severities())
	}
	if p.SeverityRule(s).Off {
		return fault.New(fault.Invalid, "%s is not used in this house. Use %s.", s, p.severities()).WithExample("/incident severity sev2")
	}
	return nil
}
