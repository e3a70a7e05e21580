package incident

import (
	"slices"
	"strings"
	"time"

	"tocsin/incident/fault"
)

// Hear takes in what a monitor says of the group. What is known already, late
// or out of order gives no events; what opens a new trouble is decided upon by
// policy. mutedRule says whether people muted a rule.
func (g AlertGroup) Hear(source string, alerts []Alert, p Policy, mutedRule func(rule string) bool) []Event {
	if g.Newer {
		return nil
	}
	g.Seen = slices.Clone(g.Seen)
	h := hearing{g: g, source: source, p: p, mutedRule: mutedRule}
	for _, a := range alerts {
		h.hear(a)
	}
	h.flush()
	return h.events
}

// hearing is a group taking in one alert after the other.
type hearing struct {
	g         AlertGroup
	source    string
	p         Policy
	mutedRule func(string) bool
	now       AlertsHeard
	decided   []Event
	events    []Event
}

// heard is what an alert says, as events keep it.
func (a Alert) heard() AlertHeard {
	said := AlertHeard{Key: alertKey(a.Key), State: a.State, At: a.At.UTC()}
	if !a.Since.IsZero() {
		said.Since = a.Since.UTC()
	}
	return said
}

// known is what is known of an alert; old says that it was forgotten, and that
// this is told of again.
func (g AlertGroup) known(said AlertHeard) (s AlertSeen, old bool) {
	if at, known := g.find(said.Key); known {
		return g.Seen[at], false
	}
	return AlertSeen{Key: said.Key}, said.begun().UnixMilli() <= g.Floor
}

func (h *hearing) hear(a Alert) {
	said := a.heard()
	before, old := h.g.known(said)
	after := before.hear(said)
	if old || after == before && (h.g.Cut || !a.Cut) {
		return
	}
	fires := after.Firing() && !before.Firing()
	opens := fires && h.g.Firing() == 0 && (h.g.Cycle == 0 || said.begun().Sub(h.g.OverAt) > h.p.Storm.Quiet)
	if opens || len(h.now.Alerts) >= maxHeard {
		h.flush()
	}
	if opens {
		h.now.Head = headOf(a)
		h.g.Cycle, h.g.Since, h.g.Cut = h.g.Cycle+1, time.Time{}, false
	}
	h.now.Source, h.now.Group, h.now.Cycle = h.source, short(a.Group, MaxURL), h.g.Cycle
	h.now.Cut, h.g.Cut = h.now.Cut || a.Cut, h.g.Cut || a.Cut
	h.now.Alerts = append(h.now.Alerts, said)
	h.g.hear(said)
	if fires {
		h.decide(a, opens)
	}
}

// decide asks policy about an alert that fires; within one trouble the answer
// only ever becomes stronger.
func (h *hearing) decide(a Alert, opens bool) {
	rule, _ := h.p.AlertRule(h.source, a)
	e := AlertsDecided{Cycle: h.g.Cycle, Do: rule.Do, Rule: rule.Name, Severity: rule.Severity, Service: rule.As}
	if e.Service == "" {
		e.Service = short(a.Service, MaxName)
	}
	if rule.Name != "" && h.mutedRule != nil && h.mutedRule(rule.Name) {
		e.Do, e.Why = IgnoreAlerts, "the rule is muted"
	}
	was := h.g.Decided
	if !opens && was.Cycle == e.Cycle && e.Do.rank() <= was.Do.rank() {
		return
	}
	if !opens {
		h.now.Head = headOf(a)
	}
	h.g.Decided = e
	h.decided = append(h.decided, e)
}

func (h *hearing) flush() {
	if len(h.now.Alerts) > 0 {
		h.events = append(h.events, h.now)
	}
	h.events = append(h.events, h.decided...)
	h.now, h.decided = AlertsHeard{}, nil
}

func headOf(a Alert) AlertHead {
	h := AlertHead{
		Title: short(a.Title, MaxTitle), Summary: short(a.Summary, MaxLine), Severity: short(a.Severity, MaxName),
		Service: short(a.Service, MaxName), Link: link(a.Link), Runbook: link(a.Runbook), Board: link(a.Board),
	}
	if h.Title == "" {
		h.Title = short(a.Key, MaxTitle)
	}
	return h
}

