package reactors_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/chat"
	"tocsin/bot/reactors"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// Read gives a page of what was put into back.
func (p *talk) Read(_ context.Context, at chat.Place, since time.Time, page string) ([]chat.Said, string, error) {
	if p.fail != nil {
		if err := p.fail("read", at.Room); err != nil {
			return nil, "", err
		}
	}
	p.since = append(p.since, since)
	n, _ := strconv.Atoi(page) // the first page is ""
	pages := p.back[at.Room]
	if n >= len(pages) {
		return nil, "", nil
	}
	next := ""
	if n+1 < len(pages) {
		next = strconv.Itoa(n + 1)
	}
	return pages[n], next, nil
}

// Group names a group's members.
func (p *talk) Group(_ context.Context, group string) ([]string, error) {
	users, ok := p.groups[group]
	if !ok {
		return nil, fault.New(fault.NotFound, "There is no group %q.", group)
	}
	return users, nil
}

// Put keeps a link.
func (p *talk) Put(_ context.Context, room, label, url string) error {
	if p.shelf[room] == nil {
		p.shelf[room] = map[string]string{}
	}
	p.shelf[room][label] = url
	return nil
}

// Mark reacts.
func (p *talk) Mark(_ context.Context, r chat.Ref, emoji string) error {
	if r.ID == "gone" {
		return fault.New(fault.Rejected, "The message is gone.")
	}
	p.marked[r.ID] = append(p.marked[r.ID], emoji)
	return nil
}

func (h *house) adopted(room string) incident.Stream {
	h.t.Helper()
	s := h.declare(ranked(incident.Sev2))
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Adopt(a, incident.Room{Platform: "talk", ID: room, Name: room, Adopted: true})
	})
	return s
}

func said(id, text string) chat.Said {
	return chat.Said{ID: id, Text: text, Place: chat.Place{Platform: "talk", Room: "old"}}
}

func TestBackfills(t *testing.T) {
	t.Parallel()
	pages := func() map[string][][]chat.Said {
		return map[string][][]chat.Said{"old": {{said("1", "one"), said("2", "two")}, {said("3", "three")}}}
	}
	texts := func(h *house) (out []string) {
		for _, m := range h.kept {
			out = append(out, m.Text)
		}
		return out
	}
	t.Run("an adopted room is read back, page by page, once", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.talk.back = pages()
		h.adopted("old")
		h.run(time.Minute)
		if d := cmp.Diff([]string{"one", "two", "three"}, texts(h)); d != "" {
			t.Error(d)
		}
		if len(h.talk.since) != 2 || !h.talk.since[0].Before(dawn()) || h.talk.since[1] != h.talk.since[0] {
			t.Errorf("it was read from %v", h.talk.since)
		}
	})
	t.Run("a page that could not be read is read later, and none twice", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		h.talk.back = pages()
		tries := 0
		h.talk.fail = func(call, _ string) error {
			if tries++; call == "read" && tries == 2 {
				return fault.New(fault.Unavailable, "It is away.")
			}
			return nil
		}
		h.adopted("old")
		h.run(10 * time.Minute)
		if d := cmp.Diff([]string{"one", "two", "three"}, texts(h)); d != "" {
			t.Error(d)
		}
	})
	t.Run("a gap is read from when it began, else from the declaration", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.declare(ranked(incident.Sev2))
		h.run(5 * time.Second)
		room := h.state(s).Rooms[0]
		h.talk.back = map[string][][]chat.Said{room.ID: {{said("9", "nine")}}}
		began := h.clock.Now().Add(-3 * time.Second)
		if err := h.desk.Owe(t.Context(), h.clock.Now(), reactors.Backfill(s, room, began, h.clock.Now()), reactors.Backfill(s, room, time.Time{}, h.clock.Now())); err != nil {
			t.Fatal(err)
		}
		h.run(time.Minute)
		if d := cmp.Diff([]string{"nine", "nine"}, texts(h)); d != "" {
			t.Error(d)
		}
		slices.SortFunc(h.talk.since, time.Time.Compare)
		want := []time.Time{began, h.state(s).DeclaredAt}
		slices.SortFunc(want, time.Time.Compare)
		if !slices.EqualFunc(h.talk.since, want, time.Time.Equal) {
			t.Errorf("it was read from %v, want %v", h.talk.since, want)
		}
	})
}

