package slack_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

// hostile are words that would do something if anything read them.
func hostile() []string {
	return []string{
		"", " ", "a", "<!channel>", "<!here|here>", "<@U0EVIL>", "<#C0EVIL|x>", "<https://evil.example|bank>", "<!date^1^{time}|x>", "<!subteam^S1>",
		"*bold*", "_it_", "~gone~", "`code`", "```\nfence\n```", "> quote", ">>> all", "a\n> b", "snake_case_name", "_x", "x_", "* a *", "a*b*c", "&lt;!channel&gt;",
		"&amp;", "@everyone", "@channel", ":fire:", "[x](http://evil.example)", "http://evil.example", "\u202egnp.exe", "\x00\x07", "\xff\xfe broken", "tab\there",
		"é\u0301👩\u200d🚒", "line\nline\r\nline", "- list", "1. list", "|", "<", ">", "&", "<>|&", "\\", `"},{"type":"broadcast"`, strings.Repeat("long ", 60),
	}
}

func anyWords() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "hostile") {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(hostile()), 1, 3).Draw(t, "pieces"), "")
		}
		return rapid.String().Draw(t, "words")
	})
}

func anySpan() *rapid.Generator[chat.Span] {
	return rapid.Custom(func(t *rapid.T) chat.Span {
		s := anyWords().Draw(t, "words")
		id := rapid.SampledFrom([]string{"U0ANN", "W0BO", "C0ROOM", "", "u1", "U", "U0ANN>", "U0ANN|x", "!channel", s}).Draw(t, "id")
		at := rapid.SampledFrom([]time.Time{{}, time.Unix(0, 0), time.Unix(-1, 0), time.Unix(1764122400, 5), time.Unix(1<<50, 0)}).Draw(t, "at")
		style := rapid.SampledFrom([]chat.TimeStyle{chat.Clock, chat.DateTime, chat.Relative, "odd"}).Draw(t, "style")
		url := rapid.SampledFrom([]string{"https://x.example/a?b=1&c=2", "mailto:a@b.example", "javascript:alert(1)", "https://x.example/" + strings.Repeat("y", 1500), s}).Draw(t, "url")
		return rapid.SampledFrom([]chat.Span{
			chat.Plain(s), chat.Strong(s), chat.Struck(s), chat.Code(s),
			chat.Link{Label: s, URL: url},
			chat.RoomLink{Room: id, Name: s},
			nil,
			chat.Mention{User: id, Name: s, Ping: rapid.Bool().Draw(t, "ping")},
			chat.When{At: at, Style: style, Zone: "Europe/Berlin"},
		}).Draw(t, "span")
	})
}

func anyAction() *rapid.Generator[chat.Action] {
	return rapid.Custom(func(t *rapid.T) chat.Action {
		return chat.Action{
			Label: anyWords().Draw(t, "label"), Seen: rapid.Uint64().Draw(t, "seen"), Confirm: anyWords().Draw(t, "confirm"),
			Command: rapid.SampledFrom([]string{"", "take INC-7 commander", strings.Repeat("x ", 990), strings.Repeat("é", 1200), anyWords().Draw(t, "command")}).Draw(t, "which"),
			URL:     rapid.SampledFrom([]string{"", "", "https://x.example", "javascript:x", "https://x.example/" + strings.Repeat("y", 1900)}).Draw(t, "url"),
			Style:   rapid.SampledFrom([]chat.Style{chat.Normal, chat.Primary, chat.Danger, "odd"}).Draw(t, "style"),
		}
	})
}

