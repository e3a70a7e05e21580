package bot

import (
	"strconv"
	"strings"

	"tocsin/incident"
	"tocsin/integrations"
)

// Alerts is where the house hears what monitors say.
func (h *House) Alerts() AlertDesk { return h.groups }

// explainAlert says in a sentence what policy makes of an alert, for whoever
// tries a rule; nothing is done.
func explainAlert(p incident.Policy, source string, heard integrations.Alert) string {
	a := alertOf(heard)
	rule, matched := p.AlertRule(source, a)
	why := "no rule matches it"
	if matched {
		why = "rule " + rule.Name + " matches it"
	}
	if a.State == incident.AlertRecovered {
		return "It has recovered, so nothing is opened for it (" + why + "); an incident that has it is told."
	}
	service := strings.TrimSpace(incident.Clean(a.Service))
	if rule.As != "" {
		service = rule.As
	}
	return capitals(why) + ": " + explainDo(p, rule, service)
}

func explainDo(p incident.Policy, rule incident.AlertRule, service string) string {
	of := "no incident, for no service is named"
	if service != "" {
		of = "the open incident of service " + service
	}
	switch rule.Do {
	case incident.IgnoreAlerts:
		return "it is ignored."
	case incident.SuggestAlerts:
		return "a card where incidents are announced asks what to do."
	case incident.AttachAlerts:
		return "it joins " + of + "; without one a card asks what to do."
	case incident.DeclareAlerts:
		severity := "without a severity"
		if rule.Severity > 0 {
			severity = "as " + rule.Severity.String()
		}
		return "it joins " + of + ", else an incident is declared " + severity +
			" (alerts declare at most " + strconv.Itoa(p.Storm.Rooms) + " in " + p.Storm.Window.String() + ")."
	}
	return string(rule.Do) + "."
}

func capitals(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
