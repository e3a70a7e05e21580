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

func TestEchoes(t *testing.T) {
	t.Parallel()
	t.Run("are one line each, for what others see", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetImpact(a, "nobody can pay")
		})
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Follow(a, false) })
		h.run(5 * time.Second)
		if lines := h.keyed(s, "/echoes/"); len(lines) != 1 || !strings.Contains(lines[0].Text, "nobody can pay") || len(lines[0].Pings) != 0 {
			t.Errorf("the lines are:\n%s", texts(lines))
		}
	})
	t.Run("one that cannot be said is not told of", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		h.talk.fail = func(call, _ string) error {
			if call == "post" {
				return fault.New(fault.Rejected, "Not allowed.")
			}
			return nil
		}
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Note(a, "hm", time.Time{})
		})
		h.run(time.Minute)
		if n := h.count(s, "effect_parked"); n != 0 {
			t.Errorf("%d effects are on the timeline as given up", n)
		}
	})
	t.Run("one that may have been said is not said again where it cannot be looked up", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.talk.keyed = false
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		h.talk.lose = func(call, _ string) error {
			if call == "post" {
				return fault.New(fault.Unknown, "No answer came.")
			}
			return nil
		}
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Note(a, "hm", time.Time{})
		})
		h.run(time.Hour)
		if n := len(h.keyed(s, "/echoes/line/")); n != 1 {
			t.Errorf("it was said %d times", n)
		}
	})
}

func TestRetriedByHand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.talk.keyed = false
	lost := false
	h.talk.lose = func(call, room string) error {
		if call == "post" && room == "incidents" && !lost {
			lost = true
			h.world.take(h.world.in("incidents")[0].ID) // it never stood there
			return fault.New(fault.Unknown, "No answer came.")
		}
		return nil
	}
	s := h.declare(ranked(incident.Sev3))
	h.run(time.Minute)
	parked := h.jobs(s, store.OnHold)
	if len(parked) != 1 || len(h.world.in("incidents")) != 0 {
		t.Fatalf("given up are %d jobs; there are:\n%s", len(parked), texts(h.world.in("incidents")))
	}
	h.one(h.keyed(s, "/echoes/parked"), "may have been posted")
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.RetryEffect(a, parked[0].Key)
	})
	h.run(5 * time.Second)
	if n := h.world.in("incidents"); len(n) != 1 {
		t.Errorf("after the retry there are:\n%s", texts(n))
	}
	if inc := h.state(s); len(inc.Parked) != 0 || len(inc.Announcements) != 1 {
		t.Errorf("still given up: %v; announced %v", inc.Parked, inc.Announcements)
	}
}

func TestTwoPlatforms(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.other = &talk{name: "disc", world: &world{}, keyed: true}
	h.start(&trap{})
	d := ranked(incident.Sev2)
	d.From = incident.Room{Platform: "disc", ID: "lobby"}
	s := h.declare(d)
	h.update(s, "ann", "we are on it", time.Time{})
	h.run(10 * time.Second)
	if room := h.state(s).Rooms; len(room) != 1 || room[0].Platform != "disc" {
		t.Fatalf("its rooms are %+v", room)
	}
	for name, w := range map[string]*world{"talk": h.world, "disc": h.other.world} {
		h.one(threaded(w.in("incidents")), "we are on it")
		if n := len(w.in("incidents")); n != 2 {
			t.Errorf("on %s the announcement room has %d messages", name, n)
		}
	}
	h.change(s, "dee", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Follow(a, false) })
	h.update(s, "ann", "nearly there", time.Time{})
	h.run(10 * time.Second)
	h.one(h.world.in("alone-dee"), "nearly there") // dee is on talk alone
}

func TestFollowers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(ranked(incident.Sev3))
	for _, who := range []string{"bo", "dee"} {
		h.change(s, who, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Follow(a, false) })
	}
	h.update(s, "bo", "we are on it", time.Time{})
	h.run(5 * time.Second)
	h.one(h.world.in("alone-dee"), "we are on it")
	if n := h.world.in("alone-bo"); len(n) != 0 {
		t.Errorf("bo is told what he wrote:\n%s", texts(n))
	}
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Resolve(a, "rolled back")
	})
	h.run(5 * time.Second)
	for _, who := range []string{"bo", "dee"} {
		h.one(h.world.in("alone-"+who), "resolved")
	}
	switch all := h.world.in("alone-dee"); {
	case len(all) != 2 || all[0].Thread != "" || all[1].Thread != all[0].ID:
		t.Errorf("dee is not spoken to in one thread:\n%+v", all)
	case h.world.in("alone-bo")[0].Thread != "":
		t.Error("what bo is told first stands in a thread")
	}
	h.change(s, "dee", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Unfollow(a, false) })
	before := len(h.world.in("alone-dee"))
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Reopen(a, "it is back", h.policy)
	})
	h.run(5 * time.Second)
	if n := len(h.world.in("alone-dee")); n != before {
		t.Error("dee, who follows no more, is told")
	}
}

