package bot

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// numbers is the turn that declares take, since each needs the next number.
const numbers incident.Stream = "numbers"

// Declare starts an incident. Its id is made from the key, so a repeat finds
// the same stream whatever its age.
func (d *Desk) Declare(ctx context.Context, in commands.Input, dec commands.Decision) (chat.Reply, error) {
	leave, err := d.turns.enter(ctx, numbers)
	if err != nil {
		return chat.Reply{}, notRecorded(err)
	}
	defer leave()
	id := incident.IDFor(in.Request.Key)
	return d.settle(ctx, change{
		in: in, print: d.fingerprint(in.Request), streams: []incident.Stream{id.Stream()}, keyed: true,
		propose: func(ctx context.Context, at []place) (proposal, error) {
			if at[0].Head > 0 {
				return d.declaredBefore(ctx, in, at[0], dec)
			}
			n := d.next.get()
			if n == 0 {
				within, cancel := context.WithTimeout(ctx, openWithin)
				defer cancel()
				var err error
				if n, err = d.o.Log.NextNumber(within); err != nil {
					return proposal{}, notRecorded(err)
				}
			}
			at[0].State = incident.Incident{ID: id, Number: n}
			events, err := dec.Decide(at[0].State)
			if err != nil {
				return proposal{}, err
			}
			at[0].State = incident.Incident{}
			w := d.write(in, at[0], events)
			return proposal{writes: []store.Write{w}, number: n, reply: dec.Reply(w.After, w.Events)}, nil
		},
	})
}

// declaredBefore answers a declare whose key has expired but whose stream is
// there: from the events that it made.
func (d *Desk) declaredBefore(ctx context.Context, in commands.Input, at place, dec commands.Decision) (proposal, error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	recs, err := d.o.Log.Load(within, at.stream, 0, 64)
	if err != nil {
		return proposal{}, notRecorded(err)
	}
	var state incident.Incident
	var mine []incident.Recorded
	for _, r := range recs {
		if r.Key != in.Request.Key {
			break
		}
		state = state.Apply(r)
		mine = append(mine, r)
	}
	if len(mine) == 0 || mine[0].Actor != in.Person.ID {
		return proposal{}, reusedFault(&store.Reused{Key: in.Request.Key})
	}
	reply := dec.Reply(state, mine)
	reply.Repeat = true
	return proposal{reply: reply, answer: true}, nil
}

// Change changes one incident.
func (d *Desk) Change(ctx context.Context, in commands.Input, id incident.ID, dec commands.Decision) (chat.Reply, error) {
	return d.settle(ctx, d.changeOf(in, id, dec))
}

func (d *Desk) changeOf(in commands.Input, id incident.ID, dec commands.Decision) change {
	return change{
		in: in, print: d.fingerprint(in.Request), streams: []incident.Stream{id.Stream()},
		propose: func(_ context.Context, at []place) (proposal, error) {
			if err := reachable(at[0], in); err != nil {
				return proposal{}, err
			}
			events, err := dec.Decide(at[0].State)
			if err != nil {
				return proposal{}, err
			}
			w := d.write(in, at[0], events)
			p := proposal{reply: dec.Reply(w.After, w.Events)}
			if len(events) > 0 {
				p.writes = []store.Write{w}
			}
			return p, nil
		},
	}
}

// Merge changes two incidents in one commit.
func (d *Desk) Merge(ctx context.Context, in commands.Input, from, into incident.ID, dec commands.PairDecision) (chat.Reply, error) {
	if from == into {
		return chat.Reply{}, fault.New(fault.Invalid, "An incident cannot be merged into itself; nothing was changed.")
	}
	return d.settle(ctx, change{
		in: in, print: d.fingerprint(in.Request), streams: []incident.Stream{from.Stream(), into.Stream()},
		propose: func(_ context.Context, at []place) (proposal, error) {
			for _, one := range at {
				if err := reachable(one, in); err != nil {
					return proposal{}, err
				}
			}
			mine, theirs, err := dec.Decide(at[0].State, at[1].State)
			if err != nil {
				return proposal{}, err
			}
			a, b := d.write(in, at[0], mine), d.write(in, at[1], theirs)
			p := proposal{reply: dec.Reply(a.After, b.After)}
			for _, w := range []store.Write{a, b} {
				if len(w.Events) > 0 {
					p.writes = append(p.writes, w)
				}
			}
			return p, nil
		},
	})
}

// SetZone says in which zone the asker reads times.
func (d *Desk) SetZone(ctx context.Context, in commands.Input, zone string, reply chat.Reply) (chat.Reply, error) {
	return d.settle(ctx, change{
		in: in, print: d.fingerprint(in.Request), streams: []incident.Stream{personStream(in.Person.ID)},
		propose: func(_ context.Context, at []place) (proposal, error) {
			w := d.write(in, at[0], []incident.Event{incident.ZoneSet{Zone: zone}})
			w.Before, w.After = incident.Incident{}, incident.Incident{}
			return proposal{writes: []store.Write{w}, reply: reply}, nil
		},
		settled: func(ctx context.Context) error {
			if d.o.Changed != nil {
				defer d.o.Changed()
			}
			return d.o.People.SetZone(ctx, in.Person.ID, zone)
		},
	})
}

// Retry makes a parked effect due again, once that is on the record.
func (d *Desk) Retry(ctx context.Context, in commands.Input, id incident.ID, job string, dec commands.Decision) (chat.Reply, error) {
	c := d.changeOf(in, id, dec)
	propose, wanted := c.propose, false
	c.propose = func(ctx context.Context, at []place) (proposal, error) {
		p, err := propose(ctx, at)
		wanted = err == nil && len(p.writes) > 0
		return p, err
	}
	c.settled = func(ctx context.Context) error {
		if !wanted {
			return nil
		}
		if d.o.Retried != nil {
			defer d.o.Retried()
		}
		return d.o.Ledger.Retry(ctx, d.o.Now(), job)
	}
	return d.settle(ctx, c)
}

// reachable says that there is such an incident for this asker, and that this
// tocsin can read all of it.
func reachable(at place, in commands.Input) error {
	if at.Head == 0 {
		return fault.New(fault.NotFound, "There is no such incident.")
	}
	if !at.State.VisibleTo(in.Person.ID) {
		return incident.NoSuch(at.State.Number)
	}
	return nil
}

// write numbers the events, folds them and finds their marks.
func (d *Desk) write(in commands.Input, at place, events []incident.Event) store.Write {
	return writeOf(at, events, incident.Meta{
		Recorded: d.o.Now(), Actor: in.Person.ID, Account: in.Actor.Account,
		Key: in.Request.Key, Policy: d.o.Policy().Hash,
	})
}

func writeOf(at place, events []incident.Event, meta incident.Meta) store.Write {
	w := store.Write{
		Stream: at.stream, Head: at.Head, Token: at.Token, Before: at.State, After: at.State,
		Events: incident.Record(at.stream, at.Head, meta, events),
	}
	_, folded := at.stream.Incident()
	for _, r := range w.Events {
		if folded {
			w.After = w.After.Apply(r)
		}
		w.Marks = append(w.Marks, incident.Marks(r)...)
	}
	return w
}
