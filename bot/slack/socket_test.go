package slack_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
	"tocsin/incident/fault"
)

// wire is an adapter with sockets to a fake Slack, in a bubble of time.
type wire struct {
	*testing.T
	*house
	far   *slacktest.Fake
	slack *slack.Slack
	deaf  atomic.Bool // nothing that was sent arrives any more
	ended chan error
	end   context.CancelFunc
	ann   string
	room  string
}

func wired(t *testing.T, fn func(w *wire)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{T: t, house: newHouse(), far: slacktest.New(slacktest.Options{Now: time.Now}), ended: make(chan error, 1)}
		w.ann = w.far.AddUser(slacktest.User{Name: "ann"}).ID
		w.room = w.far.AddRoom(slacktest.Room{Name: "ops", Members: []string{w.ann, w.far.Bot()}}).ID
		var err error
		w.slack, err = slack.New(slack.Options{
			Config: slack.Config{APIUrl: w.far.URL(), BotToken: "xoxb-fake", AppToken: "xapp-fake"},
			Now:    time.Now, Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler), HTTP: w.far.Client(), Dial: w.dial, Count: w.count,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if w.end != nil {
				w.end()
				if err := <-w.ended; err != nil {
					t.Errorf("listening ended with %v", err)
				}
			}
			w.far.Close()
			synctest.Wait()
		}()
		fn(w)
	})
}

// start begins to listen, and lets everything come to rest.
func (w *wire) start(change func(*chat.House)) {
	ctx, cancel := context.WithCancel(w.Context())
	w.end = cancel
	h := w.House()
	if change != nil {
		change(&h)
	}
	go func() { w.ended <- w.slack.Listen(ctx, http.NewServeMux(), h) }()
	synctest.Wait()
}

// wait lets time pass.
func (w *wire) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (w *wire) say(words string) slacktest.Answer {
	w.Helper()
	_, a, err := w.far.Say(w.Context(), w.ann, w.room, slacktest.Words{Text: words})
	if err != nil {
		w.Fatal(err)
	}
	synctest.Wait()
	return a
}

// tells checks the newest gap that the house was told of.
func (w *wire) tells(n int, after, before time.Time) {
	w.Helper()
	all := of(w.house, &w.missed)
	if len(all) != n {
		w.Fatalf("the house was told of %d gaps, want %d: %+v", len(all), n, all)
	}
	last := all[n-1]
	if last.Platform != "slack" || last.Room != "" || last.Since.Before(after) || last.Since.After(before) {
		w.Errorf("the gap is %+v, want one of all rooms that begins in %s–%s", last, after, before)
	}
}

// dial is the fake's, with a way to make it deaf.
func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := w.far.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &deafConn{Conn: c, deaf: &w.deaf, closed: make(chan struct{})}, nil
}

type deafConn struct {
	net.Conn
	deaf   *atomic.Bool
	closed chan struct{}
	shut   atomic.Bool
}

func (c *deafConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.deaf.Load() {
		<-c.closed
		return 0, net.ErrClosed
	}
	return n, err
}

func (c *deafConn) Close() error {
	if c.shut.CompareAndSwap(false, true) {
		close(c.closed)
	}
	return c.Conn.Close()
}

func (w *wire) opens() []slacktest.Call { return w.far.Calls("apps.connections.open") }

func TestTwoSocketsAreKept(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		if n := w.far.Sockets(); n != 2 {
			w.Fatalf("%d sockets are open, want 2", n)
		}
		if len(of(w.house, &w.missed)) == 0 {
			w.Fatal("what was said before was not asked for")
		}
		w.tells(1, time.Time{}, time.Time{}) // since nobody knows when
		for _, words := range []string{"one", "two", "three"} {
			if a := w.say(words); !a.Acked {
				w.Errorf("%q was not acknowledged: %v", words, a.Err)
			}
		}
		if n := len(of(w.house, &w.said)); n != 3 {
			w.Errorf("%d messages were reported, want 3", n)
		}
	})
}

func TestASocketIsRenewedBeforeItsTimeAndNeverBoth(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		told := len(of(w.house, &w.missed))
		for range 20 * 60 { // the fake keeps a socket for some five hours
			w.wait(time.Minute)
			if w.far.Sockets() < 2 {
				w.Fatalf("only %d sockets are open", w.far.Sockets())
			}
		}
		if n := len(w.opens()); n < 6 || n > 14 {
			w.Errorf("in 20 hours %d sockets were asked for, want some 8 to 12", n)
		}
		if n := len(of(w.house, &w.missed)); n != told {
			w.Errorf("%d gaps were told although a socket always heard", n-told)
		}
		if a := w.say("still here"); !a.Acked {
			w.Errorf("it was not acknowledged: %v", a.Err)
		}
	})
}

