package worker_test

import (
	"context"
	"testing"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

func idle(context.Context, worker.Task) worker.Result { return worker.Done(nil) }

func TestPlan(t *testing.T) {
	t.Parallel()
	t.Run("what the desk hands over is planned at once", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		recs := h.declare("d1")
		h.w.Hand(recs)
		if n := h.plan(h.w); n != len(recs) {
			t.Fatalf("planned %d events, handed over were %d", n, len(recs))
		}
		if j := h.job(recs[0].Stream, "poke"); j.State != store.Owed || j.Lane != store.StateLane {
			t.Errorf("the job is %s in lane %s, it should be owed in lane state", j.State, j.Lane)
		}
		h.clock.Advance(time.Hour)
		if n := h.plan(h.w); n != 0 {
			t.Errorf("%d events are on the feed after they were planned", n)
		}
	})
	t.Run("what another replica left is planned after one second", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		recs := h.declare("d1")
		h.clock.Advance(999 * time.Millisecond)
		if n := h.plan(h.w); n != 0 {
			t.Fatalf("planned %d events of another replica that may still plan them", n)
		}
		h.clock.Advance(time.Millisecond)
		if n := h.plan(h.w); n != len(recs) {
			t.Errorf("planned %d events after a second, want %d", n, len(recs))
		}
	})
	t.Run("planning an event twice owes its job once", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		recs := h.declare("d1")
		other := h.replica("second")
		h.begin(other)
		h.w.Hand(recs)
		other.Hand(recs)
		h.plan(h.w)
		h.work(h.w)
		h.plan(other)
		if h.work(other) {
			t.Error("a job that was done is done again")
		}
		if n := h.probe.asked(); n != 1 {
			t.Errorf("the reactor was asked %d times", n)
		}
	})
	t.Run("a new reactor plans only what comes after its first start", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		old := h.declare("d1")
		h.clock.Advance(time.Minute)
		w := h.replica("second", &probe{name: "news", do: idle, plan: tells})
		h.plan(w)
		jobs, err := h.store.Jobs(t.Context(), store.JobFilter{Stream: old[0].Stream})
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) != 1 || jobs[0].Reactor != "probes" {
			t.Fatalf("an old event owes %v, want only the old reactor's job", jobs)
		}
		h.clock.Advance(time.Minute)
		late := h.declare("d2")
		w.Hand(late)
		h.plan(w)
		h.job(late[0].Stream, "tell")
	})
	t.Run("a first start is remembered over restarts", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		h.clock.Advance(time.Minute)
		recs := h.declare("d1")
		h.clock.Advance(time.Hour)
		if n := h.plan(h.replica("after a restart")); n != len(recs) {
			t.Fatalf("planned %d events", n)
		}
		h.job(recs[0].Stream, "poke")
	})
	t.Run("what a replica with a slower clock wrote around the first start is planned", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		recs := h.declare("d1")
		h.clock.Advance(5 * time.Second)
		w := h.replica("second", &probe{name: "news", do: idle, plan: tells})
		h.begin(w)
		h.plan(w)
		h.job(recs[0].Stream, "tell")
	})
	t.Run("a reactor that panics while planning holds nobody up", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		bad := &probe{name: "bad", do: idle, plan: func(incident.Recorded) []store.Job { panic("no") }}
		w := h.replica("second", bad)
		h.begin(w)
		recs := h.declare("d1")
		w.Hand(recs)
		h.plan(w)
		h.job(recs[0].Stream, "poke")
		h.clock.Advance(time.Hour)
		if n := h.plan(w); n != 0 {
			t.Errorf("%d events are still on the feed", n)
		}
	})
	t.Run("one batch owes a job kept in step once, at its highest version", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, &probe{name: "probes", do: idle, plan: func(r incident.Recorded) []store.Job {
			return []store.Job{worker.Kept(r, "probes", "card", store.CardLane, 0)}
		}})
		recs := h.declare("d1")
		h.w.Hand(recs)
		h.plan(h.w)
		if j := h.job(recs[0].Stream, "card"); j.Want != recs[len(recs)-1].Version {
			t.Errorf("the card wants version %d, the newest is %d", j.Want, recs[len(recs)-1].Version)
		}
	})
	t.Run("the hand-over is bounded, the feed has the rest", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		recs := h.declare("d1")
		h.w.Hand(make([]incident.Recorded, 20_000))
		h.clock.Advance(2 * time.Second)
		if n := h.plan(h.w); n != len(recs) {
			t.Errorf("planned %d events, the feed has %d", n, len(recs))
		}
	})
}

func TestJobKeys(t *testing.T) {
	t.Parallel()
	r := incident.Recorded{Stream: "incident/abc", Version: 7, Recorded: dawn()}
	timer := worker.Timer(r, "reminders", "give", "2", dawn().Add(time.Hour))
	sub := worker.Sub(worker.Once(r, "echoes", "line", "", store.EchoLane), "say", "console:general", dawn())
	for _, c := range []struct{ name, got, want string }{
		{"a once job", worker.Once(r, "pages", "send", "p1", store.PageLane).Key, "incident/abc/7/pages/send/p1"},
		{"a once job without a target", worker.Once(r, "rooms", "open", "", store.StateLane).Key, "incident/abc/7/rooms/open"},
		{"a kept job", worker.Kept(r, "rooms", "topic", store.CardLane, 0).Key, "incident/abc/rooms/topic"},
		{"a timer", timer.Key, "incident/abc/7/reminders/give/2"},
		{"a job below another", sub.Key, "incident/abc/7/echoes/line/console:general"},
	} {
		if c.got != c.want {
			t.Errorf("the key of %s is %q, want %q", c.name, c.got, c.want)
		}
	}
	if !timer.Due.Equal(dawn().Add(time.Hour)) {
		t.Errorf("a timer is due at %s", timer.Due)
	}
}

func TestLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		now, want time.Duration
	}{
		{"early", -time.Minute, 0},
		{"on time", 0, 0},
		{"some seconds", 59 * time.Second, 0},
		{"a minute", 61 * time.Second, time.Minute},
		{"a night", 8*time.Hour + time.Second, 8 * time.Hour},
	} {
		if got := worker.Late(dawn(), dawn().Add(c.now)); got != c.want {
			t.Errorf("%s counts as %s late, want %s", c.name, got, c.want)
		}
	}
}

// tells owes one job for a declaration.
func tells(r incident.Recorded) []store.Job {
	if _, ok := r.Event.(incident.Declared); !ok {
		return nil
	}
	return []store.Job{worker.Once(r, "news", "tell", "", store.EchoLane)}
}
