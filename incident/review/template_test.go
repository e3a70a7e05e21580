package review_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
)

func TestTheEmptyTemplateChangesNothing(t *testing.T) {
	t.Parallel()
	in := talk()
	if diff := cmp.Diff(review.Make(in), review.MakeAs(in, review.Template{})); diff != "" {
		t.Errorf("the draft changed (-before +after):\n%s", diff)
	}
}

func TestATemplateSaysWhichSectionsInWhichOrder(t *testing.T) {
	t.Parallel()
	before := review.MakeFrom(talk(), finds())
	house := review.Template{Title: "Learning review", Sections: []review.Heading{
		{Key: review.Actions, Title: "What we will do", Asks: []string{"Who tells the customers?", "Who tells the customers?", "Störung?"}},
		{Key: review.Timeline},
		{Key: "privacy", Asks: []string{"Was personal data touched?"}},
		{Key: review.Actions, Title: "once more"},
		{Key: "", Title: "nothing"},
		{Key: "empty"},
	}}
	d := house.Apply(before)
	var keys []review.SectionKey
	for _, s := range d.Sections {
		keys = append(keys, s.Key)
	}
	if diff := cmp.Diff([]review.SectionKey{review.Header, review.Actions, review.Timeline, "privacy", "empty", review.Sources}, keys); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
	if s := d.Section(review.Actions); s.Title != "What we will do" || d.Section("privacy").Title != "privacy" || d.Section(review.Timeline).Title != review.Timeline.Heading() {
		t.Errorf("headings: %q", s.Title)
	}
	var asks []string
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			if l.Kind == review.Ask {
				asks = append(asks, l.Key+" "+l.Text)
			}
		}
	}
	want := []string{
		"actions/ask/who-tells-the-customers Who tells the customers?", "actions/ask/who-tells-the-customers-2 Who tells the customers?",
		"actions/ask/störung Störung?", "privacy/ask/was-personal-data-touched Was personal data touched?",
	}
	if diff := cmp.Diff(want, asks); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	if l := line(t, d, "empty/none"); l.Text != "Not stated in the channel." {
		t.Errorf("a section with nothing says %q", l.Text)
	}
	if md := review.Markdown(d, review.CiteIDs); !strings.HasPrefix(md, "# Learning review of INC-7: checkout answers 502\n") {
		t.Errorf("the title is %q", md[:60])
	}
	if _, is := d.Sources["m7"]; !is {
		t.Error("a source that is still cited is gone")
	}
	if _, is := d.Sources["m4"]; is {
		t.Error("a source that nothing cites any more is still there")
	}
	if diff := cmp.Diff(before, review.MakeFrom(talk(), finds())); diff != "" {
		t.Errorf("the draft before it was changed (-want +got):\n%s", diff)
	}
}

func TestJSONHoldsTheWholeDraft(t *testing.T) {
	t.Parallel()
	var got struct {
		Number, Title, Severity, Status string
		Times                           map[string]*struct {
			At    time.Time
			Cites []string
			Other *struct{ At time.Time }
		}
		Sections []struct {
			Key   string
			Lines []struct {
				Key, Kind, Text, Who, Owner, Due, Mark, Under, Image, Link string
				At                                                         *time.Time
				Cites                                                      []string
			}
		}
		Redacted []struct{ Message, Kind string }
		Sources  map[string]struct {
			Text, Author, Link string
			Recorded           bool
		}
		People map[string]string
	}
	d := review.MakeFrom(talk(), finds())
	if err := json.Unmarshal(review.JSON(d), &got); err != nil {
		t.Fatal(err)
	}
	if got.Number != "INC-7" || got.Severity != "sev2" || got.People["ben"] != "Ben Ito" || len(got.Sections) != len(review.Order()) || len(got.Redacted) != 2 {
		t.Errorf("the JSON is %+v", got)
	}
	if m := got.Times["impact_start"]; m == nil || m.Other == nil || !m.At.Equal(at("09:02")) || got.Times["resolution"] != nil || len(got.Times) != 5 {
		t.Errorf("times are %+v", got.Times)
	}
	if s := got.Sources["e1"]; !s.Recorded || !strings.Contains(s.Text, "declared") || got.Sources["m1"].Link == "" {
		t.Errorf("sources are %+v", got.Sources)
	}
	for _, s := range got.Sections {
		for _, l := range s.Lines {
			want := line(t, d, l.Key)
			if l.Text != want.Text || l.Mark != want.Mark || l.Under != want.Under || len(l.Cites) != len(want.Cites) || (l.At == nil) != want.At.IsZero() {
				t.Errorf("line %+v, want %+v", l, want)
			}
			if l.Key == "actions/m8" && (l.Owner != "ben" || l.Due != "2026-03-09") {
				t.Errorf("an action is %+v", l)
			}
		}
	}
}

func TestWordsAreOneLineWithoutTricks(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\r\n\tb   c":                          "a b c",
		"> quoted by another\nmine":             "mine",
		"> nothing but a quote":                 "> nothing but a quote",
		"see ```\ncode: 1\n``` here":            "see code: 1 here",
		"\u202eexe.gnp\u202c and \u2066x\u2069": "exe.gnp and x",
		"a\u2028b":                              "a b",
		"\x00\x1b[31mred":                       "[31mred",
		"bad \xff byte":                         "bad � byte",
		">_< that hurt":                         ">_< that hurt",
	} {
		in := source.Input{Messages: []source.Message{{ID: "m001", At: at("10:00"), Text: text}}}
		d := review.MakeFrom(in, mine.Finds{Impact: []mine.Quote{{Cites: []string{"m001"}}}})
		if got := line(t, d, "impact/m001").Text; got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}
