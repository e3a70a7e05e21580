package check

import (
	"strings"
	"time"

	"tocsin/incident/review/source"
)

// evidence is what one message or fact supports.
type evidence struct {
	words    []word          // of its text, in order
	has      map[string]bool // words, their stems and their pieces without figures
	pieces   map[string]bool // pieces with figures: "3" of "db-3" supports "db-3", and no "3 hosts"
	clocks   map[string]bool // "10:42", "10:42:07", "2026-03-01": when it was said, and what it states, in the zones that count
	author   string          // a Person's ID; empty: nobody
	at       time.Time
	resolved []time.Time
}

func (e *evidence) holds(w string) bool {
	if e.has[w] || !hasDigit(w) && e.has[stem(w)] || e.clocks[w] {
		return true
	}
	pieces := parts(w)
	if len(pieces) < 2 {
		return len(pieces) == 1 && e.has[pieces[0]]
	}
	if isClock(w) {
		return false // its pieces are minutes and hours of any other clock
	}
	for _, p := range pieces {
		if !e.has[p] && !e.pieces[p] && (hasDigit(p) || !e.has[stem(p)]) {
			return false
		}
	}
	return true
}

func (c *Checker) evidence(id string) *evidence {
	if e := c.read[id]; e != nil {
		return e
	}
	e := &evidence{has: map[string]bool{}, pieces: map[string]bool{}, clocks: map[string]bool{}, resolved: c.resolved[id]}
	var text string
	if p := c.ids[id]; p.message >= 0 {
		m := c.in.Messages[p.message]
		e.author, e.at, text = m.Author, m.At, m.Text
	} else {
		f := c.in.Facts[p.fact]
		e.author, e.at, text = f.By, f.At, f.Words
		e.add(string(f.Kind))
		c.addPerson(e, f.Owner)
		if !f.Due.IsZero() {
			e.clocks[f.Due.UTC().Format(time.DateOnly)] = true
		}
		if about, ok := c.ids[f.About]; ok && f.Kind == source.Captured && about.message >= 0 && !c.in.Messages[about.message].Deleted {
			m := c.in.Messages[about.message]
			e.author, text = m.Author, text+"\n"+m.Text
			e.stamp(m.At)
		}
	}
	e.words = scan(text)
	for _, w := range e.words {
		e.add(w.text)
	}
	c.addPerson(e, e.author)
	e.stamp(e.at)
	for _, z := range c.zonesOf(e.author) {
		e.stamp(e.at.In(z))
		e.convert(z)
	}
	for _, t := range e.resolved {
		e.stamp(t)
	}
	c.read[id] = e
	return e
}

func (e *evidence) add(w string) {
	e.has[w], e.has[stem(w)] = true, true
	for _, p := range parts(w) {
		if hasDigit(p) {
			e.pieces[p] = true
			continue
		}
		e.has[p], e.has[stem(p)] = true, true
	}
}

func (c *Checker) addPerson(e *evidence, id string) {
	if id == "" {
		return
	}
	for _, w := range scan(id + "\n" + c.people[id].Name) {
		e.add(w.text)
	}
}

// stamp lets a sentence give this moment, in UTC or in the moment's own zone.
func (e *evidence) stamp(t time.Time) {
	for _, t := range []time.Time{t, t.UTC()} {
		for _, form := range [...]string{"15:04", "15:04:05", time.DateOnly} {
			e.clocks[t.Format(form)] = true
		}
		e.clocks[strings.ToLower(t.Month().String())] = true
		e.clocks[strings.TrimPrefix(t.Format("15:04"), "0")] = true
	}
}

// convert lets a sentence give in UTC a clock that the text gives in a zone.
func (e *evidence) convert(zone *time.Location) {
	day := e.at.In(zone)
	for _, w := range e.words {
		if !isClock(w.text) {
			continue
		}
		for _, form := range [...]string{"15:04", "15:04:05"} {
			if t, err := time.Parse(form, w.text); err == nil {
				at := time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone).UTC()
				e.clocks[at.Format(form)], e.clocks[at.Format("15:04")] = true, true
			}
		}
	}
}

func isClock(w string) bool {
	h, m, ok := strings.Cut(w, ":")
	return ok && len(h) >= 1 && len(h) <= 2 && len(m) >= 2 && strings.Trim(h, "0123456789") == "" && strings.Trim(m, "0123456789:") == ""
}

// zonesOf are the zones that a person's clocks may be meant in: their own, and
// the room's.
func (c *Checker) zonesOf(person string) []*time.Location {
	var out []*time.Location
	for _, name := range [...]string{c.people[person].Zone, c.in.Zone} {
		if z := c.zone(name); z != nil {
			out = append(out, z)
		}
	}
	return out
}

func (c *Checker) zone(name string) *time.Location {
	if name == "" {
		return nil
	}
	z, known := c.zones[name]
	if !known {
		z = source.Zone(name)
		c.zones[name] = z
	}
	return z
}
