package mine

import (
	"slices"
	"strings"
	"time"

	"tocsin/incident/review/source"
)

// The most quotes of each kind: a draft offers candidates, people choose.
const (
	mostFactors  = 10
	mostImpacts  = 8
	mostNotices  = 4
	mostOpinions = 8
)

// factors finds candidates for what contributed: conditions as somebody put
// them, never a person.
func factors(t *talk) []Quote { return listen(t).factors() }

func (l *listener) factors() []Quote {
	out := l.factQuotes(source.Cause)
	heads := l.likely(l.models.blame, l.mayBlame, l.blaming)
	heads = heads[:min(len(heads), mostFactors)]
	slices.SortFunc(heads, func(a, b candidate) int { return a.at - b.at })
	last := -1
	for _, h := range heads {
		if last >= 0 && l.sameTopic(last, h.at) {
			if q := &out[len(out)-1]; len(q.Cites) < mostCites {
				q.Cites = append(q.Cites, l.msgs[h.at].id())
			}
			continue
		}
		out = append(out, Quote{Cites: []string{l.msgs[h.at].id()}, Sure: l.msgs[h.at].sure})
		last = h.at
	}
	return l.inOrder(out)
}

// sameTopic says whether a message carries on what an earlier one said.
func (l *listener) sameTopic(i, j int) bool {
	a, b := &l.msgs[i], &l.msgs[j]
	return b.when().Sub(a.when()) <= sameExchange && (sharing(a, b) > 0 || slices.Contains(l.before(j, 2, sameBreath), i))
}

func (l *listener) mayBlame(i int) bool {
	m := &l.msgs[i]
	return !m.bot && m.length > 2 && m.cue(gaps)+m.cue(reasons)+m.cue(cause)+m.cue(lacks)+m.cue(finds) > 0 && !l.blamesSomebody(m)
}

// blamesSomebody says whether a message tells who did it: that is no condition.
func (l *listener) blamesSomebody(m *msg) bool {
	low := strings.ToLower(strings.ReplaceAll(m.body, "’", "'"))
	for _, w := range []string{"my fault", "'s fault", "your fault", "my bad", "my mistake", "'s mistake", "i broke", "i messed", "i screwed", "i forgot", "you forgot", "blame", "screwed up", "messed up", "was careless"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	for _, p := range l.calls(m) {
		name := strings.ToLower(l.people[p].Name)
		for _, did := range []string{" forgot", " broke", " missed", " should have", " didn't", " did not", " failed to", " deleted", " never "} {
			if strings.Contains(low, name+did) {
				return true
			}
		}
	}
	return false
}

// blaming are the traits of a message that may name a condition.
func (l *listener) blaming(i int) []float64 {
	m := &l.msgs[i]
	asks := unit(m.cue(asking) > 0)
	return append(l.common(i),
		much(m, gaps), much(m, reasons), much(m, cause), some(m, lacks), some(m, finds), some(m, guesses), some(m, broken), some(m, things),
		asks*much(m, gaps), some(m, requests, commits), some(m, resolution), some(m, changing, changed), some(m, opines), some(m, denies),
		l.confirmed(i), some(m, prevents), much(m, gaps)*some(m, prevents, things),
	)
}

func blamingNames() []string {
	return append(commonNames(), "gaps", "reasons", "cause", "lacks", "finds", "guesses", "broken", "things",
		"asksgaps", "requests", "resolution", "changes", "opines", "denies", "confirmed", "prevents", "gapthing")
}

func (l *listener) confirmed(i int) float64 {
	if v := l.verdict(i, nil); v.is == Confirmed {
		return v.strength
	}
	return 0
}

// impacts finds who was hit, how and how badly.
func impacts(t *talk) []Quote {
	l := listen(t)
	return l.quotes(source.Impact, mostImpacts, func(m *msg) float64 {
		if m.cue(impact)+m.cue(hurting(m)) < 1.2 || m.cue(notYet) > 1 || m.cue(resolution) >= 1.5 || m.cue(requests) > 1 || m.cue(denies) >= 1.5 {
			return 0
		}
		return m.score * min(m.cue(impact), 3)
	})
}

// hurting is the class that speaks of damage in a message of a machine or of
// people.
func hurting(m *msg) class {
	if m.bot {
		return severe
	}
	return impact
}

// detections finds how the trouble was noticed: what was recorded first, and
// what was said first.
func detections(t *talk) []Quote {
	l := listen(t)
	out := l.factQuotes(source.Alert, source.Page)
	out = out[:min(len(out), 1)]
	d := t.times.Detection
	if d == nil {
		return out
	}
	if len(d.Cites) > 0 {
		out = append(out, Quote{Cites: slices.Clone(d.Cites[:min(len(d.Cites), 2)]), Sure: d.Sure})
	}
	for i := range l.msgs {
		m := &l.msgs[i]
		gap := m.when().Sub(d.At)
		if m.twin < 0 && gap >= -sameExchange && gap <= sameExchange && m.cue(detect) >= 1 && m.score >= .5 && len(out) < mostNotices && !cited(out, m.id()) {
			out = append(out, Quote{Cites: []string{m.id()}, Sure: m.sure})
		}
	}
	return l.inOrder(out)
}

// opinions finds what people thought went well, badly or luckily.
func opinions(t *talk) []Quote {
	l := listen(t)
	return l.quotes("", mostOpinions, func(m *msg) float64 {
		if m.bot || m.cue(opines) < 1.2 || m.length < 3 || m.length > 60 || l.strange(m) || l.voices[m.author] < .15 {
			return 0
		}
		return .3*m.cue(opines) + m.score + .3*max(l.around(m.at), -1) + .3*l.voices[m.author]
	})
}

// quotes gives what was recorded as a kind and the messages that a measure
// puts highest, in the order in which they were said.
func (l *listener) quotes(kind source.Kind, most int, worth func(*msg) float64) []Quote {
	out := l.factQuotes(kind)
	var found []candidate
	for i := range l.msgs {
		if w := worth(&l.msgs[i]); w > worthLeast && l.msgs[i].twin < 0 {
			found = append(found, candidate{at: i, odds: w})
		}
	}
	slices.SortStableFunc(found, likelier)
	for _, c := range found[:min(len(found), most)] {
		if m := &l.msgs[c.at]; !cited(out, m.id()) {
			out = append(out, Quote{Cites: []string{m.id()}, Sure: m.sure})
		}
	}
	return l.inOrder(out)
}

const worthLeast = .5

// factQuotes gives what was recorded as one of some kinds.
func (l *listener) factQuotes(kinds ...source.Kind) []Quote {
	var out []Quote
	for _, f := range l.facts {
		if slices.Contains(kinds, f.Kind) && f.Kind != "" {
			out = append(out, Quote{Cites: l.factCites(f), Sure: true})
		}
	}
	return out
}

func cited(qs []Quote, id string) bool {
	return slices.ContainsFunc(qs, func(q Quote) bool { return slices.Contains(q.Cites, id) })
}

// inOrder puts quotes in the order of their moments.
func (l *listener) inOrder(qs []Quote) []Quote {
	at := make(map[string]time.Time, len(qs))
	for _, q := range qs {
		at[q.Cites[0]] = l.momentOf(q.Cites)
	}
	slices.SortStableFunc(qs, func(a, b Quote) int { return at[a.Cites[0]].Compare(at[b.Cites[0]]) })
	return qs
}
