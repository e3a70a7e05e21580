package worker

import (
	"context"
	"time"

	"tocsin/store"
)

// crew is the workers of some lanes. While there is nothing to do, one of them
// watches the clock and the ledger for all, so that a house at rest asks its
// database once where it would ask once a worker.
type crew struct {
	lanes []store.Lane
	idle  time.Duration // longest time between two looks at the ledger
	wake  chan struct{} // as many wake-ups as there are workers
	watch chan struct{} // holds the token of the one that watches
	look  chan struct{} // tells that one that others have worked: what they left may be due soon
}

func newCrew(workers int, idle time.Duration, lanes []store.Lane) crew {
	return crew{lanes: lanes, idle: idle, wake: make(chan struct{}, workers), watch: make(chan struct{}, 1), look: make(chan struct{}, 1)}
}

// serve does jobs of some lanes one after the other, and rests until woken or
// until the next is due. While the house is busy it
// holds back so many ticks before each job.
func (w *Worker) serve(ctx, work context.Context, c crew, way int) {
	for ctx.Err() == nil {
		w.giveWay(ctx, way)
		did, err := w.WorkOnce(work, c.lanes)
		switch {
		case err != nil:
			w.Log.WarnContext(work, "a job could not be claimed or settled", "error", err)
			w.afterTrouble(ctx, c)
		case !did:
			w.rest(ctx, work, c)
		}
	}
}

// afterTrouble waits about a second, since the store may be away.
func (w *Worker) afterTrouble(ctx context.Context, c crew) {
	wait := time.NewTimer(time.Second/2 + time.Duration(w.Jitter()*float64(time.Second)))
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-c.wake:
	case <-ctx.Done():
	}
}

// rest returns when there may be something to do. One of the crew watches;
// when a job is due it wakes the others, since more may be due at the same
// moment, and goes to work; the next that rests watches.
func (w *Worker) rest(ctx, work context.Context, c crew) {
	select {
	case c.watch <- struct{}{}:
		w.keepWatch(ctx, work, c)
		return
	default:
		nudge(c.look)
	}
	select {
	case c.watch <- struct{}{}:
		w.keepWatch(ctx, work, c)
	case <-c.wake:
	case <-ctx.Done():
	}
}

// keepWatch waits until a job is due, or until woken, and gives the watch back.
func (w *Worker) keepWatch(ctx, work context.Context, c crew) {
	defer func() { <-c.watch }()
	least := idleLeast // what is due and could not be claimed a moment ago may be another replica's
	for {
		wait := c.idle
		next, err := w.Ledger.NextDue(work, c.lanes)
		if err == nil && !next.IsZero() {
			wait = min(wait, max(least, next.Sub(w.Clock())))
		}
		if wait <= 0 {
			nudge(c.wake)
			return
		}
		rest := time.NewTimer(wait)
		select {
		case <-rest.C:
			least = 0
		case <-c.look:
			least = idleLeast
			rest.Stop()
		case <-c.wake:
			rest.Stop()
			return
		case <-ctx.Done():
			rest.Stop()
			return
		}
	}
}
