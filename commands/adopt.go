package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func adoptCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "adopt", Group: groupEnd, Summary: "Make this room or thread an incident, or the room of one that is named.", Example: "adopt",
			Args: []chat.Arg{{Name: "title", Hint: "in quotes; nothing: the name of the room. Or INC-142"}},
		},
		Text: true,
		read: readAdopt,
	}
}

func readAdopt(_ context.Context, c *Call) (Run, error) {
	place := c.Request.Place
	room := here(place)
	room.Adopted = true
	if c.Has && c.Named {
		if err := c.none(); err != nil {
			return nil, err
		}
		return c.runs(
			func(inc incident.Incident) ([]incident.Event, error) { return inc.Adopt(c.Actor, room) },
			func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
				return answer("This is a room of ", after.Number, " now; it is neither renamed nor archived.")
			}), nil
	}
	title := c.Words.Rest()
	if title != "" && !c.Words.Quoted() {
		c.mayBeTitle()
		c.After = `"` + strings.ReplaceAll(title, `"`, "'") + `"`
	}
	if title == "" {
		title = "Discussion in #" + place.Name
		if place.Name == "" {
			title = "Discussion in this room"
		}
	}
	return c.adopts(title, room), nil
}

// adopts declares an incident whose room is the place where it is said.
func (c *Call) adopts(title string, room incident.Room) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		if c.Has {
			return chat.Reply{}, fault.New(fault.Conflict, "This is the room of %s already.", c.On.Number)
		}
		if c.Request.Place.Direct {
			return chat.Reply{}, fault.New(fault.Rejected, "A conversation with me alone cannot be an incident's room. Say it in the room or thread where people are.")
		}
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Desk.Declare(ctx, c.Input, Decision{
			Decide: func(inc incident.Incident) ([]incident.Event, error) {
				from := room
				from.Adopted = false
				return sequence(inc, c.Actor,
					func(inc incident.Incident) ([]incident.Event, error) {
						return incident.Declare(c.Actor, inc.Number, incident.Declaration{Title: title, From: from}, c.policy())
					},
					func(inc incident.Incident) ([]incident.Event, error) { return inc.Adopt(c.Actor, room) })
			},
			Reply: func(after incident.Incident, _ []incident.Recorded) chat.Reply {
				r := chat.Reply{Message: say.Declared(after, v), Incident: after.Number.String()}
				return also(r, "What was said here before can be put on the timeline: react to a message with 📌. When it began: ", typed(v, "started 14:05"))
			},
		})
	}
}
