package mine

import (
	"strings"
	"time"

	"tocsin/incident/review/source"
)

const (
	mostSteps    = 20
	mostRelapses = 10
	heard        = .35 // the least score of what is about the incident
	stepsApart   = 20 * time.Minute
)

// mitigations finds the steps taken against the trouble, in order. A step that
// was announced and then reported is one.
func mitigations(t *talk) []Quote {
	l := listen(t)
	var out []Quote
	var last []int // the message that each step was last spoken of in
	for i := range l.msgs {
		m := &l.msgs[i]
		if !l.isStep(m) {
			continue
		}
		if n := len(out) - 1; n >= 0 && l.sameStep(last[n], i) && len(out[n].Cites) < mostCites {
			out[n].Cites = append(out[n].Cites, m.id())
			last[n] = i
			continue
		}
		if len(out) < mostSteps {
			out = append(out, Quote{Cites: []string{m.id()}, Sure: m.sure})
			last = append(last, i)
		}
	}
	return out
}

// isStep says whether a message tells of a change that responders make while
// the trouble lasts.
func (l *listener) isStep(m *msg) bool {
	if m.bot || m.twin >= 0 || m.score < heard || m.cue(asking) > 0 || m.cue(changing)+m.cue(changed) < 1 {
		return false
	}
	if m.cue(looks) > m.cue(changing)+m.cue(changed) || m.cue(marks) > 0 || m.cue(aside) > 1 || tellsOnly(m) {
		return false
	}
	return !m.when().Before(l.start) && (l.end.IsZero() || !m.when().After(l.end))
}

// tellsOnly says whether a message tells how it is, or declares something, and
// changes nothing.
func tellsOnly(m *msg) bool {
	if strings.Contains(strings.ToLower(m.body), "declar") {
		return true
	}
	return m.cue(changed) == 0 && (m.cue(resolution) >= 1.5 || m.cue(reopen) >= 1.5 || m.cue(broken) > 0 && m.cue(intends) == 0)
}

func (l *listener) sameStep(i, j int) bool {
	a, b := &l.msgs[i], &l.msgs[j]
	return b.when().Sub(a.when()) <= stepsApart && a.author == b.author && (sharing(a, b) > 0 || b.length <= 4) && a.cue(changed) == 0
}

// handovers finds who went and who came.
func handovers(t *talk) []Quote {
	l := listen(t)
	out := l.factQuotes(source.Handover)
	for i := range l.msgs {
		m := &l.msgs[i]
		if m.bot || m.twin >= 0 || m.score < heard || m.cue(handover) < 1.5 || m.cue(asking) > 0 && m.cue(handover) < 2.5 || cited(out, m.id()) {
			continue
		}
		out = append(out, Quote{Cites: append([]string{m.id()}, l.ids(l.taking(i))...), Sure: m.sure})
	}
	return l.inOrder(out)
}

// taking gives those who say at once that they take what is handed over.
func (l *listener) taking(i int) []int {
	var out []int
	for _, j := range l.after(i, 3, sameExchange) {
		o := &l.msgs[j]
		if o.author != l.msgs[i].author && o.cue(assents)+o.cue(commits) > 0 && o.length <= 6 {
			out = append(out, j)
		}
	}
	return out
}

// reopenings finds where it was bad again after it had been better.
func reopenings(t *talk) []Quote {
	l := listen(t)
	out := l.factQuotes(source.Reopened)
	better := false
	for i := range l.msgs {
		m := &l.msgs[i]
		if m.twin >= 0 || m.score < heard {
			continue
		}
		if better && m.cue(reopen) >= 1.5 && m.cue(asking) == 0 && !m.bot && len(out) < mostRelapses {
			better = false
			if !cited(out, m.id()) {
				out = append(out, Quote{Cites: []string{m.id()}, Sure: m.sure})
			}
			continue
		}
		if m.cue(resolution) >= 1.5 && m.cue(notYet) < 1 && m.cue(reopen) == 0 {
			better = true
		}
	}
	return l.inOrder(out)
}
