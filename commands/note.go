package commands

import (
	"context"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func noteCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "note", Group: groupTimeline, Summary: "Put a sentence on the timeline, at its own time if you say so.", Example: "note at:14:05 the database was restarted",
			Args: []chat.Arg{{Name: "at:", Hint: "at:14:05, or … at 14:05 at the end"}, {Name: "text", Hint: "what happened", Required: true}},
		},
		OnOne: true, Text: true, Body: "text", last: "at",
		keys: func(c *Call) []keyRule { return []keyRule{{name: "at", more: c.isClock}} },
		form: func(*Call, incident.Incident) chat.Form {
			return chat.Form{Title: "Note for", Submit: "Note", Fields: []chat.Input{
				needed(areaField("text", "What happened?")), hinted(lineField("at", "When?"), "14:05 or yesterday 23:10; empty: now"),
			}}
		},
		read: func(_ context.Context, c *Call) (Run, error) {
			words := c.Words.Rest()
			if words == "" && c.Request.Form == nil && c.Request.Via == "button" {
				return c.opens(), nil
			}
			if words == "" {
				return nil, c.bad("What shall I note?")
			}
			var at time.Time
			if c.Words.Has("at") {
				var err error
				if at, err = c.past(c.Words.Key("at")); err != nil {
					return nil, err
				}
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Note(c.Actor, words, at) },
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					when := ""
					if !at.IsZero() {
						when = " at " + c.moment(at)
					}
					return answer("On the timeline of ", after.Number, when, ": ", chat.Plain(words))
				}), nil
		},
	}
}

// isClock says that words are a time in the past with a clock in it, so that
// "at" before them is no part of a sentence.
func (c *Call) isClock(words string) bool {
	return strings.ContainsAny(words, "0123456789") && c.isPast(words)
}

func captureCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "capture", Group: groupTimeline, Summary: "Put a message of the room on the timeline, at its own time: by its link, or in a thread the message it hangs on.", Example: "capture",
			Args: []chat.Arg{{Name: "message", Hint: "its link; in a thread: nothing"}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
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
		},
	}
}

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
		_, already, err := c.Ports.Details.Mark(ctx, c.On.ID, incident.CaptureMark(m.Room.Platform, m.Room.ID, m.Message))
		if err != nil {
			return chat.Reply{}, err
		}
		return c.runs(
			func(inc incident.Incident) ([]incident.Event, error) {
				return inc.Capture(c.Actor, m, "command", already)
			},
			func(v say.Voice, after incident.Incident, done []incident.Recorded) chat.Reply {
				if len(done) == 0 {
					return answer("That message is on the timeline of ", after.Number, " already.")
				}
				return answer("On the timeline of ", after.Number, ", at ", chat.Strong(c.moment(m.At)), ": ", say.Person(m.Author, v), " said ", chat.Plain(quote(m.Text.String())))
			})(ctx)
	}
}

func linkCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "link", Group: groupTimeline, Summary: "Keep a link that matters.", Example: "link https://grafana.example.com/d/pay payment errors",
			Args: []chat.Arg{{Name: "url", Hint: "https://…", Required: true}, {Name: "label", Hint: "what it shows"}},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			words := *c.Words
			url := address(words.First(1))
			words.Drop(1)
			what := words.Rest()
			if !chat.SafeURL(url) {
				return nil, c.bad("`link` takes a link that begins with https://, and what it shows.")
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Link(c.Actor, url, what) },
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					name := what
					if name == "" {
						name = url
					}
					return answer("On the timeline of ", after.Number, ": ", chat.Link{Label: name, URL: url})
				}), nil
		},
	}
}
