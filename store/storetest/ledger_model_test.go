package storetest_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/storetest"
)

// A small model of the ledger: what DESIGN says of jobs, in plain words, held
// against the store over random lives.

type modelJob struct {
	key      string
	lane     store.Lane
	kept     bool
	gap      time.Duration
	state    store.JobState
	want     incident.Version
	done     incident.Version
	held     incident.Version // want when it was claimed
	due      time.Time
	lease    time.Time // zero: nobody holds it
	fence    uint64
	attempts int
	unsure   bool
	called   bool // under this lease
	waiting  time.Time
	asleep   bool // until the stream grows
	drawn    time.Time
}

func (j *modelJob) ready(now time.Time) bool {
	if j.state != store.Owed {
		return false
	}
	if !j.lease.IsZero() {
		return !j.lease.After(now)
	}
	return !j.due.After(now)
}

type world struct {
	s     *store.Store
	ctx   *testing.T
	now   time.Time
	head  incident.Version
	jobs  map[string]*modelJob
	hands []store.Job // every claim ever given, old ones too
	keys  int
}

const stream = incident.Stream("audience/everybody")

func (w *world) owe(t *rapid.T) {
	kept := rapid.Bool().Draw(t, "kept")
	n := rapid.IntRange(0, 3).Draw(t, "job")
	j := store.Job{Stream: stream, Reactor: "r", Lane: store.Lane(n%2*3 + 1), Want: incident.Version(rapid.IntRange(1, 6).Draw(t, "want"))}
	j.Key = fmt.Sprintf("%s/1/r/v%d", stream, n)
	if kept {
		j.Key, j.Kept, j.Gap = fmt.Sprintf("%s/r/t%d", stream, n), true, time.Duration(n)*time.Second
	}
	j.Due = w.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 0, 40}).Draw(t, "timer")) * time.Second)
	if err := w.s.Owe(w.ctx.Context(), w.now, j); err != nil {
		t.Fatal(err)
	}
	m := w.jobs[j.Key]
	if m == nil {
		w.jobs[j.Key] = &modelJob{key: j.Key, lane: j.Lane, kept: kept, gap: j.Gap, state: store.Owed, want: j.Want, due: j.Due}
		return
	}
	if !kept {
		return
	}
	inStep := m.done >= m.want
	m.want = max(m.want, j.Want)
	if m.want <= m.done {
		return
	}
	due := j.Due
	if after := m.drawn.Add(m.gap); after.After(due) {
		due = after
	}
	switch {
	case m.state != store.Owed:
		m.state, m.due, m.attempts, m.waiting = store.Owed, due, 0, time.Time{}
	case inStep && m.lease.IsZero() && !m.asleep && due.Before(m.due):
		m.due = due
	}
}

