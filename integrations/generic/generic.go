// Package generic hears alerts from whatever can send JSON, a form or a query,
// at /hooks/generic and /hooks/generic/<source>.
//
// It must not know any sender: what a sender calls things is a rule of the
// policy file, and most need none.
//
// The one idea: the names that senders commonly use all work, and a rule says
// only where a source differs.
//
// Guarantees: a word for the status that nobody agreed on means firing, never
// recovered; sources do not share keys; the secret is not kept, wherever it
// was sent.
package generic

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/gate"
	"tocsin/integrations/reading"
)

// Name is what it is called.
const Name = "generic"

// Config is what the environment decides, under TOCSIN_GENERIC_.
type Config struct {
	Secret          redact.Secret `desc:"word with which anything can send alerts to /hooks/generic: bearer token, basic password, ?token=, a segment of the path, or HMAC key; not set: nothing is heard there"`
	SignatureHeader string        `split_words:"true" default:"X-Hub-Signature-256" desc:"header that holds a sender's signature (HMAC-SHA256 of the body in hexadecimal), when it signs"`
}

// Options are what a hook needs.
type Options struct {
	Config Config
	// Source finds the rule of a source by its name; nil: there are none.
	Source func(name string) (incident.SourceRule, bool)
}

// Hook is the door for everything else.
type Hook struct {
	keys gate.Keys
	o    Options
}

var _ integrations.Hook = (*Hook)(nil)

// Open makes the door; nil: there is no secret, so there is none.
func Open(o Options) *Hook {
	k := gate.Of(o.Config.Secret)
	if !k.Set() {
		return nil
	}
	o.Config.SignatureHeader = cmp.Or(o.Config.SignatureHeader, "X-Hub-Signature-256")
	if o.Source == nil {
		o.Source = func(string) (incident.SourceRule, bool) { return incident.SourceRule{}, false }
	}
	return &Hook{keys: k, o: o}
}

// Name implements [integrations.Integration].
func (h *Hook) Name() string { return Name }

// Check implements [integrations.Integration].
func (h *Hook) Check(context.Context) []integrations.Finding {
	return h.keys.Check(Name, "TOCSIN_GENERIC_SECRET", "as bearer token, basic password, ?token=, path or signature")
}

// Admit implements [integrations.Hook].
func (h *Hook) Admit(c integrations.Call) (integrations.Delivery, error) {
	return h.keys.Loose(c, h.o.Config.SignatureHeader)
}

// Read implements [integrations.Hook].
func (h *Hook) Read(d integrations.Delivery) (news integrations.News, err error) {
	rules := reading.Rules[incident.SourceRule]{Of: h.o.Source, List: func(r incident.SourceRule) string { return r.List }}
	news.Test, err = rules.Each(d, func(item reading.Tree, rule incident.SourceRule, source string) error {
		one, err := alert(item, rule, source, d.At)
		news.Alerts = append(news.Alerts, one)
		return err
	})
	if err != nil {
		return integrations.News{}, err
	}
	return news, nil
}

func alert(t reading.Tree, rule incident.SourceRule, source string, delivered time.Time) (integrations.Alert, error) {
	summary := reading.Place(t, rule.Summary, "description", "details", "text", "body", "message")
	title := reading.Line(reading.Place(t, rule.Title, "title", "summary", "message", "name", "subject", "alertname"), reading.MaxTitle)
	service := reading.Line(reading.Place(t, rule.Service, "service", "service_name", "component", "application", "app", "labels.service"), reading.MaxTitle)
	own := reading.Place(t, rule.Key, "dedup_key", "dedup", "alias", "alert_uid", "fingerprint", "incident_key", "key", "id")
	key := own
	if key == "" {
		if title == "" {
			return integrations.Alert{}, fault.New(fault.Invalid, "The body has neither a dedup_key nor a title.").
				WithExample(`{"dedup_key":"backup/orders","status":"firing","title":"Nightly backup failed","service":"orders"}`)
		}
		key = "~" + reading.Digest(title, service)
	}
	a := integrations.Alert{
		Key: prefixed(source, key), Title: cmp.Or(title, reading.Line(own, reading.MaxTitle)), Service: service,
		Group:    prefixed(source, cmp.Or(reading.Place(t, rule.Group, "group", "group_key", "class"), key)),
		Severity: strings.ToLower(reading.Line(reading.Place(t, rule.Severity, "severity", "priority", "urgency", "level"), 64)),
		Link:     reading.Link(reading.Place(t, rule.Link, "link", "url", "link_to_upstream_details", "client_url", "href")),
		Runbook:  reading.Link(reading.Place(t, rule.Runbook, "runbook", "runbook_url")),
		Board:    reading.Link(reading.Place(t, rule.Board, "dashboard", "dashboard_url")),
		At:       delivered.UTC(),
	}
	if summary = reading.Text(summary, reading.MaxSummary); summary != a.Title {
		a.Summary = summary
	}
	if at, ok := reading.Moment(reading.Place(t, rule.At, "occurred_at", "timestamp", "time", "at", "date")); ok {
		a.At = at
	}
	if since, ok := reading.Moment(reading.Place(t, rule.Since, "since", "started_at", "starts_at", "startsAt")); ok {
		a.Since = since
	}
	word := reading.Place(t, rule.Status, "status", "state", "action", "event_action", "event_type", "event")
	var known bool
	a.State, known = stateOf(word, rule)
	a.Labels = labels(t, rule, source)
	if !known && word != "" {
		a.Labels["status"] = reading.Line(word, 64)
	}
	if a.Title == "" {
		a.Title = "an alert without a title"
	}
	return a, nil
}

// prefixed keeps the keys of sources apart.
func prefixed(source, key string) string {
	if source == "" {
		return reading.Key(key)
	}
	return reading.Key(source + ":" + key)
}

// stateOf reads the word for the status: first as the rule says, then as
// senders commonly mean it. No word at all means firing.
func stateOf(word string, rule incident.SourceRule) (s integrations.AlertState, known bool) {
	is := func(pattern string) bool {
		if begin, open := strings.CutSuffix(pattern, "*"); open {
			return len(word) >= len(begin) && strings.EqualFold(word[:len(begin)], begin)
		}
		return strings.EqualFold(word, pattern)
	}
	switch {
	case slices.ContainsFunc(rule.Recovered, is):
		return integrations.Recovered, true
	case slices.ContainsFunc(rule.Firing, is):
		return integrations.Firing, true
	case len(rule.Recovered) > 0:
		return integrations.Firing, len(rule.Firing) == 0 // the rule has named every word that is an end
	}
	return reading.State(word)
}

// labels are what the sender calls so, with where it comes from.
func labels(t reading.Tree, rule incident.SourceRule, source string) map[string]string {
	out := map[string]string{}
	for _, at := range []string{"labels", "tags", "meta", "custom_details"} {
		found := reading.Labels(reading.Find(t, cmp.Or(rule.Labels, at)))
		for name, value := range found {
			out[name] = value
		}
		if len(found) > 0 {
			break
		}
	}
	if env := reading.Line(reading.Place(t, rule.Environment, "environment", "env"), reading.MaxTitle); env != "" {
		out["environment"] = env
	}
	if from := reading.Line(cmp.Or(source, reading.First(t, "source")), reading.MaxTitle); from != "" {
		out["source"] = from
	}
	return out
}
