package worker_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/worker"
	"tocsin/store"
)

// TestEffectsGiveWayWhileManyAsk: other effects are paced, none is lost, and
// pages never wait.
func TestEffectsGiveWayWhileManyAsk(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		lane        store.Lane
		step        time.Duration
		least, most int // done within half a second of 200 owed
	}{
		{"echoes are paced", store.EchoLane, 10 * time.Millisecond, 30, 120},
		{"echoes are paced more the more people ask", store.EchoLane, 40 * time.Millisecond, 8, 30},
		{"pages never wait", store.PageLane, 40 * time.Millisecond, 200, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := running(t, once(idle))
				h.w = worker.New(worker.Config{
					Feed: h.store, Ledger: h.store, Shelf: h.store, Recorder: h.rec, Owner: "busy", Clock: time.Now,
					Jitter: func() float64 { return 0 }, Reactors: []worker.Reactor{h.probe}, Busy: func() time.Duration { return c.step },
				})
				r := h.declare("d1")[0]
				for i := range 200 {
					job := worker.Once(r, "probes", "poke", strconv.Itoa(i), c.lane)
					if err := h.store.Owe(t.Context(), time.Now(), job); err != nil {
						t.Fatal(err)
					}
				}
				ctx, stop := context.WithCancel(t.Context())
				var wg sync.WaitGroup
				wg.Go(func() { h.w.Run(ctx) })
				<-time.After(500 * time.Millisecond)
				synctest.Wait()
				if n := h.probe.asked(); n < c.least || n > c.most {
					t.Errorf("within half a second %d of 200 were done, want %d to %d", n, c.least, c.most)
				}
				<-time.After(30 * time.Second)
				synctest.Wait()
				if n := h.probe.asked(); n < 200 {
					t.Errorf("after half a minute %d of 200 were done", n)
				}
				stop()
				wg.Wait()
			})
		})
	}
}
