package commands

import (
	"context"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
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
		asks: whenPressed,
		read: func(_ context.Context, c *Call) (Run, error) {
			words := c.Words.Rest()
			if c.asksForm() {
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
