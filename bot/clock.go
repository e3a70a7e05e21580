package bot

import (
	"context"
	"sync/atomic"
	"time"
)

// clock is the machine's clock, corrected by the store's, so that all
// replicas on one store mean the same by now.
type clock struct {
	machine func() time.Time
	offset  atomic.Int64
}

// correctEvery is how often the clock is compared with the store's, and
// worthwhile the least difference that counts: below it lies the way there.
const (
	correctEvery = time.Minute
	worthwhile   = 50 * time.Millisecond
)

func newClock(machine func() time.Time) *clock { return &clock{machine: machine} }

// Now is the corrected time in UTC.
func (c *clock) Now() time.Time {
	return c.machine().Add(time.Duration(c.offset.Load())).UTC()
}

// correct compares with the store once. A store that does not answer changes nothing.
func (c *clock) correct(ctx context.Context, theirs func(context.Context) (time.Time, error)) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	before := c.machine()
	at, err := theirs(within)
	if err != nil {
		return
	}
	after := c.machine()
	off := at.Sub(before.Add(after.Sub(before) / 2))
	if off.Abs() < worthwhile {
		off = 0
	}
	c.offset.Store(int64(off))
}

// keep corrects it each minute until ctx ends.
func (c *clock) keep(ctx context.Context, theirs func(context.Context) (time.Time, error)) {
	for {
		c.correct(ctx, theirs)
		if !pause(ctx, correctEvery) {
			return
		}
	}
}
