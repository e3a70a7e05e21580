package incident

import (
	"fmt"
	"slices"
	"strings"
)

// fold of words for look-ups: case, spaces and hyphens do not matter.
func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(Clean(s)), func(r rune) bool {
		return r == ' ' || r == '-' || r == '_' || r == '\t' || r == '\n' || r == '@' || r == '#'
	}), " ")
}

// called says whether words are one of the names.
func called(words string, names ...string) bool {
	w := plainWords(words)
	return w != "" && slices.ContainsFunc(names, func(n string) bool { return plainWords(n) == w })
}

// find looks a thing up by the names it goes by.
func find[T any](list []T, words string, names func(T) []string) (T, bool) {
	for _, v := range list {
		if called(words, names(v)...) {
			return v, true
		}
	}
	var none T
	return none, false
}

// SeverityRule is what a severity means here. For one that the policy does
// not speak of it holds the level alone.
func (p Policy) SeverityRule(s Severity) SeverityRule {
	for _, r := range p.Severities {
		if r.Level == s {
			return r
		}
	}
	return SeverityRule{Level: s}
}

// RoleFor finds a role by its key, name or alias.
func (p Policy) RoleFor(words string) (RoleRule, bool) {
	return find(p.Roles, words, func(r RoleRule) []string { return append([]string{string(r.Role), r.Name}, r.Aliases...) })
}

// ServiceFor finds a service of the policy by its name or alias.
func (p Policy) ServiceFor(words string) (ServiceRule, bool) {
	return find(p.Services, words, func(s ServiceRule) []string { return append([]string{s.Name}, s.Aliases...) })
}

// TeamFor finds a team by its name or alias.
func (p Policy) TeamFor(words string) (Team, bool) {
	return find(p.Teams, words, func(t Team) []string { return append([]string{t.Name}, t.Aliases...) })
}

// CauseFor finds a cause by its tag.
func (p Policy) CauseFor(words string) (Cause, bool) {
	return find(p.Causes, words, func(c Cause) []string { return []string{c.Tag} })
}

// ChecklistFor finds a checklist by its name.
func (p Policy) ChecklistFor(words string) (Checklist, bool) {
	return find(p.Checklists, words, func(c Checklist) []string { return []string{c.Name} })
}

// FieldFor finds a custom field by its name.
func (p Policy) FieldFor(words string) (FieldRule, bool) {
	return find(p.Fields, words, func(f FieldRule) []string { return []string{f.Name} })
}

// Cadence is what a severity promises; without a severity, what sev3 does.
func (p Policy) Cadence(s Severity) Cadence {
	if s == SevUnset {
		s = Sev3
	}
	return p.SeverityRule(s).Cadence
}

// service is a service as it stands in the policy now, or one that the policy
// does not know.
func (p Policy) service(name string) Service {
	rule, ok := p.ServiceFor(name)
	if !ok {
		return Service{Name: name}
	}
	s := rule.Service
	s.Known = true
	return s
}

// The ways that a page may go when its pager fails.
const (
	ByEmail   = "email"
	ByWebhook = "webhook"
	ByDirect  = "direct" // a message in chat to each person, one after the other
)

// MaxFallbacks is how many ways may be tried after the first.
const MaxFallbacks = 5

// Fallbacks are the ways that a page to a target may go when it fails, in
// order: those of its team, else those of the house.
func (p Policy) Fallbacks(t Target) []string {
	name := t.Name
	if s, ok := p.ServiceFor(t.Name); ok && t.Kind == ServiceTarget {
		name = s.Team
	}
	ways := p.Fallback
	if team, ok := p.TeamFor(name); ok && t.Kind != PersonTarget && len(team.Fallback) > 0 {
		ways = team.Fallback
	}
	return ways[:min(len(ways), MaxFallbacks)]
}

// PageTargets are whom policy pages at a severity: the rule's own targets,
// each once. A target of kind service without a name stands for the team of
// each service that the incident touches.
func (p Policy) PageTargets(s Severity, services []Service) []Target {
	var all []Target
	for _, d := range p.pagesDue(s, services) {
		all = append(all, d.to)
	}
	return all
}

// pageDue is whom policy pages, and the service because of which it does;
// empty: because of the severity alone.
type pageDue struct {
	to      Target
	service string
}

// why is the reason that is shown.
func (d pageDue) why(s Severity) string {
	if d.service == "" {
		return "because " + s.String()
	}
	return short("because "+s.String()+" and service "+d.service, MaxName)
}

func (p Policy) pagesDue(s Severity, services []Service) []pageDue {
	if s == SevUnset {
		return nil
	}
	var all []pageDue
	for _, t := range p.SeverityRule(s).Page {
		if t.Kind != ServiceTarget || t.Name != "" {
			all = p.addDue(all, pageDue{to: t})
			continue
		}
		for _, svc := range services {
			if rule, ok := p.ServiceFor(svc.Name); ok && rule.Team != "" {
				all = p.addDue(all, pageDue{to: Target{Kind: TeamTarget, Name: rule.Team}, service: svc.Name})
			}
		}
	}
	return all
}

func (p Policy) addDue(all []pageDue, d pageDue) []pageDue {
	t := &d.to
	if t.Kind == ServiceTarget {
		if rule, ok := p.ServiceFor(t.Name); ok && rule.Team != "" {
			*t = Target{Kind: TeamTarget, Name: rule.Team, Pager: t.Pager}
		}
	}
	if t.Kind == TeamTarget {
		if team, ok := p.TeamFor(t.Name); ok {
			t.Name = team.Name
			if t.Pager == "" {
				t.Pager = team.Pager
			}
		}
	}
	if slices.ContainsFunc(all, func(o pageDue) bool { return o.to.same(*t) }) {
		return all
	}
	return append(all, d)
}

// same says that both targets wake the same people.
func (t Target) same(o Target) bool {
	return t.Kind == o.Kind && t.Person == o.Person && called(t.Name, o.Name)
}

// String is the target in words, without names of persons.
func (t Target) String() string {
	if t.Kind == PersonTarget {
		return NameToken(t.Person)
	}
	return fmt.Sprintf("%s %s", t.Kind, t.Name)
}

// severities lists those in use, for sentences.
func (p Policy) severities() string {
	var on []string
	for s := Sev1; s <= Sev5; s++ {
		if !p.SeverityRule(s).Off {
			on = append(on, s.String())
		}
	}
	return list(on, "or")
}

// roles lists the roles, for sentences.
func (p Policy) roles() string {
	var all []string
	for _, r := range p.Roles {
		all = append(all, string(r.Role))
	}
	return list(all, "or")
}
