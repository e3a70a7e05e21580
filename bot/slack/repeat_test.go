package slack_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

// inbox is an inbox that outlives an adapter.
type inbox struct {
	mu    sync.Mutex
	taken map[string]chat.Delivery
	done  map[string]bool
	fail  error
	slow  time.Duration
}

func newInbox() *inbox { return &inbox{taken: map[string]chat.Delivery{}, done: map[string]bool{}} }

func (i *inbox) broken(err error, slow time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fail, i.slow = err, slow
}

// Take writes down, also when its answer comes too late.
func (i *inbox) Take(_ context.Context, d chat.Delivery) (bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fail != nil {
		return false, i.fail
	}
	if slow := i.slow; slow > 0 {
		i.mu.Unlock()
		time.Sleep(slow)
		i.mu.Lock()
	}
	_, is := i.taken[d.Key]
	i.taken[d.Key] = d
	return !is, nil
}

func (i *inbox) Finish(_ context.Context, key string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.done[key] = true
	return nil
}

func (i *inbox) Unfinished(_ context.Context, platform string, before time.Time) ([]chat.Delivery, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []chat.Delivery
	for key, d := range i.taken {
		if !i.done[key] && d.At.Before(before) && platform == slack.Name {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b chat.Delivery) int { return a.At.Compare(b.At) })
	return out, nil
}

func (i *inbox) left() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.taken) - len(i.done)
}

// bubble runs a test with people of a fake Slack in a bubble of time.
func bubble(t *testing.T, c slack.Config, change func(*house, *chat.House), fn func(t *testing.T, h *house, s *stage)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		own := h.House()
		if change != nil {
			change(h, &own)
		}
		fn(t, h, newStage(t, c, own))
	})
}

// boxed gives a house an inbox.
func boxed(h *house, own *chat.House) {
	h.box = newInbox()
	own.Inbox = h.box
}

// ways runs a test both ways in.
func ways(t *testing.T, change func(*house, *chat.House), fn func(t *testing.T, h *house, s *stage)) {
	t.Helper()
	t.Parallel()
	t.Run("sockets", func(t *testing.T) { bubble(t, slack.Config{AppToken: "xapp-fake"}, change, fn) })
	t.Run("http", func(t *testing.T) { bubble(t, slack.Config{SigningSecret: secret}, change, fn) })
}

func (s *stage) settle(t *testing.T) {
	t.Helper()
	for range 3 {
		if err := s.slack.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.far.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	}
}

// everything is one of each that people do where it comes as an event.
func (s *stage) everything(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	ts, _, err := s.far.Say(ctx, s.ann, s.ops, slacktest.Words{Text: "the queue grows"})
	steps := []func() error{
		func() error { return err },
		func() error { _, err := s.far.EditMessage(ctx, s.ann, s.ops, ts, "the queue shrinks"); return err },
		func() error { _, err := s.far.React(ctx, s.bo, s.ops, ts, "pushpin"); return err },
		func() error { _, err := s.far.Pin(ctx, s.bo, s.ops, ts); return err },
		func() error { _, err := s.far.Leave(ctx, s.cy, s.ops); return err },
		func() error { _, err := s.far.Join(ctx, s.cy, s.ops); return err },
		func() error { _, _, err := s.far.Mention(ctx, s.ann, s.ops, slacktest.Words{Text: "take"}); return err },
		func() error {
			_, _, err := s.far.Say(ctx, s.ann, s.far.OpenDirect(s.ann), slacktest.Words{Text: "list"})
			return err
		},
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
}

// keys gives how often each key reached the house.
func (h *house) keys() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string]int{}
	for _, m := range h.said {
		out[m.Key]++
	}
	for _, m := range h.edited {
		out[m.Key]++
	}
	for _, m := range h.reacted {
		out[m.Key]++
	}
	for _, m := range h.joined {
		out[m.Key]++
	}
	for _, r := range h.requests {
		out[r.Key]++
	}
	return out
}

// effects is how many keys everything makes.
const effects = 8

func TestEachEventFourTimesIsOneEffect(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		for name, twist := range map[string]slacktest.Twist{
			"with equal ids":        {Copies: 3},
			"with ids of their own": {Copies: 3, NewIDs: true},
		} {
			time.Sleep(time.Second)
			before := len(h.keys())
			s.far.TwistNext(100, twist)
			s.everything(t)
			s.far.TwistNext(0, slacktest.Twist{})
			s.far.Heal()
			s.settle(t)
			keys := h.keys()
			if len(keys)-before != effects {
				t.Errorf("%s: %d effects, want %d: %v", name, len(keys)-before, effects, keys)
			}
			for key, n := range keys {
				if n != 1 {
					t.Errorf("%s: %q reached the house %d times", name, key, n)
				}
			}
		}
	})
}

