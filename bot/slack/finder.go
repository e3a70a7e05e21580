package slack

import (
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// finder recognises a message by the id in its metadata.
type finder struct{ c *caller }

// Bounds of looking for a message.
const (
	lookAgain = 2 * time.Second // history may lag behind what was posted
	lookTwice = 3 * time.Minute // only what may have been posted so short ago
	findPages = 20
)

// Find looks for a post where it would stand. What was shown to one person
// alone is in no history: it is not shown twice.
func (f finder) Find(ctx context.Context, p chat.Post, since time.Time) (chat.Ref, bool, error) {
	if p.Only != "" && !isDirect(p.Room) {
		return chat.Ref{}, false, fault.New(fault.Rejected, "It may have been shown to them, and Slack keeps no record of that; it is not shown twice.")
	}
	if p.Key == "" {
		return chat.Ref{}, false, nil
	}
	ref, found, err := f.look(ctx, p, since)
	if err != nil || found || f.c.o.Now().Sub(since) > lookTwice {
		return ref, found, err
	}
	pause := time.NewTimer(lookAgain)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
		return ref, false, fault.Wrap(fault.Unavailable, ctx.Err(), "There was no time left to look for the message a second time.")
	}
	return f.look(ctx, p, since)
}

func (f finder) look(ctx context.Context, p chat.Post, since time.Time) (chat.Ref, bool, error) {
	id, me := opaque(p.Key), f.c.ids.known()
	s := stretch{room: p.Room, thread: p.Thread, oldest: since, limit: pageOfMessages, metadata: true}
	for range findPages {
		ms, next, err := f.c.history(ctx, s)
		if err != nil {
			return chat.Ref{}, false, err
		}
		for _, m := range ms {
			if m.effect() == id && (me.User == "" || m.own(me)) {
				return chat.Ref{Platform: Name, Room: p.Room, ID: m.TS, Link: f.c.permalink(p.Room, p.Thread, m.TS)}, true, nil
			}
		}
		if next == "" {
			return chat.Ref{}, false, nil
		}
		s.cursor = next
	}
	return chat.Ref{}, false, fault.New(fault.Unavailable, "Too much was said since to look for the message.")
}
