package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// WorkOnce claims one due job of the lanes, does it and settles it. did is
// false when nothing was due.
func (w *Worker) WorkOnce(ctx context.Context, lanes []store.Lane) (did bool, err error) {
	if err := w.Start(ctx); err != nil {
		return false, err
	}
	jobs, err := w.claim(ctx, lanes)
	if err != nil {
		return false, fmt.Errorf("claim: %w", err)
	}
	if len(jobs) == 0 {
		return false, nil
	}
	began := w.Clock()
	r := &running{w: w, job: jobs[0]}
	w.Metrics.Began(r.job.Reactor, r.job.Lane, began.Sub(r.job.Due))
	res := r.do(ctx, began)
	ending, err := w.settle(ctx, r, res)
	w.Metrics.Ended(r.job.Reactor, r.job.Lane, ending, w.Clock().Sub(began))
	return true, err
}

func (w *Worker) claim(ctx context.Context, lanes []store.Lane) ([]store.Job, error) {
	if len(lanes) > 1 {
		select {
		case w.claiming <- struct{}{}:
			defer func() { <-w.claiming }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return w.Ledger.Claim(ctx, store.Claim{Now: w.Clock(), Lanes: lanes, Owner: w.Owner, Lease: Lease, Limit: 1})
}

// running is one claimed job on its way.
type running struct {
	w     *Worker
	job   store.Job
	begun bool
}

// do has the reactor do the job on the newest state.
func (r *running) do(ctx context.Context, now time.Time) (res Result) {
	re, known := r.w.byName[r.job.Reactor]
	if !known {
		r.w.Log.WarnContext(ctx, "a job of a reactor that this tocsin does not have", "reactor", r.job.Reactor)
		res = Stop(fault.New(fault.Unavailable, "This tocsin does not know how to do that; a newer one may."))
		res.Again = now.Add(time.Minute)
		return res
	}
	t := Task{Job: r.job, Now: now, Begin: r.begin}
	if _, ok := r.job.Stream.Incident(); ok {
		var err error
		if t.State, err = r.w.Recorder.State(ctx, r.job.Stream); err != nil {
			return Stop(err)
		}
	}
	defer func() {
		if p := recover(); p != nil {
			r.w.Log.ErrorContext(ctx, "a reactor panicked", "reactor", r.job.Reactor, "verb", r.job.Verb, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			res = Fail(fault.New(fault.Internal, "Something went wrong inside tocsin; it has been logged."), what(r.job))
			if r.begun {
				res.Ending = store.Unsure
			}
		}
	}()
	return re.Do(ctx, t)
}

// what names a job in words when its reactor could not.
func what(j store.Job) string { return j.Reactor + " " + j.Verb }

// begin writes the attempt down before the first call of this claim.
func (r *running) begin(ctx context.Context) error {
	now := r.w.Clock()
	if r.job.Lease.Sub(now) < LeastLeft {
		return &StoppedError{Err: fault.New(fault.Unavailable, "Too little time was left for it; it is taken up again.")}
	}
	if r.begun {
		return nil
	}
	if err := r.attempt(ctx, now); err != nil {
		return &StoppedError{Err: err}
	}
	return nil
}

func (r *running) attempt(ctx context.Context, now time.Time) error {
	j, err := r.w.Ledger.Attempt(ctx, now, r.job)
	if err != nil {
		return fmt.Errorf("write the attempt down: %w", err)
	}
	r.job, r.begun = j, true
	return nil
}

func lost(err error) bool {
	_, ok := errors.AsType[*store.Lost](err)
	return ok
}

// park is the event that says a job was given up.
func park(e incident.EffectParked) func(incident.Incident) ([]incident.Event, error) {
	return func(inc incident.Incident) ([]incident.Event, error) {
		return inc.Park(e)
	}
}
