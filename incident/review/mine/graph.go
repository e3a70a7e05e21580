package mine

import (
	"math"
	"slices"
	"time"
)

// How the walk goes. From a message it follows a word that it has in common
// with others, or a tie to one that it stands next to; now and then it begins
// anew, where the incident is named.
const (
	restarts  = 0.25
	byWords   = 0.6 // of the steps from a message that has both words and ties
	rounds    = 15
	tieThread = 0.35
	tieNext   = 0.22
	tieLater  = 0.15
	tieBot    = 0.05
	tieNamed  = 0.35
	tieAuthor = 0.18
	nextIn    = 4 * time.Minute
	slowest   = 20 * time.Minute
	authorIn  = 20 * time.Minute
	threadFew = 12 // ties of a thread's message to those before it
)

// tie joins a message to another one.
type tie struct {
	to     int32
	weight float64
}

// graph is who stands near whom: messages through the words that they have in
// common, which costs no more than the words are long, and through ties.
type graph struct {
	n        int
	usable   [][]int32 // words of each message that lead anywhere
	share    []float64 // by word: how rare it is
	spread   []float64 // by word: 1 / the weight of all the messages that have it
	pull     []float64 // by message: 1 / the weight of its words
	ties     [][]tie
	tied     []float64 // by message: the weight of its ties
	nextIn   time.Duration
	wordMass []float64
}

func newGraph(t *talk) *graph {
	g := &graph{n: len(t.msgs), usable: make([][]int32, len(t.msgs)), pull: make([]float64, len(t.msgs)), ties: make([][]tie, len(t.msgs)), tied: make([]float64, len(t.msgs))}
	g.nextIn = t.pace()
	g.words(t)
	g.join(t)
	return g
}

// words weighs every word: those of one message lead nowhere, those of many
// lead everywhere.
func (g *graph) words(t *talk) {
	count := make([]int, len(t.voc.words))
	for i := range t.msgs {
		for _, w := range t.msgs[i].like {
			count[w]++
		}
	}
	g.share = make([]float64, len(count))
	g.spread = make([]float64, len(count))
	g.wordMass = make([]float64, len(count))
	many := max(12, g.n*8/100)
	for w, c := range count {
		if c > 1 && c <= many {
			g.share[w] = math.Log(float64(g.n+1) / (float64(c) + 0.5))
		}
	}
	for i := range t.msgs {
		sum := 0.0
		for _, w := range t.msgs[i].like {
			if g.share[w] > 0 {
				g.usable[i] = append(g.usable[i], w)
				sum += g.share[w] * g.share[w]
			}
		}
		if sum > 0 {
			g.pull[i] = 1 / math.Sqrt(sum)
			if t.msgs[i].bot {
				g.pull[i] /= math.Exp2(t.msgs[i].alike)
			}
		}
		for _, w := range g.usable[i] {
			g.spread[w] += g.share[w] * g.pull[i]
		}
	}
	for w, s := range g.spread {
		if s > 0 {
			g.spread[w] = 1 / s
		}
	}
}

func (g *graph) tie(a, b int, weight float64) {
	g.ties[a] = append(g.ties[a], tie{int32(b), weight})
	g.ties[b] = append(g.ties[b], tie{int32(a), weight})
	g.tied[a] += weight
	g.tied[b] += weight
}

// join ties each message to its thread, to what was said right before it, to
// the author whom it names and to its author's last words.
func (g *graph) join(t *talk) {
	for _, root := range sortedKeys(t.threads) {
		line := t.threads[root]
		for k := 1; k < len(line); k++ {
			for back := k - 1; back >= max(0, k-threadFew); back-- {
				g.tie(line[k], line[back], tieThread)
			}
		}
	}
	last := map[int]int{}
	for i := range t.msgs {
		m := &t.msgs[i]
		if m.root >= 0 {
			continue
		}
		g.joinBefore(t, i)
		if m.bot || m.author == nobody {
			continue
		}
		if p, ok := last[m.author]; ok {
			switch gap := m.when().Sub(t.msgs[p].when()); {
			case gap < authorIn:
				g.tie(i, p, tieAuthor)
			case gap < 3*authorIn:
				g.tie(i, p, tieAuthor/2)
			}
		}
		last[m.author] = i
	}
}

func (g *graph) joinBefore(t *talk, i int) {
	m, found := &t.msgs[i], 0
	for j := i - 1; j >= max(0, i-6) && found < 2; j-- {
		p := &t.msgs[j]
		if p.root >= 0 {
			continue
		}
		gap := m.when().Sub(p.when())
		if gap > g.nextIn {
			return
		}
		weight := tieNext
		if gap > nextIn {
			weight = tieLater
		}
		if m.bot || p.bot {
			weight = tieBot
		}
		if m.author != p.author && t.calls(m, p.author) {
			weight += tieNamed
		}
		g.tie(i, j, weight)
		found++
	}
}

// pace is how long after another message one still answers it: a few minutes,
// or longer where people talk slowly.
func (t *talk) pace() time.Duration {
	var gaps []time.Duration
	last := -1
	for i := range t.msgs {
		if m := &t.msgs[i]; m.root < 0 && !m.bot {
			if last >= 0 {
				gaps = append(gaps, m.when().Sub(t.msgs[last].when()))
			}
			last = i
		}
	}
	if len(gaps) == 0 {
		return nextIn
	}
	slices.Sort(gaps)
	return max(nextIn, min(slowest, 3*gaps[len(gaps)/2]))
}

// walk says how often somebody is at each message who walks for long and
// begins anew at the given places.
func (g *graph) walk(from []float64) []float64 {
	at, next := slices.Clone(from), make([]float64, g.n)
	for range rounds {
		clear(g.wordMass)
		lost := 0.0
		for i := range next {
			next[i] = restarts * from[i]
		}
		for i, here := range at {
			here *= 1 - restarts
			words, ties := g.split(i)
			if words+ties == 0 {
				lost += here
				continue
			}
			if words > 0 {
				g.speak(i, here*words)
			}
			if ties > 0 {
				f := here * ties / g.tied[i]
				for _, e := range g.ties[i] {
					next[e.to] += f * e.weight
				}
			}
		}
		for i := range next {
			for _, w := range g.usable[i] {
				next[i] += g.wordMass[w] * g.share[w] * g.pull[i] * g.spread[w]
			}
			next[i] += lost * from[i]
		}
		at, next = next, at
	}
	return at
}

func (g *graph) split(i int) (words, ties float64) {
	switch hasWords, hasTies := len(g.usable[i]) > 0, g.tied[i] > 0; {
	case hasWords && hasTies:
		return byWords, 1 - byWords
	case hasWords:
		return 1, 0
	case hasTies:
		return 0, 1
	}
	return 0, 0
}

// speak shares what is at a message among its words, the rarer the more.
func (g *graph) speak(i int, mass float64) {
	sum := 0.0
	for _, w := range g.usable[i] {
		sum += g.share[w]
	}
	for _, w := range g.usable[i] {
		g.wordMass[w] += mass * g.share[w] / sum
	}
}

func sortedKeys[V any](m map[int]V) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
