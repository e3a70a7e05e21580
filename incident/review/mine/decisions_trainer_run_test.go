package mine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tocsin/incident/review/mine"
)

const decisionsExpected = `bias=-4.4 near=.2 around=.3 nearest=.3 strange=-1.5 kin=.35 score=1 voice=.6 short=-.1 length=-.1 thread=-.6 mitigated=-.2 resolved=-.8 before=-.5 chat=-.6 private=-1 asks=-.8 me=.2
 proposes=1 chooses=1 intends=.7 orders=.8 changing=.7 changed=-.2 looks=-1 tries=.1 guesses=-.4 offers=.5 assented=1.2 dissented=0 answers=.9 carried=.6 later=-.7 marks=-1 prevents=-.3 broken=-.4 done=-.6
 askproposes=.3 askassented=.7 plainchange=.3 plainscore=1 plaincarried=.3 guessy=-.3 first=.2 likely=.3 outsider=-.6 drift=-.5`

const hypothesesExpected = `bias=-3.8 near=.25 around=.25 nearest=.2 strange=-1.5 kin=.3 score=.5 voice=.5 short=-.1 length=-.1 thread=-.5 mitigated=-.2 resolved=-1 before=-.5 chat=-.7 private=-1 asks=-.1 me=0
 guesses=1 points=.4 things=.5 reasons=.6 finds=.7 affirms=-.2 denies=-.3 tries=.2 attempt=-.2 attemptrefuted=1.5 refuted=1 confirmed=.7 cause=.4 hypothesis=.5 asksthing=.8 askspoints=.4
 requests=-.5 proposes=-.6 later=-.8 broken=.1 looks=-.5 guessthing=.6 resolution=-.5 whose=-.8 likely=.2 outsider=-.6 drift=-.5`

const actionsExpected = `bias=-4.2 near=.3 around=.3 nearest=.2 strange=-1.5 kin=.3 score=.3 voice=.4 short=-.4 length=.1 thread=-.4 mitigated=.4 resolved=.6 before=-1.2 chat=-.6 private=-1 asks=-.5 me=.2
 marks=1 commits=.5 requests=.5 lacks=.3 later=.5 prevents=.5 shortly=-.9 looks=-.5 proposes=-.2 changes=-.3 done=-.4 taken=.5 answered=.2 listed=.7 amid=1 pastwork=.6 pastduty=.5 whole=.7
 named=.2 guesses=-.5 follow=.4 share=.8 whose=.1 broken=-.4 pointsback=-.5 likely=.2 outsider=-.6 drift=-.5`

// section is what is fitted for one section: what one expects of its traits,
// and how likely a candidate must be.
type section struct {
	name, weights, expected string
	pull, least             float64
}

func sections() []section {
	return []section{
		{"decisions", "decideWeights", decisionsExpected, .3, .4},
		{"hypotheses", "guessWeights", hypothesesExpected, .3, .2},
		{"actions", "actWeights", actionsExpected, 1, .35},
		{"factors", "blameWeights", factorsExpected, 1, .15},
	}
}

// BenchmarkFitTheAnswerModels writes the weights anew where
// TOCSIN_REVIEW_FIT names the file.
func BenchmarkFitTheAnswerModels(b *testing.B) {
	to := os.Getenv("TOCSIN_REVIEW_FIT")
	if to == "" {
		b.Skip("TOCSIN_REVIEW_FIT names no file to write the weights to")
	}
	cases := labelledCases(b)
	var out strings.Builder
	out.WriteString("package mine\n\n// The weights of the answer models, as BenchmarkFitTheAnswerModels wrote them.\n")
	for _, s := range sections() {
		fmt.Fprintf(&out, "\nfunc %s() []float64 {\n\treturn []float64{\n", s.weights)
		w := fit(samplesOf(cases, s.name), "", expectations(b, s.name, s.expected), s.pull)
		for k, name := range mine.Names(s.name) {
			fmt.Fprintf(&out, "\t\t%.3f, // %s\n", w[k], name)
		}
		out.WriteString("\t}\n}\n")
	}
	if err := os.WriteFile(to, []byte(out.String()), 0o600); err != nil {
		b.Fatal(err)
	}
}

const factorsExpected = `bias=-4 near=.2 around=.2 nearest=.2 strange=-1.5 kin=.3 score=1 voice=.4 short=-.3 length=.2 thread=-.5 chat=-.6 private=-1 asks=-.3 me=-.1 before=-.2
 gaps=1.1 reasons=.7 cause=.5 lacks=.3 finds=.3 guesses=-.2 broken=.2 things=.3 asksgaps=.5 requests=-.6 resolution=-.5 changes=.1 opines=.1 denies=-.1 confirmed=.5 prevents=.3 gapthing=.7 likely=.3 outsider=-.6 drift=-.5`

// BenchmarkLeftOutAnswers adds to the models that BenchmarkLeftOutModels wrote to
// TOCSIN_REVIEW_MODELS the weights that are fitted without their incident.
func BenchmarkLeftOutAnswers(b *testing.B) {
	to := os.Getenv("TOCSIN_REVIEW_MODELS")
	if to == "" {
		b.Skip("TOCSIN_REVIEW_MODELS names no folder of models")
	}
	cases := labelledCases(b)
	paths, err := filepath.Glob(filepath.Join(to, "*.json"))
	if err != nil || len(paths) == 0 {
		b.Fatalf("no models in %s; run BenchmarkLeftOutModels first", to)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		m, err := mine.ReadModel(data)
		if err != nil {
			b.Fatal(err)
		}
		m.Answers = map[string][]float64{}
		for _, s := range sections() {
			m.Answers[s.name] = fit(samplesOf(cases, s.name), strings.TrimSuffix(filepath.Base(p), ".json"), expectations(b, s.name, s.expected), s.pull)
		}
		if data, err = json.Marshal(m); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAnswersOfUnseenIncidents finds in every incident with weights that were
// fitted without it. The least is a little below what was reached.
func TestAnswersOfUnseenIncidents(t *testing.T) {
	t.Parallel()
	cases := labelledCases(t)
	least := map[string]float64{"decisions": .50, "hypotheses": .50, "actions": .50, "factors": .35}
	for _, s := range sections() {
		o := crossed(cases, s.name, samplesOf(cases, s.name), expectations(t, s.name, s.expected), s.pull, s.least)
		for _, id := range slices.Sorted(maps.Keys(o.byCase)) {
			f := o.byCase[id]
			t.Logf("%-10s %-20s P %.2f R %.2f F1 %.2f marks %.2f entries %d", s.name, id, f.p, f.r, f.f, f.marks, f.entries)
		}
		t.Logf("%-10s incidents left out: P %.3f R %.3f F1 %.3f, marks right %.2f; transcripts F1 %.3f", s.name, o.total.p, o.total.r, o.total.f, o.total.marks, o.own)
		if o.total.f < least[s.name] {
			t.Errorf("%s: F1 %.3f of incidents left out, want %.2f", s.name, o.total.f, least[s.name])
		}
	}
}
