package bot_test

import (
	"strings"
	"testing"

	"tocsin/bot/bottest"
)

// An incident that becomes private is taken back from everybody who is no
// member: its announcement, its room and what its followers would hear.
func TestPrivateLaterTakesBackWhatWasTold(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		s := bottest.NewStage(t, base, "")
		s.Start()
		defer s.Close()
		say := func(who, room, words string) {
			t.Helper()
			if a := tells(s, who, room, words, "later-"+who+"-"+words); a.Status != 200 {
				t.Fatalf("%s: %s: %d %s", who, words, a.Status, a.Text)
			}
			s.Rest()
		}
		s.Join("dana", "incidents")
		say("ann", "general", "declare sev2 customer data is read by strangers")
		room := s.Room("INC-1")
		say("bo", room, "take scribe")
		say("cleo", "general", "follow INC-1")
		say("ann", room, "update we look into the strangers next 30m")
		hear := s.Listen("/console/stream?room=" + room + "&as=cleo")
		say("ann", room, "private on it is about people")
		s.Rest()

		for _, told := range []string{strings.Join(s.Public("incidents"), "\n"), s.Get("/console/r/incidents?as=cleo").Body} {
			if !strings.Contains(told, "withdrawn") || strings.Contains(told, "stranger") || strings.Contains(told, "INC-1") {
				t.Errorf("the announcement reads:\n%s", told)
			}
		}
		if in := strings.Join(s.Public(room), "\n"); !strings.Contains(in, "These people could read it before: Dana Reyes") && !strings.Contains(in, "@Dana Reyes") {
			t.Errorf("the room is not told that Dana may have read it:\n%s", in)
		}
		say("ann", room, "update it is the lantern next 30m")
		say("ann", room, "note the lantern again")
		say("bo", room, "severity sev1 the lantern is everywhere")
		if got := s.Get("/console/r/" + room + "?as=cleo"); got.Status != 404 {
			t.Errorf("cleo opens its room: %d", got.Status)
		}
		if got := s.Get("/console/r/" + room + "?as=bo"); got.Status != 200 || !strings.Contains(got.Body, "lantern") {
			t.Errorf("bo, a member, opens its room: %d", got.Status)
		}
		for where, seen := range map[string]string{
			"the list of rooms": s.Get("/console/rooms?as=cleo").Body, "what waits": s.Get("/console/waiting?as=cleo").Body,
			"the announcements": s.Get("/console/r/incidents?as=cleo").Body,
			"the stream":        hear(),
		} {
			if strings.Contains(seen, "lantern") || where != "the stream" && (strings.Contains(seen, "inc-1") || strings.Contains(seen, "INC-1")) {
				t.Errorf("%s shows it to cleo: %s", where, seen)
			}
		}
		if dm := strings.Join(s.Public("dm-cleo"), "\n"); strings.Contains(dm, "lantern") {
			t.Errorf("a follower who is no member is told: %s", dm)
		}
		if a := tells(s, "cleo", "general", "show INC-1", "k-show"); a.Status != 404 {
			t.Errorf("cleo is shown %d %s", a.Status, a.Text)
		}

		say("ann", room, "private off it may be known now")
		s.Rest()
		if got := s.Get("/console/r/" + room + "?as=cleo"); got.Status != 200 {
			t.Errorf("public again, cleo opens its room: %d", got.Status)
		}
		if told := strings.Join(s.Public("incidents"), "\n"); !strings.Contains(told, "INC-1") || !strings.Contains(told, "strangers") {
			t.Errorf("public again, the announcement reads:\n%s", told)
		}
	})
}

// A room that was there before the incident is not closed: others need it. It
// is told that they read on.
func TestAnAdoptedRoomIsToldThatItStaysOpen(t *testing.T) {
	t.Parallel()
	onEveryStore(t, func(t *testing.T, base bottest.Base) {
		s := bottest.NewStage(t, base, "")
		s.Start()
		defer s.Close()
		s.Say("ann", "general", "/incident adopt confirm:yes")
		s.Rest()
		if a := tells(s, "ann", "general", "private on it is about people", "k1"); a.Status != 200 {
			t.Fatalf("private on: %d %s", a.Status, a.Text)
		}
		s.Advance(10e9)
		if in := strings.Join(s.Public("general"), "\n"); strings.Count(in, "whoever can see it reads on") != 1 {
			t.Errorf("the room is not told once that it stays open:\n%s", in)
		}
		if got := s.Get("/console/r/general?as=cleo"); got.Status != 200 {
			t.Errorf("#general is closed: %d", got.Status)
		}
	})
}
