package slacktest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/slack/slacktest"
)

func TestHook(t *testing.T) {
	t.Parallel()

	t.Run("a delivery is signed over its bytes and its time", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{SigningSecret: "s3"})
		_, err := s.Slash(t.Context(), s.ann, s.room, "list")
		must(t, err)
		r := a.got[0]
		at := r.Header.Get("X-Slack-Request-Timestamp")
		mac := hmac.New(sha256.New, []byte("s3"))
		mac.Write([]byte("v0:" + at + ":" + a.bodies[0]))
		if want := "v0=" + hex.EncodeToString(mac.Sum(nil)); r.Header.Get("X-Slack-Signature") != want {
			t.Errorf("the signature is %q, want %q", r.Header.Get("X-Slack-Signature"), want)
		}
		if at != "1795662000" || r.Header.Get("X-Slack-Retry-Num") != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("the headers are %v", r.Header)
		}
	})

	t.Run("an event that fails comes at once, after a minute, after five, and no more", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusInternalServerError) })
		_, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		if answer.Acked || answer.Status != 500 || answer.Retries != 1 {
			t.Errorf("the answer is %+v", answer)
		}
		for _, step := range []struct {
			wait time.Duration
			due  int
		}{{0, 0}, {59 * time.Second, 0}, {time.Second, 1}, {4 * time.Minute, 0}, {time.Minute, 1}, {time.Hour, 0}} {
			s.clock.Advance(step.wait)
			if n := s.Due(t.Context()); n != step.due {
				t.Errorf("%v later %d are due, want %d", step.wait, n, step.due)
			}
		}
		if len(a.got) != 4 {
			t.Fatalf("it came %d times", len(a.got))
		}
		for i, want := range []string{"", "1", "2", "3"} {
			reason := ""
			if i > 0 {
				reason = "http_error"
			}
			if h := a.got[i].Header; h.Get("X-Slack-Retry-Num") != want || h.Get("X-Slack-Retry-Reason") != reason {
				t.Errorf("attempt %d has %q, %q", i, h.Get("X-Slack-Retry-Num"), h.Get("X-Slack-Retry-Reason"))
			}
		}
		if a.bodies[0] != a.bodies[3] {
			t.Error("the retry is another event")
		}
	})

	t.Run("an app that wants no retry gets none", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) {
			w.Header().Set("X-Slack-No-Retry", "1")
			w.WriteHeader(http.StatusInternalServerError)
		})
		_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		s.clock.Advance(time.Hour)
		if n := s.Due(t.Context()); n != 0 || len(a.got) != 1 {
			t.Errorf("%d are due, and %d came", n, len(a.got))
		}
	})

	t.Run("a command that fails is not repeated", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) { w.WriteHeader(http.StatusInternalServerError) })
		answer, err := s.Slash(t.Context(), s.ann, s.room, "list")
		must(t, err)
		s.clock.Advance(time.Hour)
		if n := s.Due(t.Context()); answer.Acked || n != 0 || len(a.got) != 1 {
			t.Errorf("the answer is %+v; %d are due, and %d came", answer, n, len(a.got))
		}
	})

	t.Run("a handler that hangs is left after three seconds", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, a := hooked(t, slacktest.Options{Now: time.Now})
			broken := 0
			a.answers(func(_ http.ResponseWriter, r *http.Request, _ string) {
				<-r.Context().Done()
				broken++
			})
			before := time.Now()
			answer, err := s.Slash(t.Context(), s.ann, s.room, "list")
			must(t, err)
			if answer.Acked || time.Since(before) != 3*time.Second {
				t.Errorf("after %v the answer is %+v", time.Since(before), answer)
			}
			synctest.Wait()
			if broken != 1 {
				t.Error("the handler was not told")
			}
			s.Close()
		})
	})

	t.Run("an address is asked whether the app is there", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		if _, err := s.VerifyURL(t.Context()); err == nil {
			t.Error("an app that says nothing is taken for one")
		}
		a.answers(func(w http.ResponseWriter, _ *http.Request, body string) { _, _ = w.Write([]byte(body)) })
		if answer, err := s.VerifyURL(t.Context()); err != nil || !answer.Acked {
			t.Errorf("the answer is %+v, %v", answer, err)
		}
	})

	t.Run("a network brings the same", func(t *testing.T) {
		t.Parallel()
		a := &app{}
		server := httptest.NewServer(a)
		t.Cleanup(server.Close)
		s := newScene(t, slacktest.Options{})
		s.SetHook(slacktest.ToURL(server.Client(), server.URL))
		a.answers(func(w http.ResponseWriter, _ *http.Request, _ string) { _, _ = w.Write([]byte("plain words")) })
		answer, err := s.Slash(t.Context(), s.ann, s.room, "list")
		must(t, err)
		if !answer.Acked || string(answer.Body) != "plain words" || s.newest(s.ann).Text != "plain words" {
			t.Errorf("the answer is %+v", answer)
		}
		server.Close()
		if answer, err = s.Slash(t.Context(), s.ann, s.room, "list"); err != nil || answer.Acked || answer.Err == nil {
			t.Errorf("with the app gone: %+v, %v", answer, err)
		}
	})
}

