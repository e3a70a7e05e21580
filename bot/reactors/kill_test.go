package reactors_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// scene is one thing that people do in the life of an incident.
type scene struct {
	who string
	do  func(i incident.Incident, a incident.Actor) ([]incident.Event, error)
	run time.Duration
}

// killPolicy pages a team at sev1, archives rooms and forgets what was said in them.
func killPolicy(p *incident.Policy) {
	for i, r := range p.Severities {
		if r.Level == incident.Sev1 {
			p.Severities[i].Page = []incident.Target{{Kind: incident.TeamTarget, Name: "checkout"}}
		}
	}
	p.Checklists = []incident.Checklist{{Name: "major", Severity: incident.Sev1, Lines: []string{"open a call", "tell support"}}}
	p.Archive, p.KeepTalk = 20*time.Minute, 20*time.Minute
}

// scenes are a whole life, after the declare.
func scenes(h *house) []scene {
	return []scene{
		{"dee", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Follow(a, false) }, time.Second},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Take(a, incident.Commander, h.policy)
		}, 5 * time.Second},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Page(a, incident.Target{Kind: incident.PersonTarget, Name: "cy", Person: h.people["cy"]}, "please look", "")
		}, 5 * time.Second},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.PostUpdate(a, "We are looking at it.", time.Time{}, false, h.policy)
		}, 5 * time.Second},
		{"ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Note(a, "errors began with the deploy", time.Time{})
		}, time.Second},
		{"cy", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Acknowledge(a, "p2") }, 5 * time.Second},
		{"ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Remind(a, a.At.Add(3*time.Minute), "call the bank")
		}, time.Second},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.OfferHandover(a, incident.Commander, h.people["dee"], "")
		}, 6 * time.Minute},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Resolve(a, "rolled back")
		}, 5 * time.Second},
		{"ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Reopen(a, "it is back", h.policy)
		}, 5 * time.Second},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") }, time.Second},
		{"bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Close(a, "") }, 25 * time.Minute},
	}
}

// live plays a life, and starts the worker anew whenever it has died. What an
// earlier process has played already is not played again.
func (h *house) live(life []scene) incident.Stream {
	h.t.Helper()
	s := h.declare(sev1())
	h.outlive(h.unless(10 * time.Second))
	for i, sc := range life {
		h.changeAs(s, fmt.Sprint("scene ", i), sc.who, sc.do)
		if i == len(life)-1 {
			h.repeat = false // the end is waited for in any case
		}
		h.outlive(h.unless(sc.run))
	}
	return s
}

// unless shortens the time after something that had happened before.
func (h *house) unless(d time.Duration) time.Duration {
	if h.repeat {
		return min(d, time.Second)
	}
	return d
}

func (h *house) outlive(d time.Duration) {
	h.t.Helper()
	h.run(d)
	for h.talk.trap.isDead() {
		h.clock.Advance(worker.Lease + time.Second)
		h.start(&trap{})
		h.run(d + 10*time.Second)
	}
}

// traces are what a life leaves at the far side: how often each key is there.
func (w *world) traces() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]int{}
	for _, m := range w.Messages {
		out["message "+m.Key+" in "+m.Room]++
	}
	for _, r := range w.Rooms {
		out["room "+r.Key]++
	}
	for _, p := range w.Pages {
		out["page "+p.Key]++
	}
	for _, a := range w.Acts {
		out["act "+a]++
	}
	return out
}

// kinds counts the events of a life.
func (h *house) kinds(s incident.Stream) map[string]int {
	out := map[string]int{}
	for _, r := range h.events(s) {
		out[incident.NameOf(r.Event)]++
	}
	return out
}

// checkSettled fails when anything is still owed, or was given up.
func (h *house) checkSettled(s incident.Stream) {
	h.t.Helper()
	for _, j := range h.jobs(s, "") {
		switch j.State {
		case store.Finished, store.Unneeded:
		case store.Owed, store.Buried, store.OnHold:
			h.t.Errorf("%s is %s (due %s, %d attempts, unsure %v): %s", j.Key, j.State, j.Due, j.Attempts, j.Unsure, j.Why)
		}
		if j.Kept && j.Done < j.Want {
			h.t.Errorf("%s was drawn at version %d and wants %d", j.Key, j.Done, j.Want)
		}
	}
	left, err := h.desk.Unplanned(h.t.Context(), h.clock.Now().Add(time.Hour), 10)
	if err != nil || len(left) > 0 {
		h.t.Errorf("%d events were never planned (%v)", len(left), err)
	}
}

// mode is what the far side of a run can recognise.
type mode struct {
	name                 string
	keyed, finder, blind bool
}

