package chattest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

func posts() []test {
	return []test{
		{"a post is seen by everybody in the room", postSeen},
		{"an edit changes the message and adds none", edit},
		{"one key is one message", keyed},
		{"one key sent by many at once is one message", keyedAtOnce},
		{"what one user alone may see, others do not", only},
		{"an answer stands in its thread", thread},
		{"a conversation with one user is theirs alone", direct},
		{"every part of a message can be read", allParts},
		{"a message that is too long is shortened and says so", tooLong},
		{"a mention notifies only when it is meant to", mention},
		{"a post to a room that is not there is refused", noRoom},
		{"an edit of a message that is not there is refused", noMessage},
		{"a post with an ended context is a fault", endedContext},
		{"a post is found by its key", find},
		{"a pinned message is pinned", pin},
		{"a room is read back oldest first", readBack},
	}
}

func postSeen(t *testing.T, p play) {
	p.post(t, chat.Post{Message: words("the database is on fire")})
	for _, user := range []string{p.Ann, p.Bo, p.Cy} {
		s := p.seen(t, user, p.Room, "the database is on fire")
		if s.User != "" || s.Alone || s.Edited || s.Thread != "" {
			t.Errorf("%s sees %+v, want a plain message of the bot", user, s)
		}
	}
	p.notSeen(t, p.Ann, p.Other, "the database is on fire")
}

func edit(t *testing.T, p play) {
	ref := p.post(t, chat.Post{Message: words("status: investigating")})
	if err := p.Edit(t.Context(), ref, words("status: resolved")); err != nil {
		t.Fatalf("editing: %v", err)
	}
	s := p.seen(t, p.Bo, p.Room, "status: resolved")
	if s.Ref.ID != ref.ID {
		t.Errorf("the edited message is %q, the post was %q", s.Ref.ID, ref.ID)
	}
	p.notSeen(t, p.Bo, p.Room, "status: investigating")
	if n := p.count(t, p.Bo, p.Room, "status:"); n != 1 {
		t.Errorf("%d messages after an edit, want 1", n)
	}
}

func keyed(t *testing.T, p play) {
	if p.without(t, "keys", p.Limits().Keyed) {
		return
	}
	first := p.post(t, chat.Post{Key: "k1", Message: words("announced once")})
	second := p.post(t, chat.Post{Key: "k1", Message: words("announced once")})
	if first.ID != second.ID {
		t.Errorf("one key gave messages %q and %q", first.ID, second.ID)
	}
	third := p.post(t, chat.Post{Key: "k2", Message: words("another thing")})
	if third.ID == first.ID {
		t.Error("two keys gave one message")
	}
	if n := p.count(t, p.Ann, p.Room, "announced once"); n != 1 {
		t.Errorf("it is seen %d times, want once", n)
	}
}

func keyedAtOnce(t *testing.T, p play) {
	if p.without(t, "keys", p.Limits().Keyed) {
		return
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, _ = p.Post(t.Context(), chat.Post{Key: "k", Room: p.Room, Message: words("announced once")})
		})
	}
	all.Wait()
	if n := p.count(t, p.Ann, p.Room, "announced once"); n != 1 {
		t.Errorf("it is seen %d times, want once", n)
	}
}

func only(t *testing.T, p play) {
	p.post(t, chat.Post{Only: p.Ann, Message: words("for your eyes alone")})
	if s := p.seen(t, p.Ann, p.Room, "for your eyes alone"); !s.Alone {
		t.Error("it is not marked as seen by one alone")
	}
	p.notSeen(t, p.Bo, p.Room, "for your eyes alone")
}

func thread(t *testing.T, p play) {
	top := p.post(t, chat.Post{Key: "top", Message: words("the announcement")})
	p.post(t, chat.Post{Key: "under", Thread: top.ID, Message: words("the first update")})
	if s := p.seen(t, p.Bo, p.Room, "the first update"); s.Thread != top.ID {
		t.Errorf("the update stands in thread %q, want %q", s.Thread, top.ID)
	}
}

