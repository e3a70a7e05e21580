package reactors_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func TestRoomName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		template string
		d        incident.Declaration
		want     string
	}{
		{"number and title", "", bare(), "inc-1-checkout-fails"},
		{"signs and spaces", "", incident.Declaration{Title: "  API: 5xx @ EU/west!! "}, "inc-1-api-5xx-eu-west"},
		{"other scripts", "", incident.Declaration{Title: "оплата не работает"}, "inc-1-оплата-не-работает"},
		{"a private title stays inside", "", incident.Declaration{Title: "breach at ACME", Private: true}, "inc-1"},
		{"a drill says so", "", incident.Declaration{Title: "fire", Drill: true}, "drill-inc-1-fire"},
		{"policy's own template", "war-{date}-{number}", bare(), "war-2026-11-25-1"},
		{"a long title is cut", "", incident.Declaration{Title: strings.Repeat("long ", 40)}, "inc-1-" + strings.TrimRight(strings.Repeat("long-", 13), "-")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			if c.template != "" {
				h.policy.RoomName = c.template
			}
			h.declare(c.d)
			h.step()
			got := h.world.Rooms[0].Name
			if c.name == "a long title is cut" {
				if len([]rune(got)) > 70 || !strings.HasPrefix(got, "inc-1-long-long") || strings.HasSuffix(got, "-") {
					t.Errorf("the room is called %q", got)
				}
				return
			}
			if got != c.want {
				t.Errorf("the room is called %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhoIsInTheRoom(t *testing.T) {
	t.Parallel()
	t.Run("whoever belongs to it when it opens", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.handed = false // so that the role is taken before the room opens
		s := h.declare(bare())
		h.take(s, "bo", incident.Commander)
		h.run(5 * time.Second)
		if got := h.world.Rooms[0].Members; !slices.Equal(slices.Sorted(slices.Values(got)), []string{"ann", "bo"}) {
			t.Errorf("in the room are %v", got)
		}
	})
	t.Run("whoever is invited or takes a role later", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(bare())
		h.step()
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Invite(a, h.people["cy"])
		})
		h.take(s, "dee", incident.Scribe)
		h.run(2 * time.Second)
		for _, who := range []string{"cy", "dee"} {
			if !slices.Contains(h.world.Rooms[0].Members, who) {
				t.Errorf("%s is not in the room: %v", who, h.world.Rooms[0].Members)
			}
		}
	})
	t.Run("the teams that policy invites, but not to a private incident", func(t *testing.T) {
		t.Parallel()
		for _, private := range []bool{false, true} {
			h := newHouse(t)
			for i := range h.policy.Severities {
				h.policy.Severities[i].Invite = []string{"checkout", "a team that is not there"}
			}
			h.declare(incident.Declaration{Severity: incident.Sev1, Private: private})
			h.run(2 * time.Second)
			if got := slices.Contains(h.world.Rooms[0].Members, "cy"); got == private {
				t.Errorf("private %v: the team's cy is in the room: %v", private, got)
			}
		}
	})
	t.Run("not whoever was removed from a private incident", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(incident.Declaration{Private: true})
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Invite(a, h.people["cy"])
		})
		h.run(2 * time.Second)
		if !slices.Contains(h.world.Rooms[0].Members, "cy") {
			t.Fatal("cy was not invited")
		}
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Remove(a, h.people["cy"])
		})
		h.run(2 * time.Second)
		if slices.Contains(h.world.Rooms[0].Members, "cy") {
			t.Error("cy is still in the room")
		}
	})
}

func TestTopic(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(ranked(incident.Sev3))
	h.run(2 * time.Second)
	before := h.world.Rooms[0].Topic
	if !strings.Contains(before, "sev3") {
		t.Errorf("the topic is %q", before)
	}
	h.take(s, "bo", incident.Commander)
	h.run(5 * time.Second)
	if got := h.world.Rooms[0].Topic; got != before {
		t.Errorf("a role changes the topic to %q", got)
	}
	h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.SetSeverity(a, incident.Sev1, "", h.policy)
	})
	h.run(5 * time.Second)
	if got := h.world.Rooms[0].Topic; !strings.Contains(got, "sev1") {
		t.Errorf("after the severity the topic is %q", got)
	}
	h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
	h.run(5 * time.Second)
	if got := h.world.Rooms[0].Topic; !strings.Contains(strings.ToLower(got), "resolved") {
		t.Errorf("after the resolve the topic is %q", got)
	}
}

