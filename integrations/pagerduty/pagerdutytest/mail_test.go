package pagerdutytest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/integrations/pagerduty/pagerdutytest"
)

// receiver keeps what webhooks it got.
type receiver struct {
	mu     sync.Mutex
	events []string // as they came: type and status of the incident
	ids    []string
	good   []bool // signed with "s1"
	answer func(n int) int
	hangs  bool
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	var in struct {
		Event struct {
			EventType string `json:"event_type"`
			Data      struct{ Status string }
		}
	}
	_ = json.Unmarshal(body, &in)
	mac := hmac.New(sha256.New, []byte("s1"))
	mac.Write(body)
	want := "v1=" + hex.EncodeToString(mac.Sum(nil))
	r.mu.Lock()
	r.events = append(r.events, strings.TrimPrefix(strings.TrimSpace(in.Event.EventType+" "+in.Event.Data.Status), "incident."))
	r.ids = append(r.ids, q.Header.Get("X-Webhook-Id"))
	r.good = append(r.good, slices.Contains(strings.Split(q.Header.Get("X-PagerDuty-Signature"), ","), want))
	status := 202
	if r.answer != nil {
		status = r.answer(len(r.events))
	}
	hangs := r.hangs
	r.mu.Unlock()
	if hangs {
		<-q.Context().Done()
		return
	}
	w.WriteHeader(status)
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

func subscribed(t *testing.T, r *receiver) *stage {
	t.Helper()
	s := start(t, pagerdutytest.Options{})
	s.Subscribe(pagerdutytest.Subscription{URL: "https://tocsin.example/hooks/pagerduty", Secrets: []string{"s1"}, Hook: pagerdutytest.ToHandler(r)})
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) settle() {
	s.t.Helper()
	must(s.t, s.Settle(s.t.Context()))
}

func TestEveryChangeIsToldInOrderAndSigned(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	s := subscribed(t, r)
	id := s.create("k")
	for _, do := range []func() error{
		func() error { return s.Acknowledge("k", s.Ann.Email) },
		func() error { return s.Escalate("k", s.Ann.ID) },
		func() error { return s.Reassign("k", s.Ann.ID, s.Cy.ID) },
		func() error { return s.Annotate(id, s.Ann.ID, "it is the cache") },
		func() error { return s.SetPriority("k", s.Ann.ID, "P1") },
		func() error { return s.Resolve("k", s.Ann.ID) },
		func() error { return s.Reopen("k", s.Ann.ID) },
		func() error { return s.Acknowledge("k", s.Bob.ID) },
		func() error { return s.Reopen("k", s.Bob.ID) },
	} {
		must(t, do())
	}
	s.settle()
	want := []string{
		"triggered triggered", "acknowledged acknowledged", "escalated triggered", "reassigned triggered", "annotated", "priority_updated triggered",
		"resolved resolved", "reopened triggered", "acknowledged acknowledged", "unacknowledged triggered",
	}
	if d := cmp.Diff(want, r.got()); d != "" {
		t.Error(d)
	}
	if slices.Contains(r.good, false) {
		t.Errorf("signatures are good: %v", r.good)
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(r.ids)))
	if len(sorted) != len(want) {
		t.Errorf("%d webhooks have %d ids", len(want), len(sorted))
	}
}

func TestAWebhookHasTheShapeOfTheDocuments(t *testing.T) {
	t.Parallel()
	s := subscribed(t, &receiver{})
	id := s.create("k")
	must(t, s.Annotate("k", s.Ann.ID, "it is the cache"))
	s.put(200, id, `"status":"acknowledged","priority":{"id":"PPRIO1","type":"priority_reference"}`, as("ann@acme.test"))
	s.settle()
	files := map[string]string{"incident.priority_updated": "01-Overview-01.json", "incident.annotated": "01-Overview-06.json"}
	for _, d := range s.Deliveries() {
		file := files[d.Event]
		if file == "" {
			continue
		}
		delete(files, d.Event)
		var ours, theirs object
		must(t, json.Unmarshal(d.Body, &ours))
		sample(t, file, &theirs)
		if theirs["event"] == nil {
			theirs, ours = object{"event": theirs}, object{"event": ours["event"].(object)["data"]}
		}
		shape(t, d.Event, ours, theirs)
	}
	if len(files) > 0 {
		t.Errorf("no such webhooks came: %v", files)
	}
}

