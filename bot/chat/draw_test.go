package chat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/chat"
)

func paper() chat.Paper {
	return chat.Paper{Zone: "Europe/Berlin", Now: moment().Add(20 * time.Minute), Command: "/incident"}
}

func TestPlaintext(t *testing.T) {
	t.Parallel()
	want := `INC-7 checkout is failing
plain strong [struck out: gone] /incident ack runbook (https://runbooks.example/checkout) @Ann Bo #inc-7 15:05 CET
Severity: sev2
Status: triage
- one
- two
| first
| second
---
declared 20 min ago
a
  b
> Done 3: /incident done INC-7 3
> Take command: /incident take INC-7 commander
> Resolve: /incident resolve INC-7
> Open (https://tocsin.example/7)`
	if diff := cmp.Diff(want, chat.Plaintext(everything().Message, paper())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	want := `**INC-7 checkout is failing**

plain **strong** ~~gone~~ ` + "`/incident ack`" + ` [runbook](<https://runbooks.example/checkout>) @Ann Bo \#inc-7 15:05 CET

- Severity: sev2
- Status: triage

- one
- two

> first
> second

---

declared 20 min ago

` + "```\na\n  b\n```" + `

- Done 3: ` + "`/incident done INC-7 3`" + `

- Take command: ` + "`/incident take INC-7 commander`" + `
- Resolve: ` + "`/incident resolve INC-7`" + `
- [Open](<https://tocsin.example/7>)`
	if diff := cmp.Diff(want, chat.Markdown(everything().Message, paper())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMarkdownEscapesWordsOfPeople(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, words, want string }{
		{"emphasis", "*a* _b_ ~c~", `\*a\* \_b\_ \~c\~`},
		{"a link", "[x](http://evil.example)", `\[x\](http://evil.example)`},
		{"html", "<script>&amp;", `\<script\>\&amp;`},
		{"a heading", "# no", `\# no`},
		{"a list", "- no", `\- no`},
		{"a numbered list", "1. no", `1\. no`},
		{"a rule", "=== no", `\=== no`},
		{"a fence", "```", "\\`\\`\\`"},
		{"a picture", "![x](y)", `\!\[x\](y)`},
		{"a table", "a|b", `a\|b`},
		{"a later line", "a\n- b", "a\n\\- b"},
		{"nothing to escape", "error: disk 3.5 full (again)", "error: disk 3.5 full (again)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(tt.words)}}}
			if got := chat.Markdown(m, chat.Paper{}); got != tt.want {
				t.Errorf("%q is written %q, want %q", tt.words, got, tt.want)
			}
		})
	}
}

func TestMarkdownFencesAreLongerThanWhatTheyHold(t *testing.T) {
	t.Parallel()
	m := chat.Message{Parts: []chat.Part{chat.Pre("````\nx"), chat.Text{chat.Code("a``b"), chat.Plain(" "), chat.Code("`")}}}
	want := "`````\n````\nx\n`````\n\n```a``b``` `` ` ``"
	if got := chat.Markdown(m, chat.Paper{}); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTextFormsAreClean(t *testing.T) {
	t.Parallel()
	bad := "a\x1b[31m\u202eb\x00"
	m := chat.Message{
		Title:   []chat.Span{chat.Plain(bad)},
		Parts:   []chat.Part{chat.Pre(bad), chat.Fields{{Label: bad, Value: []chat.Span{chat.Link{Label: bad, URL: "javascript:x"}}}}},
		Actions: []chat.Action{{Label: bad, Command: bad}},
	}
	for _, got := range []string{chat.Plaintext(m, chat.Paper{}), chat.Markdown(m, chat.Paper{})} {
		if strings.ContainsAny(got, "\x1b\x00\u202e") {
			t.Errorf("what only disturbs came through: %q", got)
		}
		if strings.Contains(got, "](<javascript") {
			t.Errorf("an unsafe link can be followed: %q", got)
		}
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	now := moment()
	tests := []struct {
		name  string
		when  chat.When
		paper chat.Paper
		want  string
	}{
		{"a clock in the reader's zone", chat.When{At: now, Style: chat.Clock, Zone: "UTC"}, chat.Paper{Zone: "Asia/Tokyo"}, "23:05 JST"},
		{"a clock in the asker's zone", chat.When{At: now, Style: chat.Clock, Zone: "Europe/Berlin"}, chat.Paper{}, "15:05 CET"},
		{"a zone that is not there", chat.When{At: now, Style: chat.Clock, Zone: "Mars/Base"}, chat.Paper{}, "14:05 UTC"},
		{"the machine's own zone is nobody's", chat.When{At: now, Style: chat.Clock, Zone: "Local"}, chat.Paper{}, "14:05 UTC"},
		{"a date this year", chat.When{At: now, Style: chat.DateTime}, chat.Paper{Now: now}, "Wed 25 Nov 14:05 UTC"},
		{"a date of another year", chat.When{At: now, Style: chat.DateTime}, chat.Paper{Now: now.AddDate(1, 0, 0)}, "Wed 25 Nov 2026 14:05 UTC"},
		{"just now", chat.When{At: now, Style: chat.Relative}, chat.Paper{Now: now.Add(59 * time.Second)}, "just now"},
		{"minutes ago", chat.When{At: now, Style: chat.Relative}, chat.Paper{Now: now.Add(4 * time.Minute)}, "4 min ago"},
		{"hours ago", chat.When{At: now, Style: chat.Relative}, chat.Paper{Now: now.Add(80 * time.Minute)}, "1 h 20 min ago"},
		{"days ago", chat.When{At: now, Style: chat.Relative}, chat.Paper{Now: now.Add(51 * time.Hour)}, "2 d 3 h ago"},
		{"in a moment", chat.When{At: now, Style: chat.Relative}, chat.Paper{Now: now.Add(-time.Second)}, "in a moment"},
		{"in minutes", chat.When{At: now, Style: chat.Relative}, chat.Paper{Now: now.Add(-20 * time.Minute)}, "in 20 min"},
		{"relative to nothing", chat.When{At: now, Style: chat.Relative}, chat.Paper{}, "Wed 25 Nov 2026 14:05 UTC"},
		{"no moment", chat.When{}, chat.Paper{Now: now}, "at no known time"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.paper.Moment(tt.when); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLasting(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0 s", 59 * time.Second: "59 s", time.Minute: "1 min", time.Hour: "1 h", 61 * time.Minute: "1 h 1 min", 24 * time.Hour: "1 d", 25 * time.Hour: "1 d 1 h",
	} {
		if got := chat.Lasting(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
