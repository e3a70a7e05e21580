package commands_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
)

func TestAnnounce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if r := h.say("ann", "announce"); !strings.Contains(shown(r), "Nobody has said yet") || h.commits != 0 {
		t.Errorf("at first: %s", shown(r))
	}
	if r := h.say("ann", "announce here"); r.Kind != "" || h.announce.Room.ID != "C-general" || h.announce.Room.Platform != "test" {
		t.Fatalf("chosen: %s, %+v", shown(r), h.announce)
	}
	if r := h.say("bo", "announce"); !strings.Contains(shown(r), "announced in #general") {
		t.Errorf("asked: %s", shown(r))
	}
	if r := h.say("bo", "announce here"); r.Kind != "" || !strings.Contains(shown(r), "already") {
		t.Errorf("the same again: %s", shown(r))
	}
	if r := h.atPlace(dev(), "bo", "announce here"); r.Kind != "forbidden" || h.announce.Room.ID != "C-general" {
		t.Errorf("anybody moves it: %s", shown(r))
	}
	h.admins["p-bo"] = true
	if r := h.atPlace(dev(), "bo", "announce here"); r.Kind != "" || h.announce.Room.ID != "C-dev" {
		t.Errorf("an admin moves it: %s", shown(r))
	}
	if r := h.say("bo", "announce off"); r.Kind != "" || h.announce.Room.ID != "" || !h.announce.Chosen {
		t.Errorf("an admin ends it: %s, %+v", shown(r), h.announce)
	}
	if r := h.say("ann", "announce"); !strings.Contains(shown(r), "announced nowhere") {
		t.Errorf("asked: %s", shown(r))
	}
	if r := h.say("bo", "announce off"); !strings.Contains(shown(r), "nowhere already") {
		t.Errorf("off again: %s", shown(r))
	}
}

func TestAnnounceIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("bo", "the shop is slow")
	h.rooms["C-partners"] = commands.RoomFacts{Shared: true}
	h.rooms["C-fine"] = commands.RoomFacts{Members: 3}
	for _, tt := range []struct {
		who   string
		place chat.Place
		kind  string
	}{
		{"ann", chat.Place{Platform: "test", Room: "D-1", Direct: true}, "rejected"},
		{"ann", roomOf(n), "rejected"},
		{"ann", chat.Place{Platform: "test", Room: "C-partners"}, "rejected"},
		{"ann", chat.Place{Platform: "test", Room: "C-fine", Shared: true}, "rejected"},
		{"ann", chat.Place{Platform: "test", Room: "C-away"}, "unavailable"},
		{"guest", general, "forbidden"},
		{"visitor", general, "forbidden"},
		{"robot", general, "forbidden"},
	} {
		if r := h.atPlace(tt.place, tt.who, "announce here"); r.Kind != tt.kind || h.announce.Chosen {
			t.Errorf("%s in %+v is %q: %s", tt.who, tt.place, r.Kind, shown(r))
		}
	}
	h.announce = commands.Announced{Chosen: true, Fixed: "TOCSIN_SLACK_ANNOUNCE", Room: incident.Room{Platform: "test", ID: "C-incidents", Name: "incidents"}}
	h.admins["p-ann"] = true
	if r := h.say("ann", "announce off"); r.Kind != "rejected" || !strings.Contains(shown(r), "TOCSIN_SLACK_ANNOUNCE") || h.announce.Room.ID == "" {
		t.Errorf("a setting is overruled: %s", shown(r))
	}
	if r := h.say("ann", "announce"); !strings.Contains(shown(r), "#incidents") || !strings.Contains(shown(r), "TOCSIN_SLACK_ANNOUNCE") {
		t.Errorf("asked: %s", shown(r))
	}
}
