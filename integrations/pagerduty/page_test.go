package pagerduty_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

func TestWhichWayAPageGoes(t *testing.T) {
	t.Parallel()
	const events, incidents, nowhere = "POST /v2/enqueue", "POST /incidents", ""
	tests := []struct {
		name   string
		set    func(*desk)
		page   func(*desk, *integrations.Page)
		way    string
		on     func(pagerdutytest.World) string // the service
		woken  func(pagerdutytest.World) string
		refuse string // a part of the sentence
	}{
		{name: "a service, with a token", way: incidents},
		{name: "a service by its id", page: func(d *desk, p *integrations.Page) { p.Target = d.w.Service }, way: incidents},
		{name: "a service, whatever its capitals", page: func(_ *desk, p *integrations.Page) { p.Target = " cHECKOUT" }, way: incidents},
		{name: "an escalation policy", page: func(d *desk, p *integrations.Page) { p.Target = d.w.PolicyName }, way: incidents},
		{
			name: "an escalation policy goes by its own service when none is set", way: incidents,
			set: func(d *desk) { d.o.Config.Service = "" }, page: func(d *desk, p *integrations.Page) { p.Target = d.w.Policy },
		},
		{name: "a team with one escalation policy", page: func(d *desk, p *integrations.Page) { p.Target = d.w.TeamName }, way: incidents},
		{
			name: "a team with several", refuse: "several escalation policies",
			set:  func(d *desk) { d.f.AddPolicy(pagerdutytest.Policy{Name: "More", Teams: []string{d.w.Team}}) },
			page: func(d *desk, p *integrations.Page) { p.Target = d.w.TeamName },
		},
		{
			name: "a team with none", refuse: "no escalation policy",
			set:  func(d *desk) { d.f.AddTeam(pagerdutytest.Team{Name: "Loners"}) },
			page: func(_ *desk, p *integrations.Page) { p.Target = "loners" },
		},
		{name: "what PagerDuty does not know", page: func(_ *desk, p *integrations.Page) { p.Target = "nobodys" }, refuse: `called "nobodys"`},
		{
			name: "a person", way: incidents, woken: func(w pagerdutytest.World) string { return w.Cy.ID },
			page: func(d *desk, p *integrations.Page) { p.Target, p.Person = "", d.w.Cy.Email },
		},
		{
			name: "a person by name", way: incidents, woken: func(w pagerdutytest.World) string { return w.Cy.ID },
			page: func(d *desk, p *integrations.Page) { p.Target, p.Person = "", d.w.Cy.Name },
		},
		{
			name: "a name that two have", refuse: "more than one person",
			set:  func(d *desk) { d.f.AddUser(pagerdutytest.User{Name: d.w.Cy.Name, Email: "cy2@acme.test"}) },
			page: func(d *desk, p *integrations.Page) { p.Target, p.Person = "", d.w.Cy.Name },
		},
		{name: "somebody unknown", page: func(_ *desk, p *integrations.Page) { p.Target, p.Person = "", "who@acme.test" }, refuse: "knows nobody"},
		{
			name: "a person, and no service to page them on", refuse: "TOCSIN_PAGERDUTY_SERVICE",
			set: func(d *desk) { d.o.Config.Service = "" }, page: func(d *desk, p *integrations.Page) { p.Target, p.Person = "", d.w.Cy.Email },
		},
		{
			name: "a person, and the service in the settings is none", refuse: "TOCSIN_PAGERDUTY_SERVICE",
			set: func(d *desk) { d.o.Config.Service = d.w.PolicyName }, page: func(d *desk, p *integrations.Page) { p.Target, p.Person = "", d.w.Cy.Email },
		},
		{
			name: "the second level at once", way: incidents, woken: func(w pagerdutytest.World) string { return w.Bob.ID },
			page: func(_ *desk, p *integrations.Page) { p.Level = 2 },
		},
		{name: "a level that there is not", page: func(_ *desk, p *integrations.Page) { p.Level = 3 }, refuse: "Nobody is on call at level 3"},
		{name: "the key's own service, with a token and a routing key", set: byEvents, way: events},
		{
			name: "another service than the key's", set: byEvents, way: incidents,
			page: func(d *desk, p *integrations.Page) { p.Target = d.w.EmptyName },
			on:   func(w pagerdutytest.World) string { return w.Empty }, woken: func(w pagerdutytest.World) string { return w.Bob.ID },
		},
		{name: "an unknown name, with a routing key for everything", set: byEvents, page: func(_ *desk, p *integrations.Page) { p.Target = "nobodys" }, way: events},
		{name: "a second level, although there is a routing key", set: byEvents, page: func(_ *desk, p *integrations.Page) { p.Level = 2 }, way: incidents, woken: func(w pagerdutytest.World) string { return w.Bob.ID }},
		{
			name: "a target with a routing key of its own", way: events,
			set: func(d *desk) {
				d.o.Config.RoutingKey = redact.Secret("shop=" + d.w.RoutingKey + "," + strings.Repeat("0", 32))
			},
			page: func(_ *desk, p *integrations.Page) { p.Target = "Shop" },
		},
		{
			name: "the second level of a name of tocsin's own, with a routing key of its own", way: events,
			set:  func(d *desk) { d.o.Config.RoutingKey = redact.Secret("shop=" + d.w.RoutingKey) },
			page: func(_ *desk, p *integrations.Page) { p.Target, p.Level = "Shop", 2 },
		},
		{
			name: "an account without teams", refuse: `called "nobodys"`,
			set: func(d *desk) { d.f.Fail("GET /teams", -1, pagerdutytest.Status(402)) }, page: func(_ *desk, p *integrations.Page) { p.Target = "nobodys" },
		},
		{name: "a routing key while nothing can be looked up", set: func(d *desk) {
			byEvents(d)
			d.f.Fail("GET /services", -1, pagerdutytest.Status(503))
		}, way: events},
		{name: "a routing key alone", set: eventsAlone, way: events},
		{name: "a person, with a routing key alone", set: eventsAlone, page: func(d *desk, p *integrations.Page) { p.Target, p.Person = "", d.w.Cy.Email }, refuse: "only a routing key is set"},
		{name: "no routing key for a target", set: func(d *desk) {
			eventsAlone(d)
			d.o.Config.RoutingKey = redact.Secret("shop=" + d.w.RoutingKey)
		}, refuse: `no routing key of PagerDuty for "Checkout"`},
		{name: "a drill", page: func(_ *desk, p *integrations.Page) { p.Drill = true }, refuse: "drill"},
		{name: "nobody at all", page: func(_ *desk, p *integrations.Page) { p.Target = "" }, refuse: "somebody to call"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set := tt.set
			if set == nil {
				set = func(*desk) {}
			}
			d := start(t, set)
			page := d.ask()
			if tt.page != nil {
				tt.page(d, &page)
			}
			r, err := d.p.Page(t.Context(), page)
			if tt.way == nowhere {
				if err == nil || fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), tt.refuse) {
					t.Fatalf("it is %v (%v), want a refusal with %q", err, r, tt.refuse)
				}
				if n := len(d.f.All()); n != 0 {
					t.Errorf("a refused page left %d incidents", n)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := integrations.Accepted
			if tt.way == incidents {
				want = integrations.Seen
			}
			if r.State != want || r.Key != key || d.f.Called(tt.way) != 1 || d.f.Called(events)+d.f.Called(incidents) != 1 {
				t.Errorf("the receipt is %+v; %d events and %d incidents were sent", r, d.f.Called(events), d.f.Called(incidents))
			}
			on, woken := d.w.Service, d.w.Ann.ID
			if tt.on != nil {
				on = tt.on(d.w)
			}
			if tt.woken != nil {
				woken = tt.woken(d.w)
			}
			there := d.there()
			if there.Service != on || len(there.Assigned) != 1 || there.Assigned[0] != woken || there.Urgency != "high" {
				t.Errorf("the incident is %+v, want %s to be woken on %s", there, woken, on)
			}
			if tt.way == incidents && (r.ID != there.ID || r.Link != there.Link || r.Whom == "") {
				t.Errorf("the receipt %+v does not show the incident %+v", r, there)
			}
		})
	}
}