func TestRoomsThatAreLeftAlone(t *testing.T) {
	t.Parallel()
	t.Run("a record of the past has no room and is told to nobody", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		d := bare()
		d.Past, d.Started, d.Resolved = true, dawn().Add(-3*time.Hour), dawn().Add(-2*time.Hour)
		h.declare(d)
		h.run(30 * time.Hour)
		if len(h.world.Rooms) != 0 || len(h.world.Messages) != 0 || len(h.world.Pages) != 0 {
			t.Errorf("it has %d rooms, %d messages, %d pages", len(h.world.Rooms), len(h.world.Messages), len(h.world.Pages))
		}
	})
	t.Run("an adopted room keeps its topic and its life, and gets the card", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.policy.Archive = time.Minute
		h.world.Rooms = append(h.world.Rooms, &farRoom{ID: "old", Name: "payments", Topic: "mind the gap"})
		h.handed = false
		s := h.declare(ranked(incident.Sev2))
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Adopt(a, incident.Room{Platform: "talk", ID: "old", Name: "payments"})
		})
		h.run(10 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Close(a, "") })
		h.run(time.Hour)
		if len(h.world.Rooms) != 1 {
			t.Errorf("there are %d rooms, the adopted one was enough", len(h.world.Rooms))
		}
		if r := h.world.Rooms[0]; r.Topic != "mind the gap" || r.Archived || r.Name != "payments" {
			t.Errorf("the room is now %+v", *r)
		}
		h.one(h.world.in("old"), "Declared")
	})
	t.Run("no room opens when the house has no platform", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		d := bare()
		d.From = incident.Room{Platform: "api", ID: "x"}
		h.declare(d)
		h.step()
		if len(h.world.Rooms) != 1 {
			t.Error("declared over the API, it should open at the first platform")
		}
	})
}

func TestRoomThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	down := true
	h.talk.fail = func(call, _ string) error {
		if call == "open" && down {
			return fault.New(fault.Unavailable, "The platform is down.")
		}
		return nil
	}
	s := h.declare(sev1())
	h.run(3 * time.Minute)
	if h.count(s, "effect_parked") != 0 {
		t.Fatal("three minutes without a platform, and the room is given up")
	}
	h.one(h.world.in("incidents"), "checkout is failing")
	down = false
	h.run(20 * time.Minute)
	if len(h.state(s).Rooms) != 1 {
		t.Fatal("the room does not open when the platform is back")
	}
	h.one(h.world.in(h.roomID(s)), "Declared")
}

func TestArchive(t *testing.T) {
	t.Parallel()
	ended := func(t *testing.T, set func(h *house)) (*house, incident.Stream) {
		t.Helper()
		h := newHouse(t)
		set(h)
		s := h.declare(ranked(incident.Sev2))
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Close(a, "") })
		return h, s
	}
	t.Run("after policy's time", func(t *testing.T) {
		t.Parallel()
		h, s := ended(t, func(h *house) { h.policy.Archive = 48 * time.Hour })
		h.run(47 * time.Hour)
		if h.world.Rooms[0].Archived {
			t.Fatal("it is archived early")
		}
		h.run(2 * time.Hour)
		if !h.world.Rooms[0].Archived || h.count(s, "room_archived") != 1 {
			t.Errorf("archived %v, on record %d times", h.world.Rooms[0].Archived, h.count(s, "room_archived"))
		}
	})
	t.Run("not when policy keeps rooms", func(t *testing.T) {
		t.Parallel()
		h, _ := ended(t, func(h *house) { h.policy.Archive = 0 })
		h.run(1000 * time.Hour)
		if h.world.Rooms[0].Archived {
			t.Error("it is archived")
		}
	})
	t.Run("not when it was opened again", func(t *testing.T) {
		t.Parallel()
		h, s := ended(t, func(h *house) { h.policy.Archive = 48 * time.Hour })
		h.run(time.Hour)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Reopen(a, "it is back", h.policy)
		})
		h.run(100 * time.Hour)
		if h.world.Rooms[0].Archived {
			t.Error("the room of an incident that is worked on is archived")
		}
	})
}

func TestCard(t *testing.T) {
	t.Parallel()
	t.Run("many changes are few draws, and the newest is drawn", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev2))
		h.run(10 * time.Second)
		before := h.keyed(s, "/cards/")[0].Edits
		for range 10 {
			for _, sev := range []incident.Severity{incident.Sev3, incident.Sev2} {
				h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
					return i.SetSeverity(a, sev, "", h.policy)
				})
				h.run(50 * time.Millisecond)
			}
		}
		h.run(5 * time.Second)
		card := h.keyed(s, "/cards/")[0]
		if n := card.Edits - before; n < 1 || n > 3 {
			t.Errorf("20 changes within a second are drawn %d times", n)
		}
		if !strings.Contains(card.Text, "sev2") {
			t.Errorf("the card says\n%s", card.Text)
		}
	})
	t.Run("one that somebody deleted is posted anew", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev2))
		h.run(5 * time.Second)
		h.world.take(h.keyed(s, "/cards/")[0].ID)
		h.take(s, "bo", incident.Commander)
		h.run(5 * time.Second)
		if cards := h.keyed(s, "/cards/"); len(cards) != 1 || !strings.Contains(cards[0].Text, "Bo") {
			t.Errorf("there are %d cards", len(cards))
		}
	})
	t.Run("what is given up stands on it", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.talk.fail = func(call, room string) error {
			if call == "post" && room == "incidents" {
				return fault.New(fault.Rejected, "tocsin is not in that room.")
			}
			return nil
		}
		s := h.declare(ranked(incident.Sev2))
		h.run(5 * time.Second)
		if inc := h.state(s); len(inc.Parked) != 1 || inc.Parked[0].What != "post the announcement" || !inc.Parked[0].Buried {
			t.Fatalf("given up is %+v", inc.Parked)
		}
		told := h.one(h.keyed(s, "/echoes/"), "not in that room")
		if len(told.Pings) > 1 {
			t.Errorf("it pings %v", told.Pings)
		}
		if jobs := h.jobs(s, store.Buried); len(jobs) != 1 {
			t.Errorf("%d jobs are buried", len(jobs))
		}
	})
}
