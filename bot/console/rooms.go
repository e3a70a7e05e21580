package console

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// ensureRooms makes the rooms of the start, once.
func (c *Console) ensureRooms(ctx context.Context) error {
	if c.ready.Load() {
		return nil
	}
	rooms, err := c.known.all(ctx, c.talk)
	if err != nil {
		return err
	}
	topics := map[string]string{
		General:   "For everyone. Type /incident and what is wrong.",
		Incidents: "Announcements: one message for each incident, kept up to date.",
	}
	for _, id := range []string{General, Incidents} {
		if slices.ContainsFunc(rooms, func(r store.TalkRoom) bool { return r.ID == id }) {
			continue
		}
		if _, err := c.talk.PutRoom(ctx, store.TalkRoom{ID: id, Name: id, Topic: topics[id], Made: c.now()}); err != nil {
			return err
		}
	}
	c.ready.Store(true)
	return nil
}

// Open makes a room, or finds the one that was made for the same key.
func (c *Console) Open(ctx context.Context, s chat.RoomSpec) (chat.Place, error) {
	rooms, err := c.rooms(ctx)
	if err != nil {
		return chat.Place{}, err
	}
	taken := make(map[string]bool, len(rooms))
	for _, r := range rooms {
		if s.Key != "" && r.Key == s.Key {
			return place(r, ""), nil
		}
		taken[r.ID] = true
	}
	id := free(slug(s.Name), taken)
	r, err := c.talk.PutRoom(ctx, store.TalkRoom{
		ID: id, Name: id, Topic: chat.CleanLine(s.Topic), Key: s.Key, Private: s.Private, Members: slices.Clone(s.Invite), Made: c.now(),
	})
	if err != nil {
		return chat.Place{}, err
	}
	c.hub.stir()
	return place(r, ""), nil
}

func free(id string, taken map[string]bool) string {
	if !taken[id] {
		return id
	}
	for n := 2; ; n++ {
		if next := fmt.Sprintf("%s-%d", id, n); !taken[next] {
			return next
		}
	}
}

// slug is a room's name as it stands in the address: at most 60 letters and
// digits of any script, joined by dashes.
func slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(chat.CleanLine(name)) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			dash = b.Len() > 0
			continue
		}
		if b.Len() > 60 {
			break
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "room"
	}
	return b.String()
}

// Topic sets a room's topic.
func (c *Console) Topic(ctx context.Context, room, topic string) error {
	return c.change(ctx, room, func(r *store.TalkRoom) { r.Topic = chat.Shorten(chat.CleanLine(topic), c.Limits().Topic) })
}

// Invite brings people into a room.
func (c *Console) Invite(ctx context.Context, room string, users []string) error {
	return c.change(ctx, room, func(r *store.TalkRoom) {
		for _, u := range users {
			if !slices.Contains(r.Members, u) {
				r.Members = append(r.Members, u)
			}
		}
	})
}

// Remove takes somebody out of a room.
func (c *Console) Remove(ctx context.Context, room, user string) error {
	return c.change(ctx, room, func(r *store.TalkRoom) {
		r.Members = slices.DeleteFunc(r.Members, func(m string) bool { return m == user })
	})
}

// Lock makes a room private, or open to everybody again.
func (c *Console) Lock(ctx context.Context, room string, private bool) error {
	return c.change(ctx, room, func(r *store.TalkRoom) { r.Private = private })
}

// Archive closes a room: it can be read, and nothing is said in it any more.
func (c *Console) Archive(ctx context.Context, room string) error {
	return c.change(ctx, room, func(r *store.TalkRoom) { r.Archived = true })
}

// Members lists who is in a room.
func (c *Console) Members(ctx context.Context, room string) ([]chat.User, error) {
	r, found, err := c.room(ctx, room)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.Rejected, "The console has no room %q.", room)
	}
	users := make([]chat.User, len(r.Members))
	for i, m := range r.Members {
		users[i] = c.User(m)
	}
	return users, nil
}

// Pin pins a message. The message is written too, so that open pages draw it anew.
func (c *Console) Pin(ctx context.Context, r chat.Ref) error {
	if err := c.change(ctx, r.Room, func(t *store.TalkRoom) { pin(t, r.ID, false) }); err != nil {
		return err
	}
	if _, err := c.talk.Change(ctx, r.Room, r.ID, func(*store.TalkMessage) {}); err != nil {
		return gone(err, "The message is not there any more.")
	}
	c.hub.stir()
	return nil
}

func pin(r *store.TalkRoom, id string, away bool) {
	r.Pinned = slices.DeleteFunc(r.Pinned, func(p string) bool { return p == id })
	if !away {
		r.Pinned = append(r.Pinned, id)
	}
}

func (c *Console) change(ctx context.Context, room string, fn func(*store.TalkRoom)) error {
	if err := c.ensureRooms(ctx); err != nil {
		return err
	}
	if _, err := c.talk.ChangeRoom(ctx, room, fn); err != nil {
		return gone(err, "The console has no such room.")
	}
	c.hub.stir()
	return nil
}

// mayRead says whether a person may see a room at all; user "" is the reader
// of a console that is read-only.
func mayRead(r store.TalkRoom, user string) bool {
	if r.Private || r.Direct {
		return user != "" && slices.Contains(r.Members, user)
	}
	return true
}