func (w *world) claim(t *rapid.T) {
	lanes := rapid.SampledFrom([][]store.Lane{{store.PageLane}, {store.CardLane}, {store.PageLane, store.CardLane}}).Draw(t, "lanes")
	limit := rapid.IntRange(1, 4).Draw(t, "limit")
	got, err := w.s.Claim(w.ctx.Context(), store.Claim{Now: w.now, Lanes: lanes, Owner: "a", Lease: 30 * time.Second, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	ready := map[store.Lane][]string{}
	total := 0
	for _, m := range w.jobs {
		if m.ready(w.now) && slices.Contains(lanes, m.lane) {
			ready[m.lane] = append(ready[m.lane], m.key)
			total++
		}
	}
	if len(got) != min(limit, total) {
		t.Fatalf("claimed %d jobs of lanes %v, want %d of %v", len(got), lanes, min(limit, total), ready)
	}
	if !slices.IsSortedFunc(got, func(a, b store.Job) int { return cmp.Compare(a.Lane, b.Lane) }) {
		t.Fatalf("lanes out of order: %+v", got)
	}
	for _, j := range got {
		m := w.jobs[j.Key]
		if !m.ready(w.now) {
			t.Fatalf("%s was given and is not due: %+v", j.Key, m)
		}
		if j.Unsure != m.unsure || j.Attempts != m.attempts || j.Want != m.want || j.Done != m.done || j.Fence != m.fence+1 || !j.Waiting.Equal(m.waiting) {
			t.Fatalf("claimed %+v, want %+v", j, m)
		}
		m.fence, m.lease, m.called, m.asleep, m.held = m.fence+1, w.now.Add(30*time.Second), false, false, m.want
		w.hands = append(w.hands, j)
	}
	if lower := lanes[len(lanes)-1]; len(got) == limit && got[len(got)-1].Lane == lower && lower != lanes[0] {
		for _, key := range ready[lanes[0]] {
			if w.jobs[key].ready(w.now) {
				t.Fatalf("%s was left behind for a lower lane", key)
			}
		}
	}
}

// hand draws a claim, new or old. holds says whether it is still good.
func (w *world) hand(t *rapid.T) (j store.Job, m *modelJob, holds bool) {
	if len(w.hands) == 0 {
		t.Skip("nothing was claimed yet")
	}
	j = w.hands[len(w.hands)-1-rapid.IntRange(0, min(5, len(w.hands)-1)).Draw(t, "hand")]
	m = w.jobs[j.Key]
	return j, m, m.fence == j.Fence
}

func (w *world) attempt(t *rapid.T) {
	j, m, holds := w.hand(t)
	got, err := w.s.Attempt(w.ctx.Context(), w.now, j)
	if !holds || m.state != store.Owed || !m.lease.After(w.now) {
		if _, lost := errors.AsType[*store.Lost](err); !lost {
			t.Fatalf("attempt without the lease: %v, want *store.Lost", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	m.attempts, m.called, m.unsure = m.attempts+1, true, true
	if got.Attempts != m.attempts || !got.Began.Equal(w.now) {
		t.Fatalf("attempt gave %+v", got)
	}
}

func (w *world) settle(t *rapid.T) {
	j, m, holds := w.hand(t)
	end := store.Settlement{
		Ending: store.Settled(rapid.IntRange(int(store.Done), int(store.Park)).Draw(t, "ending")),
		Drawn:  max(1, w.head-incident.Version(rapid.IntRange(0, 1).Draw(t, "behind"))),
	}
	if end.Ending == store.NotSent || end.Ending == store.Unsure || rapid.IntRange(0, 3).Draw(t, "again") == 0 {
		end.Again = w.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "seconds")) * time.Second)
	}
	err := w.s.Settle(w.ctx.Context(), w.now, j, end)
	if !holds {
		if _, lost := errors.AsType[*store.Lost](err); !lost {
			t.Fatalf("settling on an old fence: %v, want *store.Lost", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !m.lease.IsZero() { // else it was settled before: nothing changes
		w.settled(m, end)
	}
}

func (w *world) settled(m *modelJob, end store.Settlement) {
	m.lease = time.Time{}
	after := func(at time.Time) time.Time {
		if at.Before(w.now) {
			return w.now
		}
		return at
	}
	if end.Ending == store.Waits {
		if m.waiting.IsZero() {
			m.waiting = w.now
		}
		m.due, m.asleep = m.waiting.Add(2*time.Minute), true
		if !m.due.After(w.now) {
			m.due = w.now.Add(2 * time.Minute)
		}
		if !end.Again.IsZero() {
			m.due = end.Again
		}
		if w.head > end.Drawn {
			m.due, m.asleep = w.now, false
		}
		return
	}
	m.waiting = time.Time{}
	switch end.Ending {
	case store.Done, store.NotNeeded:
		m.unsure, m.drawn = false, w.now
		m.state = store.Finished
		if end.Ending == store.NotNeeded {
			m.state = store.Unneeded
		}
		if !m.kept {
			return
		}
		m.attempts, m.done = 0, max(m.done, end.Drawn)
		if m.want > m.done {
			m.state, m.due = store.Owed, w.now.Add(m.gap)
		} else if !end.Again.IsZero() {
			m.state, m.due = store.Owed, after(end.Again)
		}
	case store.Rejected:
		m.state, m.unsure, m.drawn = store.Buried, false, w.now
		if m.kept {
			m.done = max(m.done, end.Drawn)
		}
	case store.NotSent:
		m.unsure, m.due = m.unsure && !m.called, after(end.Again)
	case store.Unsure:
		m.unsure, m.due = true, after(end.Again)
	case store.Park:
		m.state, m.drawn = store.OnHold, w.now
	case store.Waits:
	}
}

// work is what a worker does in one go, so that long lives are lived.
func (w *world) work(t *rapid.T) {
	before := len(w.hands)
	w.claim(t)
	for range w.hands[before:] {
		if rapid.Bool().Draw(t, "call") {
			w.attempt(t)
		}
		w.settle(t)
	}
}

func (w *world) grow(t *rapid.T) {
	o, err := w.s.Open(w.ctx.Context(), "", stream)
	if err != nil {
		t.Fatal(err)
	}
	w.keys++
	key := fmt.Sprintf("k%d", w.keys)
	meta := incident.Meta{Recorded: w.now, Actor: "p-ann", Key: key}
	_, err = w.s.Commit(w.ctx.Context(), store.Commit{Key: key, At: w.now, Writes: []store.Write{{
		Stream: stream, Head: o.Head, Token: o.Token, Events: incident.Record(stream, o.Head, meta, []incident.Event{incident.ZoneSet{Zone: "UTC"}}),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	w.head++
	for _, m := range w.jobs {
		if m.asleep {
			m.asleep, m.due = false, w.now
		}
	}
}

func (w *world) retry(t *rapid.T) {
	if len(w.hands) == 0 {
		t.Skip("nothing was claimed yet")
	}
	key := rapid.SampledFrom(w.hands).Draw(t, "job").Key
	m := w.jobs[key]
	err := w.s.Retry(w.ctx.Context(), w.now, key)
	if done := m.state == store.Finished || m.state == store.Unneeded; done != (err != nil) {
		t.Fatalf("retry of %+v: %v", m, err)
	}
	if err == nil && m.lease.IsZero() {
		m.state, m.due, m.attempts, m.waiting, m.asleep = store.Owed, w.now, 0, time.Time{}, false
	}
}

// check holds what can be read against the model, after each step.
func (w *world) check(t *rapid.T) {
	got, err := w.s.Jobs(w.ctx.Context(), store.JobFilter{Stream: stream})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(w.jobs) {
		t.Fatalf("%d jobs on record, want %d", len(got), len(w.jobs))
	}
	for _, j := range got {
		m := w.jobs[j.Key]
		if j.State != m.state || j.Want != m.want || j.Done != m.done || j.Fence != m.fence || j.Attempts != m.attempts || j.Unsure != m.unsure {
			t.Fatalf("on record %+v, want %+v", j, m)
		}
	}
}

func TestLedgerLivesLikeItsModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{
			s: store.New(storetest.NewMemory(time.Now), store.Options{}), ctx: t,
			now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), jobs: map[string]*modelJob{},
		}
		rt.Repeat(map[string]func(*rapid.T){
			"":        w.check,
			"owe":     w.owe,
			"claim":   w.claim,
			"work":    w.work,
			"attempt": w.attempt,
			"settle":  w.settle,
			"grow":    w.grow,
			"retry":   w.retry,
			"pass": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 50).Draw(t, "seconds")) * time.Second)
			},
		})
	})
}