func TestReminder(t *testing.T) {
	t.Parallel()
	remind := func(h *house, s incident.Stream) {
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Remind(a, a.At.Add(20*time.Minute), "call the bank")
		})
	}
	t.Run("is given once, at its moment, to who asked", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev4))
		h.run(5 * time.Second)
		remind(h, s)
		h.run(20*time.Minute - time.Second)
		h.none(h.world.in(h.roomID(s)), "call the bank")
		h.run(2 * time.Hour)
		m := h.one(h.world.in(h.roomID(s)), "call the bank")
		if !slices.Equal(m.Pings, []string{"bo"}) || strings.Contains(m.Text, "late") {
			t.Errorf("it pings %v and says %q", m.Pings, m.Text)
		}
	})
	t.Run("comes alone where there is no room", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.talk.fail = func(call, _ string) error {
			if call == "open" {
				return fault.New(fault.Rejected, "No rooms here.")
			}
			return nil
		}
		s := h.declare(ranked(incident.Sev4))
		remind(h, s)
		h.run(time.Hour)
		h.one(h.world.in("alone-bo"), "call the bank")
	})
}

func TestForOnePersonAlone(t *testing.T) {
	t.Parallel()
	t.Run("who joins the room is shown where things stand", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		h.change(s, "cy", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Join(a) })
		h.run(5 * time.Second)
		welcome := h.keyed(s, "/welcomes/")
		if len(welcome) != 1 || welcome[0].Only != "cy" || !strings.Contains(welcome[0].Text, "checkout fails") {
			t.Errorf("the welcome:\n%s", texts(welcome))
		}
	})
	t.Run("who is given a role is told its duties; who takes one has read them in the reply", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(5 * time.Second)
		h.take(s, "bo", incident.Commander)
		h.run(5 * time.Second)
		if got := h.keyed(s, "/welcomes/"); len(got) != 0 {
			t.Errorf("told who took it:\n%s", texts(got))
		}
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Assign(a, incident.Scribe, h.people["dee"], incident.DefaultPolicy())
		})
		h.run(5 * time.Second)
		if got := h.keyed(s, "/welcomes/"); len(got) != 1 || got[0].Only != "dee" {
			t.Errorf("told who was given it:\n%s", texts(got))
		}
	})
	t.Run("who is offered a role is asked, until it is answered", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.take(s, "bo", incident.Commander)
		h.run(5 * time.Second)
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.OfferHandover(a, incident.Commander, h.people["dee"], "I am off")
		})
		h.run(5 * time.Second)
		m := h.world.in("alone-dee")
		if len(m) != 1 || !slices.Contains(m[0].Buttons, "Accept") || !slices.Contains(m[0].Buttons, "Decline") {
			t.Fatalf("dee is asked:\n%s %v", texts(m), m)
		}
		h.change(s, "dee", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.AnswerHandover(a, true)
		})
		h.run(5 * time.Second)
		if now, held := h.state(s).Holder(incident.Commander); !held || now.Person != h.people["dee"] {
			t.Errorf("the role is held by %+v", now)
		}
	})
	t.Run("an offer that was answered already is not made", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.handed = false
		s := h.declare(ranked(incident.Sev3))
		h.take(s, "bo", incident.Commander)
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.OfferHandover(a, incident.Commander, h.people["dee"], "")
		})
		h.change(s, "dee", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.AnswerHandover(a, false)
		})
		h.run(5 * time.Second)
		if m := h.world.in("alone-dee"); len(m) != 0 {
			t.Errorf("dee is asked:\n%s", texts(m))
		}
	})
}

func TestChecklists(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.policy.Checklists = []incident.Checklist{
		{Name: "major", Severity: incident.Sev2, Lines: []string{"open a call"}},
		{Name: "money", Severity: incident.Sev1, Service: "checkout", Lines: []string{"tell the bank"}},
		{Name: "by hand", Lines: []string{"breathe"}},
	}
	s := h.declare(ranked(incident.Sev3))
	h.run(5 * time.Second)
	if n := h.count(s, "checklist_added"); n != 0 {
		t.Fatalf("a sev3 has %d checklists", n)
	}
	for _, sev := range []incident.Severity{incident.Sev2, incident.Sev1, incident.Sev3, incident.Sev1} {
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetSeverity(a, sev, "", h.policy)
		})
		h.run(5 * time.Second)
	}
	if n := h.count(s, "checklist_added"); n != 1 {
		t.Errorf("after four severities there are %d checklists, want one", n)
	}
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.AddService(a, "checkout", h.policy)
	})
	h.run(5 * time.Second)
	if n := h.count(s, "checklist_added"); n != 2 {
		t.Errorf("with the service there are %d checklists, want two", n)
	}
	if left := h.jobs(s, store.OnHold); len(left) != 0 {
		t.Errorf("given up: %v", left)
	}
}
