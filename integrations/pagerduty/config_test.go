package pagerduty_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/redact"
	"tocsin/integrations/pagerduty"
)

const (
	routing = "0123456789abcdef0123456789ABCDEF"
	another = "ffffffffffffffffffffffffffffffff"
)

func TestFaultsOfTheSettings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		c    pagerduty.Config
		want []string // which settings
	}{
		{"nothing", pagerduty.Config{}, nil},
		{"a token and who acts", pagerduty.Config{Token: "t", From: "bot@acme.test"}, nil},
		{"a routing key alone", pagerduty.Config{RoutingKey: routing}, nil},
		{"routing keys by target", pagerduty.Config{RoutingKey: "checkout=" + routing + ", payments = " + another + "," + another}, nil},
		{"webhooks alone", pagerduty.Config{WebhookSecret: "one, two"}, nil},
		{"a token without who acts", pagerduty.Config{Token: "t"}, []string{"FROM"}},
		{"who acts is no e-mail", pagerduty.Config{Token: "t", From: "Bot <bot@acme.test>"}, []string{"FROM"}},
		{"who acts breaks the header", pagerduty.Config{Token: "t", From: "bot@acme.test\r\nX-Evil: 1"}, []string{"FROM"}},
		{"who acts, but no token", pagerduty.Config{From: "bot@acme.test"}, []string{"TOKEN"}},
		{"a token in quotes", pagerduty.Config{Token: `"t"`, From: "bot@acme.test"}, []string{"TOKEN"}},
		{"a token with a line break", pagerduty.Config{Token: "t\n", From: "bot@acme.test"}, []string{"TOKEN"}},
		{"a routing key that is too short", pagerduty.Config{RoutingKey: "R0123"}, []string{"ROUTING_KEY"}},
		{"a target that is named twice", pagerduty.Config{RoutingKey: "a=" + routing + ",A=" + another}, []string{"ROUTING_KEY"}},
		{"a routing key for nothing", pagerduty.Config{RoutingKey: "=" + routing}, []string{"ROUTING_KEY"}},
		{"three secrets", pagerduty.Config{WebhookSecret: "a,b,c"}, []string{"WEBHOOK_SECRET"}},
		{"addresses that are none", pagerduty.Config{RoutingKey: routing, APIUrl: "api.pagerduty.com", EventsUrl: "ftp://x"}, []string{"API_URL", "EVENTS_URL"}},
		{"an address with a password", pagerduty.Config{RoutingKey: routing, APIUrl: "https://u:p@api.example"}, []string{"API_URL"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range tt.c.Faults() {
				got = append(got, strings.TrimPrefix(f.Name, "TOCSIN_PAGERDUTY_"))
				if f.What == "" || f.Mend == "" {
					t.Errorf("%s: what is wrong and how to mend it is not said: %+v", f.Name, f)
				}
				for _, secret := range []redact.Secret{tt.c.Token, tt.c.RoutingKey} {
					if s := secret.Reveal(); len(s) > 3 && strings.Contains(f.What+f.Mend, s) {
						t.Errorf("the fault shows the secret: %+v", f)
					}
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("settings with faults (-want +got):\n%s", diff)
			}
			_, err := pagerduty.Open(pagerduty.Options{Config: tt.c, Now: time.Now})
			if (err != nil) != (len(tt.want) > 0) {
				t.Errorf("opening with these settings: %v", err)
			}
		})
	}
}

func TestSecretsAreNamedOneByOne(t *testing.T) {
	t.Parallel()
	c := pagerduty.Config{Token: "the-token", RoutingKey: "checkout=" + routing + "," + another, WebhookSecret: "new, old"}
	var got []string
	for _, s := range c.Secrets() {
		got = append(got, s.Reveal())
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{routing, another, "new", "old", "the-token"}, got); diff != "" {
		t.Errorf("secrets (-want +got):\n%s", diff)
	}
}

func TestWhatIsSet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		c                 pagerduty.Config
		set, pages, hears bool
	}{
		{pagerduty.Config{}, false, false, false},
		{pagerduty.Config{Numbers: true}, false, false, false},
		{pagerduty.Config{Token: "t"}, true, true, false},
		{pagerduty.Config{RoutingKey: routing}, true, true, false},
		{pagerduty.Config{WebhookSecret: "s"}, true, false, true},
		{pagerduty.Config{WebhookSecret: " , "}, false, false, false},
		{pagerduty.Config{From: "bot@acme.test"}, true, false, false},
	}
	for _, tt := range tests {
		if tt.c.Set() != tt.set || tt.c.Pages() != tt.pages || tt.c.Hears() != tt.hears {
			t.Errorf("%+v: set %v, pages %v, hears %v", tt.c, tt.c.Set(), tt.c.Pages(), tt.c.Hears())
		}
	}
	if _, err := pagerduty.Open(pagerduty.Options{}); err == nil {
		t.Error("it was opened without a clock")
	}
	if p, err := pagerduty.Open(pagerduty.Options{Now: time.Now, Config: pagerduty.Config{WebhookSecret: " , "}}); err != nil {
		t.Error(err)
	} else if _, ok := p.Hook(); ok {
		t.Error("there is a way in without a secret")
	}
}

func TestKeysAtPagerDuty(t *testing.T) {
	t.Parallel()
	if got := pagerduty.FarKey(key); got != "tocsin/"+key {
		t.Errorf("the key is %q", got)
	}
	long := "incident/" + strings.Repeat("x", 300)
	far, other := pagerduty.FarKey(long), pagerduty.FarKey(long+"y")
	if len(far) > 255 || far == other || !strings.HasPrefix(far, "tocsin/") || far != pagerduty.FarKey(long) {
		t.Errorf("long keys are %q and %q", far, other)
	}
}
