package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tocsin/incident/fault"
	"tocsin/store"
)

const pageKey = "incident/a/1/pages/send"

func ledgerTests() []storeTest {
	return []storeTest{
		{"a once job is owed once, whatever happened to it", onceJob},
		{"lanes are claimed in their order, the oldest due first", laneOrder},
		{"a timer is not due before its moment", timer},
		{"a leased job is nobody else's until the lease ends", leases},
		{"an expired lease in which a call was begun leaves the job unsure", expiredCall},
		{"an expired lease without a call leaves it as it was", expiredIdle},
		{"each claim raises the fence", fences},
		{"an attempt is counted and durable", attempts},
		{"a lost lease cannot attempt or settle", lostLease},
		{"what an old holder has done is evidence for the next", evidence},
		{"an old holder's other news changes nothing", oldNews},
		{"claims at once never share a job", claimsAtOnce},
		{"the next moment of a lane is known", nextDue},
		{"jobs are listed by stream, state and key", listJobs},
		{"a job without a lane is refused", func(t *testing.T, h *house) {
			kind(t, "lane 0", fault.Internal, h.Owe(t.Context(), h.at, store.Job{Key: "k", Stream: "incident/a"}))
			kind(t, "no key", fault.Internal, h.Owe(t.Context(), h.at, store.Job{Lane: store.PageLane}))
			_, err := h.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: "a"})
			kind(t, "a claim without a lease", fault.Internal, err)
		}},
		{"bodies and references keep every byte", jobBytes},
	}
}

func (h *house) owe(jobs ...store.Job) {
	h.t.Helper()
	ok(h.t, h.Owe(h.t.Context(), h.at, jobs...))
}

func (h *house) settle(j store.Job, s store.Settlement) {
	h.t.Helper()
	if err := h.Settle(h.t.Context(), h.at, j, s); err != nil {
		h.t.Fatalf("settle %s: %v", j.Key, err)
	}
}

func (h *house) attempt(j store.Job) store.Job {
	h.t.Helper()
	return must(h.Attempt(h.t.Context(), h.at, j))(h.t, "Attempt")
}

func onceJob(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	h.owe(once(pageKey, store.PageLane))
	j := h.one(store.PageLane)
	h.owe(once(pageKey, store.PageLane))
	h.none("while it is held")
	h.settle(j, store.Settlement{Ending: store.Done, Ref: []byte("dedup-1")})
	h.owe(once(pageKey, store.PageLane))
	h.none("after it was done")
	got := h.job(pageKey)
	same(t, "state", store.Finished, got.State)
	same(t, "reference", []byte("dedup-1"), got.Ref)
	same(t, "settled", h.at, got.Settled)
}

func laneOrder(t *testing.T, h *house) {
	h.owe(once("incident/a/1/echoes/say", store.EchoLane), once("incident/a/1/cards/x", store.CardLane))
	h.pass(time.Second)
	h.owe(once("incident/a/2/pages/send", store.PageLane))
	h.pass(time.Second)
	h.owe(once("incident/a/1/pages/send", store.PageLane), once("incident/a/1/states/x", store.StateLane))
	got := must(h.Claim(t.Context(), store.Claim{
		Now: h.at, Lanes: []store.Lane{store.EchoLane, store.PageLane, store.StateLane, store.CardLane}, Owner: "a", Lease: time.Minute, Limit: 4,
	}))(t, "Claim")
	same(t, "order", []string{"incident/a/2/pages/send", "incident/a/1/pages/send", "incident/a/1/states/x", "incident/a/1/cards/x"}, keysOf(got))
	same(t, "left", "incident/a/1/echoes/say", h.one(store.Lanes()...).Key)
}

func timer(t *testing.T, h *house) {
	j := once("incident/a/1/reminders/remind", store.StateLane)
	j.Due = h.at.Add(20*time.Minute + 500*time.Microsecond)
	h.owe(j)
	h.pass(20 * time.Minute)
	h.none("half a millisecond early")
	h.pass(time.Millisecond)
	same(t, "claimed", j.Key, h.one(store.StateLane).Key)
}

