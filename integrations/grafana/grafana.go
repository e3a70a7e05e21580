// Package grafana hears what Grafana's alerting says, at /hooks/grafana.
//
// It must not know what a house does with an alert.
//
// The one idea: the body is Alertmanager's with a few names more, so it is
// read alike; what differs is who may call, and what is no alert.
//
// Guarantees: a signature is checked over the bytes as they came, and one with
// a moment in it must be of now; groups of two organisations or two Grafanas
// stay two; the test button opens nothing.
package grafana

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/integrations/gate"
	"tocsin/integrations/reading"
)

// Name is the vendor's.
const Name = "grafana"

// Config is what the environment decides, under TOCSIN_GRAFANA_.
type Config struct {
	Secret          redact.Secret `desc:"word that Grafana sends as bearer token or basic password to /hooks/grafana, or signs with (HMAC); not set: nothing is heard there"`
	SignatureHeader string        `split_words:"true" default:"X-Grafana-Alerting-Signature" desc:"header that holds Grafana's signature, when it signs"`
	TimestampHeader string        `split_words:"true" default:"X-Grafana-Alerting-Timestamp" desc:"header that holds the moment Grafana signed, when it is set there"`
}

// Hook is the door for Grafana.
type Hook struct {
	keys gate.Keys
	c    Config
}

var _ integrations.Hook = (*Hook)(nil)

// Open makes the door; nil: there is no secret, so there is none.
func Open(c Config) *Hook {
	k := gate.Of(c.Secret)
	if !k.Set() {
		return nil
	}
	c.SignatureHeader = cmp.Or(c.SignatureHeader, "X-Grafana-Alerting-Signature")
	c.TimestampHeader = cmp.Or(c.TimestampHeader, "X-Grafana-Alerting-Timestamp")
	return &Hook{keys: k, c: c}
}

// Name implements [integrations.Integration].
func (h *Hook) Name() string { return Name }

// Check implements [integrations.Integration].
func (h *Hook) Check(context.Context) []integrations.Finding {
	return h.keys.Check(Name, "TOCSIN_GRAFANA_SECRET", "as bearer token, basic password or signature")
}

// Admit implements [integrations.Hook]. Once there is a signature it counts,
// whatever else was sent.
func (h *Hook) Admit(c integrations.Call) (integrations.Delivery, error) {
	in := h.keys.Header(c.Header)
	if signature := c.Header.Get(h.c.SignatureHeader); signature != "" {
		in = h.signed(c, signature)
	}
	if !in {
		return integrations.Delivery{}, gate.Refused()
	}
	return integrations.Delivery{Type: "application/json", Body: c.Body, At: c.At}, nil
}

func (h *Hook) signed(c integrations.Call, signature string) bool {
	stamp := c.Header.Get(h.c.TimestampHeader)
	if stamp == "" {
		return h.keys.Signed(signature, c.Body)
	}
	return h.keys.Signed(signature, []byte(stamp+":"), c.Body) && gate.Fresh(stamp, c.At)
}

// Read implements [integrations.Hook].
func (h *Hook) Read(d integrations.Delivery) (integrations.News, error) {
	n, err := reading.Prometheus(d.Body)
	if err != nil {
		return integrations.News{}, err
	}
	if len(n.Alerts) > 0 && !slices.ContainsFunc(n.Alerts, func(a reading.Notified) bool { return a.Labels["alertname"] != "TestAlert" }) {
		return integrations.News{Test: true}, nil
	}
	var news integrations.News
	where := strings.TrimSuffix(n.ExternalURL, "/") + " " + n.OrgID.String()
	for _, one := range n.Alerts {
		a := n.Alert(one, d.At)
		a.Group = reading.Key(where + " " + a.Group)
		a.Key = reading.Key(where + " " + a.Key)
		if name := a.Labels["alertname"]; a.Severity == "" && (name == "DatasourceNoData" || name == "DatasourceError") {
			a.Severity = "warning" // it is Grafana that sees nothing
		}
		news.Alerts = append(news.Alerts, a)
	}
	return news, nil
}
