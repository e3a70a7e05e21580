package reactors_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

func TestAnnouncement(t *testing.T) {
	t.Parallel()
	t.Run("is one message for life", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		h.take(s, "bo", incident.Commander)
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Rename(a, "card payments fail")
		})
		h.run(10 * time.Second)
		all := h.world.in("incidents")
		if len(all) != 1 || !strings.Contains(all[0].Text, "card payments fail") || !strings.Contains(all[0].Text, "Bo") {
			t.Errorf("there are:\n%s", texts(all))
		}
	})
	t.Run("new messages are only updates, raised, resolved, re-opened", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		first := h.world.in("incidents")[0]
		h.update(s, "ann", "we are on it", time.Time{})
		h.run(5 * time.Second)
		if m := h.one(h.world.in("incidents")[1:], "we are on it"); m.Thread != first.ID {
			t.Errorf("the update stands in thread %q, the announcement is %q", m.Thread, first.ID)
		}
		for _, step := range []struct {
			news string
			n    int
			do   func(i incident.Incident, a incident.Actor) ([]incident.Event, error)
		}{
			{"raised", 1, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.SetSeverity(a, incident.Sev1, "", h.policy)
			}},
			{"lowered", 0, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.SetSeverity(a, incident.Sev2, "", h.policy)
			}},
			{"a status", 0, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.SetStatus(a, incident.Identified, "", h.policy)
			}},
			{"resolved", 1, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.Resolve(a, "rolled back")
			}},
			{"re-opened", 1, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.Reopen(a, "it is back", h.policy)
			}},
		} {
			before := len(h.world.in("incidents"))
			h.change(s, "ann", step.do)
			h.run(5 * time.Second)
			after := h.world.in("incidents")
			if len(after) != before+step.n {
				t.Errorf("%s: %d new messages, want %d:\n%s", step.news, len(after)-before, step.n, texts(after[before:]))
			}
			for _, m := range after[before:] {
				if m.Thread != "" || len(m.Pings) > 0 {
					t.Errorf("%s: in thread %q, pinging %v", step.news, m.Thread, m.Pings)
				}
			}
		}
	})
	t.Run("a corrected update is edited", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev2))
		h.update(s, "ann", "two of tree orders fail", time.Time{})
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.FixUpdate(a, 1, i.LastUpdate, "two of three orders fail")
		})
		h.run(5 * time.Second)
		h.none(h.world.in("incidents"), "tree orders")
		m := h.one(threaded(h.world.in("incidents")), "two of three orders fail")
		if m.Edits != 1 {
			t.Errorf("it was edited %d times", m.Edits)
		}
	})
	t.Run("edits keep two seconds apart", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev2))
		h.run(10 * time.Second)
		before := h.world.in("incidents")[0].Edits
		for i, title := range []string{"a b", "c d", "e f", "g h", "i j", "k l", "m n", "o p"} {
			h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Rename(a, title) })
			h.run(time.Duration(450+i) * time.Millisecond)
		}
		h.run(4 * time.Second)
		m := h.world.in("incidents")[0]
		if n := m.Edits - before; n < 2 || n > 4 {
			t.Errorf("8 changes in 4 s were drawn %d times", n)
		}
		if !strings.Contains(m.Text, "o p") {
			t.Errorf("it says\n%s", m.Text)
		}
	})
	t.Run("an update waits for it, and is not lost without it", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		down := true
		h.talk.fail = func(_, room string) error {
			if room == "incidents" && down {
				return fault.New(fault.Unavailable, "The platform is slow.")
			}
			return nil
		}
		s := h.declare(ranked(incident.Sev2))
		h.update(s, "ann", "we are on it", time.Time{})
		h.run(30 * time.Second)
		down = false
		h.run(time.Minute)
		h.one(threaded(h.world.in("incidents")), "we are on it")
	})
	t.Run("rooms that policy tells get their own", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		for i := range h.policy.Severities {
			if h.policy.Severities[i].Level == incident.Sev1 {
				h.policy.Severities[i].Tell = []string{"talk:board", "support", "talk:incidents"}
			}
		}
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		if len(h.world.in("board")) != 0 {
			t.Fatal("a sev3 is told to the board")
		}
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetSeverity(a, incident.Sev1, "", h.policy)
		})
		h.run(5 * time.Second)
		for _, room := range []string{"board", "support"} {
			h.one(h.world.in(room), "checkout fails")
		}
		if n := len(h.keyedIn("incidents", "/announcements/first/")); n != 1 {
			t.Errorf("the announcement room has %d announcements", n)
		}
	})
	t.Run("a drill is announced as one and makes no news", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		d := ranked(incident.Sev3)
		d.Drill = true
		s := h.declare(d)
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
		h.run(5 * time.Second)
		all := h.world.in("incidents")
		if len(all) != 1 || !strings.Contains(strings.ToLower(all[0].Text), "drill") {
			t.Errorf("there are:\n%s", texts(all))
		}
	})
}

