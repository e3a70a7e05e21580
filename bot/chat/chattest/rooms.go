package chattest

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

func rooms() []test {
	return []test{
		{"a room is opened once for its key", openOnce},
		{"two rooms may wish for one name", sameName},
		{"inviting, listing and removing members", members},
		{"a private room is for its members", private},
		{"a topic is set and cut to size", topic},
		{"an archived room takes no more posts", archive},
		{"tending a room that is not there is refused", tendNothing},
	}
}

// open opens a room, or ends the test when the platform has none.
func (p play) open(t *testing.T, s chat.RoomSpec) (chat.Rooms, chat.Place) {
	t.Helper()
	rooms := p.Roles().Rooms
	if p.without(t, "rooms", rooms != nil) {
		t.SkipNow()
	}
	place, err := rooms.Open(t.Context(), s)
	if err != nil {
		t.Fatalf("opening a room: %v", err)
	}
	if place.Room == "" || place.Platform != p.Name() || place.Name == "" {
		t.Fatalf("the room is %+v, want an id, a name and the platform", place)
	}
	return rooms, place
}

func openOnce(t *testing.T, p play) {
	spec := chat.RoomSpec{Key: "0123456789abcdef", Name: "inc-7-checkout-is-failing", Topic: "INC-7", Invite: []string{p.Ann}}
	rooms, first := p.open(t, spec)
	second, err := rooms.Open(t.Context(), spec)
	if err != nil || second.Room != first.Room {
		t.Errorf("the second time it is %+v (%v), want %q", second, err, first.Room)
	}
	p.post(t, chat.Post{Room: first.Room, Message: words("the card")})
	p.seen(t, p.Ann, first.Room, "the card")
}

func sameName(t *testing.T, p play) {
	rooms, first := p.open(t, chat.RoomSpec{Key: "one", Name: "inc-7-checkout"})
	second, err := rooms.Open(t.Context(), chat.RoomSpec{Key: "two", Name: "inc-7-checkout"})
	if err != nil || second.Room == first.Room {
		t.Errorf("another key with the same name gave %+v (%v)", second, err)
	}
}

func ids(users []chat.User) []string {
	var out []string
	for _, u := range users {
		if u.Kind != chat.Machine {
			out = append(out, u.ID)
		}
	}
	return out
}

func members(t *testing.T, p play) {
	rooms, place := p.open(t, chat.RoomSpec{Key: "members", Name: "inc-8", Invite: []string{p.Ann}})
	for range 2 { // inviting a member again is no fault
		if err := rooms.Invite(t.Context(), place.Room, []string{p.Bo}); err != nil {
			t.Fatalf("inviting: %v", err)
		}
	}
	got, err := rooms.Members(t.Context(), place.Room)
	if err != nil || !contains(ids(got), p.Ann) || !contains(ids(got), p.Bo) || contains(ids(got), p.Cy) {
		t.Errorf("members are %v (%v), want Ann and Bo", ids(got), err)
	}
	if err := rooms.Remove(t.Context(), place.Room, p.Bo); err != nil {
		t.Fatalf("removing: %v", err)
	}
	if err := rooms.Remove(t.Context(), place.Room, p.Bo); err != nil {
		t.Errorf("removing somebody who is gone is no fault, but: %v", err)
	}
	if got, err := rooms.Members(t.Context(), place.Room); err != nil || contains(ids(got), p.Bo) {
		t.Errorf("after removing Bo members are %v (%v)", ids(got), err)
	}
}

func private(t *testing.T, p play) {
	_, place := p.open(t, chat.RoomSpec{Key: "private", Name: "inc-9", Private: true, Invite: []string{p.Ann}})
	p.post(t, chat.Post{Room: place.Room, Message: words("nobody else may know")})
	p.seen(t, p.Ann, place.Room, "nobody else may know")
	all, err := p.Stage.See(t.Context(), p.Bo, place.Room)
	if err == nil && len(all) > 0 {
		t.Errorf("Bo is no member and sees %q", texts(all))
	}
}

func topic(t *testing.T, p play) {
	rooms, place := p.open(t, chat.RoomSpec{Key: "topic", Name: "inc-10"})
	for _, words := range []string{"sev2 · investigating", "", strings.Repeat("é", 5000), "two\nlines \u202e<!channel>"} {
		if err := rooms.Topic(t.Context(), place.Room, words); err != nil {
			t.Errorf("the topic %.20q: %v", words, err)
		}
	}
}

func archive(t *testing.T, p play) {
	rooms, place := p.open(t, chat.RoomSpec{Key: "archive", Name: "inc-11"})
	for range 2 { // again is no fault
		if err := rooms.Archive(t.Context(), place.Room); err != nil {
			t.Fatalf("archiving: %v", err)
		}
	}
	_, err := p.Post(t.Context(), chat.Post{Key: "k", Room: place.Room, Message: words("too late")})
	wantFault(t, err, fault.Rejected, fault.NotFound)
}

func tendNothing(t *testing.T, p play) {
	rooms, _ := p.open(t, chat.RoomSpec{Key: "tend", Name: "inc-12"})
	wantFault(t, rooms.Topic(t.Context(), "no-such-room", "x"), fault.Rejected, fault.NotFound)
	wantFault(t, rooms.Invite(t.Context(), "no-such-room", []string{p.Ann}), fault.Rejected, fault.NotFound)
	_, err := rooms.Members(t.Context(), "no-such-room")
	wantFault(t, err, fault.Rejected, fault.NotFound)
}
