package slack_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/slack"
	"tocsin/bot/slack/slacktest"
)

const (
	secret = "secret-of-the-fake"
	began  = 1764122400 // the moment of all payloads here
)

// house hears what the adapter reports, and answers as it is told.
type house struct {
	mu       sync.Mutex
	answer   func(chat.Request) chat.Reply
	sinking  func(ctx context.Context) error
	missing  error
	requests []chat.Request
	said     []chat.Said
	edited   []chat.Edited
	deleted  []chat.Deleted
	reacted  []chat.Reacted
	joined   []chat.Joined
	missed   []chat.Missed
	counts   map[string]int
	box      *inbox // nil: none
}

func newHouse() *house {
	return &house{
		answer: func(r chat.Request) chat.Reply { return replied("heard " + chat.Shorten(r.Text, 40)) },
		counts: map[string]int{},
	}
}

func replied(s string) chat.Reply {
	return chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(s)}}}}
}

func (h *house) House() chat.House {
	return chat.House{
		Command: "incident", Handle: h.handle, Sink: h, Missed: h.miss,
		Home: func(_ context.Context, u chat.User) chat.Message { return replied("nothing waits for " + u.ID).Message },
	}
}

func (h *house) handle(_ context.Context, r chat.Request) chat.Reply {
	h.mu.Lock()
	h.requests = append(h.requests, r)
	answer := h.answer
	h.mu.Unlock()
	return answer(r)
}

func (h *house) answers(fn func(chat.Request) chat.Reply) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = fn
}

// sinks decides what becomes of reports from now on; nil: all are taken.
func (h *house) sinks(fn func(ctx context.Context) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sinking = fn
}

func put[T any](ctx context.Context, h *house, to *[]T, what T) error {
	h.mu.Lock()
	sinking := h.sinking
	h.mu.Unlock()
	if sinking != nil {
		if err := sinking(ctx); err != nil {
			return err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	*to = append(*to, what)
	return nil
}

func (h *house) Said(ctx context.Context, m chat.Said) error { return put(ctx, h, &h.said, m) }

func (h *house) Edited(ctx context.Context, m chat.Edited) error { return put(ctx, h, &h.edited, m) }

func (h *house) Deleted(ctx context.Context, m chat.Deleted) error { return put(ctx, h, &h.deleted, m) }

func (h *house) Reacted(ctx context.Context, r chat.Reacted) error { return put(ctx, h, &h.reacted, r) }

func (h *house) Joined(ctx context.Context, j chat.Joined) error { return put(ctx, h, &h.joined, j) }

func (h *house) miss(_ context.Context, m chat.Missed) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.missing != nil {
		return h.missing
	}
	h.missed = append(h.missed, m)
	return nil
}

func (h *house) count(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[what]++
}

func (h *house) counted(what string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.counts[what]
}

// of copies what was heard of one sort.
func of[T any](h *house, from *[]T) []T {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(*from)
}

// door is an adapter that is called over HTTP, and whose calls come to nothing.
type door struct {
	*house
	slack *slack.Slack
	mux   *http.ServeMux
	late  atomic.Int64 // by how much it is later than began
	stop  func()
}

// now is the door's clock.
func (d *door) now() time.Time { return time.Unix(began, 0).UTC().Add(time.Duration(d.late.Load())) }

// mute is a Slack that does nothing for anybody.
type mute struct{}

func (mute) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"ok":false,"error":"channel_not_found"}`)
	return w.Result(), nil
}

func openDoor(t testing.TB, change func(*chat.House)) *door {
	t.Helper()
	d := &door{house: newHouse(), mux: http.NewServeMux()}
	s, err := slack.New(slack.Options{
		Config: slack.Config{BotToken: "xoxb-x", SigningSecret: secret},
		Now:    d.now, Jitter: func() float64 { return 0 },
		Log: slog.New(slog.DiscardHandler), HTTP: &http.Client{Transport: mute{}}, Count: d.count,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.slack = s
	h := d.House()
	if change != nil {
		change(&h)
	}
	d.stop = listen(t, s, d.mux, h)
	return d
}

// listen listens until the test ends, and returns once the door is open.
func listen(t testing.TB, s *slack.Slack, mux *http.ServeMux, h chat.House) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	over := make(chan error, 1)
	go func() { over <- s.Listen(ctx, mux, h) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-over; err != nil {
			t.Errorf("listening ended with %v", err)
		}
	})
	t.Cleanup(stop)
	for !s.Listening() {
		select {
		case err := <-over:
			over <- err
			t.Fatalf("listening ended with %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	return stop
}

// post posts a body as Slack does, signed.
func (d *door) post(t *testing.T, kind, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, slack.Hook, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	f := slacktest.New(slacktest.Options{Now: d.now})
	defer f.Close()
	f.Sign(r, []byte(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.mux.ServeHTTP(w, r)
	if err := d.slack.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

const (
	jsonKind = "application/json"
	formKind = "application/x-www-form-urlencoded"
)

// event posts an event of the Events API.
func (d *door) event(t *testing.T, event string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	return d.post(t, jsonKind, `{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],"event":`+event+`}`, headers...)
}

// slash posts a slash command.
func (d *door) slash(t *testing.T, text string, more ...string) *httptest.ResponseRecorder {
	t.Helper()
	f := url.Values{
		"token": {"x"}, "team_id": {"T1"}, "team_domain": {"acme"}, "channel_id": {"C1"}, "channel_name": {"general"}, "user_id": {"U1"},
		"user_name": {"ann"}, "command": {"/incident"}, "text": {text}, "trigger_id": {"13.37.ab"}, "response_url": {"https://hooks.slack.test/r/1"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return d.post(t, formKind, f.Encode())
}

// interact posts a button, a form or a shortcut.
func (d *door) interact(t *testing.T, payload string) *httptest.ResponseRecorder {
	t.Helper()
	return d.post(t, formKind, url.Values{"payload": {payload}}.Encode())
}

func body(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func stamp(seconds int) string { return strconv.Itoa(began+seconds) + ".000100" }
