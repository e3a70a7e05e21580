package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func privateCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "private", Group: groupChange, Summary: "Make it known to its members only, or to everybody again.", Example: "private on customer data is involved",
			Args: []chat.Arg{
				{Name: "on or off", Required: true, Choices: []string{"on", "off"}},
				{Name: "why", Hint: "goes on the timeline", Required: true},
			},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			word := c.Words.At(0)
			words := *c.Words
			words.Drop(1)
			why := words.Rest()
			if word != "on" && word != "off" {
				return nil, c.bad("`private` takes on or off, and why.")
			}
			if why == "" {
				return nil, c.bad("Say why it becomes %s; that goes on the timeline.", map[string]string{"on": "private", "off": "public"}[word])
			}
			c.mayBeTitle()
			c.touches("privacy")
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) {
					return inc.SetPrivate(c.Actor, word == "on", why)
				},
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					if after.Private {
						return answer(after.Number, " is private from now on: only its members know of it, "+plural(len(after.Members), "person")+". Its announcement is being withdrawn; the room is told who may have seen it.")
					}
					return answer(after.Number, " is public from now on. It is being announced.")
				}), nil
		},
	}
}
