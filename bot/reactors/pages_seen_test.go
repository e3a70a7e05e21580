package reactors_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/reactors"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

func TestAPageIsSeen(t *testing.T) {
	t.Parallel()
	t.Run("when it comes to stand there a while later", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.bell.hides = true })
		h.run(10 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageTaken || p.There() {
			t.Fatalf("a page that was not seen is %s", p.State)
		}
		h.none(h.keyed(s, "/pages/receipt/"), "paged")
		h.bell.hides = false
		h.run(10 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageFound {
			t.Errorf("the page is %s", p.State)
		}
		h.one(h.keyed(s, "/pages/receipt/"), "paged")
	})
	t.Run("one that never comes to stand there is bad news, until it does", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.bell.hides = true })
		h.run(90 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || !strings.Contains(p.Failure, "not there") {
			t.Fatalf("the page is %s: %s", p.State, p.Failure)
		}
		h.one(h.keyed(s, "/pages/failed/"), "not there")
		h.bell.hides = false
		h.run(time.Minute)
		if p := h.pageOf(s, "p1"); p.State != incident.PageFound || len(h.world.Pages) != 1 {
			t.Errorf("the page is %s, there are %d", p.State, len(h.world.Pages))
		}
	})
	t.Run("what nobody told is found by looking", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, nil)
		h.run(10 * time.Second)
		h.bell.find(reactors.PageKey(s, "p1")).act(integrations.PageAct{Verb: "acknowledge", Email: "cy@example.com"})
		h.run(time.Minute)
		if p := h.pageOf(s, "p1"); p.State != incident.PageAcked || p.Acker != h.people["cy"] {
			t.Fatalf("the page is %+v", p)
		}
		h.bell.find(reactors.PageKey(s, "p1")).act(integrations.PageAct{Verb: "resolve", Email: "cy@example.com"})
		h.run(3 * time.Minute)
		if p := h.pageOf(s, "p1"); p.State != incident.PageOver || p.Ender != h.people["cy"] {
			t.Errorf("the page is %+v", p)
		}
	})
	t.Run("a pager that cannot be asked is not, and its word has to do", func(t *testing.T) {
		t.Parallel()
		looked := 0
		h, s := paged(t, func(h *house) {
			h.bell.blind = true
			h.bell.fail = func(call string) error {
				if call == "look" {
					looked++
				}
				return nil
			}
		})
		h.run(4 * time.Minute)
		if p := h.pageOf(s, "p1"); p.State != incident.PageTaken || !p.Blind || !p.There() || looked != 0 {
			t.Errorf("the page is %+v, looked %d times", p, looked)
		}
	})
	t.Run("it is looked at for a day, and then no more", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, nil)
		h.run(25 * time.Hour)
		for _, j := range h.jobs(s, store.Owed) {
			if j.Verb == "look" {
				t.Errorf("it is still looked at: %+v", j)
			}
		}
	})
	t.Run("a page that comes through after the end is resolved", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.lose = func(call string) error {
				if call != "page" {
					return nil
				}
				h.bell.lose = nil
				return fault.New(fault.Unknown, "No answer came.")
			}
		})
		h.step()
		h.bell.hides = true // not there yet when the end is told
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
		h.bell.find(reactors.PageKey(s, "p1")).State = integrations.Seen
		h.step()
		h.bell.hides = false
		h.run(time.Minute)
		if far := h.bell.find(reactors.PageKey(s, "p1")); far.State != integrations.Over || len(h.world.Pages) != 1 {
			t.Errorf("at the pager it is %s", far.State)
		}
	})
}

func TestResolvedAtThePager(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(10 * time.Second)
	key := reactors.PageKey(s, "p1")
	h.bell.find(key).State = integrations.Over
	h.hear(s, integrations.Receipt{Key: key, State: integrations.Over, By: "cy@example.com", At: h.clock.Now()})
	h.run(10 * time.Second)
	if inc := h.state(s); !inc.Status.Open() {
		t.Fatalf("the incident is %s", inc.Status)
	}
	asks := h.one(h.keyed(s, "/pages/ended/"), "resolved page p1")
	if !slices.ContainsFunc(asks.Buttons, func(b string) bool { return strings.HasPrefix(b, "Resolve ") }) {
		t.Errorf("its buttons are %v", asks.Buttons)
	}
	if len(asks.Pings) != 0 {
		t.Errorf("it pings %v", asks.Pings)
	}
}

func TestNobodyIsOnCall(t *testing.T) {
	t.Parallel()
	t.Run("it fails at once, with the level at which somebody is", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.lines = []integrations.OnCall{{Level: 1, Name: "Cy", From: dawn().Add(time.Hour)}, {Level: 2, Name: "Dee"}}
		})
		h.run(2 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || p.Next != 2 || p.Unsure || len(h.world.Pages) != 0 {
			t.Fatalf("the page is %+v, the pager has %d", p, len(h.world.Pages))
		}
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Escalate(a, "p1") })
		h.run(2 * time.Second)
		if p := h.pageOf(s, "p2"); p.State != incident.PageFound || p.Level != 2 {
			t.Errorf("the page to the next level is %+v", p)
		}
	})
	t.Run("a pager that does not say who is, is asked to page", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.fail = func(call string) error {
				if call == "oncall" {
					return fault.New(fault.Unavailable, "Not now.")
				}
				return nil
			}
		})
		h.run(2 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageFound {
			t.Errorf("the page is %s", p.State)
		}
	})
}

