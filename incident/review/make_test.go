package review_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/reviewtest"
	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
)

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-03-02 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

// talk is an incident as somebody says and somebody records it.
func talk() source.Input {
	return source.Input{
		ID: "01J", Number: "INC-7", Title: "checkout answers 502", Severity: "sev2", Status: "resolved", Zone: "Europe/Berlin",
		People: []source.Person{
			{ID: "ann", Name: "Ann", Zone: "Europe/Berlin", Roles: []string{"incident commander"}},
			{ID: "ben", Name: "Ben Ito", Zone: "Asia/Tokyo"},
			{ID: "pager", Name: "pager", Bot: true},
		},
		Messages: []source.Message{
			{ID: "m1", At: at("09:07"), Author: "pager", Text: "[FIRING:1] Checkout5xx rate=31%", Bot: true, Link: "https://chat.example.org/m1"},
			{ID: "m2", At: at("09:09"), Author: "ann", Text: "ack, looking"},
			{ID: "m3", At: at("09:12"), Author: "ben", Text: "could it be v412?\n> somebody else said\nit went out at 18:02 here"},
			{ID: "m4", At: at("09:20"), Author: "ann", Text: "roll back or restart?"},
			{ID: "m5", At: at("09:21"), Author: "ben", Text: "roll back, decided"},
			{ID: "m6", At: at("09:30"), Author: "ben", Text: "rolled back to v411, rate is 0.1% again", Edited: true},
			{ID: "m7", At: at("09:31"), Author: "ann", Text: "yes, it was v412: the price list did not fit into memory"},
			{ID: "m8", At: at("09:40"), Author: "ann", Text: "Ben adds a memory test, please", Files: []source.File{{Name: "mem.png", Kind: "image/png", Kept: "kept/1"}}},
			{ID: "m9", At: at("09:41"), Author: "ben", Text: "ok"},
			{ID: "m10", At: at("09:50"), Author: "ben", Deleted: true},
		},
		Facts: []source.Fact{
			{ID: "e1", At: at("09:10"), By: "ann", Kind: source.Declared, Words: "Ann declared this incident, sev2."},
			{ID: "e2", At: at("09:10"), By: "ann", Kind: source.Role, Words: "Ann took incident commander."},
			{ID: "e3", At: at("09:35"), By: "ben", Kind: source.Note, Words: "this note was struck 999", Struck: true},
		},
		Redacted: []source.Redaction{{Message: "m3", Kind: "github_token"}, {Message: "m10", Kind: "password"}},
		Related:  []source.Related{{Number: "INC-3", Title: "checkout slow", Why: "same service: checkout", Link: "https://house.example.org/3"}},
	}
}

func finds() mine.Finds {
	return mine.Finds{
		Timeline: []mine.Entry{
			{At: at("09:07"), Kind: "detect", Cites: []string{"m1"}},
			{At: at("09:30"), Kind: "action", Cites: []string{"m6", "m10", "nowhere"}},
			{At: at("09:35"), Kind: "note", Cites: []string{"e3"}},
		},
		Times: mine.Times{
			ImpactStart: &mine.Moment{At: at("09:02"), Cites: []string{"m3"}, Other: &mine.Moment{At: at("09:07"), Cites: []string{"m1"}}},
			Detection:   &mine.Moment{At: at("09:07"), Cites: []string{"m1"}},
			Ack:         &mine.Moment{At: at("09:09"), Cites: []string{"m2"}},
			Mitigation:  &mine.Moment{At: at("09:30"), Cites: []string{"m6"}},
		},
		Decisions:  []mine.Decision{{Cites: []string{"m5"}, Aside: []string{"m4"}}},
		Hypotheses: []mine.Hypothesis{{Propose: []string{"m3"}, Decide: []string{"m7"}, Verdict: mine.Confirmed}, {Propose: []string{"m4"}, Verdict: mine.Open}},
		Actions: []mine.Action{
			{Text: "Ben adds a memory test", Owner: "ben", Due: at("00:00").AddDate(0, 0, 7), Cites: []string{"m8", "m9"}},
			{Text: "a sentence that nobody said about 77 gardens", Owner: "ann", Cites: []string{"m9"}},
			{Cites: []string{"m7"}},
		},
		Detection: []mine.Quote{{Cites: []string{"m1"}}},
		Foreign:   []string{"m9"},
		Scores:    []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 0},
	}
}

