package worker

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// settle puts on record what people want to know, then settles the ledger. It
// gives the ending for metrics.
func (w *Worker) settle(ctx context.Context, r *running, res Result) (string, error) {
	ctx, stop := unhurried(ctx)
	defer stop()
	unsure := r.job.Unsure && !r.begun
	if err := w.count(ctx, r, res); err != nil {
		return w.unsettled(ctx, r, err)
	}
	s := w.limits(r.job, res)
	if unsure && s.Ending == store.NotSent {
		s.Ending = store.Unsure // what an earlier call did is still not known
	}
	if err := w.record(ctx, r, res, s); err != nil {
		if lost(err) {
			return w.unsettled(ctx, r, err)
		}
		w.Log.WarnContext(ctx, "an outcome could not be put on record yet", "reactor", r.job.Reactor, "error", err)
		s = w.unrecorded(r.job, s)
	}
	if err := w.Ledger.Settle(ctx, w.Clock(), r.job, s); err != nil {
		return w.unsettled(ctx, r, fmt.Errorf("settle: %w", err))
	}
	if len(s.Owe) > 0 {
		w.Wake()
	}
	return nameOf(s.Ending), nil
}

// unhurried outlives a stop long enough to write an outcome down.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
}

func (w *Worker) unsettled(ctx context.Context, r *running, err error) (string, error) {
	if lost(err) {
		w.Log.InfoContext(ctx, "a lease was lost; the next holder goes on", "reactor", r.job.Reactor, "fence", r.job.Fence)
		return "lost", nil
	}
	return "unsettled", err
}

// count makes a failure that came before any call count as an attempt, so
// that it is parked in the end too. What stopped by itself does not count.
func (w *Worker) count(ctx context.Context, r *running, res Result) error {
	if r.begun || res.stopped || (res.Ending != store.NotSent && res.Ending != store.Unsure) {
		return nil
	}
	return r.attempt(ctx, w.Clock())
}

// limits is the settlement after the rules of every job.
func (w *Worker) limits(j store.Job, res Result) store.Settlement {
	s, now := res.Settlement, w.Clock()
	switch s.Ending {
	case store.NotSent, store.Unsure:
		if !res.stopped && j.Attempts >= MaxAttempts && !w.toldToWait(j, s, now) {
			s.Ending = store.Park
			return s
		}
		if s.Again.IsZero() {
			s.Again = now.Add(backoff(j.Lane, max(1, j.Attempts), w.Jitter()))
		} else if wait := s.Again.Sub(now); wait > 0 {
			// Never before the moment that the far side named, nor all at that moment.
			s.Again = s.Again.Add(time.Duration(w.Jitter() * float64(wait/10)))
		}
	case store.Waits:
		since := j.Waiting
		if since.IsZero() {
			since = now
		}
		if now.Sub(since) >= MaxWait {
			s.Ending = store.Park
			return s
		}
		s.Again = since.Add(MaxWait)
	case store.Done, store.NotNeeded:
		if j.Kept && s.Drawn == 0 {
			s.Drawn = j.Want
		}
	case store.Rejected, store.Park:
	}
	return s
}

// toldToWait holds for a job that was not sent because the far side asked to
// come later: standing in a line is no failure, for an hour. A page hurries on.
func (*Worker) toldToWait(j store.Job, s store.Settlement, now time.Time) bool {
	return j.Lane != store.PageLane && s.Ending == store.NotSent && s.Again.After(now) && now.Sub(j.First) < MaxLine
}

// unrecorded settles a job whose outcome could not be put on the timeline:
// not done yet, its reference kept as evidence for the next try.
func (w *Worker) unrecorded(j store.Job, s store.Settlement) store.Settlement {
	s.Ending, s.Owe = store.Unsure, nil
	s.Again = w.Clock().Add(backoff(store.PageLane, max(1, j.Attempts), w.Jitter()))
	return s
}

// record commits the events that an outcome becomes.
func (w *Worker) record(ctx context.Context, r *running, res Result, s store.Settlement) error {
	if _, ok := r.job.Stream.Incident(); !ok {
		return nil
	}
	if res.Record != nil {
		allowed := w.byName[r.job.Reactor].Leads(r.job.Verb)
		if err := w.commit(ctx, r, r.job.Key+res.As, within(allowed, res.Record)); err != nil {
			return err
		}
	}
	if (s.Ending == store.Park || s.Ending == store.Rejected) && res.What != "" {
		key := r.job.Key + "/parked/" + strconv.FormatUint(r.job.Fence, 10)
		return w.commit(ctx, r, key, park(incident.EffectParked{
			Job: r.job.Key, What: res.What, Why: s.Why, Buried: s.Ending == store.Rejected,
		}))
	}
	return nil
}

// commit appends events. What the incident's own rules refuse is not asked
// again: the ledger tells of it.
func (w *Worker) commit(ctx context.Context, r *running, key string, decide func(incident.Incident) ([]incident.Event, error)) error {
	err := w.Recorder.Record(ctx, r.job.Stream, key, decide)
	if err == nil {
		return nil
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Rejected, fault.Conflict:
		w.Log.ErrorContext(ctx, "an outcome was refused by the incident's rules", "reactor", r.job.Reactor, "verb", r.job.Verb, "error", err)
		return nil
	case fault.Internal, fault.Unavailable, fault.Unknown:
	}
	return fmt.Errorf("put the outcome on record: %w", err)
}

// within refuses events that the reactor did not name in Leads: the bounds
// on cycles are proven from those.
func within(allowed []incident.Event, decide func(incident.Incident) ([]incident.Event, error)) func(incident.Incident) ([]incident.Event, error) {
	return func(inc incident.Incident) ([]incident.Event, error) {
		events, err := decide(inc)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if d, ok := e.(incident.Dated); ok {
				e = d.Event
			}
			if !named(allowed, e) {
				return nil, fault.New(fault.Rejected, "A reactor may not record %s.", incident.NameOf(e))
			}
		}
		return events, nil
	}
}

func named(allowed []incident.Event, e incident.Event) bool {
	for _, a := range allowed {
		if reflect.TypeOf(a) == reflect.TypeOf(e) {
			return true
		}
	}
	return false
}

// Late is how long after its moment a timer runs, in whole minutes; under one
// minute is on time.
func Late(due, now time.Time) time.Duration {
	if late := now.Sub(due).Truncate(time.Minute); late > 0 {
		return late
	}
	return 0
}
