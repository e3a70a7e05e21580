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
)

// post is a pager that only sends.
type post struct{ *bell }

func (post) OneWay() {}

func newPost(name string) post { return post{&bell{name: name, world: &world{}, blind: true}} }

// away is a pager that nothing reaches.
func away(string) error { return fault.New(fault.Unavailable, "The pager does not answer.") }

// withWays is a house whose policy has other ways than the pager, which is
// prepared by set.
func withWays(t *testing.T, set func(h *house), ways ...string) (h *house, mail, hook post) {
	t.Helper()
	h = newHouse(t)
	mail, hook = newPost("email"), newPost("webhook")
	h.pagers = []integrations.Pager{mail, hook, h.bell}
	h.policy.Teams[0].Fallback = ways
	h.policy.Teams[0].People = []string{"cy@example.com", "dee@example.com"}
	if set != nil {
		set(h)
	}
	h.start(&trap{})
	return h, mail, hook
}

func (h *house) pageTeam() incident.Stream {
	h.t.Helper()
	s := h.declare(ranked(incident.Sev2))
	h.take(s, "bo", incident.Commander)
	h.run(5 * time.Second)
	h.page(s, team())
	return s
}

func TestOtherWaysWhenThePagerFails(t *testing.T) {
	t.Parallel()
	t.Run("the first way is tried after the third failure, as a page of its own", func(t *testing.T) {
		t.Parallel()
		h, mail, hook := withWays(t, func(h *house) { h.bell.fail = away }, "email", "webhook", "direct")
		s := h.pageTeam()
		h.run(20 * time.Second)
		p := h.pageOf(s, "p2")
		if p.After != "p1" || p.Turn != 1 || p.Pager != "email" || !strings.Contains(p.Why, "p1") {
			t.Fatalf("the second page is %+v", p)
		}
		if len(mail.world.Pages) != 1 || mail.world.Pages[0].Target != "cy@example.com" {
			t.Errorf("by mail went %+v", mail.world.Pages)
		}
		if len(hook.world.Pages) != 0 || len(h.world.in("alone-cy")) != 0 {
			t.Error("a further way was tried although this one went through")
		}
		receipts := h.keyed(s, "/pages/receipt/")
		if len(receipts) != 1 || !strings.Contains(receipts[0].Text, "p2") {
			t.Errorf("the second page is not shown under the first:\n%s", texts(receipts))
		}
	})
	t.Run("each that fails is followed by the next, and the room is told at once and at the end", func(t *testing.T) {
		t.Parallel()
		h, mail, hook := withWays(t, func(h *house) { h.bell.fail = away }, "email", "webhook", "direct")
		mail.refuses, hook.refuses = "No such mailbox.", "Gone."
		h.talk.fail = func(call, room string) error {
			if call == "direct" && room != "bo" {
				return fault.New(fault.Rejected, "They have left.")
			}
			return nil
		}
		s := h.pageTeam()
		h.run(30 * time.Second)
		for id, pager := range map[incident.PageID]string{"p2": "email", "p3": "webhook", "p4": reactors.Direct} {
			if p := h.pageOf(s, id); p.State != incident.PageBroken || p.Target.Pager != pager {
				t.Errorf("%s is %s, by %q", id, p.State, p.Target.Pager)
			}
		}
		if n := len(h.keyed(s, "/pages/failed/")); n != 2 {
			t.Errorf("the room was told %d times, want when the pager failed and when nothing was left", n)
		}
		if n := h.count(s, "page_requested"); n != 4 {
			t.Errorf("%d pages were asked for, want four", n)
		}
	})
	t.Run("a way that is not set up, or leads to nobody, is left out", func(t *testing.T) {
		t.Parallel()
		h, _, _ := withWays(t, func(h *house) {
			h.bell.fail = away
			h.pagers = []integrations.Pager{h.bell}
		}, "email", "webhook", "direct")
		s := h.pageTeam()
		h.run(20 * time.Second)
		if p := h.pageOf(s, "p2"); p.Pager != reactors.Direct || p.Turn != 3 || p.State != incident.PageFound {
			t.Errorf("the second page is %+v", p)
		}
		h.one(h.world.in("alone-cy"), "checkout fails")
	})
	t.Run("an answer ends it, and answers the first page too", func(t *testing.T) {
		t.Parallel()
		h, mail, hook := withWays(t, func(h *house) { h.bell.fail = away }, "direct", "email", "webhook")
		s := h.pageTeam()
		h.run(20 * time.Second)
		h.change(s, "cy", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Acknowledge(a, "p2") })
		h.run(time.Hour)
		if len(mail.world.Pages)+len(hook.world.Pages) != 0 || h.count(s, "page_requested") != 2 {
			t.Error("somebody is on it, and others were called")
		}
	})
	t.Run("without other ways nothing but the news follows", func(t *testing.T) {
		t.Parallel()
		h, _, _ := withWays(t, func(h *house) { h.bell.fail = away })
		s := h.pageTeam()
		h.run(time.Hour)
		if n := h.count(s, "page_requested"); n != 1 {
			t.Errorf("%d pages were asked for", n)
		}
	})
	t.Run("a drill goes on none", func(t *testing.T) {
		t.Parallel()
		h, mail, _ := withWays(t, func(h *house) { h.bell.name, h.bell.fail = reactors.Practice, away }, "email", "direct")
		d := ranked(incident.Sev2)
		d.Drill = true
		s := h.declare(d)
		h.page(s, team())
		h.run(10 * time.Minute)
		if len(mail.world.Pages) != 0 || h.count(s, "page_requested") != 1 {
			t.Error("a drill woke somebody")
		}
	})
	t.Run("of a private incident only the number leaves, and no team is told in chat", func(t *testing.T) {
		t.Parallel()
		h, mail, _ := withWays(t, func(h *house) { h.bell.fail = away }, "direct", "email")
		s := h.declare(incident.Declaration{Title: "the secret title", Severity: incident.Sev1, Private: true})
		h.page(s, team())
		h.run(30 * time.Second)
		if len(mail.world.Pages) != 1 || strings.Contains(mail.world.Pages[0].Summary, "secret") || mail.world.Pages[0].Link != "" {
			t.Errorf("by mail went %+v", mail.world.Pages)
		}
		if m := h.world.in("alone-cy"); len(m) != 0 {
			t.Errorf("in chat went %s", texts(m))
		}
	})
	t.Run("of a pager that hangs it is said that it may have gone through", func(t *testing.T) {
		t.Parallel()
		h, mail, _ := withWays(t, func(h *house) {
			h.bell.fail = func(string) error { return fault.New(fault.Unknown, "No answer came.") }
		}, "email")
		s := h.pageTeam()
		h.run(3 * time.Minute)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || !p.Unsure || !strings.Contains(p.Call, "Cy") {
			t.Errorf("the page is %+v", p)
		}
		if p := h.pageOf(s, "p2"); len(mail.world.Pages) != 1 || !strings.Contains(p.Why, "could not be confirmed") {
			t.Errorf("by mail went %d pages, %s", len(mail.world.Pages), p.Why)
		}
	})
}

