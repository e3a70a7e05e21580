package reactors_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
)

// sev2NoTeam is an incident that nudges come to.
func bare() incident.Declaration { return incident.Declaration{Title: "checkout fails"} }

func ranked(s incident.Severity) incident.Declaration {
	return incident.Declaration{Title: "checkout fails", Severity: s}
}

// nudges lists the room's nudges, that is what carries a Snooze button now or
// was one.
func (h *house) nudges(s incident.Stream) []farMessage {
	h.t.Helper()
	return slices.DeleteFunc(h.world.in(h.roomID(s)), func(m farMessage) bool { return !strings.Contains(m.Key, "/nudges/") })
}

// stands are the nudges that ask for something.
func (h *house) stands(s incident.Stream) []farMessage {
	h.t.Helper()
	return slices.DeleteFunc(h.nudges(s), func(m farMessage) bool { return !slices.Contains(m.Buttons, "Stop") })
}

func (h *house) take(s incident.Stream, who string, role incident.Role) {
	h.t.Helper()
	h.change(s, who, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Take(a, role, h.policy)
	})
}

func (h *house) update(s incident.Stream, who, text string, next time.Time) {
	h.t.Helper()
	h.change(s, who, func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.PostUpdate(a, text, next, false, h.policy)
	})
}

func TestNudgeForACommander(t *testing.T) {
	t.Parallel()
	for _, sev := range []incident.Severity{incident.SevUnset, incident.Sev1, incident.Sev2, incident.Sev3} {
		t.Run("comes at 5 and 15 min with severity "+sev.String(), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := h.declare(ranked(sev))
			h.run(5*time.Minute - time.Second)
			if n := h.nudges(s); len(n) != 0 {
				t.Fatalf("a nudge comes before 5 min: %s", texts(n))
			}
			h.run(2 * time.Second)
			first := h.one(h.stands(s), "command")
			if !slices.Contains(first.Pings, "ann") || len(first.Pings) != 1 {
				t.Errorf("it names %v, want ann alone", first.Pings)
			}
			h.run(10 * time.Minute)
			if all := h.nudges(s); len(all) != 1 || all[0].Edits == 0 {
				t.Errorf("at 15 min one message should have been edited:\n%s", texts(all))
			}
		})
	}
	for _, sev := range []incident.Severity{incident.Sev4, incident.Sev5} {
		t.Run("never comes with "+sev.String(), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := h.declare(ranked(sev))
			h.run(30 * time.Hour)
			if n := h.nudges(s); len(n) != 0 {
				t.Errorf("there are nudges:\n%s", texts(n))
			}
		})
	}
	t.Run("never comes in a drill", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		d := ranked(incident.Sev1)
		d.Drill = true
		s := h.declare(d)
		h.run(3 * time.Hour)
		if n := h.nudges(s); len(n) != 0 {
			t.Errorf("there are nudges:\n%s", texts(n))
		}
	})
	t.Run("then asks the declarer alone, once", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev1))
		h.run(29 * time.Minute)
		if n := h.world.in("alone-ann"); len(n) != 0 {
			t.Fatalf("too early: %s", texts(n))
		}
		h.run(3 * time.Hour)
		h.update(s, "ann", "still at it", time.Time{})
		h.run(3 * time.Hour)
		if n := h.world.in("alone-ann"); len(n) != 1 {
			t.Errorf("the declarer was asked %d times:\n%s", len(n), texts(n))
		}
	})
	t.Run("is done with when somebody takes command", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev1))
		h.run(6 * time.Minute)
		h.take(s, "bo", incident.Commander)
		h.run(5 * time.Second)
		if n := h.stands(s); len(n) != 0 {
			t.Errorf("it still stands:\n%s", texts(n))
		}
		if n := h.nudges(s); len(n) != 1 {
			t.Errorf("there are %d messages", len(n))
		}
		h.run(20 * time.Minute)
		if n := h.world.in("alone-ann"); len(n) != 0 {
			t.Error("the declarer is asked for a commander that there is")
		}
	})
	t.Run("starts anew when the commander gives up", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev1))
		h.take(s, "bo", incident.Commander)
		h.run(10 * time.Minute)
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Release(a, incident.Commander, h.policy)
		})
		h.run(4 * time.Minute)
		if n := h.stands(s); len(n) != 0 {
			t.Errorf("too early:\n%s", texts(n))
		}
		h.run(2 * time.Minute)
		h.one(h.stands(s), "command")
	})
}

