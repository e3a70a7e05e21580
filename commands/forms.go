package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// drawForm draws a verb's form; inc is zero without an incident.
type drawForm func(c *Call, inc incident.Incident) chat.Form

// opens is the run that opens the verb's form. A place without forms shows
// the command to type.
func (c *Call) opens() Run {
	return func(ctx context.Context) (chat.Reply, error) {
		f, err := c.drawn(ctx)
		if err != nil {
			return chat.Reply{}, err
		}
		r := answer("Fill in the form, or type it in one line: ", typed(c.speak(ctx), c.example()), ". Nothing is done yet.")
		r.Form = f
		if c.Has {
			r.Incident = c.On.Number.String()
		}
		if c.Request.Via == "api" {
			return chat.Reply{}, c.bad("`%s` needs more than that in one line. Nothing was done.", c.Verb.Name)
		}
		return r, nil
	}
}

func (c *Call) drawn(ctx context.Context) (*chat.Form, error) {
	var inc incident.Incident
	if c.Has {
		var err error
		if inc, err = c.state(ctx); err != nil {
			return nil, err
		}
	}
	f := c.Verb.form(c, inc)
	f.Command, f.Seen = c.Verb.Name, uint64(inc.Head)
	if c.Has {
		f.Command += " " + c.On.Number.String()
		f.Title += " " + c.On.Number.String()
	}
	return &f, nil
}

// formAgain is the verb's form with the values that somebody has just sent.
func (c *Call) formAgain(ctx context.Context, sent map[string]string) (*chat.Form, error) {
	if c.Verb.form == nil {
		return nil, nil
	}
	f, err := c.drawn(ctx)
	if err != nil {
		return nil, err
	}
	for i := range f.Fields {
		if v, ok := sent[f.Fields[i].Name]; ok {
			f.Fields[i].Value = v
		}
	}
	return f, nil
}

func lineField(name, label string) chat.Input {
	return chat.Input{Name: name, Label: label, Kind: chat.Line, MaxLength: 200}
}

func areaField(name, label string) chat.Input {
	return chat.Input{Name: name, Label: label, Kind: chat.Area, MaxLength: 3000}
}

func needed(i chat.Input) chat.Input {
	i.Required = true
	return i
}

func hinted(i chat.Input, hint string) chat.Input {
	i.Hint = hint
	return i
}

func selectField(name, label string, choices []chat.Choice) chat.Input {
	return chat.Input{Name: name, Label: label, Kind: chat.Select, Choices: choices}
}

// maxChoices is the most that a select holds on every platform known.
const maxChoices = 25

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

// policyFields are the custom fields that policy asks for at a moment.
func policyFields(p incident.Policy, ask string) []chat.Input {
	var out []chat.Input
	for _, f := range p.Fields {
		if f.Ask != ask {
			continue
		}
		in := hinted(lineField(keyName(f.Name), f.Name), f.Help)
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
