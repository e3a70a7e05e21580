package worker_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// asked is a ledger that counts how often it is asked.
type asked struct {
	store.Ledger
	next, claims atomic.Int64
}

func (a *asked) NextDue(ctx context.Context, lanes []store.Lane) (time.Time, error) {
	a.next.Add(1)
	return a.Ledger.NextDue(ctx, lanes)
}

func (a *asked) Claim(ctx context.Context, c store.Claim) ([]store.Job, error) {
	a.claims.Add(1)
	return a.Ledger.Claim(ctx, c)
}

// at runs a house in a bubble; p owes what it owes when the one incident is declared.
func at(t *testing.T, p *probe, see func(h *house, l *asked)) {
	synctest.Test(t, func(t *testing.T) {
		h := running(t, p)
		l := &asked{Ledger: h.store}
		h.w.Ledger = l
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { h.w.Run(ctx) })
		h.w.Hand(h.declare("d1"))
		synctest.Wait()
		see(h, l)
		stop()
		wg.Wait()
	})
}

// owes is a probe that owes jobs for a declare.
func owes(do func(ctx context.Context, t worker.Task) worker.Result, jobs func(r incident.Recorded) []store.Job) *probe {
	return &probe{name: "probes", do: do, plan: func(r incident.Recorded) []store.Job {
		if _, ok := r.Event.(incident.Declared); !ok {
			return nil
		}
		return jobs(r)
	}}
}

// log keeps when each target was begun.
type log struct {
	mu sync.Mutex
	at map[string]time.Duration
	t0 time.Time
}

func begun() *log { return &log{at: map[string]time.Duration{}} }

func (l *log) note(target string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.t0.IsZero() {
		l.t0 = time.Now()
	}
	l.at[target] = time.Since(l.t0)
}

func TestOneWorkerOfACrewWatches(t *testing.T) {
	t.Parallel()
	t.Run("at rest the ledger is asked once where there are several workers", func(t *testing.T) {
		t.Parallel()
		at(t, once(idle), func(_ *house, l *asked) {
			<-time.After(10 * time.Second) // what began is done
			next, claims := l.next.Load(), l.claims.Load()
			<-time.After(time.Minute)
			// pages are looked for once a second, the rest once in five
			if n := l.next.Load() - next; n < 70 || n > 74 {
				t.Errorf("in a minute of rest the ledger was asked %d times what is next, want 72", n)
			}
			if n := l.claims.Load() - claims; n != 0 {
				t.Errorf("with nothing due, %d claims were tried", n)
			}
		})
	})
	t.Run("as many as are due at one moment are begun at that moment", func(t *testing.T) {
		t.Parallel()
		seen := begun()
		p := owes(
			func(ctx context.Context, t worker.Task) worker.Result {
				seen.note(t.Job.Target)
				return calls(func() error { <-time.After(9 * time.Second); return nil })(ctx, t)
			},
			func(r incident.Recorded) (jobs []store.Job) {
				for _, target := range []string{"a", "b", "c", "d"} {
					jobs = append(jobs, worker.Timer(r, "probes", "ring", target, r.Recorded.Add(17*time.Second)))
				}
				return jobs
			},
		)
		at(t, p, func(*house, *asked) {
			<-time.After(17*time.Second + time.Millisecond)
			synctest.Wait()
			if len(seen.at) != 4 || slices.Max(slices.Collect(maps.Values(seen.at))) > 0 {
				t.Errorf("four jobs of one moment were begun after %v", seen.at)
			}
		})
	})
	t.Run("while the one that watched is in a long call, another watches", func(t *testing.T) {
		t.Parallel()
		seen := begun()
		p := owes(
			func(ctx context.Context, t worker.Task) worker.Result {
				seen.note(t.Job.Target)
				return calls(func() error { <-time.After(9 * time.Second); return nil })(ctx, t)
			},
			func(r incident.Recorded) []store.Job {
				due := r.Recorded.Add(17 * time.Second)
				return []store.Job{
					worker.Timer(r, "probes", "ring", "long", due),
					worker.Timer(r, "probes", "ring", "next", due.Add(3*time.Second)),
				}
			},
		)
		at(t, p, func(*house, *asked) {
			<-time.After(21 * time.Second)
			synctest.Wait()
			if got := seen.at["next"]; got != 3*time.Second {
				t.Errorf("the next was begun %s after the first, want 3s: %v", got, seen.at)
			}
		})
	})
	t.Run("what a job leaves behind for soon is begun at its moment", func(t *testing.T) {
		t.Parallel()
		seen := begun()
		p := owes(
			func(_ context.Context, t worker.Task) worker.Result {
				seen.note(t.Job.Target)
				if t.Job.Target != "first" {
					return worker.Done(nil)
				}
				res := worker.Done(nil)
				res.Owe = []store.Job{worker.Sub(t.Job, "ring", "later", t.Now.Add(2*time.Second))}
				return res
			},
			func(r incident.Recorded) []store.Job {
				return []store.Job{worker.Timer(r, "probes", "ring", "first", r.Recorded.Add(17*time.Second))}
			},
		)
		at(t, p, func(*house, *asked) {
			<-time.After(20 * time.Second)
			synctest.Wait()
			if got := seen.at["later"]; got != 2*time.Second {
				t.Errorf("what was left for two seconds later was begun after %s: %v", got, seen.at)
			}
		})
	})
}
