package mine

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	doubt     = 1.2 // how much less small scores are believed
	fewest    = 6   // entries that are shown even when none is sure
	most      = 500
	mergeIn   = 150 * time.Second
	heels     = 30 * time.Second
	mergeMost = 4
)

// name is how entries of a kind are called.
func (c class) name() string {
	names := [kinds]string{"detect", "impact", "evidence", "cause", "hypothesis", "decision", "action", "resolution", "reopen", "handover", "comms"}
	return names[c]
}

// kindOf says what kind of entry a message makes.
func kindOf(m *msg) class {
	if m.cue(reopen) > 0 {
		return reopen
	}
	before := [kinds]float64{resolution: 0.3, cause: 0.25, handover: 0.2, detect: 0.1, action: 0.1}
	best, most := evidence, 0.0
	for c := range kinds {
		if x := m.cue(c); x > 0 && c != hypothesis && x+before[c] > most {
			best, most = c, x+before[c]
		}
	}
	return best
}

// pick gives the messages that belong on the timeline, oldest first: as many
// of the best as make the expected agreement with a person's choice the
// greatest, if the scores are taken for chances.
func (t *talk) pick() []int { return t.pickBy(doubt) }

func (t *talk) pickBy(doubt float64) []int {
	var all []int
	for i := range t.msgs {
		if t.msgs[i].twin < 0 {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(t.msgs[b].score, t.msgs[a].score) })
	wanted := 0.0
	for _, i := range all {
		wanted += math.Pow(t.msgs[i].score, doubt)
	}
	n, sum, best := 0, 0.0, 0.0
	for k, i := range all {
		sum += t.msgs[i].score
		if f := sum / (float64(k+1) + wanted); f > best {
			best, n = f, k+1
		}
	}
	n = min(len(all), max(n, fewest), most)
	picked := slices.Clone(all[:n])
	slices.Sort(picked)
	return picked
}

// found makes entries of what was picked.
func (t *talk) found(picked []int) []Entry {
	var out []Entry
	var last []int
	var kind class
	for _, i := range picked {
		m := &t.msgs[i]
		k := kindOf(m)
		if len(last) > 0 && len(last) < mergeMost && t.continues(last[len(last)-1], i, kind) {
			last = append(last, i)
			e := &out[len(out)-1]
			e.Cites = append(e.Cites, m.id())
			continue
		}
		last, kind = append(last[:0], i), k
		out = append(out, Entry{At: m.when(), Kind: k.name(), Cites: []string{m.id()}})
	}
	return out
}

// continues says that a message goes on with what the one before it says: its
// author talks on, or somebody answers on its heels, says the same kind of
// thing, or has its words.
func (t *talk) continues(before, i int, kind class) bool {
	a, b := &t.msgs[before], &t.msgs[i]
	gap := b.when().Sub(a.when())
	if gap > mergeIn {
		return false
	}
	alike := float64(sharing(a, b)) / float64(max(1, min(len(a.like), len(b.like))))
	return a.author == b.author || gap < heels || alike > 0.25 || kindOf(b) == kind
}