func direct(t *testing.T, p play) {
	room, err := p.Direct(t.Context(), p.Ann)
	if err != nil {
		t.Fatalf("opening a conversation: %v", err)
	}
	again, err := p.Direct(t.Context(), p.Ann)
	if err != nil || again != room {
		t.Errorf("the second time it is %q (%v), want %q", again, err, room)
	}
	if other, err := p.Direct(t.Context(), p.Bo); err != nil || other == room {
		t.Errorf("Bo's conversation is %q (%v), Ann's is %q", other, err, room)
	}
	p.post(t, chat.Post{Room: room, Message: words("nobody commands yet")})
	p.seen(t, p.Ann, room, "nobody commands yet")
	if _, err := p.Direct(t.Context(), "nobody-of-this-name"); err == nil {
		t.Error("a conversation with a user who is not there was opened")
	}
}

// everything is a message with each kind of part and span once.
func everything(p play) chat.Message {
	return chat.Message{
		Title: []chat.Span{chat.Plain("title-words")}, Tone: chat.Sev2,
		Parts: []chat.Part{
			chat.Text{
				chat.Plain("plain-words "), chat.Strong("strong-words"), chat.Plain(" "), chat.Struck("struck-words"), chat.Plain(" "),
				chat.Code("code-words"), chat.Plain(" "),
				chat.Link{Label: "link-words", URL: "https://tocsin.example/x?a=1&b=2"},
				chat.Plain(" "),
				chat.RoomLink{Room: p.Other, Name: "other"},
				chat.When{At: time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC), Style: chat.DateTime, Zone: "UTC"},
			},
			chat.Fields{{Label: "field-label", Value: []chat.Span{chat.Plain("field-value")}}},
			chat.List{{chat.Plain("list-one")}, {chat.Plain("list-two")}},
			chat.Quote{chat.Plain("quote-words")},
			chat.Divider{},
			chat.Small{chat.Plain("small-words")},
			chat.Pre("pre-one\n  pre-two"),
			chat.Buttons{{Label: "Between", Command: "done INC-1 1"}},
		},
		Actions: []chat.Action{{Label: "Take command", Command: "take INC-1", Style: chat.Primary}},
		Summary: "summary-words",
	}
}

func allParts(t *testing.T, p play) {
	p.post(t, chat.Post{Message: everything(p)})
	s := p.seen(t, p.Bo, p.Room, "title-words")
	for _, want := range []string{
		"plain-words", "strong-words", "struck-words", "code-words", "link-words", "field-label", "field-value",
		"list-one", "list-two", "quote-words", "small-words", "pre-one", "pre-two",
	} {
		if !strings.Contains(s.Text, want) {
			t.Errorf("%q cannot be read in %q", want, s.Text)
		}
	}
	for _, want := range []string{"Between", "Take command"} {
		if !contains(s.Buttons, want) {
			t.Errorf("the button %q is not there: %q", want, s.Buttons)
		}
	}
	if !contains(s.Links, "https://tocsin.example/x?a=1&b=2") {
		t.Errorf("the link leads to %q", s.Links)
	}
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func tooLong(t *testing.T, p play) {
	limits := p.Limits()
	if limits.Text == 0 {
		return
	}
	p.post(t, chat.Post{Message: words("begins " + strings.Repeat("é wort ", limits.Text))})
	s := p.seen(t, p.Bo, p.Room, "begins ")
	if n := utf8.RuneCountInString(s.Text); n > limits.Text+100 {
		t.Errorf("it has %d characters, the platform carries %d", n, limits.Text)
	}
	if !strings.Contains(s.Text, "Shortened") || !utf8.ValidString(s.Text) {
		t.Errorf("it does not say that it was shortened, or a letter was cut: …%q", s.Text[max(0, len(s.Text)-100):])
	}
}

func mention(t *testing.T, p play) {
	p.post(t, chat.Post{Key: "quiet", Message: chat.Message{Parts: []chat.Part{chat.Text{
		chat.Plain("quietly "), chat.Mention{User: p.Ann, Name: "Ann"}, chat.Plain(" and "), chat.Mention{Name: "Stranger", Ping: true},
	}}}})
	if s := p.seen(t, p.Bo, p.Room, "quietly"); len(s.Pinged) != 0 || !strings.Contains(s.Text, "Ann") || !strings.Contains(s.Text, "Stranger") {
		t.Errorf("a quiet mention reads %q and notifies %q", s.Text, s.Pinged)
	}
	p.post(t, chat.Post{Key: "loud", Message: chat.Message{Parts: []chat.Part{chat.Text{
		chat.Plain("loudly "), chat.Mention{User: p.Ann, Name: "Ann", Ping: true},
	}}}})
	if s := p.seen(t, p.Bo, p.Room, "loudly"); len(s.Pinged) != 1 || s.Pinged[0] != p.Ann {
		t.Errorf("a mention that pings Ann notifies %q", s.Pinged)
	}
}

func noRoom(t *testing.T, p play) {
	_, err := p.Post(t.Context(), chat.Post{Key: "k", Room: "no-such-room", Message: words("lost")})
	wantFault(t, err, fault.Rejected, fault.NotFound)
}

func noMessage(t *testing.T, p play) {
	err := p.Edit(t.Context(), chat.Ref{Platform: p.Name(), Room: p.Room, ID: "00000000no-such"}, words("lost"))
	wantFault(t, err, fault.Rejected, fault.NotFound)
}

func endedContext(t *testing.T, p play) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.Post(ctx, chat.Post{Key: "k", Room: p.Room, Message: words("too late")})
	wantFault(t, err, fault.Unavailable, fault.Unknown)
	if fault.KindOf(err) == fault.Unavailable {
		p.notSeen(t, p.Ann, p.Room, "too late")
	}
}

