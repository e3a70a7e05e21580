package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func followCommand() Command {
	return followVerb("follow", "Get its updates in private, without joining.",
		incident.Incident.Follow, "You follow %: its updates come to you in private.", "You follow % already.")
}

func unfollowCommand() Command {
	return followVerb("unfollow", "Get them no more.",
		incident.Incident.Unfollow, "You follow % no more.", "You do not follow %.")
}

// followVerb is follow or its opposite. Whether somebody follows stands in a
// mark, which is read before the decision.
func followVerb(name, summary string, decide func(incident.Incident, incident.Actor, bool) ([]incident.Event, error), did, already string) Command {
	return Command{
		Verb:  chat.Verb{Name: name, Group: groupTell, Summary: summary, Example: name},
		OnOne: true, Guests: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if err := c.none(); err != nil {
				return nil, err
			}
			return func(ctx context.Context) (chat.Reply, error) {
				_, follows, err := c.Ports.Details.Mark(ctx, c.On.ID, incident.FollowerMark(c.Actor.Person))
				if err != nil {
					return chat.Reply{}, err
				}
				there := follows == (name == "follow")
				return c.runs(
					func(inc incident.Incident) ([]incident.Event, error) { return decide(inc, c.Actor, there) },
					func(_ say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
						if len(done) == 0 {
							return about(already, after.Number)
						}
						return about(did, after.Number)
					})(ctx)
			}, nil
		},
	}
}
