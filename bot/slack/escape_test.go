package slack_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

func TestMarkupIsExactOrNotUsed(t *testing.T) {
	t.Parallel()
	at := time.Unix(1764122400, 0)
	tests := []struct {
		name  string
		spans []chat.Span
		want  string // "": rich text has to draw it
	}{
		{"plain words", []chat.Span{chat.Plain("checkout is <failing> & more")}, "checkout is &lt;failing&gt; &amp; more"},
		{"underscores inside words", []chat.Span{chat.Plain("payment_service__v2 is down")}, "payment_service__v2 is down"},
		{"an underscore at the edge of a word", []chat.Span{chat.Plain("_it_")}, ""},
		{"an underscore before a dot", []chat.Span{chat.Plain("a_.b")}, ""},
		{"an asterisk", []chat.Span{chat.Plain("a*b")}, ""},
		{"a tilde", []chat.Span{chat.Plain("~/bin")}, ""},
		{"a backtick", []chat.Span{chat.Plain("`x`")}, ""},
		{"a bracket at the start of a line", []chat.Span{chat.Plain("a\n > b")}, ""},
		{"a bracket in a line", []chat.Span{chat.Plain("a > b")}, "a &gt; b"},
		{"strong words", []chat.Span{chat.Plain("is "), chat.Strong("not set"), chat.Plain(", now")}, "is *not set*, now"},
		{"strong words in brackets", []chat.Span{chat.Plain("("), chat.Strong("a"), chat.Plain(")")}, "(*a*)"},
		{"strong words at the end", []chat.Span{chat.Strong("a"), chat.Plain("")}, "*a*"},
		{"strong words in a word", []chat.Span{chat.Plain("x"), chat.Strong("a")}, ""},
		{"strong words before a word", []chat.Span{chat.Strong("a"), chat.Plain("x")}, ""},
		{"strong words before a person", []chat.Span{chat.Strong("a"), chat.Mention{User: "U0ANN", Ping: true}}, ""},
		{"strong words with a space at the end", []chat.Span{chat.Strong("a "), chat.Plain("b")}, ""},
		{"strong words over two lines", []chat.Span{chat.Strong("a\nb")}, ""},
		{"struck words", []chat.Span{chat.Struck("gone")}, "~gone~"},
		{"code", []chat.Span{chat.Plain("type "), chat.Code("/incident update <x> *now*")}, "type `/incident update &lt;x&gt; *now*`"},
		{"code with a backtick", []chat.Span{chat.Code("a`b")}, ""},
		{"code with a space at the end", []chat.Span{chat.Code("a ")}, ""},
		{"nothing", []chat.Span{chat.Code(""), chat.Strong(""), chat.Struck(""), chat.Plain("")}, " "},
		{"a link", []chat.Span{chat.Link{Label: "a <b>", URL: "https://x.example/?a=1&b=2"}}, "<https://x.example/?a=1&amp;b=2|a &lt;b&gt;>"},
		{"a link without a label", []chat.Span{chat.Link{URL: "https://x.example/a_b"}}, "<https://x.example/a_b|https://x.example/a_b>"},
		{"a link with a bar", []chat.Span{chat.Link{Label: "a|b", URL: "https://x.example"}}, ""},
		{"a link with marks", []chat.Span{chat.Link{Label: "*a*", URL: "https://x.example"}}, ""},
		{"a link that nobody may follow", []chat.Span{chat.Link{Label: "a", URL: "javascript:x"}}, "a (javascript:x)"},
		{"a mention", []chat.Span{chat.Mention{User: "U0ANN", Name: "Ann", Ping: true}}, "<@U0ANN>"},
		{"a mention that notifies nobody", []chat.Span{chat.Mention{User: "U0ANN", Name: "Ann <!here>"}}, "Ann &lt;!here&gt;"},
		{"a mention without an account", []chat.Span{chat.Mention{User: "!here", Name: "Ann", Ping: true}}, "Ann"},
		{"a name with marks", []chat.Span{chat.Mention{Name: "*Ann*"}}, ""},
		{"a room", []chat.Span{chat.RoomLink{Room: "C0ROOM", Name: "x"}}, "<#C0ROOM>"},
		{"a room of elsewhere", []chat.Span{chat.RoomLink{Room: "r7", Name: "inc-7"}}, "#inc-7"},
		{"a clock", []chat.Span{chat.When{At: at, Style: chat.Clock, Zone: "Europe/Berlin"}}, "<!date^1764122400^{time}|03:00 CET>"},
		{"a date", []chat.Span{chat.When{At: at, Style: chat.DateTime}}, "<!date^1764122400^{date_short_pretty} at {time}|Wed 26 Nov 2025 02:00 UTC>"},
		{"how long ago", []chat.Span{chat.When{At: at, Style: chat.Relative}}, "<!date^1764122400^{ago}|Wed 26 Nov 2025 02:00 UTC>"},
		{"no moment", []chat.Span{chat.When{}}, "at no known time"},
		{"a moment before there were any", []chat.Span{chat.When{At: time.Unix(-5, 0)}}, "Wed 31 Dec 1969 23:59 UTC"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := slack.Mrkdwn(tt.spans)
			if got != strings.TrimSpace(tt.want) || ok != (tt.want != "") {
				t.Errorf("it is written %q (%v), want %q", got, ok, tt.want)
			}
		})
	}
}

func TestRichTextHoldsNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(slack.RichText([]chat.Span{
		chat.Plain("a "), chat.Plain("b "), chat.Strong("c"), chat.Strong("d"), chat.Plain(""), nil, chat.Link{Label: "x", URL: "javascript:y"}, chat.Code("e\nf"),
	}))
	want := `[{"type":"text","text":"a b "},{"type":"text","text":"cd","style":{"bold":true}},{"type":"text","text":"x (javascript:y)"},{"type":"text","text":"e f","style":{"code":true}}]`
	if err != nil || string(b) != want {
		t.Errorf("it is drawn as %s (%v)", b, err)
	}
}

// Slack reads our JSON before it counts: what our encoder escapes is one character to it.
func TestBracketsWeighNoMoreThanLetters(t *testing.T) {
	t.Parallel()
	drawn := func(words string) string {
		d := slack.Draw(chat.Message{Parts: []chat.Part{chat.Pre(words)}})
		withinLimits(t, d.Blocks, 50)
		return (&eyes{t: t, bare: true}).see(d.Blocks)
	}
	if got := drawn(strings.Repeat("<>&a", 2500)); len(got) != 10_000 {
		t.Errorf("of 10,000 characters %d are drawn", len(got))
	}
	if got := drawn(strings.Repeat(`\u003c`, 1800)); len(got) >= 10_800 || !strings.Contains(got, "Shortened by") {
		t.Errorf("words that look escaped are drawn as %d characters", len(got))
	}
}
