package incident

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Rename gives the incident another title.
func (i Incident) Rename(a Actor, title string) ([]Event, error) {
	if err := i.may(a, "rename", onRecord); err != nil {
		return nil, err
	}
	to, err := a.text(title, asked{what: "title", limit: MaxTitle, try: "rename checkout is failing in Europe"})
	if err != nil {
		return nil, err
	}
	if to.Words == i.Title.Words {
		return nil, unchanged("%s is already called that.", i.Number)
	}
	return []Event{Renamed{Title: to, Before: i.Title}}, nil
}

// SetSeverity changes the severity. Raised, or set for the first time, it
// brings the pages and checklists that policy wants for it.
func (i Incident) SetSeverity(a Actor, to Severity, why string, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "severity", onRecord); err != nil {
		return nil, err
	}
	reason, err := a.text(why, asked{what: "reason", limit: MaxLine, try: "severity sev2 more users report it", empty: true})
	if err != nil {
		return nil, err
	}
	if err := p.allows(to); err != nil {
		return nil, err
	}
	if to == i.Severity {
		return nil, unchanged("%s is %s already.", i.Number, to)
	}
	e := SeveritySet{
		From: i.Severity, To: to, Why: reason, Cadence: p.Cadence(to),
		CadenceBefore: i.Cadence, NextBefore: i.NextUpdate,
	}
	if i.Drill {
		e.Cadence = Cadence{}
	}
	if !i.Status.Open() {
		return []Event{e}, nil
	}
	e.Next = sooner(i.NextUpdate, p.NextUpdate(e.Cadence, a.At), a.At)
	events := []Event{e}
	if i.Severity == SevUnset || to < i.Severity {
		events = append(events, i.dueLists(to, p)...)
		events = append(events, i.duePages(to, nil, p)...)
	}
	return events, nil
}

// SetStatus moves the incident on. The ends, and the way back from them, are
// decisions of their own and are taken here when somebody asks for them so.
func (i Incident) SetStatus(a Actor, to Status, note string, p Policy) ([]Event, error) {
	a = a.Under(p)
	switch to {
	case Resolved:
		return i.Resolve(a, note)
	case Closed:
		return i.Close(a, note)
	case Cancelled:
		return i.Cancel(a, Other, note)
	case Merged:
		return nil, invalid("merge into INC-7", "Say into which incident it goes.")
	case Triage, Investigating, Identified, Monitoring:
	default:
		return nil, invalid("status monitoring", "There is no such status. Use triage, investigating, identified, monitoring or resolved.")
	}
	if err := i.may(a, "status", whileOpen); err != nil {
		return nil, err
	}
	text, err := a.text(note, asked{what: "text", limit: MaxNote, try: "status monitoring the fix is out", empty: true, lines: true})
	if err != nil {
		return nil, err
	}
	if to == i.Status {
		return nil, unchanged("%s is in %s already.", i.Number, to)
	}
	e := StatusSet{From: i.Status, To: to, Note: text}
	if i.Status == Monitoring {
		e.Mitigated = i.measured().Mitigated
	}
	return []Event{e}, nil
}

// AddService says that a service is touched. At a severity whose policy pages
// the teams of services, its team is paged.
func (i Incident) AddService(a Actor, service string, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "service", onRecord); err != nil {
		return nil, err
	}
	n, err := name(service, "service", "service add checkout")
	if err != nil {
		return nil, err
	}
	s := p.service(n)
	if i.touches(s.Name) {
		return nil, unchanged("%s names %s already.", i.Number, s.Name)
	}
	if len(i.Services) >= MaxServices {
		return nil, invalid("service remove checkout", "%s names %d services already, and more do not fit. Remove one first.", i.Number, MaxServices)
	}
	events := []Event{ServiceAdded{Service: s}}
	if i.Status.Open() {
		before := p.PageTargets(i.Severity, i.Services)
		i.Services = with(i.Services, s)
		events = append(events, i.dueLists(i.Severity, p)...)
		events = append(events, i.duePages(i.Severity, before, p)...)
	}
	return events, nil
}

// RemoveService says that a service is not touched after all.
func (i Incident) RemoveService(a Actor, service string) ([]Event, error) {
	if err := i.may(a, "service", onRecord); err != nil {
		return nil, err
	}
	for _, s := range i.Services {
		if called(service, s.Name) {
			return []Event{ServiceRemoved{Name: s.Name, Before: s}}, nil
		}
	}
	return nil, unchanged("%s does not name that service.", i.Number)
}

// SetImpact says who feels what; an empty text takes it away.
func (i Incident) SetImpact(a Actor, text string) ([]Event, error) {
	if err := i.may(a, "impact", onRecord); err != nil {
		return nil, err
	}
	to, err := a.text(text, asked{what: "impact", limit: MaxLine, try: "impact one order in three fails", empty: true})
	if err != nil {
		return nil, err
	}
	if to.Words == i.Impact.Words {
		return nil, unchanged("The impact of %s says that already.", i.Number)
	}
	return []Event{ImpactSet{Impact: to, Before: i.Impact}}, nil
}

// SetCause tags the incident with a cause of the policy; an empty tag takes
// it away. A policy without causes takes any tag.
func (i Incident) SetCause(a Actor, tag, note string, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "cause", onRecord); err != nil {
		return nil, err
	}
	text, err := a.text(note, asked{what: "text", limit: MaxNote, try: "cause change the new build leaked memory", empty: true, lines: true})
	if err != nil {
		return nil, err
	}
	to := oneLine(tag)
	if to != "" {
		c, known := p.CauseFor(to)
		if len(p.Causes) > 0 && !known {
			return nil, invalid("cause "+p.Causes[0].Tag, "The policy has no such cause. It has: %s.", p.causes())
		}
		if known {
			to = c.Tag
		}
	}
	if utf8.RuneCountInString(to) > MaxName {
		return nil, invalid("cause change", "A cause has at most %d characters.", MaxName)
	}
	if to == i.Cause && text.Words == "" {
		return nil, unchanged("The cause of %s stands so already.", i.Number)
	}
	return []Event{CauseSet{Tag: to, Note: text, Before: i.Cause}}, nil
}

