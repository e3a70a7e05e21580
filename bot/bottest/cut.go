package bottest

import (
	"context"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
)

// cutDriver is a driver that can be cut off from one moment to the next, as a
// killed process is: from then on nothing reaches the database.
type cutDriver struct {
	store.Driver
	cut atomic.Bool
}

func (c *cutDriver) gone() error {
	if c.cut.Load() {
		return fault.New(fault.Unavailable, "The process was killed.")
	}
	return nil
}

// Apply implements store.Driver.
func (c *cutDriver) Apply(ctx context.Context, b store.Batch) error {
	if err := c.gone(); err != nil {
		return err
	}
	return c.Driver.Apply(ctx, b)
}

// Get implements store.Driver.
func (c *cutDriver) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.Driver.Get(ctx, keys...)
}

// Entries implements store.Driver.
func (c *cutDriver) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.Driver.Entries(ctx, stream, after, limit)
}

// Range implements store.Driver.
func (c *cutDriver) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	if err := c.gone(); err != nil {
		return nil, err
	}
	return c.Driver.Range(ctx, q)
}

// Now implements store.Driver.
func (c *cutDriver) Now(ctx context.Context) (time.Time, error) {
	if err := c.gone(); err != nil {
		return time.Time{}, err
	}
	return c.Driver.Now(ctx)
}