func leases(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	j := h.one(store.PageLane)
	same(t, "lease", h.at.Add(30*time.Second), j.Lease)
	same(t, "owner", "a", j.Owner)
	h.pass(29 * time.Second)
	h.none("before the lease ends")
	h.pass(time.Second)
	same(t, "again", pageKey, h.one(store.PageLane).Key)
}

func expiredCall(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	j := h.attempt(h.one(store.PageLane))
	h.pass(31 * time.Second)
	again := h.one(store.PageLane)
	same(t, "unsure", true, again.Unsure)
	same(t, "attempts", 1, again.Attempts)
	same(t, "began", j.Began, again.Began)
}

func expiredIdle(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	h.one(store.PageLane)
	h.pass(31 * time.Second)
	again := h.one(store.PageLane)
	same(t, "unsure", false, again.Unsure)
	same(t, "attempts", 0, again.Attempts)
}

func fences(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	for i := range 4 {
		j := h.one(store.PageLane)
		same(t, "fence", uint64(i+1), j.Fence)
		h.pass(31 * time.Second)
	}
}

func attempts(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	j := h.one(store.PageLane)
	first := h.at
	for i := range 3 {
		j = h.attempt(j)
		same(t, "attempts", i+1, j.Attempts)
		same(t, "began", h.at, j.Began)
		same(t, "first", first, j.First)
		same(t, "on record", j, h.job(pageKey))
		h.settle(j, store.Settlement{Ending: store.NotSent, Again: h.pass(time.Second), Why: "no route"})
		j = h.one(store.PageLane)
	}
	same(t, "why", "", j.Why[:0])
	same(t, "unsure after calls that were not sent", false, j.Unsure)
}

func lostLease(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	old := h.one(store.PageLane)
	h.pass(30 * time.Second)
	_, err := h.Attempt(t.Context(), h.at, old)
	refusal[*store.Lost](t, "an attempt when the lease has ended", err)
	next := h.one(store.PageLane)
	_, err = h.Attempt(t.Context(), h.at, old)
	refusal[*store.Lost](t, "an attempt on an old fence", err)
	refusal[*store.Lost](t, "a settlement on an old fence", h.Settle(t.Context(), h.at, old, store.Settlement{Ending: store.NotNeeded}))
	same(t, "state", store.Owed, h.job(pageKey).State)
	h.settle(h.attempt(next), store.Settlement{Ending: store.Done})
	same(t, "state", store.Finished, h.job(pageKey).State)
	kind(t, "a job never owed", fault.NotFound, h.Settle(t.Context(), h.at, store.Job{Key: "incident/a/9/pages/send"}, store.Settlement{Ending: store.Done}))
}

func evidence(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane), once("incident/a/2/pages/send", store.PageLane))
	old := h.claim(store.PageLane)
	for i := range old {
		old[i] = h.attempt(old[i])
	}
	h.pass(31 * time.Second)
	next := h.claim(store.PageLane)
	refusal[*store.Lost](t, "late news", h.Settle(t.Context(), h.at, old[0], store.Settlement{Ending: store.Done, Ref: []byte("dedup-7")}))
	refusal[*store.Lost](t, "late news", h.Settle(t.Context(), h.at, old[1], store.Settlement{Ending: store.Done}))
	same(t, "seen by the attempt", []byte("dedup-7"), h.attempt(next[0]).Ref)
	h.pass(31 * time.Second)
	for _, j := range h.claim(store.PageLane) {
		if len(j.Ref) == 0 {
			t.Errorf("job %s has no evidence that it was done", j.Key)
		}
	}
}

func oldNews(t *testing.T, h *house) {
	h.owe(once(pageKey, store.PageLane))
	old := h.attempt(h.one(store.PageLane))
	h.pass(31 * time.Second)
	h.one(store.PageLane)
	before := h.job(pageKey)
	for _, ending := range []store.Settled{store.NotNeeded, store.Rejected, store.NotSent, store.Unsure, store.Waits, store.Park} {
		refusal[*store.Lost](t, "late news", h.Settle(t.Context(), h.at, old, store.Settlement{Ending: ending, Ref: []byte("x")}))
	}
	same(t, "job", before, h.job(pageKey))
}

