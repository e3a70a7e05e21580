package worker_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/storetest"
)

// dawn is when tests begin.
func dawn() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// recorder commits as the desk does, for effects.
type recorder struct {
	store *store.Store
	now   func() time.Time
	fail  func(key string) error // nil: never
	after func(recs []incident.Recorded)
}

func (r *recorder) State(ctx context.Context, s incident.Stream) (incident.Incident, error) {
	o, err := r.store.Open(ctx, "", s)
	return o.State, err
}

func (r *recorder) Record(ctx context.Context, s incident.Stream, key string, decide func(incident.Incident) ([]incident.Event, error)) error {
	if r.fail != nil {
		if err := r.fail(key); err != nil {
			return err
		}
	}
	for {
		o, err := r.store.Open(ctx, key, s)
		if err != nil || o.Outcome != nil {
			return err
		}
		events, err := decide(o.State)
		if err != nil || len(events) == 0 {
			return err
		}
		meta := incident.Meta{Recorded: r.now(), Actor: incident.House, Account: "tocsin", Key: key}
		recs := incident.Record(s, o.Head, meta, events)
		_, err = r.store.Commit(ctx, store.Commit{Key: key, Job: true, At: r.now(), Writes: []store.Write{write(s, o, recs)}})
		if _, moved := errors.AsType[*store.Moved](err); moved {
			continue
		}
		if err == nil && r.after != nil {
			r.after(recs)
		}
		return err
	}
}

func write(s incident.Stream, o store.Opened, recs []incident.Recorded) store.Write {
	w := store.Write{Stream: s, Head: o.Head, Token: o.Token, Events: recs, Before: o.State, After: o.State}
	for _, rec := range recs {
		w.After = w.After.Apply(rec)
		w.Marks = append(w.Marks, incident.Marks(rec)...)
	}
	return w
}

// house is a store with a worker on it and one probe as its only reactor.
type house struct {
	t     *testing.T
	clock *clock
	store *store.Store
	rec   *recorder
	probe *probe
	w     *worker.Worker
	tally *tally
}

func newHouse(t *testing.T, p *probe) *house {
	t.Helper()
	c := &clock{at: dawn()}
	s := store.New(storetest.NewMemory(c.Now), store.Options{Now: c.Now})
	h := &house{t: t, clock: c, store: s, rec: &recorder{store: s, now: c.Now}, probe: p}
	h.w = h.replica("first")
	if _, err := h.w.PlanOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.begin(h.w)
	return h
}

// begin makes a worker note its first start.
func (h *house) begin(w *worker.Worker) {
	h.t.Helper()
	if did, err := w.WorkOnce(h.t.Context(), store.Lanes()); did || err != nil {
		h.t.Fatalf("a fresh house has work to do: %v, %v", did, err)
	}
}

func (h *house) replica(owner string, more ...worker.Reactor) *worker.Worker {
	h.tally = &tally{}
	return worker.New(worker.Config{
		Feed: h.store, Ledger: h.store, Shelf: h.store, Recorder: h.rec, Owner: owner, Clock: h.clock.Now,
		Jitter: func() float64 { return 0.5 }, Metrics: h.tally, Reactors: append([]worker.Reactor{h.probe}, more...),
	})
}

func ann(at time.Time) incident.Actor {
	return incident.Actor{Person: "ann", Account: "test:ann", At: at, Reader: true, Zone: time.UTC}
}

