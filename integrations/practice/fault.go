package practice

import (
	"context"
	"time"

	"tocsin/incident/fault"
)

// Fault is a way in which the practice pager fails until it is switched back.
type Fault string

// The ways.
const (
	Well    Fault = "well"         // it does not fail
	Refuse  Fault = "refuse"       // it will not take the page
	Away    Fault = "be away"      // it cannot be reached, nothing is sent
	TimeOut Fault = "time out"     // it takes the page and never answers
	Late    Fault = "answer late"  // it takes the page and answers after a while
	Twice   Fault = "answer twice" // it tells everything twice
)

// Faults lists the ways, for the panel.
func Faults() []Fault { return []Fault{Well, Refuse, Away, TimeOut, Late, Twice} }

// How long the slow faults take. Both lie within the house's limit for a call.
const (
	lateBy     = 4 * time.Second
	silentFor  = 9 * time.Second
	outOfReach = "The practice pager cannot be reached (it is switched to be away)."
)

func away() error { return fault.New(fault.Unavailable, outOfReach) }

// Fault is how it fails now.
func (p *Pager) Fault(ctx context.Context) (Fault, error) {
	f, err := change(ctx, p.shelf, faultKey, func(*Fault, bool) bool { return false })
	if err == nil && f == "" {
		f = Well
	}
	return f, err
}

// Fail switches how it fails, until it is switched again.
func (p *Pager) Fail(ctx context.Context, f Fault) error {
	known := false
	for _, k := range Faults() {
		known = known || k == f
	}
	if !known {
		return fault.New(fault.Invalid, "The practice pager cannot %q.", string(f)).WithExample(string(Refuse))
	}
	_, err := change(ctx, p.shelf, faultKey, func(v *Fault, _ bool) bool {
		*v = f
		return true
	})
	return err
}

// before is how a fault shows before anything is written.
func (f Fault) before(context.Context) error {
	switch f {
	case Refuse:
		return fault.New(fault.Rejected, "The practice pager refused the page (it is switched to refuse).")
	case Away:
		return away()
	case Well, TimeOut, Late, Twice:
	}
	return nil
}

// after is how a fault shows when the page is taken.
func (f Fault) after(ctx context.Context) error {
	switch f {
	case TimeOut:
		pause(ctx, silentFor)
		return fault.New(fault.Unknown, "The practice pager did not answer (it is switched to time out).")
	case Late:
		if !pause(ctx, lateBy) {
			return fault.New(fault.Unknown, "The practice pager did not answer in time.")
		}
	case Well, Refuse, Away, Twice:
	}
	return nil
}

// pause says whether the whole time passed.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
