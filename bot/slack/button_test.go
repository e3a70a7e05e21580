package slack_test

import (
	"math"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
)

func TestButtonsCarryTheirCommand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		a       chat.Action
		command string
		seen    uint64
		ok      bool
	}{
		{"a command", chat.Action{Command: "take INC-7 commander", Seen: 4}, "take INC-7 commander", 4, true},
		{"the highest version", chat.Action{Command: "x", Seen: math.MaxUint64}, "x", math.MaxUint64, true},
		{"words with spaces and signs", chat.Action{Command: `declare "a  b" <@U1> & c`}, `declare "a  b" <@U1> & c`, 0, true},
		{"spaces around", chat.Action{Command: " list "}, "list", 0, true},
		{"as many bytes as fit", chat.Action{Command: strings.Repeat("é", 999)}, strings.Repeat("é", 999), 0, true},
		{"a byte more", chat.Action{Command: strings.Repeat("é", 999) + "x"}, "", 0, false},
		{"nothing", chat.Action{}, "", 0, false},
		{"a link", chat.Action{Command: "list", URL: "https://x.example"}, "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			command, seen, ok := slack.ReadButton(slack.ButtonValue(tt.a))
			if command != tt.command || seen != tt.seen || ok != tt.ok {
				t.Errorf("it is read as %q, %d, %v", command, seen, ok)
			}
		})
	}
}

func TestButtonsOfOthersAreNotRead(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "x", "4", "4 ", "-1 list", "x list", "18446744073709551616 list", " list", "4 " + strings.Repeat("x", 2000)} {
		if command, seen, ok := slack.ReadButton(value); ok || command != "" || seen != 0 {
			t.Errorf("%q is read as %q, %d", value, command, seen)
		}
	}
}

func TestWhatCannotBeAButtonIsNamed(t *testing.T) {
	t.Parallel()
	long := "note INC-7 " + strings.Repeat("x", 2000)
	m := chat.Message{
		Parts:   []chat.Part{chat.Buttons{{Label: "Note it", Command: long}, {Label: "Done", Command: "done INC-7 1"}}},
		Actions: []chat.Action{{Label: "Evil", URL: "javascript:alert(1)"}, {Label: "  ", Command: "list"}, {Label: " ", URL: "https://x.example"}, {Label: "Endless", Command: strings.Repeat("x", 11_000)}, {Label: strings.Repeat("w", 80), Command: "resolve INC-7"}},
	}
	d := slack.Draw(m)
	withinLimits(t, d.Blocks, 50)
	seen := (&eyes{t: t}).see(d.Blocks)
	for _, want := range []string{"[Done]\n(Also: `" + long + "`)", "`javascript:alert(1)`", "[list]", "[https://x.example ↗]", "`" + strings.Repeat("x", 2499) + "…`", "[" + strings.Repeat("w", 74) + "…]"} {
		if !strings.Contains(seen, want) {
			t.Errorf("a reader does not see %q in %s", want, seen)
		}
	}
}

func TestButtonsThatAreTooManyAreNamed(t *testing.T) {
	t.Parallel()
	var m chat.Message
	for range 25 {
		m.Actions = append(m.Actions, chat.Action{Label: "Take", Command: "take INC-7", Confirm: strings.Repeat("sure? ", 100), Style: chat.Danger})
	}
	d := slack.Draw(m)
	withinLimits(t, d.Blocks, 50)
	if seen := (&eyes{t: t}).see(d.Blocks); strings.Count(seen, "[Take (red) asks: sure?") < 12 || !strings.Contains(seen, "(Also: `take INC-7`, `take INC-7`,") {
		t.Errorf("a reader sees %s", seen)
	}
}

func FuzzReadButton(f *testing.F) {
	f.Add("4 take INC-7 commander")
	f.Add("007 x")
	f.Fuzz(func(t *testing.T, value string) {
		command, seen, ok := slack.ReadButton(value)
		if !ok {
			return
		}
		a := chat.Action{Command: command, Seen: seen}
		again, version, ok := slack.ReadButton(slack.ButtonValue(a))
		if clean := strings.TrimSpace(chat.CleanLine(command)); clean != "" && len(value) < 1900 && len(clean) < 1900 && (!ok || again != clean || version != seen) {
			t.Errorf("%q is read as %q, %d, and again as %q, %d", value, command, seen, again, version)
		}
	})
}
