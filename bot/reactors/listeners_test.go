package reactors_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
	"tocsin/store/storetest"
)

// ear is a machine that is told what happens.
type ear struct {
	wants []string
	told  []integrations.Happening
	fail  func(n int) error // of its n-th call
	calls int
}

func (*ear) Name() string                                 { return "ear" }
func (*ear) Check(context.Context) []integrations.Finding { return nil }
func (e *ear) Hears(event string) bool                    { return slices.Contains(e.wants, event) }

func (e *ear) Tell(_ context.Context, h integrations.Happening) error {
	e.calls++
	var err error
	if e.fail != nil {
		err = e.fail(e.calls)
	}
	if k := fault.KindOf(err); err == nil || k == fault.Unknown { // of a lost answer it heard
		e.told = append(e.told, h)
	}
	return err
}

func listening(t *testing.T, e *ear) *house {
	t.Helper()
	c := &clock{at: dawn()}
	h := houseOn(t, c, storetest.NewMemory(c.Now), &world{})
	h.ears = []integrations.Listener{e}
	h.start(&trap{})
	return h
}

func TestListeners(t *testing.T) {
	t.Parallel()
	t.Run("only the events that were asked for are told, in full", func(t *testing.T) {
		t.Parallel()
		e := &ear{wants: []string{"declared", "severity_set"}}
		h := listening(t, e)
		s := h.declare(sev1())
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Note(a, "not for machines", time.Time{})
		})
		h.run(10 * time.Second)
		if len(e.told) != 1 {
			t.Fatalf("it was told %+v", e.told)
		}
		got := e.told[0]
		if got.Event != "declared" || got.Version != 1 || got.Incident != "INC-1" || got.Severity != 1 || got.Title != "checkout is failing" ||
			!strings.Contains(got.Words, "declared INC-1") || got.By == "" || got.At.IsZero() {
			t.Errorf("it was told %+v", got)
		}
	})
	t.Run("a lost answer is told again under the same key", func(t *testing.T) {
		t.Parallel()
		e := &ear{wants: []string{"declared"}, fail: func(n int) error {
			if n == 1 {
				return fault.New(fault.Unknown, "The answer was lost.")
			}
			return nil
		}}
		h := listening(t, e)
		h.declare(sev1())
		h.run(time.Minute)
		if len(e.told) != 2 || e.told[0].Key != e.told[1].Key {
			t.Fatalf("it was told %+v", e.told)
		}
	})
	t.Run("one that refuses is no news in the room", func(t *testing.T) {
		t.Parallel()
		e := &ear{wants: []string{"declared"}, fail: func(int) error { return fault.New(fault.Rejected, "No.") }}
		h := listening(t, e)
		s := h.declare(sev1())
		h.run(time.Minute)
		if e.calls != 1 || h.count(s, "effect_parked") != 0 {
			t.Errorf("it was called %d times, and %d effects were told of as given up", e.calls, h.count(s, "effect_parked"))
		}
		if jobs := h.jobs(s, store.Buried); len(jobs) != 1 || jobs[0].Reactor != "listeners" {
			t.Errorf("the ledger has buried %+v", jobs)
		}
	})
	t.Run("nothing of a private incident is told", func(t *testing.T) {
		t.Parallel()
		e := &ear{wants: []string{"declared", "privacy_set", "note_added", "severity_set"}}
		h := listening(t, e)
		d := sev1()
		d.Private = true
		h.declare(d)
		h.run(time.Minute)
		open := h.declare(incident.Declaration{Title: "the queue grows"})
		h.change(open, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetPrivate(a, true, "names of customers")
		})
		h.run(time.Minute)
		if len(e.told) != 0 {
			t.Errorf("it was told %+v", e.told)
		}
	})
}