// anyMessage draws a message; big ones go beyond every limit.
func anyMessage(big int) *rapid.Generator[chat.Message] {
	return rapid.Custom(func(t *rapid.T) chat.Message {
		line := rapid.SliceOfN(anySpan(), 0, 5)
		many := rapid.SampledFrom([]int{1, 3, 3 * big}).Draw(t, "many")
		fields := rapid.Custom(func(t *rapid.T) chat.Field {
			return chat.Field{Label: anyWords().Draw(t, "label"), Value: line.Draw(t, "value")}
		})
		m := chat.Message{
			Title: line.Draw(t, "title"), Summary: anyWords().Draw(t, "summary"), Actions: rapid.SliceOfN(anyAction(), 0, many).Draw(t, "actions"),
			Tone: rapid.SampledFrom([]chat.Tone{chat.Neutral, chat.Sev1, chat.Sev2, chat.Sev3, chat.Sev4, chat.Sev5, chat.Good, chat.Bad, chat.Quiet, "odd"}).Draw(t, "tone"),
		}
		for range rapid.IntRange(0, 2*big).Draw(t, "parts") {
			lines := rapid.SliceOfN(line, 0, many).Draw(t, "lines")
			pre := strings.Repeat(anyWords().Draw(t, "pre"), big)
			m.Parts = append(m.Parts, rapid.SampledFrom([]chat.Part{
				chat.Text(line.Draw(t, "text")), chat.Quote(line.Draw(t, "quote")), chat.Small(line.Draw(t, "small")), chat.List(lines),
				chat.Divider{},
				nil,
				chat.Pre(pre), chat.Fields(rapid.SliceOfN(fields, 0, many).Draw(t, "fields")), chat.Buttons(rapid.SliceOfN(anyAction(), 0, many).Draw(t, "buttons")),
			}).Draw(t, "part"))
		}
		return m
	})
}

func TestAnyMessageStaysWithinLimits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := anyMessage(20).Draw(rt, "message")
		d := slack.Draw(m)
		withinLimits(rt, d.Blocks, 50)
		harmless(rt, m, d)
		view := slack.DrawHome(m)
		if len(view.Blocks.BlockSet) > 0 {
			viewWithin(rt, view)
		}
		viewWithin(rt, slack.FailedForm("odd", m, slack.Keepsake{}))
	})
}

func TestWordsAreDrawnAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := anyMessage(1).Draw(rt, "message")
		d := slack.Draw(m)
		harmless(rt, m, d)
		seen := squeezed((&eyes{t: rt, bare: true}).see(d.Blocks))
		for _, s := range spans(m) {
			for _, words := range wordsOf(s) {
				if want := squeezed(words); !strings.Contains(seen, want) {
					rt.Fatalf("%T %q is not seen in %q", s, want, seen)
				}
			}
		}
	})
}

// squeezed takes spaces out, which blocks may hold more or fewer of.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// spans are all spans of a message as it is fitted.
func spans(m chat.Message) []chat.Span {
	m = chat.Fit(m, (*slack.Slack)(nil).Limits())
	out := slices.Clone(m.Title)
	for _, p := range m.Parts {
		switch p := p.(type) {
		case chat.Text:
			out = append(out, p...)
		case chat.Quote:
			out = append(out, p...)
		case chat.Small:
			out = append(out, p...)
		case chat.List:
			for _, l := range p {
				out = append(out, l...)
			}
		case chat.Fields:
			for _, f := range p {
				out = append(append(out, chat.Plain(f.Label)), f.Value...)
			}
		case chat.Pre:
			out = append(out, chat.Plain(p))
		case chat.Buttons, chat.Divider:
		}
	}
	return out
}

func wordsOf(s chat.Span) []string {
	switch s := s.(type) {
	case chat.Plain:
		return []string{string(s)}
	case chat.Strong:
		return []string{string(s)}
	case chat.Struck:
		return []string{string(s)}
	case chat.Code:
		return []string{string(s)}
	case chat.Link:
		return []string{s.Label}
	case chat.Mention:
		if !s.Ping {
			return []string{s.Name}
		}
	case chat.RoomLink, chat.When:
	}
	return nil
}

