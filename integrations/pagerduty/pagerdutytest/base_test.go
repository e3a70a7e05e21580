package pagerdutytest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin/integrations/pagerduty/pagerdutytest"
)

type object = map[string]any

// stage is a fake and somebody who calls it.
type stage struct {
	*pagerdutytest.Fake
	pagerdutytest.World
	t      *testing.T
	client *http.Client
}

func start(t *testing.T, o pagerdutytest.Options) *stage {
	t.Helper()
	f := pagerdutytest.Start(t, o)
	return &stage{Fake: f, World: f.Furnish(), t: t, client: f.Client()}
}

// request makes a call as a careful client does; change may spoil it.
func (s *stage) request(method, path, body string, change ...func(http.Header)) *http.Request {
	s.t.Helper()
	base := s.APIURL()
	r, err := http.NewRequestWithContext(s.t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/vnd.pagerduty+json;version=2")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Token token="+s.Token())
	if method != http.MethodGet {
		r.Header.Set("From", "tocsin@acme.test")
	}
	for _, c := range change {
		c(r.Header)
	}
	return r
}

// call makes a call and gives the status and what was answered.
func (s *stage) call(method, path, body string, change ...func(http.Header)) (int, object) {
	s.t.Helper()
	resp, err := s.client.Do(s.request(method, path, body, change...))
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var out object
	if len(raw) > 0 {
		d := json.NewDecoder(bytes.NewReader(raw))
		if err := d.Decode(&out); err != nil {
			s.t.Fatalf("%s %s answered %q: %v", method, path, raw, err)
		}
	}
	return resp.StatusCode, out
}

// want makes a call that must get this status.
func (s *stage) want(status int, method, path, body string, change ...func(http.Header)) object {
	s.t.Helper()
	got, out := s.call(method, path, body, change...)
	if got != status {
		s.t.Fatalf("%s %s %s: status %d (%v), want %d", method, path, body, got, out, status)
	}
	return out
}

func as(email string) func(http.Header) {
	return func(h http.Header) { h.Set("From", email) }
}

// create makes an incident over REST and gives its id.
func (s *stage) create(key string) string {
	s.t.Helper()
	out := s.want(201, "POST", "/incidents", s.creation(key, ""))
	return out["incident"].(object)["id"].(string)
}

func (s *stage) creation(key, more string) string {
	return `{"incident":{"type":"incident","title":"INC-7","service":{"id":"` + s.Service + `","type":"service_reference"},"incident_key":"` + key + `"` + more + `}}`
}

// event sends an event of the Events API.
func (s *stage) event(status int, action, key string) object {
	s.t.Helper()
	return s.want(status, "POST", "/v2/enqueue", s.eventBody(action, key))
}

func (s *stage) eventBody(action, key string) string {
	return `{"routing_key":"` + s.RoutingKey + `","event_action":"` + action + `","dedup_key":"` + key + `","payload":{"summary":"INC-7","source":"tocsin","severity":"critical","custom_details":{"a":"b"}}}`
}

// put sets a status over REST.
func (s *stage) put(status int, id, what string, change ...func(http.Header)) object {
	s.t.Helper()
	return s.want(status, "PUT", "/incidents", `{"incidents":[{"id":"`+id+`","type":"incident_reference",`+what+`}]}`, change...)
}

func (s *stage) code(out object) int {
	e, _ := out["error"].(object)
	n, _ := e["code"].(float64)
	return int(n)
}

func (s *stage) status(key string) string {
	s.t.Helper()
	i, ok := s.Incident(key)
	if !ok {
		s.t.Fatalf("there is no incident %q", key)
	}
	return i.Status
}

// rung lists whose phones rang for a key, and why.
func (s *stage) rung(key string) []string {
	var out []string
	for _, n := range s.Notifications(key) {
		name := n.User
		for _, u := range []pagerdutytest.User{s.Ann, s.Bob, s.Cy, s.Bot} {
			if u.ID == n.User {
				name, _, _ = strings.Cut(u.Name, " ")
			}
		}
		out = append(out, name+" "+n.Why)
	}
	return out
}

// clock is a time that moves by hand.
func clock() (func() time.Time, func(time.Duration)) {
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	ch := make(chan time.Time, 1)
	ch <- now
	read := func() time.Time { n := <-ch; ch <- n; return n }
	return read, func(d time.Duration) { ch <- (<-ch).Add(d) }
}
