// Package mine finds in an incident's talk what a review needs: what happened
// when, what was guessed, decided and left to do.
//
// It must not know how a draft is worded, checked or kept: it gives ids and
// times, and words only where it cuts an action out of a longer message.
//
// The one idea: what was recorded or captured at the time is certain and
// seeds the rest; everything else is ranked by how near it stands to that and
// to the incident's own words in the graph of who answered whom.
//
// Guarantees: pure and repeatable; equal inputs give equal finds. Everything
// that it cites is in the input and not deleted.
package mine

import "tocsin/incident/review/source"

// Find reads an input.
func Find(in source.Input) Finds { return Shipped().Find(in) }

// Find reads an input with what a model learnt.
func (m Model) Find(in source.Input) Finds {
	t := m.read(in)
	f := Finds{Timeline: t.timeline(), Times: t.times.ordered(), Scores: make([]float64, len(in.Messages))}
	f.Decisions = decisions(t)
	f.Hypotheses = hypotheses(t)
	f.Actions = actions(t)
	f.Factors = factors(t)
	f.Mitigations = mitigations(t)
	f.Handovers = handovers(t)
	f.Reopenings = reopenings(t)
	f.Questions = questions(t)
	f.Impact = impacts(t)
	f.Detection = detections(t)
	f.Opinions = opinions(t)
	for i := range in.Messages {
		if at, ok := t.byID[in.Messages[i].ID]; ok {
			f.Scores[i] = t.msgs[at].score
		}
	}
	for i := range t.msgs {
		if t.msgs[i].foreign && !t.msgs[i].bot {
			f.Foreign = append(f.Foreign, t.msgs[i].id())
		}
	}
	return f
}

// read makes an input ready for all that is looked for in it.
func (m Model) read(in source.Input) *talk {
	t := newTalk(in, theLexicon())
	t.answers = m.Answers
	t.bringNear()
	t.rate(m.Timeline)
	t.times = t.allTimes()
	return t
}

// theLexicon is of all the languages that the mine has tables for.
func theLexicon() *lexicon {
	return newLexicon(english(), language{groups: answerGroups(), cues: answerCues()})
}
