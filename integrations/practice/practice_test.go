package practice_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tocsin/integrations"
	"tocsin/integrations/pagertest"
	"tocsin/integrations/practice"
)

var errMoved = errors.New("value has changed")

// shelf keeps records in memory as a store would.
type shelf struct {
	mu     sync.Mutex
	values map[string][]byte
	lose   int  // answers of Keep that are lost after it was done
	away   bool // nothing can be read or written
}

func newShelf() *shelf { return &shelf{values: map[string][]byte{}} }

func (s *shelf) Fetch(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, errors.New("the store is away")
	}
	return s.values[key], nil
}

func (s *shelf) Keep(_ context.Context, key string, old, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errors.New("the store is away")
	}
	if !bytes.Equal(s.values[key], old) {
		return errMoved
	}
	s.values[key] = value
	if s.lose > 0 {
		s.lose--
		return errors.New("the answer was lost")
	}
	return nil
}

// desk hears the pager's news.
type desk struct {
	mu     sync.Mutex
	heard  []integrations.Receipt
	refuse error
}

func (d *desk) news(_ context.Context, r integrations.Receipt) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse != nil {
		return d.refuse
	}
	d.heard = append(d.heard, r)
	return nil
}

func (d *desk) states() []integrations.ReceiptState {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []integrations.ReceiptState
	for _, r := range d.heard {
		out = append(out, r.State)
	}
	return out
}

// clock is a moment that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func open(t *testing.T, s practice.Shelf, c *clock, d *desk) *practice.Pager {
	t.Helper()
	p, err := practice.Open(practice.Options{Shelf: s, Now: c.now, News: d.news, Rings: 5 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// far is the suite's hand at the practice pager.
type far struct {
	*practice.Pager
	clock *clock
	desk  *desk
	shelf *shelf
}

func (f far) Answer(ctx context.Context, key, by string) error {
	return press(ctx, f.Pager, key, "acknowledge", by)
}

func (f far) Pass(ctx context.Context, _ string) error {
	f.clock.move(5 * time.Minute)
	return f.Tend(ctx)
}

func (f far) Break(ctx context.Context, how pagertest.Failure) error {
	return f.Fail(ctx, map[pagertest.Failure]practice.Fault{
		pagertest.None: practice.Well, pagertest.Refuse: practice.Refuse,
		pagertest.Away: practice.Away, pagertest.LoseAnswer: practice.TimeOut,
	}[how])
}

func (f far) Pages(ctx context.Context, key string) (int, error) {
	_, found, err := f.Look(ctx, key)
	if err != nil || !found {
		return 0, err
	}
	f.shelf.mu.Lock()
	defer f.shelf.mu.Unlock()
	n := 0
	for k, v := range f.shelf.values {
		if k != "practice/pages" && bytes.Contains(v, []byte(key)) {
			n++
		}
	}
	return n, nil
}

func (f far) News(ctx context.Context) ([]integrations.Receipt, error) {
	err := f.Tend(ctx)
	f.desk.mu.Lock()
	defer f.desk.mu.Unlock()
	return append([]integrations.Receipt(nil), f.desk.heard...), err
}

func TestPracticePagerPassesTheSuite(t *testing.T) {
	t.Parallel()
	pagertest.Run(t, func(t *testing.T) pagertest.Bench {
		s, c, d := newShelf(), newClock(), &desk{}
		p := open(t, s, c, d)
		return pagertest.Bench{Pager: p, Far: far{p, c, d, s}, Target: "checkout", Person: "ann@example.com", Practice: true}
	})
}
