package chat

import (
	"context"
	"time"
)

type rooms struct {
	c  *Client
	to Rooms
}

func (r rooms) Open(ctx context.Context, s RoomSpec) (Place, error) {
	s.Name, s.Topic = CleanLine(s.Name), r.topic(s.Topic)
	return call(ctx, r.c, "open a room", writes, func(ctx context.Context) (Place, error) { return r.to.Open(ctx, s) })
}

func (r rooms) topic(s string) string { return Shorten(CleanLine(s), r.c.limits.Topic) }

func (r rooms) Topic(ctx context.Context, room, topic string) error {
	return do(ctx, r.c, "set a topic", func(ctx context.Context) error {
		return r.to.Topic(ctx, room, r.topic(topic))
	})
}

func (r rooms) Invite(ctx context.Context, room string, users []string) error {
	return do(ctx, r.c, "invite into a room", func(ctx context.Context) error {
		return r.to.Invite(ctx, room, users)
	})
}

func (r rooms) Remove(ctx context.Context, room, user string) error {
	return do(ctx, r.c, "remove from a room", func(ctx context.Context) error {
		return r.to.Remove(ctx, room, user)
	})
}

func (r rooms) Archive(ctx context.Context, room string) error {
	return do(ctx, r.c, "archive a room", func(ctx context.Context) error { return r.to.Archive(ctx, room) })
}

func (r rooms) Members(ctx context.Context, room string) ([]User, error) {
	return call(ctx, r.c, "list a room's members", reads, func(ctx context.Context) ([]User, error) {
		return r.to.Members(ctx, room)
	})
}

type locks struct {
	c  *Client
	to Locks
}

func (l locks) Lock(ctx context.Context, room string, private bool) error {
	return do(ctx, l.c, "change who sees a room", func(ctx context.Context) error { return l.to.Lock(ctx, room, private) })
}

type pins struct {
	c  *Client
	to Pins
}

func (p pins) Pin(ctx context.Context, r Ref) error {
	return do(ctx, p.c, "pin a message", func(ctx context.Context) error { return p.to.Pin(ctx, r) })
}

type reader struct {
	c  *Client
	to Reader
}

func (r reader) Read(ctx context.Context, at Place, since time.Time, page string) (said []Said, next string, err error) {
	said, err = call(ctx, r.c, "read a room", reads, func(ctx context.Context) ([]Said, error) {
		out, more, err := r.to.Read(ctx, at, since, page)
		next = more
		return out, err
	})
	return said, next, err
}

type finder struct {
	c  *Client
	to Finder
}

func (f finder) Find(ctx context.Context, p Post, since time.Time) (r Ref, found bool, err error) {
	r, err = call(ctx, f.c, "look for a message", reads, func(ctx context.Context) (Ref, error) {
		ref, ok, err := f.to.Find(ctx, p, since)
		found = ok
		return ref, err
	})
	return r, found && err == nil, err
}

type places struct {
	c  *Client
	to Places
}

func (p places) Place(ctx context.Context, room string) (Place, error) {
	return call(ctx, p.c, "look a room up", reads, func(ctx context.Context) (Place, error) { return p.to.Place(ctx, room) })
}

type bookmarks struct {
	c  *Client
	to Bookmarks
}

func (s bookmarks) Put(ctx context.Context, room, label, url string) error {
	return do(ctx, s.c, "keep a link in a room", func(ctx context.Context) error {
		return s.to.Put(ctx, room, CleanLine(label), url)
	})
}

type marks struct {
	c  *Client
	to Marks
}

func (m marks) Mark(ctx context.Context, r Ref, emoji string) error {
	return do(ctx, m.c, "react to a message", func(ctx context.Context) error { return m.to.Mark(ctx, r, emoji) })
}

type groups struct {
	c  *Client
	to Groups
}

func (g groups) Group(ctx context.Context, group string) ([]string, error) {
	return call(ctx, g.c, "look a group up", reads, func(ctx context.Context) ([]string, error) { return g.to.Group(ctx, group) })
}

type files struct {
	c  *Client
	to Files
}

func (f files) File(ctx context.Context, one File, most int) ([]byte, error) {
	return call(ctx, f.c, "read an attachment", reads, func(ctx context.Context) ([]byte, error) { return f.to.File(ctx, one, most) })
}
