package source_test

import (
	"testing"
	"time"

	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
)

func TestAnInputIsScrubbedWithAListOfWhatWasTaken(t *testing.T) {
	t.Parallel()
	token := "gh" + "p_9fK2mZqT4xWcY7bLr0NvUe3HsJ5aDg8QpR1t"
	in := source.Input{
		Title: "token " + token,
		Messages: []source.Message{
			{ID: "m1", Text: "use " + token + " and pw Larch-Welkin-77!"},
			{ID: "m2", Text: "nothing here"},
			{ID: "m3", Text: "was taken before: [redacted:slack], call +1 415 555 0148"},
		},
		Facts:    []source.Fact{{ID: "e1", Words: "note: " + token}},
		Redacted: []source.Redaction{{Message: "m3", Kind: "slack"}},
	}
	before := in.Messages[0].Text
	got := source.Scrubbed(in)
	want := []source.Redaction{
		{Message: "m3", Kind: "slack"}, {Message: "m1", Kind: "github"}, {Message: "m1", Kind: "password"}, {Message: "m3", Kind: "phone"}, {Message: "e1", Kind: "github"},
	}
	if diff := cmp.Diff(want, got.Redacted); diff != "" {
		t.Errorf("redacted (-want +got):\n%s", diff)
	}
	if got.Messages[0].Text != "use [redacted:github] and pw [redacted:password]" || got.Title != "token [redacted:github]" || got.Facts[0].Words != "note: [redacted:github]" {
		t.Errorf("the texts are %q, %q, %q", got.Messages[0].Text, got.Title, got.Facts[0].Words)
	}
	if in.Messages[0].Text != before || len(in.Redacted) != 1 {
		t.Error("the input that was handed in changed")
	}
	if diff := cmp.Diff(got, source.Scrubbed(got)); diff != "" {
		t.Errorf("scrubbed twice (-once +twice):\n%s", diff)
	}
}

func TestAZoneIsANameOrAnOffset(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{"Europe/Berlin": "14:00", "+05:30": "17:30", "-03:00": "09:00", "UTC": "12:00"} {
		z := source.Zone(name)
		if z == nil || noon.In(z).Format("15:04") != want {
			t.Errorf("%s is %v", name, z)
		}
	}
	for _, name := range []string{"", "Local", "Nowhere/Else", "+25", "../etc/passwd"} {
		if z := source.Zone(name); z != nil {
			t.Errorf("%q is a zone: %v", name, z)
		}
	}
}