func TestEventsOutOfOrderAreTheSameEffects(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		s.far.Hold()
		s.everything(t)
		for i, a := range s.far.Release(true) {
			if !a.Acked {
				t.Errorf("delivery %d was not acknowledged: %v", i, a.Err)
			}
		}
		s.settle(t)
		if keys := h.keys(); len(keys) != effects {
			t.Errorf("%d effects, want %d: %v", len(keys), effects, keys)
		}
	})
}

func TestEventsAcrossARestartHaveTheSameKeys(t *testing.T) {
	ways(t, boxed, func(t *testing.T, h *house, s *stage) {
		own := h.House()
		own.Inbox = h.box
		s.far.Hold()
		s.far.TwistNext(100, slacktest.Twist{Copies: 1, NewIDs: true})
		s.everything(t)
		s.far.Release(false)
		s.settle(t)
		first := h.keys()
		if len(first) != effects {
			t.Fatalf("%d effects, want %d: %v", len(first), effects, first)
		}
		s.restart(t, own)
		a, err := s.far.Again(t.Context())
		if err != nil || !a.Acked {
			t.Fatalf("the repeat was not acknowledged: %v %v", a.Err, err)
		}
		s.settle(t)
		if keys := h.keys(); len(keys) != effects {
			t.Errorf("after the restart there are %d keys, want the same %d: %v", len(keys), effects, keys)
		}
	})
}

// restart puts an adapter that remembers nothing in the place of the other.
func (s *stage) restart(t *testing.T, h chat.House) {
	t.Helper()
	s.stop()
	c := slack.Config{APIUrl: s.far.URL(), BotToken: "xoxb-fake", SigningSecret: secret}
	if s.sockets {
		c.SigningSecret, c.AppToken = "", "xapp-fake"
	}
	s.serve(t, c, h)
}

func TestAnEventWhoseFirstDeliveryWasLostIsProcessedAtItsRetry(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		s.far.TwistNext(1, slacktest.Twist{Lost: true})
		if _, _, err := s.far.Say(t.Context(), s.ann, s.ops, slacktest.Words{Text: "lost at first"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := len(of(h, &h.said)); n != 0 {
			t.Fatalf("it was reported %d times before it arrived", n)
		}
		for range 3 {
			time.Sleep(6 * time.Minute)
			s.far.Due(t.Context())
		}
		s.settle(t)
		if all := of(h, &h.said); len(all) != 1 || all[0].Text != "lost at first" {
			t.Errorf("reported %+v", all)
		}
	})
}

func TestWhatCannotBeReadBackComesAgainAfterTheStoreIsBack(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		h.sinks(func(context.Context) error { return fault.New(fault.Unavailable, "The store does not answer.") })
		ts, _, err := s.far.Say(t.Context(), s.ann, s.ops, slacktest.Words{Text: "words"})
		if err != nil {
			t.Fatal(err)
		}
		if a, err := s.far.React(t.Context(), s.bo, s.ops, ts, "pushpin"); err != nil || a.Acked {
			t.Fatalf("a reaction that is not on record was acknowledged (%v)", err)
		}
		h.sinks(nil)
		for range 3 {
			time.Sleep(6 * time.Minute)
			s.far.Due(t.Context())
		}
		s.settle(t)
		if all := of(h, &h.reacted); len(all) != 1 || all[0].On.Text != "words" {
			t.Errorf("reported %+v", all)
		}
	})
}

func TestWordsToTheBotAreOnRecordBeforeTheyAreWorked(t *testing.T) {
	ways(t, boxed, func(t *testing.T, h *house, s *stage) {
		h.answers(func(chat.Request) chat.Reply { time.Sleep(20 * time.Second); return replied("done at last") })
		from := time.Now()
		_, a, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "take"})
		if err != nil || !a.Acked || time.Since(from) > time.Second {
			t.Fatalf("the mention was acknowledged after %s (%v, %v)", time.Since(from), a.Err, err)
		}
		s.settle(t)
		if !s.sees(t, s.ann, s.ops, "Working on it") || !s.sees(t, s.ann, s.ops, "done at last") || s.sees(t, s.bo, s.ops, "done at last") {
			t.Error("Ann does not see that it runs, and what came of it, alone")
		}
		if n := h.box.left(); n != 0 {
			t.Errorf("%d deliveries are unfinished", n)
		}
	})
}

func (s *stage) sees(t *testing.T, user, room, words string) bool {
	t.Helper()
	return s.times(t, user, room, words) > 0
}

