package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"hash/maphash"
	"io"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
)

// Store implements every port of this package on one [Driver]. It is safe for
// use by many goroutines, and several Stores may stand on one database.
type Store struct {
	d       Driver
	now     func() time.Time
	rand    io.Reader
	codec   *Codec
	turns   [64]chan struct{}
	seed    maphash.Seed
	aliases atomic.Pointer[aliasBook]
	numbers numbers
}

// Options are what a [Store] needs besides its driver.
type Options struct {
	// Now is the clock for what no caller hands a moment in for; nil: the driver's.
	Now func() time.Time
	// Rand makes salts and ids; nil: the system's.
	Rand io.Reader
}

// New makes a store on a driver. The caller closes the driver.
func New(d Driver, o Options) *Store {
	s := &Store{d: d, now: o.Now, rand: o.Rand, codec: NewCodec(), seed: maphash.MakeSeed()}
	if s.rand == nil {
		s.rand = rand.Reader
	}
	for i := range s.turns {
		s.turns[i] = make(chan struct{}, 1)
	}
	return s
}

// Driver is the driver underneath, for checks and for closing.
func (s *Store) Driver() Driver { return s.d }

// The ports that Store keeps.
var (
	_ Log     = (*Store)(nil)
	_ Feed    = (*Store)(nil)
	_ Ledger  = (*Store)(nil)
	_ Index   = (*Store)(nil)
	_ History = (*Store)(nil)
	_ People  = (*Store)(nil)
	_ Inbox   = (*Store)(nil)
	_ Talk    = (*Store)(nil)
	_ Shelf   = (*Store)(nil)
	_ Vault   = (*Store)(nil)
)

const (
	maxTries = 200 // of a change that others keep getting ahead of
	getChunk = 500 // records in one read
	opChunk  = 2000
)

// change reads, decides and writes until nobody was faster. draft must read
// everything anew each time; a batch without writes ends it.
func (s *Store) change(ctx context.Context, draft func() (Batch, error)) error {
	for range maxTries {
		b, err := draft()
		if err != nil || len(b.Ops) == 0 {
			return err
		}
		err = s.d.Apply(ctx, b)
		if _, moved := errors.AsType[*Mismatch](err); !moved {
			return err
		}
		if ctx.Err() != nil {
			return NotBegun(ctx.Err())
		}
	}
	return fault.New(fault.Unavailable, "Too many are changing the same thing at once; nothing was recorded. Try again.")
}

// turn lets those of this process that change the same thing go one after the
// other, so that they do not make each other read again. Whether a change is
// right rests on the checks in its batch alone.
func (s *Store) turn(ctx context.Context, name string) (release func(), err error) {
	c := s.turns[maphash.String(s.seed, name)%uint64(len(s.turns))]
	select {
	case c <- struct{}{}:
		return func() { <-c }, nil
	case <-ctx.Done():
		return nil, NotBegun(ctx.Err())
	}
}

// get reads any number of records in bounded reads.
func (s *Store) get(ctx context.Context, keys []string) ([][]byte, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	if len(keys) <= getChunk {
		return s.d.Get(ctx, keys...)
	}
	out := make([][]byte, 0, len(keys))
	for len(keys) > 0 {
		n := min(getChunk, len(keys))
		vals, err := s.d.Get(ctx, keys[:n]...)
		if err != nil {
			return nil, err
		}
		out, keys = append(out, vals...), keys[n:]
	}
	return out, nil
}

// write applies any number of writes that need no checks and may be repeated.
func (s *Store) write(ctx context.Context, ops []Op) error {
	for len(ops) > 0 {
		n := min(opChunk, len(ops))
		if err := s.d.Apply(ctx, Batch{Ops: ops[:n]}); err != nil {
			return err
		}
		ops = ops[n:]
	}
	return nil
}

// clock is the moment of what no caller hands one in for.
func (s *Store) clock(ctx context.Context) (time.Time, error) {
	if s.now != nil {
		return s.now(), nil
	}
	return s.d.Now(ctx)
}

// random gives n random bytes.
func (s *Store) random(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "No random numbers are to be had; nothing was recorded.")
	}
	return b, nil
}

// damaged is the fault of a row that cannot be read.
func damaged(key string, err error) error {
	return fault.Wrap(fault.Internal, err, "The row "+key+" of the store cannot be read.")
}

func same(a, b []byte) bool { return (a == nil) == (b == nil) && bytes.Equal(a, b) }
