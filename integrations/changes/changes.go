// Package changes hears of deploys and planned work, at /hooks/changes and
// /hooks/changes/<source>.
//
// It must not know who deploys, nor what a house does with a change.
//
// The one idea: what changed on a service lately is the first thing that
// responders ask, so whatever can send JSON or a form may tell it.
//
// Guarantees: a change without a key gets one from what it says, so that
// hearing it twice is hearing it once; the secret is not kept.
package changes

import (
	"cmp"
	"context"
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
const Name = "changes"

// Config is what the environment decides, under TOCSIN_CHANGES_.
type Config struct {
	Secret          redact.Secret `desc:"word with which deploys and planned work are sent to /hooks/changes: bearer token, basic password, ?token=, a segment of the path, or HMAC key; not set: nothing is heard there"`
	SignatureHeader string        `split_words:"true" default:"X-Hub-Signature-256" desc:"header that holds a sender's signature (HMAC-SHA256 of the body in hexadecimal), when it signs"`
}

// Options are what a hook needs.
type Options struct {
	Config Config
	// Source finds the rule of a source by its name; nil: there are none.
	Source func(name string) (incident.SourceRule, bool)
}

// Hook is the door for changes.
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
	return h.keys.Check(Name, "TOCSIN_CHANGES_SECRET", "as bearer token, basic password, ?token=, path or signature")
}

// Admit implements [integrations.Hook].
func (h *Hook) Admit(c integrations.Call) (integrations.Delivery, error) {
	return h.keys.Loose(c, h.o.Config.SignatureHeader)
}

// Read implements [integrations.Hook].
func (h *Hook) Read(d integrations.Delivery) (news integrations.News, err error) {
	rules := reading.Rules[incident.SourceRule]{Of: h.o.Source, List: func(r incident.SourceRule) string { return r.List }}
	news.Test, err = rules.Each(d, func(item reading.Tree, rule incident.SourceRule, source string) error {
		one, err := change(item, rule, source, d.At)
		news.Changes = append(news.Changes, one)
		return err
	})
	if err != nil {
		return integrations.News{}, err
	}
	return news, nil
}

func change(t reading.Tree, rule incident.SourceRule, source string, delivered time.Time) (integrations.Change, error) {
	line := func(rule string, common ...string) string {
		return reading.Line(reading.Place(t, rule, common...), reading.MaxTitle)
	}
	c := integrations.Change{
		Kind:        strings.ToLower(line(rule.Kind, "kind", "type")),
		Service:     line(rule.Service, "service", "service_name", "application", "app", "repository.name", "project.name"),
		Environment: line(rule.Environment, "environment", "env"),
		Title:       line(rule.Title, "title", "summary", "name", "description", "message"),
		By:          line(rule.By, "by", "author", "user", "user_name", "sender.login", "actor"),
		Link:        reading.Link(reading.Place(t, rule.Link, "link", "url", "href")),
		At:          delivered.UTC(),
	}
	at, known := reading.Moment(reading.Place(t, rule.At, "at", "occurred_at", "timestamp", "time", "starts_at", "from", "date"))
	if known {
		c.At = at
	}
	if until, ok := reading.Moment(reading.Place(t, rule.Until, "until", "ends_at", "to", "end")); ok && !until.Before(c.At) {
		c.Until = until
	}
	if c.Kind == "" {
		c.Kind = "deploy"
		if !c.Until.IsZero() {
			c.Kind = "planned"
		}
	}
	version := line("", "version", "revision", "commit", "sha", "tag")
	if c.Title == "" {
		c.Title = strings.Join(strings.Fields(c.Kind+" "+c.Service+" "+version), " ")
	}
	key := reading.Place(t, rule.Key, "key", "dedup_key", "id")
	if key == "" {
		if c.Service == "" && c.Title == c.Kind {
			return integrations.Change{}, fault.New(fault.Invalid, "The body says neither what changed nor where.").
				WithExample(`{"kind":"deploy","service":"checkout","title":"checkout 4.2.1","by":"ann","link":"https://ci.example.com/42"}`)
		}
		when := ""
		if known {
			when = c.At.Format(time.RFC3339Nano)
		}
		key = "~" + reading.Digest(c.Kind, c.Service, c.Environment, c.Title, c.By, version, when, delivered.UTC().Format(time.DateOnly))
	}
	if source != "" {
		key = source + ":" + key
	}
	c.Key = reading.Key(key)
	return c, nil
}
