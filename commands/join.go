package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

// joinCommand is inviting oneself: whoever may know of an incident may come in.
func joinCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "join", Group: groupPeople, Summary: "Come in: you become a member and are invited to its room.", Example: "join",
			Args: []chat.Arg{{Name: "incident", Hint: "INC-142; in its room it is understood"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if err := c.none(); err != nil {
				return nil, err
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) {
					if takesPart(inc, c.Actor.Person) {
						return nil, nil
					}
					return inc.Invite(c.Actor, c.Actor.Person)
				},
				func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
					return chat.Reply{Message: say.Joined(after, len(done) > 0, v)}
				}), nil
		},
	}
}

// takesPart says whether somebody is a member: who would know of the incident
// if it were private.
func takesPart(inc incident.Incident, who incident.PersonID) bool {
	inc.Private = true
	return inc.VisibleTo(who)
}
