package worker_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// calls is a reactor's Do that makes one call and fails as the call does.
func calls(call func() error) func(context.Context, worker.Task) worker.Result {
	return func(ctx context.Context, t worker.Task) worker.Result {
		if err := t.Call(ctx, func(context.Context) error { return call() }); err != nil {
			r := worker.Fail(err, "poke the far side")
			r.Again = worker.After(err, t.Now)
			return r
		}
		return worker.Done([]byte("poked"))
	}
}

func TestHowFaultsEnd(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]struct {
		state  store.JobState
		unsure bool
	}{
		fault.Internal:    {store.Owed, false},
		fault.Invalid:     {store.Buried, false},
		fault.NotFound:    {store.Buried, false},
		fault.Conflict:    {store.Owed, false},
		fault.Forbidden:   {store.Buried, false},
		fault.Unavailable: {store.Owed, false},
		fault.Unknown:     {store.Owed, true},
		fault.Rejected:    {store.Buried, false},
	}
	for _, kind := range fault.Kinds() {
		t.Run("a call that fails as "+kind.String(), func(t *testing.T) {
			t.Parallel()
			w, ok := want[kind]
			if !ok {
				t.Fatal("nobody has said what becomes of it")
			}
			h := newHouse(t, once(calls(func() error { return fault.New(kind, "It went wrong.") })))
			s := h.planned()
			h.work(h.w)
			j := h.job(s, "poke")
			if j.State != w.state || j.Unsure != w.unsure {
				t.Errorf("the job is %s, unsure %v; want %s, %v", j.State, j.Unsure, w.state, w.unsure)
			}
			if j.Attempts != 1 || j.Why != "It went wrong." {
				t.Errorf("the job has %d attempts and says %q", j.Attempts, j.Why)
			}
		})
	}
}

