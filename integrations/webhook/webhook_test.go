package webhook_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/pagertest"
	"tocsin/integrations/webhook"
)

func moment() time.Time { return time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC) }

const secret = "a word that both sides know"

// listener is who is called. It keeps one page for one key.
type listener struct {
	mu     sync.Mutex
	how    pagertest.Failure
	ids    map[string]int
	last   []byte
	head   http.Header
	faults []string
	status int // answered in place of 204
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.mu.Lock()
	defer l.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(r.Header.Get("Tocsin-Timestamp") + "." + string(body)))
	if r.Header.Get("Tocsin-Signature") != "v1="+hex.EncodeToString(mac.Sum(nil)) {
		l.faults = append(l.faults, "a wrong signature")
	}
	if sec, err := strconv.ParseInt(r.Header.Get("Tocsin-Timestamp"), 10, 64); err != nil || sec != moment().Unix() {
		l.faults = append(l.faults, "a wrong timestamp")
	}
	switch l.how {
	case pagertest.Refuse:
		w.WriteHeader(http.StatusForbidden)
		return
	case pagertest.LoseAnswer:
		l.took(r, body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
		return
	case pagertest.None, pagertest.Away:
	}
	if l.status != 0 {
		w.WriteHeader(l.status)
		return
	}
	l.took(r, body)
	w.WriteHeader(http.StatusNoContent)
}

func (l *listener) took(r *http.Request, body []byte) {
	l.ids[r.Header.Get("Tocsin-Key")]++
	l.last, l.head = body, r.Header.Clone()
}

// line is the way to the listener; nothing passes while it is cut.
type line struct {
	*listener
	next http.RoundTripper
}

func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	cut := l.how == pagertest.Away
	l.mu.Unlock()
	if cut {
		return nil, errors.New("connection refused")
	}
	return l.next.RoundTrip(r)
}

func (l *listener) Break(_ context.Context, how pagertest.Failure) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.how = how
	return nil
}

func (l *listener) Pages(_ context.Context, key string) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return min(1, l.ids[webhook.ID(key)]), nil
}

func (*listener) Answer(context.Context, string, string) error         { return nil }
func (*listener) Pass(context.Context, string) error                   { return nil }
func (*listener) News(context.Context) ([]integrations.Receipt, error) { return nil, nil }

func open(t *testing.T) (*webhook.Pager, *listener) {
	t.Helper()
	l := &listener{ids: map[string]int{}}
	s := httptest.NewServer(l)
	t.Cleanup(func() {
		s.Close()
		for _, f := range l.faults {
			t.Errorf("the listener got %s", f)
		}
	})
	p, err := webhook.Open(webhook.Options{
		Config: webhook.Config{URL: redact.Secret(s.URL + "/in?token=very-secret"), Secret: secret},
		Now:    moment, Transport: line{l, s.Client().Transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, l
}

func TestPager(t *testing.T) {
	t.Parallel()
	pagertest.RunOneWay(t, func(t *testing.T) pagertest.Bench {
		t.Helper()
		p, l := open(t)
		return pagertest.Bench{Pager: p, Far: l, Target: "checkout", Person: "cy@example.com"}
	})
}

func TestWhatTheListenerReads(t *testing.T) {
	t.Parallel()
	p, l := open(t)
	_, err := p.Page(t.Context(), integrations.Page{
		Key: "incident/abc/pages/p1", Target: "checkout", Summary: `INC-7: <b>"fails"</b> & more`, Severity: 1, Level: 2, Link: "https://tocsin.example/incidents/INC-7",
	})
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	const body = `{"id":"ID","kind":"page","at":"2026-11-25T23:00:00Z","page":{"target":"checkout","summary":"INC-7: <b>\"fails\"</b> & more","severity":1,"level":2,"link":"https://tocsin.example/incidents/INC-7"}}`
	if err := json.Unmarshal(l.last, &got); err != nil {
		t.Fatalf("%s: %v", l.last, err)
	}
	_ = json.Unmarshal([]byte(strings.Replace(body, "ID", webhook.ID("incident/abc/pages/p1"), 1)), &want)
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if !bytes.Equal(g, w) {
		t.Errorf("the body is\n%s, want\n%s", g, w)
	}
	if l.head.Get("Content-Type") != "application/json" || strings.Contains(string(l.last)+l.head.Get("Tocsin-Key"), "incident/abc") {
		t.Errorf("the headers are %v", l.head)
	}
}

func TestAnswersOfTheListener(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]fault.Kind{
		400: fault.Rejected, 401: fault.Rejected, 404: fault.Rejected, 409: fault.Rejected, 410: fault.Rejected, 302: fault.Rejected,
		429: fault.Unavailable, 503: fault.Unavailable, 500: fault.Unknown, 502: fault.Unknown,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			p, l := open(t)
			l.status = status
			_, err := p.Page(t.Context(), integrations.Page{Key: "k", Target: "checkout", Summary: "INC-7"})
			if err == nil || fault.KindOf(err) != want {
				t.Errorf("it is %v (%v), want %v", fault.KindOf(err), err, want)
			}
			if err != nil && strings.Contains(err.Error(), "very-secret") {
				t.Errorf("the error holds the address: %v", err)
			}
		})
	}
}

