package commands

import (
	"context"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// captureAsCommand is what a reaction for decisions or action items says.
func captureAsCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "capture-as", Group: groupTimeline, Summary: "Record a message as a decision or an action item; a reaction says it.", Hidden: true,
			Example: "capture-as decision 1764158400.000100",
			Args: []chat.Arg{
				{Name: "as", Hint: "decision or action", Required: true, Choices: []string{incident.SuggestDecision, incident.SuggestAction}},
				{Name: "message", Hint: "its id in the room", Required: true},
			},
		},
		OnOne: true, read: readCaptureAs,
	}
}

func readCaptureAs(_ context.Context, c *Call) (Run, error) {
	as, id := c.Words.At(0), c.Words.At(1)
	if c.Words.Len() != 2 || !slices.Contains([]string{incident.SuggestDecision, incident.SuggestAction}, as) {
		return nil, c.bad("Say as what to record which message, as a reaction does.")
	}
	return func(ctx context.Context) (chat.Reply, error) {
		m, found, err := c.Ports.Details.Said(ctx, c.On.ID, c.Request.Place.Room, id)
		if err != nil {
			return chat.Reply{}, err
		}
		if !found {
			return chat.Reply{}, fault.New(fault.NotFound, "I have not heard that message in a room of %s, so it was not recorded.", c.On.Number)
		}
		at := incident.MessageRef{Platform: m.Room.Platform, Room: m.Room.ID, ID: m.Message}
		_, already, err := c.Ports.Details.Mark(ctx, c.On.ID, incident.TakenMark(as, at))
		if err != nil {
			return chat.Reply{}, err
		}
		return c.runs(
			func(inc incident.Incident) ([]incident.Event, error) {
				switch {
				case already:
					return nil, fault.New(fault.Conflict, "That message is %s of %s already.", article(as), inc.Number)
				case as == incident.SuggestDecision:
					return inc.DecideFrom(c.Actor, m)
				}
				return inc.ActionFrom(c.Actor, incident.Suggestion{Message: m, As: as})
			},
			func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
				return answer("On record as ", article(as), " of ", after.Number, ", at ", chat.Strong(c.moment(m.At)), ": ",
					say.Person(m.Author, v), " said ", chat.Plain(quote(strings.TrimSpace(m.Text.String()))))
			})(ctx)
	}, nil
}