func TestAWarningIsHeededBeforeTheSocketIsClosed(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		w.wait(2 * time.Minute)
		told := len(of(w.house, &w.missed))
		w.far.Disconnect("warning")
		synctest.Wait()
		if n := len(w.opens()); n != 4 {
			w.Errorf("%d sockets were asked for, want 2 and 2 more", n)
		}
		for range 30 {
			if a := w.say("words"); !a.Acked {
				w.Errorf("words were not acknowledged meanwhile: %v", a.Err)
			}
			w.wait(time.Second)
		}
		if n := len(of(w.house, &w.said)); n != 30 {
			w.Errorf("%d messages were reported, want 30", n)
		}
		if n := w.far.Sockets(); n != 2 {
			w.Errorf("%d sockets are open, want 2", n)
		}
		if n := len(of(w.house, &w.missed)); n != told {
			w.Error("a gap was told although there was none")
		}
		if w.counted("socket_warning") != 2 {
			w.Errorf("counted %v", w.counts)
		}
	})
}

func TestWhatIsSaidWhileNobodyHearsIsReadBack(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(f *slacktest.Fake){
		"the sockets break":                    (*slacktest.Fake).DropSockets,
		"Slack asks to connect anew":           func(f *slacktest.Fake) { f.Disconnect("refresh_requested") },
		"Slack ends them for an unknown cause": func(f *slacktest.Fake) { f.Disconnect("brand_new_reason") },
	} {
		t.Run(name, func(t *testing.T) {
			wired(t, func(w *wire) {
				w.start(nil)
				w.wait(10 * time.Minute)
				told := len(of(w.house, &w.missed))
				w.far.Fail("apps.connections.open", 100, slacktest.Refused())
				cutAt := time.Now()
				cut(w.far)
				w.wait(20 * time.Second)
				if a := w.say("into the void"); a.Acked {
					w.Fatal("words were acknowledged although no socket is open")
				}
				if n := len(of(w.house, &w.missed)); n != told {
					w.Errorf("%d gaps were told before one can read back", n-told)
				}
				w.far.Heal()
				w.wait(3 * time.Minute)
				if n := w.far.Sockets(); n != 2 {
					w.Fatalf("%d sockets are open again, want 2", n)
				}
				w.tells(told+1, cutAt.Add(-2*time.Minute), cutAt)
			})
		})
	}
}

func TestASocketThatBreaksAloneIsAGapToo(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		w.wait(10 * time.Minute)
		told := len(of(w.house, &w.missed))
		cutAt := time.Now()
		w.far.DropOneSocket()
		synctest.Wait()
		if a := w.say("the other hears"); !a.Acked {
			w.Errorf("it was not acknowledged: %v", a.Err)
		}
		w.wait(time.Minute)
		w.tells(told+1, cutAt.Add(-2*time.Minute), cutAt)
		if n := w.far.Sockets(); n != 2 {
			w.Errorf("%d sockets are open, want 2", n)
		}
	})
}

func TestASilentSocketIsCut(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		w.wait(10 * time.Minute)
		told := len(of(w.house, &w.missed))
		deafAt := time.Now()
		w.deaf.Store(true)
		w.wait(11 * time.Second)
		w.deaf.Store(false) // new connections hear; the two of before never again
		w.wait(2 * time.Minute)
		if len(w.opens()) != 4 || w.far.Sockets() != 2 {
			w.Errorf("%d sockets were asked for and %d are open, want 4 and 2", len(w.opens()), w.far.Sockets())
		}
		if n := len(of(w.house, &w.missed)); n == told {
			w.Fatal("no gap was told")
		}
		for _, m := range of(w.house, &w.missed)[told:] {
			if m.Since.After(deafAt) || m.Since.Before(deafAt.Add(-2*time.Minute)) {
				w.Errorf("the gap begins at %s; nothing was heard since %s", m.Since, deafAt)
			}
		}
		if a := w.say("hello again"); !a.Acked {
			w.Errorf("it was not acknowledged: %v", a.Err)
		}
	})
}

func TestTooManySocketsMakeNoStorm(t *testing.T) {
	wired(t, func(w *wire) {
		w.far.RefuseSockets(10_000, "too_many_websockets")
		w.start(nil)
		for minute := range 30 {
			before := len(w.opens())
			w.wait(time.Minute)
			if n := len(w.opens()) - before; n > 5 {
				w.Errorf("in minute %d there were %d attempts, want a handful", minute, n)
			}
		}
		if n := w.counted("socket_too_many"); n != len(w.opens()) {
			w.Errorf("%d attempts, %d counted", len(w.opens()), n)
		}
		w.far.RefuseSockets(-1, "")
		w.far.Heal()
	})
}