func TestAnythingThatMovesResetsTheNudge(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]func(h *house, s incident.Stream){
		"an update": func(h *house, s incident.Stream) { h.update(s, "ann", "we are on it", time.Time{}) },
		"a capture": func(h *house, s incident.Stream) {
			h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				m := incident.Spoken{Room: i.Rooms[0], Message: "x1", Author: a.Person, Text: incident.Text{Words: "5xx began"}, At: a.At}
				return i.Capture(a, m, "reaction", false)
			})
		},
		"a role": func(h *house, s incident.Stream) { h.take(s, "bo", incident.Scribe) },
		"a severity": func(h *house, s incident.Stream) {
			h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.SetSeverity(a, incident.Sev2, "", h.policy)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := h.declare(ranked(incident.Sev3))
			h.run(6 * time.Minute)
			h.one(h.stands(s), "command")
			move(h, s)
			h.run(2 * time.Second)
			if n := h.stands(s); len(n) != 0 {
				t.Errorf("the nudge stands after it:\n%s", texts(n))
			}
			h.run(5 * time.Minute)
			h.one(h.stands(s), "command")
		})
	}
	t.Run("but not a note", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(6 * time.Minute)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Note(a, "hm", time.Time{})
		})
		h.run(5 * time.Second)
		h.one(h.stands(s), "command")
	})
}

func TestNudgeForASeverity(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(bare())
	h.take(s, "bo", incident.Commander)
	h.run(10*time.Minute - 2*time.Second)
	if n := h.nudges(s); len(n) != 0 {
		t.Fatalf("too early:\n%s", texts(n))
	}
	h.run(4 * time.Second)
	m := h.one(h.stands(s), "severity")
	if !slices.Equal(m.Pings, []string{"bo"}) {
		t.Errorf("it names %v, want the commander", m.Pings)
	}
	h.take(s, "dee", incident.Scribe)
	h.run(20 * time.Minute)
	if n := h.stands(s); len(n) != 0 {
		t.Errorf("it is asked for once, not again:\n%s", texts(n))
	}
}

func TestNudgeForAnUpdate(t *testing.T) {
	t.Parallel()
	t.Run("comes 5 min before, at the promise, and at each cadence", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev1))
		h.take(s, "bo", incident.Commander)
		h.run(2 * time.Second)
		h.update(s, "bo", "we are on it", h.clock.Now().Add(20*time.Minute))
		h.run(15*time.Minute - 2*time.Second)
		if n := h.nudges(s); len(n) != 0 {
			t.Fatalf("too early:\n%s", texts(n))
		}
		h.run(4 * time.Second)
		before := h.one(h.stands(s), "due")
		h.run(5 * time.Minute)
		at := h.one(h.stands(s), "overdue")
		if at.ID != before.ID || at.Edits != before.Edits+1 {
			t.Errorf("it is another message, or was edited %d times", at.Edits)
		}
		h.run(30 * time.Minute)
		if again := h.one(h.stands(s), "overdue"); again.Edits != at.Edits+1 {
			t.Errorf("a cadence later it was edited %d times, before %d", again.Edits, at.Edits)
		}
		h.update(s, "bo", "still on it", time.Time{})
		h.run(2 * time.Second)
		if n := h.stands(s); len(n) != 0 {
			t.Errorf("after the update it stands:\n%s", texts(n))
		}
	})
	t.Run("names who speaks to stakeholders", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev1))
		h.take(s, "bo", incident.Commander)
		h.take(s, "dee", incident.Communications)
		h.run(26 * time.Minute)
		if m := h.one(h.stands(s), "due"); !slices.Equal(m.Pings, []string{"dee"}) {
			t.Errorf("it names %v", m.Pings)
		}
	})
	t.Run("the card says OVERDUE from the moment on", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev1))
		h.take(s, "bo", incident.Commander)
		h.run(29 * time.Minute)
		h.none(h.world.in(h.roomID(s)), "OVERDUE")
		h.run(2 * time.Minute)
		h.one(h.world.in(h.roomID(s)), "OVERDUE")
	})
	t.Run("rests when the work does", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.clock.Advance(7*time.Hour + 30*time.Minute) // 16:30
		s := h.declare(ranked(incident.Sev3))
		h.take(s, "bo", incident.Commander)
		h.run(2 * time.Second)
		if next := h.state(s).NextUpdate; !next.After(dawn().Add(24 * time.Hour)) {
			t.Fatalf("the policy promises the next at %s, before the next morning", next)
		}
		h.run(15 * time.Hour) // 07:30
		if n := h.stands(s); len(n) != 0 {
			t.Errorf("somebody is asked at night:\n%s", texts(n))
		}
	})
}