// sent is the body of the last call of an operation.
func (d *desk) sent(op string) map[string]any {
	d.t.Helper()
	var body map[string]any
	for _, c := range d.f.Calls() {
		if c.Op == op {
			body = nil
			if err := json.Unmarshal(c.Body, &body); err != nil {
				d.t.Fatal(err)
			}
		}
	}
	if body == nil {
		d.t.Fatalf("%s was not called", op)
	}
	return body
}

func TestWhatLeavesTheHouse(t *testing.T) {
	t.Parallel()
	private := integrations.Page{Key: key, Target: "Checkout", Summary: "INC-7: You are needed in a private incident"}
	t.Run("in an event", func(t *testing.T) {
		t.Parallel()
		d := start(t, eventsAlone)
		d.page()
		e := d.sent("POST /v2/enqueue")
		p, ok := e["payload"].(map[string]any)
		if !ok || e["dedup_key"] != pagerduty.FarKey(key) || e["client_url"] != "https://tocsin.example/INC-7" || p["severity"] != "critical" {
			t.Errorf("the event is %v", e)
		}
		if _, err := d.p.Page(t.Context(), private); err != nil {
			t.Fatal(err)
		}
		e = d.sent("POST /v2/enqueue")
		raw, err := json.Marshal(e)
		if err != nil || e["client_url"] != nil || e["links"] != nil || strings.Contains(string(raw), "https://") {
			t.Errorf("of a private incident leaves %s", raw)
		}
		if p := e["payload"].(map[string]any); p["severity"] != "error" { //nolint:forcetypeassert // it has one
			t.Errorf("a page without a severity would wait until morning: %v", p)
		}
	})
	t.Run("in an incident", func(t *testing.T) {
		t.Parallel()
		d := start(t)
		if _, err := d.p.Page(t.Context(), private); err != nil {
			t.Fatal(err)
		}
		inc, ok := d.sent("POST /incidents")["incident"].(map[string]any)
		if !ok || inc["incident_key"] != pagerduty.FarKey(key) || inc["title"] != private.Summary || inc["body"] != nil {
			t.Errorf("of a private incident leaves %v", inc)
		}
		if _, null := inc["priority"]; null {
			t.Error("a priority of null is sent")
		}
	})
	t.Run("words are only words", func(t *testing.T) {
		t.Parallel()
		d := start(t)
		page := d.ask()
		page.Summary, page.Link = "a\x00b\u202e\nc\x1b[31m "+strings.Repeat("é", 3000), "javascript:alert(1)"
		if _, err := d.p.Page(t.Context(), page); err != nil {
			t.Fatal(err)
		}
		there := d.there()
		if n := len([]rune(there.Title)); n != 1024 || strings.ContainsAny(there.Title, "\x00\u202e\n\x1b") || there.Details != "" {
			t.Errorf("%d characters: %.40q, details %q", n, there.Title, there.Details)
		}
	})
}

func TestNobodyToWakeIsNotAPageThatFails(t *testing.T) {
	t.Parallel()
	d := start(t)
	lines, err := d.p.OnCall(t.Context(), d.w.EmptyName, d.c.now())
	if err != nil || len(lines) != 1 || lines[0].Level != 2 {
		t.Errorf("on call for the attic: %+v, %v", lines, err)
	}
}
