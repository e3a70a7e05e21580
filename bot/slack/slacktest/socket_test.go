package slacktest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"tocsin/bot/slack/slacktest"
)

// socketApp is an app that listens through a socket.
type socketApp struct {
	conn *websocket.Conn
	mu   sync.Mutex
	got  []object
	ack  func(object) any // nil: without a payload; "silent": not at all
	over chan struct{}
	met  chan struct{} // closed at the first word
}

func (s *scene) connect(t *testing.T) *socketApp {
	t.Helper()
	out, _ := s.raw("apps.connections.open", "xapp-fake")
	if out["ok"] != true {
		t.Fatalf("no socket is to be had: %v", out)
	}
	return s.dialSocket(t, fmt.Sprint(out["url"]))
}

func (s *scene) dialSocket(t *testing.T, url string) *socketApp {
	t.Helper()
	d := websocket.Dialer{NetDialContext: s.Dial}
	conn, resp, err := d.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatalf("dialing: %v (%v)", err, resp)
	}
	a := &socketApp{conn: conn, over: make(chan struct{}), met: make(chan struct{})}
	go a.run()
	<-a.met
	t.Cleanup(func() { _ = conn.Close(); <-a.over })
	return a
}

func (a *socketApp) run() {
	defer close(a.over)
	for {
		_, body, err := a.conn.ReadMessage()
		if err != nil {
			return
		}
		var o object
		if json.Unmarshal(body, &o) != nil {
			o = object{"unread": string(body)}
		}
		a.mu.Lock()
		if a.got = append(a.got, o); len(a.got) == 1 {
			close(a.met)
		}
		ack := a.ack
		a.mu.Unlock()
		id, _ := o["envelope_id"].(string)
		if id == "" {
			continue
		}
		answer := object{"envelope_id": id}
		if ack != nil {
			payload := ack(o)
			if payload == "silent" {
				continue
			}
			if payload != nil {
				answer["payload"] = payload
			}
		}
		if a.conn.WriteJSON(answer) != nil {
			return
		}
	}
}

func (a *socketApp) all() []object {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]object{}, a.got...)
}

func (a *socketApp) acks(do func(object) any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ack = do
}

// bubble runs a test with fake time, over connections in memory.
func bubble(t *testing.T, name string, o slacktest.Options, do func(t *testing.T, s *scene)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			o.Now = time.Now
			s := newScene(t, o)
			do(t, s)
			s.Close()
		})
	})
}

