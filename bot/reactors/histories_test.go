package reactors_test

import (
	"testing"
	"time"

	"tocsin/incident"
)

func TestWhatWasSaidIsForgotten(t *testing.T) {
	t.Parallel()
	closed := func(t *testing.T, keep time.Duration) (*house, incident.Stream) {
		t.Helper()
		h := newHouse(t)
		h.policy.KeepTalk, h.policy.Archive = keep, 0
		s := h.declare(ranked(incident.Sev2))
		h.run(5 * time.Second)
		said := incident.Spoken{
			Room: h.state(s).Rooms[0], Message: "m1", Author: h.people["bo"], At: h.clock.Now(),
			Text: incident.Text{Author: h.people["bo"], Words: "the queue is full"},
		}
		if err := h.desk.Hear(t.Context(), s, said); err != nil {
			t.Fatal(err)
		}
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Close(a, "") })
		return h, s
	}
	kept := func(t *testing.T, h *house, s incident.Stream) int {
		t.Helper()
		all, err := h.desk.Messages(t.Context(), s, time.Time{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	t.Run("after policy's time, and not before", func(t *testing.T) {
		t.Parallel()
		h, s := closed(t, 72*time.Hour)
		h.run(71 * time.Hour)
		if kept(t, h, s) != 1 {
			t.Fatal("it was forgotten early")
		}
		h.run(2 * time.Hour)
		if n := kept(t, h, s); n != 0 {
			t.Errorf("%d messages are kept", n)
		}
	})
	t.Run("not while people work on it again", func(t *testing.T) {
		t.Parallel()
		h, s := closed(t, 72*time.Hour)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Reopen(a, "it is back", h.policy)
		})
		h.run(100 * time.Hour)
		if kept(t, h, s) != 1 {
			t.Error("it was forgotten")
		}
	})
}
