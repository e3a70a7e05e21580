package policy

import (
	_ "embed"
	"fmt"
	"strings"
	"time"

	"tocsin/incident"
)

//go:embed starter.yaml
var starter string

// Starter is a commented policy file to start from; as it stands it changes nothing.
func Starter() string { return starter }

// Explain says in lines what an incident would do under a policy.
func Explain(p incident.Policy) []string {
	out := []string{"policy " + p.Hash}
	for _, s := range p.Severities {
		out = append(out, explainSeverity(s, p))
	}
	for _, t := range p.Teams {
		out = append(out, fmt.Sprintf("team %s: paged through %s as %s", t.Name, or(t.Pager, "the first pager"), or(t.Target, t.Name))+maybe("; if that fails, by ", strings.Join(p.Fallbacks(incident.Target{Kind: incident.TeamTarget, Name: t.Name}), ", then by ")))
	}
	for _, s := range p.Services {
		out = append(out, fmt.Sprintf("service %s: pages %s", s.Name, or(s.Team, "nobody")))
	}
	for _, l := range p.Checklists {
		when := "by hand"
		if l.Severity > 0 {
			when = "by itself at " + l.Severity.String() + " or worse"
		}
		out = append(out, fmt.Sprintf("checklist %s: %d lines, %s%s", l.Name, len(l.Lines), when, maybe(", for ", l.Service)))
	}
	for _, f := range p.Fields {
		out = append(out, fmt.Sprintf("field %s: %s%s", f.Name, f.Kind, maybe(", asked at ", f.Ask)))
	}
	for _, r := range p.Rights {
		out = append(out, fmt.Sprintf("only %s may %s", strings.Join(who(r), ", "), r.Verb))
	}
	out = append(out, explainAlerts(p)...)
	out = append(out, explainReview(p.Review)...)
	out = append(out, explainSources(p)...)
	out = append(out, fmt.Sprintf("rooms are named %s and archived %s; what was said is kept %s after the close",
		p.RoomName, after(p.Archive), days(p.KeepTalk)))
	return out
}

func explainSeverity(s incident.SeverityRule, p incident.Policy) string {
	name := s.Level.String() + maybe(" ", s.Name)
	if s.Off {
		return name + ": not used"
	}
	updates := "no updates promised"
	if s.Cadence.Every > 0 {
		updates = "an update promised every " + days(s.Cadence.Every)
		if s.Cadence.Working {
			updates += fmt.Sprintf(" in working hours (%s-%s, %s)", clockOf(p.Hours.From), clockOf(p.Hours.To), or(p.Hours.Zone, "UTC"))
		}
	}
	var pages []string
	for _, t := range s.Page {
		if t.Name == "" {
			pages = append(pages, "the teams of its services")
			continue
		}
		pages = append(pages, string(t.Kind)+" "+t.Name)
	}
	line := fmt.Sprintf("%s: %s; pages %s", name, updates, or(strings.Join(pages, ", "), "nobody"))
	line += maybe("; invites ", strings.Join(s.Invite, ", ")) + maybe("; tells ", strings.Join(s.Tell, ", "))
	return line
}

func who(r incident.Right) []string {
	var out []string
	for _, role := range r.Roles {
		out = append(out, "the "+string(role))
	}
	return append(out, r.Who...)
}

func or(words, without string) string {
	if words == "" {
		return without
	}
	return words
}

func maybe(before, words string) string {
	if words == "" {
		return ""
	}
	return before + words
}

func after(d time.Duration) string {
	if d == 0 {
		return "never"
	}
	return days(d) + " after the close"
}

func days(d time.Duration) string {
	switch {
	case d >= 24*time.Hour && d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}

func clockOf(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
