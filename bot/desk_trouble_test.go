package bot_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func TestNothingSentIsSaidSo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	id := o.declare(d, "k0", "checkout is failing")
	refuse := func(context.Context, store.Batch) error { return fault.New(fault.Unavailable, "disk full") }
	o.fussy.apply.Store(&refuse)
	in := from("bo", "k1", "note x")
	r, err := d.Change(t.Context(), in, id, noting(in, "x"))
	if got := told(t, r, err); got != "error unavailable: Not recorded: try again." {
		t.Errorf("told %q", got)
	}
	o.fussy.apply.Store(nil)
	if r, err := d.Change(t.Context(), in, id, noting(in, "x")); told(t, r, err) != "noted as 2" {
		t.Errorf("tried again: %q", told(t, r, err))
	}
}

func TestWhatMayHaveHappenedIsAskedAgainAndToldLate(t *testing.T) {
	t.Parallel()
	for name, happened := range map[string]bool{"it had": true, "it had not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				d := o.desk(true)
				id := o.declare(d, "k0", "checkout is failing")
				lost := func(ctx context.Context, b store.Batch) error {
					if happened {
						if err := o.fussy.Driver.Apply(ctx, b); err != nil {
							return err
						}
					}
					return fault.New(fault.Unknown, "reply lost")
				}
				o.fussy.apply.Store(&lost)
				in := from("bo", "k1", "note x")
				r, err := d.Change(t.Context(), in, id, noting(in, "x"))
				if got := told(t, r, err); got != "error unknown: I could not confirm this yet; do not repeat it, I am checking." {
					t.Errorf("told %q", got)
				}
				o.fussy.apply.Store(nil)
				late := <-o.late
				late.Repeat = false
				if got := told(t, late, nil); got != "noted as 2" {
					t.Errorf("told late: %q", got)
				}
				if n := len(o.events(id)); n != 2 {
					t.Errorf("there are %d events, not 2", n)
				}
			})
		})
	}
}

func TestAStoreThatIsAwayIsAnsweredForWithinThreeSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		d := o.desk(true)
		id := o.declare(d, "k0", "checkout is failing")
		o.fussy.down.Store(true)
		began := time.Now()
		in := from("bo", "k1", "note x")
		r, err := d.Change(t.Context(), in, id, noting(in, "x"))
		if took := time.Since(began); took > 3*time.Second || fault.KindOf(err) != fault.Unknown {
			t.Errorf("after %v: %s", took, told(t, r, err))
		}
		began = time.Now()
		other := from("bo", "k2", "declare y")
		r, err = d.Declare(t.Context(), other, declaring(other, incident.Declaration{Title: "y"}))
		if took := time.Since(began); took > 3*time.Second || fault.KindOf(err) != fault.Unavailable {
			t.Errorf("a declare, after %v: %s", took, told(t, r, err))
		}
		<-time.After(30 * time.Second)
		o.fussy.down.Store(false)
		if got := told(t, <-o.late, nil); got != "noted as 2" {
			t.Errorf("told late: %q", got)
		}
		if n := len(o.events(id)); n != 2 {
			t.Errorf("there are %d events, not 2", n)
		}
	})
}

// balky is a ledger whose Retry fails a few times.
type balky struct {
	store.Ledger
	fails int
	asked []string
}

func (b *balky) Retry(_ context.Context, _ time.Time, key string) error {
	b.asked = append(b.asked, key)
	if b.fails--; b.fails >= 0 {
		return fault.New(fault.Unavailable, "away")
	}
	return nil
}

func TestARetryThatIsOnRecordIsBroughtToTheLedger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		l := &balky{Ledger: o.store, fails: 2}
		d := o.deskWith(true, l)
		id := o.declare(d, "k0", "checkout is failing")
		if err := d.Record(t.Context(), id.Stream(), "job/park", func(inc incident.Incident) ([]incident.Event, error) {
			return inc.Park(incident.EffectParked{Job: "job", What: "post", Why: "away"})
		}); err != nil {
			t.Fatal(err)
		}
		in := from("ann", "k1", "pending retry job")
		r, err := d.Retry(t.Context(), in, id, "job", commands.Decision{
			Decide: func(inc incident.Incident) ([]incident.Event, error) { return inc.RetryEffect(in.Actor, "job") },
			Reply:  func(incident.Incident, []incident.Recorded) chat.Reply { return words("due again") },
		})
		if fault.KindOf(err) != fault.Unknown {
			t.Errorf("the ledger is away, and the asker is told %q", told(t, r, err))
		}
		if got := told(t, <-o.late, nil); got != "again: due again" {
			t.Errorf("told late: %q", got)
		}
		if len(l.asked) != 3 || l.asked[0] != "job" {
			t.Errorf("the ledger was asked %q", l.asked)
		}
	})
}
