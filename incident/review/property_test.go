package review_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tocsin/incident/review"
	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anyWords are the words that random people say.
func anyWords() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{
			"the", "checkout", "is", "down", "since", "14:30", "13:05 UTC", "not", "no", "we", "rolled", "back", "v412", "to", "v411", "ack", "looking",
			"could", "it", "be", "the", "disk?", "decided:", "let's", "drain", "node-7", "I'll", "write", "runbook", "TODO", "alert", "on", "queue", "by",
			"2026-03-09", "Friday", "fixed", "resolved", "again", "31%", "customers", "see", "502", "for", "20", "minutes", "20 min ago", "Ann", "ben", "@ben",
			"[m999]", "](javascript:", "<b>", "\n", "> quoted\n", "```", "error=0x1f", "http://10.0.0.1/a", "отказ", "Störung", "障害", "…", "it", "works", "handing over to", "reopening",
			"12", "1", "0", "99999", "3.5s", "went well", "because", "lol",
		}), 0, 14).Draw(t, "words")
		return strings.Join(words, " ")
	})
}

// anyInput is a channel with whatever may be in one: deleted messages, clocks
// that go backwards, facts, struck ones, strangers.
func anyInput() *rapid.Generator[source.Input] {
	return rapid.Custom(func(t *rapid.T) source.Input {
		zone := rapid.SampledFrom([]string{"", "UTC", "Europe/Berlin", "+05:30", "America/New_York", "Nowhere/Else"})
		who := rapid.SampledFrom([]string{"ann", "ben", "bot", "stranger", ""})
		in := source.Input{
			Title: anyWords().Draw(t, "title"), Zone: zone.Draw(t, "zone"), Severity: rapid.SampledFrom([]string{"", "sev2"}).Draw(t, "severity"),
			People: []source.Person{
				{ID: "ann", Name: "Ann", Zone: zone.Draw(t, "ann's zone"), Roles: rapid.SliceOfN(rapid.SampledFrom([]string{"incident commander", "scribe"}), 0, 2).Draw(t, "roles")},
				{ID: "ben", Name: "Ben Ito", Zone: zone.Draw(t, "ben's zone")},
				{ID: "bot", Name: "bot", Bot: true},
			},
		}
		now := at("09:00")
		if rapid.Bool().Draw(t, "declared") {
			in.Declared = now
		}
		for i := range rapid.IntRange(0, 25).Draw(t, "messages") {
			now = now.Add(time.Duration(rapid.IntRange(-30, 6000).Draw(t, "later")) * time.Second)
			m := source.Message{ID: fmt.Sprintf("m%03d", i+1), At: now, Author: who.Draw(t, "author"), Text: anyWords().Draw(t, "text"), Edited: rapid.Bool().Draw(t, "edited")}
			if rapid.IntRange(0, 6).Draw(t, "deleted") == 0 {
				m.Deleted, m.Text = true, ""
			}
			if i > 0 && rapid.IntRange(0, 4).Draw(t, "threaded") == 0 {
				m.Thread = in.Messages[rapid.IntRange(0, i-1).Draw(t, "thread")].ID
			}
			if rapid.IntRange(0, 5).Draw(t, "reacted") == 0 {
				m.Reactions = []source.Reaction{{Name: rapid.SampledFrom([]string{"pushpin", "eyes", "+1"}).Draw(t, "reaction"), By: []string{"ann"}}}
			}
			if rapid.IntRange(0, 8).Draw(t, "pictured") == 0 {
				m.Files = []source.File{{Name: "a.png", Kind: "image/png", Kept: "kept/" + m.ID}}
			}
			in.Messages = append(in.Messages, m)
		}
		kinds := []source.Kind{
			source.Declared, source.Severity, source.Status, source.Resolved, source.Reopened, source.Role, source.Handover, source.Page, source.Acknowledged,
			source.Alert, source.Update, source.Impact, source.Cause, source.Note, source.Captured, source.Decision, source.Task, source.Action, source.Change, source.Other,
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "facts") {
			f := source.Fact{
				ID: fmt.Sprintf("e%d", i+1), At: at("09:00").Add(time.Duration(rapid.IntRange(-600, 90000).Draw(t, "fact at")) * time.Second), By: who.Draw(t, "by"),
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Words: anyWords().Draw(t, "fact words"), Struck: rapid.IntRange(0, 5).Draw(t, "struck") == 0,
			}
			if f.Kind == source.Captured && len(in.Messages) > 0 {
				f.About = rapid.SampledFrom(in.Messages).Draw(t, "about").ID
			}
			if f.Kind == source.Action {
				f.Owner, f.Due = who.Draw(t, "owner"), rapid.SampledFrom([]time.Time{{}, at("09:00").AddDate(0, 0, 8)}).Draw(t, "due")
			}
			in.Facts = append(in.Facts, f)
		}
		return in
	})
}

