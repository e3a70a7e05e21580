package check

import (
	"time"

	"tocsin/incident/review/source"
)

// Refusal says why a sentence may not stand; it is empty for one that may.
type Refusal string

// The refusals.
const (
	Stands      Refusal = ""
	Uncited     Refusal = "cites nothing"
	UnknownID   Refusal = "cites what is not there"
	Unsupported Refusal = "says what its sources do not say"
	Number      Refusal = "has a number, name of a thing or time that is not in its sources"
	Speaker     Refusal = "names somebody whose words they are not"
	Negation    Refusal = "turns a not round"
)

// enough is how much of a sentence's words its sources must hold: a few may be
// the writer's own, and a name, number or not never is.
const enough = 0.72

// Resolved is a moment that was worked out from what some ids say ("since
// half past two"): a sentence on one of them may give it.
type Resolved struct {
	At    time.Time
	Cites []string
}

// Checker holds sentences against one input.
type Checker struct {
	in       source.Input
	ids      map[string]place
	people   map[string]source.Person
	names    names
	zones    map[string]*time.Location
	resolved map[string][]time.Time // by the id that they rest on
	read     map[string]*evidence   // sources read so far
}

// place is where an id stands in the input.
type place struct {
	message, fact int // -1: it is the other
}

// New makes a checker for an input. It is not for several goroutines at once.
func New(in source.Input, resolved ...Resolved) *Checker {
	c := &Checker{
		in:       in,
		ids:      make(map[string]place, len(in.Messages)+len(in.Facts)),
		people:   make(map[string]source.Person, len(in.People)),
		zones:    map[string]*time.Location{},
		resolved: map[string][]time.Time{},
		read:     map[string]*evidence{},
	}
	for i, m := range in.Messages {
		c.ids[m.ID] = place{message: i, fact: -1}
	}
	for i, f := range in.Facts {
		c.ids[f.ID] = place{message: -1, fact: i}
	}
	for _, p := range in.People {
		c.people[p.ID] = p
	}
	c.names = namesOf(in.People)
	for _, r := range resolved {
		for _, id := range r.Cites {
			c.resolved[id] = append(c.resolved[id], r.At)
		}
	}
	return c
}

// Visible says that an id may be cited: it is there, and not deleted or struck.
func (c *Checker) Visible(id string) bool {
	p, ok := c.ids[id]
	switch {
	case !ok:
		return false
	case p.message >= 0:
		return !c.in.Messages[p.message].Deleted
	}
	return !c.in.Facts[p.fact].Struck
}

// Check holds one sentence, as a reader sees it, against what it cites. The
// sentence may begin with a clock and with "Name:", whose words follow.
func (c *Checker) Check(sentence string, cites []string) Refusal {
	if len(cites) == 0 {
		return Uncited
	}
	for _, id := range cites {
		if !c.Visible(id) {
			return UnknownID
		}
	}
	sources := make([]*evidence, len(cites))
	for i, id := range cites {
		sources[i] = c.evidence(id)
	}
	said := scan(sentence)
	if r := c.speakers(sentence, said, sources); r != Stands {
		return r
	}
	if r := words(said, sources); r != Stands {
		return r
	}
	if turned(c.body(said), sources) {
		return Negation
	}
	return Stands
}

// words holds every word of a sentence against its sources.
func words(said []word, sources []*evidence) Refusal {
	for i, w := range said {
		if isIdentifier(w.text) && !supported(w.text, sources) && !reckoned(said, i, sources) {
			return Number
		}
	}
	if share(said, sources) < enough {
		return Unsupported
	}
	return Stands
}

// share is how much of what the words carry the sources hold.
func share(said []word, sources []*evidence) float64 {
	hits, n := 0, 0
	for i, w := range said {
		if bare(w.text) || glue(w.text) {
			continue
		}
		n++
		if supported(w.text, sources) || isIdentifier(w.text) && reckoned(said, i, sources) {
			hits++
		}
	}
	if n == 0 {
		return 1
	}
	return float64(hits) / float64(n)
}

func supported(w string, sources []*evidence) bool {
	for _, s := range sources {
		if s.holds(w) {
			return true
		}
	}
	return false
}
