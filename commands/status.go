package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func statusCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "status", Group: groupChange, Summary: "Say where it stands: triage, investigating, identified, monitoring, resolved, closed.", Example: "status monitoring the fix is out",
			Args: []chat.Arg{
				{Name: "status", Hint: "investigating, identified, monitoring …", Required: true, Choices: []string{"triage", "investigating", "identified", "monitoring", "resolved", "closed"}},
				{Name: "text", Hint: "goes on the timeline"},
			},
		},
		OnOne: true, Text: true,
		read: readStatus,
	}
}

func readStatus(_ context.Context, c *Call) (Run, error) {
	var to incident.Status
	for _, s := range incident.Statuses() {
		if s != incident.Merged && c.Words.At(0) == string(s) {
			to = s
		}
	}
	if c.Words.Len() == 0 {
		return nil, c.which("Where does it stand?", "investigating", "identified", "monitoring", "resolved")
	}
	if to == "" {
		return nil, c.bad("The status is one of triage, investigating, identified, monitoring, resolved and closed.")
	}
	words := *c.Words
	words.Drop(1)
	note := words.Rest()
	if note != "" {
		c.mayBeTitle()
	}
	c.touches("status")
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) {
			return inc.SetStatus(c.Actor, to, note, c.policy())
		},
		func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			r := answer(after.Number, " is ", chat.Strong(after.Status), " now.")
			if note != "" {
				r = also(r, "On the timeline: ", chat.Plain(note))
			}
			return promised(r, v, after)
		}), nil
}

// textVerb is a verb that takes nothing but text.
type textVerb struct {
	verb   chat.Verb
	ask    string // what to ask when there is none
	facet  string
	may    bool // the text may be left out; pressed, it is
	limit  int  // characters; 0: as many as a form holds
	decide func(c *Call, inc incident.Incident, text string) ([]incident.Event, error)
	reply  func(c *Call, v say.Voice, after incident.Incident, text string) chat.Reply
}

// textCommand makes a command of a text verb. Pressed as a button without
// text, it opens a form with one field.
func textCommand(t textVerb) Command {
	asks := whenPressed
	if t.may {
		asks = never
	}
	return Command{
		Verb: t.verb, OnOne: true, Text: true, Body: "text", asks: asks,
		form: func(*Call, incident.Incident) chat.Form {
			f := areaField("text", t.ask)
			if f.Required = !t.may; t.limit > 0 {
				f.MaxLength = t.limit
			}
			return chat.Form{Title: label(t.verb.Name), Submit: label(t.verb.Name), Fields: []chat.Input{f}}
		},
		read: func(_ context.Context, c *Call) (Run, error) {
			words := c.Words.Rest()
			if c.asksForm() {
				return c.opens(), nil
			}
			if words == "" && !t.may {
				return nil, c.bad("%s", t.ask)
			}
			if t.facet != "" {
				c.touches(t.facet)
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return t.decide(c, inc, words) },
				func(v say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					return t.reply(c, v, after, words)
				}), nil
		},
	}
}

func renameCommand() Command {
	return textCommand(textVerb{
		verb: chat.Verb{
			Name: "rename", Group: groupChange, Summary: "Give it another title.", Example: "rename checkout fails for everyone in the EU",
			Args: []chat.Arg{{Name: "title", Hint: "what is wrong", Required: true}},
		},
		ask: "What is the new title?", limit: incident.MaxTitle, facet: "title",
		decide: func(c *Call, inc incident.Incident, title string) ([]incident.Event, error) {
			return inc.Rename(c.Actor, strings.Join(strings.Fields(title), " "))
		},
		reply: func(_ *Call, _ say.Voice, after incident.Incident, _ string) chat.Reply {
			return answer(after.Number, " is called ", chat.Plain(quote(after.Title.String())), " now.")
		},
	})
}

func impactCommand() Command {
	return textCommand(textVerb{
		verb: chat.Verb{
			Name: "impact", Group: groupChange, Summary: "Say who feels what.", Example: "impact one in three card payments fails",
			Args: []chat.Arg{{Name: "text", Hint: "who feels what", Required: true}},
		},
		ask: "Who feels what?", limit: incident.MaxLine, facet: "impact",
		decide: func(c *Call, inc incident.Incident, text string) ([]incident.Event, error) {
			return inc.SetImpact(c.Actor, text)
		},
		reply: func(_ *Call, _ say.Voice, after incident.Incident, _ string) chat.Reply {
			return answer("The impact of ", after.Number, " is: ", after.Impact)
		},
	})
}

func decideCommand() Command {
	return textCommand(textVerb{
		verb: chat.Verb{
			Name: "decide", Group: groupTimeline, Summary: "Record what was decided.", Example: "decide we roll back to 4.11",
			Args: []chat.Arg{{Name: "text", Hint: "what was decided", Required: true}},
		},
		ask: "What was decided?",
		decide: func(c *Call, inc incident.Incident, text string) ([]incident.Event, error) {
			return inc.Decide(c.Actor, text)
		},
		reply: func(_ *Call, _ say.Voice, after incident.Incident, text string) chat.Reply {
			return answer("Decided, on the timeline of ", after.Number, ": ", chat.Plain(text))
		},
	})
}

func reopenCommand() Command {
	return textCommand(textVerb{
		verb: chat.Verb{
			Name: "reopen", Group: groupEnd, Summary: "Take a resolution or a close back.", Example: "reopen errors are back since the restart",
			Args: []chat.Arg{{Name: "why", Hint: "what came back", Required: true}},
		},
		ask: "Why is it opened again?", limit: incident.MaxLine, facet: "status",
		decide: func(c *Call, inc incident.Incident, why string) ([]incident.Event, error) {
			return inc.Reopen(c.Actor, why, c.policy())
		},
		reply: func(_ *Call, v say.Voice, after incident.Incident, _ string) chat.Reply {
			r := promised(answer(after.Number, " is open again, ", chat.Strong(after.Status), "."), v, after)
			if offers, ok := say.ReopenOffers(after, v); ok {
				r.Message.Parts = append(r.Message.Parts, offers.Parts...)
				r = with(r, offers.Actions...)
			}
			return r
		},
	})
}

func closeCommand() Command {
	return textCommand(textVerb{
		verb: chat.Verb{
			Name: "close", Group: groupEnd, Summary: "Nothing is left to do.", Example: "close",
			Args: []chat.Arg{{Name: "note", Hint: "goes on the timeline"}},
		},
		ask: "Anything to note?", facet: "status", may: true,
		decide: func(c *Call, inc incident.Incident, note string) ([]incident.Event, error) {
			return inc.Close(c.Actor, note)
		},
		reply: func(_ *Call, v say.Voice, after incident.Incident, _ string) chat.Reply {
			return answer(after.Number, " is closed. If it comes back: ", typed(v, "reopen "+after.Number.String()+" errors are back"))
		},
	})
}