func TestMarks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.talk.marked = map[string][]string{}
	s := h.declare(ranked(incident.Sev2))
	h.run(5 * time.Second)
	for _, id := range []string{"m7", "gone"} {
		h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
			return i.Capture(a, incident.Spoken{Room: i.Rooms[0], Message: id, Author: h.people["bo"], Text: incident.Text{Author: h.people["bo"], Words: "restarting"}, At: h.clock.Now()}, "reaction", false)
		})
	}
	h.run(time.Minute)
	if d := cmp.Diff(map[string][]string{"m7": {"white_check_mark"}}, h.talk.marked); d != "" {
		t.Error(d)
	}
}

func TestBookmarks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.talk.shelf = map[string]map[string]string{}
	h.policy.Services = []incident.ServiceRule{{Service: incident.Service{Name: "checkout", Runbook: "https://run.example/checkout", Dashboard: "javascript:alert(1)"}}}
	s := h.declare(ranked(incident.Sev2))
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.AddService(a, "checkout", h.policy)
	})
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.SetCall(a, "https://meet.example/1")
	})
	h.run(time.Minute)
	want := map[string]map[string]string{h.state(s).Rooms[0].ID: {"Call": "https://meet.example/1", "Runbook: checkout": "https://run.example/checkout"}}
	if d := cmp.Diff(want, h.talk.shelf); d != "" {
		t.Error(d)
	}
	h.adopted("old")
	h.run(time.Minute)
	if h.talk.shelf["old"] != nil {
		t.Error("links were put into a room that was adopted")
	}
}

func TestOwnersOfAServiceAreInvited(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.talk.groups = map[string][]string{"shop-oncall": {"dee", "bo"}}
	h.policy.Teams = []incident.Team{{Name: "shop", People: []string{"talk:@shop-oncall", "talk:@no-such-group", "cy@example.com", "elsewhere:U1"}}}
	h.policy.Services = []incident.ServiceRule{{Service: incident.Service{Name: "checkout"}, Team: "shop"}}
	s := h.declare(ranked(incident.Sev2))
	h.run(5 * time.Second)
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.AddService(a, "checkout", h.policy)
	})
	h.run(time.Minute)
	members := map[string]bool{}
	for _, m := range h.world.room(h.state(s).Rooms[0].ID).Members {
		members[m] = true
	}
	for _, who := range []string{"ann", "bo", "cy", "dee"} {
		if !members[who] {
			t.Errorf("%s is not in the room: %v", who, members)
		}
	}
	if members["U1"] || members["@shop-oncall"] {
		t.Errorf("somebody is in the room who is not there: %v", members)
	}
}

func TestANewcomerIsWelcomedOnceTheyAreThere(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		arrives time.Duration
		want    int
	}{"at once": {0, 1}, "a while after the invitation": {time.Minute, 1}, "never": {time.Hour, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := h.declare(ranked(incident.Sev2))
			h.run(5 * time.Second)
			there := h.clock.Now().Add(one.arrives)
			h.talk.fail = func(call, room string) error {
				if call == "post" && h.clock.Now().Before(there) && room == h.state(s).Rooms[0].ID {
					return fault.New(fault.Rejected, "They are not in the room.")
				}
				return nil
			}
			h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
				return i.Invite(a, h.people["bo"])
			})
			h.run(20 * time.Minute)
			if got := h.world.with("Welcome to"); len(got) != one.want || one.want == 1 && got[0].Only != "bo" {
				t.Errorf("there are %d welcomes: %+v", len(got), got)
			}
		})
	}
}
