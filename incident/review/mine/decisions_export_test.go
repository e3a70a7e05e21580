package mine

import (
	"testing"

	"tocsin/incident/review/source"
)

// Row is what the trainer of the answer models sees of one message.
type Row struct {
	ID     string
	Traits []float64
}

// AnswerModel is a model of one section as the trainer fits it.
type AnswerModel struct {
	Weights []float64
	Least   float64
	Few     int
}

// Answers are the sections that rest on a fitted model.
type Answers struct {
	Decisions  []Decision
	Hypotheses []Hypothesis
	Actions    []Action
	Factors    []Quote
}

// Heard is an input made ready once for the trainer.
type Heard struct{ l *listener }

// Hear reads the labelled cases, by name. The scores and times of each come
// from a model that has not seen its incident.
func Hear(t testing.TB) map[string]Heard {
	t.Helper()
	all := readForLearning(readCases(t, "cases", "cases_more"))
	weights := map[string]Weights{}
	for k := range all {
		if _, ok := weights[all[k].of]; !ok {
			weights[all[k].of] = weightsWithout(all, all[k].of)
		}
	}
	out := map[string]Heard{}
	for k := range all {
		s := &all[k]
		s.t.loud = nil
		s.t.rate(weights[s.of])
		s.t.times = s.t.allTimes()
		out[s.name] = Heard{listen(s.t)}
	}
	return out
}

// HearOne makes one input ready with the model of the house.
func HearOne(in source.Input) Heard { return Heard{listen(Shipped().read(in))} }

// Names are the traits of a section.
func Names(section string) []string {
	switch section {
	case "decisions":
		return decidingNames()
	case "hypotheses":
		return guessingNames()
	case "actions":
		return actingNames()
	case "factors":
		return blamingNames()
	}
	return nil
}

// Rows are the candidates of a section.
func (h Heard) Rows(section string) []Row {
	var out []Row
	add := func(may func(int) bool, traits func(int) []float64) {
		for i := range h.l.msgs {
			if h.l.msgs[i].twin < 0 && may(i) {
				out = append(out, Row{h.l.msgs[i].id(), traits(i)})
			}
		}
	}
	switch section {
	case "decisions":
		add(h.l.mayDecide, h.l.deciding)
	case "hypotheses":
		add(h.l.mayGuess, h.l.guessing)
	case "actions":
		add(h.l.mayAct, h.l.acting)
	case "factors":
		add(h.l.mayBlame, h.l.blaming)
	}
	return out
}

// Find runs one section with a model of its own.
func (h Heard) Find(section string, m AnswerModel) Answers {
	l := *h.l
	mm := model{weights: m.Weights, least: m.Least, few: m.Few}
	switch section {
	case "decisions":
		l.models.decide = mm
		return Answers{Decisions: l.decisions()}
	case "hypotheses":
		l.models.guess = mm
		return Answers{Hypotheses: l.hypotheses()}
	case "actions":
		l.models.act = mm
		return Answers{Actions: l.actions()}
	case "factors":
		l.models.blame = mm
		return Answers{Factors: l.factors()}
	}
	return Answers{}
}
