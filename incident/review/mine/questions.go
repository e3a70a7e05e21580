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
	if v := l.verdict(i); v.is != Open && v.strength > .35 {
		return true
	}
	for k, j := range l.after(i, fewLines, 4*sameExchange) {
		o := &l.msgs[j]
		common := sharing(m, o) > 0
		if o.author == m.author {
			if common && o.cue(asking) == 0 && k > 0 {
				return true
			}
			continue
		}
		direct := k < 2 && o.when().Sub(m.when()) < 2*sameBreath
		if common && o.cue(asking) == 0 || direct && o.cue(asking) == 0 || direct && o.cue(assents)+o.cue(objects) > 0 {
			return true
		}
		if slices.Contains(l.calls(o), m.author) {
			return true
		}
	}
	return false
}
