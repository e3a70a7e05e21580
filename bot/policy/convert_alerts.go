package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tocsin/incident"
)

func (c *conversion) alerts(p *incident.Policy, f file) {
	names := map[string]bool{}
	for i, r := range f.Alerts {
		at := fmt.Sprintf("alerts[%d]", i)
		p.Alerts = append(p.Alerts, c.alertRule(at, r, f))
		if names[r.Name] {
			c.wrong(at+".name", "the name %q is given to two alerts", r.Name)
		}
		names[r.Name] = true
	}
	if f.Storm.Rooms != nil {
		p.Storm.Rooms = *f.Storm.Rooms
		if p.Storm.Rooms < 0 || p.Storm.Rooms > 100 {
			c.wrong("storm.rooms", "a number from 0 (alerts declare nothing) to 100")
		}
	}
	if f.Storm.Window != "" {
		p.Storm.Window = c.span("storm.window", f.Storm.Window, "")
	}
	if f.Storm.Quiet != "" {
		p.Storm.Quiet = c.span("storm.quiet", f.Storm.Quiet, "none")
	}
}

func (c *conversion) alertRule(at string, r alertRule, f file) incident.AlertRule {
	c.word(at+".name", r.Name)
	out := incident.AlertRule{
		Name: r.Name, Source: r.Source, Match: r.Title, Service: r.Service, Words: r.Says,
		Do: incident.AlertDo(r.Do), Severity: incident.Severity(r.Severity), As: r.As,
	}
	if !slices.Contains(incident.AlertDos(), out.Do) {
		c.wrong(at+".do", "alerts are declared, suggested, attached or ignored: declare, suggest, attach or ignore")
	}
	if r.Severity < 0 || r.Severity > 5 {
		c.wrong(at+".severity", "a severity is a number from 1 (worst) to 5")
	}
	if r.Severity > 0 && slices.ContainsFunc(f.Severities, func(s severity) bool { return s.Off && s.Level == r.Severity }) {
		c.wrong(at+".severity", "sev%d is off in this file", r.Severity)
	}
	if r.As != "" && len(f.Services) > 0 && !slices.ContainsFunc(f.Services, func(s service) bool { return s.Name == r.As }) {
		c.wrong(at+".as", "there is no service %q in this file", r.As)
	}
	out.Labels = c.labels(at, r.Labels)
	return out
}

func (c *conversion) labels(at string, said []string) map[string]string {
	var out map[string]string
	for j, words := range said {
		name, pattern, ok := strings.Cut(words, "=")
		if !ok || name == "" || pattern == "" {
			c.wrong(fmt.Sprintf("%s.labels[%d]", at, j), "a label is written name=pattern, such as env=prod-*")
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = pattern
	}
	return out
}

// explainAlerts says what alerts would lead to.
func explainAlerts(p incident.Policy) []string {
	var out []string
	for _, r := range p.Alerts {
		when := maybe(" of ", r.Source) + maybe(" titled ", r.Match) + maybe(" on service ", r.Service) + maybe(" that say ", strings.Join(r.Words, " or "))
		for _, name := range slices.Sorted(maps.Keys(r.Labels)) {
			when += " with " + name + "=" + r.Labels[name]
		}
		line := fmt.Sprintf("alerts %s: %s%s", r.Name, r.Do, or(when, " all"))
		if r.Severity > 0 {
			line += ", as " + r.Severity.String()
		}
		out = append(out, line+maybe(", service ", r.As))
	}
	return append(out, fmt.Sprintf("alerts that no rule matches are suggested; at most %d incidents are declared by alerts in %s", p.Storm.Rooms, days(p.Storm.Window)))
}
