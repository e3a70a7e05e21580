// Package alertmanager hears what Prometheus' Alertmanager says, at
// /hooks/alertmanager.
//
// It must not know what a house does with an alert.
//
// The one idea: each alert of a notification is read by itself. The
// notification's own status says "firing" while any of its alerts does.
//
// Guarantees: the group is Alertmanager's groupKey, an alert its fingerprint,
// a firing its startsAt: what is sent again at every repeat_interval, or by
// both of a pair, is the same alert; of a cut notification nobody can think
// that what is missing recovered.
package alertmanager

import (
	"context"

	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/gate"
	"tocsin/integrations/reading"
)

// Name is the vendor's.
const Name = "alertmanager"

// Config is what the environment decides, under TOCSIN_ALERTMANAGER_.
type Config struct {
	Secret redact.Secret `desc:"word that Alertmanager sends as bearer token or basic password to /hooks/alertmanager; not set: nothing is heard there"`
}

// Hook is the door for Alertmanager.
type Hook struct{ keys gate.Keys }

var _ integrations.Hook = (*Hook)(nil)

// Open makes the door; nil: there is no secret, so there is none.
func Open(c Config) *Hook {
	if k := gate.Of(c.Secret); k.Set() {
		return &Hook{keys: k}
	}
	return nil
}

// Name implements [integrations.Integration].
func (h *Hook) Name() string { return Name }

// Check implements [integrations.Integration].
func (h *Hook) Check(context.Context) []integrations.Finding {
	return h.keys.Check(Name, "TOCSIN_ALERTMANAGER_SECRET", "as bearer token or basic password")
}

// Admit implements [integrations.Hook]. Alertmanager cannot sign.
func (h *Hook) Admit(c integrations.Call) (integrations.Delivery, error) {
	if !h.keys.Header(c.Header) {
		return integrations.Delivery{}, gate.Refused()
	}
	return integrations.Delivery{Type: "application/json", Body: c.Body, At: c.At}, nil
}

// Read implements [integrations.Hook].
func (h *Hook) Read(d integrations.Delivery) (integrations.News, error) {
	n, err := reading.Prometheus(d.Body)
	if err != nil {
		return integrations.News{}, err
	}
	var news integrations.News
	for _, a := range n.Alerts {
		news.Alerts = append(news.Alerts, n.Alert(a, d.At))
	}
	return news, nil
}