func line(t *testing.T, d review.Draft, key string) review.Line {
	t.Helper()
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			if l.Key == key {
				return l
			}
		}
	}
	t.Fatalf("the draft has no line %s:\n%s", key, review.Markdown(d, review.CiteIDs))
	return review.Line{}
}

func TestADraftHasEverySectionInOrderAndNoneIsEmpty(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]review.Draft{"nothing": review.Make(source.Input{}), "an incident": review.MakeFrom(talk(), finds())} {
		var keys []review.SectionKey
		seen := map[string]bool{}
		for _, s := range d.Sections {
			keys = append(keys, s.Key)
			if len(s.Lines) == 0 || s.Title == "" {
				t.Errorf("%s: section %s is silently empty", name, s.Key)
			}
			for _, l := range s.Lines {
				if l.Text == "" || seen[l.Key] || !strings.HasPrefix(l.Key, string(s.Key)+"/") {
					t.Errorf("%s: line %+v has no words, or a key that is not its own", name, l)
				}
				seen[l.Key] = true
			}
		}
		if diff := cmp.Diff(review.Order(), keys); diff != "" {
			t.Errorf("%s: sections (-want +got):\n%s", name, diff)
		}
	}
}

func TestALineSaysWhatItsSourceSays(t *testing.T) {
	t.Parallel()
	d := review.MakeFrom(talk(), finds())
	for key, want := range map[string]string{
		"timeline/m1":          "09:07 pager: [FIRING:1] Checkout5xx rate=31%",
		"timeline/m6":          "09:30 Ben Ito: rolled back to v411, rate is 0.1% again",
		"summary/cause":        "09:31 Cause: Ann: yes, it was v412: the price list did not fit into memory",
		"hypotheses/m3":        "Confirmed: Ben Ito: could it be v412? it went out at 18:02 here",
		"hypotheses/m4":        "Open: Ann: roll back or restart?",
		"decisions/m4":         "Also proposed: Ann: roll back or restart?",
		"actions/m8":           "Owner Ben Ito: Ben adds a memory test",
		"actions/m9":           "Unassigned: ok",
		"actions/m7":           "Unassigned: yes, it was v412: the price list did not fit into memory",
		"times/impact_start":   "Impact start: 09:02 UTC",
		"times/ack":            "Acknowledged: 09:09 UTC",
		"times/resolution":     "Resolution: not stated in the channel.",
		"times/declared":       "Declared: 09:10 UTC",
		"header/e1":            "Ann declared this incident, sev2.",
		"participants/ann":     "Ann: incident commander, 09:09 until 09:40 UTC, 10:09 until 10:40 local",
		"participants/ben":     "Ben Ito: 09:12 until 09:41 UTC, 18:12 until 18:41 local",
		"related/INC-3":        "INC-3: checkout slow (same service: checkout)",
		"sources/used":         "Of ten messages, nine are used here.",
		"sources/deleted":      "One deleted message is not used.",
		"sources/edited":       "One message was edited since. The newest words stand.",
		"sources/redacted":     "A secret was taken out of a message that is not there any more.",
		"asked/owners":         "Who takes the action items that nobody owns?",
		"impact/none":          "Not stated in the channel.",
		"asked/paging":         "What should change in the paging rules?",
		"asked/noticed-sooner": "What could have noticed this sooner?",

		"times/impact_start/other":            "Or impact start: 09:07 UTC",
		"times/impact_start-detection":        "Impact start until detection: 09:02 until 09:07 UTC",
		"times/detection-ack":                 "Detection until acknowledged: 2 minutes",
		"sources/redacted/m3/github_token":    "Secret redacted",
		"asked/two-times/impact_start":        "Impact start: there are two candidates. Which one is right?",
		"times/impact_start-mitigation/other": "Or impact start until mitigation: 23 minutes",
	} {
		if got := d.Sentence(line(t, d, key)); got != want {
			t.Errorf("%s says\n%q, want\n%q", key, got, want)
		}
	}
}

