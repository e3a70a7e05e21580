package practice

import (
	"context"
	"errors"
	"time"

	"tocsin/integrations"
)

// tick is how often pages are looked at when nothing stirs.
const tick = time.Second

// stir wakes the clockwork of this replica.
func (p *Pager) stir() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run lets pages ring on, escalates those that nobody answers, and tells what
// happened, until ctx ends. Several replicas may run it.
func (p *Pager) Run(ctx context.Context) error {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		// A store that is away now may be back at the next tick; what is to be
		// done stands in the records.
		_ = p.Tend(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		case <-p.wake:
		}
	}
}

// Tend does once what [Run] does all the time.
func (p *Pager) Tend(ctx context.Context) error {
	l, err := change(ctx, p.shelf, listKey, func(*list, bool) bool { return false })
	if err != nil {
		return err
	}
	var errs []error
	for _, key := range l.Keys {
		errs = append(errs, p.tend(ctx, key))
	}
	return errors.Join(errs...)
}

func (p *Pager) tend(ctx context.Context, key string) error {
	now := p.clock()
	r, err := change(ctx, p.shelf, pageKey(key), func(r *record, there bool) bool {
		if !there || !r.ringing() || r.Silent || now.Sub(r.Since) < p.rings {
			return false
		}
		r.escalate(now, true)
		return true
	})
	if err != nil {
		return err
	}
	return p.tell(ctx, r)
}

// tell hands news over and takes them off the record once they are on record
// elsewhere, so that they are told at least once and in order.
func (p *Pager) tell(ctx context.Context, r record) error {
	if len(r.News) == 0 {
		return nil
	}
	mode, err := p.Fault(ctx)
	if err != nil || mode == Away {
		return err // what happened while it is away is told when it is back
	}
	for _, n := range r.News {
		if err := p.deliver(ctx, n, mode); err != nil {
			return err
		}
		_, err := change(ctx, p.shelf, pageKey(r.Key), func(now *record, _ bool) bool {
			if len(now.News) == 0 || !same(now.News[0], n) {
				return false
			}
			now.News = now.News[1:]
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func same(a, b integrations.Receipt) bool {
	at := a.At.Equal(b.At)
	a.At, b.At = time.Time{}, time.Time{}
	return at && a == b
}

func (p *Pager) deliver(ctx context.Context, n integrations.Receipt, mode Fault) error {
	if p.news == nil {
		return nil
	}
	if err := p.news(ctx, n); err != nil || mode != Twice {
		return err
	}
	return p.news(ctx, n)
}