// declare puts a fresh incident on record and gives its events.
func (h *house) declare(key string) []incident.Recorded {
	h.t.Helper()
	ctx := h.t.Context()
	n, err := h.store.NextNumber(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	events, err := incident.Declare(ann(h.clock.Now()), n, incident.Declaration{Title: "checkout fails"}, incident.DefaultPolicy())
	if err != nil {
		h.t.Fatal(err)
	}
	id := incident.IDFor(key)
	meta := incident.Meta{Recorded: h.clock.Now(), Actor: "ann", Key: key}
	recs := incident.Record(id.Stream(), 0, meta, events)
	var o store.Opened
	o.State.ID = id
	w := write(id.Stream(), o, recs)
	w.Before = incident.Incident{}
	c := store.Commit{Key: key, At: h.clock.Now(), Number: n, Writes: []store.Write{w}}
	if _, err := h.store.Commit(ctx, c); err != nil {
		h.t.Fatal(err)
	}
	return recs
}

// note puts one more event on an incident.
func (h *house) note(s incident.Stream, key string) {
	h.t.Helper()
	err := h.rec.Record(h.t.Context(), s, key, func(inc incident.Incident) ([]incident.Event, error) {
		return inc.Note(ann(h.clock.Now()), "something was seen", time.Time{})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// planned declares an incident and plans it.
func (h *house) planned() incident.Stream {
	h.t.Helper()
	recs := h.declare("declare-1")
	h.w.Hand(recs)
	h.plan(h.w)
	return recs[0].Stream
}

func (h *house) plan(w *worker.Worker) int {
	h.t.Helper()
	n, err := w.PlanOnce(h.t.Context())
	if err != nil {
		h.t.Fatalf("plan: %v", err)
	}
	return n
}

func (h *house) work(w *worker.Worker) bool {
	h.t.Helper()
	did, err := w.WorkOnce(h.t.Context(), store.Lanes())
	if err != nil {
		h.t.Fatalf("work: %v", err)
	}
	return did
}

// job is the one job of an incident with a verb.
func (h *house) job(s incident.Stream, verb string) store.Job {
	h.t.Helper()
	jobs, err := h.store.Jobs(h.t.Context(), store.JobFilter{Stream: s})
	if err != nil {
		h.t.Fatal(err)
	}
	i := slices.IndexFunc(jobs, func(j store.Job) bool { return j.Verb == verb })
	if i < 0 {
		h.t.Fatalf("no job %q is owed for the incident; there are %d", verb, len(jobs))
	}
	return jobs[i]
}

func (h *house) state(s incident.Stream) incident.Incident {
	h.t.Helper()
	inc, err := h.rec.State(h.t.Context(), s)
	if err != nil {
		h.t.Fatal(err)
	}
	return inc
}

// probe is a reactor that does as it is told and remembers what it was asked.
type probe struct {
	name string
	plan func(r incident.Recorded) []store.Job
	do   func(ctx context.Context, t worker.Task) worker.Result

	mu   sync.Mutex
	seen []worker.Task
}

// once is a probe that owes one job for a declare.
func once(do func(ctx context.Context, t worker.Task) worker.Result) *probe {
	return &probe{name: "probes", do: do, plan: func(r incident.Recorded) []store.Job {
		if _, ok := r.Event.(incident.Declared); !ok {
			return nil
		}
		return []store.Job{worker.Once(r, "probes", "poke", "", store.StateLane)}
	}}
}

func (p *probe) Name() string { return p.name }

func (p *probe) Plan(r incident.Recorded) []store.Job { return p.plan(r) }

func (p *probe) Leads(string) []incident.Event { return []incident.Event{incident.RoomOpened{}} }

func (p *probe) Do(ctx context.Context, t worker.Task) worker.Result {
	p.mu.Lock()
	p.seen = append(p.seen, t)
	p.mu.Unlock()
	return p.do(ctx, t)
}

func (p *probe) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seen)
}

// newest is the task that the probe was asked last.
func (p *probe) newest(t *testing.T) worker.Task {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.seen) == 0 {
		t.Fatal("the reactor was never asked")
	}
	return p.seen[len(p.seen)-1]
}

// tally counts what the worker measures.
type tally struct {
	mu      sync.Mutex
	planned int
	began   int
	lag     time.Duration
	ended   []string
}

func (m *tally) Planned(events, _ int, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.planned += events
}

func (m *tally) Began(_ string, _ store.Lane, lag time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.began++
	m.lag = lag
}

func (m *tally) Ended(reactor string, _ store.Lane, ending string, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = append(m.ended, reactor+" "+ending)
}

func (m *tally) last() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.ended) == 0 {
		return ""
	}
	return m.ended[len(m.ended)-1]
}

// has says that an incident's newest parked effect reads so.
func parkedWhat(inc incident.Incident) string {
	var out []string
	for _, p := range inc.Parked {
		out = append(out, p.What)
	}
	return strings.Join(out, ", ")
}
