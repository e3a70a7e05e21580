package chattest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tocsin/bot/chat"
)

func hostile() []test {
	tests := []test{
		{"a person's own words ping nobody when the bot repeats them", repeated},
		{"hostile names of buttons, fields and rooms", hostileLabels},
		{"a million characters as a post", million},
		{"a million characters as a command", millionTyped},
		{"broken UTF-8 as a command", brokenTyped},
	}
	// Each in a room of its own: a platform may take one message a second in one.
	for i, n := range nasty(play{}) {
		tests = append(tests, test{
			"words from outside ping nobody and build no markup: " + n.name,
			func(t *testing.T, p play) { hostilePost(t, p, nasty(p)[i]) },
		})
	}
	for _, url := range []string{"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "https://", "vbscript:x", " javascript:x", "https://a b"} {
		tests = append(tests, test{"an unsafe link is text: " + url, func(t *testing.T, p play) { unsafeLink(t, p, url) }})
	}
	return tests
}

// bad are words that break something somewhere, and what must be read of them.
type bad struct{ name, words, read string }

// nasty are all such words, with the ids of a site's people in them.
func nasty(p play) []bad {
	return []bad{
		{"slack everybody", "<!channel> <!here> <!everyone>", "<!channel>"},
		{"everybody", "@everyone @here @channel", "@everyone"},
		{"a user's id in markup", "<@" + p.Ann + "> <@!" + p.Ann + ">", "<@" + p.Ann + ">"},
		{"a group", "<!subteam^S123|@team> <@&123>", "<!subteam^S123|@team>"},
		{"html", `<script>alert("x")</script><img src=x onerror=alert(1)>`, `<script>alert("x")</script>`},
		{"an entity", "&lt;!channel&gt; &amp; &#64;", "&lt;!channel&gt; &amp; &#64;"},
		{"stars and lines", "*bold* _it_ ~gone~ **b** __u__ ||spoiler||", "*bold* _it_ ~gone~ **b** __u__ ||spoiler||"},
		{"backticks", "`code` ```fence``` ``two``", "`code` ```fence``` ``two``"},
		{"a forged link", "[click](https://evil.example) <https://evil.example|safe>", "[click]("},
		{"a heading and a quote", "# big > said - item", "# big > said - item"},
		{"direction overrides", "invoice\u202egnp.exe\u2066", "invoicegnp.exe"},
		{"control characters", "a\x00b\x1b[31mc\x07", "ab[31mc"},
		{"backslashes", `\*not\* \<@` + p.Ann + `>`, `\*not\*`},
	}
}

func (p play) harmless(t *testing.T, s Seen) {
	t.Helper()
	if len(s.Pinged) != 0 {
		t.Errorf("%q notifies %q", s.Text, s.Pinged)
	}
	for _, l := range s.Links {
		if !chat.SafeURL(l) {
			t.Errorf("%q leads to %q", s.Text, l)
		}
	}
}

func hostilePost(t *testing.T, p play, n bad) {
	const mark = "nasty:"
	span := chat.Plain(mark + n.words)
	p.post(t, chat.Post{Key: n.name, Message: chat.Message{Title: []chat.Span{span}, Parts: []chat.Part{
		chat.Text{span},
		chat.Quote{span},
		chat.Small{span},
		chat.List{{span}},
		chat.Text{chat.Strong(span), chat.Struck(span), chat.Code(span)},
		chat.Fields{{Label: string(span), Value: []chat.Span{span}}},
		chat.Pre(span),
	}, Summary: string(span)}})
	s := p.seen(t, p.Bo, p.Room, mark)
	p.harmless(t, s)
	if !strings.Contains(s.Text, n.read) {
		t.Errorf("%q cannot be read in %q", n.read, s.Text)
	}
	if strings.ContainsAny(s.Text, "\x00\x1b\x07\u202e\u2066") || !utf8.ValidString(s.Text) {
		t.Errorf("what only disturbs came through: %q", s.Text)
	}
}

func repeated(t *testing.T, p play) {
	p.house.answers(func(r chat.Request) chat.Reply {
		return chat.Reply{Public: true, Message: words("you said: " + r.Text)}
	})
	p.typeCommand(t, p.Ann, "note <!channel> @everyone <@"+p.Bo+">")
	p.harmless(t, p.seen(t, p.Cy, p.Room, "you said:"))
}

func unsafeLink(t *testing.T, p play, url string) {
	p.post(t, chat.Post{Key: url, Message: chat.Message{
		Parts:   []chat.Part{chat.Text{chat.Link{Label: "a link", URL: url}}},
		Actions: []chat.Action{{Label: "Open", URL: url}},
	}})
	if s := p.seen(t, p.Bo, p.Room, "a link"); len(s.Links) != 0 {
		t.Errorf("%q can be followed to %q", url, s.Links)
	}
}

func hostileLabels(t *testing.T, p play) {
	bad := "<!channel> @everyone <b>\u202e\n"
	p.post(t, chat.Post{Message: chat.Message{
		Parts: []chat.Part{chat.Text{
			chat.Plain("labels "),
			chat.Mention{Name: bad},
			chat.Mention{User: "no-such-user" + bad, Name: bad},
			chat.RoomLink{Room: "no-such-room" + bad, Name: bad},
			chat.Link{Label: bad, URL: "https://tocsin.example/?q=<!channel>"},
			chat.When{Zone: bad},
		}},
		Actions: []chat.Action{{Label: bad + strings.Repeat("x", 500), Command: "note INC-1 " + bad}, {Label: "", Command: ""}},
	}})
	s := p.seen(t, p.Bo, p.Room, "labels")
	p.harmless(t, s)
	for _, b := range s.Buttons {
		if n := utf8.RuneCountInString(b); p.Limits().Label > 0 && n > p.Limits().Label {
			t.Errorf("a button has %d characters", n)
		}
	}
}

func million(t *testing.T, p play) {
	p.post(t, chat.Post{Message: words("large " + strings.Repeat("<!channel> ", 100_000))})
	p.harmless(t, p.seen(t, p.Bo, p.Room, "large"))
}

// millionTyped holds the platform to refusing it or handing it on whole, and
// to going on afterwards.
func millionTyped(t *testing.T, p play) {
	huge := strings.Repeat("x", 1<<20)
	if err := p.Stage.Type(t.Context(), p.Ann, p.here(), "/"+command+" "+huge); err != nil {
		t.Logf("refused: %.100s", err)
	}
	for _, r := range p.house.heard() {
		if len(r.Text) > len(huge) {
			t.Errorf("the house heard %d bytes", len(r.Text))
		}
	}
	p.typeCommand(t, p.Ann, "list")
	if r := p.house.last(t); r.Text != "list" {
		t.Errorf("after it the house heard %.40q, want list", r.Text)
	}
}

func brokenTyped(t *testing.T, p play) {
	if err := p.Stage.Type(t.Context(), p.Ann, p.here(), "/"+command+" note \xff\xfe broken"); err != nil {
		t.Logf("refused: %v", err)
	}
	p.typeCommand(t, p.Ann, "list")
	if r := p.house.last(t); r.Text != "list" {
		t.Errorf("after it the house heard %q, want list", r.Text)
	}
}
