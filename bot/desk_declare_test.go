package bot_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func TestTheSameRequestThreeTimesAtOnceIsOneOutcome(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desks := []*bot.Desk{o.desk(false), o.desk(false), o.desk(false)}
	in := from("ann", "one", "declare search is down")
	var got [3]string
	var all sync.WaitGroup
	for i, d := range desks {
		all.Go(func() {
			r, err := d.Declare(t.Context(), in, declaring(in, incident.Declaration{Title: "search is down"}))
			if err != nil {
				t.Error(err)
			}
			got[i] = bytesOf(t, r)
		})
	}
	all.Wait()
	if got[0] != got[1] || got[1] != got[2] {
		t.Errorf("three answers: %q", got)
	}
	if n := len(o.events(incident.IDFor("one"))); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestDeclaresFromSeveralReplicasTakeNumbersWithoutAGap(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desks := []*bot.Desk{o.desk(false), o.desk(false)}
	var mu sync.Mutex
	var got []string
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			in := from("ann", fmt.Sprint("d", i), fmt.Sprint("declare ", i))
			title := "x"
			if i%3 == 0 {
				title = "" // refused: takes no number
			}
			r, err := desks[i%2].Declare(t.Context(), in, declaring(in, incident.Declaration{Title: title}))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if r.Kind == "" {
				got = append(got, told(t, r, nil))
			}
		})
	}
	all.Wait()
	var want []string
	for n := range 20 {
		want = append(want, fmt.Sprintf("INC-%d: x", n+1))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("numbers:\n%v", got)
	}
}

func TestADeclareWhoseKeyHasExpiredAnswersFromItsStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		d := o.desk(true)
		in := from("ann", "old", "declare search is down")
		first, err := d.Declare(t.Context(), in, declaring(in, incident.Declaration{Title: "search is down"}))
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(9 * 24 * time.Hour)
		if _, err := o.store.Sweep(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		for _, d := range []*bot.Desk{d, o.desk(true)} {
			again, err := d.Declare(t.Context(), in, declaring(in, incident.Declaration{Title: "search is down"}))
			if got := told(t, again, err); !again.Repeat || bytesOf(t, again) != bytesOf(t, first) {
				t.Errorf("nine days later: %q", got)
			}
			other := from("bo", "old", "declare search is down")
			if r, err := d.Declare(t.Context(), other, declaring(other, incident.Declaration{Title: "x"})); fault.KindOf(err) != fault.Conflict {
				t.Errorf("with somebody else's key: %s", told(t, r, err))
			}
		}
		if n, err := o.store.NextNumber(t.Context()); n != 2 || err != nil {
			t.Errorf("the next number is %d (%v)", n, err)
		}
	})
}
