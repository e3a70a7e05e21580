package review

import (
	"tocsin/incident/review/mine"
)

func (m *maker) timeline() []Line {
	var lines []Line
	for _, e := range m.finds.Timeline {
		l, ok := m.quote(Timeline, e.Cites)
		if !ok {
			continue
		}
		if !e.At.IsZero() {
			l.At = e.At
		}
		l.Class, l.Sure = e.Kind, l.Sure || e.Sure
		lines = append(lines, l)
	}
	return lines
}

func (m *maker) decisions() []Line {
	var lines []Line
	for _, d := range m.finds.Decisions {
		l, ok := m.quote(Decisions, d.Cites)
		if !ok {
			continue
		}
		l.Sure = l.Sure || d.Sure
		lines = append(lines, l)
		for _, id := range d.Aside {
			if a, ok := m.quote(Decisions, []string{id}); ok {
				a.Mark, a.Under = "set aside", l.Key
				lines = append(lines, a)
			}
		}
	}
	return lines
}

func (m *maker) hypotheses() []Line {
	var lines []Line
	for _, h := range m.finds.Hypotheses {
		l, ok := m.quote(Hypotheses, h.Propose)
		if !ok {
			continue
		}
		l.Kind, l.Mark = Opinion, string(h.Verdict)
		lines = append(lines, l)
		for _, id := range h.Decide {
			if a, ok := m.quote(Hypotheses, []string{id}); ok {
				a.Under = l.Key
				lines = append(lines, a)
			}
		}
	}
	return lines
}

func (m *maker) actions() []Line {
	var lines []Line
	for _, a := range m.finds.Actions {
		l, ok := m.quote(Actions, a.Cites)
		if !ok {
			continue
		}
		if text := quoted(a.Text); text != "" {
			l.Text, l.Quote = text, false
		}
		l.Owner, l.Due, l.Sure = a.Owner, a.Due, l.Sure || a.Sure
		lines = append(lines, l)
	}
	return lines
}

// moments names the five times, in order.
func moments(t mine.Times) []struct {
	key, title string
	*mine.Moment
} {
	return []struct {
		key, title string
		*mine.Moment
	}{
		{"impact_start", "Impact start", t.ImpactStart},
		{"detection", "Detection", t.Detection},
		{"ack", "Acknowledged", t.Ack},
		{"mitigation", "Mitigation", t.Mitigation},
		{"resolution", "Resolution", t.Resolution},
	}
}

func (m *maker) times() []Line {
	var lines []Line
	for _, t := range moments(m.finds.Times) {
		key := string(Times) + "/" + t.key
		if t.Moment == nil || len(m.visible(t.Cites)) == 0 {
			lines = append(lines, Line{Key: key, Kind: Note, Text: t.title + ": not stated in the channel."})
			continue
		}
		lines = append(lines, Line{Key: key, Kind: Fact, At: t.At, Text: t.title, Cites: m.visible(t.Cites), Sure: t.Sure})
		if o := t.Other; o != nil && len(m.visible(o.Cites)) > 0 {
			lines = append(lines, Line{
				Key: key + "/other", Kind: Fact, At: o.At, Text: t.title, Cites: m.visible(o.Cites), Sure: o.Sure,
				Mark: "second candidate", Under: key,
			})
		}
	}
	return lines
}

// Moments are an incident's five times by their names, which outside readers
// of a draft rely on; one that is not stated is nil.
func Moments(t mine.Times) map[string]*mine.Moment {
	out := map[string]*mine.Moment{}
	for _, m := range moments(t) {
		out[m.key] = m.Moment
	}
	return out
}
