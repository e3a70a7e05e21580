package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func serviceCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "service", Group: groupChange, Summary: "Add a service that is touched, or take one off.", Example: "service add checkout",
			Args: []chat.Arg{
				{Name: "add or remove", Required: true, Choices: []string{"add", "remove"}},
				{Name: "service", Hint: "its name", Required: true},
			},
		},
		OnOne: true, read: readService,
	}
}

func readService(_ context.Context, c *Call) (Run, error) {
	verb := c.Words.At(0)
	words := *c.Words
	words.Drop(1)
	name := words.Rest()
	if verb != "add" && verb != "remove" || name == "" {
		return nil, c.bad("`service` takes add or remove, and the name of a service.")
	}
	if p := c.policy(); !c.sure() {
		if _, known := p.ServiceFor(name); !known {
			c.mayBeTitle()
		}
	}
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			if verb == "add" {
				return inc.AddService(c.Actor, name, c.policy())
			}
			return inc.RemoveService(c.Actor, name)
		},
		func(_ say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
			for _, d := range done {
				switch e := d.Event.(type) {
				case incident.ServiceAdded:
					if !e.Service.Known {
						return answer(after.Number, " touches ", chat.Strong(e.Service.Name), " now. The policy does not know that service, so it has no owner and no links here.")
					}
					return answer(after.Number, " touches ", chat.Strong(e.Service.Name), " now.")
				case incident.ServiceRemoved:
					return answer(after.Number, " does not touch ", chat.Strong(e.Name), " any more.")
				default:
				}
			}
			return answer("The services of ", after.Number, " are as you wish them already.")
		}), nil
}

func causeCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "cause", Group: groupChange, Summary: "Tag what caused it, for the report.", Example: "cause change version 4.12 had a bad query",
			Args: []chat.Arg{{Name: "cause", Hint: "a tag of the policy", Required: true}, {Name: "text", Hint: "goes on the timeline"}},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if c.Words.Len() == 0 {
				return nil, c.badCause("Which cause?")
			}
			tag, n := c.causeWords()
			if n == 0 {
				return nil, c.badCause("The policy has no cause " + quote(c.Words.At(0)) + ".")
			}
			words := *c.Words
			words.Drop(n)
			note := words.Rest()
			c.touches("cause")
			c.mayBeTitle()
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) {
					return inc.SetCause(c.Actor, tag, note, c.policy())
				},
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					if after.Cause == "" {
						return answer(after.Number, " has no cause any more.")
					}
					return answer("The cause of ", after.Number, " is ", chat.Strong(after.Cause), ".")
				}), nil
		},
	}
}

// causeWords finds a cause at the front of the words; "none" takes it away.
func (c *Call) causeWords() (tag string, n int) {
	if c.Words.Len() == 1 && c.Words.At(0) == "none" {
		return "", 1
	}
	for n := min(4, c.Words.Len()); n > 0; n-- {
		if cause, ok := c.policy().CauseFor(bare(c.Words.First(n))); ok {
			return cause.Tag, n
		}
	}
	return "", 0
}

func (c *Call) badCause(say string) error {
	p := c.policy()
	if len(p.Causes) == 0 {
		return c.bad("%s The policy of this house lists no causes.", say)
	}
	tags := make([]string, 0, len(p.Causes))
	for _, x := range p.Causes {
		tags = append(tags, x.Tag)
	}
	return c.bad("%s They are %s.", say, strings.Join(tags, ", ")).WithExample(slash + "cause " + tags[0])
}

func fieldCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "field", Group: groupChange, Summary: "Fill a field of the policy.", Example: "field customer-tier enterprise",
			Args: []chat.Arg{{Name: "field", Hint: "its name", Required: true}, {Name: "value", Hint: "nothing: it is cleared"}},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			rule, n := c.fieldWords()
			if n == 0 {
				return nil, c.badField()
			}
			words := *c.Words
			words.Drop(n)
			value := words.Rest()
			c.mayBeTitle()
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) {
					return inc.SetField(c.Actor, rule.Name, value, c.policy())
				},
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					for _, f := range after.Fields {
						if f.Name == rule.Name {
							return answer(chat.Strong(rule.Name), " of ", after.Number, " is ", f.Value, " now.")
						}
					}
					return answer(chat.Strong(rule.Name), " of ", after.Number, " is empty now.")
				}), nil
		},
	}
}

func (c *Call) fieldWords() (incident.FieldRule, int) {
	for n := min(4, c.Words.Len()); n > 0; n-- {
		name := bare(c.Words.First(n))
		if f, ok := c.policy().FieldFor(name); ok {
			return f, n
		}
		for _, f := range c.policy().Fields {
			if keyName(f.Name) == strings.ToLower(name) {
				return f, n
			}
		}
	}
	return incident.FieldRule{}, 0
}

func (c *Call) badField() error {
	p := c.policy()
	if len(p.Fields) == 0 {
		return c.bad("The policy of this house has no fields of its own.").WithExample(slash + "impact nobody can pay")
	}
	names := make([]string, 0, len(p.Fields))
	for _, f := range p.Fields {
		names = append(names, keyName(f.Name))
	}
	return c.bad("Which field? They are %s.", strings.Join(names, ", "))
}
