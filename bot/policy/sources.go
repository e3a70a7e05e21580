package policy

import (
	"fmt"
	"strings"

	"tocsin/incident"
	"tocsin/integrations/reading"
)

// source is the rule for a sender's own format.
type source struct {
	Name        string   `yaml:"name" desc:"one word; the sender posts to /hooks/generic/<name>, or to /hooks/changes/<name>" required:"true"`
	List        string   `yaml:"list" desc:"path of a list, each item of which is an alert; not set: the body is one"`
	Key         string   `yaml:"key" desc:"path of what is the same while the same thing is wrong, and when it recovers"`
	Group       string   `yaml:"group" desc:"path of what belongs together; not set: each key by itself"`
	Title       string   `yaml:"title" desc:"path of the title; several may stand beside each other: check.name | check.url"`
	Summary     string   `yaml:"summary" desc:"path of more words"`
	Severity    string   `yaml:"severity" desc:"path of the sender's word for the severity"`
	Service     string   `yaml:"service" desc:"path of the service, or the service itself in quotes: \"'checkout'\""`
	Environment string   `yaml:"environment" desc:"path of the environment"`
	Status      string   `yaml:"status" desc:"path of the word that says whether something is wrong"`
	Firing      []string `yaml:"firing" desc:"words of the status that mean that it is"`
	Recovered   []string `yaml:"recovered" desc:"words that mean that it is over; with any here, no other word does; up* is every word that begins so"`
	Since       string   `yaml:"since" desc:"path of when it began"`
	At          string   `yaml:"at" desc:"path of when the sender saw it"`
	Until       string   `yaml:"until" desc:"of planned work: path of its end"`
	Link        string   `yaml:"link" desc:"path of a link to it"`
	Runbook     string   `yaml:"runbook" desc:"path of a link to a runbook"`
	Dashboard   string   `yaml:"dashboard" desc:"path of a link to a dashboard"`
	Labels      string   `yaml:"labels" desc:"path of an object or a list of labels"`
	Kind        string   `yaml:"kind" desc:"of changes: path of deploy, planned, or another word"`
	By          string   `yaml:"by" desc:"of changes: path of who did it"`
}

func (c *conversion) sources(p *incident.Policy, f file) {
	names := map[string]bool{}
	for i, s := range f.Sources {
		at := fmt.Sprintf("sources[%d]", i)
		c.word(at+".name", s.Name)
		if names[s.Name] {
			c.wrong(at+".name", "the name %q is given to two sources", s.Name)
		}
		names[s.Name] = true
		for name, path := range map[string]string{
			"list": s.List, "key": s.Key, "group": s.Group, "title": s.Title, "summary": s.Summary, "severity": s.Severity, "service": s.Service,
			"environment": s.Environment, "status": s.Status, "since": s.Since, "at": s.At, "until": s.Until, "link": s.Link, "runbook": s.Runbook,
			"dashboard": s.Dashboard, "labels": s.Labels, "kind": s.Kind, "by": s.By,
		} {
			if path == "" {
				continue
			}
			if why := reading.PathFault(path); why != "" {
				c.wrong(at+"."+name, "%s; a path is written check.name or alerts[0].id, a word itself in quotes: \"'checkout'\"", why)
			}
		}
		p.Sources = append(p.Sources, incident.SourceRule{
			Name: s.Name, List: s.List, Key: s.Key, Group: s.Group, Title: s.Title, Summary: s.Summary, Severity: s.Severity, Service: s.Service,
			Environment: s.Environment, Status: s.Status, Since: s.Since, At: s.At, Until: s.Until, Link: s.Link, Runbook: s.Runbook,
			Board: s.Dashboard, Labels: s.Labels, Kind: s.Kind, By: s.By, Firing: s.Firing, Recovered: s.Recovered,
		})
	}
}

// explainSources says whose format is known.
func explainSources(p incident.Policy) []string {
	var out []string
	for _, s := range p.Sources {
		line := fmt.Sprintf("source %s: posts to /hooks/generic/%s or /hooks/changes/%s", s.Name, s.Name, s.Name)
		line += maybe("; recovered when it says ", strings.Join(s.Recovered, " or "))
		out = append(out, line+"; `tocsin hooks try generic/"+s.Name+" FILE` shows what becomes of a body")
	}
	return out
}
