package bottest

import (
	"context"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
)

// weather is how a database behaves towards one program.
type weather int32

const (
	fine   weather = iota
	killed         // the program was killed: nothing reaches the database from one moment to the next
	away           // nothing comes back: it is given up when time is up
	lossy          // what is written arrives, and the answer is lost
	slow           // everything takes its time
)

// cutDriver is a driver in all weathers.
type cutDriver struct {
	store.Driver
	sky atomic.Int32
}

func (c *cutDriver) now(w weather) { c.sky.Store(int32(w)) }

// hold waits as the weather is, and says whether the call may go on.
func (c *cutDriver) hold(ctx context.Context, lost fault.Kind) error {
	switch weather(c.sky.Load()) {
	case fine, lossy:
	case killed:
		return fault.New(fault.Unavailable, "The process was killed.")
	case away:
		within, cancel := context.WithTimeout(ctx, 3*time.Second) // as drivers do by themselves
		defer cancel()
		<-within.Done()
		return fault.Wrap(lost, within.Err(), "The database does not answer.")
	case slow:
		time.Sleep(150 * time.Millisecond)
	}
	return nil
}

// Apply implements store.Driver.
func (c *cutDriver) Apply(ctx context.Context, b store.Batch) error {
	if err := c.hold(ctx, fault.Unknown); err != nil {
		return err
	}
	err := c.Driver.Apply(ctx, b)
	if weather(c.sky.Load()) == lossy {
		return fault.New(fault.Unknown, "The database's answer was lost.")
	}
	return err
}

// Get implements store.Driver.
func (c *cutDriver) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if err := c.hold(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	return c.Driver.Get(ctx, keys...)
}

// Entries implements store.Driver.
func (c *cutDriver) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	if err := c.hold(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	return c.Driver.Entries(ctx, stream, after, limit)
}

// Range implements store.Driver.
func (c *cutDriver) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	if err := c.hold(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	return c.Driver.Range(ctx, q)
}

// Ranges implements store.Ranger, in one round trip where the driver can.
func (c *cutDriver) Ranges(ctx context.Context, qs []store.Range) ([][]store.Member, error) {
	if err := c.hold(ctx, fault.Unavailable); err != nil {
		return nil, err
	}
	if r, can := c.Driver.(store.Ranger); can {
		return r.Ranges(ctx, qs)
	}
	out := make([][]store.Member, len(qs))
	for i, q := range qs {
		var err error
		if out[i], err = c.Driver.Range(ctx, q); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Now implements store.Driver.
func (c *cutDriver) Now(ctx context.Context) (time.Time, error) {
	if err := c.hold(ctx, fault.Unavailable); err != nil {
		return time.Time{}, err
	}
	return c.Driver.Now(ctx)
}
