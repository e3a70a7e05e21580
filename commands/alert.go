package commands

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Alerts are groups of alerts, and what people make of them.
type Alerts interface {
	Group(ctx context.Context, id string) (g incident.AlertGroup, found bool, err error)
	// Declare opens an incident for a group; Decide gets a state that holds
	// only ID and Number.
	Declare(ctx context.Context, in Input, group string, d GroupDecision) (chat.Reply, error)
	// Attach gives a group to an open incident.
	Attach(ctx context.Context, in Input, group string, to incident.ID, d GroupDecision) (chat.Reply, error)
	// Change changes a group alone; the incident is empty.
	Change(ctx context.Context, in Input, group string, d GroupDecision) (chat.Reply, error)
}

// GroupDecision is a change of a group of alerts and of the incident that has
// it; as with [Decision], both halves may run again and do nothing else.
type GroupDecision struct {
	Decide func(inc incident.Incident, g incident.AlertGroup) ([]incident.Event, error)
	Reply  func(after incident.Incident, g incident.AlertGroup) chat.Reply
}

// alertCommand is what the buttons below alerts say.
func alertCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "alert-group", Group: groupHelp, Summary: "What to make of alerts; the buttons below them say it.", Hidden: true,
			Example: "alert-group declare 5f2b9c0d1e2f3a4b",
			Args: []chat.Arg{
				{Name: "what", Hint: "declare, attach, mute or unmute", Required: true, Choices: []string{"declare", "attach", "mute", "unmute"}},
				{Name: "alerts", Hint: "as the button names them", Required: true},
			},
		},
		read: readAlert,
	}
}

func readAlert(_ context.Context, c *Call) (Run, error) {
	what, group, more := c.Words.At(0), c.Words.At(1), c.Words.At(2)
	if c.Words.Len() < 2 || c.Words.Len() > 3 || len(group) != 16 || strings.Trim(group, "0123456789abcdef") != "" {
		return nil, c.bad("Say what to do with which alerts, as the buttons below them do.")
	}
	if c.Ports.Alerts == nil {
		return nil, fault.New(fault.Unavailable, "Alerts are not taken here.")
	}
	switch {
	case what == "declare" && more == "":
		return c.declaresAlerts(group), nil
	case what == "attach" && more == "":
		return c.attachesAlerts(group), nil
	case what == "mute":
		return c.changesAlerts(group, func(g incident.AlertGroup) ([]incident.Event, error) {
			return g.MuteAlerts(c.Actor, incident.AlertMute(more), c.policy())
		}), nil
	case what == "unmute" && more == "":
		return c.changesAlerts(group, func(g incident.AlertGroup) ([]incident.Event, error) {
			return g.UnmuteAlerts(c.Actor, c.policy())
		}), nil
	}
	return nil, c.bad("Alerts can be declared, attached, muted and unmuted.")
}

func (c *Call) declaresAlerts(group string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Alerts.Declare(ctx, c.Input, group, GroupDecision{
			Decide: func(inc incident.Incident, g incident.AlertGroup) ([]incident.Event, error) {
				return incident.DeclareFor(c.Actor, inc.Number, g, c.policy())
			},
			Reply: func(after incident.Incident, _ incident.AlertGroup) chat.Reply {
				return chat.Reply{Message: say.Declared(after, v), Incident: after.Number.String()}
			},
		})
	}
}

// attachesAlerts gives alerts to the incident that was named; it asks which
// when none was.
func (c *Call) attachesAlerts(group string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		if !c.Named {
			return chat.Reply{}, c.whichFor(ctx, group)
		}
		c.settled = true
		return c.Ports.Alerts.Attach(ctx, c.Input, group, c.On.ID, GroupDecision{
			Decide: func(inc incident.Incident, g incident.AlertGroup) ([]incident.Event, error) {
				return inc.AttachGroup(c.Actor, g, c.policy())
			},
			Reply: func(after incident.Incident, g incident.AlertGroup) chat.Reply {
				r := answer("The alerts ", chat.Plain(quote(g.Head.Title)), " belong to ", after.Number, " now.")
				r.Incident = after.Number.String()
				return r
			},
		})
	}
}

// whichFor asks which open incident takes the alerts.
func (c *Call) whichFor(ctx context.Context, group string) error {
	open, err := c.Ports.Look.List(ctx, c.Input, store.Filter{As: c.Actor.Person, OnlyOpen: true, Limit: 5})
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return &question{
			say:     text("No incident is open. Nothing was done."),
			choices: []choice{{label: "Declare", command: "alert-group declare " + group}},
		}
	}
	q := &question{say: text("To which incident do these alerts belong? Nothing was done yet.")}
	for _, s := range open {
		q.choices = append(q.choices, choice{
			label:   s.Number.String() + " " + short(s.Title.String(), 30),
			command: "alert-group attach " + group + " " + s.Number.String(),
		})
	}
	return q
}

func (c *Call) changesAlerts(group string, decide func(incident.AlertGroup) ([]incident.Event, error)) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Alerts.Change(ctx, c.Input, group, GroupDecision{
			Decide: func(_ incident.Incident, g incident.AlertGroup) ([]incident.Event, error) { return decide(g) },
			Reply: func(_ incident.Incident, g incident.AlertGroup) chat.Reply {
				return chat.Reply{Message: say.AlertsMuted(g, v)}
			},
		})
	}
}
