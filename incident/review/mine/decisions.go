package mine

import (
	"slices"
	"time"

	"tocsin/incident/review/source"
)

// decisions finds what was decided: what was recorded as such, and in talk a
// proposal that somebody agrees to, a choice between options, or a change that
// a responder announces.
func decisions(t *talk) []Decision {
	return listen(t).decisions()
}

func (l *listener) decisions() []Decision {
	found := l.recorded(source.Decision)
	taken, kept := map[int]bool{}, map[int]bool{}
	for _, d := range found {
		for _, id := range d.Cites {
			if at, ok := l.byID[id]; ok {
				taken[at], kept[at] = true, true
			}
		}
	}
	heads := l.likely(l.models.decide, l.mayDecide, l.deciding)
	for _, h := range heads {
		if taken[h.at] {
			continue
		}
		group := l.settle(h.at)
		if slices.ContainsFunc(group, func(at int) bool { return kept[at] }) {
			continue // a part of what was recorded
		}
		for _, at := range group {
			taken[at] = true
		}
		d := Decision{Cites: l.ids(group), Aside: l.setAside(h.at, group)}
		found = append(found, d)
	}
	slices.SortStableFunc(found, func(a, b Decision) int { return l.momentOf(a.Cites).Compare(l.momentOf(b.Cites)) })
	return found
}

// recorded gives what commands and reactions recorded as decisions.
func (l *listener) recorded(kind source.Kind) []Decision {
	var out []Decision
	for _, f := range l.facts {
		if f.Kind == kind {
			out = append(out, Decision{Cites: l.factCites(f), Sure: true})
		}
	}
	return out
}

// factCites gives a fact's id and the message that it is about.
func (t *talk) factCites(f source.Fact) []string {
	cites := []string{f.ID}
	if _, ok := t.byID[f.About]; ok && f.About != "" {
		cites = append(cites, f.About)
	}
	return cites
}

// momentOf is when the first of some sources was said or recorded.
func (l *listener) momentOf(cites []string) time.Time {
	for _, id := range cites {
		if at, ok := l.byID[id]; ok {
			return l.msgs[at].when()
		}
		if at, ok := l.recordedAt[id]; ok {
			return at
		}
	}
	return time.Time{}
}

// candidate is a message with how likely it is to be what is looked for.
type candidate struct {
	at    int
	odds  float64
	trait []float64
}

// likely gives the candidates that a model finds likely enough, the likeliest
// first; of equals the earlier.
// The first few are taken even where the model is in doubt.
func (l *listener) likely(m model, may func(int) bool, traits func(int) []float64) []candidate {
	var out []candidate
	for i := range l.msgs {
		if l.msgs[i].twin >= 0 || !may(i) {
			continue
		}
		x := traits(i)
		if p := m.of(x); p >= m.least*inDoubt {
			out = append(out, candidate{i, p, x})
		}
	}
	slices.SortStableFunc(out, likelier)
	for k := len(out) - 1; k >= m.few && out[k].odds < m.least; k-- {
		out = out[:k]
	}
	return out
}

// inDoubt is how much less likely the first few may be.
const inDoubt = .3

// likelier puts the likelier candidate first, and of equals the earlier.
func likelier(a, b candidate) int {
	switch {
	case a.odds > b.odds:
		return -1
	case a.odds < b.odds:
		return 1
	}
	return a.at - b.at
}

func (l *listener) mayDecide(i int) bool {
	m := &l.msgs[i]
	return !m.bot && (m.cue(proposes)+m.cue(chooses)+m.cue(intends)+m.cue(orders)+m.cue(changing)+m.cue(changed)+m.cue(tries) > 0 || l.answers(i) > 0)
}

// deciding are the traits of a message that may hold a decision.
func (l *listener) deciding(i int) []float64 {
	m := &l.msgs[i]
	assent, dissent := l.answered(i)
	plain := unit(m.cue(changing)+m.cue(orders)+m.cue(intends) >= 1 && m.cue(asking) == 0 && m.cue(looks) < 1 && m.cue(changed) < 1)
	acts := m.cue(proposes)+m.cue(orders)+m.cue(offers)+m.cue(chooses) > 0
	return append(l.common(i),
		much(m, proposes), much(m, chooses), much(m, intends), much(m, orders), much(m, changing), much(m, changed),
		some(m, looks, shortly), much(m, tries), much(m, guesses), some(m, offers),
		assent*unit(acts), dissent, l.answers(i), l.carriedOut(i),
		some(m, lateron), some(m, marks), some(m, prevents), some(m, broken, denies), some(m, doneNow, resolution),
		unit(m.cue(asking) > 0)*unit(m.cue(proposes) > 0), unit(m.cue(asking) > 0)*assent,
		plain, plain*m.score, plain*l.carriedOut(i)*m.score,
		some(m, hypothesis, points), l.firstSaid(i)*plain,
	)
}

func decidingNames() []string {
	return append(commonNames(), "proposes", "chooses", "intends", "orders", "changing", "changed", "looks", "tries", "guesses", "offers",
		"assented", "dissented", "answers", "carried", "later", "marks", "prevents", "broken", "done", "askproposes", "askassented", "plainchange", "plainscore", "plaincarried", "guessy", "first")
}

