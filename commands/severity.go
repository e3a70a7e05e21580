package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func severityCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "severity", Group: groupChange, Summary: "Set how bad it is: sev1 is worst.", Example: "severity sev2 half of all payments fail",
			Args: []chat.Arg{
				{Name: "severity", Hint: "sev1 … sev5", Required: true, Choices: []string{"sev1", "sev2", "sev3", "sev4", "sev5"}},
				{Name: "why", Hint: "goes on the timeline"},
			},
		},
		Aliases: []string{"sev"}, OnOne: true, Text: true,
		read: readSeverity,
		title: func(c *Call) string {
			level, n := severityWords(c)
			c.Words.Drop(n)
			return strings.TrimSpace(level.String() + " " + c.Words.Rest())
		},
	}
}

func readSeverity(_ context.Context, c *Call) (Run, error) {
	to, n := severityWords(c)
	if n == 0 {
		if c.Words.Len() == 0 {
			return nil, c.which("Which severity? sev1 is the worst.", c.severities()...)
		}
		return nil, c.bad("%q is no severity; they are sev1 (worst) to sev5.", short(c.Words.At(0), 20))
	}
	words := *c.Words
	words.Drop(n)
	why := words.Rest()
	if why != "" {
		c.mayBeTitle()
	}
	c.touches("severity")
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			return inc.SetSeverity(c.Actor, to, why, c.policy())
		},
		func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
			r := answer(after.Number, " is ", chat.Strong(severityShown(v.Policy, after.Severity)), " now.")
			for _, d := range done {
				if e, ok := d.Event.(incident.SeveritySet); ok && e.From > 0 {
					r = answer(after.Number, " is ", chat.Strong(severityShown(v.Policy, after.Severity)), " now; it was ", e.From, ".")
				}
			}
			if paged := paging(v, done); paged != nil {
				line := append(text("Is paging "), paged...)
				r.Message.Parts = append(r.Message.Parts, append(line, chat.Plain(". Whether anybody answers is told in the room.")))
			}
			return promised(r, v, after)
		}), nil
}

func (c *Call) severities() []string {
	var out []string
	for s := incident.Sev1; s <= incident.Sev5; s++ {
		if !c.policy().SeverityRule(s).Off {
			out = append(out, s.String())
		}
	}
	return out
}

// paging names whom events ask for.
func paging(v say.Voice, done []incident.Recorded) []chat.Span {
	var names []chat.Span
	for _, d := range done {
		e, ok := d.Event.(incident.PageRequested)
		if !ok {
			continue
		}
		if names != nil {
			names = append(names, chat.Plain(", "))
		}
		names = append(names, targetShown(e.Target, v))
	}
	return names
}

// targetShown names whom a page is aimed at.
func targetShown(t incident.Target, v say.Voice) chat.Span {
	if t.Kind == incident.PersonTarget {
		return say.Person(t.Person, v)
	}
	return chat.Strong(string(t.Kind) + " " + t.Name)
}

// promised adds when stakeholders are told next.
func promised(r chat.Reply, v say.Voice, after incident.Incident) chat.Reply {
	if after.NextUpdate.IsZero() || !after.Status.Open() {
		return r
	}
	return also(r, "The next update is due ", chat.Strong(say.Moment(after.NextUpdate, v)), ".")
}

func severityShown(p incident.Policy, s incident.Severity) string {
	if name := p.SeverityRule(s).Name; name != "" && !strings.EqualFold(name, s.String()) {
		return s.String() + " (" + name + ")"
	}
	return s.String()
}

// severityWords reads a severity where one is asked for; n is how many words it took.
func severityWords(c *Call) (incident.Severity, int) {
	if level, n := leadingSeverity(c.Words); level > 0 {
		return incident.Severity(level), n
	}
	if s, ok := severityNamed(c.policy(), c.Words.At(0)); ok {
		return s, 1
	}
	return 0, 0
}

// severityNamed reads one word as a severity: "sev2", "2", "s3", "critical",
// or the policy's own name.
func severityNamed(p incident.Policy, word string) (incident.Severity, bool) {
	word = strings.ToLower(bare(word))
	for s := incident.Sev1; s <= incident.Sev5; s++ {
		if rule := p.SeverityRule(s); rule.Name != "" && strings.EqualFold(rule.Name, word) {
			return s, true
		}
	}
	digits := word
	for _, prefix := range []string{"sev-", "sev", "p", "s"} {
		if cut, ok := strings.CutPrefix(word, prefix); ok {
			digits = cut
			break
		}
	}
	if len(digits) == 1 && digits >= "1" && digits <= "5" {
		return incident.Severity(digits[0] - '0'), true
	}
	switch word {
	case "critical", "blocker":
		return incident.Sev1, true
	case "major", "high":
		return incident.Sev2, true
	case "medium", "moderate":
		return incident.Sev3, true
	case "minor", "low":
		return incident.Sev4, true
	case "trivial", "cosmetic":
		return incident.Sev5, true
	}
	return 0, false
}
