package storetest

import (
	"fmt"
	"sync"
	"testing"

	"tocsin/incident/fault"
	"tocsin/store"
)

func talkTests() []storeTest {
	return []storeTest{
		{"rooms are made, changed and listed", talkRooms},
		{"ids of messages rise and sort as strings", talkIDs},
		{"the same key in a room is said once", talkKeys},
		{"messages are read a page at a time, oldest first", talkPages},
		{"messages are changed by whoever is last", talkChange},
		{"changes are given in order, each thing as it is now", talkChanges},
		{"rooms and messages that are not there are not found", func(t *testing.T, h *house) {
			_, _, err := h.Say(t.Context(), store.TalkMessage{Room: "none", Text: "x"})
			kind(t, "say", fault.NotFound, err)
			_, err = h.ChangeRoom(t.Context(), "none", func(*store.TalkRoom) {})
			kind(t, "change a room", fault.NotFound, err)
			h.room("general", "general")
			_, err = h.Change(t.Context(), "general", "000000000009", func(*store.TalkMessage) {})
			kind(t, "change a message", fault.NotFound, err)
		}},
		{"many who talk at once lose nothing", talkCrowd},
	}
}

func talkRooms(t *testing.T, h *house) {
	h.room("general", "general")
	made := must(h.PutRoom(t.Context(), store.TalkRoom{Name: "inc-1", Key: "incident/a/rooms"}))(t, "PutRoom")
	again := must(h.PutRoom(t.Context(), store.TalkRoom{Name: "inc-1", Key: "incident/a/rooms"}))(t, "PutRoom")
	same(t, "opened with the same key", made, again)
	m := h.say("general", "ann", "hello")
	got := must(h.PutRoom(t.Context(), store.TalkRoom{ID: "general", Name: "general", Topic: "talk"}))(t, "PutRoom")
	same(t, "newest after it was replaced", m.ID, got.Newest)
	changed := must(h.ChangeRoom(t.Context(), "general", func(r *store.TalkRoom) { r.Topic += "!"; r.ID = "other" }))(t, "ChangeRoom")
	same(t, "topic", "talk!", changed.Topic)
	same(t, "id", "general", changed.ID)
	all := must(h.TalkRooms(t.Context()))(t, "TalkRooms")
	same(t, "rooms", 2, len(all))
	same(t, "first", changed, all[0])
}

func talkIDs(t *testing.T, h *house) {
	h.room("a", "a")
	h.room("b", "b")
	last := ""
	for i := range 30 {
		m := h.say([]string{"a", "b"}[i%2], "ann", "x")
		if m.ID <= last {
			t.Errorf("id %q after %q", m.ID, last)
		}
		last = m.ID
	}
	for _, r := range must(h.TalkRooms(t.Context()))(t, "TalkRooms") {
		newest := must(h.TalkMessages(t.Context(), r.ID, "", 1))(t, "TalkMessages")
		same(t, "newest of "+r.ID, newest[0].ID, r.Newest)
	}
}

func talkKeys(t *testing.T, h *house) {
	h.room("a", "a")
	h.room("b", "b")
	m := store.TalkMessage{Room: "a", Key: "incident/x/1/cards/post", Text: "first", Body: []byte("\x00\xff")}
	first, made, err := h.Say(t.Context(), m)
	ok(t, err)
	same(t, "made", true, made)
	m.Text = "second"
	again, made, err := h.Say(t.Context(), m)
	ok(t, err)
	same(t, "made again", false, made)
	same(t, "message", first, again)
	m.Room = "b"
	_, made, err = h.Say(t.Context(), m)
	ok(t, err)
	same(t, "made in another room", true, made)
}

func talkPages(t *testing.T, h *house) {
	h.room("a", "a")
	for i := range 10 {
		h.say("a", "ann", fmt.Sprint(i))
	}
	texts := func(ms []store.TalkMessage) (out []string) {
		for _, m := range ms {
			out = append(out, m.Text)
		}
		return out
	}
	page := must(h.TalkMessages(t.Context(), "a", "", 4))(t, "TalkMessages")
	same(t, "newest", []string{"6", "7", "8", "9"}, texts(page))
	page = must(h.TalkMessages(t.Context(), "a", page[0].ID, 4))(t, "TalkMessages")
	same(t, "before", []string{"2", "3", "4", "5"}, texts(page))
	page = must(h.TalkMessages(t.Context(), "a", page[0].ID, 4))(t, "TalkMessages")
	same(t, "the first", []string{"0", "1"}, texts(page))
	_, err := h.TalkMessages(t.Context(), "a", "no id", 4)
	kind(t, "no id", fault.Invalid, err)
}

func talkChange(t *testing.T, h *house) {
	h.room("a", "a")
	m := h.say("a", "ann", "hello")
	var crowd sync.WaitGroup
	for i := range 10 {
		s := h.Store
		if i%2 == 1 {
			s = h.twin().Store
		}
		crowd.Go(func() {
			_, err := s.Change(t.Context(), "a", m.ID, func(m *store.TalkMessage) {
				if m.Reactions == nil {
					m.Reactions = map[string][]string{}
				}
				m.Reactions["eyes"] = append(m.Reactions["eyes"], fmt.Sprint(i))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	got := must(h.TalkMessages(t.Context(), "a", "", 1))(t, "TalkMessages")
	same(t, "reactions", 10, len(got[0].Reactions["eyes"]))
	same(t, "words", "hello", got[0].Text)
}

func talkChanges(t *testing.T, h *house) {
	changes := func(after int64, limit int) ([]store.TalkChange, int64) {
		c, at, err := h.Changes(t.Context(), after, limit)
		ok(t, err)
		return c, at
	}
	none, at := changes(-1, 10)
	same(t, "of nothing", 0, len(none))
	same(t, "position", int64(0), at)
	h.room("a", "a")
	m := h.say("a", "ann", "hello")
	all, at := changes(0, 10)
	same(t, "the room and the message", 2, len(all))
	must(h.Change(t.Context(), "a", m.ID, func(m *store.TalkMessage) { m.Text = "edited" }))(t, "Change")
	next, after := changes(at, 10)
	if len(next) != 1 || next[0].Message == nil || next[0].Message.Text != "edited" || next[0].Position <= at {
		t.Errorf("after position %d: %+v", at, next)
	}
	rest, still := changes(after, 10)
	same(t, "nothing new", 0, len(rest))
	same(t, "position stays", after, still)
	_, newest := changes(-1, 10)
	same(t, "newest position", after, newest)
	for i := range 7 { // read in small pages, nothing is missed
		h.say("a", "ann", fmt.Sprint(i))
	}
	seen := map[string]bool{}
	for at := after; ; {
		c, now := changes(at, 2)
		if len(c) == 0 {
			break
		}
		for _, one := range c {
			if one.Message != nil {
				seen[one.Message.Text] = true
			}
		}
		if now <= at {
			t.Fatalf("position went from %d to %d", at, now)
		}
		at = now
	}
	same(t, "messages seen", 7, len(seen))
}

func talkCrowd(t *testing.T, h *house) {
	h.room("a", "a")
	var crowd sync.WaitGroup
	other := h.twin()
	for i := range 40 {
		s := h.Store
		if i%2 == 1 {
			s = other.Store
		}
		crowd.Go(func() {
			if _, _, err := s.Say(t.Context(), store.TalkMessage{Room: "a", User: "ann", Text: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	crowd.Wait()
	ids := map[string]bool{}
	for _, m := range must(h.TalkMessages(t.Context(), "a", "", 100))(t, "TalkMessages") {
		ids[m.ID] = true
	}
	same(t, "messages", 40, len(ids))
}
