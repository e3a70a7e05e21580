package mine

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
		if contains(leaveOut, s.of) {
			continue
		}
		for i := range s.xs {
			out = append(out, example{s.xs[i][:], s.y[i], s.weight})
		}
	}
	return out
}

func contains(list []string, x string) bool {
	for _, l := range list {
		if l == x {
			return true
		}
	}
	return false
}

func env(name string, x float64) float64 {
	if v, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return v
	}
	return x
}

var holdFirst, holdSecond = env("H1", 1), env("H2", 1)

// weightsWithout learns weights from all incidents but the ones left out. What the
// second step learns from are first scores of incidents that the first step
// had not seen.
func weightsWithout(all []seen, leaveOut ...string) Weights {
	w := Weights{First: learn(examplesOf(all, leaveOut...), int(features), int(fBias), holdFirst)}
	var second []example
	var incidents []string
	for k := range all {
		if !contains(incidents, all[k].of) && !contains(leaveOut, all[k].of) {
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

func auc(score []float64, y []float64) float64 {
	right, all := 0.0, 0.0
	for i := range y {
		for j := range y {
			if y[i] > y[j] {
				all++
				switch {
				case score[i] > score[j]:
					right++
				case score[i] == score[j]:
					right += .5
				}
			}
		}
	}
	return right / max(all, 1)
}

func ap(score, y []float64) float64 {
	order := make([]int, len(y))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	hit, sum := 0.0, 0.0
	for k, i := range order {
		if y[i] > 0 {
			hit++
			sum += hit / float64(k+1)
		}
	}
	return sum / max(hit, 1)
}

func TestLab(t *testing.T) {
	all := readForLearning(readCases(t, "cases", "cases_more"))
	var names []string
	sums := map[string]float64{}
	n := map[string]float64{}
	weights := map[string]Weights{}
	for k := range all {
		s := &all[k]
		if _, ok := weights[s.of]; !ok {
			weights[s.of] = weightsWithout(all, s.of)
		}
		n[s.of]++
	}
	add := func(s *seen, name string, x float64) {
		if !contains(names, name) {
			names = append(names, name)
		}
		sums[name] += x / n[s.of] / float64(len(n))
		if !s.more {
			sums[name+" base"] += x / float64(len(n))
		}
	}
	for k := range all {
		s := &all[k]
		w := weights[s.of]
		line := ""
		for _, how := range []string{"near", "first", "second"} {
			score := make([]float64, len(s.y))
			switch how {
			case "first":
				s.t.rate(Weights{First: w.First})
			case "second":
				s.t.rate(w)
			case "both":
				s.t.rate(Weights{First: w.First})
				for i := range s.t.msgs {
					score[i] = math.Log(s.t.msgs[i].score / (1 - s.t.msgs[i].score))
				}
				s.t.rate(w)
				for i := range s.t.msgs {
					s.t.msgs[i].score = odds((score[i] + math.Log(s.t.msgs[i].score/(1-s.t.msgs[i].score))) / 2)
				}
			}
			loss := 0.0
			for i := range s.t.msgs {
				score[i] = s.t.msgs[i].score
				if how == "near" {
					score[i] = s.t.msgs[i].near
				}
				p := min(max(score[i], 1e-3), 1-1e-3)
				loss -= (s.y[i]*math.Log(p) + (1-s.y[i])*math.Log(1-p)) / float64(len(s.y))
			}
			p, r, f := s.timelineF1(s.t.found(s.t.pick()))
			if how != "near" {
				add(s, how+" F1", f)
				for _, d := range []float64{1, 1.15, 1.3, 1.45, 1.6, 1.8} {
					_, _, f := s.timelineF1(s.t.found(s.t.pickBy(d)))
					add(s, how+" F1s", f/6)
					add(s, fmt.Sprint(how, " F1 ", d), f)
				}
				add(s, how+" loss", loss)
				line += fmt.Sprintf(" | %s P %.2f R %.2f F %.2f ap %.2f", how, p, r, f, ap(score, s.y))
			}
			add(s, how+" ap", ap(score, s.y))
		}
		t.Logf("%-20s %s", s.name, line)
	}
	for _, x := range names {
		t.Logf("%-12s %.3f  base %.3f", x, sums[x], sums[x+" base"])
	}
}

func TestLabTimes(t *testing.T) {
	all := readForLearning(readCases(t, "cases", "cases_more"))
	weights := map[string]Weights{}
	n, sums := map[string]float64{}, map[string]float64{}
	base := 0.0
	for k := range all {
		s := &all[k]
		if _, ok := weights[s.of]; !ok {
			weights[s.of] = weightsWithout(all, s.of)
		}
		n[s.of]++
	}
	for k := range all {
		s := &all[k]
		s.t.loud = nil
		s.t.rate(weights[s.of])
		score, errs := s.timesScore(s.t.findTimes())
		sums[s.of] += score / n[s.of] / float64(len(n))
		if !s.more {
			base += score / float64(len(n))
		}
		t.Logf("%-20s %.2f %v", s.name, score, errs)
		if os.Getenv("CASE") == s.name {
			at := s.t.observed()
			for k, p := range s.t.course(at) {
				m := &s.t.msgs[at[k]]
				t.Logf("   %v look %.1f kin %.2f %d %s %s score %.2f near %.1f hurts %.1f recovers %.1f res %.1f not %.1f act %.1f %s %v | %.100s", s.t.answered(at[k], answerIn), m.cue(looking), m.kin, p, m.id(), m.when().Format("15:04"), m.score, m.near, hurts(m), recovers(m), m.cue(resolution), m.cue(notYet), m.cue(action), t2(s.t, m), s.y[at[k]], strings.ReplaceAll(m.body, "\n", " / "))
			}
		}
	}
	total := 0.0
	for _, x := range sums {
		total += x
	}
	t.Logf("times %.3f, without the variants %.3f", total, base)
}

func TestLabWrong(t *testing.T) {
	name := os.Getenv("CASE")
	all := readForLearning(readCases(t, "cases", "cases_more"))
	for k := range all {
		s := &all[k]
		if s.name != name {
			continue
		}
		w := weightsWithout(all, s.of)
		s.t.rate(Weights{First: w.First})
		first := make([]float64, len(s.y))
		for i := range s.t.msgs {
			first[i] = s.t.msgs[i].score
		}
		s.t.rate(w)
		picked := map[int]bool{}
		for _, i := range s.t.pick() {
			picked[i] = true
		}
		for i := range s.t.msgs {
			m := &s.t.msgs[i]
			if picked[i] || s.y[i] > 0 {
				mark := "  "
				if s.y[i] > 0 && picked[i] {
					mark = "++"
				} else if s.y[i] > 0 {
					mark = "-?"
				} else {
					mark = "xx"
				}
				thr := ""
				if m.root >= 0 {
					thr = " T"
				}
				t.Logf("%s %s %.2f %.2f near %.2f kin %.2f%s %s %s| %.110s", mark, m.id(), first[i], m.score, m.near, m.kin, thr, m.when().Format("15:04"), t2(s.t, m), strings.ReplaceAll(m.body, "\n", " / "))
			}
		}
		for i, x := range w.Second {
			t.Logf("second %d %.2f", i, x)
		}
	}
}

func t2(t *talk, m *msg) string {
	if m.bot {
		return "BOT " + t.people[m.author].Name
	}
	return t.people[m.author].Name
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

// TestLeftOutModels writes, for every incident of the cases, the model that is
// learnt from all the others, where TOCSIN_REVIEW_MODELS says.
func TestLeftOutModels(t *testing.T) {
	t.Parallel()
	to := os.Getenv("TOCSIN_REVIEW_MODELS")
	if to == "" {
		t.Skip("TOCSIN_REVIEW_MODELS is not set: nowhere to write models to")
	}
	all := readForLearning(readCases(t, "cases", "cases_more"))
	if err := os.MkdirAll(to, 0o750); err != nil {
		t.Fatal(err)
	}
	for _, of := range incidentsOf(all) {
		keep(t, filepath.Join(to, of+".json"), Model{Timeline: weightsWithout(all, of)})
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
func keep(t *testing.T, path string, m Model) {
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
