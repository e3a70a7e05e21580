package reactors_test

import (
	"context"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// bell is a pager that behaves.
type bell struct {
	name  string
	world *world
	trap  *trap
	blind bool // it recognises no key and cannot be asked
	fail  func(call string) error
	lose  func(call string) error
	state integrations.ReceiptState
	lines []integrations.OnCall
}

func (b *bell) Name() string { return b.name }

func (b *bell) Check(context.Context) []integrations.Finding { return nil }

func (b *bell) do(call string, fn func() error) error {
	if b.fail != nil {
		if err := b.fail(call); err != nil {
			return err
		}
	}
	if call == "page" {
		b.trap.mind()
	}
	if err := b.trap.step(); err != nil {
		return err
	}
	b.world.mu.Lock()
	err := fn()
	b.world.keep()
	b.world.mu.Unlock()
	if err != nil {
		return err
	}
	if err := b.trap.step(); err != nil {
		return err
	}
	if b.lose != nil {
		return b.lose(call)
	}
	return nil
}

func (b *bell) receipt(key string) integrations.Receipt {
	state := b.state
	if state == "" {
		state = integrations.Accepted
	}
	return integrations.Receipt{Key: key, State: state, Whom: "Cy", ID: "x-" + key, Practice: b.name == "practice"}
}

func (b *bell) Page(_ context.Context, p integrations.Page) (r integrations.Receipt, err error) {
	err = b.do("page", func() error {
		r = b.receipt(p.Key)
		for _, known := range b.world.Pages {
			if known.Key == p.Key && !b.blind {
				return nil
			}
		}
		b.world.Pages = append(b.world.Pages, &farPage{
			Key: p.Key, Target: p.Target, Person: p.Person, Summary: p.Summary, Link: p.Link, Severity: p.Severity, Drill: p.Drill,
		})
		return nil
	})
	return r, err
}

func (b *bell) Look(_ context.Context, key string) (r integrations.Receipt, found bool, err error) {
	if b.blind {
		return r, false, fault.New(fault.Rejected, "This pager cannot be asked.")
	}
	err = b.do("look", func() error {
		for _, known := range b.world.Pages {
			if known.Key == key {
				r, found = b.receipt(key), true
			}
		}
		return nil
	})
	return r, found, err
}

func (b *bell) Act(_ context.Context, key string, a integrations.PageAct) (r integrations.Receipt, err error) {
	err = b.do("act", func() error {
		for _, known := range b.world.Pages {
			if known.Key == key {
				b.world.Acts = with(b.world.Acts, a.Verb+" "+key)
				r = b.receipt(key)
				return nil
			}
		}
		return fault.New(fault.NotFound, "No such page.")
	})
	return r, err
}

func (b *bell) OnCall(context.Context, string, time.Time) ([]integrations.OnCall, error) {
	if b.fail != nil {
		if err := b.fail("oncall"); err != nil {
			return nil, err
		}
	}
	return b.lines, nil
}
