package commands

import (
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
)

func severityField(p incident.Policy) chat.Input {
	var choices []chat.Choice
	for s := incident.Sev1; s <= incident.Sev5; s++ {
		rule := p.SeverityRule(s)
		if rule.Off {
			continue
		}
		choices = append(choices, chat.Choice{Value: s.String(), Label: strings.TrimSpace(strings.Join([]string{s.String(), rule.Name, rule.Meaning}, " "))})
	}
	return hinted(selectField("severity", "Severity", choices), "May stay open for now.")
}

// serviceField offers the policy's services when they fit into a select and
// nothing else was said, and else takes a line.
func serviceField(p incident.Policy, said []string) chat.Input {
	known := func(s string) bool {
		_, ok := p.ServiceFor(s)
		return ok
	}
	if n := len(p.Services); n == 0 || n > maxChoices || len(said) > 1 || len(said) == 1 && !known(said[0]) {
		return hinted(lineField("service", "Service"), "What is touched, if you know. Several: commas between.")
	}
	var choices []chat.Choice
	for _, s := range p.Services {
		choices = append(choices, chat.Choice{Value: s.Name, Label: s.Name})
	}
	return hinted(selectField("service", "Service", choices), "What is touched, if you know. More can be added later.")
}

// roleField offers roles, the given ones or all of the policy.
func roleField(p incident.Policy, roles ...incident.Role) chat.Input {
	in := selectField("role", "Role", nil)
	for _, r := range p.Roles {
		if (len(roles) == 0 || slices.Contains(roles, r.Role)) && len(in.Choices) < maxChoices {
			in.Choices = append(in.Choices, chat.Choice{Value: string(r.Role), Label: r.Name})
		}
	}
	return in
}

// policyFields are the custom fields that policy asks for at a moment.
func policyFields(p incident.Policy, ask string) []chat.Input {
	var out []chat.Input
	for _, f := range p.Fields {
		if f.Ask != ask {
			continue
		}
		in := hinted(limited(lineField(keyName(f.Name), f.Name)), f.Help)
		if f.Kind == incident.ChoiceField && len(f.Choices) <= maxChoices {
			in.Kind = chat.Select
			for _, v := range f.Choices {
				in.Choices = append(in.Choices, chat.Choice{Value: v, Label: v})
			}
		}
		out = append(out, in)
	}
	return out
}

// keyName is a custom field's name as a key: "customer tier" -> "customer-tier".
func keyName(field string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(field), " ", "-"))
}

// fieldValues are the custom fields that were given as keys or in a form.
func (c *Call) fieldValues(ask string) map[string]string {
	out := map[string]string{}
	for _, f := range c.policy().Fields {
		if f.Ask == ask && c.Words.Has(keyName(f.Name)) {
			out[f.Name] = c.Words.Key(keyName(f.Name))
		}
	}
	return out
}

// yes reads a key that is on or off; ok is false for other words.
func yes(s string) (on, ok bool) {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "on", "1":
		return true, true
	case "no", "n", "false", "off", "0", "":
		return false, true
	}
	return false, false
}