// MuteAlerts has the group ask for nothing for a while.
func (g AlertGroup) MuteAlerts(a Actor, how AlertMute, p Policy) ([]Event, error) {
	if err := g.may(a, p); err != nil {
		return nil, err
	}
	e := AlertsMuted{Cycle: g.Cycle, How: how}
	switch how {
	case MuteHour:
		e.Until = a.At.Add(time.Hour).UTC()
	case MuteRecovered:
		if g.Firing() == 0 {
			return nil, unchanged("These alerts have recovered already.")
		}
	case MuteRule:
		if e.Rule = g.Decided.Rule; e.Rule == "" {
			return nil, invalid("alert-group mute "+g.ID+" hour", "No rule of the policy matches these alerts, so there is none to mute.")
		}
	default:
		return nil, invalid("alert-group mute "+g.ID+" hour", "Alerts are muted for an hour, until they have recovered, or for their rule.")
	}
	return []Event{e}, nil
}

// UnmuteAlerts lifts a mute.
func (g AlertGroup) UnmuteAlerts(a Actor, p Policy) ([]Event, error) {
	if err := g.may(a, p); err != nil {
		return nil, err
	}
	if g.Mute == (AlertsMuted{}) {
		return nil, unchanged("These alerts are not muted.")
	}
	return []Event{AlertsUnmuted{Cycle: g.Cycle}}, nil
}

func (g AlertGroup) may(a Actor, p Policy) error {
	if g.Newer {
		return fault.New(fault.Conflict, "These alerts hold events of a newer tocsin. They can be read, not changed, until this tocsin is updated.")
	}
	return a.Under(p).may("alert", Incident{})
}

// Place puts the group where an incident has it.
func (g AlertGroup) Place(i Incident) []Event {
	if g.Newer || g.Attached() && g.Incident == i.ID {
		return nil
	}
	return []Event{AlertsPlaced{Cycle: g.Cycle, Incident: i.ID, Number: i.Number, Private: i.Private}}
}

// DeclareFor opens an incident for a group of alerts.
func DeclareFor(a Actor, n Number, g AlertGroup, p Policy) ([]Event, error) {
	d := Declaration{Title: g.Head.Title, Severity: g.Decided.Severity}
	if p.SeverityRule(d.Severity).Off {
		d.Severity = SevUnset
	}
	if s := strings.TrimSpace(g.Decided.Service); s != "" {
		d.Services = []string{s}
	}
	events, err := Declare(a, n, d, p)
	if err != nil {
		return nil, err
	}
	return append(events, g.attached(g.how(a))), nil
}

// AttachGroup puts a group of alerts on the incident.
func (i Incident) AttachGroup(a Actor, g AlertGroup, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "alert", whileOpen); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(i.Alerts, func(n AlertsNow) bool { return n.Group == g.ID }) || g.Incident == i.ID {
		return nil, nil
	}
	return []Event{g.attached(g.how(a))}, nil
}

func (g AlertGroup) how(a Actor) string {
	switch {
	case a.Person != House:
		return "by hand"
	case g.Decided.Rule == "":
		return "by itself"
	}
	return "by rule " + g.Decided.Rule
}

func (g AlertGroup) attached(how string) AlertsAttached {
	return AlertsAttached{
		Group: g.ID, Source: g.Source, Title: Text{Author: House, Words: g.Head.Title}, Service: g.Head.Service, How: how,
		Since: g.Since, Last: g.Last, Firing: g.Firing(), Recovered: g.Recovered(),
		Link: g.Head.Link, Runbook: g.Head.Runbook, Board: g.Head.Board,
	}
}

// AlertsStand records how a group of the incident's alerts stands: each change
// of its state at once, its count at most once in [AlertGap]. When it is not
// told yet, again is when it may be.
func (i Incident) AlertsStand(g AlertGroup, now time.Time) (events []Event, again time.Time) {
	at := slices.IndexFunc(i.Alerts, func(n AlertsNow) bool { return n.Group == g.ID })
	if i.Newer || at < 0 || !i.Status.Open() && i.Status != Resolved {
		return nil, time.Time{}
	}
	was := i.Alerts[at]
	e := AlertsChanged{
		Group: g.ID, Title: was.Title.again(), Was: string(AlertFiring), Now: string(AlertFiring),
		Firing: g.Firing(), Recovered: g.Recovered(), Last: g.Last,
	}
	if was.Over() {
		e.Was = string(AlertRecovered)
	}
	if e.Firing == 0 {
		e.Now = string(AlertRecovered)
	}
	if e.Was == e.Now {
		if e.Firing == was.Firing && e.Recovered == was.Recovered {
			return nil, time.Time{}
		}
		if due := was.Told.Add(AlertGap); now.Before(due) {
			return nil, due
		}
	}
	e.All = e.Firing == 0
	for _, o := range i.Alerts {
		e.All = e.All && (o.Group == g.ID || o.Over())
	}
	return []Event{e}, time.Time{}
}