// answered says how clearly others agreed with a message, and how clearly they
// did not.
func (l *listener) answered(i int) (assent, dissent float64) {
	m := &l.msgs[i]
	for _, r := range m.src.Reactions {
		if isThumb(r.Name) && len(r.By) > 0 {
			assent = max(assent, 0.7)
		}
	}
	weight := 1.0
	for _, j := range l.after(i, fewLines, sameExchange) {
		o := &l.msgs[j]
		if o.author == m.author {
			weight *= 0.9
			continue
		}
		if o.cue(assents) > 0 && o.cue(objects) < 1 {
			assent = max(assent, weight*unitOr(o.length <= 8, 0.6))
		}
		if o.cue(objects) >= 1 && o.cue(assents) == 0 {
			dissent = max(dissent, weight)
		}
		weight *= 0.75
	}
	return assent, dissent
}

func unitOr(b bool, otherwise float64) float64 {
	if b {
		return 1
	}
	return otherwise
}

func isThumb(name string) bool {
	switch name {
	case "+1", "thumbsup", "thumbs_up", "white_check_mark", "heavy_check_mark", "ok_hand", "shipit", "ok", "ship", "check", "👍", "✅":
		return true
	}
	return false
}

// answers says how clearly a message settles what others proposed just before:
// it agrees, chooses, or repeats one of the words offered.
func (l *listener) answers(i int) float64 {
	m := &l.msgs[i]
	weight := 1.0
	for _, j := range l.before(i, 4, sameExchange) {
		o := &l.msgs[j]
		if o.author != m.author && l.isProposal(o) {
			bare := m.length <= 2 && o.cue(offers) > 0
			if m.cue(chooses)+m.cue(assents)+m.cue(orders)+m.cue(proposes) > 0 || bare || o.cue(asking) > 0 && sharing(m, o) > 0 && m.cue(asking) == 0 {
				return weight * (1 + .5*unit(o.cue(offers) > 0))
			}
		}
		weight *= 0.75
	}
	return 0
}

// isProposal says whether a message lays something before others to decide.
func (l *listener) isProposal(o *msg) bool {
	return o.cue(offers) > 0 || o.cue(proposes) > 1 || o.cue(asking) > 0 && o.cue(proposes)+o.cue(orders) > 0
}

// carriedOut says whether somebody soon reports the change that a message
// speaks of, wherever they say so.
func (l *listener) carriedOut(i int) float64 {
	m := &l.msgs[i]
	if m.cue(orders)+m.cue(proposes)+m.cue(intends)+m.cue(changing) == 0 {
		return 0
	}
	for j := i + 1; j < len(l.msgs) && j <= i+4*fewLines; j++ {
		o := &l.msgs[j]
		if o.when().Sub(m.when()) > 4*sameExchange {
			break
		}
		if o.twin < 0 && (o.cue(changed) > 0 || o.cue(doneNow) > 0) && (sharing(m, o) > 0 || o.length <= 4 && o.score > .2) {
			return 1
		}
	}
	return 0
}

// firstSaid says whether a message is the first to speak of its change.
func (l *listener) firstSaid(i int) float64 {
	m := &l.msgs[i]
	for _, j := range l.before(i, fewLines, 4*sameExchange) {
		o := &l.msgs[j]
		if o.cue(changing)+o.cue(orders)+o.cue(changed) > 0 && sharing(m, o) > 0 {
			return 0
		}
	}
	return 1
}

const mostCites = 6

// settle gives the messages that make up a decision: the one that says it
// first, then what it answers, then those who agreed, and restatements.
func (l *listener) settle(i int) []int {
	m := &l.msgs[i]
	group := []int{i}
	for _, j := range l.before(i, 4, sameExchange) {
		o := &l.msgs[j]
		related := sharing(m, o) > 0 && (o.author == m.author || o.cue(proposes)+o.cue(orders) > 0) ||
			o.author != m.author && l.answers(i) > 0 && l.isProposal(o)
		if related && len(group) < 3 {
			group = append(group, j)
		}
	}
	for _, j := range l.after(i, 5, sameExchange) {
		o := &l.msgs[j]
		agrees := o.author != m.author && o.cue(assents) > 0
		restates := sharing(m, o) > 0 && o.cue(proposes)+o.cue(orders)+o.cue(chooses) > 0
		if (agrees || restates) && len(group) < mostCites {
			group = append(group, j)
		}
	}
	return group
}

// setAside gives what was proposed besides.
func (l *listener) setAside(i int, group []int) []string {
	m := &l.msgs[i]
	var out []string
	for _, j := range slices.Concat(l.before(i, 4, sameExchange), l.after(i, 4, sameExchange)) {
		o := &l.msgs[j]
		if !slices.Contains(group, j) && o.author != m.author && o.cue(proposes) > 0 && o.cue(orders)+o.cue(offers) > 0 {
			out = append(out, o.id())
		}
	}
	return out
}

func (l *listener) ids(group []int) []string {
	out := make([]string, len(group))
	for i, at := range group {
		out[i] = l.msgs[at].id()
	}
	return out
}
