package say_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/integrations"
)

func fires(key string, since time.Time) incident.Alert {
	return incident.Alert{
		Group: "checkout", Key: key, Since: since, State: incident.AlertFiring, Title: "Errors on checkout", Summary: "12 % of requests fail",
		Severity: "critical", Service: "checkout", Link: "https://mon.example/checkout", Runbook: "https://runbooks.example/checkout", At: since.Add(time.Minute),
	}
}

// alertGroup is a group that heard alerts under a rule.
func alertGroup(rule incident.AlertRule, heard ...incident.Alert) incident.AlertGroup {
	g := incident.AlertGroup{ID: "00112233445566aa"}
	p := policy()
	p.Alerts = []incident.AlertRule{rule}
	for i, e := range g.Hear("alertmanager", heard, p, nil) {
		g = g.Apply(incident.Recorded{Stream: g.Stream(), Version: incident.Version(i + 1), Event: e})
	}
	return g
}

func apply(g incident.AlertGroup, by incident.PersonID, e incident.Event) incident.AlertGroup {
	return g.Apply(incident.Recorded{Stream: g.Stream(), Version: g.Version + 1, Actor: by, Event: e})
}

func changes() []integrations.Change {
	return []integrations.Change{
		{Key: "1", Kind: "deploy", Service: "checkout", Environment: "prod", Title: "build 41", By: "Bo", Link: "https://ci.example/41", At: start().Add(-20 * time.Minute)},
		{Key: "2", Kind: "planned", Service: "checkout", Title: "database move", At: start().Add(-time.Hour), Until: start().Add(time.Hour)},
	}
}

func alerts(t *testing.T) map[string]chat.Message {
	t.Helper()
	v := voice(start())
	rule := incident.AlertRule{Name: "checkout-down", Do: incident.SuggestAlerts}
	end := fires("a", start().Add(-10*time.Minute))
	end.State, end.At = incident.AlertRecovered, start()
	g := alertGroup(rule, fires("a", start().Add(-10*time.Minute)), fires("b", start().Add(-5*time.Minute)))
	some := alertGroup(rule, fires("a", start().Add(-10*time.Minute)), fires("b", start().Add(-5*time.Minute)), end)
	quiet := alertGroup(rule, fires("a", start().Add(-10*time.Minute)), end)
	hostile := fires("a", start())
	hostile.Title, hostile.Summary, hostile.Link = "<!channel> *fail* @here", "<@U1> `x`", "javascript:alert(1)"
	taken := incident.AlertsPlaced{Cycle: 1, Incident: "x", Number: 142}
	hidden := taken
	hidden.Private = true
	muted := apply(g, "bo", incident.AlertsMuted{Cycle: 1, How: incident.MuteHour, Until: start().Add(time.Hour)})
	ruled := apply(g, "bo", incident.AlertsMuted{Cycle: 1, How: incident.MuteRule, Rule: "checkout-down"})
	until := apply(g, "bo", incident.AlertsMuted{Cycle: 1, How: incident.MuteRecovered})
	inc := fresh(t).after(time.Minute, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.AttachGroup(a, g, policy())
	})
	more := inc.inc
	more.AlertsMore = 4
	healed := inc.inc
	healed.Alerts = []incident.AlertsNow{inc.inc.Alerts[0]}
	healed.Alerts[0].Firing, healed.Alerts[0].Recovered = 0, 2
	attached := last[incident.AlertsAttached](inc).Event.(incident.AlertsAttached)
	changed := incident.AlertsChanged{Group: g.ID, Title: attached.Title, Was: "firing", Now: "recovered", Recovered: 2, Last: start(), All: true}
	back := changed
	back.Was, back.Now, back.Firing = "recovered", "firing", 1
	return map[string]chat.Message{
		"alerts_card": say.AlertCard(inc.inc, changes(), v), "alerts_card_more": say.AlertCard(more, nil, v), "alerts_card_over": say.AlertCard(healed, nil, v),
		"alerts_new": say.AlertsNew(inc.inc, attached, v), "alerts_over": say.AlertsOver(inc.inc, changed, v), "bad_alerts_back": say.AlertsBack(over(t).inc, back, v),
		"suggestion": say.Suggestion(g, false, changes(), v), "suggestion_some": say.Suggestion(some, false, nil, v), "suggestion_over": say.Suggestion(quiet, false, nil, v),
		"suggestion_hostile": say.Suggestion(alertGroup(incident.AlertRule{Source: "none"}, hostile), false, nil, v),
		"suggestion_taken":   say.Suggestion(apply(g, "tocsin", taken), true, nil, v), "suggestion_private": say.Suggestion(apply(g, "tocsin", hidden), true, nil, v),
		"suggestion_muted": say.Suggestion(muted, false, nil, v), "suggestion_muted_rule": say.Suggestion(ruled, false, nil, v),
		"suggestion_muted_until": say.Suggestion(until, false, nil, v),
		"alerts_muted":           say.AlertsMuted(muted, v), "alerts_unmuted": say.AlertsMuted(g, v),
	}
}

func TestACardOfAPrivateIncidentsAlertsNamesNothing(t *testing.T) {
	t.Parallel()
	m := alerts(t)["suggestion_private"]
	if words := chat.Plaintext(m, chat.Paper{}); strings.Contains(words, "142") || len(m.Actions) != 0 {
		t.Errorf("it tells of a private incident:\n%s", words)
	}
}

func TestWhatMonitorsSayIsNoMarkup(t *testing.T) {
	t.Parallel()
	m := alerts(t)["suggestion_hostile"]
	for _, s := range m.Title {
		if _, plain := s.(chat.Plain); !plain {
			t.Errorf("the title holds %#v", s)
		}
	}
	if words := chat.Plaintext(m, chat.Paper{}); strings.Contains(words, "javascript:") {
		t.Errorf("it links to a script:\n%s", words)
	}
}