func TestALifeThatEndedIsWorkedOff(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		box := newInbox()
		own := h.House()
		own.Inbox = box
		s.restart(t, own)
		_, a, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "first <b> & @bo"})
		if err != nil || !a.Acked {
			t.Fatal(a.Err, err)
		}
		s.settle(t)
		want := of(h, &h.requests)
		if len(want) != 1 {
			t.Fatalf("the house heard %d requests", len(want))
		}
		clear(box.done) // as if the life had ended before it was done with
		time.Sleep(time.Second)
		s.restart(t, own)
		s.settle(t)
		all := of(h, &h.requests)
		if len(all) != 2 || all[1].Key != all[0].Key || all[1].Text != all[0].Text || all[1].User.ID != s.ann || all[1].Place.Room != s.ops || all[1].Via != "mention" || !all[1].At.Equal(all[0].At) {
			t.Errorf("the next life asked %+v, the first %+v", all[len(all)-1], all[0])
		}
		if n := box.left(); n != 0 {
			t.Errorf("%d deliveries are unfinished", n)
		}
	})
}

func TestAPublicReplyOfAnEarlierLifeIsNotGivenTwice(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		box := newInbox()
		own := h.House()
		own.Inbox = box
		s.restart(t, own)
		h.answers(func(r chat.Request) chat.Reply {
			reply := replied("shown to all")
			reply.Public, reply.Repeat = true, len(of(h, &h.requests)) > 1
			return reply
		})
		if _, _, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "show here"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		clear(box.done)
		time.Sleep(time.Second)
		s.restart(t, own)
		s.settle(t)
		if n := s.times(t, s.bo, s.ops, "shown to all"); n != 1 {
			t.Errorf("Bo sees the reply %d times, want once", n)
		}
	})
}

func TestAnInboxThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		fail error
		slow time.Duration
	}{
		{"that fails", fault.New(fault.Unavailable, "The store does not answer."), 0},
		{"that hangs, and writes down all the same", nil, 10 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ways(t, nil, func(t *testing.T, h *house, s *stage) {
				box := newInbox()
				own := h.House()
				own.Inbox = box
				s.restart(t, own)
				box.broken(tt.fail, tt.slow)
				_, a, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "take"})
				if err != nil || a.Acked {
					t.Fatalf("the mention was acknowledged although it is not on record (%v)", err)
				}
				s.settle(t)
				if !s.sees(t, s.ann, s.ops, "Not recorded yet") {
					t.Error("Ann is not told")
				}
				if n := len(of(h, &h.requests)); n != 0 {
					t.Errorf("the house heard %d requests", n)
				}
				time.Sleep(30 * time.Second)
				box.broken(nil, 0)
				time.Sleep(2 * time.Minute)
				s.far.Due(t.Context())
				s.settle(t)
				if keys := h.keys(); len(of(h, &h.requests)) != 1 || len(keys) != 1 {
					t.Errorf("after Slack's repeat the house heard %d requests: %v", len(of(h, &h.requests)), keys)
				}
				if n := s.times(t, s.ann, s.ops, "heard take"); n != 1 {
					t.Errorf("Ann sees the reply %d times", n)
				}
			})
		})
	}
}

// times is how many messages with these words a user sees.
func (s *stage) times(t *testing.T, user, room, words string) int {
	t.Helper()
	all, err := s.far.Seen(user, room)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range all {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

func TestMessagesOfARoomAreReportedInTheirOrder(t *testing.T) {
	ways(t, nil, func(t *testing.T, h *house, s *stage) {
		s.far.Hold()
		for i := range 50 {
			if _, _, err := s.far.Say(t.Context(), s.ann, s.ops, slacktest.Words{Text: fmt.Sprintf("words %02d", i)}); err != nil {
				t.Fatal(err)
			}
		}
		slow := 0
		h.sinks(func(context.Context) error {
			slow++
			if slow%7 == 0 {
				time.Sleep(20 * time.Millisecond)
			}
			return nil
		})
		s.far.Release(false)
		s.settle(t)
		for i, m := range of(h, &h.said) {
			if want := fmt.Sprintf("words %02d", i); m.Text != want {
				t.Fatalf("report %d is %q, want %q", i, m.Text, want)
			}
		}
		if n := len(of(h, &h.said)); n != 50 {
			t.Errorf("%d messages were reported, want 50", n)
		}
	})
}

func TestAMessageThatAClientSentTwiceIsOneRequest(t *testing.T) {
	ways(t, boxed, func(t *testing.T, h *house, s *stage) {
		for range 2 {
			if _, _, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "declare disk full", Client: "c-1"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := s.far.Mention(t.Context(), s.ann, s.ops, slacktest.Words{Text: "declare disk full", Client: "c-2"}); err != nil {
			t.Fatal(err)
		}
		s.settle(t)
		if n := len(of(h, &h.requests)); n != 2 {
			t.Errorf("the house heard %d requests, want one of each client's message", n)
		}
	})
}
