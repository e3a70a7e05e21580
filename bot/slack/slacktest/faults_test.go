package slacktest_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"tocsin/bot/slack/slacktest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	send := func(s *scene) (object, *http.Response, error) {
		return s.try("chat.postMessage", "xoxb-fake", "channel", s.room, "text", "x")
	}

	t.Run("calls are limited, in both of Slack's ways", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.Fail("chat.postMessage", 1, slacktest.RateLimited(1500*time.Millisecond))
		s.Fail("chat.postMessage", 1, slacktest.RatelimitedOK())
		_, resp, err := send(s)
		must(t, err)
		if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "2" {
			t.Errorf("the first got %d, %v", resp.StatusCode, resp.Header)
		}
		if out, resp, err := send(s); err != nil || resp.StatusCode != http.StatusOK || out["error"] != "ratelimited" {
			t.Errorf("the second got %v, %v", out, err)
		}
		s.ok("auth.test")
		if len(s.seen(s.ann)) != 0 {
			t.Error("a refused message is seen")
		}
		s.post("the third comes through")
		calls := s.Calls("chat.postMessage")
		if len(calls) != 3 || calls[0].Status != 429 || calls[1].Error != "ratelimited" || calls[2].Error != "" || calls[2].Args["text"] != "the third comes through" || calls[2].Args["token"] != "" {
			t.Errorf("the calls are %+v", calls)
		}
	})

	t.Run("servers fail, calls are refused, and that can be healed", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.Fail("", 2, slacktest.Status(503))
		if _, resp, err := send(s); err != nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("it got %v, %v", resp, err)
		}
		if _, resp, err := s.try("auth.test", "xoxb-fake"); err != nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("it got %v, %v", resp, err)
		}
		s.Fail("chat.postMessage", 1, slacktest.Answers("fatal_error"))
		s.refused("fatal_error", "chat.postMessage", "channel", s.room, "text", "x")
		s.Fail("chat.postMessage", 100, slacktest.Status(500))
		s.Heal()
		s.post("whole again")
		if all := s.seen(s.ann); len(all) != 1 {
			t.Errorf("Ann sees %+v", all)
		}
	})

	t.Run("an answer is lost after it was done", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.Fail("chat.postMessage", 1, slacktest.Lost())
		if out, _, err := send(s); err == nil {
			t.Errorf("an answer came: %v", out)
		}
		if all := s.seen(s.ann); len(all) != 1 {
			t.Errorf("Ann sees %+v", all)
		}
		if c := s.Calls("chat.postMessage")[0]; c.Status != 0 || c.Error != "" {
			t.Errorf("the call is %+v", c)
		}
	})

	t.Run("each answer is lost once, and the call is watched before", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		var watched []string
		s.Watch(func(c slacktest.Call) { watched = append(watched, c.Method+" "+c.Args["text"]) })
		s.LoseEachAnswerOnce()
		s.ok("conversations.history", "channel", s.room)
		for _, words := range []string{"one", "two"} {
			if _, _, err := s.try("chat.postMessage", "xoxb-fake", "channel", s.room, "text", words); err == nil {
				t.Errorf("the first answer to %q came", words)
			}
			s.post(words)
		}
		if out, _, err := s.try("chat.postMessage", "xoxb-fake", "channel", "C404", "text", "one"); err != nil || out["error"] != "channel_not_found" {
			t.Errorf("a refusal was lost: %v, %v", out, err)
		}
		s.Heal()
		s.post("three")
		if n := len(s.seen(s.ann)); n != 5 {
			t.Errorf("%d messages are seen", n)
		}
		if got := strings.Join(watched, ", "); got != "conversations.history , chat.postMessage one, chat.postMessage one, chat.postMessage two, chat.postMessage two, chat.postMessage one, chat.postMessage three" {
			t.Errorf("watched were %s", got)
		}
	})

	t.Run("nobody is reached", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		s.Fail("chat.postMessage", 1, slacktest.Refused())
		s.ok("auth.test")
		_, _, err := send(s)
		var op *net.OpError
		if !errors.As(err, &op) || op.Op != "dial" || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("the error is %v", err)
		}
		s.post("it is back")
		if len(s.seen(s.ann)) != 1 {
			t.Error("the refused message is seen")
		}
		s.Fail("auth.test", 1, slacktest.Status(500))
		s.Fail("auth.test", 1, slacktest.Refused())
		if _, resp, err := s.try("auth.test", "xoxb-fake"); err != nil || resp.StatusCode != http.StatusInternalServerError {
			t.Errorf("faults came out of their order: %v, %v", resp, err)
		}
	})

	t.Run("calls are slow, and hang", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newScene(t, slacktest.Options{Now: time.Now})
			s.Fail("chat.postMessage", 1, slacktest.Slow(2*time.Second))
			before := time.Now()
			s.post("slow")
			if d := time.Since(before); d != 2*time.Second {
				t.Errorf("it took %v", d)
			}
			s.Latency(100 * time.Millisecond)
			s.ok("auth.test")
			if d := time.Since(before); d != 2100*time.Millisecond {
				t.Errorf("with the other it took %v", d)
			}
			s.Fail("auth.test", 2, slacktest.Hang())
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"auth.test", strings.NewReader("token=xoxb-fake"))
			must(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if _, err := s.http.Do(r); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the hanging call gave %v", err)
			}
			done := make(chan error, 1)
			go func() {
				_, _, err := s.try("auth.test", "xoxb-fake")
				done <- err
			}()
			synctest.Wait()
			s.Close()
			if err := <-done; err == nil {
				t.Error("a call that hung was answered at the end")
			}
		})
	})

	t.Run("response URLs and sockets fail too", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		_, err := s.Slash(t.Context(), s.ann, s.room, "x")
		must(t, err)
		url := a.payloads(t)[0]["response_url"].(string)
		s.Fail("response_url", 1, slacktest.Status(500))
		s.Fail("response_url", 1, slacktest.Lost())
		respond := func() (*http.Response, error) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"text":"x"}`))
			must(t, err)
			return s.http.Do(r)
		}
		if resp, err := respond(); err != nil || resp.StatusCode != http.StatusInternalServerError || len(s.seen(s.ann)) != 0 {
			t.Errorf("the first got %v, %v", resp, err)
		}
		if resp, err := respond(); err == nil || len(s.seen(s.ann)) != 1 {
			t.Errorf("the second got %v", resp)
		}
		s.Fail("socket", 1, slacktest.Status(500))
		out, _ := s.raw("apps.connections.open", "xapp-fake")
		d := websocket.Dialer{NetDialContext: s.Dial}
		if _, resp, err := d.DialContext(t.Context(), out["url"].(string), nil); err == nil || resp == nil || resp.StatusCode != http.StatusInternalServerError {
			t.Errorf("the socket got %v, %v", resp, err)
		}
	})
}

func TestLimits(t *testing.T) {
	t.Parallel()

	t.Run("a tier lets so many through in a minute", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{Limits: true})
		count := func(method string, args ...string) (n int, wait string) {
			for range 200 {
				_, resp := s.raw(method, "xoxb-fake", args...)
				if resp.StatusCode == http.StatusTooManyRequests {
					return n, resp.Header.Get("Retry-After")
				}
				n++
			}
			return n, ""
		}
		for _, tt := range []struct {
			method string
			args   []string
			want   int
		}{
			{"conversations.setTopic", []string{"channel", s.room, "topic", "x"}, 20},
			{"conversations.history", []string{"channel", s.room}, 50},
			{"users.info", []string{"user", s.ann}, 100},
		} {
			n, wait := count(tt.method, tt.args...)
			if n != tt.want || wait != "60" {
				t.Errorf("%s let %d through and says wait %s, want %d and 60", tt.method, n, wait, tt.want)
			}
		}
		s.clock.Advance(59 * time.Second)
		if n, wait := count("users.info", "user", s.ann); n != 0 || wait != "1" {
			t.Errorf("too early %d came through, to wait is %s", n, wait)
		}
		s.clock.Advance(time.Second)
		if n, _ := count("users.info", "user", s.ann); n != 100 {
			t.Errorf("after a minute %d came through", n)
		}
	})

	t.Run("a room takes a message a second", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{Limits: true})
		sent := func(room string) bool {
			_, resp := s.raw("chat.postMessage", "xoxb-fake", "channel", room, "text", "x")
			return resp.StatusCode == http.StatusOK
		}
		for range 3 {
			if !sent(s.room) {
				t.Error("a short burst was stopped")
			}
		}
		if sent(s.room) || !sent(s.other) {
			t.Error("the limit is not that of one room")
		}
		for range 20 {
			s.clock.Advance(time.Second)
			if !sent(s.room) {
				s.clock.Advance(2 * time.Second) // the burst is paid back
			}
		}
		s.clock.Advance(3 * time.Second)
		for range 20 {
			if s.clock.Advance(time.Second); !sent(s.room) {
				t.Error("one a second was stopped")
			}
		}
	})

	t.Run("without limits there are none", func(t *testing.T) {
		t.Parallel()
		s := newScene(t, slacktest.Options{})
		for range 30 {
			s.post("x")
		}
	})
}

func TestServe(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	s.Serve(l)
	if want := "http://" + l.Addr().String() + "/api/"; s.URL() != want {
		t.Errorf("the address is %q, want %q", s.URL(), want)
	}
	s.http = &http.Client{Transport: &http.Transport{}}
	s.post("over the network")
	out, _ := s.raw("apps.connections.open", "xapp-fake")
	conn, _, err := websocket.DefaultDialer.DialContext(t.Context(), out["url"].(string), nil)
	must(t, err)
	var hello object
	must(t, conn.ReadJSON(&hello))
	if hello["type"] != "hello" {
		t.Errorf("the socket got %v", hello)
	}
	s.Close()
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("the socket is open after Close")
	}
	if _, _, err := s.try("auth.test", "xoxb-fake"); err == nil {
		t.Error("calls are answered after Close")
	}
	s.Close()
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s, a := hooked(t, slacktest.Options{})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 5 {
				if i%2 == 0 {
					_, _, _ = s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
				} else {
					_, _, _ = s.try("chat.postMessage", "xoxb-fake", "channel", s.room, "text", "x")
				}
				_, _ = s.Seen(s.bo, s.room)
			}
		})
	}
	all.Wait()
	must(t, s.Settle(t.Context()))
	if n := len(s.seen(s.bo)); n != 40 {
		t.Errorf("%d messages stand in the room", n)
	}
	if n := len(a.events(t, "message")); n != 40 {
		t.Errorf("the app heard %d", n)
	}
	stamps := map[string]bool{}
	for _, m := range s.Messages(s.room) {
		stamps[m.TS] = true
	}
	if len(stamps) != 40 {
		t.Errorf("there are %d stamps", len(stamps))
	}
}
