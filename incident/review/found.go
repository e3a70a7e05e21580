package review

import (
	"cmp"
	"slices"
	"strings"
	"time"
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
		l.Class, l.Sure = cmp.Or(e.Kind, "other"), l.Sure || e.Sure
		l.Image = m.picture(l.Cites)
		lines = append(lines, l)
	}
	lines = append(lines, m.pictures(lines)...)
	slices.SortStableFunc(lines, func(a, b Line) int { return a.At.Compare(b.At) })
	return lines
}

// picture is the first kept picture of what a line cites.
func (m *maker) picture(cites []string) string {
	for _, id := range cites {
		if msg := m.messages[id]; msg != nil {
			for _, f := range msg.Files {
				if f.Kept != "" && strings.HasPrefix(f.Kind, "image/") {
					return f.Kept
				}
			}
		}
	}
	return ""
}

// aboutIt is how much a message must be about the incident for its picture to
// stand in the timeline without being one of the events.
const aboutIt = 0.25

// pictures are lines for kept pictures that no line shows.
func (m *maker) pictures(lines []Line) []Line {
	shown := map[string]bool{}
	for _, l := range lines {
		shown[l.Image] = true
	}
	var out []Line
	for i, msg := range m.in.Messages {
		kept := m.picture([]string{msg.ID})
		about := m.captured[msg.ID] || i < len(m.finds.Scores) && m.finds.Scores[i] >= aboutIt
		if kept == "" || shown[kept] || !about || msg.Deleted {
			continue
		}
		l := Line{
			Key: m.key(Timeline, msg.ID), Kind: Fact, At: msg.At, Who: msg.Author, Text: quoted(msg.Text), Cites: []string{msg.ID},
			Quote: true, Class: "picture", Image: kept, Sure: m.captured[msg.ID],
		}
		if l.Text == "" {
			l.Text = "a picture"
		}
		out = append(out, l)
	}
	return out
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
				a.Mark, a.Under = "also proposed", l.Key
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
			if slices.Contains(h.Propose, id) {
				continue
			}
			if a, ok := m.quote(Hypotheses, []string{id}); ok {
				a.Under = l.Key
				lines = append(lines, a)
			}
		}
	}
	return lines
}

// actions are the action items, each with its owner where somebody took it.
func (m *maker) actions() []Line {
	var lines []Line
	for _, a := range m.finds.Actions {
		l, ok := m.quote(Actions, a.Cites)
		if !ok {
			continue
		}
		if text := quoted(a.Text); text != "" && text != l.Text {
			l.Text, l.Quote = text, false
		}
		l.Owner, l.Due, l.Sure = a.Owner, a.Due, l.Sure || a.Sure
		lines = append(lines, l)
	}
	return lines
}

// overDays says that the timeline and the times lie on more than one day.
func (m *maker) overDays() bool {
	var first, last time.Time
	for _, r := range m.moments() {
		if first.IsZero() || r.Before(first) {
			first = r
		}
		if r.After(last) {
			last = r
		}
	}
	return first.UTC().Format(time.DateOnly) != last.UTC().Format(time.DateOnly)
}

func (m *maker) moments() []time.Time {
	var out []time.Time
	for _, e := range m.finds.Timeline {
		if !e.At.IsZero() {
			out = append(out, e.At)
		}
	}
	for _, t := range moments(m.finds.Times) {
		if t.Moment != nil {
			out = append(out, t.At)
		}
	}
	return out
}

// clock is a moment as a line gives it, in UTC. Its day stands behind the line.
func clock(t time.Time) string { return t.UTC().Format("15:04") }
