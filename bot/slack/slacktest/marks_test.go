package slacktest_test

import (
	"fmt"
	"strings"
	"testing"

	"tocsin/bot/slack/slacktest"
)

func TestPins(t *testing.T) {
	t.Parallel()
	s, a := hooked(t, slacktest.Options{})
	ts := s.post("the card")
	s.ok("pins.add", "channel", s.room, "timestamp", ts)
	s.refused("already_pinned", "pins.add", "channel", s.room, "timestamp", ts)
	s.refused("message_not_found", "pins.add", "channel", s.room, "timestamp", "1.000001")
	s.refused("no_item_specified", "pins.add", "channel", s.room)
	s.refused("bad_timestamp", "pins.add", "channel", s.room, "timestamp", "soon")
	s.refused("not_in_channel", "pins.add", "channel", s.other, "timestamp", ts)
	if got := s.Pins(s.room); len(got) != 1 || got[0] != ts || !s.seen(s.bo)[0].Pinned {
		t.Errorf("pinned are %q", got)
	}
	items := s.ok("pins.list", "channel", s.room)["items"].([]any)
	if len(items) != 1 || dig(t, items, 0, "message", "ts") != ts || dig(t, items, 0, "created_by") != s.bot {
		t.Errorf("the list is %v", items)
	}
	must(t, s.Settle(t.Context()))
	if evs := a.events(t, "pin_added"); len(evs) != 1 || evs[0]["user"] != s.bot {
		t.Errorf("the app heard %v", evs)
	}
	s.ok("pins.remove", "channel", s.room, "timestamp", ts)
	s.refused("no_pin", "pins.remove", "channel", s.room, "timestamp", ts)
	for i := range 100 {
		s.ok("pins.add", "channel", s.room, "timestamp", s.post(fmt.Sprint(i)))
	}
	s.refused("too_many_pins", "pins.add", "channel", s.room, "timestamp", ts)
	s.RemoveScope("pins:write")
	s.refused("missing_scope", "pins.add", "channel", s.room, "timestamp", ts)
}

func TestBookmarks(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	add := []string{"channel_id", s.room, "title", "Runbook", "type", "link", "link", "https://wiki.example/r"}
	id := dig(t, s.ok("bookmarks.add", add...), "bookmark", "id").(string)
	s.ok("bookmarks.edit", "channel_id", s.room, "bookmark_id", id, "link", "https://wiki.example/r2")
	if got := s.Bookmarks(s.room); len(got) != 1 || got[0] != (slacktest.Bookmark{ID: id, Title: "Runbook", Link: "https://wiki.example/r2"}) {
		t.Errorf("the bookmarks are %+v", got)
	}
	if all := s.ok("bookmarks.list", "channel_id", s.room)["bookmarks"].([]any); len(all) != 1 || dig(t, all, 0, "title") != "Runbook" {
		t.Errorf("the list is %v", all)
	}
	s.refused("invalid_link", "bookmarks.edit", "channel_id", s.room, "bookmark_id", id, "link", "javascript:x")
	s.refused("not_found", "bookmarks.edit", "channel_id", s.room, "bookmark_id", "Bk404", "title", "x")
	s.refused("not_found", "bookmarks.remove", "channel_id", s.room, "bookmark_id", "Bk404")
	s.refused("invalid_bookmark_type", "bookmarks.add", "channel_id", s.room, "title", "x", "type", "note", "link", "https://a.example")
	s.refused("invalid_link", "bookmarks.add", "channel_id", s.room, "title", "x", "type", "link", "link", "https://a.example/"+strings.Repeat("x", 2048))
	s.refused("invalid_arguments", "bookmarks.add", "channel_id", s.room, "title", strings.Repeat("x", 257), "type", "link", "link", "https://a.example")
	s.refused("permission_denied", "bookmarks.add", append([]string{"channel_id", s.other}, add[2:]...)...)
	s.refused("channel_not_found", "bookmarks.list", "channel_id", "C404")
	s.ok("bookmarks.remove", "channel_id", s.room, "bookmark_id", id)
	for range 100 {
		s.ok("bookmarks.add", add...)
	}
	s.refused("too_many_bookmarks", "bookmarks.add", add...)
}

func TestReactions(t *testing.T) {
	t.Parallel()
	s := newScene(t, slacktest.Options{})
	ts := s.post("x")
	on := []string{"channel", s.room, "timestamp", ts, "name", "eyes"}
	s.ok("reactions.add", on...)
	s.refused("already_reacted", "reactions.add", on...)
	if got := s.newest(s.ann); got.Reactions["eyes"][0] != s.bot {
		t.Errorf("Ann sees %+v", got)
	}
	got := s.ok("reactions.get", "channel", s.room, "timestamp", ts)
	if dig(t, got, "message", "reactions", 0, "count") != 1.0 || dig(t, got, "message", "permalink") == nil {
		t.Errorf("the reactions are %v", got)
	}
	s.ok("reactions.remove", on...)
	s.refused("no_reaction", "reactions.remove", on...)
	s.refused("invalid_name", "reactions.add", "channel", s.room, "timestamp", ts, "name", "NO WAY")
	s.refused("message_not_found", "reactions.add", "channel", s.room, "timestamp", "1.000001", "name", "eyes")
	s.refused("no_access", "reactions.add", "channel", s.other, "timestamp", ts, "name", "eyes")
}