func threaded(all []farMessage) []farMessage {
	return slices.DeleteFunc(slices.Clone(all), func(m farMessage) bool { return m.Thread == "" })
}

func (h *house) keyedIn(room, part string) []farMessage {
	return slices.DeleteFunc(h.world.in(room), func(m farMessage) bool { return !strings.Contains(m.Key, part) })
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	t.Run("nothing of it leaves its room", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		d := incident.Declaration{Title: "the secret title", Severity: incident.Sev1, Private: true}
		s := h.declare(d)
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Invite(a, h.people["bo"])
		})
		h.update(s, "ann", "the secret update", time.Time{})
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Follow(a, false) })
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Resolve(a, "the secret end")
		})
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Reopen(a, "the secret return", h.policy)
		})
		h.run(2 * time.Hour)
		room := h.roomID(s)
		for _, m := range h.world.with("secret") {
			if m.Room != room && m.Room != "alone-ann" && m.Room != "alone-bo" {
				t.Errorf("in %s stands:\n%s", m.Room, m.Text)
			}
		}
		if n := h.world.in("incidents"); len(n) != 0 {
			t.Errorf("the announcement room has:\n%s", texts(n))
		}
		if !h.world.Rooms[0].Private {
			t.Error("its room is open to everybody")
		}
	})
	t.Run("what was announced before is taken back, and who saw it is told", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.talk.people["incidents"] = map[string]bool{"dee": true}
		s := h.declare(incident.Declaration{Title: "the secret title", Severity: incident.Sev3})
		h.update(s, "ann", "the secret update", time.Time{})
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetSeverity(a, incident.Sev1, "", h.policy)
		})
		h.run(5 * time.Second)
		if n := h.world.in("incidents"); len(n) != 3 {
			t.Fatalf("before it stood there:\n%s", texts(n))
		}
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetPrivate(a, true, "customer names")
		})
		h.run(10 * time.Second)
		h.none(h.world.in("incidents"), "secret")
		if n := h.world.in("incidents"); len(n) != 3 {
			t.Errorf("now there are %d messages", len(n))
		}
		h.one(h.keyed(s, "/withdrawal"), "Dee")
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetPrivate(a, false, "it was nothing")
		})
		h.run(10 * time.Second)
		if n := h.world.in("incidents"); len(n) != 3 {
			t.Errorf("public again it stands %d times", len(n))
		}
		h.one(threaded(h.world.in("incidents")), "the secret update")
	})
	t.Run("declared private and opened later it is announced then", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(incident.Declaration{Title: "not so secret", Private: true})
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetPrivate(a, false, "all may know")
		})
		h.run(5 * time.Second)
		h.one(h.world.in("incidents"), "not so secret")
	})
	t.Run("a follower who is no member any more is told nothing", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.change(s, "dee", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Follow(a, false) })
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetPrivate(a, true, "customer names")
		})
		h.update(s, "ann", "the secret update", time.Time{})
		h.run(10 * time.Second)
		if n := h.world.in("alone-dee"); len(n) != 0 {
			t.Errorf("dee reads:\n%s", texts(n))
		}
	})
}