func modes() []mode {
	return []mode{
		{"keys are recognised", true, false, false},
		{"messages can be looked up", false, true, false},
		{"a pager that recognises nothing", true, false, true},
		{"a chat that recognises nothing", false, false, false},
	}
}

func (m mode) house(t testing.TB) *house {
	t.Helper()
	return m.prepare(newHouse(t))
}

func (m mode) prepare(h *house) *house {
	killPolicy(&h.policy)
	h.talk.keyed, h.talk.finder, h.bell.blind = m.keyed, m.finder, m.blind
	return h
}

// mute says that chatter is not sent again when it may have been sent.
func (m mode) mute() bool { return !m.keyed && !m.finder }

// loose says that a trace need not be the same: what may have been said is not
// said again, and that it was given up moves the versions in later keys.
func (m mode) loose(what string) bool { return m.mute() && strings.HasPrefix(what, "message ") }

// expect is what a life leaves when nobody dies in it.
type expect struct {
	steps  int
	dear   []int // steps beside calls that may not be doubled
	traces map[string]int
	kinds  map[string]int
}

func (m mode) undisturbed(t *testing.T, life func(h *house) []scene) expect {
	t.Helper()
	h := m.house(t)
	count := &trap{}
	h.start(count)
	s := h.live(life(h))
	h.checkSettled(s)
	return expect{steps: count.n, dear: count.dear, traces: h.world.traces(), kinds: h.kinds(s)}
}

// checkWhole fails when the undisturbed life is not what it should be.
func (e expect) checkWhole(t *testing.T) {
	t.Helper()
	for what, n := range e.traces {
		if n != 1 {
			t.Errorf("undisturbed, %s is there %d times", what, n)
		}
	}
	for kind, n := range map[string]int{"room_opened": 1, "announcement_posted": 1, "page_accepted": 2, "reminder_done": 1, "room_archived": 1, "checklist_added": 1} {
		if e.kinds[kind] != n {
			t.Errorf("undisturbed, %s is on record %d times, want %d", kind, e.kinds[kind], n)
		}
	}
}

// check compares a life with a death in it to one without.
func (e expect) check(h *house, m mode, s incident.Stream) {
	h.t.Helper()
	if !m.mute() {
		h.checkSettled(s)
	}
	got := h.world.traces()
	for what, n := range got {
		twice := n == 2 && m.blind && strings.HasPrefix(what, "page ") && h.marked(s, what)
		if n > 1 && !twice {
			h.t.Errorf("%s is there %d times", what, n)
		}
		if e.traces[what] == 0 && !m.loose(what) {
			h.t.Errorf("%s should not be there", what)
		}
	}
	for what := range e.traces {
		if got[what] == 0 && !m.loose(what) {
			h.t.Errorf("%s was lost", what)
		}
	}
	kinds := h.kinds(s)
	if m.mute() {
		delete(kinds, "effect_parked")
	}
	if !m.mute() && !maps.Equal(kinds, e.kinds) {
		h.t.Errorf("the timeline has %v, want %v", kinds, e.kinds)
	}
}

// marked says that a page that may have been sent twice is marked so.
func (h *house) marked(s incident.Stream, what string) bool {
	for _, r := range h.events(s) {
		if e, ok := r.Event.(incident.PageAccepted); ok && e.MaybeTwo && strings.HasSuffix(what, "/"+string(e.Page)) {
			return true
		}
	}
	return false
}

// strideOf is how many steps are between two deaths: one in CI's own step for
// it, some where everything is tried, and more elsewhere.
func strideOf(some int) int {
	switch {
	case os.Getenv("TOCSIN_KILL_EVERY_STEP") == "1":
		return 1
	case os.Getenv("TOCSIN_REQUIRE_ALL") == "1":
		return some
	}
	return 3 * some
}

// deaths are the steps to die at: every so many, and all that are dear.
func (e expect) deaths(first, stride int) []int {
	out := slices.Clone(e.dear)
	for n := first; n <= e.steps; n += stride {
		out = append(out, n)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for at, m := range modes() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			e := m.undisturbed(t, scenes)
			e.checkWhole(t)
			if e.steps < 300 {
				t.Fatalf("a life has only %d steps", e.steps)
			}
			for _, n := range e.deaths(1+at, strideOf(41)) {
				h := m.house(t)
				h.start(&trap{at: n})
				s := h.live(scenes(h))
				e.check(h, m, s)
				if t.Failed() {
					t.Fatalf("killed at step %d of %d; what is there:\n%s", n, e.steps, strings.Join(slices.Sorted(maps.Keys(h.world.traces())), "\n"))
				}
			}
		})
	}
}
