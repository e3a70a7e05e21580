package worker_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func TestLease(t *testing.T) {
	t.Parallel()
	t.Run("no call is begun with too little of the lease left", func(t *testing.T) {
		t.Parallel()
		var h *house
		sent := 0
		h = newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			h.clock.Advance(worker.Lease - worker.LeastLeft + time.Second)
			return calls(func() error { sent++; return nil })(ctx, t)
		}))
		s := h.planned()
		h.work(h.w)
		j := h.job(s, "poke")
		if sent != 0 || j.State != store.Owed || j.Attempts != 0 {
			t.Errorf("%d calls were made; the job is %s with %d attempts", sent, j.State, j.Attempts)
		}
	})
	t.Run("two calls of one job are one attempt, each within the lease", func(t *testing.T) {
		t.Parallel()
		var h *house
		sent := 0
		h = newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			for range 3 {
				err := t.Call(ctx, func(context.Context) error { sent++; h.clock.Advance(8 * time.Second); return nil })
				if err != nil {
					return worker.Fail(err, "poke")
				}
			}
			return worker.Done(nil)
		}))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); sent != 2 || j.Attempts != 1 || j.State != store.Owed {
			t.Errorf("%d calls in %d attempts, the job is %s", sent, j.Attempts, j.State)
		}
	})
	t.Run("a holder that came back too late settles nothing, its word is kept as evidence", func(t *testing.T) {
		t.Parallel()
		var h *house
		slow := true
		h = newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			if !slow {
				return worker.NotNeeded("seen " + string(t.Job.Ref))
			}
			slow = false
			r := calls(func() error { return nil })(ctx, t)
			h.clock.Advance(worker.Lease + time.Second)
			next := h.replica("second")
			jobs, err := h.store.Claim(ctx, store.Claim{Now: h.clock.Now(), Lanes: store.Lanes(), Owner: "third", Lease: worker.Lease, Limit: 1})
			if err != nil || len(jobs) != 1 {
				h.t.Errorf("the lease ran out, and the job cannot be claimed: %v, %v", jobs, err)
			}
			_ = next
			return r
		}))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.Owed || string(j.Ref) != "poked" {
			t.Fatalf("the job is %s with the evidence %q", j.State, j.Ref)
		}
		h.clock.Advance(worker.Lease + time.Second)
		h.work(h.w)
		if j := h.job(s, "poke"); j.Why != "seen poked" {
			t.Errorf("the next holder does not see the evidence: %q", j.Why)
		}
	})
	t.Run("an attempt of a lost lease sends nothing", func(t *testing.T) {
		t.Parallel()
		var h *house
		sent, slow := 0, true
		h = newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			if slow {
				slow = false
				h.clock.Advance(worker.Lease + time.Second)
				h.work(h.w) // somebody else takes it up and does it
				h.clock.Advance(-worker.Lease)
			}
			return calls(func() error { sent++; return nil })(ctx, t)
		}))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); sent != 1 || j.State != store.Finished {
			t.Errorf("%d calls were made, the job is %s", sent, j.State)
		}
	})
}

func TestPanic(t *testing.T) {
	t.Parallel()
	t.Run("before a call it is an attempt", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(context.Context, worker.Task) worker.Result { panic("nil map") }))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.Owed || j.Unsure || j.Attempts != 1 {
			t.Errorf("the job is %s, unsure %v, after %d attempts", j.State, j.Unsure, j.Attempts)
		}
		for range worker.MaxAttempts {
			h.clock.Advance(time.Hour)
			h.work(h.w)
		}
		if inc := h.state(s); !strings.Contains(parkedWhat(inc), "probes") {
			t.Errorf("what panics for ever is not told of: %+v", inc.Parked)
		}
	})
	t.Run("after a call it may have happened", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			calls(func() error { return nil })(ctx, t)
			panic("nil map")
		}))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); !j.Unsure {
			t.Error("a call before a panic passes for not sent")
		}
	})
}

func TestWaits(t *testing.T) {
	t.Parallel()
	wait := func(_ context.Context, t worker.Task) worker.Result {
		if t.Waited() {
			return worker.NotNeeded("waited long enough")
		}
		return worker.Waits(t.State.Head, "The room is not open yet.")
	}
	t.Run("the next commit wakes it", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(wait))
		s := h.planned()
		h.work(h.w)
		if h.work(h.w) {
			t.Fatal("a job that waits is asked again at once")
		}
		h.note(s, "n1")
		if !h.work(h.w) {
			t.Fatal("a commit does not wake it")
		}
		if got, want := h.probe.newest(t).State.Head, h.state(s).Head; got != want {
			t.Errorf("it looks at version %d, the newest is %d", got, want)
		}
	})
	t.Run("after two minutes it goes where its reactor says", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(wait))
		s := h.planned()
		h.work(h.w)
		h.clock.Advance(time.Minute)
		h.note(s, "n1")
		h.work(h.w)
		h.clock.Advance(time.Minute - time.Second)
		if h.work(h.w) {
			t.Fatal("it is asked again before two minutes are over")
		}
		h.clock.Advance(time.Second)
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.Unneeded || j.Why != "waited long enough" {
			t.Errorf("after two minutes the job is %s: %s", j.State, j.Why)
		}
	})
	t.Run("a reactor that would wait for ever is parked", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(_ context.Context, t worker.Task) worker.Result {
			return worker.Waits(t.State.Head, "The room is not open yet.")
		}))
		s := h.planned()
		h.work(h.w)
		h.clock.Advance(worker.MaxWait)
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.OnHold {
			t.Errorf("the job is %s", j.State)
		}
	})
}

