package slack_test

import (
	"slices"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/bot/slack/slacktest"
)

// The fake refuses what Slack refuses, and was written by others from Slack's
// own reference.
func TestWhatIsDrawnIsTaken(t *testing.T) {
	t.Parallel()
	messages := said(t)
	for i := range 20 {
		messages["z"+strings.Repeat("z", i)] = anyMessage(5).Example(i)
	}
	names := make([]string, 0, len(messages))
	for name := range messages {
		names = append(names, name)
	}
	slices.Sort(names)
	outside(t, slacktest.Options{}, func(o office) {
		for _, name := range names {
			m := messages[name]
			if _, err := o.Post(o.Context(), chat.Post{Room: o.room, Message: m}); err != nil {
				o.Errorf("%s is refused: %v", name, err)
				continue
			}
			all, err := o.far.Seen(o.bo, o.room)
			o.must(err)
			for _, p := range all[len(all)-1].Pinged {
				if !pingsSomebody(m, p) {
					o.Errorf("%s notifies %s", name, p)
				}
			}
		}
	})
}

func pingsSomebody(m chat.Message, user string) bool {
	return slices.ContainsFunc(allSpans(m), func(s chat.Span) bool {
		mention, ok := s.(chat.Mention)
		return ok && mention.Ping && mention.User == user
	})
}
