package bot_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tocsin/bot"
	"tocsin/incident"
	"tocsin/incident/review"
)

// draftOf is a draft with a section of facts and one of questions.
func draftOf(keys ...string) review.Draft {
	d := review.Draft{Number: "INC-7", Sections: []review.Section{
		{Key: review.Summary, Title: "Summary"},
		{Key: review.Asked, Title: "Questions", Lines: []review.Line{{Key: "asked/luck", Kind: review.Ask, Text: "What was luck?"}}},
	}}
	for _, k := range keys {
		d.Sections[0].Lines = append(d.Sections[0].Lines, review.Line{Key: k, Kind: review.Fact, Text: "machine " + k, Cites: []string{k}})
	}
	if len(keys) == 0 {
		d.Sections[0].Lines = []review.Line{{Key: "summary/none", Kind: review.Note, Text: "Not stated in the channel."}}
	}
	return d
}

func wrote(key, section, words string) incident.ReviewLine {
	return incident.ReviewLine{Key: key, Section: section, Edited: true, Text: incident.Text{Author: "ann", Words: words}, By: "ann", Version: 3}
}

func textsOf(d review.Draft) []string {
	var out []string
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			out = append(out, l.Text)
		}
	}
	return out
}

func TestPeoplesWordsLieOverTheDraft(t *testing.T) {
	t.Parallel()
	own := wrote("own/1", "summary", "of our own")
	own.Own, own.Edited, own.After = true, false, "a"
	gone := wrote("b", "summary", "")
	gone.Removed, gone.Edited = true, false
	v := incident.Review{Lines: []incident.ReviewLine{wrote("a", "summary", "better"), gone, own, wrote("asked/luck", "asked", "That Bo was awake.")}}
	want := []string{"better", "of our own", "machine c", "What was luck?", "That Bo was awake."}
	if got := textsOf(bot.Laid(draftOf("a", "b", "c"), v)); !slices.Equal(got, want) {
		t.Errorf("it reads %q, want %q", got, want)
	}
	if got := textsOf(bot.Laid(draftOf(), v)); slices.Contains(got, "Not stated in the channel.") {
		t.Errorf("with words of people in it, it still says that nothing is stated: %q", got)
	}
}

func TestADraftMadeAnewTakesNothingFromPeople(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		keys := []string{"a", "b", "c", "d", "e"}
		var v incident.Review
		for _, k := range rapid.SliceOfDistinct(rapid.SampledFrom(keys), rapid.ID[string]).Draw(t, "edited") {
			v.Lines = append(v.Lines, wrote(k, rapid.SampledFrom([]string{"summary", "lessons"}).Draw(t, "section"), "people on "+k))
		}
		d := draftOf(rapid.SliceOfDistinct(rapid.SampledFrom(keys), rapid.ID[string]).Draw(t, "drafted")...)
		got := textsOf(bot.Laid(d, v))
		for _, l := range v.Lines {
			if n := len(slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s != l.Text.Words })); n != 1 {
				t.Fatalf("%q stands there %d times: %q", l.Text.Words, n, got)
			}
		}
		for _, s := range d.Sections {
			for _, l := range s.Lines {
				_, touched := v.Line(l.Key)
				if l.Kind == review.Fact && slices.Contains(got, l.Text) == touched {
					t.Fatalf("the machine's %q stands there: %v", l.Text, !touched)
				}
			}
		}
	})
}
