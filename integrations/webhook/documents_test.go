package webhook_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/documentstest"
	"tocsin/integrations/webhook"
)

// shelf is a listener that keeps documents as the package says it should: the
// highest version of a key, and each call once.
type shelf struct {
	ticks atomic.Int64
	mu    sync.Mutex
	seen  map[string]bool
	kept  map[string]kept
	away  bool
	says  string // answered in place of an address
}

type kept struct {
	Key       string `json:"key"`
	Version   int    `json:"version"`
	Markdown  string `json:"markdown"`
	HTML      string `json:"html"`
	Link      string `json:"link"`
	Withdrawn bool   `json:"withdrawn"`
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var call struct {
		Kind     string `json:"kind"`
		Document kept   `json:"document"`
	}
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil || call.Kind != "document" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, id := call.Document, r.Header.Get("Tocsin-Key")
	switch {
	case s.seen[id]:
	case d.Withdrawn:
		delete(s.kept, d.Key)
	case s.kept[d.Key].Version < d.Version:
		s.kept[d.Key] = d
	}
	s.seen[id] = true
	says := s.says
	if says == "" {
		says = `{"url":"https://wiki.example.com/` + d.Key + `"}`
	}
	_, _ = w.Write([]byte(says))
}

// now is a clock that never stands still.
func (s *shelf) now() time.Time { return moment().Add(time.Duration(s.ticks.Add(1))) }

func (s *shelf) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	away := s.away
	s.mu.Unlock()
	if away {
		return nil, errors.New("connection refused")
	}
	return http.DefaultTransport.RoundTrip(r)
}

func newShelf(t *testing.T) (*shelf, *webhook.Documents) {
	t.Helper()
	s := &shelf{seen: map[string]bool{}, kept: map[string]kept{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	d, err := webhook.OpenDocuments(webhook.Options{
		Config: webhook.Config{URL: redact.Secret(server.URL), Secret: secret, Documents: true}, Now: s.now, Transport: s,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, d
}

func TestTheWebhookHandsOverDocuments(t *testing.T) {
	t.Parallel()
	documentstest.Run(t, func(t *testing.T) documentstest.Bench {
		t.Helper()
		s, d := newShelf(t)
		return documentstest.Bench{
			Documents: d,
			Read: func(t *testing.T, key string) []string {
				t.Helper()
				s.mu.Lock()
				defer s.mu.Unlock()
				k, is := s.kept[webhook.ID(key)]
				if !is {
					return nil
				}
				return []string{k.Markdown + k.Link}
			},
			Away: func(t *testing.T) {
				t.Helper()
				s.mu.Lock()
				defer s.mu.Unlock()
				s.away = true
			},
		}
	})
}

func TestWhereADocumentIsIsTakenOnlyAsAnAddress(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]string{
		`{"url":"https://wiki.example.com/7"}`: "https://wiki.example.com/7",
		`{"url":"javascript:alert(1)"}`:        "",
		`{"url":7}`:                            "",
		`ok`:                                   "",
	} {
		s, d := newShelf(t)
		s.says = says
		ref, err := d.Publish(t.Context(), integrations.Document{Key: "review/abc", Version: 1})
		if err != nil || ref.URL != want {
			t.Errorf("%s: %+v, %v", says, ref, err)
		}
	}
}

func TestAListenerThatRefusesADocumentHasRefusedForGood(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }))
	t.Cleanup(server.Close)
	d, err := webhook.OpenDocuments(webhook.Options{Config: webhook.Config{URL: redact.Secret(server.URL), Secret: secret}, Now: moment})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Publish(t.Context(), integrations.Document{Key: "a", Version: 1}); fault.KindOf(err) != fault.Rejected {
		t.Errorf("%v", err)
	}
	if err := d.Withdraw(t.Context(), "a"); fault.KindOf(err) != fault.Rejected {
		t.Errorf("%v", err)
	}
}
