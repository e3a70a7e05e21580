package commands

import (
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

func startedCommand() Command {
	return milestoneCommand(incident.Started, "Say when impact began.", "started yesterday 23:10")
}

func detectedCommand() Command {
	return milestoneCommand(incident.Detected, "Say when it was noticed.", "detected 14:05")
}

func mitigatedCommand() Command {
	return milestoneCommand(incident.Mitigated, "Say since when it hurts nobody any more.", "mitigated 20m ago")
}

func milestoneCommand(m incident.Milestone, summary, example string) Command {
	return Command{
		Verb: chat.Verb{
			Name: string(m), Group: groupChange, Summary: summary, Example: example,
			Args: []chat.Arg{{Name: "when", Hint: "14:05, yesterday 23:10, 20m ago; nothing: now; none: take it back"}},
		},
		OnOne: true,
		keys:  func(c *Call) []keyRule { return []keyRule{{name: "at", more: c.isPast}} },
		read: func(_ context.Context, c *Call) (Run, error) {
			at := c.Request.At
			when := c.Words.Rest()
			if c.Words.Has("at") {
				when = c.Words.Key("at")
			}
			switch when {
			case "":
			case "none":
				at = time.Time{}
			default:
				var err error
				if at, err = c.past(when); err != nil {
					return nil, err
				}
			}
			return c.setsMilestone(m, at), nil
		},
	}
}

func (c *Call) setsMilestone(m incident.Milestone, at time.Time) Run {
	return c.runs(
		func(inc incident.Incident) ([]incident.Event, error) { return inc.SetMilestone(c.Actor, m, at) },
		func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply {
			if at.IsZero() {
				return answer("The correction of when ", after.Number, " ", string(m), " is taken back; its events say it again.")
			}
			return answer(after.Number, ": ", chat.Strong(m), " at ", chat.Strong(c.moment(at)), ".")
		})
}