func TestRejected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, once(calls(func() error { return fault.New(fault.Rejected, "The room is archived.") })))
	s := h.planned()
	h.work(h.w)
	inc := h.state(s)
	if len(inc.Parked) != 1 {
		t.Fatalf("%d effects are on the timeline as given up, want one", len(inc.Parked))
	}
	p := inc.Parked[0]
	if p.What != "poke the far side" || p.Why != "The room is archived." || !p.Buried || p.Job != h.job(s, "poke").Key {
		t.Errorf("what is given up reads %+v", p)
	}
	h.clock.Advance(24 * time.Hour)
	if h.work(h.w) {
		t.Error("what was rejected for good is tried again by itself")
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	t.Run("eight attempts, each later, then it is parked and told", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(calls(func() error { return fault.New(fault.Unavailable, "Nobody answers.") })))
		s := h.planned()
		var before time.Duration
		for n := 1; n <= worker.MaxAttempts; n++ {
			if !h.work(h.w) {
				t.Fatalf("attempt %d does not come", n)
			}
			j := h.job(s, "poke")
			if j.Attempts != n {
				t.Fatalf("%d attempts are counted after %d", j.Attempts, n)
			}
			if n == worker.MaxAttempts {
				break
			}
			wait := j.Due.Sub(h.clock.Now())
			if wait < before || wait <= 0 {
				t.Errorf("after attempt %d it waits %s, before that %s", n, wait, before)
			}
			h.clock.Advance(wait - time.Millisecond)
			if h.work(h.w) {
				t.Errorf("attempt %d comes too early", n+1)
			}
			h.clock.Advance(time.Millisecond)
			before = wait
		}
		if j := h.job(s, "poke"); j.State != store.OnHold {
			t.Errorf("after %d attempts the job is %s", worker.MaxAttempts, j.State)
		}
		if inc := h.state(s); parkedWhat(inc) != "poke the far side" || inc.Parked[0].Buried {
			t.Errorf("the timeline says given up: %+v", inc.Parked)
		}
	})
	t.Run("what the far side asks for is honoured", func(t *testing.T) {
		t.Parallel()
		slow := &fault.Error{Kind: fault.Unavailable, Say: "Slow down.", After: 7 * time.Minute}
		h := newHouse(t, once(calls(func() error { return slow })))
		s := h.planned()
		h.work(h.w)
		// At jitter 0.5 half a tenth later, so that not all come back at once.
		if j := h.job(s, "poke"); !j.Due.Equal(h.clock.Now().Add(7*time.Minute + 21*time.Second)) {
			t.Errorf("it is tried again in %s, want 7 min 21 s", j.Due.Sub(h.clock.Now()))
		}
	})
	t.Run("who is told to stand in a line for long is not given up, but not kept there for ever", func(t *testing.T) {
		t.Parallel()
		slow := &fault.Error{Kind: fault.Unavailable, Say: "Slow down.", After: time.Minute}
		h := newHouse(t, once(calls(func() error { return slow })))
		s := h.planned()
		for n := range 58 { // each a minute and 3 s of jitter apart
			if !h.work(h.w) || h.job(s, "poke").State != store.Owed {
				t.Fatalf("after %d times it is %s", n, h.job(s, "poke").State)
			}
			h.clock.Advance(time.Minute + 3*time.Second)
		}
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.OnHold {
			t.Errorf("after an hour in the line the job is %s", j.State)
		}
	})
	t.Run("a parked job that is retried by hand is done", func(t *testing.T) {
		t.Parallel()
		broken := true
		h := newHouse(t, once(calls(func() error {
			if broken {
				return fault.New(fault.Unavailable, "Nobody answers.")
			}
			return nil
		})))
		s := h.planned()
		for range worker.MaxAttempts {
			h.work(h.w)
			h.clock.Advance(time.Hour)
		}
		broken = false
		if h.work(h.w) {
			t.Fatal("a parked job is tried by itself")
		}
		if err := h.store.Retry(t.Context(), h.clock.Now(), h.job(s, "poke").Key); err != nil {
			t.Fatal(err)
		}
		h.work(h.w)
		if j := h.job(s, "poke"); j.State != store.Finished {
			t.Errorf("after the retry the job is %s: %s", j.State, j.Why)
		}
	})
	t.Run("a retry that is on record is done though nobody came to do it", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(calls(func() error { return fault.New(fault.Rejected, "Not allowed.") })))
		s := h.planned()
		h.work(h.w)
		h.rec.after = h.w.Hand
		err := h.rec.Record(t.Context(), s, "retry", func(inc incident.Incident) ([]incident.Event, error) {
			return inc.RetryEffect(incident.ByHouse(h.clock.Now()), inc.Parked[0].Job)
		})
		if err != nil {
			t.Fatal(err)
		}
		h.plan(h.w)
		if j := h.job(s, "poke"); j.State != store.Owed {
			t.Errorf("the job is %s", j.State)
		}
	})
	t.Run("parked a second time it is told a second time", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(calls(func() error { return fault.New(fault.Unavailable, "Nobody answers.") })))
		s := h.planned()
		key := ""
		for range 2 {
			for range worker.MaxAttempts {
				h.work(h.w)
				h.clock.Advance(time.Hour)
			}
			inc := h.state(s)
			if len(inc.Parked) != 1 {
				t.Fatalf("%d effects stand as given up", len(inc.Parked))
			}
			key = inc.Parked[0].Job
			err := h.rec.Record(t.Context(), s, fmt.Sprint("retry ", inc.Head), func(inc incident.Incident) ([]incident.Event, error) {
				return inc.RetryEffect(ann(h.clock.Now()), key)
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := h.store.Retry(t.Context(), h.clock.Now(), key); err != nil {
				t.Fatal(err)
			}
		}
		recs, err := h.store.Load(t.Context(), s, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		for _, r := range recs {
			if _, ok := r.Event.(incident.EffectParked); ok {
				told++
			}
		}
		if told != 2 {
			t.Errorf("it stands on the timeline %d times", told)
		}
	})
	t.Run("a failure before any call counts too", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(func(context.Context, worker.Task) worker.Result {
			return worker.Fail(errors.New("no template"), "draw it")
		}))
		s := h.planned()
		for range worker.MaxAttempts {
			h.work(h.w)
			h.clock.Advance(time.Hour)
		}
		if j := h.job(s, "poke"); j.State != store.OnHold {
			t.Errorf("a job that always fails is %s", j.State)
		}
	})
}

