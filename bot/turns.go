package bot

import (
	"context"
	"slices"
	"sync"

	"tocsin/incident"
)

// turns lets one command of an incident run at a time in this replica, in the
// order in which they came, so that conflicts come from other replicas only.
type turns struct {
	mu   sync.Mutex
	open map[incident.Stream]*turn
}

// turn is the queue before one stream; whoever holds its token is at it.
type turn struct {
	token   chan struct{}
	waiting int // holders and waiters; the last to leave takes the turn away
}

func newTurns() *turns { return &turns{open: map[incident.Stream]*turn{}} }

// enter waits until all streams are free, or ctx ends. They are taken in one
// order for all, so two that want the same two cannot block each other.
func (t *turns) enter(ctx context.Context, streams ...incident.Stream) (leave func(), err error) {
	order := slices.Clone(streams)
	slices.Sort(order)
	order = slices.Compact(order)
	var held []incident.Stream
	leave = func() {
		for _, s := range held {
			t.give(s)
		}
	}
	for _, s := range order {
		if err := t.take(ctx, s); err != nil {
			leave()
			return nil, err
		}
		held = append(held, s)
	}
	return leave, nil
}

func (t *turns) take(ctx context.Context, s incident.Stream) error {
	t.mu.Lock()
	one := t.open[s]
	if one == nil {
		one = &turn{token: make(chan struct{}, 1)}
		one.token <- struct{}{}
		t.open[s] = one
	}
	one.waiting++
	t.mu.Unlock()
	select {
	case <-one.token:
		return nil
	case <-ctx.Done():
		t.drop(s, one)
		return ctx.Err()
	}
}

func (t *turns) give(s incident.Stream) {
	t.mu.Lock()
	one := t.open[s]
	t.mu.Unlock()
	one.token <- struct{}{}
	t.drop(s, one)
}

func (t *turns) drop(s incident.Stream, one *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.waiting--; one.waiting == 0 {
		delete(t.open, s)
	}
}
