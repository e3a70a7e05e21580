package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// PlanOnce plans one batch: events handed over, else older ones of the feed.
// It says how many there were.
func (w *Worker) PlanOnce(ctx context.Context) (int, error) {
	n, err := w.planHanded(ctx)
	if n > 0 || err != nil {
		return n, err
	}
	return w.planFeed(ctx)
}

func (w *Worker) planHanded(ctx context.Context) (int, error) {
	w.mu.Lock()
	n := min(planBatch, len(w.handed))
	recs := w.handed[:n:n]
	if w.handed = w.handed[n:]; len(w.handed) == 0 {
		w.handed = nil
	}
	w.mu.Unlock()
	return w.plan(ctx, recs)
}

func (w *Worker) planFeed(ctx context.Context) (int, error) {
	recs, err := w.Feed.Unplanned(ctx, w.Clock().Add(-feedAge), planBatch)
	if err != nil {
		return 0, fmt.Errorf("read the feed: %w", err)
	}
	return w.plan(ctx, recs)
}

func (w *Worker) plan(ctx context.Context, recs []incident.Recorded) (int, error) {
	if len(recs) == 0 {
		return 0, nil
	}
	if err := w.Start(ctx); err != nil {
		return 0, err
	}
	now, oldest := w.Clock(), recs[0].Recorded
	var jobs []store.Job
	for _, r := range recs {
		if r.Recorded.Before(oldest) {
			oldest = r.Recorded
		}
		for _, re := range w.Reactors {
			if !r.Recorded.Before(w.since[re.Name()]) {
				jobs = append(jobs, w.ask(ctx, re, r)...)
			}
		}
	}
	if err := w.retried(ctx, recs); err != nil {
		return 0, err
	}
	jobs = newest(jobs)
	if err := w.Feed.Planned(ctx, now, recs, jobs); err != nil {
		return 0, fmt.Errorf("owe %d jobs: %w", len(jobs), err)
	}
	w.Metrics.Planned(len(recs), len(jobs), now.Sub(oldest))
	if len(jobs) > 0 {
		w.Wake()
	}
	return len(recs), nil
}

// retried makes jobs due again that people asked for again, in case whoever put
// that on record did not come to do it. Doing it twice does no harm.
func (w *Worker) retried(ctx context.Context, recs []incident.Recorded) error {
	for _, r := range recs {
		e, ok := r.Event.(incident.EffectRetried)
		if !ok {
			continue
		}
		err := w.Ledger.Retry(ctx, w.Clock(), e.Job)
		if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Conflict {
			return fmt.Errorf("retry what was given up: %w", err)
		}
		w.Wake()
	}
	return nil
}

// ask asks one reactor. One that panics owes nothing for this event, so that
// it cannot keep the feed from moving.
func (w *Worker) ask(ctx context.Context, re Reactor, r incident.Recorded) (jobs []store.Job) {
	defer func() {
		if p := recover(); p != nil {
			jobs = nil
			w.Log.ErrorContext(ctx, "a reactor panicked while planning", "reactor", re.Name(), "kind", incident.NameOf(r.Event), "panic", fmt.Sprint(p))
			w.Metrics.Ended(re.Name(), 0, "plan_panicked", 0)
		}
	}()
	return re.Plan(r)
}

// newest keeps of each kept-in-step job only the highest version.
func newest(jobs []store.Job) []store.Job {
	at := make(map[string]int, len(jobs))
	out := jobs[:0]
	for _, j := range jobs {
		i, met := at[j.Key]
		if !met {
			at[j.Key] = len(out)
			out = append(out, j)
			continue
		}
		if j.Want > out[i].Want {
			out[i].Want = j.Want
		}
	}
	return out
}

// Start reads since when each reactor plans, and notes it for new ones. The
// house calls it before anybody can say anything: what is said while the
// moments are being written down would be planned by some reactors only.
// Every step calls it too.
func (w *Worker) Start(ctx context.Context) error {
	w.mu.Lock()
	started := w.started
	w.mu.Unlock()
	if started {
		return nil
	}
	since := make(map[string]time.Time, len(w.Reactors))
	for _, re := range w.Reactors {
		at, err := w.firstStart(ctx, "reactor/"+re.Name()+"/since")
		if err != nil {
			return fmt.Errorf("find out since when %s are planned: %w", re.Name(), err)
		}
		since[re.Name()] = at
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.started {
		return nil
	}
	w.since, w.started = since, true
	return nil
}

func (w *Worker) firstStart(ctx context.Context, key string) (time.Time, error) {
	for {
		raw, err := w.Shelf.Fetch(ctx, key)
		if err != nil {
			return time.Time{}, err
		}
		if raw != nil {
			return time.Parse(time.RFC3339Nano, string(raw))
		}
		since := w.Clock().UTC().Add(-clocksApart)
		err = w.Shelf.Keep(ctx, key, nil, []byte(since.Format(time.RFC3339Nano)))
		if err == nil {
			return since, nil
		}
		if _, raced := errors.AsType[*store.Changed](err); !raced {
			return time.Time{}, err
		}
	}
}
