package reactors_test

import (
	"testing"
	"time"

	"tocsin/incident"
)

func sev1() incident.Declaration {
	return incident.Declaration{Title: "checkout is failing", Severity: incident.Sev1}
}

func TestFirstMinute(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(sev1())
	h.step()
	if len(h.world.Rooms) != 1 {
		t.Fatalf("%d rooms were opened", len(h.world.Rooms))
	}
	if name := h.world.Rooms[0].Name; name != "inc-1-checkout-is-failing" {
		t.Errorf("the room is called %q", name)
	}
	room := h.world.in(h.roomID(s))
	h.one(room, "checkout is failing")
	h.run(5 * time.Second)
	if card := h.one(h.world.in(h.roomID(s)), "checkout is failing"); !card.Pinned {
		t.Error("the card is not pinned")
	}
	told := h.one(h.world.in("incidents"), "checkout is failing")
	if told.Thread != "" || len(told.Pings) != 0 {
		t.Errorf("the announcement is in thread %q and pings %v", told.Thread, told.Pings)
	}
	if h.count(s, "room_opened") != 1 || h.count(s, "announcement_posted") != 1 {
		t.Error("the room or the announcement is not on the timeline")
	}
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Take(a, incident.Commander, h.policy)
	})
	h.run(5 * time.Second)
}
