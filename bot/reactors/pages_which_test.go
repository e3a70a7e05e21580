package reactors_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/bot/reactors"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func TestWhichPager(t *testing.T) {
	t.Parallel()
	t.Run("a drill goes to the practice pager and to no other", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		practice := &bell{name: reactors.Practice, world: &world{}}
		h.pagers = append(h.pagers, practice)
		h.start(&trap{})
		d := ranked(incident.Sev1)
		d.Drill = true
		s := h.declare(d)
		h.page(s, team())
		h.run(5 * time.Second)
		if len(h.world.Pages) != 0 || len(practice.world.Pages) != 1 {
			t.Errorf("the real pager has %d pages, the practice pager %d", len(h.world.Pages), len(practice.world.Pages))
		}
		if p := h.pageOf(s, "p1"); !p.Practice {
			t.Error("the receipt does not say that nobody was woken")
		}
	})
	t.Run("a drill without one wakes nobody and says so", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		d := ranked(incident.Sev1)
		d.Drill = true
		s := h.declare(d)
		h.page(s, team())
		h.run(5 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || len(h.world.Pages) != 0 {
			t.Errorf("the page is %s, the real pager has %d", p.State, len(h.world.Pages))
		}
	})
	t.Run("policy's pager is taken", func(t *testing.T) {
		t.Parallel()
		other := &bell{name: "siren", world: &world{}}
		p := reactors.NewPagers(&bell{name: "bell"}, other)
		if g, ok := p.For(incident.Target{Kind: incident.TeamTarget, Pager: "siren"}, false); !ok || g.Name() != "siren" {
			t.Error("the named pager is not found")
		}
		if _, ok := p.For(incident.Target{Kind: incident.TeamTarget, Pager: "gone"}, false); ok {
			t.Error("a pager that is not set up is found")
		}
		if g, ok := p.For(team(), false); !ok || g.Name() != "bell" {
			t.Error("without a name it is not the first")
		}
	})
	t.Run("a team without any pager fails at once and names whom to call", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.pagers = nil; h.start(&trap{}) })
		h.run(2 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || p.Call != "Cy" {
			t.Errorf("the page is %s, to call instead: %q", p.State, p.Call)
		}
		if len(h.jobs(s, store.OnHold)) != 1 {
			t.Error("it cannot be retried when a pager is set up")
		}
	})
}

func TestPageAsDirectMessage(t *testing.T) {
	t.Parallel()
	alone := func(h *house) { h.pagers = nil; h.start(&trap{}) }
	t.Run("asks the person, with a button", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		alone(h)
		s := h.declare(ranked(incident.Sev2))
		h.page(s, h.person("cy"))
		h.run(5 * time.Second)
		m := h.one(h.world.in("alone-cy"), "checkout fails")
		if !slices.Contains(m.Buttons, "I'm on it") {
			t.Errorf("its buttons are %v", m.Buttons)
		}
		if p := h.pageOf(s, "p1"); p.State != incident.PageFound || p.Pager != reactors.Direct || p.Whom != "Cy" {
			t.Errorf("the page is %+v", p)
		}
	})
	t.Run("has no next level, and says so", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		alone(h)
		s := h.declare(ranked(incident.Sev2))
		h.page(s, h.person("cy"))
		h.run(5 * time.Second)
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Escalate(a, "") })
		h.run(5 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken {
			t.Errorf("a page that nobody escalated is %s", p.State)
		}
	})
	t.Run("is sent again and marked where it cannot be looked up", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		alone(h)
		h.talk.keyed = false
		lost := false
		h.talk.lose = func(call, room string) error {
			if call == "post" && room == "alone-cy" && !lost {
				lost = true
				return fault.New(fault.Unknown, "No answer came.")
			}
			return nil
		}
		s := h.declare(ranked(incident.Sev2))
		h.page(s, h.person("cy"))
		h.run(20 * time.Second)
		if p := h.pageOf(s, "p1"); !p.MaybeTwo || len(h.world.in("alone-cy")) != 2 {
			t.Errorf("may be two: %v, there are %d messages", p.MaybeTwo, len(h.world.in("alone-cy")))
		}
	})
	t.Run("fails for somebody who has no account", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		alone(h)
		p, err := h.desk.Meet(t.Context(), incident.Account{Platform: "elsewhere", Workspace: "w", ID: "eve"}, store.Seen{Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		h.people["eve"] = p.ID
		s := h.declare(ranked(incident.Sev2))
		h.page(s, h.person("eve"))
		h.run(5 * time.Second)
		if got := h.pageOf(s, "p1"); got.State != incident.PageBroken {
			t.Errorf("the page is %s", got.State)
		}
	})
}

func TestPageOfAPrivateIncident(t *testing.T) {
	t.Parallel()
	secret := incident.Declaration{Title: "the secret title", Severity: incident.Sev1, Private: true}
	t.Run("tells the id and nothing else", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(secret)
		h.page(s, team())
		h.run(5 * time.Second)
		sent := h.world.Pages[0]
		if !strings.Contains(sent.Summary, "You are needed in a private incident") || !strings.Contains(sent.Summary, "INC-1") {
			t.Errorf("the pager got %q", sent.Summary)
		}
		if strings.Contains(sent.Summary, "secret") || strings.Contains(sent.Summary, "help") || sent.Link != "" || sent.Severity != 0 {
			t.Errorf("what left the house: %+v", sent)
		}
	})
	t.Run("unless policy trusts the team", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.policy.Teams[0].Private = true
		s := h.declare(secret)
		h.page(s, team())
		h.run(5 * time.Second)
		if sent := h.world.Pages[0]; !strings.Contains(sent.Summary, "the secret title") {
			t.Errorf("the pager got %q", sent.Summary)
		}
	})
}
