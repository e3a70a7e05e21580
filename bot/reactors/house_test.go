package reactors_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/reactors"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
	"tocsin/store/storetest"
)

func dawn() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) } // a Wednesday

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

// dice give the same ids and salts in every run.
type dice struct {
	mu sync.Mutex
	n  uint64
}

func (d *dice) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range p {
		d.n = d.n*6364136223846793005 + 1442695040888963407
		p[i] = byte(d.n >> 56)
	}
	return len(p), nil
}

// mortal is a driver that dies with its trap.
type mortal struct {
	store.Driver
	trap *trap
}

func (d mortal) Apply(ctx context.Context, b store.Batch) error {
	if err := d.trap.step(); err != nil {
		return err
	}
	if err := d.Driver.Apply(ctx, b); err != nil {
		return err
	}
	return d.trap.step()
}

func (d mortal) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	if d.trap.isDead() {
		return nil, fault.New(fault.Unavailable, "This process is dead.")
	}
	return d.Driver.Get(ctx, keys...)
}

func (d mortal) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	if d.trap.isDead() {
		return nil, fault.New(fault.Unavailable, "This process is dead.")
	}
	return d.Driver.Range(ctx, q)
}

func (p *trap) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// house is the desk's half and the worker's half of a running bot, on one
// store, before a far side that is scripted.
type house struct {
	t      testing.TB
	clock  *clock
	desk   *store.Store // never dies: people go on
	world  *world
	talk   *talk
	bell   *bell
	other  *talk // a second platform; nil: none
	policy incident.Policy
	zone   string
	pagers []integrations.Pager
	ears   []integrations.Listener
	driver store.Driver

	people map[string]incident.PersonID
	n      int
	w      *worker.Worker
	starts int
	handed bool        // the desk hands events over
	turn   func()      // before each step of work; nil: nothing
	repeat bool        // what was last said had been said before
	kept   []chat.Said // what was read back
	only   string      // the one reactor that works; empty: all
}

func always(room string) func() string { return func() string { return room } }

func newHouse(t testing.TB) *house {
	t.Helper()
	c := &clock{at: dawn()}
	h := houseOn(t, c, storetest.NewMemory(c.Now), &world{})
	h.start(&trap{})
	return h
}

// houseOn is a house on a driver and a far side that may have seen others before.
func houseOn(t testing.TB, c *clock, d store.Driver, w *world) *house {
	t.Helper()
	h := &house{
		t: t, clock: c, driver: d, desk: store.New(d, store.Options{Now: c.Now, Rand: &dice{}}), world: w,
		policy: incident.DefaultPolicy(), people: map[string]incident.PersonID{}, handed: true,
	}
	h.policy.Hours = incident.Hours{Zone: "UTC", From: 9 * 60, To: 17 * 60, Days: []time.Weekday{1, 2, 3, 4, 5}}
	h.policy.Teams = []incident.Team{{Name: "checkout", Target: "P123", People: []string{"cy@example.com"}}}
	h.talk = &talk{name: "talk", world: w, keyed: true, people: map[string]map[string]bool{}}
	h.bell = &bell{name: "bell", world: w}
	h.pagers = []integrations.Pager{h.bell}
	for _, name := range []string{"ann", "bo", "cy", "dee"} {
		h.meet(name)
	}
	return h
}

func (h *house) meet(name string) {
	h.t.Helper()
	p, err := h.desk.Meet(h.t.Context(), incident.Account{Platform: "talk", Workspace: "w", ID: name},
		store.Seen{Name: strings.ToUpper(name[:1]) + name[1:], Email: name + "@example.com", Vouched: true})
	if err != nil {
		h.t.Fatal(err)
	}
	h.people[name] = p.ID
}

// start begins a worker under a new owner, on a trap.
func (h *house) start(p *trap) {
	h.t.Helper()
	h.talk.trap, h.bell.trap = p, p
	if h.other != nil {
		h.other.trap = p
	}
	for _, g := range h.pagers {
		switch b := g.(type) {
		case *bell:
			b.trap = p
		case post:
			b.trap = p
		}
	}
	h.starts++
	h.w = h.replica(fmt.Sprint("start ", h.starts), store.New(mortal{h.driver, p}, store.Options{Now: h.clock.Now}))
	h.step()
}

func (h *house) replica(owner string, s *store.Store) *worker.Worker {
	return worker.New(worker.Config{
		Feed: s, Ledger: s, Shelf: s, Recorder: &recorder{h: h, store: s}, Owner: owner, Clock: h.clock.Now,
		Jitter: func() float64 { return 0.5 }, Reactors: h.reactors(s), Metrics: h,
	})
}

func (h *house) reactors(s *store.Store) []worker.Reactor {
	all := reactors.All(h.outside(s))
	if h.only != "" {
		all = slices.DeleteFunc(all, func(r worker.Reactor) bool { return r.Name() != h.only })
	}
	return all
}

