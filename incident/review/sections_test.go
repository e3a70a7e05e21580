package review_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
)

// said is an input of messages by two people, five minutes apart.
func said(texts ...string) source.Input {
	in := source.Input{People: []source.Person{{ID: "U1", Name: "Ann Lee"}, {ID: "U2", Name: "Ben"}}}
	for i, text := range texts {
		in.Messages = append(in.Messages, source.Message{
			ID: fmt.Sprintf("m%03d", i+1), At: at("10:00").Add(time.Duration(i) * 5 * time.Minute), Author: []string{"U1", "U2"}[i%2], Text: text,
		})
	}
	return in
}

func texts(d review.Draft, key review.SectionKey) []string {
	var out []string
	for _, l := range d.Section(key).Lines {
		out = append(out, d.Sentence(l))
	}
	return out
}

func TestNobodyIsAFactor(t *testing.T) {
	t.Parallel()
	blame := []string{
		"Ben forgot to renew the certificate", "I broke the deploy", "it was Ann's fault", "my bad, the config was mine", "you overlooked the alert", "ann totally messed up the script",
		"we can blame Ben for that",
	}
	fine := []string{"the certificate expired because nothing renews it", "the alert was too late", "I think the canary only runs at night", "the runbook was broken", "Ben found that nobody is paged at night"}
	in := said(append(append([]string{}, blame...), fine...)...)
	var f mine.Finds
	for _, m := range in.Messages {
		f.Factors = append(f.Factors, mine.Quote{Cites: []string{m.ID}})
	}
	d := review.MakeFrom(in, f)
	if diff := cmp.Diff(fine, texts(d, review.Factors)); diff != "" {
		t.Errorf("factors (-want +got):\n%s", diff)
	}
	for _, l := range d.Section(review.Factors).Lines {
		if l.Who != "" || l.Kind != review.Opinion {
			t.Errorf("a factor is laid at a person's door: %+v", l)
		}
	}
}

func TestFactsStandApartFromOpinions(t *testing.T) {
	t.Parallel()
	in := said("the disk is full", "went well: the page came at once", "is it the disk?", "who owns the disk?")
	q := func(id string) []mine.Quote { return []mine.Quote{{Cites: []string{id}}} }
	d := review.MakeFrom(in, mine.Finds{
		Impact: q("m001"), Opinions: q("m002"), Questions: q("m004"),
		Hypotheses: []mine.Hypothesis{{Propose: []string{"m003"}, Decide: []string{"m001"}, Verdict: mine.Confirmed}},
		Timeline:   []mine.Entry{{At: at("10:00"), Kind: "impact", Cites: []string{"m001"}}},
	})
	for key, want := range map[string]review.LineKind{
		"impact/m001": review.Fact, "timeline/m001": review.Fact, "opinions/m002": review.Opinion, "questions/m004": review.Opinion,
		"hypotheses/m003": review.Opinion, "hypotheses/m001": review.Fact, "asked/surprise": review.Ask, "decisions/none": review.Note,
	} {
		if l := line(t, d, key); l.Kind != want {
			t.Errorf("%s is of kind %q, want %q", key, l.Kind, want)
		}
	}
}

func TestTheSummaryIsAtMostFiveQuotesAndNoCauseThatNobodyConfirmed(t *testing.T) {
	t.Parallel()
	in := said("502 everywhere", "orders fail", "maybe the deploy?", "yes it was the deploy", "rolled back", "all good again")
	f := mine.Finds{
		Detection: []mine.Quote{{Cites: []string{"m001"}}}, Impact: []mine.Quote{{Cites: []string{"m002"}}},
		Hypotheses: []mine.Hypothesis{{Propose: []string{"m003"}, Decide: []string{"m004"}, Verdict: mine.Confirmed}},
		Times:      mine.Times{Mitigation: &mine.Moment{At: at("10:20"), Cites: []string{"m005"}}, Resolution: &mine.Moment{At: at("10:25"), Cites: []string{"m006"}}},
	}
	want := []string{
		"10:00 Detection: Ann Lee: 502 everywhere", "10:05 Impact: Ben: orders fail", "10:15 Cause: Ben: yes it was the deploy",
		"10:20 Mitigation: Ann Lee: rolled back", "10:25 Resolution: Ben: all good again",
	}
	if diff := cmp.Diff(want, texts(review.MakeFrom(in, f), review.Summary)); diff != "" {
		t.Errorf("the summary (-want +got):\n%s", diff)
	}
	f.Hypotheses[0].Verdict = mine.Open
	for _, s := range texts(review.MakeFrom(in, f), review.Summary) {
		if strings.Contains(s, "Cause") {
			t.Errorf("a guess that nobody confirmed is the cause: %s", s)
		}
	}
	in.Facts = []source.Fact{{ID: "e1", At: at("11:00"), By: "U1", Kind: source.Cause, Words: "change: the deploy of 10:00"}}
	if got := d(t, in, f, "summary/cause"); got != "11:00 Cause: Ann Lee: change: the deploy of 10:00" {
		t.Errorf("the recorded cause reads %q", got)
	}
}

