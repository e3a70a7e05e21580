package mine_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tocsin/incident/review/mine"
)

// labelled is a case of TOCSIN_REVIEW_CASES: a channel, and what people found
// in it.
type labelled struct {
	ID       string
	Title    string
	Messages []struct{ ID, User, Text string }
	Labels   struct {
		Decisions, Actions, Factors []labelledItem
		Hypotheses                  []labelledGuess
	}
	heard mine.Heard
}

type labelledItem struct {
	ID, Owner string
	Messages  []string
}

type labelledGuess struct {
	ID, Status       string
	Propose, Verdict []string
}

// made says that a case is one of the transcripts.
func (c *labelled) made() bool { return !strings.Contains(c.ID, "-") }

const (
	madeUp  = 5
	lightly = .3 // what a transcript weighs beside a case: it has less noise
)

// incident is the name without the letter of a noisier telling.
func (c *labelled) incident() string { return c.ID[:3] }

func labelledCases(t testing.TB) []*labelled {
	t.Helper()
	root := os.Getenv("TOCSIN_REVIEW_CASES")
	if root == "" {
		t.Skip("TOCSIN_REVIEW_CASES names no folder of cases")
	}
	heard := mine.Hear(t)
	var out []*labelled
	for _, dir := range []string{"cases", "cases_more"} {
		paths, err := filepath.Glob(filepath.Join(root, dir, "*.json"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no cases in %s: %v", filepath.Join(root, dir), err)
		}
		for _, p := range paths {
			data, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			c := &labelled{}
			if err := json.Unmarshal(data, c); err != nil {
				t.Fatal(err)
			}
			var ok bool
			if c.heard, ok = heard[c.ID]; !ok {
				t.Fatalf("nothing heard of %s", c.ID)
			}
			out = append(out, c)
		}
	}
	return append(out, transcripts(t)...)
}

// truth gives for a section the sets of messages that people labelled.
func (c *labelled) truth(section string) []labelSet {
	var out []labelSet
	items := c.Labels.Decisions
	switch section {
	case "actions":
		items = c.Labels.Actions
	case "factors":
		items = c.Labels.Factors
	case "hypotheses":
		for _, h := range c.Labels.Hypotheses {
			out = append(out, labelSet{msgs: slices.Concat(h.Propose, h.Verdict), mark: h.Status, head: h.Propose})
		}
		return out
	}
	for _, x := range items {
		out = append(out, labelSet{msgs: x.Messages, mark: x.Owner, head: x.Messages})
	}
	return out
}

type labelSet struct {
	msgs, head []string
	mark       string
}

type found struct {
	cites []string
	mark  string
	text  string
}

func foundIn(a mine.Answers) []found {
	var out []found
	for _, d := range a.Decisions {
		out = append(out, found{cites: d.Cites})
	}
	for _, h := range a.Hypotheses {
		out = append(out, found{cites: slices.Concat(h.Propose, h.Decide), mark: string(h.Verdict)})
	}
	for _, x := range a.Actions {
		out = append(out, found{cites: x.Cites, mark: x.Owner, text: x.Text})
	}
	for _, q := range a.Factors {
		out = append(out, found{cites: q.Cites})
	}
	return out
}

// figure is how well a section was found in one case.
type figure struct {
	p, r, f, marks float64
	entries        int
}

// judge holds what was found against the labels, as the scorer does: the most
// pairs that share one of the first six messages, those of the same mark first.
func judge(got []found, want []labelSet) figure {
	owner := make([]int, len(want))
	for j := range owner {
		owner[j] = -1
	}
	locked := make([]bool, len(want))
	hit := func(i, j int) bool {
		return slices.ContainsFunc(got[i].cites[:min(6, len(got[i].cites))], func(id string) bool { return slices.Contains(want[j].msgs, id) })
	}
	var try func(i int, seen []bool, same bool) bool
	try = func(i int, seen []bool, same bool) bool {
		for j := range want {
			if seen[j] || locked[j] || (got[i].mark == want[j].mark) != same || !hit(i, j) {
				continue
			}
			seen[j] = true
			if owner[j] < 0 || try(owner[j], seen, same) {
				owner[j] = i
				return true
			}
		}
		return false
	}
	used := make([]bool, len(got))
	for _, same := range []bool{true, false} {
		for i := range got {
			if !used[i] {
				used[i] = try(i, make([]bool, len(want)), same)
			}
		}
		for j := range owner {
			locked[j] = owner[j] >= 0
		}
	}
	tp, right := 0.0, 0.0
	for j, i := range owner {
		if i >= 0 {
			tp++
			if got[i].mark == want[j].mark {
				right++
			}
		}
	}
	f := figure{entries: len(got)}
	if len(want) == 0 {
		return figure{p: 1, r: 1, f: math.Max(0, 1-.25*float64(len(got))), entries: len(got), marks: 1}
	}
	if tp > 0 {
		f.p, f.r, f.marks = tp/float64(len(got)), tp/float64(len(want)), right/tp
		f.f = 2 * f.p * f.r / (f.p + f.r)
	}
	return f
}

// sample is a row with what is wanted of it.
type sample struct {
	x      []float64
	y, w   float64
	within string
}

func samplesOf(cases []*labelled, section string) []sample {
	var out []sample
	tellings := map[string]float64{}
	for _, c := range cases {
		tellings[c.incident()]++
	}
	for _, c := range cases {
		yes := map[string]bool{}
		for _, s := range c.truth(section) {
			for _, id := range s.head {
				yes[id] = true
			}
		}
		rows := c.heard.Rows(section)
		for _, r := range rows {
			s := sample{x: r.Traits, within: c.incident(), w: 60 / float64(len(rows)) / tellings[c.incident()]}
			if c.made() {
				s.w *= lightly
			}
			if yes[r.ID] {
				s.y = 1
			}
			out = append(out, s)
		}
	}
	return out
}

// fit finds the weights that explain the samples and stay near what was
// expected: logistic loss and a quadratic pull, by gradient descent.
func fit(samples []sample, without string, expected []float64, pull float64) []float64 {
	w := slices.Clone(expected)
	sum := make([]float64, len(w))
	grad := make([]float64, len(w))
	for range 200 {
		for k := range grad {
			grad[k] = pull * (w[k] - expected[k])
		}
		for _, s := range samples {
			if s.within == without {
				continue
			}
			z := 0.0
			for k, x := range s.x {
				z += w[k] * x
			}
			e := (1/(1+math.Exp(-z)) - s.y) * s.w / 60
			for k, x := range s.x {
				grad[k] += e * x
			}
		}
		for k, g := range grad {
			sum[k] += g * g
			w[k] -= .15 * g / math.Sqrt(sum[k]+1e-8)
		}
	}
	return w
}

// expectations reads "name=weight" pairs.
func expectations(t testing.TB, section, pairs string) []float64 {
	t.Helper()
	names := mine.Names(section)
	out := make([]float64, len(names))
	for _, pair := range strings.Fields(pairs) {
		name, value, _ := strings.Cut(pair, "=")
		at := slices.Index(names, name)
		if at < 0 {
			t.Fatalf("%s knows no trait %q", section, name)
		}
		if _, err := fmt.Sscan(value, &out[at]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

type outcome struct {
	total  figure  // of the cases, incident by incident
	own    float64 // F1 of the transcripts
	byCase map[string]figure
}

// crossed fits without each incident in turn and finds in it.
func crossed(cases []*labelled, section string, samples []sample, expected []float64, pull, least float64) outcome {
	fits := map[string][]float64{}
	for _, c := range cases {
		if _, ok := fits[c.incident()]; !ok {
			fits[c.incident()] = fit(samples, c.incident(), expected, pull)
		}
	}
	return found1(cases, section, least, func(c *labelled) []float64 { return fits[c.incident()] })
}

func found1(cases []*labelled, section string, least float64, weights func(*labelled) []float64) outcome {
	o := outcome{byCase: map[string]figure{}}
	incidents := map[string]float64{}
	for _, c := range cases {
		if !c.made() {
			incidents[c.incident()]++
		}
	}
	for _, c := range cases {
		f := judge(foundIn(c.heard.Find(section, mine.AnswerModel{Weights: weights(c), Least: least, Few: few(section)})), c.truth(section))
		o.byCase[c.ID] = f
		if c.made() {
			o.own += f.f / madeUp
			continue
		}
		if n := incidents[c.incident()]; n > 0 {
			n *= float64(len(incidents))
			o.total.p, o.total.r, o.total.f, o.total.marks = o.total.p+f.p/n, o.total.r+f.r/n, o.total.f+f.f/n, o.total.marks+f.marks/n
		}
	}
	return o
}

// few is how many candidates of a section are taken in doubt.
func few(section string) int {
	if section == "decisions" || section == "hypotheses" {
		return 2
	}
	return 0
}
