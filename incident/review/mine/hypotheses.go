package mine

import (
	"slices"
	"time"

	"tocsin/incident/review/source"
)

// hypotheses finds what was guessed to be wrong, and what became of it. A step
// that was tried and changed nothing is a guess that was refuted; something
// found outright is one that was confirmed as it was said.
func hypotheses(t *talk) []Hypothesis {
	return listen(t).hypotheses()
}

func (l *listener) hypotheses() []Hypothesis {
	heads := l.likely(l.models.guess, l.mayGuess, l.guessing)
	slices.SortFunc(heads, func(a, b candidate) int { return a.at - b.at })
	var groups []guess
	for _, h := range heads {
		if l.joins(groups, h.at) {
			continue
		}
		groups = append(groups, guess{propose: []int{h.at}, verdict: l.verdict(h.at, nil)})
	}
	l.contest(groups)
	out := l.statedCauses()
	for _, g := range groups {
		if g.verdict.is == Open && !l.guessed(g) {
			continue
		}
		h := Hypothesis{Propose: l.ids(g.propose), Verdict: g.verdict.is}
		if h.Verdict != Open {
			h.Decide = l.ids(g.verdict.by)
		}
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b Hypothesis) int { return l.momentOf(a.Propose).Compare(l.momentOf(b.Propose)) })
	return out
}

// contest gives a message that settles several guesses to the one that it
// settles most surely; the others look for another.
func (l *listener) contest(groups []guess) {
	most := map[int]float64{}
	for _, g := range groups {
		for _, j := range g.verdict.by {
			most[j] = max(most[j], g.verdict.strength)
		}
	}
	given := map[int]bool{}
	for n := range groups {
		v := groups[n].verdict
		if len(v.by) > 0 && v.strength >= most[v.by[0]] && !given[v.by[0]] {
			given[v.by[0]] = true
			continue
		}
		groups[n].verdict = settled{is: Open, strength: -1}
	}
	for n := range groups {
		if groups[n].verdict.strength < 0 {
			groups[n].verdict = l.verdict(groups[n].propose[0], given)
		}
	}
}

// guessed says whether a group holds a guess that stands open by itself: a
// step that nobody spoke of again is none.
func (l *listener) guessed(g guess) bool {
	for _, i := range g.propose {
		if m := &l.msgs[i]; m.cue(guesses) >= 1 || m.cue(asking) > 0 {
			return true
		}
	}
	return false
}

// statedCauses are the causes that somebody recorded.
func (l *listener) statedCauses() []Hypothesis {
	var out []Hypothesis
	for _, f := range l.facts {
		if f.Kind == source.Cause {
			cites := l.factCites(f)
			out = append(out, Hypothesis{Propose: cites, Decide: cites[:1], Verdict: Confirmed})
		}
	}
	return out
}

// guess is a hypothesis in the making.
type guess struct {
	propose []int
	verdict settled
}

// settled is what became of a guess, and which messages say so.
type settled struct {
	is       Verdict
	by       []int
	strength float64
}

const (
	mostProposals = 3
	mostVerdicts  = 3
)

// joins adds a message to the guess that it restates or settles, when there is
// one.
func (l *listener) joins(groups []guess, i int) bool {
	m := &l.msgs[i]
	for n := len(groups) - 1; n >= max(0, len(groups)-4); n-- {
		g := &groups[n]
		if slices.Contains(g.verdict.by, i) && m.cue(guesses) < 1 {
			return true
		}
		if g.verdict.is == Refuted && g.verdict.by[0] < i && m.cue(guesses) >= 1 {
			continue // the next guess, now that this one is out
		}
		if last := g.propose[len(g.propose)-1]; len(g.propose) < mostProposals && l.restates(last, i) {
			g.propose = append(g.propose, i)
			if later := l.verdict(i, nil); later.strength > g.verdict.strength {
				g.verdict = later
			}
			return true
		}
	}
	return false
}

// restates says whether a message says again what one just before it guessed.
func (l *listener) restates(i, j int) bool {
	a, b := &l.msgs[i], &l.msgs[j]
	if a.root != b.root || b.when().Sub(a.when()) > sameExchange || !slices.Contains(l.before(j, 3, sameExchange), i) {
		return false
	}
	again := a.author == b.author && b.when().Sub(a.when()) <= sameBreath
	agrees := b.length <= 6 && b.cue(affirms) > 0 && b.cue(things) == 0
	return again || agrees || sharing(a, b) > 0
}

func (l *listener) mayGuess(i int) bool {
	m := &l.msgs[i]
	if m.bot {
		return false
	}
	return m.cue(guesses)+m.cue(reasons)+m.cue(finds) > 0 || m.cue(asking) > 0 && m.cue(points)+m.cue(things) > 0 ||
		m.cue(tries)+m.cue(intends) > 0 && m.cue(changing)+m.cue(orders) > 0 || m.cue(changing) > 0
}