func opened(inc incident.Incident) ([]incident.Event, error) {
	return inc.OpenRoom(incident.Room{Platform: "test", ID: "r1", Name: "inc-1"})
}

func TestRecord(t *testing.T) {
	t.Parallel()
	record := func(ctx context.Context, t worker.Task) worker.Result {
		r := worker.Done([]byte("r1"))
		if len(t.Job.Ref) == 0 {
			r = calls(func() error { return nil })(ctx, t)
		}
		r.Record = opened
		return r
	}
	t.Run("events are on record before the ledger is settled", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(record))
		s := h.planned()
		seen := store.JobState("")
		h.rec.after = func([]incident.Recorded) { seen = h.job(s, "poke").State }
		h.work(h.w)
		if seen != store.Owed {
			t.Errorf("when the event was committed the job was %q, it should still be owed", seen)
		}
		if len(h.state(s).Rooms) != 1 || h.job(s, "poke").State != store.Finished {
			t.Error("the room is not on record, or the job is not settled")
		}
	})
	t.Run("what cannot be recorded now is recorded later, without a second call", func(t *testing.T) {
		t.Parallel()
		down, sent := true, 0
		h := newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			r := worker.Done(t.Job.Ref)
			if len(t.Job.Ref) == 0 {
				r = calls(func() error { sent++; return nil })(ctx, t)
			}
			r.Record = opened
			return r
		}))
		h.rec.fail = func(string) error {
			if down {
				return fault.New(fault.Unavailable, "The store is away.")
			}
			return nil
		}
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.Owed || string(j.Ref) != "poked" || !j.Unsure {
			t.Fatalf("the job is %s with the reference %q", j.State, j.Ref)
		}
		down = false
		h.clock.Advance(time.Minute)
		h.work(h.w)
		if sent != 1 || len(h.state(s).Rooms) != 1 || h.job(s, "poke").State != store.Finished {
			t.Errorf("%d calls, %d rooms on record", sent, len(h.state(s).Rooms))
		}
	})
	t.Run("an event that the reactor did not name is refused", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(context.Context, worker.Task) worker.Result {
			r := worker.Done(nil)
			r.Record = func(inc incident.Incident) ([]incident.Event, error) {
				return inc.Note(ann(dawn()), "sneaked in", time.Time{})
			}
			return r
		}))
		s := h.planned()
		before := h.state(s).Head
		h.work(h.w)
		if h.state(s).Head != before {
			t.Error("an event that no proof of cycles knows was recorded")
		}
	})
	t.Run("what the incident's rules refuse does not come back for ever", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(context.Context, worker.Task) worker.Result {
			r := worker.Done(nil)
			r.Record = func(incident.Incident) ([]incident.Event, error) {
				return nil, fault.New(fault.Conflict, "It is closed.")
			}
			return r
		}))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.Finished {
			t.Errorf("the job is %s", j.State)
		}
	})
	t.Run("what a settle owes is owed", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(_ context.Context, t worker.Task) worker.Result {
			r := worker.Done(nil)
			if t.Job.Verb == "poke" {
				r.Owe = []store.Job{worker.Sub(t.Job, "prod", "bo", t.Now)}
			}
			return r
		}))
		s := h.planned()
		h.work(h.w)
		h.work(h.w)
		if task := h.probe.newest(t); task.Job.Verb != "prod" || task.Job.Target != "bo" || h.job(s, "prod").State != store.Finished {
			t.Errorf("the follow-up job is %+v", task.Job)
		}
	})
}

func TestWhatTheWorkerDoesNotKnow(t *testing.T) {
	t.Parallel()
	t.Run("a job of a newer tocsin is left for it", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(idle))
		j := store.Job{Key: "incident/x/1/teleports/go", Stream: "incident/x", Reactor: "teleports", Verb: "go", Lane: store.EchoLane, Want: 1, Due: dawn()}
		if err := h.store.Owe(t.Context(), dawn(), j); err != nil {
			t.Fatal(err)
		}
		h.work(h.w)
		if got := h.job("incident/x", "go"); got.State != store.Owed || got.Attempts != 0 || !got.Due.After(dawn()) {
			t.Errorf("it is %s after %d attempts, due %s", got.State, got.Attempts, got.Due)
		}
	})
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	h := newHouse(t, once(calls(func() error { return nil })))
	recs := h.declare("d1")
	h.w.Hand(recs)
	h.plan(h.w)
	h.clock.Advance(3 * time.Second)
	h.work(h.w)
	if h.tally.planned != len(recs) || h.tally.began != 1 || h.tally.lag != 3*time.Second || h.tally.last() != "probes done" {
		t.Errorf("planned %d, began %d after %s, ended %q", h.tally.planned, h.tally.began, h.tally.lag, h.tally.last())
	}
}
