package bot_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// plan is what a life without a death comes to.
type plan struct {
	steps, calls int
	sights       map[string]int
	events       map[string]int
}

func undisturbedInSlack(t *testing.T, w way) (out plan) {
	t.Helper()
	p := &trap{}
	liveInSlack(t, w, p, func(l *killLife) {
		out = plan{p.steps, p.calls, l.sights(), l.events()}
		l.checkSettled()
	})
	for what, n := range out.sights {
		if n != 1 {
			t.Errorf("undisturbed, this is there %d times: %s", n, what)
		}
	}
	for kind, n := range map[string]int{"room_opened": 1, "announcement_posted": 1, "page_accepted": 1, "update_posted": 1} {
		if out.events[kind] != n {
			t.Errorf("undisturbed, %s is on record %d times, want %d", kind, out.events[kind], n)
		}
	}
	if out.steps < 250 || out.calls < 25 || len(out.sights) < 15 {
		t.Fatalf("a life has only %d steps, %d calls and %d things to see", out.steps, out.calls, len(out.sights))
	}
	return out
}

// check compares a life with a mishap in it to one without. What one person
// alone is shown may be lost with the program. An answer to words of their own
// may come twice, since Slack keeps no record of it; a welcome may not.
func (e plan) check(l *killLife) {
	l.t.Helper()
	l.checkSettled()
	got := l.sights()
	for what, n := range got {
		answer := strings.HasPrefix(what, "only ") && !strings.Contains(what, "INC-1 the tills are failing: triage")
		if n > 1 && (!answer || n > 2 || !l.way.mention) {
			l.t.Errorf("this is there %d times: %s", n, what)
		}
		held := l.died > 1 && strings.Contains(what, "I could not confirm the page") // see below
		if e.sights[what] == 0 && !strings.HasPrefix(what, "only ") && !held {
			l.t.Errorf("this should not be there: %s", what)
		}
	}
	for what := range e.sights {
		if got[what] == 0 && !strings.HasPrefix(what, "only ") {
			l.t.Errorf("this was lost: %s", what)
		}
	}
	events := l.events()
	if l.died > 1 {
		// That somebody came in, Slack tells again, and later than this life lasts.
		events["member_added"] = e.events["member_added"]
		// Two dead programs hold a page up for a minute, and then the room is told so.
		if e.events["page_failed"] == 0 {
			delete(events, "page_failed")
		}
	}
	if !maps.Equal(events, e.events) {
		l.t.Errorf("the timeline has %v, want %v", events, e.events)
	}
}

// sample gives all numbers to n when every step is asked for, else some of them.
func sample(n, some int) []int {
	if os.Getenv("TOCSIN_KILL_EVERY_STEP") == "1" {
		some = n
	}
	out := rand.Perm(n)[:min(some, n)]
	for i := range out {
		out[i]++
	}
	slices.Sort(out)
	return out
}

// TestKilledInSlackAtEveryStep kills the whole program at a step of an
// incident's life in a fake Slack, and sees that the next program leaves
// everything there once.
func TestKilledInSlackAtEveryStep(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		w := ways(i)
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			e := undisturbedInSlack(t, w)
			for _, n := range sample(e.steps, 4) {
				if !w.mention {
					w.second = n % 3 * n % 59 // of three, two die again while the next program tidies up
				}
				p := &trap{at: n}
				t.Run(fmt.Sprint("step ", n), func(t *testing.T) {
					liveInSlack(t, w, p, e.check)
				})
			}
		})
	}
}

const shownYetRefused = "is done, and answered with 429"

// mishaps are the ways in which one call of Slack goes wrong.
func mishaps() map[string]mishap {
	return map[string]mishap{
		"is done, and its reply is lost":       lose,
		"is answered with 429":                 refuseWith(http.StatusTooManyRequests, ""),
		"is answered with 503":                 refuseWith(http.StatusServiceUnavailable, "<html>"),
		"is answered with ratelimited":         refuseWith(http.StatusOK, `{"ok":false,"error":"ratelimited"}`),
		"is answered with an error of Slack's": refuseWith(http.StatusOK, `{"ok":false,"error":"internal_error"}`),
		"hangs":                                hang,
		"is done, and answered with 500":       doneYet(http.StatusInternalServerError),
		shownYetRefused:                        doneYet(http.StatusTooManyRequests),
	}
}

// TestKillNothingByOneCallGoneWrong lets one call of an incident's life go
// wrong, each in turn, and sees that everything is there once all the same.
func TestKillNothingByOneCallGoneWrong(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		w := ways(i)
		w.wait = 45 * time.Second // Slack may ask for half a minute
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			e := undisturbedInSlack(t, w)
			for name, how := range mishaps() {
				for _, n := range sample(e.calls, 1) {
					p := &trap{harmAt: n, harm: how}
					t.Run(fmt.Sprintf("call %d %s", n, name), func(t *testing.T) {
						liveInSlack(t, w, p, func(l *killLife) {
							if p.harmed == "chat.postEphemeral" && name == shownYetRefused {
								return // it is shown again: nobody can tell
							}
							e.check(l)
							if t.Failed() {
								t.Log("it was", p.harmed)
							}
						})
					})
				}
			}
		})
	}
}

// TestKillNothingByLosingEachReplyOnce lets the reply to every call that
// changes something be lost once.
func TestKillNothingByLosingEachReplyOnce(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		w := ways(i)
		w.wait = 4 * time.Minute // tries that fail one after the other come ever later
		t.Run(w.String(), func(t *testing.T) {
			t.Parallel()
			e := undisturbedInSlack(t, w)
			w.lossy = true
			liveInSlack(t, w, &trap{}, e.check)
		})
	}
}