func find(t *testing.T, p play) {
	finder := p.Roles().Finder
	if p.without(t, "finder", finder != nil) {
		return
	}
	since := time.Now().Add(-time.Hour)
	ref := p.post(t, chat.Post{Key: "k1", Message: words("announced")})
	got, found, err := finder.Find(t.Context(), chat.Post{Room: p.Room, Key: "k1"}, since)
	if err != nil || !found || got.ID != ref.ID {
		t.Errorf("looking for the key gave %+v, %v, %v; want %q", got, found, err, ref.ID)
	}
	for _, other := range []struct{ room, key string }{{p.Room, "k2"}, {p.Other, "k1"}} {
		if _, found, err := finder.Find(t.Context(), chat.Post{Room: other.room, Key: other.key}, since); found || err != nil {
			t.Errorf("key %q in %q: found=%v, err=%v; want nothing", other.key, other.room, found, err)
		}
	}
}

func pin(t *testing.T, p play) {
	pins := p.Roles().Pins
	if p.without(t, "pins", pins != nil) {
		return
	}
	ref := p.post(t, chat.Post{Message: words("the card")})
	for range 2 { // again is no fault
		if err := pins.Pin(t.Context(), ref); err != nil {
			t.Fatalf("pinning: %v", err)
		}
	}
	if s := p.seen(t, p.Bo, p.Room, "the card"); !s.Pinned {
		t.Error("the card is not pinned")
	}
	for _, r := range copied(p.house, &p.house.reacted) {
		t.Errorf("the bot's own pin was reported as a person's: %+v", r)
	}
}

// readAll reads the room page by page.
func (p play) readAll(t *testing.T, since time.Time) (all []chat.Said) {
	t.Helper()
	for page, pages := "", 0; pages < 100; pages++ {
		said, next, err := p.Roles().Reader.Read(t.Context(), p.here(), since, page)
		if err != nil {
			t.Fatalf("reading back: %v", err)
		}
		all = append(all, said...)
		if page = next; page == "" {
			return all
		}
	}
	t.Fatal("reading back never ends")
	return nil
}

func readBack(t *testing.T, p play) {
	if p.without(t, "reader", p.Roles().Reader != nil) {
		return
	}
	for _, w := range []string{"first words", "second words", "third words"} {
		must(t, p.Stage.Type(t.Context(), p.Ann, p.here(), w))
	}
	all := p.readAll(t, time.Time{})
	var mine []chat.Said
	for _, s := range all {
		if s.User.ID == p.Ann {
			mine = append(mine, s)
		}
	}
	if len(mine) != 3 || mine[0].Text != "first words" || mine[2].Text != "third words" {
		t.Fatalf("read back %+v, want three messages, oldest first", mine)
	}
	for _, s := range p.readAll(t, mine[1].At) {
		if s.At.Before(mine[1].At) {
			t.Errorf("%+v was said before the moment asked for", s)
		}
	}
	reported := copied(p.house, &p.house.said)
	if len(reported) != 3 || reported[0].ID != mine[0].ID {
		t.Errorf("what was read back and what was reported have different ids: %+v and %+v", mine, reported)
	}
}
