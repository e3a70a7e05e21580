package commands

import (
	"context"
	"errors"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func editCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "edit", Group: groupTimeline, Summary: "Give an entry of the timeline other words; its number stands in front of it.", Example: "edit 12 the database was restarted at once",
			Args: []chat.Arg{{Name: "entry", Hint: "its number in the timeline", Required: true}, {Name: "text", Required: true, Hint: "what it should say"}},
		},
		OnOne: true, Text: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			n, err := c.entryNumber()
			if err != nil {
				return nil, err
			}
			words := *c.Words
			words.Drop(1)
			to := words.Rest()
			if to == "" {
				return nil, c.bad("What should entry %d say?", n)
			}
			c.mayBeTitle()
			return c.onEntry(n,
				func(inc incident.Incident, r incident.Recorded) ([]incident.Event, error) {
					return inc.Edit(c.Actor, r, to)
				},
				func(after incident.Incident) chat.Reply {
					return answer("Entry ", chat.Strong(itoa(int(n))), " of ", after.Number, " reads now: ", chat.Plain(to))
				}), nil
		},
	}
}

func strikeCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "strike", Group: groupTimeline, Summary: "Strike an entry out; it stays, struck out.", Example: "strike 12",
			Args: []chat.Arg{{Name: "entry", Hint: "its number in the timeline", Required: true}},
		},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			n, err := c.entryNumber()
			if err != nil {
				return nil, err
			}
			if c.Words.Len() > 1 {
				return nil, c.bad("`strike` takes the number of one entry.")
			}
			return c.onEntry(n,
				func(inc incident.Incident, r incident.Recorded) ([]incident.Event, error) {
					return inc.Strike(c.Actor, r)
				},
				func(after incident.Incident) chat.Reply {
					return answer("Entry ", chat.Strong(itoa(int(n))), " of ", after.Number, " is struck out. It stays, struck out; `undo` takes that back.")
				}), nil
		},
	}
}

func (c *Call) entryNumber() (incident.Version, error) {
	n, ok := number(strings.TrimPrefix(c.Words.At(0), "#"), 9)
	if !ok || n == 0 {
		return 0, c.bad("Which entry? Its number stands in front of it in the timeline.")
	}
	return incident.Version(n), nil
}

// onEntry is the run of a decision on one entry of the timeline.
func (c *Call) onEntry(
	n incident.Version,
	decide func(inc incident.Incident, r incident.Recorded) ([]incident.Event, error),
	reply func(after incident.Incident) chat.Reply,
) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		recs, err := c.Ports.Details.Events(ctx, c.On.ID, n-1, 1)
		if err != nil {
			return chat.Reply{}, err
		}
		return c.runs(
			func(inc incident.Incident) ([]incident.Event, error) {
				if len(recs) == 0 || recs[0].Version != n {
					return nil, fault.New(fault.NotFound, "The timeline of %s has no entry %d; the newest is %d.", inc.Number, n, inc.Head)
				}
				return decide(inc, recs[0])
			},
			func(_ say.Voice, after incident.Incident, _ []incident.Recorded) chat.Reply { return reply(after) })(ctx)
	}
}

func undoCommand() Command {
	return Command{
		Verb:  chat.Verb{Name: "undo", Group: groupTimeline, Summary: "Take back your own last change here, within 15 minutes.", Example: "undo"},
		OnOne: true,
		read: func(_ context.Context, c *Call) (Run, error) {
			if err := c.none(); err != nil {
				return nil, err
			}
			return c.undoes, nil
		},
	}
}

// undoes reads what the asker changed last and takes it back. The decision
// sees whether that is still their last change.
func (c *Call) undoes(ctx context.Context) (chat.Reply, error) {
	inc, err := c.state(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	change, found := inc.LastChange(c.Actor.Person)
	var recs []incident.Recorded
	if found {
		recs, err = c.Ports.Details.Events(ctx, inc.ID, change.First-1, int(change.Last-change.First)+1)
		if err != nil {
			return chat.Reply{}, err
		}
	}
	v := c.speak(ctx)
	var refused error // a page cannot be undone: stored as an answer, so that the button is stored with it
	return c.change(ctx, Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) {
			refused = nil
			if now, ok := inc.LastChange(c.Actor.Person); ok != found || now != change {
				return nil, fault.New(fault.Conflict, "You have changed something else in %s meanwhile. Nothing was undone; say undo again.", inc.Number)
			}
			events, err := inc.Undo(c.Actor, recs)
			if _, stands := errors.AsType[*incident.PageStandsError](err); stands {
				refused, err = err, nil
			}
			return events, err
		},
		Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
			if refused == nil {
				return undone(after, done)
			}
			page, _ := errors.AsType[*incident.PageStandsError](refused)
			return with(problem(refused, v), button("Tell them it is off", "page "+after.Number.String()+" off "+string(page.Page)))
		},
	})
}

func undone(after incident.Incident, done []incident.Recorded) chat.Reply {
	for _, d := range done {
		if e, ok := d.Event.(incident.Undone); ok {
			return answer("Taken back in ", after.Number, ": "+e.What+".")
		}
	}
	return answer("Taken back in ", after.Number, ".")
}