func TestASentenceThatIsNotSupportedBecomesTheQuote(t *testing.T) {
	t.Parallel()
	d := review.MakeFrom(talk(), finds())
	l := line(t, d, "actions/m9")
	if !l.Quote || l.Owner != "" || l.Text != "ok" || !l.Foreign {
		t.Errorf("an invented action reads %+v, want the words of its message", l)
	}
}

func TestWhatIsDeletedOrStruckIsNotCited(t *testing.T) {
	t.Parallel()
	d := review.MakeFrom(talk(), finds())
	for _, id := range []string{"m10", "nowhere", "e3"} {
		if _, is := d.Sources[id]; is {
			t.Errorf("%s is a source", id)
		}
	}
	if l := line(t, d, "timeline/m6"); !slices.Equal(l.Cites, []string{"m6"}) {
		t.Errorf("a line cites %v", l.Cites)
	}
	if strings.Contains(review.Markdown(d, review.CiteLinks)+review.HTML(d)+string(review.JSON(d)), "999") {
		t.Error("a struck note is in the draft")
	}
}

func TestAPictureStandsAtItsTime(t *testing.T) {
	t.Parallel()
	d := review.MakeFrom(talk(), finds())
	l := line(t, d, "timeline/m8")
	if l.Image != "kept/1" || !l.At.Equal(at("09:40")) {
		t.Errorf("the picture's line is %+v", l)
	}
	asked := ""
	page := review.HTMLWith(d, func(kept string) (string, []byte) { asked = kept; return "image/png", []byte("png") })
	if asked != "kept/1" || !strings.Contains(page, `src="data:image/png;base64,cG5n"`) {
		t.Errorf("the page asked for %q and does not show the picture", asked)
	}
	if page := review.HTMLWith(d, func(string) (string, []byte) { return "text/html", []byte("<script>") }); strings.Contains(page, "<img") {
		t.Error("what is no picture stands in the page")
	}
}

func TestADraftMadeAgainIsEqual(t *testing.T) {
	t.Parallel()
	for _, in := range reviewtest.Own(t) {
		a, b := review.Make(in), review.Make(in)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s (-first +second):\n%s", in.ID, diff)
		}
		if string(review.JSON(a)) != string(review.JSON(b)) || review.HTML(a) != review.HTML(b) ||
			review.Markdown(a, review.CiteLinks) != review.Markdown(b, review.CiteLinks) {
			t.Errorf("%s is drawn differently the second time", in.ID)
		}
	}
}

func TestAQuoteBreaksOffWithoutLosingANot(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("the disk of the replica and the queue and the cache ", 8) + "were not the reason for what we saw on the page today"
	in := source.Input{People: []source.Person{{ID: "a", Name: "Ann"}}, Messages: []source.Message{{ID: "m1", At: at("10:00"), Author: "a", Text: long}}}
	d := review.MakeFrom(in, mine.Finds{Impact: []mine.Quote{{Cites: []string{"m1"}}}})
	if l := line(t, d, "impact/m1"); !strings.Contains(l.Text, "were not the reason") {
		t.Errorf("the quote turned round: %q", l.Text)
	}
	in.Messages[0].Text = "First we saw this. " + strings.Repeat("And then a lot more was seen by everybody here. ", 20)
	d = review.MakeFrom(in, mine.Finds{Impact: []mine.Quote{{Cites: []string{"m1"}}}})
	if l := line(t, d, "impact/m1"); !strings.HasSuffix(l.Text, "here.") || len(l.Text) > 330 {
		t.Errorf("a long message is quoted as %q", l.Text)
	}
}

func TestNoTimesAreAveragedAndNobodyIsAFactor(t *testing.T) {
	t.Parallel()
	for _, in := range reviewtest.Own(t) {
		text := strings.ToLower(review.Markdown(review.Make(in), review.CiteIDs))
		for _, word := range []string{"average", "mttr", "root cause", "human error"} {
			if strings.Contains(text, word) {
				t.Errorf("%s: the draft says %q", in.ID, word)
			}
		}
	}
}
