package slack

import (
	"context"
	"sync"
	"time"

	"tocsin/bot/chat"
)

// memory keeps what was looked up. What is old is given all the same, and
// looked up again beside; what is not known is waited for as long as the
// context allows, and the look-up goes on without those who wait.
type memory[T any] struct {
	now   func() time.Time
	fresh time.Duration

	mu   sync.Mutex
	kept map[string]*memo[T]
}

type memo[T any] struct {
	value T
	known bool
	at    time.Time     // of the value, or of the last failure
	owed  bool          // the last look-up failed
	done  chan struct{} // closed when the look-up on its way ends; nil: none is
}

// Bounds of what is kept.
const (
	memoMost   = 20_000
	askAgain   = 30 * time.Second // after a look-up that failed
	mostIdling = time.Second      // how long one waits whose context has no end
)

func newMemory[T any](now func() time.Time, fresh time.Duration) *memory[T] {
	return &memory[T]{now: now, fresh: fresh, kept: make(map[string]*memo[T])}
}

// get gives what is known; fetch looks it up where that is due.
func (m *memory[T]) get(ctx context.Context, key string, fetch func(context.Context) (T, error)) (T, bool) {
	m.mu.Lock()
	e := m.entry(key)
	due := e.done == nil && m.due(e)
	if due {
		e.done = make(chan struct{})
		go m.look(context.WithoutCancel(ctx), e, e.done, fetch)
	}
	value, known, done := e.value, e.known, e.done
	m.mu.Unlock()
	if known || done == nil {
		return value, known
	}
	if _, ends := ctx.Deadline(); !ends {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, mostIdling)
		defer stop()
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return e.value, e.known
}

func (m *memory[T]) due(e *memo[T]) bool {
	age := m.now().Sub(e.at)
	if e.owed {
		return age >= askAgain
	}
	return !e.known || age >= m.fresh
}

func (m *memory[T]) look(ctx context.Context, e *memo[T], done chan struct{}, fetch func(context.Context) (T, error)) {
	ctx, stop := context.WithTimeout(ctx, chat.CallLimit)
	defer stop()
	value, err := fetch(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	e.at, e.owed, e.done = m.now(), err != nil, nil
	if err == nil {
		e.value, e.known = value, true
	}
	close(done)
}

// entry is the entry of a key; without room for another the oldest go.
func (m *memory[T]) entry(key string) *memo[T] {
	e, ok := m.kept[key]
	if ok {
		return e
	}
	if len(m.kept) >= memoMost {
		for k, old := range m.kept {
			if old.done == nil {
				delete(m.kept, k)
			}
			if len(m.kept) < memoMost*9/10 {
				break
			}
		}
	}
	e = new(memo[T])
	m.kept[key] = e
	return e
}

// put keeps what was learnt in another way.
func (m *memory[T]) put(key string, value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entry(key)
	e.value, e.known, e.owed, e.at = value, true, false, m.now()
}

// peek gives what is known without looking anything up.
func (m *memory[T]) peek(key string) (value T, known bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.kept[key]; ok {
		return e.value, e.known
	}
	return value, false
}

// drop forgets a key.
func (m *memory[T]) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.kept, key)
}

// peekFresh gives what is known and not old, without looking anything up.
func (m *memory[T]) peekFresh(key string) (value T, fresh bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.kept[key]; ok && e.known && m.now().Sub(e.at) < m.fresh {
		return e.value, true
	}
	return value, false
}