func TestSocket(t *testing.T) {
	t.Parallel()

	bubble(t, "it says hello, and hands over what people say", slacktest.Options{}, func(t *testing.T, s *scene) {
		a := s.connect(t)
		ts, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "<b> & @bo"})
		must(t, err)
		if !answer.Acked || answer.ID == "" {
			t.Fatalf("the answer is %+v", answer)
		}
		all := a.all()
		if all[0]["type"] != "hello" || dig(t, all[0], "connection_info", "app_id") == nil || all[0]["num_connections"] != 1.0 {
			t.Errorf("the first is %v", all[0])
		}
		env := all[1]
		ev := dig(t, env, "payload", "event").(object)
		if env["type"] != "events_api" || env["accepts_response_payload"] != false || ev["text"] != "&lt;b&gt; &amp; <@"+s.bo+">" || ev["ts"] != ts || ev["client_msg_id"] == nil {
			t.Errorf("the envelope is %v", env)
		}
		auth := dig(t, env, "payload", "authorizations", 0).(object)
		if auth["team_id"] != "T0TOCSIN" || auth["user_id"] != s.bot || dig(t, env, "payload", "event_id") != answer.ID {
			t.Errorf("the payload is %v", env["payload"])
		}
	})

	bubble(t, "a silent app is told again with the same event and a retry's number", slacktest.Options{}, func(t *testing.T, s *scene) {
		a := s.connect(t)
		silent := 2
		a.acks(func(object) any {
			if silent--; silent >= 0 {
				return "silent"
			}
			return nil
		})
		_, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		if answer.Acked || answer.Retries != 1 {
			t.Fatalf("the answer is %+v", answer)
		}
		if n := s.Due(t.Context()); n != 0 {
			t.Errorf("%d are due at once", n)
		}
		time.Sleep(time.Minute)
		if n := s.Due(t.Context()); n != 1 {
			t.Errorf("%d are due after a minute, want 1", n)
		}
		all := a.all()
		if len(all) != 4 {
			t.Fatalf("%d came: %v", len(all), all)
		}
		for i, env := range all[1:] {
			if dig(t, env, "payload", "event_id") != answer.ID || env["retry_attempt"] != float64(i) || (env["retry_reason"] == "") != (i == 0) {
				t.Errorf("attempt %d is %v", i, env)
			}
		}
		if n := s.Due(t.Context()); n != 0 {
			t.Errorf("%d are due after it was acknowledged", n)
		}
	})

	bubble(t, "an acknowledgement of 20 KiB is dropped without a word", slacktest.Options{}, func(t *testing.T, s *scene) {
		a := s.connect(t)
		a.acks(func(object) any { return object{"text": strings.Repeat("x", 21<<10)} })
		answer, err := s.Slash(t.Context(), s.ann, s.room, "list")
		must(t, err)
		if answer.Acked || answer.Err == nil {
			t.Errorf("it was taken: %+v", answer)
		}
		a.acks(func(object) any { return object{"text": "short"} })
		if answer, err = s.Slash(t.Context(), s.ann, s.room, "list"); err != nil || !answer.Acked {
			t.Errorf("the next is %+v, %v", answer, err)
		}
		if got := s.newest(s.ann); !got.Alone || got.Text != "short" {
			t.Errorf("Ann sees %+v", got)
		}
	})

	bubble(t, "payloads go to one socket each, in turn", slacktest.Options{}, func(t *testing.T, s *scene) {
		one, two := s.connect(t), s.connect(t)
		for range 4 {
			_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
			must(t, err)
		}
		if len(one.all()) != 3 || len(two.all()) != 3 {
			t.Errorf("the sockets got %d and %d", len(one.all()), len(two.all()))
		}
		s.DropOneSocket()
		synctest.Wait()
		if s.Sockets() != 1 {
			t.Errorf("%d sockets are left", s.Sockets())
		}
		if _, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"}); err != nil || !answer.Acked {
			t.Errorf("with one left: %+v, %v", answer, err)
		}
	})

	bubble(t, "what a broken socket did not acknowledge comes through another", slacktest.Options{}, func(t *testing.T, s *scene) {
		one := s.connect(t)
		two := s.connect(t)
		breaking := func(object) any { _ = one.conn.Close(); return "silent" }
		one.acks(breaking)
		two.acks(func(object) any { return nil })
		for range 2 {
			if _, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"}); err != nil || !answer.Acked {
				t.Errorf("the answer is %+v, %v", answer, err)
			}
		}
	})

	bubble(t, "disconnects give their reasons", slacktest.Options{}, func(t *testing.T, s *scene) {
		a := s.connect(t)
		s.Disconnect("warning")
		synctest.Wait()
		if s.Sockets() != 1 {
			t.Error("a warning closed the socket")
		}
		s.Disconnect("refresh_requested")
		<-a.over
		all := a.all()
		if len(all) != 3 || all[1]["reason"] != "warning" || all[2]["reason"] != "refresh_requested" || all[2]["type"] != "disconnect" {
			t.Errorf("the socket got %v", all)
		}
		if s.Sockets() != 0 {
			t.Errorf("%d sockets are left", s.Sockets())
		}
		s.RefuseSockets(1, "link_disabled")
		refused := s.connect(t)
		<-refused.over
		if all := refused.all(); len(all) != 1 || all[0]["reason"] != "link_disabled" {
			t.Errorf("the refused socket got %v", all)
		}
		if again := s.connect(t); s.Sockets() != 1 {
			t.Errorf("afterwards %d sockets are there, and it got %v", s.Sockets(), again.all())
		}
	})

	bubble(t, "the eleventh socket is one too many, and an address is good for one", slacktest.Options{}, func(t *testing.T, s *scene) {
		for range 10 {
			s.connect(t)
		}
		eleventh := s.connect(t)
		<-eleventh.over
		if all := eleventh.all(); len(all) != 1 || all[0]["reason"] != "too_many_websockets" {
			t.Errorf("the eleventh got %v", all)
		}
		out, _ := s.raw("apps.connections.open", "xapp-fake")
		s.DropSockets()
		synctest.Wait()
		s.dialSocket(t, out["url"].(string))
		d := websocket.Dialer{NetDialContext: s.Dial}
		if _, resp, err := d.DialContext(t.Context(), out["url"].(string), nil); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("the address was good twice: %v, %v", resp, err)
		}
	})

	bubble(t, "nobody listens: a command says so, an event waits for its retry", slacktest.Options{}, func(t *testing.T, s *scene) {
		answer, err := s.Slash(t.Context(), s.ann, s.room, "list")
		must(t, err)
		if answer.Acked || answer.Err == nil {
			t.Errorf("the command's answer is %+v", answer)
		}
		_, answer, err = s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		if answer.Acked {
			t.Errorf("the message's answer is %+v", answer)
		}
		a := s.connect(t)
		time.Sleep(time.Minute)
		if n := s.Due(t.Context()); n != 1 {
			t.Errorf("%d were due, want the event alone", n)
		}
		if all := a.all(); len(all) != 2 || all[1]["retry_attempt"] != 2.0 {
			t.Errorf("the socket got %v", all)
		}
	})

	bubble(t, "pings are sent, and Run brings them and the retries", slacktest.Options{}, func(t *testing.T, s *scene) {
		a := s.connect(t)
		pings := 0
		a.conn.SetPingHandler(func(string) error { pings++; return nil })
		s.PingSockets()
		synctest.Wait()
		s.DropSockets()
		_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		b := s.connect(t)
		go s.Run(t.Context())
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if pings != 1 || len(b.all()) != 2 {
			t.Errorf("%d pings came to the first, %v to the second", pings, b.all())
		}
	})

	bubble(t, "bytes that are nothing arrive as they are", slacktest.Options{}, func(t *testing.T, s *scene) {
		a := s.connect(t)
		if answer := s.DeliverRaw(t.Context(), "events_api", []byte(`{"event":`)); answer.Acked {
			t.Errorf("it was acknowledged: %+v", answer)
		}
		if all := a.all(); len(all) != 3 || !strings.Contains(fmt.Sprint(all[1]["unread"]), `"payload":{"event":,`) {
			t.Errorf("the socket got %v", all)
		}
		for _, answer := range []slacktest.Answer{s.DeliverRaw(t.Context(), "events_api", []byte(`[1]`)), s.DeliverUnknown(t.Context()), s.DeliverBroken(t.Context())} {
			if !answer.Acked {
				t.Errorf("the answer is %+v", answer)
			}
		}
	})

	bubble(t, "wrong tokens open no socket", slacktest.Options{}, func(t *testing.T, s *scene) {
		for token, want := range map[string]string{"xoxb-fake": "not_allowed_token_type", "xapp-other": "invalid_auth", "": "not_authed"} {
			if out, _ := s.raw("apps.connections.open", token); out["error"] != want {
				t.Errorf("%q got %v, want %s", token, out, want)
			}
		}
		if out, _ := s.raw("auth.test", "xapp-fake"); out["error"] != "not_allowed_token_type" {
			t.Errorf("the app's token got %v", out)
		}
		a := s.connect(t)
		s.RevokeToken()
		<-a.over
		if out, _ := s.raw("apps.connections.open", "xapp-fake"); out["error"] != "token_revoked" {
			t.Errorf("a revoked token got %v", out)
		}
		s.refused("token_revoked", "auth.test")
		s.RestoreToken()
		s.ok("auth.test")
	})
}
