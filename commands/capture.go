package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func captureCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "capture", Group: groupTimeline, Summary: "Put a message of the room on the timeline, at its own time: by its link, or in a thread the message it hangs on.", Example: "capture",
			Args: []chat.Arg{{Name: "message", Hint: "its link; in a thread: nothing"}},
		},
		OnOne: true,
		form: func(*Call, incident.Incident) chat.Form {
			return chat.Form{Title: "Add to timeline", Submit: "Add"}
		},
		read: readCapture,
	}
}

func readCapture(_ context.Context, c *Call) (Run, error) {
	if c.Request.About != nil {
		return c.capturesIt, nil
	}
	id := address(c.Words.Rest())
	if id == "" {
		id = c.Request.Place.Thread
	}
	if c.Words.Len() > 1 {
		return nil, c.bad("`capture` takes the link of one message of the room.").WithExample(slash + "note at:14:05 the database was restarted")
	}
	if id == "" {
		return nil, c.bad("Which message? React to it with 📌, say `capture` in its thread, or note it in your own words.").WithExample(slash + "note at:14:05 the database was restarted")
	}
	return c.captures(id), nil
}

// capturesIt captures the message on which the gesture was made, whether or
// not the history has heard it.
func (c *Call) capturesIt(ctx context.Context) (chat.Reply, error) {
	m, err := c.message(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	return c.capture(ctx, m)
}

// captures looks a message of the room up and captures it.
func (c *Call) captures(id string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		room := c.Request.Place.Room
		m, found, err := c.Ports.Details.Said(ctx, c.On.ID, room, id)
		if tail := id[strings.LastIndexByte(id, '/')+1:]; err == nil && !found && tail != id {
			m, found, err = c.Ports.Details.Said(ctx, c.On.ID, room, tail)
		}
		if err != nil {
			return chat.Reply{}, err
		}
		if !found {
			return chat.Reply{}, fault.New(fault.NotFound, "I have not heard that message in a room of %s, so it was not captured.", c.On.Number)
		}
		return c.capture(ctx, m)
	}
}

func (c *Call) capture(ctx context.Context, m incident.Spoken) (chat.Reply, error) {
	_, already, err := c.Ports.Details.Mark(ctx, c.On.ID, incident.CaptureMark(m.Room.Platform, m.Room.ID, m.Message))
	if err != nil {
		return chat.Reply{}, err
	}
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			return inc.Capture(c.Actor, m, c.how(), already)
		},
		func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
			if len(done) == 0 {
				return answer("That message is on the timeline of ", after.Number, " already.")
			}
			return answer("On the timeline of ", after.Number, ", at ", chat.Strong(c.moment(m.At)), ": ", say.Person(m.Author, v), " said ", chat.Plain(quote(m.Text.String())))
		})(ctx)
}

// how is by which gesture a message was captured.
func (c *Call) how() string {
	switch {
	case c.Request.Via == "reaction", c.Request.Via == "pin":
		return c.Request.Via
	case c.Request.About != nil:
		return "action"
	}
	return "command"
}
