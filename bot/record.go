package bot

import (
	"context"
	"errors"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Record appends the events that an effect led to, under the key of its job.
// A repeat does nothing. It is the house that speaks in them.
func (d *Desk) Record(ctx context.Context, s incident.Stream, key string, decide func(incident.Incident) ([]incident.Event, error)) error {
	return d.record(ctx, s, incident.Meta{Actor: incident.House, Account: "tocsin", Key: key}, decide)
}

// record appends events of anybody's under a key that is kept as long as the stream.
func (d *Desk) record(ctx context.Context, s incident.Stream, meta incident.Meta, decide func(incident.Incident) ([]incident.Event, error)) error {
	leave, err := d.turns.enter(ctx, s)
	if err != nil {
		return notRecorded(err)
	}
	defer leave()
	for until := d.o.Now().Add(decideUntil); ; {
		err := d.recordOnce(ctx, s, meta, decide)
		if _, moved := errors.AsType[*store.Moved](err); !moved {
			return err
		}
		if d.o.Now().After(until) || ctx.Err() != nil {
			return notRecorded(err)
		}
	}
}

func (d *Desk) recordOnce(ctx context.Context, s incident.Stream, meta incident.Meta, decide func(incident.Incident) ([]incident.Event, error)) error {
	o, guess := d.kept.get(s)
	if !guess {
		var err error
		if o, err = d.o.Log.Open(ctx, meta.Key, s); err != nil {
			return err
		}
		if o.Outcome != nil {
			return nil
		}
	}
	events, err := decide(o.State)
	if err != nil || len(events) == 0 {
		if guess && !d.o.Sole {
			d.kept.forget(s)
			return &store.Moved{Stream: s}
		}
		return err
	}
	meta.Recorded, meta.Policy = d.o.Now(), d.o.Policy().Hash
	w := writeOf(place{stream: s, Opened: o}, events, meta)
	if _, folded := s.Incident(); !folded {
		w.Before, w.After = incident.Incident{}, incident.Incident{}
	}
	done, err := d.o.Log.Commit(ctx, store.Commit{
		Key: meta.Key, Job: true, Asker: meta.Actor, At: meta.Recorded, Writes: []store.Write{w},
	})
	switch {
	case err != nil:
		d.kept.forget(s)
		return err
	case !done.Outcome.Repeat:
		d.keep(proposal{writes: []store.Write{w}}, done)
	}
	return nil
}

// State reads the newest state of an incident's stream.
func (d *Desk) State(ctx context.Context, s incident.Stream) (incident.Incident, error) {
	if o, ok := d.kept.get(s); ok && d.o.Sole {
		return o.State, nil
	}
	o, err := d.o.Log.Open(ctx, "", s)
	if err != nil {
		return incident.Incident{}, err
	}
	if o.Head == 0 {
		return incident.Incident{}, fault.New(fault.NotFound, "There is no such incident.")
	}
	d.kept.put(s, o)
	return o.State, nil
}

// Forget drops what the desk keeps in memory: words were erased beside the streams.
func (d *Desk) Forget() { d.kept.forgetAll() }
