package console_test

import (
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/store"
)

// tell plays a short incident.
func tell(t *testing.T, s *site) {
	t.Helper()
	ctx := t.Context()
	now := time.Now()
	say := func(room, user, text string, ago time.Duration) store.TalkMessage {
		m, _, err := s.talk.Say(ctx, store.TalkMessage{Room: room, User: user, Text: text, At: now.Add(-ago)})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	say("general", "cleo", "Morning! Support sees three tickets about card payments since 8:40.", 26*time.Hour)
	say("general", "ann", "Looking. `payments-api` p99 is up: https://graphs.example/payments?from=now-1h", 50*time.Minute)
	say("general", "ann", "It is only the EU cluster so far", 49*time.Minute)
	reply := s.house.declare(ctx, chat.Request{Key: "k1", User: s.User("ann"), At: now.Add(-48 * time.Minute)}, "checkout is failing")
	if _, err := s.Post(ctx, chat.Post{Key: "r1", Room: "general", Only: "ann", Message: reply.Message}); err != nil {
		t.Fatal(err)
	}
	room := "inc-7-checkout-is-failing"
	m := say(room, "bo", "I'm here. @ann do you want me to roll back 4f2c1?\n```\nERROR payments: connect: connection refused (pool exhausted 50/50)\nERROR payments: retry 3 of 3 failed\n```", 40*time.Minute)
	say(room, "ann", "Yes please, and tell @cleo what to say to customers.", 39*time.Minute)
	if _, err := s.talk.Change(ctx, room, m.ID, func(t *store.TalkMessage) {
		t.Reactions = map[string][]string{"pushpin": {"ann"}, "eyes": {"cleo", "dana"}}
		t.Replies = 1
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.talk.Say(ctx, store.TalkMessage{Room: room, Thread: m.ID, User: "ann", Text: "Pool exhausted again, like INC-3.", At: now.Add(-38 * time.Minute)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Post(ctx, chat.Post{Key: "line", Room: room, Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Mention{User: "bo", Name: "Bo Lindqvist"}, chat.Plain(" set severity to "), chat.Strong("sev2"), chat.Plain(": half of the checkouts fail")}}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Post(ctx, chat.Post{Key: "bad", Room: room, Message: chat.Message{Tone: chat.Bad, Title: []chat.Span{chat.Plain("The page to database was not answered")}, Parts: []chat.Part{chat.Text{chat.Plain("Nobody acknowledged for 5 min. "), chat.Mention{User: "ann", Name: "Ann Okafor", Ping: true}, chat.Plain(", escalate or call Bo.")}}, Actions: []chat.Action{{Label: "Escalate", Command: "escalate INC-7", Style: chat.Primary}}}}); err != nil {
		t.Fatal(err)
	}
}
