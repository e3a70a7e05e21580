package mine

import (
	"math"
	"slices"
	"strings"

	"tocsin/incident/review/source"
)

// What the walk begins anew with.
const (
	seedTitle  = 3.0
	seedFacts  = 1.5
	seedSure   = 1.5
	seedAlert  = 0.8
	seedDetect = 0.35
	seedNamed  = 0.2
	kinMost    = 10 // messages of an author that speak for them
	kinLeast   = 4
)

// bringNear says of every message how near it stands to the incident: how much
// oftener somebody comes by who walks from the incident's own words than
// somebody who walks from anywhere.
func (t *talk) bringNear() {
	n := len(t.msgs)
	if n == 0 {
		return
	}
	t.countForms()
	g := newGraph(t)
	seeds := t.seeds(g)
	even := make([]float64, n)
	for i := range even {
		even[i] = 1 / float64(n)
	}
	from, anywhere := g.walk(seeds), g.walk(even)
	t.graph, t.anywhere = g, anywhere
	for i := range t.msgs {
		m := &t.msgs[i]
		few := 1e-3 / float64(n)
		m.near = max(-3, min(3, math.Log2((from[i]+few)/(anywhere[i]+few))))
		m.weight = from[i] * float64(n)
	}
	t.findKin()
}

func (t *talk) seeds(g *graph) []float64 {
	title := t.wordsOf(t.in.Title + "\n" + strings.Join(t.in.Services, "\n"))
	facts := t.wordsOf(factWords(t.facts))
	seeds := make([]float64, len(t.msgs))
	sum := 0.0
	for i := range t.msgs {
		m := &t.msgs[i]
		s := seedTitle*g.like(m, title) + seedFacts*g.like(m, facts)
		if m.sure {
			s += seedSure
		}
		if m.bot && m.cue(severe) >= 1 && m.cue(mild) == 0 {
			s += seedAlert / math.Exp2(m.alike/2)
		}
		if !m.bot && m.cue(detect) >= 2 {
			s += seedDetect
		}
		if m.cue(named) > 0 && len(m.like) > 2 {
			s += seedNamed
		}
		seeds[i] = s
		sum += s
	}
	for i := range seeds {
		if sum == 0 {
			seeds[i] = 1 / float64(len(seeds))
		} else {
			seeds[i] /= sum
		}
	}
	return seeds
}

// wordsOf gives the words of a text by which messages are likened to it.
func (t *talk) wordsOf(text string) []int32 {
	r := reader{v: t.voc, most: 2000}
	r.read(text)
	slices.Sort(r.like)
	return slices.Clone(slices.Compact(r.like))
}

// like is how alike a message is to some words, 0 to 1.
func (g *graph) like(m *msg, words []int32) float64 {
	common, all := 0.0, 0.0
	for _, w := range words {
		if int(w) < len(g.share) {
			all += g.share[w] * g.share[w]
		}
	}
	if all == 0 || g.pull[m.at] == 0 {
		return 0
	}
	for _, w := range g.usable[m.at] {
		if _, ok := slices.BinarySearch(words, w); ok {
			common += g.share[w] * g.share[w]
		}
	}
	return common * g.pull[m.at] / math.Sqrt(all)
}

// factWords are the words of what was recorded, as far as they are needed.
func factWords(facts []source.Fact) string {
	var out strings.Builder
	for _, f := range facts[:min(len(facts), 200)] {
		out.WriteString(f.Words)
		out.WriteByte('\n')
	}
	return out.String()
}

// findKin says of every author how near the nearest of their messages stand.
func (t *talk) findKin() {
	by, bots := make([][]float64, len(t.people)), make([]bool, len(t.people))
	for i := range t.msgs {
		bots[t.msgs[i].author] = t.msgs[i].bot
		by[t.msgs[i].author] = append(by[t.msgs[i].author], t.msgs[i].near)
	}
	kin := make([]float64, len(t.people))
	for p, all := range by {
		if bots[p] {
			for _, x := range all {
				kin[p] += x / float64(max(kinLeast, len(all)))
			}
			continue
		}
		slices.Sort(all)
		slices.Reverse(all)
		all = all[:min(kinMost, len(all))]
		for _, x := range all {
			kin[p] += x / float64(max(kinLeast, len(all)))
		}
	}
	for i := range t.msgs {
		t.msgs[i].kin = kin[t.msgs[i].author]
	}
}

// drawn says how near every message stands to those that score well.
func (t *talk) drawn() []float64 {
	out := make([]float64, len(t.msgs))
	sum := 0.0
	for i := range t.msgs {
		out[i] = t.msgs[i].score * t.msgs[i].score
		sum += out[i]
	}
	if sum == 0 || t.graph == nil {
		return make([]float64, len(t.msgs))
	}
	for i := range out {
		out[i] /= sum
	}
	few := 1e-3 / float64(len(out))
	for i, x := range t.graph.walk(out) {
		out[i] = max(-3, min(3, math.Log2((x+few)/(t.anywhere[i]+few))))
	}
	return out
}
