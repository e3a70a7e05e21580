package pagerduty_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

// skewed is a far side whose clock goes differently.
type skewed struct {
	http.RoundTripper

	now func() time.Time
	by  time.Duration
}

func (s skewed) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		a.Header.Set("Date", s.now().Add(s.by).UTC().Format(http.TimeFormat))
	}
	return a, err
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		set         func(*desk)
		level, what string // of the finding that is wanted; level empty: nothing but ok
	}{
		{"all is well", func(d *desk) { d.subscribe() }, "", ""},
		{"all is well, with a routing key", func(d *desk) { d.subscribe(); byEvents(d) }, "", ""},
		{"a wrong token", func(d *desk) { d.o.Config.Token = "wrong" }, "fail", "token"},
		{"PagerDuty away", func(d *desk) { d.f.Fail("", -1, pagerdutytest.Refused()) }, "fail", "token"},
		{"a wrong user", func(d *desk) { d.o.Config.From = "nobody@acme.test" }, "fail", "from"},
		{"a user's name that is no e-mail of theirs", func(d *desk) { d.f.RemoveUser(d.w.Bot.ID) }, "fail", "from"},
		{"an unknown service", func(d *desk) { d.o.Config.Service = "Chekout" }, "fail", "service"},
		{"a service that is a policy", func(d *desk) { d.o.Config.Service = d.w.PolicyName }, "fail", "service"},
		{"a target of policy's that is not there", func(d *desk) { d.o.Targets = func() []string { return []string{d.w.TeamName, "nowhere"} } }, "fail", "target"},
		{"such a target, with a routing key for everything", func(d *desk) {
			byEvents(d)
			d.o.Targets = func() []string { return []string{"nowhere"} }
		}, "warn", "target"},
		{"a routing key that no service shows", func(d *desk) { d.o.Config.RoutingKey = routing }, "warn", "routing key"},
		{"a routing key alone", eventsAlone, "warn", "token"},
		{"no webhook", func(*desk) {}, "fail", "webhook"},
		{"a webhook that leads elsewhere", func(d *desk) {
			d.f.Subscribe(pagerdutytest.Subscription{URL: "https://other.example/hooks/pagerduty"})
		}, "fail", "webhook"},
		{"a webhook that is switched off", func(d *desk) {
			d.f.Subscribe(pagerdutytest.Subscription{URL: "https://tocsin.example/hooks/pagerduty", Off: true})
		}, "fail", "webhook"},
		{"a webhook that leaves things out", func(d *desk) {
			d.f.Subscribe(pagerdutytest.Subscription{URL: "https://tocsin.example/hooks/pagerduty/", Events: []string{"incident.triggered"}})
		}, "warn", "webhook"},
		{"a token that may not see webhooks", func(d *desk) { d.f.Fail("GET /webhook_subscriptions", -1, pagerdutytest.Status(403)) }, "warn", "webhook"},
		{"an account without responders", func(d *desk) { d.f.SetAbilities("teams") }, "warn", "responders"},
		{"a clock that is a little off", func(d *desk) { d.o.Transport = skewed{d.o.Transport, d.c.now, -time.Minute} }, "warn", "clock"},
		{"a clock that is far off", func(d *desk) { d.o.Transport = skewed{d.o.Transport, d.c.now, time.Hour} }, "fail", "clock"},
		{"a clock that is right", func(d *desk) { d.subscribe(); d.o.Transport = skewed{d.o.Transport, d.c.now, time.Second} }, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := start(t, tt.set)
			found := append(d.p.Check(t.Context()), d.hook.Check(t.Context())...)
			hit := false
			for _, f := range found {
				switch {
				case f.Level == "ok":
				case f.Mend == "" || f.Why == "":
					t.Errorf("a finding without a way out: %+v", f)
				case tt.level == "":
					t.Errorf("where all is well, it says %+v", f)
				}
				hit = hit || f.Level == tt.level && f.What == "pagerduty "+tt.what
				if strings.Contains(f.Why+f.Mend, d.f.Token()) || strings.Contains(f.Why+f.Mend, d.w.RoutingKey) {
					t.Errorf("a finding shows a secret: %+v", f)
				}
			}
			if tt.level != "" && !hit {
				t.Errorf("%s of %s is wanted, found %+v", tt.level, tt.what, found)
			}
			for _, c := range d.f.Calls() {
				if c.Op[:3] != "GET" {
					t.Errorf("a check did %s", c.Op)
				}
			}
			d.f.Forgive() // some of it is wrong on purpose
		})
	}
}

func TestAnyAddressWillDoWhenOursIsNotKnown(t *testing.T) {
	t.Parallel()
	d := start(t, func(d *desk) { d.o.Address = ""; d.subscribe() })
	if f := d.hook.Check(t.Context()); len(f) != 1 || f[0].Level != "ok" {
		t.Errorf("found %+v", f)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	d := start(t)
	both := []integrations.Integration{d.p, d.hook}
	for _, i := range both {
		if i.Name() != pagerduty.Name {
			t.Errorf("it is called %q", i.Name())
		}
	}
	if s := redact.Secret(d.f.Token()); strings.Contains(s.String(), d.f.Token()) {
		t.Error("a secret prints")
	}
}