var digits = regexp.MustCompile(`\d+`)

func TestWhateverIsSaidADraftKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		d := review.Make(in)
		visible := map[string]bool{}
		for _, m := range in.Messages {
			visible[m.ID] = !m.Deleted
		}
		for _, f := range in.Facts {
			visible[f.ID] = !f.Struck
		}
		keys := map[string]bool{}
		for _, s := range d.Sections {
			if len(s.Lines) == 0 {
				t.Fatalf("section %s is silently empty", s.Key)
			}
			for _, l := range s.Lines {
				if keys[l.Key] {
					t.Fatalf("two lines have the key %s", l.Key)
				}
				keys[l.Key] = true
				for _, id := range l.Cites {
					if _, is := d.Sources[id]; !visible[id] || !is {
						t.Fatalf("%s cites %s, which no reader may see", l.Key, id)
					}
				}
				switch l.Kind {
				case review.Fact, review.Opinion:
					if len(l.Cites) == 0 {
						t.Fatalf("%s states something and cites nothing: %q", l.Key, l.Text)
					}
					figures(t, in, d, l)
				case review.Note, review.Ask:
					if s.Key != review.Related && digits.MatchString(l.Text) {
						t.Fatalf("a note has a figure: %q", l.Text)
					}
				case review.Own:
					t.Fatalf("a machine wrote in a person's name: %+v", l)
				}
			}
		}
		again := review.Make(in)
		if diff := cmp.Diff(d, again); diff != "" {
			t.Fatalf("made again (-first +second):\n%s", diff)
		}
		for _, form := range []review.CiteForm{review.CiteIDs, review.CiteLinks} {
			if review.Markdown(d, form) != review.Markdown(again, form) {
				t.Fatal("the Markdown differs")
			}
		}
		if review.HTML(d) != review.HTML(again) || string(review.JSON(d)) != string(review.JSON(again)) {
			t.Fatal("the page or the JSON differs")
		}
	})
}

// figures holds every figure of a line against what it cites: their words,
// when they were said by any clock that counts, the times that were worked out
// from them, and how long it was from one to another.
func figures(t *rapid.T, in source.Input, d review.Draft, l review.Line) {
	known := map[string]bool{}
	add := func(s string) {
		for _, n := range digits.FindAllString(s, -1) {
			known[n] = true
		}
	}
	var times []time.Time
	moment := func(at time.Time) {
		times = append(times, at)
		zones := []*time.Location{time.UTC, source.Zone(in.Zone)}
		for _, p := range in.People {
			zones = append(zones, source.Zone(p.Zone))
		}
		for _, z := range zones {
			if z != nil {
				add(at.In(z).Format("2006-01-02 15:04"))
			}
		}
	}
	cites := map[string]bool{}
	for _, id := range l.Cites {
		cites[id] = true
		add(d.Sources[id].Text)
		moment(d.Sources[id].At)
		for _, f := range in.Facts {
			if f.ID == id && f.Kind == source.Action {
				moment(f.Due)
			}
		}
	}
	for _, m := range review.Moments(d.Times) {
		for ; m != nil; m = m.Other {
			for _, id := range m.Cites {
				if cites[id] {
					moment(m.At)
				}
			}
		}
	}
	if !l.Due.IsZero() {
		moment(l.Due)
	}
	if l.Class != "" {
		moment(l.At) // of a timeline entry: what the words say of when
	}
	for _, a := range times {
		for _, b := range times {
			m := int(a.Sub(b).Abs() / time.Minute)
			for _, n := range []int{m, m / 60, m % 60, m / 60 / 24} {
				known[strconv.Itoa(n)] = true
			}
		}
	}
	for _, n := range digits.FindAllString(d.Sentence(l), -1) {
		if !known[n] {
			t.Fatalf("%s says %s, which none of its sources %v say: %q", l.Key, n, l.Cites, d.Sentence(l))
		}
	}
}
