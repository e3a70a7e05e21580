package practice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Name is the practice pager's name in receipts and settings.
const Name = "practice"

// Options are what a [Pager] is made of.
type Options struct {
	Shelf Shelf
	Now   func() time.Time
	News  integrations.PageNews // nil: nobody is told
	Rings time.Duration         // how long a level rings before the next is asked; 0: 5 min
}

// Pager is the practice pager. Make it with [Open].
type Pager struct {
	shelf Shelf
	now   func() time.Time
	news  integrations.PageNews
	rings time.Duration
	wake  chan struct{}
}

var (
	_ integrations.Pager = (*Pager)(nil)
	_ integrations.Panel = (*Pager)(nil)
)

// Open makes a practice pager. It does not read or write yet.
func Open(o Options) (*Pager, error) {
	if o.Shelf == nil || o.Now == nil {
		return nil, errors.New("the practice pager needs a shelf and a clock")
	}
	if o.Rings <= 0 {
		o.Rings = 5 * time.Minute
	}
	return &Pager{shelf: o.Shelf, now: o.Now, news: o.News, rings: o.Rings, wake: make(chan struct{}, 1)}, nil
}

// clock gives moments that read back from JSON as they were.
func (p *Pager) clock() time.Time { return p.now().UTC().Round(0) }

// Name is "practice".
func (p *Pager) Name() string { return Name }

// Check is always well, and says that nobody is woken.
func (p *Pager) Check(ctx context.Context) []integrations.Finding {
	f := integrations.Finding{Level: "ok", What: "practice pager", Why: "it is there for practice and wakes nobody"}
	mode, err := p.Fault(ctx)
	switch {
	case err != nil:
		f.Level, f.Why, f.Mend = "fail", "its records cannot be read", "Look at the store's own findings."
	case mode != Well:
		f.Level, f.Why, f.Mend = "warn", "it is switched to fail: "+string(mode), "Switch it back on its panel in the console."
	}
	return []integrations.Finding{f}
}

// Page rings invented people. One key is one page.
func (p *Pager) Page(ctx context.Context, ask integrations.Page) (integrations.Receipt, error) {
	if ask.Key == "" || (ask.Target == "" && ask.Person == "") {
		return integrations.Receipt{}, fault.New(fault.Rejected, "A page needs a key and somebody to call.")
	}
	mode, err := p.Fault(ctx)
	if err != nil {
		return integrations.Receipt{}, err
	}
	if err := mode.before(ctx); err != nil {
		return integrations.Receipt{}, err
	}
	got, err := p.ring(ctx, ask, mode)
	if err != nil {
		return integrations.Receipt{}, err
	}
	return got.receipt(), mode.after(ctx)
}

func (p *Pager) ring(ctx context.Context, ask integrations.Page, mode Fault) (record, error) {
	number, err := p.enlist(ctx, ask.Key)
	if err != nil {
		return record{}, err
	}
	got, err := change(ctx, p.shelf, pageKey(ask.Key), func(r *record, there bool) bool {
		if there {
			r.Times++
			return true
		}
		*r = newRecord(ask, number, p.clock())
		if mode == Twice {
			r.News = append(r.News, r.receipt())
		}
		return true
	})
	p.stir()
	return got, err
}

func newRecord(ask integrations.Page, number int, now time.Time) record {
	r := record{
		Key: ask.Key, ID: fmt.Sprintf("practice-%d", number), Target: ask.Target, Person: ask.Person,
		Summary: ask.Summary, Severity: ask.Severity, Link: ask.Link, Drill: ask.Drill,
		State: integrations.Accepted, Level: max(ask.Level, 1), Asked: now, Since: now, Times: 1,
	}
	r.Level = min(r.Level, r.levels())
	return r
}

// list is the newest pages' keys, oldest first, and how many there ever were.
type list struct {
	Count int      `json:"count"`
	Keys  []string `json:"keys"`
}