func TestWhatPeopleDoToAPage(t *testing.T) {
	t.Parallel()
	t.Run("is told to the pager with who did it, and whom it names", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, nil)
		h.run(2 * time.Second)
		far := h.bell.find(reactors.PageKey(s, "p1"))
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.NotePage(a, "p1", "the queue is full")
		})
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.AskResponder(a, "p1", h.person("dee"))
		})
		h.run(2 * time.Second)
		if far.Note != "the queue is full" || !slices.Equal(far.Added, []string{"dee@example.com"}) {
			t.Errorf("at the pager it is %+v", far)
		}
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Reassign(a, "p1", h.person("dee"))
		})
		h.run(2 * time.Second)
		if p := h.pageOf(s, "p1"); far.To != "dee@example.com" || p.To.Kind != "" {
			t.Errorf("at the pager it goes to %q; here %+v", far.To, p)
		}
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Acknowledge(a, "p1") })
		h.run(2 * time.Second)
		if far.State != integrations.Acknowledged || far.By != "bo@example.com" {
			t.Errorf("at the pager it is %s by %q", far.State, far.By)
		}
	})
	t.Run("words stay in the house when the incident became private meanwhile", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, nil)
		h.run(5 * time.Second)
		h.handed = false
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.NotePage(a, "p1", "the secret cause")
		})
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.SetPrivate(a, true, "customer data")
		})
		h.run(10 * time.Second)
		if far := h.bell.find(reactors.PageKey(s, "p1")); far.Note != "" {
			t.Errorf("the pager was told %q", far.Note)
		}
	})
	t.Run("comes too late for one that is over there: it stays over, and the receipt says so", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, nil)
		h.run(2 * time.Second)
		far := h.bell.find(reactors.PageKey(s, "p1"))
		far.State, far.By = integrations.Over, "cy@example.com"
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Acknowledge(a, "p1") })
		h.run(2 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageOver || far.State != integrations.Over {
			t.Errorf("the page is %s here, %s there", p.State, far.State)
		}
	})
	t.Run("before the pager has the page waits for it", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.lose = func(call string) error {
				if call != "page" {
					return nil
				}
				h.bell.lose, h.bell.hides = nil, true
				return fault.New(fault.Unknown, "No answer came.")
			}
		})
		h.step()
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Acknowledge(a, "p1") })
		h.bell.hides = false
		h.run(10 * time.Second)
		if far := h.bell.find(reactors.PageKey(s, "p1")); far.State != integrations.Acknowledged || len(h.world.Pages) != 1 {
			t.Errorf("at the pager it is %q, there are %d", far.State, len(h.world.Pages))
		}
	})
}

func TestWhoIsOnCallIsKeptAtHand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bell.lines = []integrations.OnCall{{Level: 1, Name: "Cy", Phone: "+44 20 1234"}}
	o := h.outside(h.desk)
	o.FreshenOnCall(t.Context(), h.clock.Now())
	asked := 0
	h.bell.fail = func(call string) error {
		if call == "oncall" {
			asked++
		}
		return fault.New(fault.Unavailable, "The pager does not answer.")
	}
	o.FreshenOnCall(t.Context(), h.clock.Now().Add(time.Minute))
	if asked != 0 {
		t.Error("it is asked again after a minute")
	}
	o.FreshenOnCall(t.Context(), h.clock.Now().Add(6*time.Minute))
	if asked != 1 {
		t.Errorf("after six minutes it was asked %d times", asked)
	}
	h.clock.Advance(3 * time.Hour)
	s := h.declare(ranked(incident.Sev2))
	h.page(s, team())
	h.run(time.Minute)
	if p := h.pageOf(s, "p1"); !strings.Contains(p.Call, "+44 20 1234") {
		t.Errorf("to call instead: %q", p.Call)
	}
}

func TestOldNewsChangeNothing(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(10 * time.Second)
	key, now := reactors.PageKey(s, "p1"), h.clock.Now()
	h.hear(s, integrations.Receipt{Key: key, State: integrations.Escalated, Whom: "Dee", At: now.Add(-3 * time.Second)})
	h.hear(s, integrations.Receipt{Key: key, State: integrations.Escalated, Whom: "Dee", At: now.Add(-2 * time.Second)})
	if p := h.pageOf(s, "p1"); p.Level != 2 || p.Whom != "Dee" {
		t.Errorf("told twice without a level, it is at level %d with %q", p.Level, p.Whom)
	}
	h.hear(s, integrations.Receipt{Key: key, State: integrations.Acknowledged, By: "dee@example.com", At: now})
	h.hear(s, integrations.Receipt{Key: key, State: integrations.Reassigned, Whom: "Cy", At: now.Add(-time.Second)})
	if p := h.pageOf(s, "p1"); p.State != incident.PageAcked || p.Acker != h.people["dee"] || !p.AckedAt.Equal(now) {
		t.Errorf("the page is %+v", p)
	}
	h.hear(s, integrations.Receipt{Key: key, State: integrations.Noted, By: "Dee", Note: "on my way", At: now})
	if p := h.pageOf(s, "p1"); p.Note.String() != "on my way" || p.State != incident.PageAcked {
		t.Errorf("the page is %+v", p)
	}
}
