package pagerduty

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"strings"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Hook is the way in for PagerDuty's webhooks, version 3.
type Hook struct{ p *PagerDuty }

var _ integrations.Hook = (*Hook)(nil)

// Hook is the way in for webhooks; without a webhook secret ok is false, and
// its route must not start.
func (p *PagerDuty) Hook() (h *Hook, ok bool) { return &Hook{p}, p.o.Config.Hears() }

// Name is "pagerduty".
func (h *Hook) Name() string { return Name }

// Check says whether PagerDuty would call.
func (h *Hook) Check(ctx context.Context) []integrations.Finding { return h.p.checkHook(ctx) }

// Admit judges a call by its signature over the raw bytes.
func (h *Hook) Admit(c integrations.Call) (integrations.Delivery, error) {
	if !h.genuine(c.Header.Values("X-Pagerduty-Signature"), c.Body) {
		return integrations.Delivery{}, fault.New(fault.Forbidden, "The call is not signed as it should be.")
	}
	d := integrations.Delivery{Key: c.Header.Get("X-Webhook-Id"), Path: c.Path, Body: c.Body, At: c.At}
	if kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type")); err == nil {
		d.Type = kind
	}
	if d.Key == "" {
		if m, err := parse(c.Body); err == nil {
			d.Key = m.ID
		}
	}
	return d, nil
}

// genuine says whether one of the signatures was made with one of our secrets.
// All of them are tried, so that the time it takes tells nothing.
func (h *Hook) genuine(headers []string, body []byte) bool {
	ok := false
	for _, secret := range h.p.o.Config.secrets() {
		mac := hmac.New(sha256.New, []byte(secret))
		_, _ = mac.Write(body)
		want := mac.Sum(nil)
		for _, header := range headers {
			for one := range strings.SplitSeq(header, ",") {
				given, v1 := strings.CutPrefix(strings.TrimSpace(one), "v1=")
				sum, err := hex.DecodeString(given)
				ok = v1 && err == nil && hmac.Equal(sum, want) || ok
			}
		}
	}
	return ok
}

// Read says what a delivery means, from its own words alone. [Hook.Complete]
// adds what PagerDuty leaves out of them.
func (h *Hook) Read(d integrations.Delivery) (integrations.News, error) {
	m, err := parse(d.Body)
	if err != nil {
		return integrations.News{}, err
	}
	if m.Kind == "pagey.ping" {
		return integrations.News{Test: true}, nil
	}
	if key, our := nearKey(m.Data.Key); our {
		return m.pages(key), nil
	}
	return m.alerts(d.At), nil
}

// Complete adds to news what the delivery could not say: that an incident
// without a key of ours is a page of ours, who acted by e-mail, and at which
// level somebody is asked now. Unavailable: PagerDuty cannot be asked now, and
// without its answer the news may be about something else.
func (h *Hook) Complete(ctx context.Context, d integrations.Delivery, n integrations.News) (integrations.News, error) {
	m, err := parse(d.Body)
	if err != nil || m.Kind == "pagey.ping" {
		return n, nil //nolint:nilerr // Read has told that it cannot be read
	}
	key, our := nearKey(m.Data.Key)
	if our {
		h.p.keys.keep(m.about(), key, h.p.o.Now())
	} else if key, err = h.p.keyOf(ctx, m); err != nil {
		return n, err
	} else if key == "" {
		return n, nil
	}
	n = m.pages(key)
	for i := range n.Pages {
		h.p.enrich(ctx, m, &n.Pages[i])
	}
	return n, nil
}

// enrich puts an e-mail for a name, and the level of an escalation.
func (p *PagerDuty) enrich(ctx context.Context, m message, r *integrations.Receipt) {
	if r.By != "" && m.byUser() {
		r.By = p.user(ctx, m.Agent.object()).called()
	}
	if r.State == integrations.Escalated || r.State == integrations.Seen {
		var ids []string
		for _, a := range m.Data.Assignees {
			ids = append(ids, a.ID)
		}
		r.Level = p.level(ctx, m.Data.Policy.ID, ids)
	}
}
