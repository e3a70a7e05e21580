package mine

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// example is a message as the model sees it, with what is right.
type example struct {
	x      []float64
	y      float64
	weight float64
}

// learn fits a logistic model by Newton's method; the first feature is the
// bias and is not held down.
func learn(examples []example, n, bias int, hold float64) []float64 {
	w := make([]float64, n)
	for range 30 {
		grad := make([]float64, n)
		hess := make([][]float64, n)
		for i := range hess {
			hess[i] = make([]float64, n)
		}
		for _, e := range examples {
			p := odds(dot(w, e.x))
			d := (p - e.y) * e.weight
			h := max(p*(1-p), 1e-6) * e.weight
			for i, a := range e.x {
				if a == 0 {
					continue
				}
				grad[i] += d * a
				for j := 0; j <= i; j++ {
					hess[i][j] += h * a * e.x[j]
				}
			}
		}
		for i := range n {
			l := hold
			if i == bias {
				l = 1e-6
			}
			grad[i] += l * w[i]
			hess[i][i] += l + 1e-9
		}
		step := solve(hess, grad)
		most := 0.0
		for i := range w {
			w[i] -= step[i]
			most = max(most, math.Abs(step[i]))
		}
		if most < 1e-6 {
			break
		}
	}
	return w
}

// solve solves a symmetric positive system, given its lower half.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	l := make([][]float64, n)
	for i := range n {
		l[i] = make([]float64, n)
		for j := 0; j <= i; j++ {
			s := a[i][j]
			for k := range j {
				s -= l[i][k] * l[j][k]
			}
			if i == j {
				l[i][i] = math.Sqrt(max(s, 1e-12))
			} else {
				l[i][j] = s / l[j][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range n {
		s := b[i]
		for k := range i {
			s -= l[i][k] * x[k]
		}
		x[i] = s / l[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		s := x[i]
		for k := i + 1; k < n; k++ {
			s -= l[k][i] * x[k]
		}
		x[i] = s / l[i][i]
	}
	return x
}

// seen is a case, read and ready for learning.
type seen struct {
	labelled
	t      *talk
	xs     []vector
	y      []float64
	weight float64 // of each of its messages, so that incidents weigh the same
}

func readForLearning(cases []labelled) []seen {
	for _, c := range slices.Clone(cases) {
		if len(c.of) > 0 && c.of[0] == 'r' {
			cases = append(cases, c.thinned("x", 60), c.thinned("y", 30))
		}
	}
	of := map[string]int{}
	for _, c := range cases {
		of[c.of]++
	}
	var out []seen
	for _, c := range cases {
		t := newTalk(c.in, theLexicon())
		t.bringNear()
		s := seen{labelled: c, t: t, xs: t.see(), y: c.labels(t)}
		s.weight = 100 / float64(len(t.msgs)) / float64(of[c.of])
		out = append(out, s)
	}
	return out
}

func examplesOf(all []seen, leaveOut ...string) []example {
	var out []example
	for k := range all {
		s := &all[k]
		if slices.Contains(leaveOut, s.of) {
			continue
		}
		for i := range s.xs {
			out = append(out, example{s.xs[i][:], s.y[i], s.weight})
		}
	}
	return out
}

// How much the weights are held to nothing.
const (
	holdFirst  = 0.2
	holdSecond = 1.0
)

// weightsWithout learns weights from all incidents but the ones left out. What the
// second step learns from are first scores of incidents that the first step
// had not seen.
func weightsWithout(all []seen, leaveOut ...string) Weights {
	w := Weights{First: learn(examplesOf(all, leaveOut...), int(features), int(fBias), holdFirst)}
	var second []example
	var incidents []string
	for k := range all {
		if !slices.Contains(incidents, all[k].of) && !slices.Contains(leaveOut, all[k].of) {
			incidents = append(incidents, all[k].of)
		}
	}
	for _, of := range incidents {
		inner := learn(examplesOf(all, append([]string{of}, leaveOut...)...), int(features), int(fBias), holdFirst)
		for k := range all {
			s := &all[k]
			if s.of != of {
				continue
			}
			for i := range s.xs {
				s.t.msgs[i].score = odds(dot(inner, s.xs[i][:]))
			}
			for i, x := range s.t.company() {
				second = append(second, example{x[:], s.y[i], s.weight})
			}
		}
	}
	w.Second = learn(second, seconds, sBias, holdSecond)
	return w
}

var update = flag.Bool("update", false, "learn the model anew and keep it")

// TestTheModelIsWhole learns the shipped model anew, with -update.
func TestTheModelIsWhole(t *testing.T) {
	t.Parallel()
	if *update {
		keep(t, "model.json", Model{Timeline: weightsWithout(readForLearning(readCases(t, "cases", "cases_more")))})
	}
	m, err := ReadModel(shipped)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Timeline.First) == 0 {
		t.Error("the shipped model has learnt nothing")
	}
	if _, err := ReadModel([]byte(`{"timeline":{"first":[1]}}`)); err == nil {
		t.Error("a model of the wrong size was read")
	}
}

// BenchmarkLeftOutModels writes, for every incident of the cases, the model that is
// learnt from all the others, where TOCSIN_REVIEW_MODELS says.
func BenchmarkLeftOutModels(b *testing.B) {
	to := os.Getenv("TOCSIN_REVIEW_MODELS")
	if to == "" {
		b.Skip("TOCSIN_REVIEW_MODELS is not set: nowhere to write models to")
	}
	all := readForLearning(readCases(b, "cases", "cases_more"))
	if err := os.MkdirAll(to, 0o750); err != nil {
		b.Fatal(err)
	}
	for _, of := range incidentsOf(all) {
		keep(b, filepath.Join(to, of+".json"), Model{Timeline: weightsWithout(all, of)})
	}
}

func incidentsOf(all []seen) []string {
	var out []string
	for k := range all {
		if !slices.Contains(out, all[k].of) {
			out = append(out, all[k].of)
		}
	}
	return out
}

// keep writes a model. Weights are rounded, so that the last digits of another
// machine's arithmetic change nothing.
func keep(t testing.TB, path string, m Model) {
	t.Helper()
	for _, w := range [][]float64{m.Timeline.First, m.Timeline.Second} {
		for i := range w {
			w[i] = math.Round(w[i]*1e4) / 1e4
		}
	}
	b, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
}
