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

func (h *house) page(s incident.Stream, t incident.Target) {
	h.t.Helper()
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Page(a, t, "please help", "")
	})
}

func team() incident.Target { return incident.Target{Kind: incident.TeamTarget, Name: "checkout"} }

func (h *house) person(name string) incident.Target {
	return incident.Target{Kind: incident.PersonTarget, Name: name, Person: h.people[name]}
}

// paged is a house with an incident on which the team was just paged.
func paged(t *testing.T, set func(h *house)) (*house, incident.Stream) {
	t.Helper()
	h := newHouse(t)
	if set != nil {
		set(h)
	}
	s := h.declare(ranked(incident.Sev2))
	h.take(s, "bo", incident.Commander)
	h.run(5 * time.Second)
	h.page(s, team())
	return h, s
}

func (h *house) pageOf(s incident.Stream, id incident.PageID) incident.Page {
	h.t.Helper()
	for _, p := range h.state(s).Pages {
		if p.ID == id {
			return p
		}
	}
	h.t.Fatalf("the incident has no page %s", id)
	return incident.Page{}
}

func TestPageGoesThrough(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(2 * time.Second)
	if len(h.world.Pages) != 1 {
		t.Fatalf("%d pages reached the pager", len(h.world.Pages))
	}
	sent := h.world.Pages[0]
	if sent.Target != "P123" || sent.Severity != 2 || !strings.Contains(sent.Summary, "checkout fails") || !strings.Contains(sent.Link, "INC-1") {
		t.Errorf("the pager got %+v", sent)
	}
	if p := h.pageOf(s, "p1"); p.State != incident.PageFound || p.Pager != "bell" || p.Whom != "Cy" || p.MaybeTwo {
		t.Errorf("the page is %+v", p)
	}
	if got := h.one(h.keyed(s, "/pages/receipt/"), "Page p1"); !strings.Contains(got.Text, "paged Cy through bell") || len(got.Pings) != 0 {
		t.Errorf("the receipt reads %q and pings %v", got.Text, got.Pings)
	}
}

func TestPageIsAnsweredAndEnds(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(2 * time.Second)
	h.change(s, "cy", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Acknowledge(a, "") })
	h.run(2 * time.Second)
	key := reactors.PageKey(s, "p1")
	if !slices.Contains(h.world.Acts, "acknowledge "+key) {
		t.Errorf("the pager was told %v", h.world.Acts)
	}
	h.run(10 * time.Minute)
	h.none(h.world.in(h.roomID(s)), "nobody has answered")
	h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Resolve(a, "") })
	h.run(5 * time.Second)
	if !slices.Contains(h.world.Acts, "resolve "+key) || h.pageOf(s, "p1").State != incident.PageOver {
		t.Errorf("after the resolve the pager was told %v, the page is %s", h.world.Acts, h.pageOf(s, "p1").State)
	}
}

func TestPageIsCalledOff(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(2 * time.Second)
	h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.CallOff(a, "p1") })
	h.run(2 * time.Second)
	if !slices.Contains(h.world.Acts, "resolve "+reactors.PageKey(s, "p1")) {
		t.Errorf("the pager was told %v", h.world.Acts)
	}
	if n := h.count(s, "page_resolved"); n != 1 {
		t.Errorf("it stands on the timeline %d times", n)
	}
}

func TestPageIsEscalated(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(2 * time.Second)
	h.change(s, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) { return i.Escalate(a, "") })
	h.run(2 * time.Second)
	if !slices.Contains(h.world.Acts, "escalate "+reactors.PageKey(s, "p1")) {
		t.Errorf("the pager was told %v", h.world.Acts)
	}
	var told []incident.PageEscalated // that it was asked for, and whom the pager calls now
	for _, r := range h.events(s) {
		if e, ok := r.Event.(incident.PageEscalated); ok {
			told = append(told, e)
		}
	}
	if len(told) != 2 || told[1].Level != 2 || told[1].Whom != "Cy" {
		t.Errorf("on the timeline stand %+v", told)
	}
}

func TestNobodyAnswersAPage(t *testing.T) {
	t.Parallel()
	h, s := paged(t, nil)
	h.run(4*time.Minute + 50*time.Second)
	before := len(h.world.in(h.roomID(s)))
	h.run(20 * time.Second)
	after := h.world.in(h.roomID(s))
	if len(after) != before+1 {
		t.Fatalf("%d new messages, want one:\n%s", len(after)-before, texts(after[before:]))
	}
	if bad := after[len(after)-1]; !slices.Equal(bad.Pings, []string{"bo"}) {
		t.Errorf("it mentions %v, want the commander:\n%s", bad.Pings, bad.Text)
	}
}

