package bot_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/commands"
)

// TestTheDemoSaysOnlyVerbsThatThereAre keeps the tour from going stale: each
// command in it begins with a verb, or declares.
func TestTheDemoSaysOnlyVerbsThatThereAre(t *testing.T) {
	t.Parallel()
	verbs := map[string]bool{}
	for _, v := range commands.Verbs() {
		verbs[v.Name] = true
	}
	said, whole := 0, time.Duration(0)
	for _, s := range bot.Tour() {
		whole += s.After
		words, isCommand := strings.CutPrefix(s.Text, "/incident ")
		if s.Who == "" || !isCommand {
			continue
		}
		said++
		if first := strings.Fields(words)[0]; !verbs[first] && first != "sev2" {
			t.Errorf("%s says %q, which begins with no verb", s.Who, s.Text)
		}
	}
	if said < 10 {
		t.Errorf("the tour says %d commands", said)
	}
	if whole < time.Minute || whole > 5*time.Minute {
		t.Errorf("the tour takes %s", whole)
	}
}