func TestSocketsThatAreEndedAtOnceMakeNoStorm(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"warning", "refresh_requested", "too_many_websockets"} {
		t.Run(reason, func(t *testing.T) {
			wired(t, func(w *wire) {
				w.start(nil)
				for minute := range 10 {
					before := len(w.opens())
					for range 60 {
						w.far.Disconnect(reason)
						w.wait(time.Second)
					}
					if n := len(w.opens()) - before; n > 8 || minute > 0 && n > 5 {
						w.Errorf("in minute %d there were %d attempts, want a handful", minute, n)
					}
				}
				w.wait(5 * time.Minute)
				if n := w.far.Sockets(); n != 2 {
					w.Errorf("afterwards %d sockets are open, want 2", n)
				}
			})
		})
	}
}

func TestWhatCannotBeMendedIsSaid(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(w *wire)
		says string
	}{
		{"Socket Mode is switched off", func(w *wire) { w.far.Disconnect("link_disabled") }, "Socket Mode is switched off"},
		{"the app's token is worth nothing", func(w *wire) {
			w.far.Fail("apps.connections.open", 1000, slacktest.Answers("invalid_auth"))
			w.far.DropSockets()
		}, "TOCSIN_SLACK_APP_TOKEN"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wired(t, func(w *wire) {
				w.start(nil)
				tt.do(w)
				w.wait(2 * time.Minute)
				select {
				case err := <-w.ended:
					if fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), tt.says) {
						w.Errorf("listening ended with %v", err)
					}
				default:
					w.Fatal("it goes on as if nothing was wrong")
				}
				w.end()
				w.end = nil
			})
		})
	}
}

func TestOddDeliveriesOverSocketsAreSurvived(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		odd := map[string]slacktest.Answer{
			"an event of an unknown type":     w.far.DeliverUnknown(w.Context()),
			"an event with odd fields":        w.far.DeliverBroken(w.Context()),
			"an event that is no object":      w.far.DeliverRaw(w.Context(), "events_api", []byte(`[1,2]`)),
			"an event that is null":           w.far.DeliverRaw(w.Context(), "events_api", []byte(`null`)),
			"a command without a user":        w.far.DeliverRaw(w.Context(), "slash_commands", []byte(`{"text":"list"}`)),
			"an interaction that is a string": w.far.DeliverRaw(w.Context(), "interactive", []byte(`"x"`)),
			"a delivery of an unknown kind":   w.far.DeliverRaw(w.Context(), "brand_new_kind", []byte(`{}`)),
		}
		for name, a := range odd {
			if !a.Acked {
				w.Errorf("%s was not acknowledged: %v", name, a.Err)
			}
		}
		if w.counted("unknown_event") != 1 || w.counted("unreadable") < 5 {
			w.Errorf("counted %v", w.counts)
		}
		if n := w.far.Due(w.Context()); n != 0 {
			w.Errorf("%d deliveries are repeated", n)
		}
		if a := w.say("still here"); !a.Acked || w.far.Sockets() != 2 {
			w.Errorf("afterwards words are not acknowledged: %v", a.Err)
		}
	})
}

func TestAStoreThatHangsBlocksNoSocket(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		told := len(of(w.house, &w.missed))
		w.sinks(func(context.Context) error { <-w.Context().Done(); return nil }) // looks at no context
		from := time.Now()
		for range 3 {
			if a := w.say("words"); !a.Acked {
				w.Errorf("they were not acknowledged: %v", a.Err)
			}
		}
		if took := time.Since(from); took > 3*2600*time.Millisecond {
			w.Errorf("Slack waited %s", took)
		}
		synctest.Wait()
		all := of(w.house, &w.missed)[told:]
		if len(all) == 0 || all[0].Room != w.room || all[0].Since.After(from.Add(time.Second)) {
			w.Errorf("the room was not marked: %+v", all)
		}
		if w.far.Sockets() != 2 {
			w.Errorf("%d sockets are open", w.far.Sockets())
		}
		w.sinks(nil)
	})
}

func TestARoomWhoseStoreHangsAnswersAllInTime(t *testing.T) {
	wired(t, func(w *wire) {
		w.start(nil)
		w.sinks(func(context.Context) error { <-w.Context().Done(); return nil })
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				from := time.Now()
				_, a, err := w.far.Say(w.Context(), w.ann, w.room, slacktest.Words{Text: "words"})
				if took := time.Since(from); err != nil || !a.Acked || took > 2600*time.Millisecond {
					w.Errorf("they were acknowledged after %s (%v, %v)", took, a.Err, err)
				}
			})
		}
		all.Wait()
		w.sinks(nil)
	})
}
