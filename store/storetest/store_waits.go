package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

func waitTests() []storeTest {
	return []storeTest{
		{"it is due at the stream's next commit", waitWoken},
		{"it is due at once when the stream has moved on already", waitLate},
		{"it is due anyway two minutes after it began to wait", waitAnyway},
		{"its own moment comes before the two minutes", waitAgain},
		{"a commit that does not help lets it wait on", waitOn},
		{"a commit at the same time never leaves it asleep", waitRace},
		{"a job that waited and now backs off is not woken", func(t *testing.T, h *house) {
			id, _ := h.waiting(store.CardLane)
			h.pass(2 * time.Minute)
			h.settle(h.one(store.CardLane), store.Settlement{Ending: store.NotSent, Again: h.at.Add(time.Minute)})
			h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")})
			h.none("before its moment")
		}},
		{"waking jobs of other lanes does not hide one's own", waitLanes},
	}
}

// waiting makes an incident and a job that waits for it.
func (h *house) waiting(lane store.Lane) (incident.ID, store.Job) {
	h.t.Helper()
	id := h.declare("checkout is failing")
	j := store.Job{Key: string(id.Stream()) + "/1/cards/post", Stream: id.Stream(), Reactor: "cards", Verb: "post", Lane: lane, Want: 1}
	h.owe(j)
	claimed := h.one(lane)
	h.settle(claimed, store.Settlement{Ending: store.Waits, Drawn: 1, Why: "there is no room yet"})
	return id, h.job(j.Key)
}

func waitWoken(t *testing.T, h *house) {
	id, j := h.waiting(store.CardLane)
	same(t, "waiting since", h.at, j.Waiting)
	h.none("nothing happened")
	h.pass(time.Second)
	same(t, "next", noon.Add(2*time.Minute), must(h.NextDue(t.Context(), store.Lanes()))(t, "NextDue"))
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")})
	same(t, "next", h.at, must(h.NextDue(t.Context(), store.Lanes()))(t, "NextDue"))
	got := h.one(store.CardLane)
	same(t, "claimed", j.Key, got.Key)
	same(t, "waiting since", noon, got.Waiting)
	h.settle(got, store.Settlement{Ending: store.Done})
	same(t, "waiting no more", time.Time{}, h.job(j.Key).Waiting)
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "y")})
	h.none("it is done")
}

func waitLate(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	h.owe(store.Job{Key: string(id.Stream()) + "/1/cards/post", Stream: id.Stream(), Reactor: "cards", Lane: store.CardLane, Want: 1})
	j := h.one(store.CardLane)
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")})
	h.settle(j, store.Settlement{Ending: store.Waits, Drawn: 1})
	same(t, "claimed", j.Key, h.one(store.CardLane).Key)
}

func waitAnyway(t *testing.T, h *house) {
	_, j := h.waiting(store.CardLane)
	h.pass(2*time.Minute - time.Millisecond)
	h.none("before two minutes")
	h.pass(time.Millisecond)
	got := h.one(store.CardLane)
	same(t, "claimed", j.Key, got.Key)
	h.settle(got, store.Settlement{Ending: store.Waits, Drawn: 1})
	h.none("it waits again, and does not spin")
	h.pass(2 * time.Minute)
	same(t, "claimed", j.Key, h.one(store.CardLane).Key)
}

func waitAgain(t *testing.T, h *house) {
	_, j := h.waiting(store.CardLane)
	h.pass(2 * time.Minute)
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Waits, Drawn: 1, Again: h.at.Add(10 * time.Second)})
	h.pass(10 * time.Second)
	same(t, "claimed", j.Key, h.one(store.CardLane).Key)
}

func waitOn(t *testing.T, h *house) {
	id, j := h.waiting(store.CardLane)
	h.pass(time.Minute)
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")})
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Waits, Drawn: 2})
	h.pass(59 * time.Second)
	h.none("two minutes are not over")
	h.pass(time.Second)
	got := h.one(store.CardLane)
	same(t, "claimed", j.Key, got.Key)
	same(t, "waiting since", noon, got.Waiting)
}

func waitRace(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	key := string(id.Stream()) + "/1/cards/post"
	h.owe(store.Job{Key: key, Stream: id.Stream(), Reactor: "cards", Lane: store.CardLane, Want: 1})
	for range 15 {
		j := h.one(store.CardLane)
		head := h.open(id.Stream()).Head
		var both sync.WaitGroup
		both.Go(func() {
			if err := h.Settle(t.Context(), h.at, j, store.Settlement{Ending: store.Waits, Drawn: head}); err != nil {
				t.Error(err)
			}
		})
		both.Go(func() { h.twinOf(j.Fence).does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")}) })
		both.Wait()
	}
	same(t, "claimed", key, h.one(store.CardLane).Key)
}

// twinOf is another replica with keys of its own.
func (h *house) twinOf(n uint64) *house {
	o := h.twin()
	o.n = 10_000 * int(n+1)
	return o
}

func waitLanes(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	var jobs []store.Job
	for i := range 300 {
		lane := store.CardLane
		if i == 299 {
			lane = store.PageLane
		}
		jobs = append(jobs, store.Job{Key: fmt.Sprintf("%s/%03d/cards/post", id.Stream(), i), Stream: id.Stream(), Lane: lane, Want: 1})
	}
	h.owe(jobs...)
	all := must(h.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: "a", Lease: time.Minute, Limit: 400}))(t, "Claim")
	for _, j := range all {
		h.settle(j, store.Settlement{Ending: store.Waits, Drawn: 1})
	}
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")})
	h.pass(time.Second)
	got := h.claim(store.PageLane)
	same(t, "pages", []string{fmt.Sprintf("%s/299/cards/post", id.Stream())}, keysOf(got))
	rest := must(h.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: "a", Lease: time.Minute, Limit: 400}))(t, "Claim")
	same(t, "cards", 299, len(rest))
}
