package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/store"
)

func pendingCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "pending", Group: groupLook, Summary: "What is owed to the outside, what failed, and retry.", Example: "pending",
			Args: []chat.Arg{{Name: "retry", Hint: "retry <job>, as the list shows it", Choices: []string{"retry"}}},
		},
		Looks: true,
		read:  readPending,
	}
}

func readPending(_ context.Context, c *Call) (Run, error) {
	if c.Words.At(0) == "retry" && c.Words.Len() == 2 && c.Has {
		return c.retries(c.Words.Last()), nil
	}
	public := c.hereLast()
	if err := c.none(); err != nil {
		return nil, err
	}
	if !c.Has {
		return c.pendingEverywhere, nil
	}
	return c.looks(public, func(ctx context.Context, c *Call, inc incident.Incident) (chat.Message, error) {
		jobs, err := c.Ports.Details.Owed(ctx, inc.ID)
		if err != nil {
			return chat.Message{}, err
		}
		return say.Owed(inc, jobs, c.speak(ctx)), nil
	}), nil
}

// retries asks for a parked effect again.
func (c *Call) retries(job string) Run {
	return func(ctx context.Context) (chat.Reply, error) {
		v := c.speak(ctx)
		c.settled = true
		return c.Ports.Desk.Retry(ctx, c.Input, c.On.ID, job, Decision{
			Decide: func(inc incident.Incident) ([]incident.Event, error) { return inc.RetryEffect(c.Actor, job) },
			Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
				what := "it"
				for _, r := range done {
					if e, ok := r.Event.(incident.EffectRetried); ok && e.What != "" {
						what = e.What
					}
				}
				r := answer("Trying again to ", chat.Strong(what), " for ", after.Number, ". How it went shows in ", typed(v, "pending "+after.Number.String()))
				r.Incident = after.Number.String()
				return r
			},
		})
	}
}

// pendingEverywhere lists open incidents that have something given up.
func (c *Call) pendingEverywhere(ctx context.Context) (chat.Reply, error) {
	open, err := c.Ports.Look.List(ctx, c.Input, store.Filter{As: c.Actor.Person, OnlyOpen: true, Limit: 25})
	if err != nil {
		return chat.Reply{}, err
	}
	var list chat.List
	var actions []chat.Action
	for _, s := range open {
		jobs, err := c.Ports.Details.Owed(ctx, s.ID)
		if err != nil {
			return chat.Reply{}, err
		}
		owed, stuck := 0, 0
		for _, j := range jobs {
			switch j.State {
			case store.Owed:
				owed++
			case store.OnHold, store.Buried:
				stuck++
			case store.Finished, store.Unneeded:
			}
		}
		if owed+stuck == 0 {
			continue
		}
		list = append(list, text(s.Number, " ", s.Title, ": ", plural(owed, "effect")+" owed, "+plural(stuck, "effect")+" given up"))
		if len(actions) < 3 {
			actions = append(actions, button(s.Number.String(), "pending "+s.Number.String()))
		}
	}
	if list == nil {
		return answer("Nothing is owed to the outside by an open incident that you can see."), nil
	}
	r := answer("Owed to the outside by open incidents:")
	r.Message.Parts = append(r.Message.Parts, list)
	return with(r, actions...), nil
}
