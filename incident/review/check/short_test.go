package check_test

import (
	"strings"
	"testing"

	"tocsin/incident/review/check"
	"tocsin/incident/review/reviewtest"
	"tocsin/incident/review/source"
)

// shortened says it in fewer words, as somebody who writes a summary does: the
// longest sentence of a message, without its small words, "not" kept.
func shortened(in source.Input) []reviewtest.Sentence {
	drop := map[string]bool{}
	for _, w := range strings.Fields("a an the so just also then too very we i you it that this to of at on for with there here ok and but is are was were have has had been be will can") {
		drop[w] = true
	}
	var out []reviewtest.Sentence
	for _, m := range in.Messages {
		best := ""
		for _, s := range strings.FieldsFunc(m.Text, func(r rune) bool { return strings.ContainsRune("\n;!?", r) }) {
			for _, s := range strings.Split(s, ". ") {
				if len(s) > len(best) {
					best = s
				}
			}
		}
		var kept []string
		for _, w := range strings.Fields(best) {
			if !drop[strings.ToLower(w)] {
				kept = append(kept, w)
			}
		}
		if len(kept) >= 4 {
			out = append(out, reviewtest.Sentence{Text: strings.Join(kept, " "), Cites: []string{m.ID}})
		}
	}
	return out
}

// turnedShort takes the not out of a shortened sentence, or puts one before its
// last word but one.
func turnedShort(s reviewtest.Sentence) (reviewtest.Sentence, bool) {
	words := strings.Fields(s.Text)
	var kept []string
	for _, w := range words {
		if !check.Negated(w) {
			kept = append(kept, w)
		}
	}
	if len(kept) == len(words) {
		kept = append(append(append([]string{}, words[:len(words)-2]...), "not"), words[len(words)-2:]...)
	}
	return reviewtest.Sentence{Text: strings.Join(kept, " "), Cites: s.Cites}, len(kept) > 2
}

func shortOnes(t *testing.T, inputs []source.Input) {
	t.Helper()
	var lost, caught refusals
	for _, in := range inputs {
		c := check.New(in)
		for _, s := range shortened(in) {
			lost.tried++
			if why := c.Check(s.Text, s.Cites); why != check.Stands {
				lost.refused++
				if testing.Verbose() {
					t.Logf("refused: it %s: %q %v", why, s.Text, s.Cites)
				}
				continue
			}
			wrong, ok := turnedShort(s)
			if !ok {
				continue
			}
			caught.tried++
			if c.Check(wrong.Text, wrong.Cites) != check.Stands {
				caught.refused++
			} else if testing.Verbose() {
				t.Logf("passed: %q %v", wrong.Text, wrong.Cites)
			}
		}
	}
	t.Logf("true shortened sentences refused: %d of %d (%.3f); with the not turned refused: %d of %d (%.3f)",
		lost.refused, lost.tried, lost.share(), caught.refused, caught.tried, caught.share())
	if lost.tried == 0 || lost.share() > 0.1 {
		t.Errorf("%.3f of true sentences are refused, want at most 0.1", lost.share())
	}
	if caught.share() < 0.9 {
		t.Errorf("%.3f of turned nots are refused, want 0.9", caught.share())
	}
}

func TestATurnedNotIsSeenInOtherWordsToo(t *testing.T) {
	t.Parallel()
	shortOnes(t, reviewtest.Own(t))
}

func TestATurnedNotIsSeenInOtherWordsOfTheCases(t *testing.T) {
	t.Parallel()
	shortOnes(t, reviewtest.Cases(t))
}
