package store_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
)

func keyed(key string) store.Batch {
	return store.Batch{Ops: []store.Op{{Kind: store.OpPut, Key: key, Value: []byte("v")}}}
}

// desk is a scripted far side: each group waits until it is let go.
type desk struct {
	groups chan []store.Batch
	goOn   chan []error
}

func newDesk() *desk { return &desk{groups: make(chan []store.Batch), goOn: make(chan []error)} }

func (d *desk) write(b []store.Batch) []error {
	d.groups <- append([]store.Batch{}, b...)
	if answers := <-d.goOn; answers != nil {
		return answers
	}
	return make([]error, len(b))
}

func TestWhateverWaitsIsTheNextGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		g := store.Gather(store.Gathering{Write: d.write, Most: 8, Bytes: 1 << 20})
		var all sync.WaitGroup
		errs := make([]error, 13)
		all.Go(func() { errs[0] = g.Apply(t.Context(), keyed("first")) })
		if group := <-d.groups; len(group) != 1 {
			t.Errorf("the first group has %d batches, want the one that came first", len(group))
		}
		for i := 1; i < len(errs); i++ {
			all.Go(func() { errs[i] = g.Apply(t.Context(), keyed(strconv.Itoa(i))) })
		}
		synctest.Wait()
		d.goOn <- nil
		if group := <-d.groups; len(group) != 8 {
			t.Errorf("the second group has %d batches, want the most that a group takes, 8", len(group))
		}
		d.goOn <- nil
		if group := <-d.groups; len(group) != 4 {
			t.Errorf("the third group has %d batches, want the 4 that were left", len(group))
		}
		d.goOn <- nil
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		g.Close()
	})
}

func TestAGroupStopsGrowingWhenItIsHeavy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		g := store.Gather(store.Gathering{Write: d.write, Most: 100, Bytes: 2000})
		var all sync.WaitGroup
		for range 10 {
			heavy := keyed("k")
			heavy.Ops[0].Value = make([]byte, 999)
			all.Go(func() {
				if err := g.Apply(t.Context(), heavy); err != nil {
					t.Error(err)
				}
			})
		}
		for left := 10; left > 0; {
			synctest.Wait()
			group := <-d.groups
			if len(group) > 3 {
				t.Errorf("a group of %d batches weighs more than it may", len(group))
			}
			left -= len(group)
			d.goOn <- nil
		}
		all.Wait()
		g.Close()
	})
}

func TestEachCallerGetsItsOwnAnswer(t *testing.T) {
	t.Parallel()
	g := store.Gather(store.Gathering{Most: 64, Bytes: 1 << 20, Lanes: 3, Write: func(b []store.Batch) []error {
		answers := make([]error, len(b))
		for i := range b {
			answers[i] = &store.Mismatch{Key: b[i].Ops[0].Key}
		}
		return answers
	}})
	t.Cleanup(g.Close)
	var all sync.WaitGroup
	for i := range 500 {
		all.Go(func() {
			key := strconv.Itoa(i)
			m, ok := errors.AsType[*store.Mismatch](g.Apply(t.Context(), keyed(key)))
			if !ok || m.Key != key {
				t.Errorf("the answer to %s is %+v", key, m)
			}
		})
	}
	all.Wait()
}

func TestATimeThatIsUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		g := store.Gather(store.Gathering{Write: d.write, Most: 8, Bytes: 1 << 20, Patience: time.Second})
		start := time.Now()
		short, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		begun, waits := make(chan error, 1), make(chan error, 1)
		go func() { begun <- g.Apply(short, keyed("begun")) }()
		<-d.groups
		go func() { waits <- g.Apply(short, keyed("waits")) }()

		if err := <-waits; fault.KindOf(err) != fault.Unavailable || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a batch that was not begun: %v, want unavailable", err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("the one that waited was answered after %s, want 3s", took)
		}
		if err := <-begun; fault.KindOf(err) != fault.Unknown {
			t.Errorf("a batch that was begun and never answered: %v, want unknown", err)
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("the one that was begun was answered after %s, want 4s", took)
		}
		d.goOn <- nil
		synctest.Wait()
		select {
		case group := <-d.groups:
			t.Errorf("the batch that was not begun was written after all: %+v", group)
		default:
		}
		g.Close()
	})
}

func TestPatienceWaitsForWhatIsNearlyThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		g := store.Gather(store.Gathering{Write: d.write, Most: 8, Bytes: 1 << 20, Patience: time.Second})
		ctx, cancel := context.WithCancel(t.Context())
		answer := make(chan error, 1)
		go func() { answer <- g.Apply(ctx, keyed("a")) }()
		<-d.groups
		cancel()
		<-time.After(500 * time.Millisecond)
		d.goOn <- nil
		if err := <-answer; err != nil {
			t.Errorf("the batch was written in time, and the answer is %v", err)
		}
		g.Close()
	})
}

func TestClosing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		g := store.Gather(store.Gathering{Write: d.write, Most: 4, Bytes: 1 << 20})
		inFlight, waits := make(chan error, 1), make(chan error, 20)
		go func() { inFlight <- g.Apply(t.Context(), keyed("in flight")) }()
		<-d.groups
		for range cap(waits) { // more than the queue holds
			go func() { waits <- g.Apply(t.Context(), keyed("waits")) }()
		}
		synctest.Wait()
		closed := make(chan struct{})
		go func() { g.Close(); close(closed) }()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("it closed while a group was in flight")
		default:
		}
		d.goOn <- nil
		// The lane may have taken one more group before it saw that it is to end.
		synctest.Wait()
		select {
		case <-d.groups:
			d.goOn <- nil
		default:
		}
		<-closed
		if err := <-inFlight; err != nil {
			t.Errorf("the group in flight: %v", err)
		}
		for range cap(waits) {
			if err := <-waits; err != nil && fault.KindOf(err) != fault.Unavailable {
				t.Errorf("a batch that waited: %v, want unavailable", err)
			}
		}
		if err := g.Apply(t.Context(), keyed("late")); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("a batch after closing: %v, want unavailable", err)
		}
		g.Close()
	})
}