func TestUnsure(t *testing.T) {
	t.Parallel()
	t.Run("a lost reply comes back as unsure", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(calls(func() error { return fault.New(fault.Unknown, "No answer.") })))
		h.planned()
		h.work(h.w)
		h.clock.Advance(time.Minute)
		h.work(h.w)
		task := h.probe.newest(t)
		if !task.Job.Unsure || task.Job.Attempts != 1 {
			t.Errorf("the second try is told unsure %v after %d attempts", task.Job.Unsure, task.Job.Attempts)
		}
	})
	t.Run("a call that does not answer in time may have happened", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t, once(calls(func() error { return context.DeadlineExceeded })))
		s := h.planned()
		h.work(h.w)
		if j := h.job(s, "poke"); !j.Unsure {
			t.Error("a call that ran out of time counts as not sent")
		}
	})
	t.Run("it stays unsure while it cannot be looked up", func(t *testing.T) {
		t.Parallel()
		first := true
		h := newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			if first {
				first = false
				return calls(func() error { return fault.New(fault.Unknown, "No answer.") })(ctx, t)
			}
			err := t.Look(ctx, func(context.Context) error { return fault.New(fault.Unavailable, "It cannot be asked.") })
			return worker.FailLook(err, "poke the far side")
		}))
		s := h.planned()
		for n := 2; n < worker.MaxAttempts; n++ {
			h.work(h.w)
			h.clock.Advance(time.Hour)
			if j := h.job(s, "poke"); !j.Unsure {
				t.Fatalf("after %d attempts it passes for not sent", j.Attempts)
			}
		}
	})
	t.Run("a stop before a second call leaves the first one unsure", func(t *testing.T) {
		t.Parallel()
		n := 0
		h := newHouse(t, once(func(ctx context.Context, t worker.Task) worker.Result {
			if n++; n == 1 {
				return calls(func() error { return fault.New(fault.Unknown, "No answer.") })(ctx, t)
			}
			return worker.Fail(fault.New(fault.Unavailable, "People are not at hand."), "poke")
		}))
		s := h.planned()
		h.work(h.w)
		h.clock.Advance(time.Hour)
		h.work(h.w)
		if j := h.job(s, "poke"); !j.Unsure {
			t.Error("what may have been sent passes for not sent")
		}
	})
}

func TestResults(t *testing.T) {
	t.Parallel()
	t.Run("a stopped attempt is not sent", func(t *testing.T) {
		t.Parallel()
		err := fmt.Errorf("post: %w", &worker.StoppedError{Err: fault.New(fault.Unknown, "The store does not answer.")})
		if r := worker.Fail(err, "post it"); r.Ending != store.NotSent || r.What != "" {
			t.Errorf("it ends as %d, told as %q", r.Ending, r.What)
		}
		if r := worker.FailLook(err, "post it"); r.Ending != store.NotSent {
			t.Errorf("looked up it ends as %d", r.Ending)
		}
	})
	t.Run("an error of nobody's making gives nothing away", func(t *testing.T) {
		t.Parallel()
		if r := worker.Fail(errors.New("token xoxb-1 refused"), "post it"); r.Why != fault.Sentence(nil) {
			t.Errorf("it says %q", r.Why)
		}
	})
	t.Run("no advice is no moment", func(t *testing.T) {
		t.Parallel()
		if at := worker.After(fault.New(fault.Unavailable, "No."), dawn()); !at.IsZero() {
			t.Errorf("it is to be tried at %s", at)
		}
	})
}
