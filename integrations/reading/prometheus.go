package reading

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Notification is what Alertmanager, and everything that speaks its format,
// sends to a webhook.
type Notification struct {
	Version           string            `json:"version"`
	GroupKey          string            `json:"groupKey"`
	Receiver          string            `json:"receiver"`
	Truncated         json.Number       `json:"truncatedAlerts"`
	GroupLabels       map[string]string `json:"groupLabels"`
	CommonLabels      map[string]string `json:"commonLabels"`
	CommonAnnotations map[string]string `json:"commonAnnotations"`
	ExternalURL       string            `json:"externalURL"`
	Alerts            []Notified        `json:"alerts"`
	OrgID             json.Number       `json:"orgId"` // Grafana's
}

// Notified is one alert of a notification.
type Notified struct {
	Status       string            `json:"status"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     string            `json:"startsAt"`
	EndsAt       string            `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL"`
	Fingerprint  string            `json:"fingerprint"`
	DashboardURL string            `json:"dashboardURL"` // Grafana's, as the next
	PanelURL     string            `json:"panelURL"`
}

// Prometheus takes a notification apart.
func Prometheus(body []byte) (Notification, error) {
	var n Notification
	if err := json.Unmarshal(body, &n); err != nil {
		return Notification{}, fault.Wrap(fault.Invalid, err, "The body is not a notification in Alertmanager's own format.")
	}
	if n.Alerts == nil {
		return Notification{}, fault.New(fault.Invalid, "The body has no list of alerts, so it is not in Alertmanager's own format. Take a payload template of your own out of the receiver.")
	}
	if len(n.Alerts) > MaxAlerts {
		return Notification{}, fault.New(fault.Invalid, "The body holds %d alerts; %d is the most. Set max_alerts at the sender.", len(n.Alerts), MaxAlerts)
	}
	return n, nil
}

// Group is the key of what belongs together.
func (n Notification) Group() string {
	if n.GroupKey != "" {
		return Key(n.GroupKey)
	}
	return "~" + Digest(append([]string{n.Receiver}, pairs(n.GroupLabels)...)...)
}

// Cut says that the sender left alerts of the group out.
func (n Notification) Cut() bool {
	left, err := n.Truncated.Int64()
	return err == nil && left > 0
}

// Alert is one of them in the house's words. delivered stands in for moments
// that the sender does not tell.
func (n Notification) Alert(a Notified, delivered time.Time) integrations.Alert {
	since, known := Moment(a.StartsAt)
	if !known {
		since = time.Time{}
	}
	state, at := integrations.Firing, since
	if strings.EqualFold(a.Status, "resolved") {
		state = integrations.Recovered
		if at, known = Moment(a.EndsAt); !known || at.Before(since) {
			at = delivered
		}
	}
	if at.IsZero() {
		at = delivered
	}
	both := func(name string) string { return cmp.Or(a.Annotations[name], n.CommonAnnotations[name]) }
	label := func(names ...string) string {
		for _, name := range names {
			if v := cmp.Or(a.Labels[name], n.CommonLabels[name]); v != "" {
				return v
			}
		}
		return ""
	}
	name := label("alertname")
	return integrations.Alert{
		Group: n.Group(), Key: Key(cmp.Or(a.Fingerprint, "~"+Digest(pairs(a.Labels)...))), Since: since, State: state, At: at.UTC(), Cut: n.Cut(),
		Title:    cmp.Or(Line(cmp.Or(both("summary"), both("title"), name), MaxTitle), "an alert without a name"),
		Summary:  Text(cmp.Or(both("description"), both("message")), MaxSummary),
		Severity: strings.ToLower(Line(label("severity", "priority"), maxLabel)),
		Service:  Line(label("service", "service_name", "app.kubernetes.io/name", "app_kubernetes_io_name", "app"), maxLabel),
		Labels:   Labels(a.Labels),
		Link:     cmp.Or(Link(a.GeneratorURL), Link(n.ExternalURL)),
		Runbook:  Link(cmp.Or(both("runbook_url"), both("runbook"))),
		Board:    cmp.Or(Link(a.PanelURL), Link(a.DashboardURL), Link(both("dashboard_url")), Link(both("dashboard"))),
	}
}

func pairs(m map[string]string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s=%s", name, m[name]))
	}
	return out
}
