package all

import (
	"strings"

	"tocsin/incident/redact"
	"tocsin/integrations/alertmanager"
	"tocsin/integrations/changes"
	"tocsin/integrations/email"
	"tocsin/integrations/folder"
	"tocsin/integrations/generic"
	"tocsin/integrations/grafana"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/webhook"
)

// Settings are what the environment decides about outside services, each under
// its own name: TOCSIN_PAGERDUTY_…, TOCSIN_SMTP_….
type Settings struct {
	PagerDuty    pagerduty.Config
	SMTP         email.Config
	Webhook      webhook.Config
	Documents    folder.Config
	Alertmanager alertmanager.Config
	Grafana      grafana.Config
	Generic      generic.Config
	Changes      changes.Config
}

// Fault is one thing wrong with the settings: which, what, and how to mend it.
type Fault struct{ Name, What, Mend string }

// Faults lists what is wrong with the values. It looks nothing up.
func (s Settings) Faults() []Fault {
	var out []Fault
	for _, f := range s.PagerDuty.Faults() {
		out = append(out, Fault(f))
	}
	for _, f := range s.SMTP.Faults() {
		out = append(out, Fault(f))
	}
	for _, f := range s.Webhook.Faults() {
		out = append(out, Fault(f))
	}
	for _, f := range s.Documents.Faults() {
		out = append(out, Fault(f))
	}
	return out
}

// secrets are those that open the doors of hooks.
func (s *Settings) secrets() []*redact.Secret {
	return []*redact.Secret{&s.PagerDuty.WebhookSecret, &s.Alertmanager.Secret, &s.Grafana.Secret, &s.Generic.Secret, &s.Changes.Secret}
}

// Secrets are the words that must not be seen, each by itself, to be kept out
// of what is written down.
func (s Settings) Secrets() []redact.Secret {
	out := s.PagerDuty.Secrets()
	for _, list := range []redact.Secret{s.Webhook.Secret, s.Alertmanager.Secret, s.Grafana.Secret, s.Generic.Secret, s.Changes.Secret} {
		for one := range strings.SplitSeq(list.Reveal(), ",") {
			if one = strings.TrimSpace(one); one != "" {
				out = append(out, redact.Secret(one))
			}
		}
	}
	return out
}

// trial are settings under which every hook is there.
func (s Settings) trial(word redact.Secret) Settings {
	for _, one := range s.secrets() {
		*one = word
	}
	return s
}
