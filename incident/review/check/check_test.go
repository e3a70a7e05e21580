package check_test

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/incident/review/check"
	"tocsin/incident/review/reviewtest"
	"tocsin/incident/review/source"
)

// told makes the sentence that a draft would make of every message that says
// something.
func told(in source.Input) []reviewtest.Sentence {
	names := map[string]string{}
	for _, p := range in.People {
		names[p.ID] = p.Name
	}
	var out []reviewtest.Sentence
	for _, m := range in.Messages {
		if len(strings.Fields(m.Text)) < 5 {
			continue
		}
		text := fmt.Sprintf("%s %s: %s", m.At.UTC().Format("15:04"), names[m.Author], strings.Join(strings.Fields(m.Text), " "))
		out = append(out, reviewtest.Sentence{Text: text, Cites: []string{m.ID}})
	}
	return out
}

// refusals counts how many corrupted sentences of each kind are refused.
type refusals struct{ refused, tried int }

func (r refusals) share() float64 { return float64(r.refused) / float64(max(1, r.tried)) }

func corrupt(t *testing.T, inputs []source.Input, show string) map[string]refusals {
	t.Helper()
	out := map[string]refusals{}
	for _, in := range inputs {
		c, all := check.New(in), told(in)
		for i, s := range all {
			r := out["true"]
			r.tried++
			if why := c.Check(s.Text, s.Cites); why != check.Stands {
				r.refused++
				t.Logf("refused a true sentence: it %s: %q %v", why, s.Text, s.Cites)
			}
			out["true"] = r
			for _, k := range reviewtest.Corruptions() {
				wrong, ok := k.Make(in, all, i)
				if !ok || wrong.Text == s.Text && strings.Join(wrong.Cites, "") == strings.Join(s.Cites, "") {
					continue
				}
				r := out[k.Name]
				r.tried++
				if c.Check(wrong.Text, wrong.Cites) != check.Stands {
					r.refused++
				} else if show == k.Name {
					t.Logf("passed, %s: %q %v", k.Name, wrong.Text, wrong.Cites)
				}
				out[k.Name] = r
			}
		}
	}
	return out
}

func holds(t *testing.T, inputs []source.Input, floor map[string]float64) {
	t.Helper()
	got := corrupt(t, inputs, "")
	if r := got["true"]; r.tried == 0 || r.share() > 0.01 {
		t.Errorf("%d of %d true sentences were refused", r.refused, r.tried)
	}
	for _, k := range reviewtest.Corruptions() {
		r := got[k.Name]
		t.Logf("%s: %d of %d refused (%.3f)", k.Name, r.refused, r.tried, r.share())
		if r.tried == 0 || r.share() < floor[k.Name] {
			t.Errorf("%s: %d of %d refused, want %.2f", k.Name, r.refused, r.tried, floor[k.Name])
		}
	}
}

func TestCorruptedSentencesOfOwnTranscriptsAreRefused(t *testing.T) {
	t.Parallel()
	holds(t, reviewtest.Own(t), map[string]float64{
		"ids shuffled": 0.95, "numbers changed": 0.95, "sentences invented": 0.95, "speakers swapped": 0.95, "negations turned": 0.9,
	})
}

func TestCorruptedSentencesOfTheCasesAreRefused(t *testing.T) {
	t.Parallel()
	holds(t, reviewtest.Cases(t), map[string]float64{
		"ids shuffled": 0.95, "numbers changed": 0.95, "sentences invented": 0.95, "speakers swapped": 0.95, "negations turned": 0.9,
	})
}
