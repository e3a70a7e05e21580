package review

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// header says what the incident is, from what was recorded.
func (m *maker) header() []Line {
	var lines []Line
	if m.in.Drill {
		lines = append(lines, Line{Key: "header/drill", Kind: Note, Text: "This was a drill."})
	}
	if m.in.Private {
		lines = append(lines, Line{Key: "header/private", Kind: Note, Text: "This incident is private: the review is for its members."})
	}
	for _, f := range m.in.Facts {
		switch f.Kind {
		case source.Declared, source.Severity, source.Resolved, source.Reopened:
			if l, ok := m.quote(Header, []string{f.ID}); ok {
				lines = append(lines, l)
			}
		case source.Status, source.Role, source.Handover, source.Page, source.Acknowledged, source.Alert, source.Update, source.Impact,
			source.Cause, source.Note, source.Captured, source.Decision, source.Task, source.Action, source.Change, source.Milestone, source.Other:
		}
	}
	if l, ok := m.extent(); ok {
		lines = append(lines, l)
	}
	if m.in.Severity == "" {
		lines = append(lines, Line{Key: "header/severity", Kind: Note, Text: "Severity: not stated in the channel."})
	}
	return lines
}

// extent says from when to when the timeline is.
func (m *maker) extent() (Line, bool) {
	var first, last string
	var from, to time.Time
	for _, e := range m.finds.Timeline {
		cites := m.visible(e.Cites)
		if len(cites) == 0 {
			continue
		}
		_, _, at := m.say(cites[0])
		if first == "" || at.Before(from) {
			first, from = cites[0], at
		}
		if last == "" || at.After(to) {
			last, to = cites[0], at
		}
	}
	if first == "" || first == last {
		return Line{}, false
	}
	const long = "2006-01-02 15:04"
	text := "First message " + from.UTC().Format(long) + " UTC, last message " + to.UTC().Format(long) + " UTC"
	return Line{Key: "header/extent", Kind: Fact, Text: text, Cites: []string{first, last}}, true
}

// summary is at most five quotes: how it was noticed, who was hit, why, and
// what ended it, in the order in which they were said. A cause stands in it
// only when it was recorded or a guess was confirmed.
func (m *maker) summary() []Line {
	var lines []Line
	said := map[string]bool{}
	add := func(name, mark string, cites []string) {
		l, ok := m.quote(Summary, cites)
		if !ok || said[l.Cites[0]] {
			return
		}
		said[l.Cites[0]] = true
		l.Key, l.Mark, l.Class = string(Summary)+"/"+name, mark, "summary"
		lines = append(lines, l)
	}
	t := m.finds.Times
	add("detection", "Detection", firstCites(m.finds.Detection, t.Detection))
	add("impact", "Impact", firstCites(m.finds.Impact, t.ImpactStart))
	add("cause", "Cause", m.cause())
	add("mitigation", "Mitigation", momentCites(t.Mitigation))
	add("resolution", "Resolution", momentCites(t.Resolution))
	slices.SortStableFunc(lines, func(a, b Line) int { return a.At.Compare(b.At) })
	return lines
}

func firstCites(found []mine.Quote, t *mine.Moment) []string {
	for _, q := range found {
		if q.Sure {
			return q.Cites
		}
	}
	if len(found) > 0 {
		return found[0].Cites
	}
	return momentCites(t)
}

func momentCites(t *mine.Moment) []string {
	if t == nil {
		return nil
	}
	return t.Cites
}

// cause is what was recorded as the cause, else what confirmed the last guess
// that was confirmed.
func (m *maker) cause() []string {
	for _, f := range slices.Backward(m.in.Facts) {
		if f.Kind == source.Cause && !f.Struck {
			return []string{f.ID}
		}
	}
	for _, h := range slices.Backward(m.finds.Hypotheses) {
		if h.Verdict == mine.Confirmed {
			cites := append(slices.Clone(h.Propose), h.Decide...)
			slices.Reverse(cites) // what settled it last says it best
			return cites
		}
	}
	return nil
}

// participants are the people whose words or deeds the draft cites, with the
// hours at which they took part, their own too: three in the morning matters.
func (m *maker) participants() []Line {
	var lines []Line
	for _, p := range m.in.People {
		if p.Bot {
			continue
		}
		first, last := m.part(p.ID)
		if first == "" {
			continue
		}
		_, _, from := m.say(first)
		_, _, to := m.say(last)
		cites := m.visible([]string{first, last})
		roles, held := m.roles(p)
		text := roles + m.hours(from, to, time.UTC) + " UTC"
		if z := source.Zone(p.Zone); z != nil && m.hours(from, to, z) != m.hours(from, to, time.UTC) {
			text += ", " + m.hours(from, to, z) + " local"
		}
		lines = append(lines, Line{
			Key: m.key(Participants, p.ID), Kind: Fact, At: from, Who: p.ID, Text: text, Cites: m.visible(append(cites, held...)),
		})
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Key, b.Key)) })
	return lines
}

func (m *maker) hours(from, to time.Time, z *time.Location) string {
	a, b := from.In(z).Format("15:04"), to.In(z).Format("15:04")
	if m.manyDays && from.In(z).Format(time.DateOnly) != to.In(z).Format(time.DateOnly) {
		a, b = from.In(z).Format("2006-01-02 15:04"), to.In(z).Format("2006-01-02 15:04")
	}
	if a == b {
		return a
	}
	return a + " until " + b
}

// part finds the first and last cited words or deed of a person.
func (m *maker) part(id string) (first, last string) {
	var from, to time.Time
	take := func(ref string, at time.Time) {
		if first == "" || at.Before(from) {
			first, from = ref, at
		}
		if last == "" || at.After(to) {
			last, to = ref, at
		}
	}
	for i := range m.in.Messages {
		if msg := &m.in.Messages[i]; msg.Author == id && m.cited[msg.ID] {
			take(msg.ID, msg.At)
		}
	}
	for i := range m.in.Facts {
		if f := &m.in.Facts[i]; f.By == id && m.cited[f.ID] && f.Kind != source.Captured {
			take(f.ID, f.At)
		}
	}
	return first, last
}

// roles are the roles that a person held, with the facts that say so.
func (m *maker) roles(p source.Person) (text string, cites []string) {
	if len(p.Roles) == 0 {
		return "", nil
	}
	for _, f := range m.in.Facts {
		if (f.Kind == source.Role || f.Kind == source.Handover) && !f.Struck && strings.Contains(f.Words, m.name(p.ID)) {
			cites = append(cites, f.ID)
		}
	}
	if len(cites) == 0 {
		return "", nil
	}
	return strings.Join(p.Roles, ", ") + ", ", cites[:min(len(cites), 4)]
}