// harmless checks that nobody is notified but those who are to be, and that
// nothing can be followed but what is a link.
func harmless(t rapid.TB, m chat.Message, d slack.Drawing) {
	t.Helper()
	may, links := map[string]bool{}, map[string]bool{}
	for _, s := range allSpans(m) {
		if mention, ok := s.(chat.Mention); ok && mention.Ping {
			may[mention.User] = true
		}
		if link, ok := s.(chat.Link); ok && chat.SafeURL(link.URL) {
			links[link.URL] = true
		}
	}
	for _, a := range allActions(m) {
		links[a.URL] = chat.SafeURL(a.URL)
	}
	e := &eyes{t: t}
	e.see(d.Blocks)
	for _, p := range e.pinged {
		if !may[p] {
			t.Fatalf("%q is notified", p)
		}
	}
	for _, l := range e.links {
		if !links[l] {
			t.Fatalf("%q can be followed", l)
		}
	}
	if strings.ContainsAny(d.Text, "<>") || d.Text == "" || len(d.Text) > 8*1000 {
		t.Fatalf("the notification says %q", d.Text)
	}
	b, err := json.Marshal(d.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{`"type":"broadcast"`, `"type":"usergroup"`, `"type":"team"`} {
		if strings.Contains(string(b), kind) {
			t.Fatalf("there is a %s", kind)
		}
	}
}

// allSpans are the spans before anything was fitted.
func allSpans(m chat.Message) []chat.Span {
	out := slices.Clone(m.Title)
	for _, p := range m.Parts {
		switch p := p.(type) {
		case chat.Text:
			out = append(out, p...)
		case chat.Quote:
			out = append(out, p...)
		case chat.Small:
			out = append(out, p...)
		case chat.List:
			for _, l := range p {
				out = append(out, l...)
			}
		case chat.Fields:
			for _, f := range p {
				out = append(out, f.Value...)
			}
		case chat.Pre, chat.Buttons, chat.Divider:
		}
	}
	return out
}

func allActions(m chat.Message) []chat.Action {
	out := slices.Clone(m.Actions)
	for _, p := range m.Parts {
		if b, ok := p.(chat.Buttons); ok {
			out = append(out, b...)
		}
	}
	return out
}

func TestWhatIsLeftOutIsSaid(t *testing.T) {
	t.Parallel()
	entry := []chat.Span{
		chat.Code("1"), chat.Plain(" "),
		chat.When{At: time.Unix(1764122400, 0), Style: chat.Clock},
		chat.Plain(" "),
		chat.Strong("Ann"), chat.Plain(" wrote "),
		chat.Link{Label: "this", URL: "https://x.example/" + strings.Repeat("a", 100)},
	}
	var long chat.List
	for range 200 {
		long = append(long, entry)
	}
	m := chat.Message{Title: []chat.Span{chat.Plain("Timeline")}, Parts: []chat.Part{long, chat.Small{chat.Plain("at the end")}}, Actions: []chat.Action{{Label: "Go on", Command: "timeline"}}}
	d := slack.Draw(m)
	withinLimits(t, d.Blocks, 50)
	seen := (&eyes{t: t}).see(d.Blocks)
	if !strings.Contains(seen, "# Timeline") || strings.Count(seen, "Ann") < 15 || !strings.Contains(seen, "Shortened by") || !strings.Contains(seen, "[Go on]") {
		t.Errorf("a reader sees %s", seen)
	}
}

func TestPartsBeyondTheMostAreCounted(t *testing.T) {
	t.Parallel()
	var fields chat.Fields
	for range 700 {
		fields = append(fields, chat.Field{Label: "a", Value: []chat.Span{chat.Plain("b")}})
	}
	d := slack.Draw(chat.Message{Parts: []chat.Part{fields}})
	withinLimits(t, d.Blocks, 50)
	if seen := (&eyes{t: t}).see(d.Blocks); !strings.Contains(seen, "Shortened by") {
		t.Errorf("a reader sees %s", seen)
	}
}

func TestTonesAreMarked(t *testing.T) {
	t.Parallel()
	title, text := []chat.Span{chat.Plain("INC-7")}, chat.Text{chat.Plain("words")}
	tests := []struct {
		name string
		m    chat.Message
		want string
	}{
		{"before the title", chat.Message{Tone: chat.Sev1, Title: title, Parts: []chat.Part{text}}, "# 🔴 INC-7\nwords"},
		{"before the first words", chat.Message{Tone: chat.Bad, Parts: []chat.Part{text}}, "❗ words"},
		{"not before a sign", chat.Message{Tone: chat.Bad, Parts: []chat.Part{chat.Text{chat.Plain("📟 Page p1")}}}, "📟 Page p1"},
		{"not on a small line", chat.Message{Tone: chat.Quiet, Parts: []chat.Part{chat.Small{chat.Plain("✓ done")}}}, "(✓ done)"},
		{"not without a tone", chat.Message{Title: title}, "# INC-7"},
		{"not on nothing", chat.Message{Tone: chat.Good}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := (&eyes{t: t}).see(slack.Draw(tt.m).Blocks); got != tt.want {
				t.Errorf("a reader sees %q, want %q", got, tt.want)
			}
		})
	}
	marks := map[string]bool{}
	for _, tone := range []chat.Tone{chat.Sev1, chat.Sev2, chat.Sev3, chat.Sev4, chat.Sev5, chat.Good, chat.Bad, chat.Quiet} {
		marks[(&eyes{t: t}).see(slack.Draw(chat.Message{Tone: tone, Title: title}).Blocks)] = true
	}
	if len(marks) != 8 {
		t.Errorf("two tones look the same: %v", marks)
	}
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		m    chat.Message
		want string
	}{
		{"the summary", chat.Message{Summary: "INC-7 <!channel> & more", Title: []chat.Span{chat.Plain("x")}}, "INC-7 &lt;!channel&gt; &amp; more"},
		{"the title", chat.Message{Title: []chat.Span{chat.Strong("INC-7"), chat.Plain(" fails")}}, "INC-7 fails"},
		{"the first words", chat.Message{Parts: []chat.Part{chat.Text{chat.Plain("a\nb")}, chat.List{{chat.Plain("c")}}}}, "a b - c"},
		{"a button alone", chat.Message{Actions: []chat.Action{{Label: "Open", URL: "https://x.example"}}}, "&gt; Open (https://x.example)"},
		{"nothing", chat.Message{}, "This message has no words."},
		{"much", chat.Message{Summary: strings.Repeat("x", 5000)}, strings.Repeat("x", 999) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := slack.Draw(tt.m).Text; got != tt.want {
				t.Errorf("it says %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhatABlockCannotHoldIsRichText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("title ", 30)
	link := chat.Link{Label: "graph", URL: "https://x.example/?" + strings.Repeat("a&", 900)}
	tests := []struct {
		name string
		m    chat.Message
		want string
	}{
		{"a long title", chat.Message{Title: []chat.Span{chat.Plain(long)}}, "**" + long + "**"},
		{"a title with a person", chat.Message{Title: []chat.Span{chat.Plain("ask "), chat.Mention{User: "U0ANN", Ping: true}}}, "**ask ****@U0ANN**"},
		{"a title with a name", chat.Message{Title: []chat.Span{chat.Plain("ask "), chat.Mention{User: "U0ANN", Name: "Ann"}}}, "# ask Ann"},
		{"a field with a long link", chat.Message{Parts: []chat.Part{chat.Fields{{Label: "Call", Value: []chat.Span{chat.Link{Label: "join", URL: "https://x.example/" + strings.Repeat("a", 200)}}}}}}, "| **Call**: join"},
		{"a field that is long once it is escaped", chat.Message{Parts: []chat.Part{chat.Fields{{Label: "Graph", Value: []chat.Span{link}}}}}, "**Graph**: graph"},
		{"a small line that is long once it is escaped", chat.Message{Parts: []chat.Part{chat.Small{link, chat.Plain(" "), link}}}, "graph graph"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := slack.Draw(tt.m)
			withinLimits(t, d.Blocks, 50)
			if got := (&eyes{t: t}).see(d.Blocks); got != tt.want {
				t.Errorf("a reader sees %q, want %q", got, tt.want)
			}
		})
	}
}

// Links weigh what nobody sees of them.
func TestManyLongLinksLeaveRoomForWords(t *testing.T) {
	t.Parallel()
	var lines chat.List
	for range 30 {
		lines = append(lines, []chat.Span{chat.Link{Label: "dashboard", URL: "https://graphs.example/" + strings.Repeat("a", 1900)}})
	}
	d := slack.Draw(chat.Message{Title: []chat.Span{chat.Plain("INC-7")}, Parts: []chat.Part{lines}, Actions: []chat.Action{{Label: "Page", Command: "page INC-7"}}})
	withinLimits(t, d.Blocks, 50)
	if seen := (&eyes{t: t}).see(d.Blocks); !strings.Contains(seen, "# INC-7\n• dashboard") || !strings.Contains(seen, "Shortened") || !strings.Contains(seen, "[Page]") {
		t.Errorf("a reader sees %s", seen)
	}
}
