package bot

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

var _ commands.Alerts = (*alerts)(nil)

// Group reads a group as it stands.
func (a *alerts) Group(ctx context.Context, id string) (g incident.AlertGroup, found bool, err error) {
	at, err := a.look(ctx, incident.AlertsOf(id))
	return at.AlertGroup, at.Version > 0, readFault(err)
}

// Open says whether people work on the incident that a group has.
func (a *alerts) Open(ctx context.Context, g incident.AlertGroup) (bool, error) {
	if g.Incident == "" {
		return false, nil
	}
	_, open, err := a.follow(ctx, g.Incident)
	return open, err
}

// Declare opens an incident for a group, and gives it the group, in one commit.
func (a *alerts) Declare(ctx context.Context, in commands.Input, group string, dec commands.GroupDecision) (chat.Reply, error) {
	leave, err := a.desk.turns.enter(ctx, numbers)
	if err != nil {
		return chat.Reply{}, notRecorded(err)
	}
	defer leave()
	id, gs := incident.IDFor(in.Request.Key), incident.AlertsOf(group)
	defer a.forget(gs)
	return a.desk.settle(ctx, change{
		in: in, print: a.desk.fingerprint(in.Request), streams: []incident.Stream{id.Stream(), gs}, keyed: true,
		propose: func(ctx context.Context, at []place) (proposal, error) {
			g, err := a.at(ctx, gs, at[1].Head)
			if err != nil {
				return proposal{}, err
			}
			if at[0].Head > 0 {
				return a.desk.declaredBefore(ctx, in, at[0], commands.Decision{
					Reply: func(after incident.Incident, _ []incident.Recorded) chat.Reply { return dec.Reply(after, g) },
				})
			}
			if err := a.free(ctx, g, ""); err != nil {
				return proposal{}, err
			}
			n, err := a.desk.number(ctx)
			if err != nil {
				return proposal{}, err
			}
			events, err := dec.Decide(incident.Incident{ID: id, Number: n}, g)
			if err != nil {
				return proposal{}, err
			}
			w := a.desk.write(in, at[0], events)
			theirs, g := a.write(in, at[1], g, g.Place(w.After))
			return proposal{writes: []store.Write{w, theirs}, number: n, reply: dec.Reply(w.After, g)}, nil
		},
	})
}

// number is the next incident's.
func (d *Desk) number(ctx context.Context) (incident.Number, error) {
	if n := d.next.get(); n > 0 {
		return n, nil
	}
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	n, err := d.o.Log.NextNumber(within)
	if err != nil {
		return 0, notRecorded(err)
	}
	return n, nil
}

// free refuses a group that an incident has already on which people work.
func (a *alerts) free(ctx context.Context, g incident.AlertGroup, to incident.ID) error {
	if g.Version == 0 {
		return fault.New(fault.NotFound, "These alerts are not known here any more.")
	}
	open, err := a.Open(ctx, g)
	switch {
	case err != nil:
		return notRecorded(err)
	case !open || g.Incident == to:
		return nil
	case g.Private:
		return fault.New(fault.Conflict, "An incident has these alerts already.")
	}
	return fault.New(fault.Conflict, "%s has these alerts already.", g.Number)
}

// Attach gives a group to an open incident.
func (a *alerts) Attach(ctx context.Context, in commands.Input, group string, to incident.ID, dec commands.GroupDecision) (chat.Reply, error) {
	gs := incident.AlertsOf(group)
	defer a.forget(gs)
	return a.desk.settle(ctx, change{
		in: in, print: a.desk.fingerprint(in.Request), streams: []incident.Stream{to.Stream(), gs},
		propose: func(ctx context.Context, at []place) (proposal, error) {
			if in.Person.ID != incident.House {
				if err := reachable(at[0], in); err != nil {
					return proposal{}, err
				}
			}
			g, err := a.at(ctx, gs, at[1].Head)
			if err != nil {
				return proposal{}, err
			}
			if in.Person.ID != incident.House {
				if err := a.free(ctx, g, to); err != nil {
					return proposal{}, err
				}
			}
			mine, err := dec.Decide(at[0].State, g)
			if err != nil {
				return proposal{}, err
			}
			var p proposal
			after := at[0].State
			if len(mine) > 0 {
				w := a.desk.write(in, at[0], mine)
				p.writes, after = append(p.writes, w), w.After
			}
			if theirs := g.Place(after); len(theirs) > 0 {
				w, now := a.write(in, at[1], g, theirs)
				p.writes, g = append(p.writes, w), now
			}
			p.reply = dec.Reply(after, g)
			return p, nil
		},
	})
}

// Change changes a group alone; a rule that it mutes is muted for all alerts.
func (a *alerts) Change(ctx context.Context, in commands.Input, group string, dec commands.GroupDecision) (chat.Reply, error) {
	gs := incident.AlertsOf(group)
	defer a.forget(gs)
	rule, on := "", false
	return a.desk.settle(ctx, change{
		in: in, print: a.desk.fingerprint(in.Request), streams: []incident.Stream{gs},
		propose: func(ctx context.Context, at []place) (proposal, error) {
			g, err := a.at(ctx, gs, at[0].Head)
			if err != nil {
				return proposal{}, err
			}
			if g.Version == 0 {
				return proposal{}, fault.New(fault.NotFound, "These alerts are not known here any more.")
			}
			events, err := dec.Decide(incident.Incident{}, g)
			if err != nil {
				return proposal{}, err
			}
			before := g.Mute.Rule
			w, g := a.write(in, at[0], g, events)
			if rule, on = g.Mute.Rule, true; rule == "" {
				rule, on = before, false
			}
			return proposal{writes: []store.Write{w}, reply: dec.Reply(incident.Incident{}, g)}, nil
		},
		settled: func(ctx context.Context) error {
			if rule == "" {
				return nil
			}
			return a.muteRule(ctx, rule, on)
		},
	})
}

func (a *alerts) write(in commands.Input, at place, g incident.AlertGroup, events []incident.Event) (store.Write, incident.AlertGroup) {
	return groupWrite(at, g, events, incident.Meta{
		Recorded: a.now(), Actor: in.Person.ID, Account: in.Actor.Account, Key: in.Request.Key, Policy: a.policy().Hash,
	})
}