func d(t *testing.T, in source.Input, f mine.Finds, key string) string {
	t.Helper()
	draft := review.MakeFrom(in, f)
	return draft.Sentence(line(t, draft, key))
}

func TestWhatWasCapturedIsSureAndReadsAsItWasSaid(t *testing.T) {
	t.Parallel()
	in := said("the disk is full", "deleted the logs")
	in.Facts = []source.Fact{
		{ID: "e1", At: at("10:07"), By: "U2", Kind: source.Captured, Words: "captured", About: "m001"},
		{ID: "e2", At: at("10:08"), By: "U2", Kind: source.Milestone, Words: "detection"},
	}
	f := mine.Finds{
		Timeline: []mine.Entry{{At: at("10:00"), Kind: "evidence", Cites: []string{"e1"}}, {At: at("10:05"), Kind: "action", Cites: []string{"m002"}}},
		Times:    mine.Times{Detection: &mine.Moment{At: at("10:08"), Cites: []string{"e2"}, Sure: true}},
	}
	draft := review.MakeFrom(in, f)
	l := line(t, draft, "timeline/m001") // the key that the line had before it was captured
	if !l.Sure || draft.Sentence(l) != "10:00 Ann Lee: the disk is full" || l.Cites[0] != "m001" || l.Cites[1] != "e1" {
		t.Errorf("what was captured reads %q: %+v", draft.Sentence(l), l)
	}
	if line(t, draft, "timeline/m002").Sure {
		t.Error("what was found in talk is called certain")
	}
	if l := line(t, draft, "times/detection"); !l.Sure || draft.Sentence(l) != "Detection: 10:08 UTC" || draft.Sources["e2"].Text != "Detection recorded" {
		t.Errorf("a recorded moment reads %q: %+v", draft.Sentence(l), draft.Sources["e2"])
	}
}

