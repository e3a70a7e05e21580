package storetest

import (
	"fmt"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

func feedTests() []storeTest {
	return []storeTest{
		{"every event is unplanned until it is planned", feedHandsOver},
		{"events are given oldest first, with their words", feedOrder},
		{"events written a moment ago are left to their writer", feedBefore},
		{"jobs are owed in the write that plans", plannedOwes},
		{"planning twice owes once", plannedTwice},
		{"many events and jobs are planned in parts", plannedMany},
		{"planning without events only owes", func(t *testing.T, h *house) {
			ok(t, h.Planned(t.Context(), h.at, nil, []store.Job{once("incident/a/1/pages/send", store.PageLane)}))
			same(t, "jobs", 1, len(h.claim(store.PageLane)))
		}},
		{"events far apart in a stream are all found", feedGaps},
	}
}

func feedHandsOver(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "a note")}, incident.NoteAdded{Text: text("", "another")})
	recs := must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")
	same(t, "unplanned", h.load(id.Stream()), recs)
	again := must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")
	same(t, "given again until planned", 3, len(again))
	ok(t, h.Planned(t.Context(), h.at, recs[:2], nil))
	left := must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")
	same(t, "left", recs[2:], left)
	ok(t, h.Planned(t.Context(), h.at, left, nil))
	same(t, "in the end", []incident.Recorded(nil), must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned"))
}

func feedOrder(t *testing.T, h *house) {
	a := h.declare("first")
	h.pass(time.Second)
	h.declare("second")
	h.pass(time.Second)
	h.does(bo, a.Stream(), incident.NoteAdded{Text: text("", "third")})
	var said []string
	for _, r := range must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned") {
		incident.MapTexts(r.Event, func(t *incident.Text) { said = append(said, t.Words) })
	}
	same(t, "words in order", []string{"first", "second", "third"}, said)
	same(t, "the oldest two", 2, len(must(h.Unplanned(t.Context(), h.at, 2))(t, "Unplanned")))
}

func feedBefore(t *testing.T, h *house) {
	h.declare("checkout is failing")
	same(t, "a second before", 0, len(must(h.Unplanned(t.Context(), h.at.Add(-time.Second), 10))(t, "Unplanned")))
	same(t, "at that moment", 1, len(must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")))
}

func plannedOwes(t *testing.T, h *house) {
	h.declare("checkout is failing")
	recs := must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")
	jobs := []store.Job{once("incident/a/1/pages/send", store.PageLane), keptJob("incident/a/cards/room", 1)}
	ok(t, h.Planned(t.Context(), h.at, recs, jobs))
	got := h.claim(store.PageLane, store.CardLane)
	same(t, "owed", []string{jobs[0].Key, jobs[1].Key}, keysOf(got))
}

func plannedTwice(t *testing.T, h *house) {
	h.declare("checkout is failing")
	recs := must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")
	jobs := []store.Job{once("incident/a/1/pages/send", store.PageLane)}
	ok(t, h.Planned(t.Context(), h.at, recs, jobs))
	j := h.claim(store.PageLane)[0]
	ok(t, h.Settle(t.Context(), h.at, j, store.Settlement{Ending: store.Done, Ref: []byte("r")}))
	ok(t, h.Planned(t.Context(), h.at, recs, jobs))
	same(t, "owed again", 0, len(h.claim(store.PageLane)))
}

func plannedMany(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	for range 130 {
		h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "one")}, incident.NoteAdded{Text: text("", "two")},
			incident.NoteAdded{Text: text("", "three")}, incident.NoteAdded{Text: text("", "four")})
	}
	recs := must(h.Unplanned(t.Context(), h.at, 0))(t, "Unplanned")
	same(t, "unplanned", 521, len(recs))
	var jobs []store.Job
	for i := range 700 {
		jobs = append(jobs, once(fmt.Sprintf("%s/%d/echoes/say", id.Stream(), i), store.EchoLane))
	}
	ok(t, h.Planned(t.Context(), h.at, recs, jobs))
	same(t, "left", 0, len(must(h.Unplanned(t.Context(), h.at, 0))(t, "Unplanned")))
	got := must(h.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: "a", Lease: time.Minute, Limit: 1000}))(t, "Claim")
	same(t, "jobs", 700, len(got))
}

func feedGaps(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	for i := range 120 {
		w := h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", fmt.Sprint(i))})
		if i%50 != 0 {
			ok(t, h.Planned(t.Context(), h.at, w.Events, nil))
		}
	}
	var versions []incident.Version
	for _, r := range must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned") {
		versions = append(versions, r.Version)
	}
	same(t, "versions", []incident.Version{1, 102, 2, 52}, versions) // by name within one moment
}

// once is a once job.
func once(key string, lane store.Lane) store.Job {
	return store.Job{Key: key, Stream: "incident/a", Reactor: "pages", Verb: "send", Lane: lane, Want: 1}
}

// keptJob is a job that is kept in step.
func keptJob(key string, want incident.Version) store.Job {
	return store.Job{Key: key, Stream: "incident/a", Reactor: "cards", Verb: "draw", Target: "room", Lane: store.CardLane, Kept: true, Want: want}
}

func keysOf(jobs []store.Job) []string {
	var keys []string
	for _, j := range jobs {
		keys = append(keys, j.Key)
	}
	return keys
}

// claim takes up to 20 due jobs for half a minute.
func (h *house) claim(lanes ...store.Lane) []store.Job {
	h.t.Helper()
	return must(h.Claim(h.t.Context(), store.Claim{Now: h.at, Lanes: lanes, Owner: "a", Lease: 30 * time.Second, Limit: 20}))(h.t, "Claim")
}

// one claims exactly one job.
func (h *house) one(lanes ...store.Lane) store.Job {
	h.t.Helper()
	got := h.claim(lanes...)
	if len(got) != 1 {
		h.t.Fatalf("claimed %v, want one job", keysOf(got))
	}
	return got[0]
}

func (h *house) none(what string) {
	h.t.Helper()
	if got := h.claim(store.Lanes()...); len(got) > 0 {
		h.t.Errorf("%s: claimed %v, want nothing", what, keysOf(got))
	}
}

func (h *house) job(key string) store.Job {
	h.t.Helper()
	got := must(h.Jobs(h.t.Context(), store.JobFilter{Key: key}))(h.t, "Jobs")
	if len(got) != 1 {
		h.t.Fatalf("jobs under %q: %d, want one", key, len(got))
	}
	return got[0]
}
