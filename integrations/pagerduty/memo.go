package pagerduty

import (
	"sync"
	"time"
)

// memo remembers what PagerDuty said, and when. It is bounded: when it is
// full, the oldest is forgotten.
type memo[V any] struct {
	most int
	mu   sync.Mutex
	all  map[string]memory[V]
}

type memory[V any] struct {
	value V
	at    time.Time
}

func newMemo[V any](most int) *memo[V] { return &memo[V]{most: most, all: map[string]memory[V]{}} }

// recall gives what is remembered and is not older than old.
func (m *memo[V]) recall(key string, now time.Time, old time.Duration) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	got, ok := m.all[key]
	if !ok || now.Sub(got.at) > old {
		var none V
		return none, false
	}
	return got.value, true
}

func (m *memo[V]) keep(key string, v V, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.all[key]; !there && len(m.all) >= m.most {
		oldest, first := "", true
		for k, one := range m.all {
			if first || one.at.Before(m.all[oldest].at) {
				oldest, first = k, false
			}
		}
		delete(m.all, oldest)
	}
	m.all[key] = memory[V]{v, now}
}
