package commands

import (
	"context"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func remindCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "remind", Group: groupTell, Summary: "Be reminded, once.", Example: "remind 20m check the queue again",
			Args: []chat.Arg{{Name: "when", Hint: "20m, 14:05, tomorrow 9:00, friday", Required: true}, {Name: "what", Hint: "what to think of"}},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			words := *c.Words
			if words.At(0) == "me" {
				words.Drop(1)
			}
			at, n := c.timeWords(&words)
			if n == 0 {
				if words.Len() == 0 {
					return nil, c.bad("When?")
				}
				_, err := c.next(words.First(min(2, words.Len())))
				if err == nil {
					err = c.bad("When?")
				}
				return nil, err
			}
			words.Drop(n)
			what := strings.TrimPrefix(words.Rest(), "to ")
			if what != "" {
				c.mayBeTitle()
			}
			return c.runs(
				func(inc incident.Incident) ([]incident.Event, error) { return inc.Remind(c.Actor, at, what) },
				func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
					r := answer("You will be reminded of ", after.Number, " at ", chat.Strong(c.moment(at)), ".")
					if what != "" {
						r = answer("You will be reminded of ", after.Number, " at ", chat.Strong(c.moment(at)), ": ", chat.Plain(what))
					}
					return r
				}), nil
		},
	}
}

// timeWords reads a time to come at the front of words, as long as it fits;
// n is how many words it took.
func (c *Call) timeWords(w *Words) (at time.Time, n int) {
	for n := min(5, w.Len()); n > 0; n-- {
		if t, err := c.next(w.First(n)); err == nil {
			return t, n
		}
	}
	return time.Time{}, 0
}

func snoozeCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "snooze", Group: groupTell, Summary: "Quiet the room's nudge for a while, or stop it.", Example: "snooze 30m",
			Args: []chat.Arg{
				{Name: "nudge", Hint: "commander, severity, update, stale; nothing: all", Choices: incident.Nudges()},
				{Name: "how long", Hint: "30m; or stop"},
			},
		},
		OnOne: true, read: readSnooze,
	}
}

func readSnooze(_ context.Context, c *Call) (Run, error) {
	words := *c.Words
	nudge := ""
	for _, n := range incident.Nudges() {
		if words.At(0) == n {
			nudge = n
			words.Drop(1)
			break
		}
	}
	until := c.Request.At.Add(30 * time.Minute)
	switch rest := words.Rest(); rest {
	case "":
	case "stop":
		until = time.Time{}
	default:
		var err error
		if until, err = c.nextUpdate(rest); err != nil {
			return nil, err
		}
	}
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.Snooze(c.Actor, nudge, until) },
		func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			what := "Nudges"
			if nudge != "" {
				what = "Nudges about the " + nudge
			}
			if until.IsZero() {
				return answer(what+" in ", after.Number, " are stopped.")
			}
			return answer(what+" in ", after.Number, " are quiet until ", chat.Strong(c.moment(until)), ".")
		}), nil
}