// enlist puts a key on the list and gives its page's number. It comes before
// the page, so that no page rings unseen.
func (p *Pager) enlist(ctx context.Context, key string) (int, error) {
	number := 0
	_, err := change(ctx, p.shelf, listKey, func(l *list, _ bool) bool {
		if i := slices.Index(l.Keys, key); i >= 0 {
			number = l.Count - len(l.Keys) + i + 1
			return false
		}
		l.Count++
		number = l.Count
		l.Keys = append(l.Keys, key)
		l.Keys = l.Keys[max(0, len(l.Keys)-listed):]
		return true
	})
	return number, err
}

// Look finds out what became of a key.
func (p *Pager) Look(ctx context.Context, key string) (integrations.Receipt, bool, error) {
	mode, err := p.Fault(ctx)
	if err != nil {
		return integrations.Receipt{}, false, err
	}
	if mode == Away {
		return integrations.Receipt{}, false, away()
	}
	r, there, err := p.page(ctx, key)
	if err != nil || !there {
		return integrations.Receipt{}, false, err
	}
	return r.receipt(), true, nil
}

func (p *Pager) page(ctx context.Context, key string) (r record, there bool, err error) {
	r, err = change(ctx, p.shelf, pageKey(key), func(_ *record, found bool) bool {
		there = found
		return false
	})
	return r, there, err
}

// Act acknowledges, escalates or resolves a page for a person. It tells no
// news: who acts knows.
func (p *Pager) Act(ctx context.Context, key string, a integrations.PageAct) (integrations.Receipt, error) {
	mode, err := p.Fault(ctx)
	if err != nil {
		return integrations.Receipt{}, err
	}
	if err := mode.before(ctx); err != nil {
		return integrations.Receipt{}, err
	}
	r, err := p.act(ctx, key, a, false)
	if err != nil {
		return integrations.Receipt{}, err
	}
	return r.receipt(), mode.after(ctx)
}

func (p *Pager) act(ctx context.Context, key string, a integrations.PageAct, tell bool) (record, error) {
	var refused error
	r, err := change(ctx, p.shelf, pageKey(key), func(r *record, there bool) bool {
		refused = nil
		if !there {
			refused = fault.New(fault.Rejected, "The practice pager knows no such page.")
			return false
		}
		return r.act(a, p.clock(), tell, &refused)
	})
	if err == nil {
		err = refused
	}
	p.stir()
	return r, err
}

// act changes the record and says whether it did. What has already happened
// is no error; what cannot happen any more is.
func (p *record) act(a integrations.PageAct, now time.Time, tell bool, refused *error) bool {
	by := a.By
	if a.Email != "" {
		by = a.Email
	}
	switch a.Verb {
	case "acknowledge":
		if p.ringing() {
			p.By = by
			p.move(integrations.Acknowledged, now, tell)
			return true
		}
	case "escalate":
		if p.ringing() {
			if p.Level >= p.levels() {
				*refused = fault.New(fault.Rejected, "Nobody is left to ask after %s.", p.who())
				return false
			}
			p.escalate(now, tell)
			return true
		}
		*refused = fault.New(fault.Rejected, "The page does not ring any more: it is %s.", p.State)
	case "resolve":
		if p.State != integrations.Over {
			p.move(integrations.Over, now, tell)
			return true
		}
	default:
		*refused = fault.New(fault.Rejected, "The practice pager cannot %s a page.", a.Verb)
	}
	return false
}

// OnCall says who would be called; nobody is.
func (p *Pager) OnCall(ctx context.Context, target string, at time.Time) ([]integrations.OnCall, error) {
	mode, err := p.Fault(ctx)
	if err != nil {
		return nil, err
	}
	if mode == Away {
		return nil, away()
	}
	names := Teams()
	if target != "" {
		names = []string{target}
	}
	// Shifts change at midnight UTC, so that the answer does not move while one looks.
	until := at.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	var out []integrations.OnCall
	for _, name := range names {
		for i, s := range rota(name) {
			out = append(out, integrations.OnCall{Target: name, Level: i + 1, Name: s.name + " (practice)", Email: s.email, Phone: s.phone, Until: until})
		}
	}
	return out, nil
}
