package all_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tocsin/integrations"
	"tocsin/integrations/all"
	"tocsin/integrations/practice"
)

type emptyShelf struct{}

func (emptyShelf) Fetch(context.Context, string) ([]byte, error)      { return nil, nil }
func (emptyShelf) Keep(context.Context, string, []byte, []byte) error { return nil }

func TestOpenGivesWhatIsSetUp(t *testing.T) {
	t.Parallel()
	var asked []string
	list, err := all.Open(all.House{
		Shelf: emptyShelf{},
		Now:   time.Now,
		News: func(pager string) integrations.PageNews {
			asked = append(asked, pager)
			return func(context.Context, integrations.Receipt) error { return nil }
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, i := range list {
		if names[i.Name()] {
			t.Errorf("%q is listed twice", i.Name())
		}
		names[i.Name()] = true
	}
	if !names[practice.Name] || len(asked) != 1 || asked[0] != practice.Name {
		t.Errorf("listed %v, news of %v; want the practice pager", names, asked)
	}
	last := list[len(list)-1]
	if _, ok := last.(integrations.Pager); !ok {
		t.Error("the practice pager is no pager")
	}
	if _, ok := last.(all.Runner); !ok {
		t.Error("the practice pager does not run")
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := all.Open(all.House{News: func(string) integrations.PageNews { return nil }}); err == nil {
		t.Error("a practice pager without a shelf was opened")
	}
}

// settings are such that everything is set up.
func settings() all.Settings {
	const secret = "a-secret-of-at-least-sixteen"
	var s all.Settings
	s.PagerDuty.RoutingKey = "0123456789abcdef0123456789abcdef"
	s.PagerDuty.WebhookSecret = secret
	s.SMTP.URL, s.SMTP.From = "smtps://mail.example.com", "tocsin@example.com"
	s.Webhook.URL, s.Webhook.Secret = "https://hooks.example.com/tocsin", secret
	s.Webhook.Documents, s.Documents.Folder = true, "/srv/reviews"
	s.Alertmanager.Secret, s.Grafana.Secret, s.Generic.Secret, s.Changes.Secret = secret, secret, secret, secret
	return s
}

func names(list []integrations.Integration) []string {
	var out []string
	for _, i := range list {
		out = append(out, i.Name())
	}
	return out
}

func TestEveryVendorThatIsSetUpIsInTheListAndNoOther(t *testing.T) {
	t.Parallel()
	if bad := settings().Faults(); len(bad) > 0 {
		t.Fatalf("the settings are wrong: %v", bad)
	}
	list, err := all.Outside(all.House{Settings: settings(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"pagerduty", "pagerduty", "email", "webhook", "webhook", "folder", "alertmanager", "grafana", "generic", "changes"}
	if got := names(list); !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if none, err := all.Outside(all.House{Now: time.Now}); err != nil || len(none) != 0 {
		t.Errorf("with nothing set up, listed %v (%v)", names(none), err)
	}
	var hooks []string
	for _, h := range all.Hooks(list) {
		hooks = append(hooks, h.Name())
	}
	if want := []string{"pagerduty", "alertmanager", "grafana", "generic", "changes"}; !slices.Equal(hooks, want) {
		t.Errorf("hooks are %v, want %v", hooks, want)
	}
}

func TestATrialKnowsEveryHookAndLeavesTheSettingsAlone(t *testing.T) {
	t.Parallel()
	h := all.House{Now: time.Now}
	hooks, err := all.Trial(h)
	if err != nil || len(hooks) != 5 {
		t.Errorf("%d hooks to try (%v)", len(hooks), err)
	}
	if len(h.Settings.Secrets()) != 0 {
		t.Error("a trial opened a door")
	}
	s := settings()
	s.Grafana.Secret = "the-first-of-grafana, the-second-of-grafana"
	var words []string
	for _, one := range s.Secrets() {
		words = append(words, one.Reveal())
	}
	for _, want := range []string{"the-first-of-grafana", "the-second-of-grafana", "0123456789abcdef0123456789abcdef", "a-secret-of-at-least-sixteen"} {
		if !slices.Contains(words, want) {
			t.Errorf("%q is not among the words to be kept out of sight", want)
		}
	}
}

func TestFaultsOfEveryVendorAreNamed(t *testing.T) {
	t.Parallel()
	var s all.Settings
	s.PagerDuty.Token, s.SMTP.From, s.Webhook.Secret = "x", "y", "z"
	var names []string
	for _, f := range s.Faults() {
		names = append(names, f.Name)
		if f.What == "" || f.Mend == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, want := range []string{"TOCSIN_PAGERDUTY_FROM", "TOCSIN_SMTP_URL", "TOCSIN_WEBHOOK_URL"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not among %v", want, names)
		}
	}
}
