package mine

import "time"

// phase is what state an incident is in when something is said.
type phase uint8

const (
	before    phase = iota // nobody knows of it
	impacted               // it hurts
	mitigated              // it hurts no more, so far
	following              // it is over; people tidy up
	phases
)

// never is the weight of what cannot be.
const never = -1e9

// observedAt is the score from which a message tells of the phase it is said in.
const observedAt = 0.40

// shift is how readily one phase follows another.
func shift(a, b phase) float64 {
	table := [phases][phases]float64{
		{0, -0.8, never, never},
		{never, 0, -1.3, -4},
		{never, -2.4, 0, -0.8},
		{never, -3.6, -2.5, 0},
	}
	return table[a][b]
}

// recovers is how much a message says that it works again, unless it hopes,
// asks or denies.
func recovers(m *msg) float64 {
	x := m.cue(resolution)
	if m.bot && m.cue(allClear) > 0 {
		return max(x, 1.7)
	}
	if m.cue(notYet) >= 0.7 {
		return 0
	}
	if m.cue(hypothesis) >= 1 {
		x /= 2
	}
	return max(0, x-2*m.cue(reopen))
}

// hurts is how much a message says that it does not work.
func hurts(m *msg) float64 {
	x := min(2.2, 0.5*m.cue(detect)+0.5*m.cue(impact)+0.7*m.cue(reopen)+0.8*min(m.cue(broken), 1))
	if m.cue(mild) >= 1.2 || m.cue(aside) >= 1.5 || m.cue(follow) >= 1 {
		return x / 3
	}
	if m.cue(action) >= 1 && m.cue(reopen) == 0 {
		x *= 0.7
	}
	if m.bot && m.cue(severe) >= 1 && m.cue(resolution) < 1 && m.cue(allClear) == 0 {
		return max(x, 1)
	}
	return x
}

// emits is how well a message goes with each phase.
func emits(m *msg, voice float64) [phases]float64 {
	w := (0.35 + m.score) * (0.3 + voice)
	bad, good := hurts(m), recovers(m)
	act := m.cue(action)
	ask := min(2, m.cue(hypothesis)+0.5*m.cue(evidence)+0.5*m.cue(cause))
	after := 0.0
	if m.cue(follow) >= 1.2 {
		after = 1.5
	}
	if good >= 1.5 {
		bad *= 0.4
	}
	return [phases]float64{
		w * (-0.55*bad - 0.3*ask - 0.2*good),
		w * (0.55*bad + 0.35*ask + 0.15*act + 0.7*min(m.cue(reopen), 2) - 0.75*good - 0.5*after),
		w * (0.85*good + 0.5*min(m.cue(declaredOver), 1) - 0.6*bad - 0.12*ask),
		w * (0.8*after + 0.25*m.cue(comms) + 0.2*good - 0.8*bad - 0.2*act - 0.2*ask),
	}
}

// course says in which phase each of some messages was said: the likeliest
// course of the whole, by Viterbi's algorithm.
func (t *talk) course(at []int) []phase {
	if len(at) == 0 {
		return nil
	}
	first := emits(&t.msgs[at[0]], t.voice(at[0]))
	here := [phases]float64{first[before], first[impacted] - 0.6, never, never}
	from := make([][phases]phase, len(at))
	for k := 1; k < len(at); k++ {
		gap := t.msgs[at[k]].when().Sub(t.msgs[at[k-1]].when())
		ease := 1 - 0.3*min(1, gap.Hours()/4)
		e := emits(&t.msgs[at[k]], t.voice(at[k]))
		var next [phases]float64
		for b := range phases {
			next[b] = 2 * never
			for a := range phases {
				if x := here[a] + shift(a, b)*ease; x > next[b] {
					next[b], from[k][b] = x, a
				}
			}
			next[b] += e[b]
		}
		here = next
	}
	best := before
	for p := range phases {
		if here[p] > here[best] {
			best = p
		}
	}
	out := make([]phase, len(at))
	for k := len(at) - 1; k >= 0; k-- {
		out[k] = best
		best = from[k][best]
	}
	return out
}

// voice is how much the author of a message has to say of the incident.
func (t *talk) voice(i int) float64 {
	if len(t.loud) != len(t.people) {
		t.loud = t.bestBy(func(i int) float64 { return t.msgs[i].score })
	}
	return t.loud[t.msgs[i].author]
}

// observed gives the messages that tell of the incident's phases: those that
// score well, or else the best there are.
func (t *talk) observed() []int {
	least := observedAt
	for _, i := range t.pick() {
		least = min(least, t.msgs[i].score)
	}
	least = max(0.15, 0.8*least)
	var out []int
	for i := range t.msgs {
		if m := &t.msgs[i]; m.twin < 0 && m.score >= least && (m.near > 0 || m.kin > 0.3 || m.score >= 0.6 || turns(m)) {
			out = append(out, i)
		}
	}
	return out
}

// turns says that a message tells in so many words of a turn of the incident.
func turns(m *msg) bool { return m.cue(reopen) >= 1.5 || m.cue(declaredOver) > 0 && recovers(m) >= 1.5 }

// answered says whether people spoke up about something within a while: one
// who takes it up, or several words about it.
func (t *talk) answered(i int, within time.Duration) bool {
	words := 0
	for j := i + 1; j < len(t.msgs) && t.msgs[j].when().Sub(t.msgs[i].when()) <= within; j++ {
		m := &t.msgs[j]
		if m.bot || m.score < 0.3 || m.kin < 0 && m.score < 0.5 {
			continue
		}
		if m.cue(looking) >= 1 && m.when().Sub(t.msgs[i].when()) < within/2 {
			return true
		}
		if m.score >= 0.5 && m.near > 0 {
			words++
		}
	}
	return words >= 3
}
