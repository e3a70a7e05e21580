package worker_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/storetest"
)

// running is a house whose worker runs by the bubble's own clock.
func running(t *testing.T, p *probe) *house {
	t.Helper()
	now := time.Now
	s := store.New(storetest.NewMemory(now), store.Options{Now: now})
	c := &clock{at: now()}
	h := &house{t: t, clock: c, store: s, rec: &recorder{store: s, now: now}, probe: p, tally: &tally{}}
	h.w = worker.New(worker.Config{
		Feed: s, Ledger: s, Shelf: s, Recorder: h.rec, Owner: "only", Clock: now,
		Jitter: func() float64 { return 0 }, Metrics: h.tally, Reactors: []worker.Reactor{p},
	})
	h.begin(h.w)
	return h
}

func TestRun(t *testing.T) {
	t.Parallel()
	t.Run("a hand-over is planned and done at once", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := running(t, once(idle))
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			synctest.Wait()
			h.w.Hand(h.declare("d1"))
			synctest.Wait()
			if n := h.probe.asked(); n != 1 {
				t.Errorf("without any time passing the job was done %d times", n)
			}
			stop()
			wg.Wait()
		})
	})
	t.Run("what another replica left is done within three seconds", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := running(t, once(idle))
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			h.declare("d1")
			<-time.After(3 * time.Second)
			synctest.Wait()
			if n := h.probe.asked(); n != 1 {
				t.Errorf("the job was done %d times", n)
			}
			stop()
			wg.Wait()
		})
	})
	t.Run("a timer runs at its moment", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			p := once(idle)
			p.plan = func(r incident.Recorded) []store.Job {
				if _, ok := r.Event.(incident.Declared); !ok {
					return nil
				}
				return []store.Job{worker.Timer(r, "probes", "ring", "", r.Recorded.Add(20*time.Minute))}
			}
			h := running(t, p)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			h.w.Hand(h.declare("d1"))
			<-time.After(20*time.Minute - time.Second)
			synctest.Wait()
			if h.probe.asked() != 0 {
				t.Error("the timer rang early")
			}
			<-time.After(1100 * time.Millisecond)
			synctest.Wait()
			if n := h.probe.asked(); n != 1 {
				t.Errorf("a tenth of a second after its moment the timer rang %d times", n)
			}
			stop()
			wg.Wait()
		})
	})
	t.Run("a stop lets a running call end and settles it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := running(t, once(func(ctx context.Context, t worker.Task) worker.Result {
				return calls(func() error { <-time.After(4 * time.Second); return ctx.Err() })(ctx, t)
			}))
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			recs := h.declare("d1")
			h.w.Hand(recs)
			synctest.Wait()
			stop()
			wg.Wait()
			if j := h.job(recs[0].Stream, "poke"); j.State != store.Finished {
				t.Errorf("the job is %s: %s", j.State, j.Why)
			}
		})
	})
	t.Run("a call that does not end is cut off after five seconds, its lease given back", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := running(t, once(func(ctx context.Context, t worker.Task) worker.Result {
				err := t.Call(ctx, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
				return worker.Fail(err, "poke")
			}))
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			recs := h.declare("d1")
			h.w.Hand(recs)
			synctest.Wait()
			stop()
			began := time.Now()
			wg.Wait()
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("the stop took %s", took)
			}
			if j := h.job(recs[0].Stream, "poke"); !j.Unsure || !j.Lease.IsZero() {
				t.Errorf("the job is unsure %v and leased until %s", j.Unsure, j.Lease)
			}
		})
	})
	t.Run("pages are not held up by a crowd of others", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			var paged atomic.Bool
			p := &probe{name: "probes"}
			p.plan = func(r incident.Recorded) []store.Job {
				if _, ok := r.Event.(incident.Declared); !ok {
					return nil
				}
				jobs := []store.Job{worker.Once(r, "probes", "page", "", store.PageLane)}
				for _, target := range []string{"a", "b", "c", "d", "e", "f"} {
					jobs = append(jobs, worker.Once(r, "probes", "slow", target, store.StateLane))
				}
				return jobs
			}
			p.do = func(ctx context.Context, t worker.Task) worker.Result {
				if t.Job.Verb == "page" {
					paged.Store(true)
					return worker.Done(nil)
				}
				return calls(func() error { <-time.After(9 * time.Second); return nil })(ctx, t)
			}
			h := running(t, p)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			h.w.Hand(h.declare("d1"))
			synctest.Wait()
			if !paged.Load() {
				t.Error("the page waits behind other effects")
			}
			stop()
			wg.Wait()
		})
	})
	t.Run("two replicas on one store do each job once", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			h := running(t, once(calls(func() error { return nil })))
			other := worker.New(worker.Config{
				Feed: h.store, Ledger: h.store, Shelf: h.store, Recorder: h.rec, Owner: "other", Clock: h.rec.now,
				Jitter: func() float64 { return 0 }, Reactors: []worker.Reactor{h.probe},
			})
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() { h.w.Run(ctx) })
			wg.Go(func() { other.Run(ctx) })
			for _, key := range []string{"d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"} {
				recs := h.declare(key)
				h.w.Hand(recs)
				other.Hand(recs)
			}
			<-time.After(10 * time.Second)
			synctest.Wait()
			if n := h.probe.asked(); n != 8 {
				t.Errorf("8 jobs were done %d times", n)
			}
			stop()
			wg.Wait()
		})
	})
}