func TestPageFails(t *testing.T) {
	t.Parallel()
	refuse := func(call string) error {
		if call == "page" {
			return fault.New(fault.Rejected, "The pager does not know this team.")
		}
		return nil
	}
	away := func(call string) error {
		if call == "page" || call == "look" {
			return fault.New(fault.Unavailable, "The pager does not answer.")
		}
		return nil
	}
	t.Run("refused: at once, with whom to call", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.fail = refuse
			h.bell.lines = []integrations.OnCall{{Name: "Cy", Phone: "+44 20 1234"}, {Name: "Cy", Phone: "+44 20 1234"}, {Name: "Dee"}}
		})
		h.run(2 * time.Second)
		p := h.pageOf(s, "p1")
		if p.State != incident.PageBroken || p.Call != "Cy +44 20 1234, Dee" || !strings.Contains(p.Failure, "does not know this team") {
			t.Errorf("the page is %+v", p)
		}
		bad := h.one(h.keyed(s, "/pages/failed/"), "+44 20 1234")
		if !slices.Equal(bad.Pings, []string{"bo"}) || bad.Edits != 0 {
			t.Errorf("the bad news pings %v and was edited %d times", bad.Pings, bad.Edits)
		}
		h.run(time.Hour)
		if len(h.world.Pages) != 0 || len(h.jobs(s, store.Buried)) != 1 {
			t.Error("a page that was refused for good is tried on")
		}
	})
	t.Run("away: after the third try", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.bell.fail = away })
		h.step()
		if h.pageOf(s, "p1").State != incident.PageAsked {
			t.Error("one try that failed is told as a failure")
		}
		h.run(20 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || !strings.Contains(p.Call, "cy@example.com") && !strings.Contains(p.Call, "Cy") {
			t.Errorf("after 20 s the page is %+v", p)
		}
		if n := h.count(s, "page_failed"); n != 1 {
			t.Errorf("the failure stands on the timeline %d times", n)
		}
	})
	t.Run("asked to wait longer than a minute: after that minute", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.fail = func(string) error {
				return &fault.Error{Kind: fault.Unavailable, Say: "Too many pages.", After: 10 * time.Minute}
			}
		})
		h.run(54 * time.Second)
		if h.pageOf(s, "p1").State != incident.PageAsked {
			t.Error("too early")
		}
		h.run(3 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken {
			t.Errorf("after a minute without a word the page is %s", p.State)
		}
		h.bell.fail = nil
		h.run(10 * time.Minute)
		if p := h.pageOf(s, "p1"); p.State != incident.PageFound || len(h.world.Pages) != 1 {
			t.Errorf("when the pager is back the page is %s", p.State)
		}
	})
	t.Run("numbers that were once known are told when the pager is away", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) {
			h.bell.fail = refuse
			h.bell.lines = []integrations.OnCall{{Name: "Cy", Phone: "+44 20 1234"}}
		})
		h.run(2 * time.Second)
		h.bell.fail = func(string) error { return fault.New(fault.Unavailable, "The pager does not answer.") }
		h.clock.Advance(3 * time.Minute)
		h.page(s, team())
		h.run(time.Minute)
		if p := h.pageOf(s, "p2"); !strings.Contains(p.Call, "+44 20 1234") {
			t.Errorf("to call instead: %q", p.Call)
		}
	})
	t.Run("without a room the commander is told alone, after two minutes", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.bell.fail = refuse
		h.talk.fail = func(call, _ string) error {
			if call == "open" {
				return fault.New(fault.Unavailable, "No rooms today.")
			}
			return nil
		}
		s := h.declare(ranked(incident.Sev2))
		h.page(s, team())
		h.run(time.Minute)
		if n := h.world.in("alone-ann"); len(n) != 0 {
			t.Errorf("the room might still open, and ann is told: %s", texts(n))
		}
		h.run(90 * time.Second)
		h.one(h.world.in("alone-ann"), "does not know this team")
	})
}

