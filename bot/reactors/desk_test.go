package reactors_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

// recorder commits as the desk does, for effects.
type recorder struct {
	h     *house
	store *store.Store
}

func (r *recorder) State(ctx context.Context, s incident.Stream) (incident.Incident, error) {
	o, err := r.store.Open(ctx, "", s)
	return o.State, err
}

func (r *recorder) Record(ctx context.Context, s incident.Stream, key string, decide func(incident.Incident) ([]incident.Event, error)) error {
	recs, err := r.h.commit(ctx, r.store, s, store.Commit{Key: key, Job: true, Asker: incident.House}, decide)
	if len(recs) > 0 && r.h.w != nil {
		r.h.w.Hand(recs)
	}
	return err
}

// commit reads, decides and appends, as the desk does.
func (h *house) commit(ctx context.Context, st *store.Store, s incident.Stream, c store.Commit, decide func(incident.Incident) ([]incident.Event, error)) ([]incident.Recorded, error) {
	for {
		o, err := st.Open(ctx, c.Key, s)
		if err != nil || o.Outcome != nil {
			return nil, err
		}
		events, err := decide(o.State)
		if err != nil || len(events) == 0 {
			return nil, err
		}
		c.At = h.clock.Now()
		recs := incident.Record(s, o.Head, incident.Meta{Recorded: c.At, Actor: c.Asker, Account: "test", Key: c.Key}, events)
		w := store.Write{Stream: s, Head: o.Head, Token: o.Token, Events: recs, Before: o.State, After: o.State}
		if c.Number > 0 {
			id, _ := s.Incident()
			w.After.ID = id
		}
		for _, r := range recs {
			w.After = w.After.Apply(r)
			w.Marks = append(w.Marks, incident.Marks(r)...)
		}
		c.Writes = []store.Write{w}
		_, err = st.Commit(ctx, c)
		if _, moved := errors.AsType[*store.Moved](err); moved {
			continue
		}
		if err != nil {
			return nil, err
		}
		return recs, nil
	}
}

func (h *house) actor(name string) incident.Actor {
	return incident.Actor{Person: h.people[name], Account: "talk:w:" + name, At: h.clock.Now(), Reader: true, Zone: time.UTC}
}

// declare opens an incident for ann and hands it to the worker.
func (h *house) declare(d incident.Declaration) incident.Stream {
	h.t.Helper()
	if d.Title == "" {
		d.Title = "checkout fails"
	}
	if d.From.ID == "" {
		d.From = incident.Room{Platform: "talk", ID: "general", Name: "general"}
	}
	n, err := h.desk.NextNumber(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.n++
	key := fmt.Sprint("declare ", h.n)
	s := incident.IDFor(key).Stream()
	c := store.Commit{Key: key, Number: n, Asker: h.people["ann"]}
	recs, err := h.commit(h.t.Context(), h.desk, s, c, func(incident.Incident) ([]incident.Event, error) {
		return incident.Declare(h.actor("ann"), n, d, h.policy)
	})
	if err != nil {
		h.t.Fatalf("declare: %v", err)
	}
	h.give(recs)
	return s
}

func (h *house) give(recs []incident.Recorded) {
	h.repeat = len(recs) == 0
	if h.handed && h.w != nil {
		h.w.Hand(recs)
	}
}

// change is one command of a person.
func (h *house) change(s incident.Stream, name string, decide func(i incident.Incident, a incident.Actor) ([]incident.Event, error)) {
	h.t.Helper()
	h.n++
	h.changeAs(s, fmt.Sprint("change ", h.n), name, decide)
}

func (h *house) changeAs(s incident.Stream, key, name string, decide func(i incident.Incident, a incident.Actor) ([]incident.Event, error)) {
	h.t.Helper()
	c := store.Commit{Key: key, Asker: h.people[name]}
	recs, err := h.commit(h.t.Context(), h.desk, s, c, func(i incident.Incident) ([]incident.Event, error) { return decide(i, h.actor(name)) })
	if err != nil {
		h.t.Fatalf("%s: %v", key, err)
	}
	h.give(recs)
}
