// Package all is the one list of outside services: a new vendor is a folder
// beside this one, a line in [Settings] and a line in [Open].
//
// It must not know what any of them is for; who uses them asks by role.
//
// The one idea: an integration that is not set up is not in the list.
package all

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/integrations/alertmanager"
	"tocsin/integrations/changes"
	"tocsin/integrations/email"
	"tocsin/integrations/folder"
	"tocsin/integrations/generic"
	"tocsin/integrations/grafana"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/practice"
	"tocsin/integrations/webhook"
)

// House is what the running bot hands to every integration.
type House struct {
	Settings  Settings
	Shelf     practice.Shelf
	Now       func() time.Time
	News      func(pager string) integrations.PageNews      // where a pager reports; by its name
	Source    func(name string) (incident.SourceRule, bool) // policy's rule for a sender's format; nil: there are none
	Targets   func(pager string) []string                   // what policy calls at a pager, for its check; nil: nothing
	Transport http.RoundTripper                             // how services are called; nil: their own way
}

// Runner is an integration that has something to do all the time, once in
// each replica.
type Runner interface {
	integrations.Integration
	Run(ctx context.Context) error
}

// Open makes every integration that is set up, the practice pager last. One
// that both is called and calls may stand in the list twice, under one name.
func Open(h House) ([]integrations.Integration, error) {
	open, err := Outside(h)
	if err != nil {
		return nil, err
	}
	p, err := practice.Open(practice.Options{Shelf: h.Shelf, Now: h.Now, News: h.News(practice.Name)})
	if err != nil {
		return nil, fmt.Errorf("open integrations: %w", err)
	}
	return append(open, p), nil
}

// Trial makes every hook there is, set up or not, to be asked what a body
// means. Nobody may be let in through these.
func Trial(h House) ([]integrations.Hook, error) {
	h.Settings = h.Settings.trial("nobody-knows-this-word")
	open, err := Outside(h)
	return Hooks(open), err
}

// Outside makes the services out there that are set up: all but the practice
// pager.
func Outside(h House) ([]integrations.Integration, error) {
	var open []integrations.Integration
	for _, one := range []func(House) ([]integrations.Integration, error){
		openPagerDuty, openEmail, openWebhook, openFolder,
		some(func(h House) *alertmanager.Hook { return alertmanager.Open(h.Settings.Alertmanager) }),
		some(func(h House) *grafana.Hook { return grafana.Open(h.Settings.Grafana) }),
		some(func(h House) *generic.Hook {
			return generic.Open(generic.Options{Config: h.Settings.Generic, Source: h.Source})
		}),
		some(func(h House) *changes.Hook {
			return changes.Open(changes.Options{Config: h.Settings.Changes, Source: h.Source})
		}),
	} {
		list, err := one(h)
		if err != nil {
			return nil, fmt.Errorf("open integrations: %w", err)
		}
		open = append(open, list...)
	}
	return open, nil
}

// Hooks are those of a list that may be called.
func Hooks(list []integrations.Integration) []integrations.Hook {
	var out []integrations.Hook
	for _, i := range list {
		if h, is := i.(integrations.Hook); is {
			out = append(out, h)
		}
	}
	return out
}

// some makes a line of a hook that is nil when it has no secret.
func some[T any, P interface {
	*T
	integrations.Hook
}](open func(House) P) func(House) ([]integrations.Integration, error) {
	return func(h House) ([]integrations.Integration, error) {
		if i := open(h); i != nil {
			return []integrations.Integration{i}, nil
		}
		return nil, nil
	}
}

func openPagerDuty(h House) ([]integrations.Integration, error) {
	c := h.Settings.PagerDuty
	if !c.Set() {
		return nil, nil
	}
	o := pagerduty.Options{Config: c, Now: h.Now, Transport: h.Transport}
	if h.Targets != nil {
		o.Targets = func() []string { return h.Targets(pagerduty.Name) }
	}
	p, err := pagerduty.Open(o)
	if err != nil {
		return nil, err
	}
	var out []integrations.Integration
	if c.Pages() {
		out = append(out, p)
	}
	if hook, set := p.Hook(); set {
		out = append(out, hook)
	}
	return out, nil
}

func openEmail(h House) ([]integrations.Integration, error) {
	if !h.Settings.SMTP.Set() {
		return nil, nil
	}
	p, err := email.Open(email.Options{Config: h.Settings.SMTP, Now: h.Now})
	if err != nil {
		return nil, err
	}
	return []integrations.Integration{p}, nil
}

func openWebhook(h House) ([]integrations.Integration, error) {
	if !h.Settings.Webhook.Set() {
		return nil, nil
	}
	o := webhook.Options{Config: h.Settings.Webhook, Now: h.Now, Transport: h.Transport}
	p, err := webhook.Listen(o)
	if err != nil {
		return nil, err
	}
	if !o.Config.Documents {
		return []integrations.Integration{p}, nil
	}
	d, err := webhook.OpenDocuments(o)
	if err != nil {
		return nil, err
	}
	return []integrations.Integration{p, d}, nil
}

func openFolder(h House) ([]integrations.Integration, error) {
	if !h.Settings.Documents.Set() {
		return nil, nil
	}
	f, err := folder.Open(h.Settings.Documents)
	if err != nil {
		return nil, err
	}
	return []integrations.Integration{f}, nil
}