func (h *house) outside(s *store.Store) reactors.Outside {
	sides := []reactors.Side{{Platform: h.talk, Announce: always("incidents")}}
	if h.other != nil {
		sides = append(sides, reactors.Side{Platform: h.other, Announce: always("incidents")})
	}
	return reactors.Outside{
		Chat:   reactors.NewChat(sides...),
		Pagers: reactors.NewPagers(h.pagers...), Listeners: h.ears, People: s, Log: s, History: s, Album: s, Shelf: s,
		Policy: func() incident.Policy { return h.policy }, Command: "incident", Zone: h.zone, Link: "https://tocsin.example",
		Hear: func(_ context.Context, _ incident.Stream, said []chat.Said) error {
			h.kept = append(h.kept, said...)
			return nil
		},
	}
}

// Planned, Began and Ended make a house the meter of its workers.
func (*house) Planned(int, int, time.Duration) {}

// Began is heard and not kept.
func (*house) Began(string, store.Lane, time.Duration) {}

// Ended is heard and not kept.
func (*house) Ended(string, store.Lane, string, time.Duration) {}

// step plans and works off what is due now; a dead worker does nothing.
func (h *house) step() {
	for range 10_000 {
		if h.turn != nil {
			h.turn()
		}
		n, err := h.w.PlanOnce(h.t.Context())
		if err != nil {
			return
		}
		did, err := h.w.WorkOnce(h.t.Context(), store.Lanes())
		if err != nil {
			return
		}
		if n == 0 && !did {
			return
		}
	}
	h.t.Fatal("the worker does not come to rest")
}

// run works for a length of time, moving the clock to whatever is due next.
func (h *house) run(d time.Duration) {
	h.t.Helper()
	end := h.clock.Now().Add(d)
	for {
		if h.step(); h.talk.trap.isDead() {
			return
		}
		next := h.clock.Now().Add(2 * time.Second) // the feed of others
		due, err := h.desk.NextDue(h.t.Context(), store.Lanes())
		if err != nil {
			h.t.Fatal(err)
		}
		if due.IsZero() || due.After(end) {
			if h.handed || !next.Before(end) {
				break
			}
			due = next
		}
		h.clock.Advance(max(time.Millisecond, due.Sub(h.clock.Now())))
	}
	h.clock.Advance(max(0, end.Sub(h.clock.Now())))
	h.step()
}

func (h *house) state(s incident.Stream) incident.Incident {
	h.t.Helper()
	o, err := h.desk.Open(h.t.Context(), "", s)
	if err != nil {
		h.t.Fatal(err)
	}
	return o.State
}

func (h *house) events(s incident.Stream) []incident.Recorded {
	h.t.Helper()
	recs, err := h.desk.Load(h.t.Context(), s, 0, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return recs
}

// count says how often an event of a kind is on record.
func (h *house) count(s incident.Stream, kind string) int {
	h.t.Helper()
	n := 0
	for _, r := range h.events(s) {
		if incident.NameOf(r.Event) == kind {
			n++
		}
	}
	return n
}

// jobs lists jobs of an incident in a state, by key.
func (h *house) jobs(s incident.Stream, state store.JobState) []store.Job {
	h.t.Helper()
	jobs, err := h.desk.Jobs(h.t.Context(), store.JobFilter{Stream: s, State: state, Limit: 10_000})
	if err != nil {
		h.t.Fatal(err)
	}
	return jobs
}

// roomID is the far side's id of the incident's room.
func (h *house) roomID(s incident.Stream) string {
	h.t.Helper()
	inc := h.state(s)
	if len(inc.Rooms) == 0 {
		h.t.Fatal("the incident has no room")
	}
	return inc.Rooms[0].ID
}

// keyed lists messages of the incident's room that jobs of a kind posted.
func (h *house) keyed(s incident.Stream, part string) []farMessage {
	h.t.Helper()
	return slices.DeleteFunc(h.world.in(h.roomID(s)), func(m farMessage) bool { return !strings.Contains(m.Key, part) })
}

// one is the one message of a list that holds some words.
func (h *house) one(all []farMessage, words string) farMessage {
	h.t.Helper()
	found := slices.DeleteFunc(slices.Clone(all), func(m farMessage) bool { return !strings.Contains(m.Text, words) })
	if len(found) != 1 {
		h.t.Fatalf("%d messages hold %q, want one; there are:\n%s", len(found), words, texts(all))
	}
	return found[0]
}

func (h *house) none(all []farMessage, words string) {
	h.t.Helper()
	for _, m := range all {
		if strings.Contains(m.Text, words) {
			h.t.Errorf("a message holds %q:\n%s", words, m.Text)
		}
	}
}

func texts(all []farMessage) string {
	var b strings.Builder
	for _, m := range all {
		fmt.Fprintf(&b, "--- %s in %s (thread %q, only %q), edited %d times\n%s\n", m.ID, m.Room, m.Thread, m.Only, m.Edits, m.Text)
	}
	return b.String()
}
