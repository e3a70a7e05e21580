package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

const cardKey = "incident/a/cards/room"

func settleTests() []storeTest {
	return []storeTest{
		{"every ending leaves the job where it belongs", endings},
		{"a settlement twice is one", settleTwice},
		{"follow-up jobs are owed in the same write", followUps},
		{"what was not sent comes again at its moment", notSent},
		{"a look-up that failed leaves the job unsure", lookUpFailed},
		{"parked and buried jobs are retried by hand", retry},
		{"a reference stays until another one comes", references},
	}
}

func endings(t *testing.T, h *house) {
	for _, c := range []struct {
		end   store.Settled
		state store.JobState
	}{
		{store.Done, store.Finished},
		{store.NotNeeded, store.Unneeded},
		{store.Rejected, store.Buried},
		{store.NotSent, store.Owed},
		{store.Unsure, store.Owed},
		{store.Park, store.OnHold},
		{store.Waits, store.Owed},
	} {
		key := fmt.Sprintf("incident/a/%d/pages/send", c.end)
		h.owe(once(key, store.PageLane))
		j := h.one(store.PageLane)
		h.settle(j, store.Settlement{Ending: c.end, Drawn: 9, Why: "because", Again: h.at.Add(time.Hour)})
		got := h.job(key)
		same(t, fmt.Sprintf("state after ending %d", c.end), c.state, got.State)
		same(t, "owner", "", got.Owner)
		same(t, "why", "because", got.Why)
		h.none(fmt.Sprintf("after ending %d", c.end))
	}
	h.owe(once("incident/a/99/pages/send", store.PageLane))
	kind(t, "no ending at all", fault.Internal, h.Settle(t.Context(), h.at, h.one(store.PageLane), store.Settlement{}))
}

func settleTwice(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	j := h.attempt(h.one(store.PageLane))
	end := store.Settlement{Ending: store.Done, Ref: []byte("r"), Owe: []store.Job{once("incident/a/1/echoes/say", store.EchoLane)}}
	h.settle(j, end)
	before := rows(t, h.Store)
	h.pass(time.Second)
	h.settle(j, end) // the reply to the first was lost
	same(t, "rows", before, rows(t, h.Store))
}

func followUps(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	j := h.one(store.PageLane)
	later := once("incident/a/1/pages/escalate", store.PageLane)
	later.Due = h.at.Add(5 * time.Minute)
	h.settle(j, store.Settlement{Ending: store.Done, Owe: []store.Job{later, keptJob(cardKey, 4)}})
	same(t, "at once", cardKey, h.one(store.Lanes()...).Key)
	h.pass(5 * time.Minute)
	same(t, "later", later.Key, h.one(store.PageLane).Key)
}

func notSent(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	h.settle(h.attempt(h.one(store.PageLane)), store.Settlement{Ending: store.NotSent, Again: h.at.Add(4 * time.Second), Why: "busy"})
	h.pass(3 * time.Second)
	h.none("before its moment")
	h.pass(time.Second)
	j := h.one(store.PageLane)
	same(t, "unsure", false, j.Unsure)
	same(t, "attempts", 1, j.Attempts)
	same(t, "why", "busy", j.Why)
}

func lookUpFailed(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	h.settle(h.attempt(h.one(store.PageLane)), store.Settlement{Ending: store.Unsure})
	j := h.one(store.PageLane)
	h.settle(j, store.Settlement{Ending: store.NotSent, Why: "could not be looked up"})
	j = h.one(store.PageLane)
	same(t, "unsure after a look-up that failed", true, j.Unsure)
	h.settle(h.attempt(j), store.Settlement{Ending: store.NotSent, Why: "looked up, called, refused"})
	same(t, "unsure after a call that was not sent", false, h.one(store.PageLane).Unsure)
}

func retry(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane), once("incident/a/2/pages/send", store.PageLane), once("incident/a/3/pages/send", store.PageLane))
	for i, j := range h.claim(store.PageLane) {
		h.settle(h.attempt(j), store.Settlement{Ending: []store.Settled{store.Park, store.Rejected, store.Done}[i], Why: "x"})
	}
	h.none("parked, buried and done")
	ok(t, h.Retry(t.Context(), h.at, pageKey))
	ok(t, h.Retry(t.Context(), h.at, "incident/a/2/pages/send"))
	kind(t, "retry of what is done", fault.Conflict, h.Retry(t.Context(), h.at, "incident/a/3/pages/send"))
	kind(t, "retry of what never was", fault.NotFound, h.Retry(t.Context(), h.at, "incident/a/4/pages/send"))
	got := h.claim(store.PageLane)
	same(t, "due", 2, len(got))
	for _, j := range got {
		same(t, "attempts", 0, j.Attempts)
		same(t, "first", time.Time{}, j.First)
	}
	same(t, "parked", 0, len(must(h.Jobs(t.Context(), store.JobFilter{State: store.OnHold}))(t, "Jobs")))
	ok(t, h.Retry(t.Context(), h.at, pageKey)) // held: nothing to do
	h.none("held")
}

func references(t *testing.T, h *house) {
	h.owe(keptJob(cardKey, 1))
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Done, Drawn: 1, Ref: []byte("message 1")})
	h.owe(keptJob(cardKey, 2))
	j := h.one(store.CardLane)
	same(t, "reference", []byte("message 1"), j.Ref)
	h.settle(j, store.Settlement{Ending: store.NotNeeded, Drawn: 2})
	same(t, "kept", []byte("message 1"), h.job(cardKey).Ref)
}

