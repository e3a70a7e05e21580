package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// drawForm draws a verb's form; inc is zero without an incident.
type drawForm func(c *Call, inc incident.Incident) chat.Form

// asksForm says that the verb was given nothing and opens its form.
func (c *Call) asksForm() bool {
	words := *c.Words
	if c.Verb.Name == "declare" {
		_, n := leadingSeverity(&words)
		words.Drop(n)
	}
	if c.Request.Form != nil || words.Len() > 0 && c.formAbout() == "" {
		return false
	}
	return c.Verb.asks == whenAlone || c.Verb.asks == whenPressed && c.Request.Via == "button"
}

// opens is the run that opens the verb's form. A place without forms shows
// the command to type.
func (c *Call) opens() Run {
	return func(ctx context.Context) (chat.Reply, error) {
		if c.Request.Via == "api" {
			return chat.Reply{}, c.bad("`%s` needs more than that in one line. Nothing was done.", c.Verb.Name)
		}
		var inc incident.Incident
		if c.Has {
			var err error
			if inc, err = c.state(ctx); err != nil {
				return chat.Reply{}, err
			}
		}
		if c.Verb.refuses != nil {
			if err := c.Verb.refuses(c, inc); err != nil {
				return chat.Reply{}, err
			}
		}
		example := c.example()
		if about := c.formAbout(); about != "" {
			example = c.Verb.oneLine(about)
		}
		line := typed(c.speak(ctx), example)
		if c.Request.Via == "mention" { // nothing that a platform could open a form with
			r := answer("Press the button to fill in the form, or say it in one line: ", line, ". Nothing is done yet.")
			return c.aboutIt(with(r, button("Fill in the form", c.typed()))), nil
		}
		r := answer("Fill in the form, or type it in one line: ", line, ". Nothing is done yet.")
		r.Form = c.drawn(ctx, inc)
		return c.aboutIt(r), nil
	}
}

// formAbout is what the verb's form is about beside the incident.
func (c *Call) formAbout() string {
	if c.Verb.about == nil {
		return ""
	}
	return c.Verb.about(&Words{list: split(c.After)})
}

// tries makes a decision that is thrown away, to learn whether it would be
// refused whatever else a form says.
func tries(decide func(c *Call, inc incident.Incident) ([]incident.Event, error)) func(*Call, incident.Incident) error {
	return func(c *Call, inc incident.Incident) error {
		_, err := decide(c, inc)
		return err
	}
}

// whatever stands for words and people that are not known yet.
const whatever = "x"

// aboutIt names the incident that a reply is about.
func (c *Call) aboutIt(r chat.Reply) chat.Reply {
	if c.Has {
		r.Incident = c.On.Number.String()
	}
	return r
}

// drawn is the verb's form, filled in with the keys that were said.
func (c *Call) drawn(ctx context.Context, inc incident.Incident) *chat.Form {
	if c.Verb.ready != nil {
		c.Verb.ready(ctx, c)
	}
	f := c.Verb.form(c, inc)
	f.Command, f.Seen = c.Verb.Name, uint64(inc.Head)
	if c.Has {
		f.Command += " " + c.On.Number.String()
		f.Title += " " + c.On.Number.String()
	}
	if about := c.formAbout(); about != "" {
		f.Command += " " + about
	}
	for i := range f.Fields {
		if said := c.Words.keys[f.Fields[i].Name]; len(said) > 0 && c.Request.Form == nil {
			f.Fields[i] = filled(f.Fields[i], strings.Join(said, ", "))
		}
	}
	return &f
}

// filled is a field with a value, as far as the field can hold it.
func filled(in chat.Input, value string) chat.Input {
	switch in.Kind {
	case chat.Select:
		for _, choice := range in.Choices {
			if strings.EqualFold(choice.Value, value) {
				in.Value = choice.Value
			}
		}
	case chat.Checked:
		if on, ok := yes(value); ok && !on {
			value = ""
		}
		if in.Value = ""; value != "" {
			in.Value = "yes"
		}
	case chat.Line, chat.Area, chat.Person:
		in.Value = value
	}
	return in
}

// formAgain is the verb's form with the values that somebody has just sent,
// but for those that an older state had put there.
func (c *Call) formAgain(ctx context.Context, sent map[string]string, old ...string) (*chat.Form, error) {
	if c.Verb.form == nil {
		return nil, nil
	}
	var inc incident.Incident
	if c.Has {
		var err error
		if inc, err = c.state(ctx); err != nil {
			return nil, err
		}
	}
	f := c.drawn(ctx, inc)
	for _, name := range old {
		sent = without(sent, name)
	}
	for i := range f.Fields {
		if v, ok := sent[f.Fields[i].Name]; ok {
			f.Fields[i].Value = v
		}
	}
	return f, nil
}

func without(values map[string]string, name string) map[string]string {
	out := make(map[string]string, len(values))
	for k, v := range values {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// kept gives a refused form back, with what was typed and what was wrong, so
// that nobody types it twice. An answer with buttons has a way on of its own.
func (c *Call) kept(ctx context.Context, r chat.Reply) chat.Reply {
	sent := c.Request.Form
	if sent == nil || r.Form != nil || c.Verb == nil || !mendable(r.Kind) || len(r.Message.Actions) > 0 {
		return r
	}
	if c.Verb.OnOne && !c.Has {
		return r
	}
	f, err := c.formAgain(ctx, sent)
	if err != nil || f == nil || len(f.Fields) == 0 {
		return r
	}
	if len(r.Message.Parts) > 0 {
		if why, ok := r.Message.Parts[0].(chat.Text); ok {
			f.Intro = why
		}
	}
	r.Form = f
	return r
}

// mendable says that nothing was done, and that the same form sent again, with
// other words perhaps, may be.
func mendable(kind string) bool {
	switch kind {
	case fault.Invalid.String(), fault.NotFound.String(), fault.Conflict.String(), fault.Rejected.String(), fault.Unavailable.String():
		return true
	}
	return false
}

func lineField(name, label string) chat.Input {
	return chat.Input{Name: name, Label: label, Kind: chat.Line, MaxLength: incident.MaxTitle}
}

func areaField(name, label string) chat.Input {
	return chat.Input{Name: name, Label: label, Kind: chat.Area, MaxLength: 3000}
}

func personField(label string) chat.Input {
	return chat.Input{Name: "person", Label: label, Kind: chat.Person}
}

// limited holds a field to one line of the incident.
func limited(i chat.Input) chat.Input {
	i.MaxLength = incident.MaxLine
	return i
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
