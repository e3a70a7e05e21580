package bot_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/bottest"
)

// Join on the announcement brings somebody into the room in Slack itself, and
// whoever works on the incident leaves the room's topic as it is.
func TestJoinOpensTheDoorOfTheRoomInSlack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := bottest.NewStage(t, bottest.Bases()["memory"](t), "")
		there := s.InSlack(false, nil)
		s.Start()
		defer s.Close()
		who := map[string]string{}
		for _, u := range there.Users() {
			who[u.Name] = u.ID
		}
		s.Types("ann", s.Room("general"), "/incident declare sev2 checkout is failing")
		s.Advance(10 * time.Second)
		room := s.Room("INC-1")

		inside := func(name string) bool {
			r, _ := there.Room(room)
			return slices.Contains(r.Members, who[name])
		}
		if inside("bo") || !inside("ann") {
			t.Fatalf("bo is in the room: %v, ann: %v", inside("bo"), inside("ann"))
		}
		pressed := false
		for _, m := range there.Messages(s.Room("incidents")) {
			if a, err := there.Press(t.Context(), who["bo"], s.Room("incidents"), m.TS, "Join"); err == nil {
				pressed = a.Acked
			}
		}
		s.Advance(10 * time.Second)
		if !pressed || !inside("bo") {
			t.Errorf("Join is pressed: %v, bo is in the room: %v", pressed, inside("bo"))
		}

		topics := len(there.Calls("conversations.setTopic"))
		s.Types("bo", room, "/incident take")
		s.Types("bo", room, "/incident status monitoring")
		s.Advance(time.Minute)
		if r, _ := there.Room(room); r.Topic != "INC-1 · sev2 (major) · checkout is failing" || len(there.Calls("conversations.setTopic")) != topics {
			t.Errorf("the topic is %q, set %d times since", r.Topic, len(there.Calls("conversations.setTopic"))-topics)
		}
		s.Types("bo", room, "/incident resolve rolled back")
		s.Advance(time.Minute)
		if r, _ := there.Room(room); r.Topic != "INC-1 · sev2 (major) · resolved · checkout is failing" {
			t.Errorf("at the end the topic is %q", r.Topic)
		}
	})
}
