package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
)

// Gatherer lets the batches of many callers be written together: whatever
// waits while one group is written becomes the next group, so nobody waits
// for company and a crowd costs little more than one. Drivers put it in front
// of their writing.
type Gatherer struct {
	plan  Gathering
	queue chan *waiting
	quit  chan struct{}
	ended chan struct{}
	once  sync.Once
}

// Gathering says how a [Gatherer] works.
type Gathering struct {
	Write    func([]Batch) []error // writes a group; one answer for each batch
	Lanes    int                   // groups in flight at a time; 0: one
	Most     int                   // batches in a group
	Bytes    int                   // a group with more than this takes nobody in
	Patience time.Duration         // how long a caller whose context ended waits for a batch that is in flight
}

// waiting is one caller's batch.
type waiting struct {
	batch  Batch
	size   int
	ended  func() error // of the caller's context, asked once more before its batch is begun
	stage  atomic.Int32
	answer chan error
}

// The stages of a waiting batch. It leaves queued once, either way.
const (
	queued int32 = iota
	begun
	givenUp
)

func (w *waiting) moveTo(stage int32) bool { return w.stage.CompareAndSwap(queued, stage) }

// Gather starts the lanes. Close must be called.
func Gather(plan Gathering) *Gatherer {
	g := &Gatherer{
		plan:  plan,
		queue: make(chan *waiting, plan.Most),
		quit:  make(chan struct{}),
		ended: make(chan struct{}),
	}
	var lanes sync.WaitGroup
	for range max(plan.Lanes, 1) {
		lanes.Go(g.lane)
	}
	go func() {
		lanes.Wait()
		close(g.ended)
	}()
	return g
}

// Apply has the batch written with whatever else waits, and gives its answer.
// A batch that was not begun when the context ended is Unavailable; one in
// flight whose answer does not come in time is Unknown.
func (g *Gatherer) Apply(ctx context.Context, b Batch) error {
	if err := b.Validate(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return NotBegun(err)
	}
	w := &waiting{batch: b, size: b.size(), ended: ctx.Err, answer: make(chan error, 1)}
	select {
	case <-g.quit:
		return Closed()
	default:
	}
	select {
	case g.queue <- w:
	case <-ctx.Done():
		return NotBegun(ctx.Err())
	case <-g.quit:
		return Closed()
	}
	select {
	case err := <-w.answer:
		return err
	case <-ctx.Done():
		if w.moveTo(givenUp) || w.stage.Load() == givenUp {
			return NotBegun(ctx.Err())
		}
		return g.outwait(w)
	case <-g.ended:
		return afterEnd(w)
	}
}

// outwait is for a caller without time whose batch is in flight.
func (g *Gatherer) outwait(w *waiting) error {
	timer := time.NewTimer(g.plan.Patience)
	defer timer.Stop()
	select {
	case err := <-w.answer:
		return err
	case <-timer.C:
	}
	return fault.Wrap(fault.Unknown, w.ended(), "The store has not answered in time; it may have been recorded.")
}

// afterEnd is for a batch that was in the queue when the last lane ended.
func afterEnd(w *waiting) error {
	if w.moveTo(givenUp) {
		return Closed()
	}
	return <-w.answer
}

// Close lets the groups in flight end and refuses the rest.
func (g *Gatherer) Close() {
	g.once.Do(func() { close(g.quit) })
	<-g.ended
}

func (g *Gatherer) lane() {
	group := make([]*waiting, 0, g.plan.Most)
	batches := make([]Batch, 0, g.plan.Most)
	for {
		select {
		case <-g.quit:
			return
		case first := <-g.queue:
			group = g.fill(append(group[:0], first))
		}
		batches = batches[:0]
		n := 0
		for _, w := range group {
			if err := w.ended(); err != nil {
				if w.moveTo(givenUp) {
					w.answer <- NotBegun(err)
				}
				continue
			}
			if !w.moveTo(begun) {
				continue
			}
			batches = append(batches, w.batch)
			group[n] = w
			n++
		}
		if n == 0 {
			continue
		}
		for i, err := range g.plan.Write(batches) {
			group[i].answer <- err
		}
		clear(group)
		clear(batches)
	}
}

// fill takes in what waits now.
func (g *Gatherer) fill(group []*waiting) []*waiting {
	size := group[0].size
	for len(group) < g.plan.Most && size <= g.plan.Bytes {
		select {
		case w := <-g.queue:
			group = append(group, w)
			size += w.size
		default:
			return group
		}
	}
	return group
}

// NotBegun is the fault of work whose context ended before it was begun.
func NotBegun(err error) error {
	return fault.Wrap(fault.Unavailable, err, "There was no time left to ask the store; nothing was recorded.")
}

// Closed is the fault of work for a store that is closed.
func Closed() error {
	return fault.New(fault.Unavailable, "The store is closed; nothing was recorded.")
}

func (b Batch) size() int {
	n := 0
	for _, c := range b.Checks {
		n += len(c.Key) + len(c.Want)
	}
	for _, o := range b.Ops {
		n += len(o.Key) + len(o.Member) + len(o.Value)
	}
	return n
}
