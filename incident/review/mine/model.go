package mine

import (
	_ "embed" // the model
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Model is what was learnt from incidents that people labelled.
type Model struct {
	Timeline Weights `json:"timeline"`
	// Answers are weights of the sections that rest on what people answer each
	// other, by section; a missing one is the house's.
	Answers map[string][]float64 `json:"answers,omitempty"`
}

//go:embed model.json
var shipped []byte

// Shipped is the model of the house.
func Shipped() Model {
	m, err := ReadModel(shipped)
	if err != nil {
		return Model{} // a test holds the file to be whole
	}
	return m
}

// ReadModel reads a model as the trainer wrote it.
func ReadModel(data []byte) (Model, error) {
	var m Model
	if err := json.Unmarshal(data, &m); err != nil {
		return Model{}, fmt.Errorf("read a model: %w", err)
	}
	if len(m.Timeline.First) != int(features) || len(m.Timeline.Second) != seconds {
		return Model{}, fmt.Errorf("read a model: it has %d and %d weights, not %d and %d", len(m.Timeline.First), len(m.Timeline.Second), features, seconds)
	}
	return m, nil
}

// Weights are what the model learnt: how much each feature speaks for a
// message's place on the timeline.
type Weights struct {
	First  []float64 `json:"first"`  // of what stands in and around a message, in the order of the features
	Second []float64 `json:"second"` // of the first scores around it
}

// The second features look at the first scores of a message and of those
// around it.
const (
	sBias = iota
	sOwn
	sBefore // of the two before it
	sAfter  // of the two after it
	sAuthor // of its author's best
	sThread // of its thread
	sHour   // the most within a quarter of an hour
	sBot    // of what the same bot says in like words
	sSame   // the message before it is the same author's: that one's
	sDrawn  // how near it stands to those that score well
	sDrawnOwn
	sDrawnKin // how near its author's nearest stand
	seconds
)

func odds(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func dot(w, x []float64) float64 {
	sum := 0.0
	for i, v := range x[:min(len(x), len(w))] {
		sum += w[i] * v
	}
	return sum
}

// rate scores every message, twice: by itself, and by the company it keeps.
func (t *talk) rate(w Weights) {
	for i, v := range t.see() {
		t.msgs[i].score = odds(dot(w.First, v[:]))
		if t.msgs[i].sure {
			t.msgs[i].score = 1
		}
	}
	if len(w.Second) == 0 {
		return
	}
	second := t.company()
	for i := range second {
		t.msgs[i].score = odds(dot(w.Second, second[i][:]))
	}
	for i := range t.msgs {
		m := &t.msgs[i]
		switch {
		case m.sure:
			m.score = 1
		case strings.Contains(m.body, "[redacted:"):
			m.score /= 2 // what it says is what was taken out
		case m.bot && m.cue(severe) >= 1.5 && m.cue(mild) == 0 && m.alike <= 1 && t.answered(i, answerIn):
			m.score = max(m.score, answeredAlert)
		}
	}
}

// answeredAlert is the least score of a serious alert that somebody took up.
const answeredAlert = 0.75

// company tells what the first scores around every message are.
func (t *talk) company() [][seconds]float64 {
	authors := t.bestBy(func(i int) float64 { return t.msgs[i].score })
	threads := map[int]float64{}
	for _, root := range sortedKeys(t.threads) {
		for _, i := range t.threads[root] {
			threads[root] += t.msgs[i].score / float64(len(t.threads[root]))
		}
	}
	drawn := t.drawn()
	drawnKin := t.bestBy(func(i int) float64 { return drawn[i] })
	out := make([][seconds]float64, len(t.msgs))
	for i := range t.msgs {
		m := &t.msgs[i]
		s := &out[i]
		own := min(max(m.score, 1e-4), 1-1e-4)
		s[sBias], s[sOwn] = 1, math.Log(own/(1-own))
		s[sBefore], s[sAfter] = t.beside(i, -1), t.beside(i, 1)
		s[sAuthor] = authors[m.author]
		if m.bot {
			s[sBot], s[sAuthor] = authors[m.author], 0
		}
		if line := t.threadOf(i); len(line) > 1 {
			s[sThread] = threads[line[0]]
		} else {
			s[sThread] = (s[sBefore] + s[sAfter]) / 2
		}
		s[sHour] = t.mostAround(i)
		s[sDrawn], s[sDrawnOwn] = drawn[i], drawn[i]*m.score
		m.drawn = drawn[i]
		if !m.bot {
			s[sDrawnKin] = drawnKin[m.author]
		}
		if p := i - 1; p >= 0 && t.msgs[p].author == m.author && !m.bot && m.when().Sub(t.msgs[p].when()) < 3*time.Minute {
			s[sSame] = t.msgs[p].score
		}
	}
	return out
}

// bestBy is the mean of the best that every author's messages reach.
func (t *talk) bestBy(value func(i int) float64) []float64 {
	by := make([][]float64, len(t.people))
	for i := range t.msgs {
		by[t.msgs[i].author] = append(by[t.msgs[i].author], value(i))
	}
	out := make([]float64, len(by))
	for p, all := range by {
		slices.Sort(all)
		slices.Reverse(all)
		all = all[:min(6, len(all))]
		for _, x := range all {
			out[p] += x / float64(max(3, len(all)))
		}
	}
	return out
}

// beside is the mean score of the two messages before or after one, of those
// that stand in the same line of talk and within ten minutes.
func (t *talk) beside(i, way int) float64 {
	m, sum, n := &t.msgs[i], 0.0, 0
	for j := i + way; j >= 0 && j < len(t.msgs) && n < 2; j += way {
		o := &t.msgs[j]
		if o.when().Sub(m.when()).Abs() > 10*time.Minute || j-i > 20 || i-j > 20 {
			break
		}
		if o.root != m.root {
			continue
		}
		sum += o.score
		n++
	}
	return sum / 2
}

func (t *talk) mostAround(i int) float64 {
	m, most := &t.msgs[i], 0.0
	for j := max(0, i-10); j < min(len(t.msgs), i+11); j++ {
		if o := &t.msgs[j]; j != i && o.when().Sub(m.when()).Abs() < 15*time.Minute {
			most = max(most, o.score)
		}
	}
	return most
}
