package slack_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/incident/fault"
)

func forJob(t *testing.T, l chat.Lane) context.Context {
	ctx, stop := context.WithTimeout(chat.WithLane(t.Context(), l), 10*time.Second)
	t.Cleanup(stop)
	return ctx
}

// after is when a refused call may come again; it fails for one let through.
func after(t *testing.T, err error) time.Duration {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Unavailable || f.After <= 0 {
		t.Fatalf("the call came to %v, want a refusal with a time", err)
	}
	return f.After
}

func TestAChannelTakesThreeMessagesInThreeSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, began := slack.NewPace(time.Now), time.Now()
		var went []time.Duration
		for i := range 8 {
			if err := p.Admit(t.Context(), "chat.postMessage", "C1", strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
			went = append(went, time.Since(began))
		}
		for i, at := range went {
			if i >= 3 && at-went[i-3] < 3*time.Second {
				t.Errorf("message %d went after %s, the third before it after %s", i, at, went[i-3])
			}
		}
		if went[2] != 0 || went[7] > 6*time.Second {
			t.Errorf("they went after %v", went)
		}
		if err := p.Admit(t.Context(), "chat.postMessage", "C2", ""); err != nil || time.Since(began) != went[7] {
			t.Errorf("another channel waited too, or failed: %v", err)
		}
	})
}

func TestAPauseHoldsBackOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, began := slack.NewPace(time.Now), time.Now()
		p.Pause("chat.postMessage", "C1", 5*time.Second)
		p.Pause("pins.add", "", 7*time.Second)
		for _, free := range [][2]string{{"chat.postMessage", "C2"}, {"chat.update", ""}, {"conversations.create", ""}} {
			if err := p.Admit(t.Context(), free[0], free[1], ""); err != nil || time.Since(began) != 0 {
				t.Errorf("%v waited %s: %v", free, time.Since(began), err)
			}
		}
		if err := p.Admit(t.Context(), "chat.postMessage", "C1", ""); err != nil || time.Since(began) != 5*time.Second {
			t.Errorf("into the paused channel it went after %s: %v", time.Since(began), err)
		}
		if wait := after(t, p.Admit(forJob(t, chat.CardLane), "pins.add", "", "")); wait != 2*time.Second {
			t.Errorf("a pin may come in %s, want 2s", wait)
		}
	})
}

func TestAJobIsToldWhenToComeInsteadOfWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, began := slack.NewPace(time.Now), time.Now()
		var last time.Duration
		for i := range 40 {
			err := p.Admit(forJob(t, chat.StateLane), "conversations.create", "", "inc-"+strconv.Itoa(i))
			if i < 16 {
				if err != nil {
					t.Fatal(err)
				}
				continue
			}
			wait := after(t, err)
			if wait < last {
				t.Errorf("job %d is told to come before the one before it: %s, %s", i, wait, last)
			}
			last = wait
		}
		if time.Since(began) != 0 {
			t.Errorf("a worker was kept waiting for %s", time.Since(began))
		}
		if last != 2*time.Minute {
			t.Errorf("the last of forty is told to come in %s, want 2m", last)
		}
	})
}

func TestWhoWasToldComesBeforeWhoIsNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := slack.NewPace(time.Now)
		for i := range 16 {
			if err := p.Admit(t.Context(), "conversations.create", "", strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
		var told []string
		for i := range 16 {
			told = append(told, "told-"+strconv.Itoa(i))
			after(t, p.Admit(forJob(t, chat.StateLane), "conversations.create", "", told[i]))
		}
		time.Sleep(time.Minute)
		after(t, p.Admit(forJob(t, chat.StateLane), "conversations.create", "", "new"))
		for _, who := range told {
			if err := p.Admit(forJob(t, chat.StateLane), "conversations.create", "", who); err != nil {
				t.Errorf("%s came at the time it was told, and met %v", who, err)
			}
		}
	})
}

func TestAPersonWaitsAndIsRefusedOnlyWhenTheirTimeIsUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := slack.NewPace(time.Now)
		p.Pause("chat.update", "", 6*time.Second)
		ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()
		began := time.Now()
		after(t, p.Admit(ctx, "chat.update", "", ""))
		if waited := time.Since(began); waited != 0 {
			t.Errorf("what cannot be done in time was waited for, %s", waited)
		}
		if err := p.Admit(t.Context(), "chat.update", "", ""); err != nil || time.Since(began) != 6*time.Second {
			t.Errorf("with time it went after %s: %v", time.Since(began), err)
		}
	})
}

func TestTheUrgentGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := slack.NewPace(time.Now)
		p.Pause("chat.postMessage", "C1", 2*time.Second)
		began := time.Now()
		went := map[chat.Lane]time.Duration{}
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, l := range []chat.Lane{chat.EchoLane, chat.CardLane, chat.ReplyLane, chat.StateLane, chat.PageLane, chat.UrgentLane} {
			all.Go(func() {
				ctx := chat.WithLane(t.Context(), l)
				for p.Admit(ctx, "chat.postMessage", "C1", strconv.Itoa(int(l))) != nil {
					time.Sleep(100 * time.Millisecond)
				}
				mu.Lock()
				defer mu.Unlock()
				went[l] = time.Since(began).Round(time.Second)
			})
		}
		all.Wait()
		for l, at := range went {
			if first := l <= chat.StateLane; first != (at == 2*time.Second) || len(went) != 6 {
				t.Errorf("lane %d went after %s of %v", l, at, went)
			}
		}
	})
}

// Sixty incidents are declared at once, the worst of them last. Each job comes
// back when it was told to, as a worker has it.
func TestSixtyRoomsAppearAsTheLimitsAllowTheWorstFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, began := slack.NewPace(time.Now), time.Now()
		type job struct {
			name  string
			lane  chat.Lane
			due   time.Time
			tries int
		}
		var jobs []*job
		for i := range 60 {
			j := &job{name: strconv.Itoa(i), lane: chat.StateLane, due: time.Now()}
			if i >= 57 {
				j.lane = chat.UrgentLane
			}
			jobs = append(jobs, j)
		}
		opened := map[string]time.Duration{}
		var log []time.Time
		for len(opened) < 60 && time.Since(began) < 10*time.Minute {
			for _, j := range jobs {
				if _, done := opened[j.name]; done || j.due.After(time.Now()) {
					continue
				}
				j.tries++
				if err := p.Admit(forJob(t, j.lane), "conversations.create", "", j.name); err != nil {
					j.due = time.Now().Add(after(t, err))
					continue
				}
				opened[j.name] = time.Since(began)
				log = append(log, time.Now())
			}
			time.Sleep(100 * time.Millisecond)
		}
		if len(opened) != 60 {
			t.Fatalf("%d of 60 rooms were opened", len(opened))
		}
		for i, at := range log {
			if i >= 20 && at.Sub(log[i-20]) < time.Minute {
				t.Fatalf("rooms %d to %d were opened within a minute", i-20, i)
			}
		}
		for _, worst := range []string{"57", "58", "59"} {
			if opened[worst] > time.Second {
				t.Errorf("the room of a sev1 was opened after %s", opened[worst])
			}
		}
		for _, j := range jobs {
			if opened[j.name] > 4*time.Minute || j.tries > 8 {
				t.Errorf("room %s was opened after %s in %d tries", j.name, opened[j.name], j.tries)
			}
		}
	})
}