// shape holds the keys of ours to those of theirs.
func shape(t *testing.T, at string, ours, theirs any) {
	t.Helper()
	switch theirs := theirs.(type) {
	case object:
		our, ok := ours.(object)
		if !ok {
			if ours != nil {
				t.Errorf("%s is %T, want an object", at, ours)
			}
			return
		}
		for k := range our {
			if _, ok := theirs[k]; !ok && k != "reopened_at" && k != "incident_type" {
				t.Errorf("%s.%s is not in the documents", at, k)
			}
		}
		for k := range theirs {
			if _, ok := our[k]; !ok && k != "reopened_at" {
				t.Errorf("%s.%s is missing", at, k)
				continue
			}
			if our[k] != nil {
				shape(t, at+"."+k, our[k], theirs[k])
			}
		}
	case []any:
		our, ok := ours.([]any)
		if ok && len(our) > 0 && len(theirs) > 0 {
			shape(t, at+"[]", our[0], theirs[0])
		}
	}
}

func TestFiltersAndEventsOfASubscription(t *testing.T) {
	t.Parallel()
	var all, checkout, team, attic, acks, off receiver
	s := start(t, pagerdutytest.Options{})
	sub := func(r *receiver, x pagerdutytest.Subscription) string {
		x.Hook = pagerdutytest.ToHandler(r)
		return s.Subscribe(x)
	}
	gone := sub(&all, pagerdutytest.Subscription{})
	sub(&checkout, pagerdutytest.Subscription{Filter: s.Service})
	sub(&team, pagerdutytest.Subscription{Filter: s.Team})
	sub(&attic, pagerdutytest.Subscription{Filter: s.Empty})
	sub(&acks, pagerdutytest.Subscription{Events: []string{"incident.acknowledged"}})
	sub(&off, pagerdutytest.Subscription{Off: true})
	s.create("k")
	must(t, s.Acknowledge("k", s.Ann.ID))
	s.settle()
	s.Unsubscribe(gone)
	must(t, s.Resolve("k", s.Ann.ID))
	s.settle()
	for name, n := range map[string][2]int{
		"account": {len(all.got()), 2}, "service": {len(checkout.got()), 3}, "team": {len(team.got()), 3},
		"other service": {len(attic.got()), 0}, "one event": {len(acks.got()), 1}, "switched off": {len(off.got()), 0},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d webhooks, want %d", name, n[0], n[1])
		}
	}
}

func TestTwoSecretsSignWhileTheyAreExchanged(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	s := start(t, pagerdutytest.Options{})
	id := s.Subscribe(pagerdutytest.Subscription{Secrets: []string{"s0", "s1"}, Hook: pagerdutytest.ToHandler(r)})
	s.create("k")
	s.settle()
	s.SetSecrets(id, "s2")
	must(t, s.Acknowledge("k", s.Ann.ID))
	s.settle()
	if d := cmp.Diff([]bool{true, false}, r.good); d != "" {
		t.Error(d)
	}
	if h := s.Deliveries()[0].Header.Get("X-PagerDuty-Signature"); strings.Count(h, "v1=") != 2 {
		t.Errorf("the signature is %q, want one for each secret", h)
	}
}

func TestWebhooksThatGoWrongOnTheirWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		s := subscribed(t, r)
		s.TwistNext(1, pagerdutytest.Twist{Copies: 2})
		s.create("k")
		s.settle()
		s.TwistNext(1, pagerdutytest.Twist{WrongSignature: true})
		must(t, s.Acknowledge("k", s.Ann.ID))
		s.settle()
		s.TwistNext(1, pagerdutytest.Twist{Delay: time.Minute})
		must(t, s.Escalate("k", s.Ann.ID))
		must(t, s.Resolve("k", s.Ann.ID))
		s.settle()
		s.TwistNext(1, pagerdutytest.Twist{Lost: true})
		must(t, s.Reopen("k", s.Ann.ID))
		s.settle()
		want := []string{"triggered triggered", "triggered triggered", "triggered triggered", "acknowledged acknowledged", "resolved resolved", "escalated triggered", "reopened triggered"}
		if d := cmp.Diff(want, r.got()); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]bool{true, true, true, false, true, true, true}, r.good); d != "" {
			t.Error(d)
		}
		if r.ids[0] != r.ids[1] || r.ids[0] != r.ids[2] || r.ids[0] == r.ids[3] {
			t.Errorf("the ids are %v: copies have one, others have their own", r.ids)
		}
		last := s.Deliveries()[len(s.Deliveries())-1]
		if last.Attempt != 1 || last.Status != 202 {
			t.Errorf("the one that was lost came as %+v", last)
		}
		again, err := s.Again(t.Context())
		must(t, err)
		if again.ID != last.ID || again.Status != 202 {
			t.Errorf("once more it came as %+v", again)
		}
	})
}

func TestWebhooksThatAreHeldComeInTheOrderThatIsAskedFor(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	s := subscribed(t, r)
	s.Hold()
	s.create("k")
	must(t, s.Acknowledge("k", s.Ann.ID))
	must(t, s.Resolve("k", s.Ann.ID))
	s.settle()
	if len(r.got()) != 0 {
		t.Fatalf("held, and %v came", r.got())
	}
	if n := s.Release(true); n != 3 {
		t.Errorf("%d were held, want 3", n)
	}
	s.settle()
	if d := cmp.Diff([]string{"resolved resolved", "acknowledged acknowledged", "triggered triggered"}, r.got()); d != "" {
		t.Error(d)
	}
}

func TestAReceiverThatIsNotWellHearsItAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(n int) int { return []int{503, 429, 202, 202}[n-1] }}
		s := subscribed(t, r)
		s.create("k")
		must(t, s.Acknowledge("k", s.Ann.ID))
		s.settle()
		want := []string{"triggered triggered", "triggered triggered", "triggered triggered", "acknowledged acknowledged"}
		if d := cmp.Diff(want, r.got()); d != "" {
			t.Error(d)
		}
		if r.ids[0] != r.ids[2] {
			t.Error("a webhook that is sent again has another id")
		}
	})
}

func TestAReceiverThatIsSilentHearsItAgainAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{hangs: true}
		s := subscribed(t, r)
		began := time.Now()
		s.create("k")
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		r.mu.Lock()
		r.hangs = false
		r.mu.Unlock()
		s.settle()
		if took := time.Since(began); took < 5*time.Second || took > 7*time.Second {
			t.Errorf("it was there after %v", took)
		}
		if len(r.got()) != 2 {
			t.Errorf("it came %d times, want 2", len(r.got()))
		}
	})
}

func TestThreeRefusalsPutTheSubscriptionToSleepForADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(int) int { return 401 }}
		s := subscribed(t, r)
		for range 4 {
			s.create("")
			s.settle()
		}
		if n := len(r.got()); n != 3 {
			t.Errorf("%d webhooks came, want 3 and then none", n)
		}
		list := s.want(200, "GET", "/webhook_subscriptions", "")["webhook_subscriptions"].([]any)
		if list[0].(object)["delivery_method"].(object)["temporarily_disabled"] != true {
			t.Errorf("the list does not say that it sleeps: %v", list)
		}
		for _, d := range s.Deliveries() {
			if !d.Dropped {
				t.Errorf("a refused webhook is not dropped: %+v", d)
			}
		}
		time.Sleep(24*time.Hour + time.Second)
		s.create("")
		s.settle()
		if n := len(r.got()); n != 4 {
			t.Errorf("after a day %d webhooks came, want 4", n)
		}
	})
}

func TestAHookToAnAddress(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	s := start(t, pagerdutytest.Options{})
	s.Subscribe(pagerdutytest.Subscription{Secrets: []string{"s1"}, Hook: pagerdutytest.ToURL(server.Client(), server.URL)})
	s.create("k")
	s.settle()
	if d := cmp.Diff([]bool{true}, r.good); d != "" {
		t.Error(d)
	}
}
