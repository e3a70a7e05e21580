package slack_test

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/incident/fault"
)

// behind is an adapter whose Web API is a handler, over a real connection.
func behind(t *testing.T, h http.HandlerFunc) *slack.Slack {
	t.Helper()
	far := httptest.NewServer(h)
	t.Cleanup(far.Close)
	return at(t, far.URL)
}

func at(t *testing.T, url string) *slack.Slack {
	t.Helper()
	s, err := slack.New(slack.Options{
		Config: slack.Config{APIUrl: url, BotToken: "xoxb-secret", AppToken: "xapp-secret"},
		Now:    time.Now, Jitter: func() float64 { return 0 }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func says(t *testing.T, s *slack.Slack, want ...fault.Kind) {
	t.Helper()
	_, err := s.Post(t.Context(), chat.Post{Room: "C1", Message: text("x")})
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		t.Fatalf("the post came to %v", err)
	}
	for _, k := range want {
		if f.Kind == k {
			if strings.Contains(err.Error(), "xoxb") || strings.Contains(err.Error(), "127.0.0.1/") {
				t.Errorf("the error holds a secret: %v", err)
			}
			return
		}
	}
	t.Errorf("the post came to %v (%v), want %v", f.Kind, err, want)
}

func TestTheTokenFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	var stolen atomic.Int32
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen.Add(1) }))
	t.Cleanup(thief.Close)
	s := behind(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
	})
	says(t, s, fault.Unavailable)
	if stolen.Load() != 0 {
		t.Error("the token was sent to where Slack's answer pointed")
	}
}

func TestAnAnswerWithoutEndIsNotReadToIts(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	s := behind(t, func(w http.ResponseWriter, _ *http.Request) {
		part := strings.Repeat(" ", 1<<16)
		for range 1000 {
			n, err := io.WriteString(w, part)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	})
	says(t, s, fault.Unknown)
	if sent.Load() > 32<<20 {
		t.Errorf("%d bytes were read", sent.Load())
	}
}

func TestACallIsMadeOnceWhateverBecomesOfIt(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]func(http.ResponseWriter){
		"an error":  func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) },
		"no answer": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"half of one": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"ok":`)
		},
		"429": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"another code": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"ok":false,"error":"ratelimited"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			s := behind(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				h(w)
			})
			says(t, s, fault.Unknown, fault.Unavailable)
			if n := calls.Load(); n != 1 {
				t.Errorf("it was made %d times", n)
			}
		})
	}
}

func TestAnOddAnswerDoesNotLoseTheMessage(t *testing.T) {
	t.Parallel()
	s := behind(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"ok":true,"channel":"C1","ts":"1764122400.000100","message":{"blocks":"odd"},"errors":[{"odd":1}]}`)
	})
	r, err := s.Post(t.Context(), chat.Post{Room: "C1", Message: text("x")})
	if err != nil || r.ID != "1764122400.000100" {
		t.Errorf("a message that was posted came to %+v, %v", r, err)
	}
}

func TestWhereNobodyListensNothingWasSent(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/api"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	says(t, at(t, url), fault.Unavailable)
}

func TestAConnectionThatEndsAfterTheRequestIsUnknown(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1<<16))
			_ = c.Close()
		}
	}()
	says(t, at(t, "http://"+l.Addr().String()+"/api/"), fault.Unknown)
}
