package reactors_test

import (
	"context"
	"slices"
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
	lines []integrations.OnCall // nil: it cannot be asked
	// refuses is why it takes no page for good; hides says that a page that it
	// took is not to be found there.
	refuses string
	hides   bool
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

// receipt is what the far side says of a page as it stands.
func (b *bell) receipt(key string, p *farPage) integrations.Receipt {
	r := integrations.Receipt{Key: key, State: integrations.Accepted, Whom: "Cy", ID: "x-" + key, Practice: b.name == "practice"}
	if p != nil && p.State != "" {
		r.State, r.By, r.Level = p.State, p.By, p.Level
	}
	if b.state != "" {
		r.State = b.state
	}
	return r
}

// find is the newest page of a key.
func (b *bell) find(key string) *farPage {
	for _, p := range slices.Backward(b.world.Pages) {
		if p.Key == key {
			return p
		}
	}
	return nil
}

// Page makes a page, or finds the open one of the key. Once that is over the
// same key makes another: a page that nobody asked for.
func (b *bell) Page(_ context.Context, p integrations.Page) (r integrations.Receipt, err error) {
	err = b.do("page", func() error {
		if b.refuses != "" {
			return fault.New(fault.Rejected, "%s", b.refuses)
		}
		known := b.find(p.Key)
		if known == nil || b.blind || known.State == integrations.Over {
			known = &farPage{
				Key: p.Key, Target: p.Target, Person: p.Person, Summary: p.Summary, Link: p.Link, Severity: p.Severity, Drill: p.Drill,
			}
			b.world.Pages = append(b.world.Pages, known)
		}
		r = b.receipt(p.Key, known)
		return nil
	})
	return r, err
}

func (b *bell) Look(_ context.Context, key string) (r integrations.Receipt, found bool, err error) {
	if b.blind {
		return r, false, fault.New(fault.Rejected, "This pager cannot be asked.")
	}
	err = b.do("look", func() error {
		if known := b.find(key); known != nil && !b.hides {
			r, found = b.receipt(key, known), true
		}
		return nil
	})
	return r, found, err
}

// Blind says whether it can be asked.
func (b *bell) Blind() bool { return b.blind }

func (b *bell) Act(_ context.Context, key string, a integrations.PageAct) (r integrations.Receipt, err error) {
	err = b.do("act", func() error {
		known := b.find(key)
		switch {
		case known == nil:
			return fault.New(fault.NotFound, "No such page.")
		case known.State == integrations.Over && a.Verb != "resolve":
			return fault.New(fault.Conflict, "It is resolved already.")
		}
		b.world.Acts = with(b.world.Acts, a.Verb+" "+key)
		known.act(a)
		r = b.receipt(key, known)
		return nil
	})
	return r, err
}

// act is what happens to a page at the far side.
func (p *farPage) act(a integrations.PageAct) {
	switch a.Verb {
	case "acknowledge":
		p.State, p.By = integrations.Acknowledged, a.Email
	case "escalate":
		p.State, p.Level = integrations.Escalated, max(p.Level, 1)+1
		if a.Level > 0 {
			p.Level = a.Level
		}
	case "resolve":
		p.State, p.By = integrations.Over, a.Email
	case "note":
		p.Note = a.Text
	case "add":
		p.Added = append(p.Added, a.To)
	case "reassign":
		p.State, p.To = integrations.Reassigned, a.To
	}
}

func (b *bell) OnCall(context.Context, string, time.Time) ([]integrations.OnCall, error) {
	if b.fail != nil {
		if err := b.fail("oncall"); err != nil {
			return nil, err
		}
	}
	if b.lines == nil {
		return nil, fault.New(fault.Rejected, "This pager cannot be asked who is on call.")
	}
	return b.lines, nil
}
