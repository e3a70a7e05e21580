package bot_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/incident"
)

func TestOneAtATimeAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := bot.NewTurns()
		var mu sync.Mutex
		var order []int
		inside, most := 0, 0
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				<-time.After(time.Duration(i) * time.Microsecond) // so that they come in this order
				leave, err := turns.Enter(t.Context(), "incident/a")
				if err != nil {
					t.Error(err)
					return
				}
				defer leave()
				mu.Lock()
				order = append(order, i)
				inside++
				most = max(most, inside)
				mu.Unlock()
				<-time.After(time.Second)
				mu.Lock()
				inside--
				mu.Unlock()
			})
		}
		all.Wait()
		if most != 1 || len(order) != 20 {
			t.Errorf("%d were in at once, %d came through", most, len(order))
		}
		for i, n := range order {
			if i != n {
				t.Fatalf("the order was %v", order)
			}
		}
		if n := turns.Open(); n != 0 {
			t.Errorf("%d turns are left over", n)
		}
	})
}

func TestTwoThatWantTheSameTwoDoNotBlockEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := bot.NewTurns()
		var all sync.WaitGroup
		for i := range 50 {
			pair := []incident.Stream{"incident/a", "incident/b"}
			if i%2 == 1 {
				pair[0], pair[1] = pair[1], pair[0]
			}
			all.Go(func() {
				leave, err := turns.Enter(t.Context(), pair...)
				if err != nil {
					t.Error(err)
					return
				}
				<-time.After(time.Millisecond)
				leave()
			})
		}
		all.Wait()
	})
}

func TestTheSameStreamTwiceIsOneTurn(t *testing.T) {
	t.Parallel()
	turns := bot.NewTurns()
	leave, err := turns.Enter(t.Context(), "incident/a", "incident/a")
	if err != nil {
		t.Fatal(err)
	}
	leave()
	if n := turns.Open(); n != 0 {
		t.Errorf("%d turns are left over", n)
	}
}

func TestWhoStopsWaitingLeavesTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := bot.NewTurns()
		leave, err := turns.Enter(t.Context(), "incident/b")
		if err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turns.Enter(short, "incident/a", "incident/b"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting ended with %v", err)
		}
		other, err := turns.Enter(t.Context(), "incident/a") // it was given back
		if err != nil {
			t.Fatal(err)
		}
		other()
		leave()
		if n := turns.Open(); n != 0 {
			t.Errorf("%d turns are left over", n)
		}
	})
}
