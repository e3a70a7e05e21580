package slacktest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/slack/slacktest"
)

// clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// scene is a workspace with two people, and the bot in one of its rooms.
type scene struct {
	*slacktest.Fake
	t       *testing.T
	clock   *clock
	http    *http.Client
	ann, bo string
	room    string
	other   string // the bot is not in it
	bot     string
}

type object = map[string]any

func newScene(t *testing.T, o slacktest.Options) *scene {
	t.Helper()
	c := newClock()
	if o.Now == nil {
		o.Now = c.Now
	}
	f := slacktest.New(o)
	t.Cleanup(f.Close)
	s := &scene{Fake: f, t: t, clock: c, http: f.Client(), bot: f.Bot()}
	s.ann = f.AddUser(slacktest.User{Name: "ann", Email: "ann@example.com"}).ID
	s.bo = f.AddUser(slacktest.User{Name: "bo"}).ID
	s.room = f.AddRoom(slacktest.Room{Name: "ops", Members: []string{s.ann, s.bo, s.bot}}).ID
	s.other = f.AddRoom(slacktest.Room{Name: "random", Members: []string{s.ann, s.bo}}).ID
	return s
}

// call calls a method with the bot's token and gives the answer.
func (s *scene) call(method string, args ...string) object {
	s.t.Helper()
	out, resp := s.raw(method, "xoxb-fake", args...)
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s answered %d", method, resp.StatusCode)
	}
	return out
}

func (s *scene) raw(method, token string, args ...string) (object, *http.Response) {
	s.t.Helper()
	out, resp, err := s.try(method, token, args...)
	if err != nil {
		s.t.Fatalf("%s: %v", method, err)
	}
	return out, resp
}

func (s *scene) try(method, token string, args ...string) (object, *http.Response, error) {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := s.http.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, nil, err
	}
	var out object
	_ = json.Unmarshal(body, &out)
	return out, resp, nil
}

// ok calls a method that must work.
func (s *scene) ok(method string, args ...string) object {
	s.t.Helper()
	out := s.call(method, args...)
	if out["ok"] != true {
		s.t.Fatalf("%s %q was refused: %v", method, args, out)
	}
	return out
}

// refused calls a method that must be refused with an error.
func (s *scene) refused(want, method string, args ...string) object {
	s.t.Helper()
	out := s.call(method, args...)
	if out["ok"] != false || out["error"] != want {
		s.t.Errorf("%s %.200q answered %v, want %s", method, args, out, want)
	}
	return out
}

// post posts words of the bot's into the room and gives their ts.
func (s *scene) post(words string, more ...string) string {
	s.t.Helper()
	out := s.ok("chat.postMessage", append([]string{"channel", s.room, "text", words}, more...)...)
	return out["ts"].(string)
}

func (s *scene) seen(user string) []slacktest.Seen {
	s.t.Helper()
	all, err := s.Seen(user, s.room)
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// newest is the last message that a user sees in the room.
func (s *scene) newest(user string) slacktest.Seen {
	s.t.Helper()
	all := s.seen(user)
	if len(all) == 0 {
		s.t.Fatalf("%s sees nothing", user)
	}
	return all[len(all)-1]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// dig walks into an answer: names and indexes.
func dig(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			o, ok := v.(object)
			if !ok {
				t.Fatalf("there is no %q in %v", p, v)
			}
			v = o[p]
		case int:
			all, ok := v.([]any)
			if !ok || p >= len(all) {
				t.Fatalf("there is no item %d in %v", p, v)
			}
			v = all[p]
		}
	}
	return v
}

// app is an app that takes signed POSTs: it keeps what came, and answers.
type app struct {
	mu     sync.Mutex
	got    []*http.Request
	bodies []string
	answer func(w http.ResponseWriter, r *http.Request, body string)
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.got = append(a.got, r)
	a.bodies = append(a.bodies, string(body))
	answer := a.answer
	a.mu.Unlock()
	if answer != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer(w, r, string(body))
	}
}

// payloads are what came, read: events as they are, forms as objects.
func (a *app) payloads(t *testing.T) []object {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []object
	for i, r := range a.got {
		var o object
		body := a.bodies[i]
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			form, err := url.ParseQuery(body)
			must(t, err)
			if body = form.Get("payload"); body == "" {
				o = object{}
				for k := range form {
					o[k] = form.Get(k)
				}
				out = append(out, o)
				continue
			}
		}
		must(t, json.Unmarshal([]byte(body), &o))
		out = append(out, o)
	}
	return out
}

func (a *app) answers(do func(w http.ResponseWriter, r *http.Request, body string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = do
}

// hooked is a scene whose app is called over HTTP.
func hooked(t *testing.T, o slacktest.Options) (*scene, *app) {
	t.Helper()
	a := &app{}
	o.Hook = slacktest.ToHandler(a)
	return newScene(t, o), a
}

// events are the inner events of a type that came.
func (a *app) events(t *testing.T, kind string) []object {
	t.Helper()
	var out []object
	for _, p := range a.payloads(t) {
		if ev, ok := p["event"].(object); ok && ev["type"] == kind {
			out = append(out, ev)
		}
	}
	return out
}