// SetMilestone corrects a milestone; a zero moment takes the correction away.
func (i Incident) SetMilestone(a Actor, m Milestone, at time.Time) ([]Event, error) {
	if i.Milestones.at(m) == nil {
		return nil, invalid("started 14:05", "There is no such milestone. Use started, detected, acknowledged, mitigated or resolved.")
	}
	if err := i.may(a, string(m), onRecord); err != nil {
		return nil, err
	}
	before := i.correction(m)
	if at.IsZero() {
		if before.IsZero() {
			return nil, unchanged("Nobody corrected when %s was %s.", i.Number, m)
		}
		return []Event{MilestoneSet{Milestone: m, Before: before}}, nil
	}
	at = at.UTC()
	if err := i.plausible(a, m, at); err != nil {
		return nil, err
	}
	if at.Equal(before) {
		return nil, unchanged("That moment is on record already.")
	}
	return []Event{MilestoneSet{Milestone: m, At: at, Before: before}}, nil
}

// plausible refuses a moment that the others contradict.
func (i Incident) plausible(a Actor, m Milestone, at time.Time) error {
	try := string(m) + " 14:05"
	if err := past(a, at, "moment", try); err != nil {
		return err
	}
	if m == ResolvedAt && i.Status.Open() {
		return invalid("resolve", "%s is not resolved yet.", i.Number)
	}
	set := i.Milestones
	*set.at(m) = at
	for _, pair := range [][2]Milestone{{Started, Mitigated}, {Started, ResolvedAt}, {Mitigated, ResolvedAt}, {Detected, ResolvedAt}} {
		first, then := set.At(pair[0]), set.At(pair[1])
		if (pair[0] == m || pair[1] == m) && !first.IsZero() && !then.IsZero() && then.Before(first) {
			return invalid(try, "Then it would have been %s before it was %s.", pair[1], pair[0])
		}
	}
	return nil
}

// SetPrivate makes the incident private, or public again.
func (i Incident) SetPrivate(a Actor, private bool, why string) ([]Event, error) {
	if err := i.may(a, "private", anyTime); err != nil {
		return nil, err
	}
	if private == i.Private {
		return nil, unchanged("%s is %s already.", i.Number, secrecy(private))
	}
	reason, err := a.text(why, asked{what: "reason", limit: MaxLine, try: "private on customer data may be involved"})
	if err != nil {
		return nil, err
	}
	return []Event{PrivacySet{Private: private, Why: reason, Members: i.knowers()}}, nil
}

func secrecy(private bool) string {
	if private {
		return "private"
	}
	return "public"
}

// SetField fills a custom field; an empty value clears it.
func (i Incident) SetField(a Actor, field, value string, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "field", onRecord); err != nil {
		return nil, err
	}
	rule, ok := p.FieldFor(field)
	if !ok {
		return nil, invalid("help", "The policy has no such field. It has: %s.", p.fields())
	}
	to := Text{}
	if strings.TrimSpace(value) != "" {
		var err error
		if to, err = rule.read(a, value); err != nil {
			return nil, err
		}
	}
	before := i.field(rule.Name)
	if to.Words == before.Words {
		return nil, unchanged("%s of %s stands so already.", rule.Name, i.Number)
	}
	if before.Empty() && len(i.Fields) >= MaxFields {
		return nil, invalid("help", "%s has %d fields filled already, and more do not fit.", i.Number, MaxFields)
	}
	return []Event{FieldSet{Field: rule.Name, Value: to, Before: before}}, nil
}

func (i Incident) field(name string) Text {
	for _, f := range i.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return Text{}
}

// read understands a value as the field's kind wants it.
func (f FieldRule) read(a Actor, value string) (Text, error) {
	t, err := a.text(value, asked{what: f.Name, limit: MaxLine, try: "help"})
	if err != nil {
		return Text{}, err
	}
	switch f.Kind {
	case NumberField:
		if _, err := strconv.ParseFloat(t.Words, 64); err != nil {
			return Text{}, invalid("help", "%s is a number; %q is none.", f.Name, t.Words)
		}
	case ChoiceField:
		choice, ok := find(f.Choices, t.Words, func(c string) []string { return []string{c} })
		if !ok {
			return Text{}, invalid("help", "%s is one of: %s.", f.Name, list(f.Choices, "or"))
		}
		t.Words = choice
	case TextField:
	}
	return t, nil
}

func (p Policy) fields() string {
	var all []string
	for _, f := range p.Fields {
		all = append(all, f.Name)
	}
	if len(all) == 0 {
		return "none"
	}
	return list(all, "and")
}

func (p Policy) causes() string {
	var all []string
	for _, c := range p.Causes {
		all = append(all, c.Tag)
	}
	return list(all, "and")
}

// SetCall gives the conference link; an empty one takes it away.
func (i Incident) SetCall(a Actor, link string) ([]Event, error) {
	if err := i.may(a, "call", untilClosed); err != nil {
		return nil, err
	}
	to := ""
	if strings.TrimSpace(link) != "" {
		var err error
		if to, err = address(link, "call https://meet.example.com/checkout"); err != nil {
			return nil, err
		}
	}
	if to == i.Call {
		return nil, unchanged("The call of %s stands so already.", i.Number)
	}
	return []Event{CallSet{URL: to, Before: i.Call}}, nil
}
