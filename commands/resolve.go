package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func resolveCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "resolve", Group: groupEnd, Summary: "It is fixed.", Example: "resolve rolled back to 4.11",
			Args: []chat.Arg{{Name: "how", Hint: "what fixed it"}},
		},
		OnOne: true, Text: true, Body: "how",
		form: func(c *Call, inc incident.Incident) chat.Form {
			p := c.policy()
			fields := []chat.Input{hinted(areaField("how", "What fixed it?"), "Everybody who follows it reads this.")}
			if len(p.Causes) > 0 && len(p.Causes) <= maxChoices {
				cause := selectField("cause", "Cause", nil)
				cause.Value = inc.Cause
				for _, x := range p.Causes {
					cause.Choices = append(cause.Choices, chat.Choice{Value: x.Tag, Label: strings.TrimSpace(x.Tag + " " + x.Meaning)})
				}
				fields = append(fields, cause)
			}
			return chat.Form{Title: "Resolve", Submit: "Resolve", Fields: append(fields, policyFields(p, "resolve")...)}
		},
		asks: whenAlone, read: readResolve,
		refuses: tries(func(c *Call, inc incident.Incident) ([]incident.Event, error) { return inc.Resolve(c.Actor, whatever) }),
	}
}

// readResolve resolves with what was typed; alone it opens a form, so that a
// slip of the thumb ends nothing. A script says all it means in one line.
func readResolve(_ context.Context, c *Call) (Run, error) {
	if c.asksForm() && c.Request.Via != "api" {
		return c.opens(), nil
	}
	how := c.Words.Rest()
	if how != "" {
		c.mayBeTitle()
	}
	steps := []func(incident.Incident) ([]incident.Event, error){}
	if tag := c.Words.Key("cause"); tag != "" {
		steps = append(steps, func(inc incident.Incident) ([]incident.Event, error) {
			if inc.Cause == tag {
				return nil, nil
			}
			return inc.SetCause(c.Actor, tag, "", c.policy())
		})
	}
	values := c.fieldValues("resolve")
	for _, f := range c.policy().Fields {
		if v, ok := values[f.Name]; ok {
			steps = append(steps, func(inc incident.Incident) ([]incident.Event, error) {
				return inc.SetField(c.Actor, f.Name, v, c.policy())
			})
		}
	}
	steps = append(steps, func(inc incident.Incident) ([]incident.Event, error) { return inc.Resolve(c.Actor, how) })
	c.touches("status")
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return sequence(inc, c.Actor, steps...) },
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			r := answer(after.Number, " is ", chat.Strong("resolved"), " after "+chat.Lasting(after.EndedAt.Sub(after.DeclaredAt))+".")
			if after.Outcome.Empty() {
				r = also(r, "Nothing says how. A note does: ", typed(v, "note "+after.Number.String()+" rolled back to 4.11"))
			}
			for _, m := range after.Missing(v.Policy, v.Now) {
				if rule, ok := v.Policy.FieldFor(m.Field); ok && m.Kind == incident.NoField && rule.Ask == "resolve" {
					r = also(r, "Still missing: "+m.Say+". ", typed(v, "field "+after.Number.String()+" "+keyName(m.Field)+" …"))
				}
			}
			return r
		}), nil
}

func cancelCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "cancel", Group: groupEnd, Summary: "End it without a fix: false alarm, duplicate, expected, other.", Example: "cancel false alarm the probe was wrong",
			Args: []chat.Arg{
				{Name: "reason", Required: true, Hint: "false alarm, duplicate, expected, other", Choices: []string{"false alarm", "duplicate", "expected", "other"}},
				{Name: "note", Hint: "goes on the timeline"},
			},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			reason, n := reasonWords(c.Words)
			if c.Words.Len() == 0 {
				return nil, c.which("Why?", "false alarm", "duplicate", "expected", "other")
			}
			if n == 0 {
				return nil, c.bad("Why? It is a false alarm, a duplicate, expected, or other.")
			}
			words := *c.Words
			words.Drop(n)
			note := words.Rest()
			c.mayBeTitle()
			c.touches("status")
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Cancel(c.Actor, reason, note) },
				func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					return answer(after.Number, " is ", chat.Strong("cancelled"), ": "+string(reason)+". If it was one after all: ", typed(v, "reopen "+after.Number.String()+" it was real"))
				}), nil
		},
	}
}

func reasonWords(w *Words) (incident.Reason, int) {
	switch w.At(0) {
	case "false":
		if w.At(1) == "alarm" || w.At(1) == "alert" || w.At(1) == "positive" {
			return incident.FalseAlarm, 2
		}
	case "false-alarm", "falsealarm":
		return incident.FalseAlarm, 1
	case "duplicate", "dup", "dupe":
		return incident.Duplicate, 1
	case "expected":
		return incident.Expected, 1
	case "other":
		return incident.Other, 1
	}
	return "", 0
}

func mergeCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "merge", Group: groupEnd, Summary: "This is the same as another one: the work goes on there.", Example: "merge into INC-1",
			Args: []chat.Arg{{Name: "into", Hint: "into INC-7", Required: true}},
		},
		OnOne: true,
		read:  readMerge,
	}
}

func readMerge(_ context.Context, c *Call) (Run, error) {
	words := *c.Words
	if words.At(0) == "into" {
		words.Drop(1)
	}
	n, ok := numberOf(words.At(0))
	if !ok || words.Len() != 1 {
		return nil, c.bad("Merge into which incident?")
	}
	c.touches("status")
	return func(ctx context.Context) (chat.Reply, error) {
		into, found, err := c.Ports.Look.ByNumber(ctx, c.Input, n)
		if err != nil {
			return chat.Reply{}, err
		}
		if !found {
			return chat.Reply{}, incident.NoSuch(n)
		}
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Desk.Merge(ctx, c.Input, c.On.ID, into.ID, PairDecision{
			Decide: func(from, into incident.Incident) (mine, theirs []incident.Event, err error) {
				if err := c.stillAsSeen(from); err != nil {
					return nil, nil, err
				}
				mine, theirs, err = from.MergeInto(c.Actor, into)
				if err != nil {
					err = c.exampled(err)
				}
				return mine, theirs, err
			},
			Reply: func(from, into incident.Incident) chat.Reply {
				r := answer(from.Number, " is merged into ", into.Number, " ", chat.Plain(quote(into.Title.String())), ". The work goes on there.")
				if room, ok := roomOf(into, v); ok {
					r = also(r, "Its room: ", room)
				}
				r.Incident = into.Number.String()
				return r
			},
		})
	}, nil
}

// roomOf is an incident's room on the asker's platform.
func roomOf(inc incident.Incident, v say.Voice) (chat.Span, bool) {
	for _, r := range inc.Rooms {
		if r.Platform == v.Platform {
			return chat.RoomLink{Room: r.ID, Name: r.Name}, true
		}
	}
	return nil, false
}
