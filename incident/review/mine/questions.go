package mine

import "slices"

const mostQuestions = 10

// questions finds what somebody asked about the incident and nobody answered.
func questions(t *talk) []Quote {
	l := listen(t)
	var found []candidate
	for i := range l.msgs {
		m := &l.msgs[i]
		if m.bot || m.twin >= 0 || m.cue(asking) == 0 || m.length < 4 || m.length > 50 || l.strange(m) || l.replied(i) {
			continue
		}
		if w := m.score + .15*clamp(max(m.near, l.around(i)), -2, 2) + .2*l.voices[m.author] - .4*some(m, joke, private); w > .3 {
			found = append(found, candidate{at: i, odds: w})
		}
	}
	slices.SortStableFunc(found, likelier)
	found = found[:min(len(found), mostQuestions)]
	slices.SortFunc(found, func(a, b candidate) int { return a.at - b.at })
	out := make([]Quote, len(found))
	for k, c := range found {
		out[k] = Quote{Cites: []string{l.msgs[c.at].id()}, Sure: l.msgs[c.at].sure}
	}
	return out
}

// replied says whether somebody else answers a question, or its author does.
func (l *listener) replied(i int) bool {
	m := &l.msgs[i]
	if v := l.verdict(i, nil); v.is != Open && v.strength > .35 {
		return true
	}
	for k, j := range l.after(i, fewLines, 4*sameExchange) {
		if l.repliesTo(m, &l.msgs[j], k) {
			return true
		}
	}
	return false
}

// repliesTo says whether the k-th message after a question answers it.
func (l *listener) repliesTo(m, o *msg, k int) bool {
	tells := o.cue(asking) == 0
	common := sharing(m, o) > 0 && tells
	if o.author == m.author {
		return common && k > 0
	}
	direct := k < 2 && o.when().Sub(m.when()) < 2*sameBreath
	return common || direct && (tells || o.cue(assents)+o.cue(objects) > 0) || slices.Contains(l.calls(o), m.author)
}
