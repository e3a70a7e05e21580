package commands_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
)

func dev() chat.Place { return chat.Place{Platform: "test", Room: "C-dev", Name: "dev"} }

// at says something in a place.
func (h *house) atPlace(p chat.Place, who, text string) chat.Reply {
	r := h.ask(who, text)
	r.Place = p
	return h.router.Handle(h.t.Context(), r)
}

func TestAdoptShowsWhoReadsAndHowFarBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.rooms["C-dev"] = commands.RoomFacts{Members: 12, Names: []string{"ann", "bo"}, Oldest: noon.Add(-24 * time.Hour)}
	r := h.atPlace(dev(), "ann", "adopt")
	if len(h.order) != 0 || r.Kind != "" {
		t.Fatalf("adopted before it was shown: %s", shown(r))
	}
	for _, want := range []string{`a new incident, "Discussion in #dev"`, "12 people (ann, bo and 10 more) are here", "since Tue 24 Nov 2026 12:00 UTC is read back", "neither renamed nor archived"} {
		if !strings.Contains(shown(r), want) {
			t.Errorf("%q is not said: %s", want, shown(r))
		}
	}
	if got := h.pressIn(dev(), "ann", r, "Adopt"); got.Kind != "" {
		t.Fatal(shown(got))
	}
	inc := h.state(1)
	if inc.Title.Words != "Discussion in #dev" || len(inc.Rooms) != 1 || !inc.Rooms[0].Adopted || inc.Rooms[0].ID != "C-dev" {
		t.Errorf("adopted as %s", asJSON(inc))
	}
	if again := h.pressIn(dev(), "ann", r, "Adopt"); again.Kind != "conflict" || len(h.order) != 1 {
		t.Errorf("a second adopt is %q: %s", again.Kind, shown(again))
	}
	h.rooms["C-one"] = commands.RoomFacts{Members: 1}
	if r := h.atPlace(chat.Place{Platform: "test", Room: "C-one"}, "ann", "adopt"); !strings.Contains(shown(r), "1 person is here") || !strings.Contains(shown(r), "Discussion in this room") || !strings.Contains(shown(r), "not read back") {
		t.Errorf("a room of one: %s", shown(r))
	}
	if r := h.atPlace(chat.Place{Platform: "test", Room: "C-two"}, "ann", "adopt"); !strings.Contains(shown(r), "cannot see who is here") {
		t.Errorf("a room that tells nothing: %s", shown(r))
	}
}

func TestAdoptOfAThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	thread := dev()
	thread.Thread = "1764122400.000100"
	r := h.atPlace(thread, "ann", `adopt "the proxy loops"`)
	if !strings.HasPrefix(shown(r), "This thread would be the room of") {
		t.Errorf("shown as %s", shown(r))
	}
	// A platform that does not say in which thread the button was pressed.
	if got := h.pressIn(dev(), "ann", r, "Adopt"); got.Kind != "" {
		t.Fatal(shown(got))
	}
	inc := h.state(1)
	if inc.Title.Words != "the proxy loops" || inc.Rooms[0].Thread != thread.Thread || !inc.Rooms[0].Adopted {
		t.Errorf("adopted as %s", asJSON(inc))
	}
	if r := h.atPlace(thread, "bo", "severity sev2"); r.Kind != "" || h.state(1).Severity != 2 {
		t.Errorf("the thread is not its room: %s", shown(r))
	}
	if r := h.atPlace(dev(), "bo", "adopt thread:other confirm:yes"); r.Kind != "" || h.state(2).Rooms[0].Thread != "" {
		t.Errorf("somebody types another thread: %s", shown(r))
	}
}

func TestARepeatAdoptsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	req := h.ask("ann", "adopt confirm:yes")
	req.Place = dev()
	first := h.router.Handle(t.Context(), req)
	again := h.router.Handle(t.Context(), req)
	if first.Kind != "" || !again.Repeat || len(h.order) != 1 {
		t.Errorf("a repeat adopts again: %s", shown(again))
	}
}

func TestAdoptForOneThatIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("bo", "the shop is slow")
	r := h.atPlace(dev(), "ann", "adopt INC-1")
	if r.Kind != "" || r.Incident != "INC-1" || !strings.Contains(shown(r), "the room of INC-1 the shop is slow") {
		t.Fatalf("shown as %s", shown(r))
	}
	if got := h.pressIn(dev(), "ann", r, "Adopt"); got.Kind != "" || len(h.state(n).Rooms) != 2 || !h.state(n).Rooms[1].Adopted {
		t.Errorf("pressed: %s", shown(got))
	}
	if r := h.atPlace(dev(), "ann", "adopt INC-1"); r.Kind != "conflict" {
		t.Errorf("its own room again is %q: %s", r.Kind, shown(r))
	}
	h.in(n, "bo", "resolve done")
	if r := h.atPlace(chat.Place{Platform: "test", Room: "C-ops"}, "ann", "adopt INC-1"); r.Kind != "conflict" || len(actions(r.Message)) != 0 {
		t.Errorf("one that is over is %q: %s", r.Kind, shown(r))
	}
}

func TestRoomsThatAreNotAdopted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.rooms["C-incidents"] = commands.RoomFacts{Announcement: true, Members: 40}
	h.rooms["C-partners"] = commands.RoomFacts{Shared: true, Members: 9}
	n := h.declared("bo", "the shop is slow")
	for _, tt := range []struct {
		place chat.Place
		kind  string
		says  string
	}{
		{chat.Place{Platform: "test", Room: "D-1", Direct: true}, "rejected", "with me alone"},
		{chat.Place{Platform: "test", Room: "C-incidents"}, "rejected", "where incidents are announced"},
		{chat.Place{Platform: "test", Room: "C-incidents", Thread: "t1"}, "rejected", "where incidents are announced"},
		{chat.Place{Platform: "test", Room: "C-partners"}, "rejected", "other organisations"},
		{chat.Place{Platform: "test", Room: "C-known", Shared: true}, "rejected", "other organisations"},
		{chat.Place{Platform: "test", Room: "C-away"}, "unavailable", "not adopted"},
		{roomOf(n), "conflict", "room of INC-1 already"},
	} {
		for _, said := range []string{"adopt", "adopt confirm:yes", `adopt "the shop is slow"`} {
			r := h.atPlace(tt.place, "ann", said)
			if r.Kind != tt.kind || !strings.Contains(shown(r), tt.says) || len(h.order) != 1 || len(actions(r.Message)) != 0 {
				t.Errorf("%q in %+v is %q: %s", said, tt.place, r.Kind, shown(r))
			}
		}
	}
	for _, who := range []string{"guest", "visitor", "robot"} {
		if r := h.atPlace(dev(), who, "adopt confirm:yes"); r.Kind != "forbidden" || len(h.order) != 1 {
			t.Errorf("%s adopts: %s", who, shown(r))
		}
	}
	h.policy.Rights = []incident.Right{{Verb: "adopt", Who: []string{"bo@example.com"}}}
	if r := h.atPlace(dev(), "ann", "adopt"); r.Kind != "forbidden" || len(actions(r.Message)) != 0 {
		t.Errorf("who may not adopt is asked: %s", shown(r))
	}
}
