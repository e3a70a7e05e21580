package slack_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

func TestTextsOfSlackAreRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"plain words", "checkout is failing", "checkout is failing"},
		{"entities", "a &lt;b&gt; &amp; c", "a <b> & c"},
		{"an entity that was typed", "&amp;lt;", "&lt;"},
		{"a person", "page <@U0ANN> now", "page <@U0ANN> now"},
		{"a person with a name", "page <@U0ANN|ann> now", "page <@U0ANN> now"},
		{"a person of an enterprise", "<@W0BO|bo>", "<@W0BO>"},
		{"a room", "see <#C0ROOM|general>", "see #general"},
		{"a room that is not named", "see <#C0ROOM|> and <#C0ROOM>", "see #C0ROOM and #C0ROOM"},
		{"a link", "see <https://x.example/a?b=1&amp;c=2>", "see https://x.example/a?b=1&c=2"},
		{"a link with a label", "see <https://x.example|the runbook>", "see https://x.example"},
		{"a host name that Slack made a link of", "<http://api.example.com|api.example.com> is down", "api.example.com is down"},
		{"an address of mail", "page <mailto:bo@x.example|bo@x.example>", "page bo@x.example"},
		{"a telephone number", "call <tel:+15550101|+15550101>", "call +15550101"},
		{"a group", "ask <!subteam^S0TEAM|@oncall>", "ask @oncall"},
		{"a group that is not named", "ask <!subteam^S0TEAM>", "ask @S0TEAM"},
		{"everybody here", "<!here> look, <!here|@here> and <!channel>", "@here look, @here and @channel"},
		{"a moment", "at <!date^1764122400^{time}|14:00>", "at 14:00"},
		{"a moment without words", "<!date^1764122400^{time}>", "@1764122400^{time}"},
		{"a bracket that was never closed", "a < b", "a < b"},
		{"brackets in brackets", "<a<@U0ANN>", "<a<@U0ANN>"},
		{"nothing in brackets", "a <> b", "a  b"},
		{"line ends", "a\nb", "a\nb"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := slack.ReadText(tt.text); got != tt.want {
				t.Errorf("%q is read as %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func FuzzReadText(f *testing.F) {
	for _, s := range append(hostile(), "<@U0ANN|ann> <#C1|x> <https://x|y> <!subteam^S1|@t> &amp;lt; <") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := slack.ReadText(slack.Escape(s)), chat.Clean(s); got != want {
			t.Errorf("%q is escaped and read as %q", want, got)
		}
		if got := slack.Escape(s); strings.ContainsAny(got, "<>") {
			t.Errorf("%q is escaped to %q", s, got)
		}
		slack.ReadText(s)
	})
}