func keptTests() []storeTest {
	return []storeTest{
		{"it is due while more is wanted than was drawn", keptDue},
		{"wanting more while it is held is not lost", keptHeld},
		{"wanting less or the same owes nothing", keptLess},
		{"two draws lie at least the gap apart", keptGap},
		{"it may ask for another time though it is in step", keptAgain},
		{"wanting more wakes it from rejected and parked", keptWoken},
		{"while it backs off, wanting more does not hurry it", keptBacksOff},
		{"a crowd that wants more loses no version", keptCrowd},
	}
}

func keptDue(t *testing.T, h *house) {
	h.owe(keptJob(cardKey, 3))
	h.owe(keptJob(cardKey, 5))
	j := h.one(store.CardLane)
	same(t, "want", incident.Version(5), j.Want)
	h.settle(h.attempt(j), store.Settlement{Ending: store.Done, Drawn: 6}) // the newest state was drawn
	h.owe(keptJob(cardKey, 6))
	h.none("what was drawn already")
	h.owe(keptJob(cardKey, 7))
	j = h.one(store.CardLane)
	same(t, "done", incident.Version(6), j.Done)
	same(t, "attempts start anew", 0, j.Attempts)
}

func keptHeld(t *testing.T, h *house) {
	h.owe(keptJob(cardKey, 1))
	j := h.one(store.CardLane)
	h.owe(keptJob(cardKey, 2))
	h.none("while it is held")
	h.settle(j, store.Settlement{Ending: store.Done, Drawn: 1})
	j = h.one(store.CardLane)
	same(t, "want", incident.Version(2), j.Want)
	h.settle(j, store.Settlement{Ending: store.NotNeeded})
	same(t, "state", store.Unneeded, h.job(cardKey).State)
	h.owe(keptJob(cardKey, 2))
	h.none("what was not needed")
}

func keptLess(t *testing.T, h *house) {
	h.owe(keptJob(cardKey, 5))
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Done, Drawn: 5})
	before := h.job(cardKey)
	h.owe(keptJob(cardKey, 4), keptJob(cardKey, 5))
	h.none("older versions")
	same(t, "job", before, h.job(cardKey))
}

func keptGap(t *testing.T, h *house) {
	j := keptJob(cardKey, 1)
	j.Gap = 2 * time.Second
	h.owe(j)
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Done, Drawn: 1})
	h.pass(500 * time.Millisecond)
	for v := range 5 {
		j.Want = incident.Version(v + 2)
		h.owe(j)
	}
	h.pass(time.Second)
	h.none("within the gap")
	h.pass(500 * time.Millisecond)
	same(t, "want, all at once", incident.Version(6), h.one(store.CardLane).Want)
}

func keptAgain(t *testing.T, h *house) {
	key := "incident/a/nudges/room"
	h.owe(keptJob(key, 1))
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Done, Drawn: 1, Again: h.at.Add(time.Hour)})
	same(t, "state", store.Owed, h.job(key).State)
	h.none("before its time")
	h.pass(time.Hour)
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.NotNeeded, Drawn: 1, Again: h.at.Add(time.Hour)})
	h.pass(time.Minute)
	h.owe(keptJob(key, 2))
	j := h.one(store.CardLane)
	same(t, "want", incident.Version(2), j.Want)
	h.settle(j, store.Settlement{Ending: store.Done, Drawn: 2})
	same(t, "state at last", store.Finished, h.job(key).State)
}

func keptWoken(t *testing.T, h *house) {
	for i, ending := range []store.Settled{store.Rejected, store.Park} {
		key := fmt.Sprintf("incident/a/cards/%d", i)
		h.owe(keptJob(key, 1))
		h.settle(h.attempt(h.one(store.CardLane)), store.Settlement{Ending: ending, Why: "archived"})
		h.none("put away")
		h.owe(keptJob(key, 2))
		j := h.one(store.CardLane)
		same(t, "attempts", 0, j.Attempts)
		h.settle(j, store.Settlement{Ending: store.Done, Drawn: 2})
	}
	same(t, "parked", 0, len(must(h.Jobs(t.Context(), store.JobFilter{State: store.OnHold}))(t, "Jobs")))
}

func keptBacksOff(t *testing.T, h *house) {
	h.owe(keptJob(cardKey, 1))
	h.settle(h.attempt(h.one(store.CardLane)), store.Settlement{Ending: store.NotSent, Again: h.at.Add(time.Minute)})
	h.owe(keptJob(cardKey, 2))
	h.none("while it backs off")
	h.pass(time.Minute)
	j := h.one(store.CardLane)
	same(t, "want", incident.Version(2), j.Want)
	same(t, "attempts", 1, j.Attempts)
}

func keptCrowd(t *testing.T, h *house) {
	var crowd sync.WaitGroup
	other := h.twin()
	for i := range 40 {
		s := h.Store
		if i%2 == 1 {
			s = other.Store
		}
		crowd.Go(func() {
			if err := s.Owe(t.Context(), h.at, keptJob(cardKey, incident.Version(i+1))); err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Go(func() { // draws meanwhile
		for range 10 {
			got, err := h.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: "a", Lease: time.Minute, Limit: 1})
			if err != nil {
				t.Error(err)
			}
			for _, j := range got {
				if err := h.Settle(t.Context(), h.at, j, store.Settlement{Ending: store.Done, Drawn: j.Want}); err != nil {
					t.Error(err)
				}
			}
		}
	})
	crowd.Wait()
	for _, j := range h.claim(store.CardLane) {
		h.settle(j, store.Settlement{Ending: store.Done, Drawn: j.Want})
	}
	j := h.job(cardKey)
	same(t, "drawn at last", incident.Version(40), j.Done)
	same(t, "state", store.Finished, j.State)
}
