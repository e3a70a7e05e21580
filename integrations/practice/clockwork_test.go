package practice_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/practice"
)

func ask(key string) integrations.Page {
	return integrations.Page{Key: key, Target: "checkout", Summary: "INC-7: checkout is failing", Level: 1}
}

func mustPage(t *testing.T, p *practice.Pager, key string) integrations.Receipt {
	t.Helper()
	r, err := p.Page(t.Context(), ask(key))
	if err != nil {
		t.Fatalf("the page was not taken: %v", err)
	}
	return r
}

func TestRingsOnByItself(t *testing.T) {
	t.Parallel()
	c, d := newClock(), &desk{}
	p := open(t, newShelf(), c, d)
	mustPage(t, p, "k")
	for _, step := range []struct {
		after time.Duration
		want  []integrations.ReceiptState
	}{
		{4 * time.Minute, nil},
		{time.Minute, []integrations.ReceiptState{integrations.Escalated}},
		{5 * time.Minute, []integrations.ReceiptState{integrations.Escalated, integrations.Escalated}},
		{5 * time.Minute, []integrations.ReceiptState{integrations.Escalated, integrations.Escalated, integrations.Failed}},
		{time.Hour, []integrations.ReceiptState{integrations.Escalated, integrations.Escalated, integrations.Failed}},
	} {
		c.move(step.after)
		if err := p.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, d.states()); diff != "" {
			t.Fatalf("at %s the news differ (-want +got):\n%s", c.now().Format("15:04"), diff)
		}
	}
	if whom := d.heard[1].Whom; whom != "Helen Brandt" {
		t.Errorf("the third level is %q, want Helen Brandt", whom)
	}
}

func TestNewsIsToldUntilItIsOnRecord(t *testing.T) {
	t.Parallel()
	c, d, s := newClock(), &desk{refuse: errors.New("the log is away")}, newShelf()
	p := open(t, s, c, d)
	mustPage(t, p, "k")
	if err := press(t.Context(), p, "k", "acknowledge", "mara"); err != nil {
		t.Fatal(err)
	}
	if err := p.Tend(t.Context()); err == nil {
		t.Fatal("news that nobody took must be an error")
	}
	d.refuse = nil
	again := open(t, s, c, d) // a restart
	for range 3 {
		if err := again.Tend(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]integrations.ReceiptState{integrations.Acknowledged}, d.states()); diff != "" {
		t.Errorf("news after the restart (-want +got):\n%s", diff)
	}
}

func TestNewsWaitsWhileThePagerIsAway(t *testing.T) {
	t.Parallel()
	c, d := newClock(), &desk{}
	p := open(t, newShelf(), c, d)
	mustPage(t, p, "k")
	if err := p.Fail(t.Context(), practice.Away); err != nil {
		t.Fatal(err)
	}
	c.move(5 * time.Minute)
	if err := p.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := d.states(); len(got) != 0 {
		t.Fatalf("a pager that is away told %v", got)
	}
	if err := p.Fail(t.Context(), practice.Well); err != nil {
		t.Fatal(err)
	}
	if err := p.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := d.states(); len(got) != 1 {
		t.Fatalf("when it is back it told %v, want the escalation", got)
	}
}

func TestAnswersTwice(t *testing.T) {
	t.Parallel()
	c, d := newClock(), &desk{}
	p := open(t, newShelf(), c, d)
	if err := p.Fail(t.Context(), practice.Twice); err != nil {
		t.Fatal(err)
	}
	mustPage(t, p, "k")
	if err := press(t.Context(), p, "k", "acknowledge", "mara"); err != nil {
		t.Fatal(err)
	}
	if err := p.Tend(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []integrations.ReceiptState{integrations.Accepted, integrations.Accepted, integrations.Acknowledged, integrations.Acknowledged}
	if diff := cmp.Diff(want, d.states()); diff != "" {
		t.Errorf("news (-want +got):\n%s", diff)
	}
}

func TestSlowFaultsTakeTheirTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, s := &desk{}, newShelf()
		p, err := practice.Open(practice.Options{Shelf: s, Now: time.Now, News: d.news})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := p.Fail(t.Context(), practice.Late); err != nil {
			t.Fatal(err)
		}
		mustPage(t, p, "late")
		if took := time.Since(begun); took != 4*time.Second {
			t.Errorf("answering late took %v", took)
		}
		if err := p.Fail(t.Context(), practice.TimeOut); err != nil {
			t.Fatal(err)
		}
		begun = time.Now()
		_, err = p.Page(t.Context(), ask("silent"))
		if fault.KindOf(err) != fault.Unknown || time.Since(begun) != 9*time.Second {
			t.Errorf("timing out gave %v after %v", err, time.Since(begun))
		}
	})
}

func TestTwoReplicasTellEachThingOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, s := &desk{}, newShelf()
		o := practice.Options{Shelf: s, Now: time.Now, News: d.news, Rings: time.Minute}
		for range 2 {
			p, err := practice.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			go func() { _ = p.Run(t.Context()) }()
		}
		one, err := practice.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		mustPage(t, one, "k")
		<-time.After(10 * time.Minute)
		synctest.Wait()
		levels := map[integrations.Receipt]int{}
		for _, r := range d.heard {
			levels[r]++
		}
		if len(levels) != 3 {
			t.Errorf("news of two levels and of the end are wanted, got %v", d.states())
		}
	})
}

func TestALostAnswerOfTheShelfIsNoSecondPage(t *testing.T) {
	t.Parallel()
	s := newShelf()
	p := open(t, s, newClock(), &desk{})
	s.lose = 2
	first := mustPage(t, p, "k")
	second := mustPage(t, p, "k")
	if first.ID != second.ID || first.ID != "practice-1" {
		t.Errorf("ids %q and %q, want practice-1 twice", first.ID, second.ID)
	}
}

func TestAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	s := newShelf()
	p := open(t, s, newClock(), &desk{})
	s.away = true
	if _, err := p.Page(t.Context(), ask("k")); err == nil {
		t.Error("a page that could not be kept was accepted")
	}
	if f := p.Check(t.Context()); len(f) != 1 || f[0].Level != "fail" {
		t.Errorf("the check says %+v", f)
	}
	if err := p.Tend(t.Context()); err == nil {
		t.Error("tending without a store succeeded")
	}
}