func TestPageWhoseReplyIsLost(t *testing.T) {
	t.Parallel()
	lost := func(n int) func(string) error {
		return func(call string) error {
			if call != "page" || n == 0 {
				return nil
			}
			n--
			return fault.New(fault.Unknown, "No answer came.")
		}
	}
	t.Run("is looked up, not sent again", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.bell.lose = lost(1) })
		h.run(10 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageFound || p.MaybeTwo || len(h.world.Pages) != 1 {
			t.Errorf("the page is %s, may be two: %v; the pager has %d", p.State, p.MaybeTwo, len(h.world.Pages))
		}
	})
	t.Run("is sent again and marked where it cannot be looked up", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.bell.blind, h.bell.lose = true, lost(1) })
		h.run(10 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageTaken || !p.MaybeTwo || len(h.world.Pages) != 2 {
			t.Errorf("the page is %s, may be two: %v; the pager has %d", p.State, p.MaybeTwo, len(h.world.Pages))
		}
		if second := h.world.Pages[1]; !strings.Contains(second.Summary, "duplicate") {
			t.Errorf("whoever gets the second page reads %q", second.Summary)
		}
	})
	t.Run("is never called a failure that is known", func(t *testing.T) {
		t.Parallel()
		h, s := paged(t, func(h *house) { h.bell.blind, h.bell.lose = true, lost(100) })
		h.run(30 * time.Second)
		if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || !p.Unsure || !strings.Contains(p.Failure, "did not confirm") {
			t.Errorf("the page is %s: %s", p.State, p.Failure)
		}
	})
}

func TestPagerKnowsMore(t *testing.T) {
	t.Parallel()
	for state, want := range map[integrations.ReceiptState]incident.PageState{
		integrations.Accepted:     incident.PageFound, // by looking
		integrations.Seen:         incident.PageFound,
		integrations.Acknowledged: incident.PageAcked,
		integrations.Failed:       incident.PageBroken,
		integrations.Over:         incident.PageOver,
	} {
		t.Run("a page that comes back as "+string(state), func(t *testing.T) {
			t.Parallel()
			h, s := paged(t, func(h *house) { h.bell.state = state })
			h.run(2 * time.Second)
			if p := h.pageOf(s, "p1"); p.State != want {
				t.Errorf("the page is %s, want %s", p.State, want)
			}
		})
	}
}

func TestPageFromLongBeforeARestore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.handed = false
	s := h.declare(ranked(incident.Sev2))
	h.page(s, team())
	h.clock.Advance(16 * time.Minute)
	if err := h.desk.Keep(t.Context(), reactors.RestoredKey, nil, []byte(h.clock.Now().Format(time.RFC3339Nano))); err != nil {
		t.Fatal(err)
	}
	h.run(5 * time.Second)
	if p := h.pageOf(s, "p1"); p.State != incident.PageBroken || len(h.world.Pages) != 0 {
		t.Fatalf("the page is %s, the pager has %d", p.State, len(h.world.Pages))
	}
	if err := h.desk.Retry(t.Context(), h.clock.Now(), h.jobs(s, store.OnHold)[0].Key); err != nil {
		t.Fatal(err)
	}
	h.run(5 * time.Second)
	if p := h.pageOf(s, "p1"); p.State != incident.PageFound {
		t.Errorf("retried by hand the page is %s", p.State)
	}
}

func TestPageKeys(t *testing.T) {
	t.Parallel()
	s, page, ok := reactors.PageOf(reactors.PageKey("incident/abc", "p12"))
	if !ok || s != "incident/abc" || page != "p12" {
		t.Errorf("a key is read back as %q %q %v", s, page, ok)
	}
	for _, bad := range []string{"", "incident/abc", "incident/abc/pages/", "person/x/pages/p1", "p1"} {
		if _, _, ok := reactors.PageOf(bad); ok {
			t.Errorf("%q passes for a page's key", bad)
		}
	}
}

func TestNewsOfAPager(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(ranked(incident.Sev2))
	h.page(s, team())
	read := func(r integrations.Receipt) (incident.Event, error) {
		decide, err := reactors.NewsOf(t.Context(), h.desk, "bell", "p1", r)
		if err != nil {
			return nil, err
		}
		events, err := decide(h.state(s))
		if err != nil || len(events) == 0 {
			return nil, err
		}
		return events[0], nil
	}
	e, err := read(integrations.Receipt{State: integrations.Acknowledged, By: "cy@example.com"})
	if ack, ok := e.(incident.PageAcknowledged); err != nil || !ok || ack.Person != h.people["cy"] || ack.Whom != "Cy" {
		t.Errorf("an e-mail that is known reads %+v, %v", e, err)
	}
	e, err = read(integrations.Receipt{State: integrations.Acknowledged, By: "who@example.com"})
	if ack, ok := e.(incident.PageAcknowledged); err != nil || !ok || ack.Person != "" || ack.Whom != "who@example.com" {
		t.Errorf("an e-mail that is not known reads %+v, %v", e, err)
	}
	if e, err := read(integrations.Receipt{State: "sung"}); err == nil {
		t.Errorf("a state that there is not reads %+v", e)
	}
}