func claimsAtOnce(t *testing.T, h *house) {
	const jobs = 60
	for i := range jobs {
		h.owe(once(fmt.Sprintf("incident/a/%d/pages/send", i), store.PageLane))
	}
	var crowd sync.WaitGroup
	var mu sync.Mutex
	held := map[string]string{}
	for i := range 6 {
		s := h.Store
		if i%2 == 1 {
			s = h.twin().Store
		}
		crowd.Go(func() {
			owner := fmt.Sprintf("replica %d", i)
			for {
				got, err := s.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: owner, Lease: time.Minute, Limit: 7})
				if err != nil {
					t.Error(err)
					return
				}
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, j := range got {
					if held[j.Key] != "" {
						t.Errorf("%s is held by %s and by %s", j.Key, held[j.Key], owner)
					}
					held[j.Key] = owner
				}
				mu.Unlock()
			}
		})
	}
	crowd.Wait()
	same(t, "claimed", jobs, len(held))
}

func nextDue(t *testing.T, h *house) {
	at := func(lanes ...store.Lane) time.Time { return must(h.NextDue(t.Context(), lanes))(t, "NextDue") }
	same(t, "of nothing", time.Time{}, at(store.Lanes()...))
	j := once("incident/a/1/reminders/remind", store.StateLane)
	j.Due = h.at.Add(time.Hour)
	h.owe(j, once(pageKey, store.PageLane))
	same(t, "of the timer", j.Due, at(store.StateLane))
	same(t, "of all", h.at, at(store.Lanes()...))
	h.one(store.PageLane)
	same(t, "of a held one", h.at.Add(30*time.Second), at(store.PageLane))
	same(t, "of another lane", time.Time{}, at(store.EchoLane))
}

func listJobs(t *testing.T, h *house) {
	other := once("incident/b/1/pages/send", store.PageLane)
	other.Stream = "incident/b"
	h.owe(once(pageKey, store.PageLane), keptJob("incident/a/cards/room", 3), other)
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Done, Drawn: 3})
	for _, j := range h.claim(store.PageLane) {
		if j.Key == pageKey {
			h.settle(j, store.Settlement{Ending: store.Park, Why: "asked too often"})
		}
	}
	list := func(f store.JobFilter) []string { return keysOf(must(h.Jobs(t.Context(), f))(t, "Jobs")) }
	same(t, "of a stream", 2, len(list(store.JobFilter{Stream: "incident/a"})))
	same(t, "parked", []string{pageKey}, list(store.JobFilter{State: store.OnHold}))
	same(t, "owed", []string{other.Key}, list(store.JobFilter{State: store.Owed}))
	same(t, "done, of a stream", []string{"incident/a/cards/room"}, list(store.JobFilter{Stream: "incident/a", State: store.Finished}))
	same(t, "never owed", []string(nil), list(store.JobFilter{Key: "incident/c/1/pages/send"}))
	same(t, "at most one", 1, len(list(store.JobFilter{Stream: "incident/a", Limit: 1})))
	_, err := h.Jobs(t.Context(), store.JobFilter{State: store.Finished})
	kind(t, "all that are done", fault.Internal, err)
}

func jobBytes(t *testing.T, h *house) {
	j := once("incident/a/1/pages/send/"+string(make([]byte, 700)), store.PageLane)
	j.Body = []byte("\x00\xff{\"a\":1}")
	j.Target = "someone"
	h.owe(j)
	got := h.one(store.PageLane)
	same(t, "body", j.Body, got.Body)
	same(t, "target", j.Target, got.Target)
	same(t, "key", j.Key, got.Key)
	h.settle(got, store.Settlement{Ending: store.Unsure, Ref: []byte{0, 1}, Why: "the answer was cut off"})
	got = h.one(store.PageLane)
	same(t, "reference", []byte{0, 1}, got.Ref)
	same(t, "why", "the answer was cut off", got.Why)
	same(t, "unsure", true, got.Unsure)
}
