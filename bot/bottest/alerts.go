package bottest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tocsin/integrations"
)

// alertOf reads "fires checkout/a" (a new firing), "repeats checkout/a" (the
// same told again) and "recovers checkout/a", with "service=…" and "says=…"
// after it; the rest of the line is the title.
func (p *player) alertOf(who, title string) (func() heard, error) {
	words := strings.Fields(who)
	if len(words) < 2 || !strings.Contains(words[1], "/") {
		return nil, fmt.Errorf("say: alert fires checkout/a service=checkout: Errors on checkout")
	}
	group, _, _ := strings.Cut(words[1], "/")
	a := integrations.Alert{Group: group, Key: words[1], Title: title, State: integrations.Firing, Link: "https://mon.example.com/" + group}
	for _, w := range words[2:] {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "service":
			a.Service = value
		case "says":
			a.Severity = value
		}
	}
	if p.fired == nil {
		p.fired = map[string]time.Time{}
	}
	if words[0] == "fires" {
		p.fired[a.Key] = time.Now()
	}
	if words[0] == "recovers" {
		a.State = integrations.Recovered
	}
	return func() heard {
		a.Since, a.At = p.fired[a.Key], time.Now()
		return told(p.house.Alerts().Hear(context.Background(), "alertmanager", a.At, []integrations.Alert{a}))
	}, nil
}

// changed tells of a deploy.
func (p *player) changed(service, title string) heard {
	c := integrations.Change{Key: service + title, Kind: "deploy", Service: service, Title: title, By: "Bo", At: time.Now()}
	return told(p.house.Alerts().Changed(context.Background(), "changes", []integrations.Change{c}))
}

func told(err error) heard {
	if err != nil {
		return heard{Status: http.StatusServiceUnavailable, Body: err.Error()}
	}
	return heard{Status: http.StatusAccepted}
}