func TestNudgeForSilence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(ranked(incident.Sev3))
	h.take(s, "bo", incident.Commander)
	h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Snooze(a, "update", time.Time{})
	})
	h.run(23 * time.Hour)
	if n := h.nudges(s); len(n) != 0 {
		t.Fatalf("too early:\n%s", texts(n))
	}
	h.run(2 * time.Hour) // Thursday 10:00
	first := h.one(h.stands(s), "nothing was recorded")
	h.run(24 * time.Hour) // Friday
	if second := h.one(h.stands(s), "nothing was recorded"); second.ID != first.ID || second.Edits != first.Edits+1 {
		t.Errorf("on the next working day it was edited %d times, before %d", second.Edits, first.Edits)
	}
	h.run(48 * time.Hour) // Sunday
	if third := h.one(h.stands(s), "nothing was recorded"); third.Edits != first.Edits+1 {
		t.Errorf("it is said at the weekend: edited %d times", third.Edits)
	}
}

func TestSnooze(t *testing.T) {
	t.Parallel()
	quiet := func(h *house, s incident.Stream, nudge string, d time.Duration) {
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			if d == 0 {
				return i.Snooze(a, nudge, time.Time{})
			}
			return i.Snooze(a, nudge, a.At.Add(d))
		})
	}
	for _, nudge := range []string{"commander", ""} {
		t.Run(fmt.Sprintf("silences %q until its moment", nudge), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := h.declare(ranked(incident.Sev3))
			h.run(6 * time.Minute)
			quiet(h, s, nudge, 30*time.Minute)
			h.run(2 * time.Second)
			if n := h.stands(s); len(n) != 0 {
				t.Fatalf("it stands after it was snoozed:\n%s", texts(n))
			}
			h.run(29 * time.Minute)
			if n := h.stands(s); len(n) != 0 {
				t.Fatalf("it comes back early:\n%s", texts(n))
			}
			h.run(2 * time.Minute)
			h.one(h.stands(s), "command")
		})
	}
	t.Run("stops it for good", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev3))
		h.run(6 * time.Minute)
		quiet(h, s, "commander", 0)
		h.run(2 * time.Hour)
		if n := h.stands(s); len(n) != 0 {
			t.Errorf("it stands:\n%s", texts(n))
		}
		if n := h.world.in("alone-ann"); len(n) != 0 {
			t.Error("the declarer is asked all the same")
		}
	})
}

func TestNudgesEndWithTheIncident(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(ranked(incident.Sev2))
	h.run(6 * time.Minute)
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
	h.run(40 * time.Hour)
	if n := h.stands(s); len(n) != 0 {
		t.Errorf("a resolved incident is nudged:\n%s", texts(n))
	}
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Reopen(a, "it is back", h.policy)
	})
	h.run(4 * time.Minute)
	if n := h.stands(s); len(n) != 0 {
		t.Errorf("nudged as if it had never ended:\n%s", texts(n))
	}
	h.run(2 * time.Minute)
	h.one(h.stands(s), "command")
}

func TestNudgeWhoseMessageWasTakenAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(ranked(incident.Sev2))
	h.run(6 * time.Minute)
	h.world.take(h.stands(s)[0].ID)
	h.run(10 * time.Minute)
	if jobs := h.jobs(s, "parked"); len(jobs) != 0 {
		t.Errorf("it was given up: %s", jobs[0].Why)
	}
}

// take removes a message, as a person of the room does.
func (w *world) take(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.message(id).Gone = true
}
