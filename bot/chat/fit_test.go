package chat_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tocsin/bot/chat"
)

func TestFitLeavesAloneWhatFits(t *testing.T) {
	t.Parallel()
	m := everything().Message
	for _, l := range []chat.Limits{{}, {Text: 4000, Parts: 50, Actions: 25, Label: 75, Topic: 250}} {
		if diff := cmp.Diff(m, chat.Fit(m, l)); diff != "" {
			t.Errorf("with %+v (-want +got):\n%s", l, diff)
		}
	}
}

func TestFitShortens(t *testing.T) {
	t.Parallel()
	long := chat.Message{Title: []chat.Span{chat.Plain("title")}, Parts: []chat.Part{
		chat.Text{chat.Plain(strings.Repeat("é", 300))}, chat.Text{chat.Plain("after")},
	}}
	got := chat.Plaintext(chat.Fit(long, chat.Limits{Text: 200}), chat.Paper{})
	if !strings.Contains(got, "…") || !strings.Contains(got, "Shortened by") || strings.Contains(got, "after") {
		t.Errorf("got %q", got)
	}
}

func TestFitCountsParts(t *testing.T) {
	t.Parallel()
	var m chat.Message
	for range 10 {
		m.Parts = append(m.Parts, chat.Text{chat.Plain("x")})
	}
	got := chat.Fit(m, chat.Limits{Parts: 4})
	if len(got.Parts) != 4 || !strings.Contains(chat.Plaintext(got, chat.Paper{}), "7 parts left out") {
		t.Errorf("got %d parts: %q", len(got.Parts), chat.Plaintext(got, chat.Paper{}))
	}
}

func TestFitNamesButtonsThatDoNotFit(t *testing.T) {
	t.Parallel()
	m := chat.Message{
		Parts:   []chat.Part{chat.Buttons{{Label: "Done", Command: "done INC-7 1"}}},
		Actions: []chat.Action{{Label: "One", Command: "take INC-7"}, {Label: strings.Repeat("w", 50), Command: "page INC-7"}, {Label: "", Command: "resolve INC-7"}},
	}
	got := chat.Fit(m, chat.Limits{Actions: 2, Label: 20})
	if len(got.Actions) != 2 || utf8.RuneCountInString(got.Actions[1].Label) != 20 {
		t.Errorf("the buttons are %+v", got.Actions)
	}
	words := chat.Plaintext(chat.Message{Parts: got.Parts}, chat.Paper{})
	if !strings.Contains(words, "resolve INC-7") || !strings.Contains(words, "done INC-7 1") {
		t.Errorf("what has no button is not named: %q", words)
	}
}

func TestFitMakesTextOfUnsafeLinks(t *testing.T) {
	t.Parallel()
	m := chat.Message{
		Parts:   []chat.Part{chat.Text{chat.Link{Label: "click", URL: "javascript:alert(1)"}, chat.Link{URL: "javascript:x"}, chat.Link{Label: "nowhere"}}},
		Actions: []chat.Action{{Label: "Open", URL: "javascript:alert(1)"}, {Label: "Nothing"}},
	}
	got := chat.Fit(m, chat.Limits{})
	want := chat.Message{Parts: []chat.Part{
		chat.Text{chat.Plain("click (javascript:alert(1))"), chat.Plain("javascript:x"), chat.Plain("nowhere")},
		chat.Small{chat.Plain("Also: "), chat.Code("javascript:alert(1)")},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFitCleans(t *testing.T) {
	t.Parallel()
	bad := "a\u202e\x00b\nc"
	m := chat.Message{
		Title: []chat.Span{chat.Plain(bad)}, Summary: bad,
		Parts:   []chat.Part{chat.Text{chat.Plain(bad)}, chat.Pre(bad), chat.Fields{{Label: bad}}, chat.Text{chat.Plain("\x00")}, nil},
		Actions: []chat.Action{{Label: bad, Command: "note " + bad}},
	}
	want := chat.Message{
		Title: []chat.Span{chat.Plain("ab c")}, Summary: "ab c",
		Parts:   []chat.Part{chat.Text{chat.Plain("ab\nc")}, chat.Pre("ab\nc"), chat.Fields{{Label: "ab c"}}},
		Actions: []chat.Action{{Label: "ab c", Command: "note ab c"}},
	}
	if diff := cmp.Diff(want, chat.Fit(m, chat.Limits{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFitFormCutsValues(t *testing.T) {
	t.Parallel()
	f := chat.FitForm(chat.Form{Title: "a\nb", Fields: []chat.Input{{Name: "x", Value: strings.Repeat("é", 10), MaxLength: 4}}})
	if f.Title != "a b" || f.Fields[0].Value != "ééé…" {
		t.Errorf("got %+v", f)
	}
}

// words draws a message's words as they are counted, without buttons.
func words(m chat.Message) string {
	m.Actions = nil
	var parts []chat.Part
	for _, p := range m.Parts {
		if _, ok := p.(chat.Buttons); !ok {
			parts = append(parts, p)
		}
	}
	m.Parts = parts
	return chat.Plaintext(m, chat.Paper{})
}

func TestFitHoldsEveryLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Span {
			s := rapid.StringN(0, 60, -1).Draw(t, "words")
			return rapid.SampledFrom([]chat.Span{chat.Plain(s), chat.Strong(s), chat.Code(s), chat.Mention{Name: s}}).Draw(t, "span")
		}), 0, 6)
		actions := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chat.Action {
			return chat.Action{Label: rapid.String().Draw(t, "label"), Command: "done " + rapid.StringN(0, 30, -1).Draw(t, "command")}
		}), 0, 6)
		m := chat.Message{Title: spans.Draw(t, "title"), Actions: actions.Draw(t, "actions")}
		for range rapid.IntRange(0, 8).Draw(t, "parts") {
			m.Parts = append(m.Parts, rapid.SampledFrom([]chat.Part{
				chat.Text(spans.Draw(t, "text")), chat.Quote(spans.Draw(t, "quote")), chat.Buttons(actions.Draw(t, "buttons")),
			}).Draw(t, "part"))
		}
		l := chat.Limits{Text: rapid.IntRange(100, 400).Draw(t, "limit"), Parts: rapid.IntRange(1, 6).Draw(t, "most"), Actions: rapid.IntRange(1, 4).Draw(t, "buttons"), Label: 10}
		got := chat.Fit(m, l)
		// Text forms add marks of quotes and line ends to what is counted.
		if n := utf8.RuneCountInString(words(got)); n > l.Text+4*len(got.Parts)+3*strings.Count(words(got), "\n") {
			t.Fatalf("%d characters, at most %d: %q", n, l.Text, words(got))
		}
		buttons := len(got.Actions)
		for _, p := range got.Parts {
			if b, ok := p.(chat.Buttons); ok {
				buttons += len(b)
			}
		}
		if len(got.Parts) > l.Parts || buttons > l.Actions {
			t.Fatalf("%d parts and %d buttons, limits %+v", len(got.Parts), buttons, l)
		}
		for _, a := range got.Actions {
			if utf8.RuneCountInString(a.Label) > l.Label {
				t.Fatalf("the label %q is too long", a.Label)
			}
		}
	})
}