func TestMail(t *testing.T) {
	t.Parallel()

	t.Run("the same gesture again has the same id", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		if _, err := s.Again(t.Context()); err == nil {
			t.Error("something was repeated before anything was done")
		}
		_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		answer, err := s.Again(t.Context())
		must(t, err)
		if !answer.Acked || len(a.bodies) != 2 || a.bodies[0] != a.bodies[1] || a.got[1].Header.Get("X-Slack-Retry-Num") != "1" {
			t.Errorf("the repeat is %+v, of %q", answer, a.bodies)
		}
	})

	t.Run("an event can come twice, with its id and with another", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		s.TwistNext(1, slacktest.Twist{Copies: 1})
		s.TwistNext(1, slacktest.Twist{Copies: 1, NewIDs: true})
		for range 3 {
			_, _, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
			must(t, err)
		}
		var ids []string
		for _, p := range a.payloads(t) {
			ids = append(ids, p["event_id"].(string))
		}
		if len(ids) != 5 || ids[0] != ids[1] || ids[2] == ids[3] || a.events(t, "message")[2]["ts"] != a.events(t, "message")[3]["ts"] {
			t.Errorf("the ids are %q", ids)
		}
	})

	t.Run("an event can be lost, and comes as a retry", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		s.TwistNext(1, slacktest.Twist{Lost: true})
		_, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		if answer.Acked || len(a.got) != 0 {
			t.Fatalf("the lost one came: %+v", answer)
		}
		if n := s.Due(t.Context()); n != 1 || len(a.got) != 1 || a.got[0].Header.Get("X-Slack-Retry-Num") != "1" {
			t.Errorf("%d were due, %d came", n, len(a.got))
		}
	})

	t.Run("an event can be late", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, a := hooked(t, slacktest.Options{Now: time.Now})
			s.TwistNext(1, slacktest.Twist{Delay: 10 * time.Second})
			before := time.Now()
			_, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
			must(t, err)
			if !answer.Acked || time.Since(before) != 10*time.Second || len(a.got) != 1 {
				t.Errorf("after %v: %+v", time.Since(before), answer)
			}
			s.Close()
		})
	})

	t.Run("what is held comes in another order", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		s.Hold()
		for _, words := range []string{"one", "two", "three"} {
			_, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: words})
			must(t, err)
			if answer.Acked {
				t.Errorf("%q came", words)
			}
		}
		s.post("of the bot's")
		if answers := s.Release(true); len(answers) != 4 || !answers[0].Acked {
			t.Errorf("the answers are %+v", answers)
		}
		var got []string
		for _, ev := range a.events(t, "message") {
			got = append(got, ev["text"].(string))
		}
		if strings.Join(got, " ") != "of the bot's three two one" {
			t.Errorf("they came as %q", got)
		}
	})

	t.Run("what nobody understands is delivered", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{})
		for _, answer := range []slacktest.Answer{s.DeliverUnknown(t.Context()), s.DeliverBroken(t.Context()), s.DeliverRaw(t.Context(), "events_api", []byte(`"words"`))} {
			if !answer.Acked {
				t.Errorf("the answer is %+v", answer)
			}
		}
		if len(a.got) != 3 || !strings.Contains(a.bodies[0], "moon_landed") {
			t.Errorf("they came as %q", a.bodies)
		}
	})

	t.Run("what the app may not hear is not told", func(t *testing.T) {
		t.Parallel()
		s, a := hooked(t, slacktest.Options{Events: []string{"app_mention", "message.groups"}})
		_, answer, err := s.Say(t.Context(), s.ann, s.room, slacktest.Words{Text: "x"})
		must(t, err)
		if answer.Acked || answer.Err == nil {
			t.Errorf("the answer is %+v", answer)
		}
		if _, answer, err = s.Mention(t.Context(), s.ann, s.room, slacktest.Words{Text: "help"}); err != nil || !answer.Acked {
			t.Errorf("the mention's answer is %+v, %v", answer, err)
		}
		s.RemoveScope("app_mentions:read")
		if _, answer, err = s.Mention(t.Context(), s.ann, s.room, slacktest.Words{Text: "help"}); err != nil || answer.Acked {
			t.Errorf("without the scope the answer is %+v, %v", answer, err)
		}
		if len(a.got) != 1 {
			t.Errorf("the app heard %q", a.bodies)
		}
		if all := s.Deliveries(); len(all) != 1 || all[0].Event != "app_mention" || !all[0].Answer.Acked {
			t.Errorf("the deliveries are %+v", all)
		}
	})
}
