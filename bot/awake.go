package bot

import (
	"context"
	"sync"
	"time"

	"tocsin/store"
)

const (
	awakeKey   = "awake"
	awakeEvery = 30 * time.Second
	// awakeSlack is read back besides what lies between two notes of being awake.
	awakeSlack = time.Minute
)

// awake keeps when some replica of the house last listened, so that a new life
// knows from when on it has missed what was said.
type awake struct {
	shelf store.Shelf
	now   func() time.Time

	mu   sync.Mutex
	last time.Time // when an earlier life listened last; zero: never, or not known
	read bool
}

// since is when the house last listened before this life; zero: it never did.
func (a *awake) since(ctx context.Context) (time.Time, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.read {
		return a.last, nil
	}
	raw, err := a.shelf.Fetch(ctx, awakeKey)
	if err != nil {
		return time.Time{}, err
	}
	if raw != nil {
		at, err := time.Parse(time.RFC3339, string(raw))
		if err == nil {
			a.last = at.Add(-awakeSlack)
		}
	}
	a.read = true
	return a.last, nil
}

// keep notes from time to time that the house listens.
func (a *awake) keep(ctx context.Context) {
	for pause(ctx, awakeEvery) {
		if _, err := a.since(ctx); err != nil {
			continue // first learn what stands there
		}
		old, err := a.shelf.Fetch(ctx, awakeKey)
		if err != nil {
			continue
		}
		// A lost race means that another replica has noted the same.
		_ = a.shelf.Keep(ctx, awakeKey, old, []byte(a.now().UTC().Format(time.RFC3339)))
	}
}
