package store_test

import (
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// house commits events of incidents at moments of its choice.
type house struct {
	t      *testing.T
	store  *store.Store
	states map[incident.ID]incident.Incident
	n      int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	now := func() time.Time { return noon }
	return &house{t: t, store: store.New(storetest.NewMemory(now), store.Options{Now: now}), states: map[incident.ID]incident.Incident{}}
}

func (h *house) happens(id incident.ID, at time.Time, events ...incident.Event) {
	h.t.Helper()
	before := h.states[id]
	recs := incident.Record(id.Stream(), before.Head, incident.Meta{Recorded: at, Actor: "ann"}, events)
	after := before
	var marks []incident.Mark
	for _, r := range recs {
		after = after.Apply(r)
		marks = append(marks, incident.Marks(r)...)
	}
	h.n++
	c := store.Commit{Key: at.String() + string(id), At: at, Asker: "ann"}
	if before.Head == 0 {
		c.Number = after.Number
	}
	opened, err := h.store.Open(h.t.Context(), "", id.Stream())
	if err != nil {
		h.t.Fatal(err)
	}
	c.Writes = []store.Write{{Stream: id.Stream(), Head: before.Head, Token: opened.Token, Events: recs, Before: before, After: after, Marks: marks}}
	if _, err := h.store.Commit(h.t.Context(), c); err != nil {
		h.t.Fatal(err)
	}
	h.states[id] = after
}

func (h *house) tenure(r incident.Room, id incident.ID) store.Tenure {
	h.t.Helper()
	got, err := h.store.Tenure(h.t.Context(), r, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}

func TestATenureSaysForWhichTimeARoomWasWhose(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	a, b := incident.IDFor("a"), incident.IDFor("b")
	room := incident.Room{Platform: "slack", ID: "C1", Name: "ops"}
	other := incident.Room{Platform: "slack", ID: "C2"}
	at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	h.happens(a, at(0), incident.Declared{Number: 1, Title: incident.Text{Words: "first"}})
	h.happens(a, at(1), incident.Adopted{Room: room})
	if diff := cmp.Diff(store.Tenure{Since: at(1)}, h.tenure(room, a)); diff != "" {
		t.Errorf("alone: %s", diff)
	}
	if got := h.tenure(other, a); got != (store.Tenure{}) {
		t.Errorf("a room that it never had: %+v", got)
	}
	h.happens(a, at(2), incident.Resolution{From: incident.Investigating})
	h.happens(b, at(5), incident.Declared{Number: 2, Title: incident.Text{Words: "second"}, Private: true}, incident.Adopted{Room: room})
	if diff := cmp.Diff(store.Tenure{Since: at(1), Until: at(5)}, h.tenure(room, a)); diff != "" {
		t.Errorf("the first: %s", diff)
	}
	if diff := cmp.Diff(store.Tenure{Since: at(5), Before: at(2)}, h.tenure(room, b)); diff != "" {
		t.Errorf("the second: %s", diff)
	}
	h.happens(a, at(6), incident.Reopened{From: incident.Resolved, To: incident.Investigating})
	if diff := cmp.Diff(store.Tenure{Since: at(5), Before: at(5)}, h.tenure(room, b)); diff != "" {
		t.Errorf("the second, once the first goes on: %s", diff)
	}
}
