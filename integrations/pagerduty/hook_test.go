package pagerduty_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/hooktest"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

// webhook is a hook with these secrets, and nothing else set.
func webhook(t *testing.T, secrets string) *pagerduty.Hook {
	t.Helper()
	p, err := pagerduty.Open(pagerduty.Options{Now: hooktest.Moment, Config: pagerduty.Config{WebhookSecret: redacted(secrets)}})
	if err != nil {
		t.Fatal(err)
	}
	h, _ := p.Hook()
	return h
}

// signed is a call as PagerDuty makes it.
func signed(body []byte, secrets ...string) integrations.Call {
	c := hooktest.Call(body)
	c.Header.Set("X-Pagerduty-Signature", pagerdutytest.Sign(body, secrets...))
	c.Header.Set("X-Webhook-Id", "delivery-1")
	return c
}

// event is a webhook's body about an incident.
func event(kind string, change func(data map[string]any)) []byte {
	data := map[string]any{
		"id": "PGR0VU2", "type": "incident", "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2", "number": 2,
		"status": "triggered", "incident_key": "theirs", "created_at": "2026-11-03T09:00:00Z", "title": "Disk full",
		"service":   map[string]any{"id": "PF9KMXH", "type": "service_reference", "summary": "API Service"},
		"assignees": []any{map[string]any{"id": "PTUXL6G", "type": "user_reference", "summary": "User 123"}},
		"priority":  map[string]any{"id": "PSO75BM", "summary": "P1"}, "urgency": "high",
	}
	if change != nil {
		change(data)
	}
	raw, err := json.Marshal(map[string]any{"event": map[string]any{
		"id": "01EVENT", "event_type": kind, "resource_type": "incident", "occurred_at": "2026-11-03T09:30:00.5Z",
		"agent": map[string]any{"id": "PLH1HKV", "type": "user_reference", "summary": "Ann Ames"}, "data": data,
	}})
	if err != nil {
		panic(err)
	}
	return raw
}

func TestManners(t *testing.T) {
	t.Parallel()
	hooktest.Run(t, webhook(t, secret), secret, signed(event("incident.triggered", nil), secret))
}

func TestWhoIsLetIn(t *testing.T) {
	t.Parallel()
	body := event("incident.triggered", nil)
	right, old := pagerdutytest.Sign(body, "new"), pagerdutytest.Sign(body, "old")
	tests := []struct {
		name, secrets, header string
		in                    bool
	}{
		{"the right secret", "new", right, true},
		{"the secret before it, while it is changed", "new,old", old, true},
		{"signed with both", "new", old + "," + right, true},
		{"with a space behind the comma", "new", old + ", " + right, true},
		{"another secret", "new", old, false},
		{"no signature", "new", "", false},
		{"a signature of another version", "new", strings.Replace(right, "v1=", "v2=", 1), false},
		{"half a signature", "new", right[:30], false},
		{"no hex", "new", "v1=zz", false},
		{"signed with nothing, where there is no secret", "", pagerdutytest.Sign(body, ""), false},
		{"signed with nothing, where the second secret is empty", "new,", pagerdutytest.Sign(body, ""), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := signed(body, "new")
			c.Header.Set("X-Pagerduty-Signature", tt.header)
			d, err := webhook(t, tt.secrets).Admit(c)
			if (err == nil) != tt.in {
				t.Fatalf("let in: %v, want %v", err, tt.in)
			}
			if tt.in && (d.Key != "delivery-1" || string(d.Body) != string(body) || d.Type != "application/json" || !d.At.Equal(hooktest.Moment())) {
				t.Errorf("what is kept is %+v", d)
			}
		})
	}
	t.Run("two headers", func(t *testing.T) {
		t.Parallel()
		c := signed(body, "new")
		c.Header["X-Pagerduty-Signature"] = []string{old, right}
		if _, err := webhook(t, "new").Admit(c); err != nil {
			t.Error(err)
		}
	})
	t.Run("without an id of the delivery, the event's own is taken", func(t *testing.T) {
		t.Parallel()
		c := signed(body, "new")
		c.Header.Del("X-Webhook-Id")
		if d, err := webhook(t, "new").Admit(c); err != nil || d.Key != "01EVENT" {
			t.Errorf("the key is %q, %v", d.Key, err)
		}
	})
}