func TestTheHouseAsksTheNextWhereNoPagerDoes(t *testing.T) {
	t.Parallel()
	levels := func(s incident.Stream, h *house) (out []int) {
		for _, r := range h.events(s) {
			if e, ok := r.Event.(incident.PageEscalated); ok {
				out = append(out, e.Level)
			}
		}
		return out
	}
	t.Run("one after the other in chat, then the next way, then the room", func(t *testing.T) {
		t.Parallel()
		h, mail, _ := withWays(t, func(h *house) { h.bell.fail = away }, "direct", "email")
		s := h.pageTeam()
		h.run(20 * time.Second)
		if n := len(h.world.in("alone-dee")); n != 0 {
			t.Error("the second was asked with the first")
		}
		h.run(5 * time.Minute)
		h.one(h.world.in("alone-dee"), "checkout fails")
		if p := h.pageOf(s, "p2"); p.Level != 2 || p.Whom != "Dee" || !slices.Equal(levels(s, h), []int{2}) {
			t.Errorf("the page is %+v, levels %v", p, levels(s, h))
		}
		h.run(5 * time.Minute)
		if p := h.pageOf(s, "p3"); p.Pager != "email" || p.After != "p2" || !strings.Contains(p.Why, "nobody has answered") {
			t.Errorf("the third page is %+v", p)
		}
		h.run(20 * time.Minute)
		if len(mail.world.Pages) != 2 || mail.world.Pages[1].Target != "dee@example.com" || mail.world.Pages[0].Key == mail.world.Pages[1].Key {
			t.Errorf("by mail went %+v", mail.world.Pages)
		}
		if n := len(h.keyed(s, "/pages/next/")); n != 1 {
			t.Errorf("the room was told %d times that nobody answers", n)
		}
		h.run(2 * time.Hour)
		if len(mail.world.Pages) != 2 || h.count(s, "page_requested") != 3 {
			t.Error("it goes on after the end of the list")
		}
	})
	t.Run("across a restart, and late rather than never", func(t *testing.T) {
		t.Parallel()
		h, _, _ := withWays(t, func(h *house) { h.bell.fail = away }, "direct")
		s := h.pageTeam()
		h.run(20 * time.Second)
		h.talk.trap.kill()
		h.clock.Advance(time.Hour)
		h.start(&trap{})
		h.run(time.Second)
		h.one(h.world.in("alone-dee"), "checkout fails")
		if !slices.Equal(levels(s, h), []int{2}) {
			t.Errorf("levels %v", levels(s, h))
		}
	})
	t.Run("by hand at once; the timer of the first then asks nobody", func(t *testing.T) {
		t.Parallel()
		h, _, _ := withWays(t, func(h *house) {
			h.bell.fail = away
			h.policy.Teams[0].People = []string{"cy@example.com", "dee@example.com", "ann@example.com"}
		}, "direct")
		s := h.pageTeam()
		h.run(4 * time.Minute)
		h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Escalate(a, "p2") })
		h.run(2 * time.Minute)
		h.one(h.world.in("alone-dee"), "checkout fails")
		if len(h.world.in("alone-ann")) != 0 {
			t.Error("the third was asked a minute after the second")
		}
		h.run(4 * time.Minute)
		h.one(h.world.in("alone-ann"), "checkout fails")
	})
	t.Run("whoever is on call, level by level, when that is known", func(t *testing.T) {
		t.Parallel()
		h, mail, _ := withWays(t, func(h *house) {
			h.bell.lines = []integrations.OnCall{
				{Level: 2, Name: "Dee", Email: "dee@example.com"},
				{Level: 1, Name: "Cy", Email: "cy@example.com"},
				{Level: 1, Name: "Guest", Email: "guest@example.net"},
				{Level: 1, Name: "Ann", Email: "ann@example.com", From: dawn().Add(time.Hour)},
			}
			h.bell.refuses = "The pager does not know this team."
		}, "email")
		s := h.pageTeam()
		h.run(6 * time.Minute)
		var to []string
		for _, p := range mail.world.Pages {
			to = append(to, p.Target)
		}
		if !slices.Equal(to, []string{"cy@example.com, guest@example.net", "dee@example.com"}) {
			t.Errorf("mail went to %q", to)
		}
		if p := h.pageOf(s, "p2"); p.Level != 2 || p.Whom != "Dee" {
			t.Errorf("the page is %+v", p)
		}
	})
}