func TestSenderCarriesOtherEvents(t *testing.T) {
	t.Parallel()
	p, l := open(t)
	e := webhook.Event{Key: "event/1", Kind: "incident", At: moment(), Body: map[string]string{"number": "INC-7"}, What: "tell of INC-7"}
	if err := p.Sender().Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(l.last), `"incident":{"number":"INC-7"}`) {
		t.Errorf("the body is %s", l.last)
	}
	e.Body = func() {}
	if err := p.Sender().Send(t.Context(), e); fault.KindOf(err) != fault.Internal {
		t.Errorf("what cannot be encoded is %v", err)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	long := redact.Secret(secret)
	for _, c := range []struct {
		name string
		c    webhook.Config
		want []string
	}{
		{"nothing", webhook.Config{}, nil},
		{"all", webhook.Config{URL: "https://hooks.example.com/in", Secret: long}, nil},
		{"without TLS beside tocsin", webhook.Config{URL: "http://127.0.0.1:9/in", Secret: long}, nil},
		{"without TLS elsewhere", webhook.Config{URL: "http://hooks.example.com/in", Secret: long}, []string{"TOCSIN_WEBHOOK_URL"}},
		{"no address", webhook.Config{Secret: long}, []string{"TOCSIN_WEBHOOK_URL"}},
		{"events and no address", webhook.Config{Events: "declared"}, []string{"TOCSIN_WEBHOOK_URL", "TOCSIN_WEBHOOK_SECRET"}},
		{"no web address", webhook.Config{URL: "ftp://very-secret", Secret: long}, []string{"TOCSIN_WEBHOOK_URL"}},
		{"no secret", webhook.Config{URL: "https://hooks.example.com/in"}, []string{"TOCSIN_WEBHOOK_SECRET"}},
		{"a short secret", webhook.Config{URL: "https://hooks.example.com/in", Secret: "short"}, []string{"TOCSIN_WEBHOOK_SECRET"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range c.c.Faults() {
				got = append(got, f.Name)
				if f.Mend == "" || strings.Contains(f.What+f.Mend, "very-secret") {
					t.Errorf("it says %+v", f)
				}
			}
			if strings.Join(got, " ") != strings.Join(c.want, " ") {
				t.Errorf("faults of %v, want %v", got, c.want)
			}
			if _, err := webhook.Open(webhook.Options{Config: c.c, Now: moment}); (err == nil) != (c.c.Set() && len(c.want) == 0) {
				t.Errorf("opening it: %v", err)
			}
		})
	}
}

func TestEventsAreTold(t *testing.T) {
	t.Parallel()
	l := &listener{ids: map[string]int{}}
	srv := httptest.NewServer(l)
	defer srv.Close()
	to, err := webhook.Listen(webhook.Options{
		Config: webhook.Config{URL: redact.Secret(srv.URL), Secret: secret, Events: "declared, resolution"}, Now: moment,
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"declared": true, "resolution": true, "note_added": false, "all": false} {
		if to.Hears(name) != want {
			t.Errorf("whether it hears %s: %v", name, !want)
		}
	}
	told := integrations.Happening{
		Key: "incident/x/1/listeners/tell/webhook", Event: "declared", Version: 1, Incident: "INC-7", Title: "checkout <is> failing",
		Severity: 2, Status: "triage", By: "Ann", Words: "Ann declared INC-7", At: moment().Add(-time.Minute),
	}
	for range 2 {
		if err := to.Tell(t.Context(), told); err != nil {
			t.Fatal(err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) > 0 {
		t.Fatal(l.faults)
	}
	var got struct {
		ID, Kind string
		Event    map[string]any
	}
	if err := json.Unmarshal(l.last, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != webhook.ID(told.Key) || got.Kind != "event" || l.ids[got.ID] != 2 {
		t.Errorf("it heard %s %d times as %s", got.ID, l.ids[got.ID], got.Kind)
	}
	for name, want := range map[string]any{
		"name": "declared", "incident": "INC-7", "title": "checkout <is> failing", "severity": 2.0, "happened": "2026-11-25T22:59:00Z",
	} {
		if got.Event[name] != want {
			t.Errorf("%s is %v, want %v", name, got.Event[name], want)
		}
	}
}