func TestWhatADeliveryMeans(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 9, 30, 0, 500_000_000, time.UTC)
	mine := func(data map[string]any) { data["incident_key"] = pagerduty.FarKey(key) }
	page := func(change func(*integrations.Receipt)) integrations.News {
		r := integrations.Receipt{Key: key, ID: "PGR0VU2", Whom: "User 123", By: "Ann Ames", Link: "https://acme.pagerduty.com/incidents/PGR0VU2", At: at}
		change(&r)
		return integrations.News{Pages: []integrations.Receipt{r}}
	}
	alert := func(change func(*integrations.Alert)) integrations.News {
		a := integrations.Alert{
			Group: "pd/PGR0VU2", Key: "PGR0VU2", Since: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), State: integrations.Firing, At: at,
			Title: "Disk full", Service: "API Service", Severity: "p1", Link: "https://acme.pagerduty.com/incidents/PGR0VU2",
			Labels: map[string]string{"urgency": "high", "priority": "P1", "number": "2"},
		}
		change(&a)
		return integrations.News{Alerts: []integrations.Alert{a}}
	}
	tests := []struct {
		name, kind string
		data       func(map[string]any)
		want       integrations.News
	}{
		{"a page of ours is there", "incident.triggered", mine, page(func(r *integrations.Receipt) { r.State, r.By = integrations.Seen, "" })},
		{"somebody has it", "incident.acknowledged", mine, page(func(r *integrations.Receipt) { r.State = integrations.Acknowledged })},
		{"the next level is asked", "incident.escalated", mine, page(func(r *integrations.Receipt) { r.State = integrations.Escalated })},
		{"somebody else has it", "incident.reassigned", mine, page(func(r *integrations.Receipt) { r.State = integrations.Reassigned })},
		{"another policy has it", "incident.delegated", mine, page(func(r *integrations.Receipt) { r.State = integrations.Reassigned })},
		{"it is over", "incident.resolved", mine, page(func(r *integrations.Receipt) { r.State = integrations.Over })},
		{"nobody has it any more", "incident.unacknowledged", mine, page(func(r *integrations.Receipt) {
			r.State, r.Note = integrations.Noted, "nobody has it any more, and it rings again"
		})},
		{"its priority", "incident.priority_updated", mine, page(func(r *integrations.Receipt) { r.State, r.Note = integrations.Noted, "priority P1" })},
		{"no priority", "incident.priority_updated", func(d map[string]any) { mine(d); d["priority"] = nil }, page(func(r *integrations.Receipt) {
			r.State, r.Note = integrations.Noted, "no priority any more"
		})},
		{"it was opened again", "incident.reopened", mine, page(func(r *integrations.Receipt) { r.State, r.Note = integrations.Noted, "it was opened again" })},
		{"something of it that nobody has to know", "incident.service_updated", mine, integrations.News{}},
		{"somebody else's incident", "incident.triggered", nil, alert(func(*integrations.Alert) {})},
		{"with no priority and no names", "incident.triggered", func(d map[string]any) {
			d["priority"], d["service"], d["number"], d["title"] = nil, nil, nil, "\x00"
		}, alert(func(a *integrations.Alert) {
			a.Severity, a.Service, a.Title, a.Labels = "high", "", "PagerDuty incident PGR0VU2", map[string]string{"urgency": "high"}
		})},
		{"it is over, somebody else's", "incident.resolved", func(d map[string]any) { d["status"] = "resolved" }, alert(func(a *integrations.Alert) { a.State = integrations.Recovered })},
		{"it is open again, somebody else's", "incident.reopened", func(d map[string]any) { d["reopened_at"] = "2026-11-03T09:29:00Z" }, alert(func(a *integrations.Alert) {
			a.Since = time.Date(2026, 11, 3, 9, 29, 0, 0, time.UTC)
		})},
		{"a link that is none", "incident.triggered", func(d map[string]any) { d["html_url"] = "javascript:alert(1)" }, alert(func(a *integrations.Alert) { a.Link = "" })},
		{"an id that is none", "incident.triggered", func(d map[string]any) { d["id"] = "../x" }, integrations.News{}},
		{"the key of another page of ours, cut short", "incident.triggered", func(d map[string]any) { d["incident_key"] = "tocsin/#abc" }, alert(func(*integrations.Alert) {})},
		{"a test", "pagey.ping", nil, integrations.News{Test: true}},
		{"a service was changed", "service.updated", nil, integrations.News{}},
		{"a kind to come", "incident.sung", mine, integrations.News{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := hooktest.Read(t, webhook(t, secret), signed(event(tt.kind, tt.data), secret))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("it means (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatPagerDutyPublishes(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("TOCSIN_SPECS")
	if folder == "" {
		if os.Getenv("TOCSIN_REQUIRE_SPECS") == "1" {
			t.Fatal("TOCSIN_SPECS names no folder, and it is demanded")
		}
		t.Skip("TOCSIN_SPECS is not set")
	}
	files, err := filepath.Glob(filepath.Join(folder, "fixtures", "pagerduty-webhooks", "*.json"))
	if err != nil || len(files) < 20 {
		t.Fatalf("there are %d samples, %v", len(files), err)
	}
	h, alerts := webhook(t, secret), 0
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var shape map[string]json.RawMessage
		if err := json.Unmarshal(body, &shape); err != nil {
			t.Fatal(err)
		}
		// Some samples are only what stands under "data"; those are put where they stand.
		if _, whole := shape["event"]; !whole {
			var kind struct {
				Type string `json:"type"`
			}
			_ = json.Unmarshal(body, &kind)
			if kind.Type == "" || shape["messages"] != nil {
				if n, err := h.Read(integrations.Delivery{Body: body, At: hooktest.Moment()}); fault.KindOf(err) != fault.Invalid {
					t.Errorf("%s is no webhook of version 3 and is read as %+v, %v", filepath.Base(f), n, err)
				}
				continue
			}
			if body, err = json.Marshal(map[string]any{"event": map[string]any{"id": "01X", "event_type": "incident.annotated", "occurred_at": "2026-11-03T09:30:00Z", "data": json.RawMessage(body)}}); err != nil {
				t.Fatal(err)
			}
		}
		n := hooktest.Read(t, h, signed(body, secret))
		hooktest.Sound(t, n)
		alerts += len(n.Alerts)
		if len(n.Pages) > 0 {
			t.Errorf("%s is taken for a page of ours", filepath.Base(f))
		}
	}
	if alerts == 0 {
		t.Error("none of the samples is an alert")
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]integrations.AlertState{
		"pagerduty-incident.triggered.json": integrations.Firing, "pagerduty-incident.acknowledged.json": integrations.Firing,
		"pagerduty-incident.resolved.json": integrations.Recovered,
	} {
		n := hooktest.Read(t, webhook(t, secret), signed(hooktest.Sample(t, name), secret))
		if len(n.Alerts) != 1 || n.Alerts[0].State != want {
			t.Errorf("%s means %+v", name, n)
		}
	}
	n := hooktest.Read(t, webhook(t, secret), signed(hooktest.Sample(t, "pagerduty-incident.annotated.json"), secret))
	if diff := cmp.Diff(integrations.News{}, n); diff != "" {
		t.Errorf("a note on somebody else's incident means:\n%s", diff)
	}
}

func TestWhatIsHeardOfAPage(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*desk){
		"by REST": func(*desk) {}, "by events": byEvents,
		"by events, under a key of PagerDuty's own": func(d *desk) { byEvents(d); d.fake(pagerdutytest.Options{AlertKeys: true}); byEvents(d) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := start(t, set)
			d.subscribe()
			d.page()
			far := d.there().ID
			for _, do := range []func() error{
				func() error { return d.f.Pass(far) },
				func() error { return d.f.Acknowledge(far, d.w.Bob.Email) },
				func() error { return d.f.Annotate(far, d.w.Bob.Email, "looking") },
				func() error { return d.f.SetPriority(far, d.w.Ann.Email, "P2") },
				func() error { return d.f.Reassign(far, d.w.Bob.Email, d.w.Cy.ID) },
				func() error { return d.f.Resolve(far, d.w.Cy.Email) },
			} {
				if err := do(); err != nil {
					t.Fatal(err)
				}
				d.told()
			}
			type line struct {
				State          integrations.ReceiptState
				By, Whom, Note string
				Level          int
			}
			var got []line
			for _, r := range d.told() {
				if r.Key != key || r.ID != far || r.Link == "" || r.At.IsZero() {
					t.Errorf("heard %+v", r)
				}
				got = append(got, line{r.State, r.By, r.Whom, r.Note, r.Level})
			}
			want := []line{
				{integrations.Seen, "", d.w.Ann.Name, "", 1},
				{integrations.Escalated, "", d.w.Bob.Name, "", 2},
				{integrations.Acknowledged, d.w.Bob.Email, d.w.Bob.Name, "", 0},
				{integrations.Noted, d.w.Bob.Email, "", "looking", 0},
				{integrations.Noted, d.w.Ann.Email, d.w.Bob.Name, "priority P2", 0},
				{integrations.Reassigned, d.w.Bob.Email, d.w.Cy.Name, "", 0},
				{integrations.Over, d.w.Cy.Email, d.w.Cy.Name, "", 0},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("heard (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSomebodyElsesIncidentsAreAlerts(t *testing.T) {
	t.Parallel()
	d := start(t, byEvents)
	d.subscribe()
	i := d.f.Trigger(d.w.Service, "Disk full")
	if err := d.f.Annotate(i.ID, d.w.Ann.Email, "nothing to do with us"); err != nil {
		t.Fatal(err)
	}
	if err := d.f.Resolve(i.ID, d.w.Ann.Email); err != nil {
		t.Fatal(err)
	}
	if heard := d.told(); len(heard) != 0 {
		t.Errorf("heard of pages %+v", heard)
	}
	var states []integrations.AlertState
	for _, n := range d.news {
		for _, a := range n.Alerts {
			states = append(states, a.State)
		}
	}
	if !slices.Equal(states, []integrations.AlertState{integrations.Firing, integrations.Recovered}) {
		t.Errorf("the alerts are %v", states)
	}
	if n := d.f.Called("GET /incidents/{id}/alerts"); n > 1 {
		t.Errorf("whose it is was asked %d times", n)
	}
}

func TestTwiceLateAndAfterARestart(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.subscribe()
	d.page()
	d.told()
	d.open() // nothing is remembered
	d.f.TwistNext(1, pagerdutytest.Twist{Copies: 2})
	if err := d.f.Annotate(pagerduty.FarKey(key), d.w.Ann.Email, "here"); err != nil {
		t.Fatal(err)
	}
	heard := d.told()
	if n := len(heard); n < 3 || cmp.Diff(heard[n-1], heard[n-2]) != "" || heard[n-1].Note != "here" || heard[n-1].Key != key {
		t.Errorf("a note that came twice after a restart: %+v", heard)
	}
	d.f.TwistNext(1, pagerdutytest.Twist{WrongSignature: true})
	before := len(heard)
	if err := d.f.Acknowledge(pagerduty.FarKey(key), d.w.Ann.Email); err != nil {
		t.Fatal(err)
	}
	if heard = d.told(); len(heard) != before {
		t.Errorf("of a wrong signature was heard %+v", heard[before:])
	}
}

func TestWhenPagerDutyCannotBeAskedTheNewsWaits(t *testing.T) {
	t.Parallel()
	d := start(t, byEvents)
	d.page()
	body := event("incident.annotated", func(data map[string]any) {
		clear(data)
		data["type"], data["content"] = "incident_note", "hm"
		data["incident"] = map[string]any{"id": d.there().ID, "type": "incident_reference", "html_url": "https://acme.pagerduty.com/incidents/X"}
	})
	del := integrations.Delivery{Body: body, At: d.c.now()}
	n, err := d.hook.Read(del)
	if err != nil || len(n.Pages) != 0 {
		t.Fatalf("by itself it means %+v, %v", n, err)
	}
	d.f.Fail("GET /incidents/{id}", 1, pagerdutytest.Status(http.StatusServiceUnavailable))
	if _, err = d.hook.Complete(t.Context(), del, n); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("while it is away: %v", err)
	}
	if n, err = d.hook.Complete(t.Context(), del, n); err != nil || len(n.Pages) != 1 || n.Pages[0].Note != "hm" {
		t.Errorf("when it is back: %+v, %v", n, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(event("incident.triggered", nil))
	f.Add(event("incident.annotated", func(d map[string]any) { d["content"], d["incident"] = "x", map[string]any{"id": "P1234"} }))
	f.Add([]byte(`{"event":{"event_type":"incident.x","data":[]}}`))
	p, err := pagerduty.Open(pagerduty.Options{Now: hooktest.Moment, Config: pagerduty.Config{WebhookSecret: secret}})
	if err != nil {
		f.Fatal(err)
	}
	h, _ := p.Hook()
	f.Fuzz(func(t *testing.T, body []byte) {
		d := integrations.Delivery{Body: body, At: hooktest.Moment()}
		n, err := h.Read(d)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("refused as %v", err)
		}
		hooktest.Sound(t, n)
		whole, err := h.Complete(t.Context(), d, n)
		if err != nil || cmp.Diff(n, whole) != "" {
			t.Errorf("with nobody to ask, it became %+v, %v", whole, err)
		}
	})
}