// guessing are the traits of a message that may hold a hypothesis.
func (l *listener) guessing(i int) []float64 {
	m := &l.msgs[i]
	v := l.verdict(i, nil)
	refuted, confirmed := 0.0, 0.0
	switch v.is {
	case Refuted:
		refuted = v.strength
	case Confirmed:
		confirmed = v.strength
	case Open:
	}
	attempt := unit(m.cue(changing)+m.cue(orders) > 0 && m.cue(asking) == 0)
	asks := unit(m.cue(asking) > 0)
	return append(l.common(i),
		much(m, guesses), much(m, points), some(m, things), much(m, reasons), much(m, finds), some(m, affirms), some(m, denies),
		some(m, tries), attempt, attempt*refuted, refuted, confirmed, much(m, cause), much(m, hypothesis),
		asks*unit(m.length <= 8)*some(m, things), asks*much(m, points), some(m, requests), some(m, proposes), some(m, lateron, marks),
		some(m, broken), some(m, looks), unit(m.cue(guesses) > 0)*some(m, things, points), some(m, resolution), some(m, whose),
	)
}

func guessingNames() []string {
	return append(commonNames(), "guesses", "points", "things", "reasons", "finds", "affirms", "denies", "tries", "attempt", "attemptrefuted",
		"refuted", "confirmed", "cause", "hypothesis", "asksthing", "askspoints", "requests", "proposes", "later", "broken", "looks", "guessthing", "resolution", "whose")
}

// verdict looks for what settles a guess: what others, or its author later,
// say of it.
func (l *listener) verdict(i int, given map[int]bool) settled {
	m := &l.msgs[i]
	best := settled{is: Open}
	if found := m.cue(finds) + .7*m.cue(reasons); found >= 1.4 && m.cue(guesses) < 1 && m.cue(asking) == 0 {
		best = settled{is: Confirmed, by: []int{i}, strength: .45}
	}
	attempt := m.cue(changing)+m.cue(orders)+m.cue(tries) > 0
	for k, j := range l.after(i, 28, 4*time.Hour) {
		if given[j] {
			continue
		}
		is, s := l.settles(i, j, k, attempt)
		if s > best.strength {
			best = settled{is: is, by: []int{j}, strength: s}
		}
	}
	if len(best.by) == 1 && best.by[0] != i {
		best.by = append(best.by, l.saySo(i, best)...)
	}
	return best
}

// saySo gives further messages that say the same of a guess.
func (l *listener) saySo(i int, v settled) []int {
	var out []int
	for k, j := range l.after(v.by[0], 4, sameExchange) {
		if is, s := l.settles(i, j, k+1, false); is == v.is && s >= .3 && len(out)+1 < mostVerdicts {
			out = append(out, j)
		}
	}
	return out
}

// settles says what a later message makes of a guess and how surely, 0 to 1.
func (l *listener) settles(i, j, k int, attempt bool) (Verdict, float64) {
	m, o := &l.msgs[i], &l.msgs[j]
	no, yes := min(o.cue(denies), 3), min(o.cue(affirms)+.5*o.cue(finds), 3)
	if attempt {
		no = max(no, min(o.cue(reopen), 2))
		yes = max(yes, min(o.cue(resolution), 2)*.8)
	}
	if o.cue(asking) > 0 {
		no, yes = no*.6, yes*.5
	}
	is, cue := Refuted, no
	if yes > no || o.cue(notYet) == 0 && yes == no && o.cue(negation) == 0 {
		is, cue = Confirmed, yes
	}
	direct := k == 0 && o.author != m.author
	if cue < .9 && !(direct && cue >= .4) {
		return l.countered(m, o, direct)
	}
	common := sharing(m, o)
	tie := 1 / (1 + .22*float64(k))
	if common == 0 && k > 7 {
		return Open, 0
	}
	tie += .35 * float64(min(common, 3))
	if o.author != m.author && k < 4 {
		tie += .15
	}
	return is, clamp(tie*(.3+.25*cue), 0, 1.5) / 1.5
}

// countered is for the answer that neither says yes nor no: who agrees says
// so, who does not brings something up against it.
func (l *listener) countered(m, o *msg, direct bool) (Verdict, float64) {
	if direct && m.cue(asking) > 0 && o.cue(asking) == 0 && o.cue(guesses) == 0 && sharing(m, o) > 0 && o.when().Sub(m.when()) <= 2*sameBreath {
		return Refuted, .25
	}
	return Open, 0
}