func TestHowLongItTookIsAFigureOnlyBetweenMomentsThatWereSaid(t *testing.T) {
	t.Parallel()
	in := said("first", "second")
	in.Messages[1].At = at("10:00").Add(50 * time.Hour)
	for name, c := range map[string]struct {
		from, to time.Time
		want     string
	}{
		"minutes":                   {at("10:00"), at("10:00").Add(50 * time.Hour), "Impact start until detection: 2 days"},
		"a moment that was told of": {at("09:30"), at("10:00").Add(50 * time.Hour), "Impact start until detection: 09:30 until 12:00 UTC"},
	} {
		f := mine.Finds{Times: mine.Times{ImpactStart: &mine.Moment{At: c.from, Cites: []string{"m001"}}, Detection: &mine.Moment{At: c.to, Cites: []string{"m002"}}}}
		if got := d(t, in, f, "times/impact_start-detection"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for minutes, want := range map[int]string{1: "1 minute", 45: "45 minutes", 179: "179 minutes", 180: "3h 0m", 700: "11h 40m"} {
		in.Messages[1].At = at("10:00").Add(time.Duration(minutes) * time.Minute)
		f := mine.Finds{Times: mine.Times{Detection: &mine.Moment{At: at("10:00"), Cites: []string{"m001"}}, Ack: &mine.Moment{At: in.Messages[1].At, Cites: []string{"m002"}}}}
		if got := d(t, in, f, "times/detection-ack"); got != "Detection until acknowledged: "+want {
			t.Errorf("%d minutes: %q", minutes, got)
		}
	}
	f := mine.Finds{Times: mine.Times{Detection: &mine.Moment{At: at("10:10"), Cites: []string{"m002"}}, Ack: &mine.Moment{At: at("10:00"), Cites: []string{"m001"}}}}
	for _, s := range texts(review.MakeFrom(in, f), review.Times) {
		if strings.Contains(s, "until") {
			t.Errorf("clocks that go backwards made %q", s)
		}
	}
}

func TestCountsAreInWords(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		0: "No message was there to be used.", 1: "Of one message, no are used here.", 21: "Of twenty-one messages, no are used here.",
		140: "Of one hundred forty messages, no are used here.", 1012: "Of one thousand twelve messages, no are used here.",
	} {
		in := source.Input{}
		for i := range n {
			in.Messages = append(in.Messages, source.Message{ID: fmt.Sprintf("m%d", i), At: at("10:00"), Text: "x"})
		}
		if got := line(t, review.MakeFrom(in, mine.Finds{}), "sources/used").Text; got != strings.Replace(want, "no are", "none is", 1) {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestADrillAndAPrivateIncidentSaySo(t *testing.T) {
	t.Parallel()
	in := said("down")
	in.Drill, in.Private = true, true
	draft := review.MakeFrom(in, mine.Finds{})
	if got := line(t, draft, "header/drill").Text; got != "This was a drill." {
		t.Errorf("of a drill it says %q", got)
	}
	if got := line(t, draft, "header/private").Text; !strings.Contains(got, "private") {
		t.Errorf("of a private incident it says %q", got)
	}
	page := review.HTML(draft)
	if !strings.Contains(page, ">drill<") || !strings.Contains(page, ">private<") || !strings.Contains(review.Markdown(draft, review.CiteIDs), "_drill, private_") {
		t.Error("the page or the Markdown does not say so")
	}
}

func TestEveryDraftAsksWhatShouldChange(t *testing.T) {
	t.Parallel()
	asked := strings.Join(texts(review.Make(source.Input{}), review.Asked), "\n")
	for _, want := range []string{"roles", "checklists", "paging rules", "runbook", "noticed this sooner", "luck", "When was it over", "by whom, and until when"} {
		if !strings.Contains(asked, want) {
			t.Errorf("nobody is asked about %q:\n%s", want, asked)
		}
	}
	f := mine.Finds{
		Actions: []mine.Action{{Cites: []string{"m001"}}}, Reopenings: []mine.Quote{{Cites: []string{"m001"}}},
		Hypotheses: []mine.Hypothesis{{Propose: []string{"m001"}, Verdict: mine.Open}},
	}
	asked = strings.Join(texts(review.MakeFrom(said("x y z"), f), review.Asked), "\n")
	for _, want := range []string{"nobody owns", "look as if it would hold", "neither confirmed nor refuted"} {
		if !strings.Contains(asked, want) {
			t.Errorf("nobody is asked %q:\n%s", want, asked)
		}
	}
}

func TestAForeignLineIsKeptAndMarked(t *testing.T) {
	t.Parallel()
	in := said("a página de login está em branco")
	draft := review.MakeFrom(in, mine.Finds{Foreign: []string{"m001"}, Impact: []mine.Quote{{Cites: []string{"m001"}}}})
	if md := review.Markdown(draft, review.CiteIDs); !strings.Contains(md, "- Ann Lee: a página de login está em branco [m001] (not in English)\n") {
		t.Errorf("the line is not kept and marked:\n%s", md)
	}
	if got := line(t, draft, "sources/foreign").Text; !strings.Contains(got, "not in English") {
		t.Errorf("the sources say %q", got)
	}
}

func TestWhatPeopleWroteOverALineKeepsItsOwnerAndMark(t *testing.T) {
	t.Parallel()
	draft := review.MakeFrom(talk(), finds())
	for i, s := range draft.Sections {
		for k, l := range s.Lines {
			if l.Key == "actions/m8" || l.Key == "actions/m9" || l.Key == "hypotheses/m3" {
				l.Kind, l.Who, l.Text = review.Own, "ann", "as we see it now"
				draft.Sections[i].Lines[k] = l
			}
		}
	}
	md := review.Markdown(draft, review.CiteIDs)
	for _, want := range []string{"- Owner Ben Ito: as we see it now [m8, m9] (due 2026-03-09)\n", "- Unassigned: as we see it now [m9]\n", "- Confirmed: as we see it now [m3]\n"} {
		if !strings.Contains(md, want) {
			t.Errorf("the Markdown lacks %q:\n%s", want, md)
		}
	}
	if page := review.HTML(draft); !strings.Contains(page, `>as we see it now</span> <span class="by">Ann</span>`) {
		t.Error("the page does not say whose words they are")
	}
}
