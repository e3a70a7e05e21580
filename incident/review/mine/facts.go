package mine

import (
	"slices"
	"sort"
	"time"

	"tocsin/incident/review/source"
)

const (
	repeatsIn  = 3 * time.Minute // a message that says what a fact says stands this near
	repeatsHow = 0.6             // and has this share of its words
	sameMoment = 2 * time.Minute
)

// recorded makes entries of what was recorded, and says which messages they
// speak for.
func (t *talk) recorded() (entries []Entry, spoken map[int]bool) {
	spoken = map[int]bool{}
	for k, f := range t.facts {
		if f.Kind == source.Milestone && t.told(k) {
			continue
		}
		e := Entry{At: f.At, Kind: string(f.Kind), Cites: []string{f.ID}, Sure: true}
		at, about := t.byID[f.About]
		if about {
			if spoken[at] && f.Kind == source.Captured {
				continue
			}
			if f.Kind == source.Captured {
				e.At, e.Kind = t.msgs[at].when(), kindOf(&t.msgs[at]).name()
				e.Cites = []string{f.About, f.ID}
			} else {
				e.Cites = append(e.Cites, f.About)
			}
			spoken[at] = true
		}
		for _, i := range t.repeating(f) {
			if !spoken[i] && len(e.Cites) < mergeMost {
				spoken[i] = true
				e.Cites = append(e.Cites, t.msgs[i].id())
			}
		}
		entries = append(entries, e)
	}
	return entries, spoken
}

// told says that a milestone is told by another fact of the same moment.
func (t *talk) told(k int) bool {
	for j := range t.facts {
		if f := &t.facts[j]; j != k && f.Kind != source.Milestone && f.At.Sub(t.facts[k].At).Abs() <= time.Minute {
			return true
		}
	}
	return false
}

// repeating gives the messages that say what a fact says at about its time.
func (t *talk) repeating(f source.Fact) []int {
	words := t.wordsOf(f.Words)
	if len(words) < 3 {
		return nil
	}
	var out []int
	from := sort.Search(len(t.msgs), func(i int) bool { return !t.msgs[i].when().Before(f.At.Add(-repeatsIn)) })
	for i := from; i < len(t.msgs) && i < from+200 && !t.msgs[i].when().After(f.At.Add(repeatsIn)); i++ {
		if float64(common(words, t.msgs[i].like)) >= repeatsHow*float64(len(words)) {
			out = append(out, i)
		}
	}
	return out
}

// timeline is what was recorded and what was found, oldest first.
func (t *talk) timeline() []Entry {
	entries, spoken := t.recorded()
	var rest []int
	for _, i := range t.pick() {
		if !spoken[i] {
			rest = append(rest, i)
		}
	}
	entries = append(entries, t.found(rest)...)
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	return entries
}

// recordedTimes are the moments that were recorded: milestones, and else what
// commands and pages say.
func (t *talk) recordedTimes() Times {
	var times Times
	for _, f := range t.facts {
		switch f.Kind {
		case source.Acknowledged:
			times.Ack = orMoment(times.Ack, t.milestone(f))
		case source.Resolved:
			times.Resolution = t.milestone(f)
		case source.Reopened:
			times.Resolution = nil
		case source.Alert, source.Page, source.Declared:
			times.Detection = orMoment(times.Detection, t.milestone(f))
		default:
		}
	}
	for _, f := range t.facts {
		if f.Kind == source.Milestone {
			times.set(f.Words, t.milestone(f))
		}
	}
	return times
}

func orMoment(a, b *Moment) *Moment {
	if a != nil {
		return a
	}
	return b
}

// set puts a moment where its milestone's name says.
func (x *Times) set(name string, m *Moment) {
	switch name {
	case "impact_start":
		x.ImpactStart = m
	case "detection":
		x.Detection = m
	case "ack":
		x.Ack = m
	case "mitigation":
		x.Mitigation = m
	case "resolution":
		x.Resolution = m
	}
}

// milestone is the moment of a fact. A milestone has only a name; what was
// recorded in the same second says more, and is cited in its place.
func (t *talk) milestone(f source.Fact) *Moment {
	if f.Kind == source.Milestone {
		f = t.behind(f)
	}
	m := &Moment{At: f.At, Cites: []string{f.ID}, Sure: true}
	if _, ok := t.byID[f.About]; ok {
		m.Cites = append(m.Cites, f.About)
	}
	return m
}

// behind is the fact that a milestone comes from: the one of that second whose
// kind fits it best; the milestone itself when there is none.
func (t *talk) behind(f source.Fact) source.Fact {
	best, rank := f, 0
	for _, other := range t.facts {
		if other.At.Sub(f.At).Abs() > time.Second {
			continue
		}
		if r := bears(f.Words, other.Kind); r > rank {
			best, rank = other, r
		}
	}
	best.At = f.At
	return best
}

// bears says how likely a milestone comes from a kind of fact; 0: not at all.
func bears(milestone string, k source.Kind) int {
	kinds := map[string][]source.Kind{
		"impact_start": {source.Alert, source.Impact},
		"detection":    {source.Declared, source.Alert},
		"ack":          {source.Role, source.Page, source.Acknowledged},
		"mitigation":   {source.Update, source.Status},
		"resolution":   {source.Update, source.Resolved},
	}[milestone]
	return slices.Index(kinds, k) + 1
}

// allTimes are the five moments: what was recorded outranks what is inferred,
// which stays as the other candidate where it differs.
func (t *talk) allTimes() Times {
	sure, found := t.recordedTimes(), t.findTimes()
	return Times{
		ImpactStart: outrank(sure.ImpactStart, found.ImpactStart),
		Detection:   outrank(sure.Detection, found.Detection),
		Ack:         outrank(sure.Ack, found.Ack),
		Mitigation:  outrank(sure.Mitigation, found.Mitigation),
		Resolution:  outrank(sure.Resolution, found.Resolution),
	}
}

// ordered lets a mitigation be no later than the resolution: what is over
// hurts no more. The later moment stays as the other candidate.
func (x Times) ordered() Times {
	if m, r := x.Mitigation, x.Resolution; m != nil && r != nil && !m.Sure && m.At.After(r.At) {
		x.Mitigation = &Moment{At: r.At, Cites: r.Cites, Sure: r.Sure, Other: &Moment{At: m.At, Cites: m.Cites}}
	}
	return x
}

func outrank(sure, found *Moment) *Moment {
	switch {
	case sure == nil:
		return found
	case found != nil && found.At.Sub(sure.At).Abs() > sameMoment:
		found.Other = nil
		sure.Other = found
	}
	return sure
}
