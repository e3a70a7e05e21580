package reactors_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/redis"
	"tocsin/store/sqlite"
	"tocsin/store/storetest"
)

// shortLife is played by processes that are killed.
func shortLife(h *house) []scene {
	all := scenes(h)
	return []scene{all[0], all[1], all[3], all[6], all[8], all[11]}
}

// What a child process is told.
const (
	childOn   = "TOCSIN_TEST_KILL_ON"   // "sqlite:<folder>" or "redis://…"
	childDir  = "TOCSIN_TEST_KILL_DIR"  // where far sides are kept
	childStep = "TOCSIN_TEST_KILL_STEP" // die there
	childPast = "TOCSIN_TEST_KILL_PAST" // bring the life that died there to its end first; 0: none
)

// TestKillChild is not a test of its own: it is what the killed processes run.
// It ends the life that the process before it left behind, checks it, and
// begins another, in which it kills itself with SIGKILL.
func TestKillChild(t *testing.T) {
	on, dir := os.Getenv(childOn), os.Getenv(childDir)
	if on == "" {
		return
	}
	m := modes()[0]
	e := m.undisturbed(t, shortLife)
	if past, _ := strconv.Atoi(os.Getenv(childPast)); past > 0 {
		h := m.prepare(childHouse(t, on, dir, past))
		h.start(&trap{})
		e.check(h, m, h.live(shortLife(h)))
		if t.Failed() {
			t.Fatalf("the life killed at step %d of %d left:\n%s", past, e.steps, texts(h.world.in("incidents")))
		}
	}
	n, err := strconv.Atoi(os.Getenv(childStep))
	if err != nil {
		t.Fatal(err)
	}
	if n > e.steps {
		fmt.Println("every step was met")
		return
	}
	h := m.prepare(childHouse(t, on, dir, n))
	h.start(&trap{at: n, spring: func() {
		h.world.keep() // for its clock
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}})
	h.live(shortLife(h))
	t.Fatalf("step %d of %d was never met", n, e.steps)
}

// childHouse is a house on a store and a far side that outlive the process.
func childHouse(t *testing.T, on, dir string, n int) *house {
	t.Helper()
	w, err := load(filepath.Join(dir, fmt.Sprint("world-", n)))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{at: dawn()}
	if !w.At.IsZero() {
		c.at = w.At.Add(worker.Lease + time.Second)
	}
	w.now = c.Now
	var d store.Driver
	if folder, ok := strings.CutPrefix(on, "sqlite:"); ok {
		d, err = sqlite.Open(t.Context(), filepath.Join(folder, fmt.Sprint("store-", n)), sqlite.Options{Now: c.Now})
	} else {
		d, err = redis.Open(t.Context(), on, redis.Options{Prefix: fmt.Sprint("{kill", n, "}")})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return houseOn(t, c, d, w)
}

// killed runs children, each of which dies one stride later than the one
// before, until every step was met.
func killed(t *testing.T, on string, stride int) {
	t.Helper()
	dir, past := t.TempDir(), 0
	first := 1 + rand.IntN(stride) // so that over some runs all steps are met
	t.Logf("killed at step %d, and then at each %d further on", first, stride)
	for n := first; ; n += stride {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKillChild$")
		cmd.Env = append(os.Environ(), childOn+"="+on, childDir+"="+dir, childStep+"="+strconv.Itoa(n), childPast+"="+strconv.Itoa(past))
		out, err := cmd.CombinedOutput()
		stop()
		if err == nil && strings.Contains(string(out), "every step was met") {
			return
		}
		exit, died := errors.AsType[*exec.ExitError](err)
		if !died || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("the process that should die at step %d ended otherwise: %v\n%s", n, err, out)
		}
		past = n
	}
}

// apart is how many steps are between two deaths of real processes. Each takes
// half a second, so CI tries one in three; those that die inside this process
// die at every step.
func apart(some int) int {
	const inCI = 3
	return max(inCI, strideOf(some))
}

func TestKillNineOnSQLite(t *testing.T) {
	t.Parallel()
	killed(t, "sqlite:"+t.TempDir(), apart(61))
}

func TestKillNineOnRedis(t *testing.T) {
	t.Parallel()
	r := storetest.StartRedis(t, os.Getenv("TOCSIN_REQUIRE_REDIS") == "1", "--appendfsync", "always")
	killed(t, r.URL(), apart(83))
}

func TestTwoWorkersOnOneStore(t *testing.T) {
	t.Parallel()
	for _, m := range modes()[:2] {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			e := m.undisturbed(t, scenes)
			h := m.house(t)
			h.start(&trap{})
			first, other := h.w, h.replica("the other", store.New(h.driver, store.Options{Now: h.clock.Now}))
			h.turn = func() { // they take turns, and both get every event
				if h.w == first {
					h.w = other
				} else {
					h.w = first
				}
			}
			s := h.live(scenes(h))
			e.check(h, m, s)
		})
	}
}

func TestLateStart(t *testing.T) {
	t.Parallel()
	t.Run("what was owed while nobody ran is done when somebody does", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.start(&trap{at: 1})
		s := h.declare(sev1())
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Remind(a, a.At.Add(10*time.Minute), "call the bank")
		})
		h.step()
		h.clock.Advance(3*time.Hour + 10*time.Minute)
		h.start(&trap{})
		h.run(10 * time.Second)
		if m := h.one(h.world.in(h.roomID(s)), "call the bank"); !strings.Contains(m.Text, "late") {
			t.Errorf("the reminder does not say that it is late: %s", m.Text)
		}
		if h.count(s, "reminder_done") != 1 {
			t.Error("the reminder is not on record once")
		}
	})
}
