package console

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// tend takes a gesture about a message or a room that is no command, and tells
// the sink of it. do returns what to tell, or nil.
func (c *Console) tend(do func(ctx context.Context, g gesture) (told func(chat.Sink) error, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g, ok := c.gesture(w, r)
		if !ok {
			return
		}
		told, err := do(r.Context(), g)
		if err != nil {
			answerFault(w, err)
			return
		}
		c.hub.stir()
		if h := c.house.Load(); told != nil && h != nil && h.Sink != nil {
			if err := told(h.Sink); err != nil {
				answerJSON(w, http.StatusAccepted, answer{Kind: fault.KindOf(err).String()})
				return
			}
		}
		answerJSON(w, http.StatusOK, answer{Done: true})
	}
}

// alter changes the message that a gesture is about, unless allow refuses it
// as it stands now. A message that the person may not see is not there.
func (c *Console) alter(ctx context.Context, g gesture, allow func(store.TalkMessage) error, fn func(*store.TalkMessage)) (store.TalkMessage, error) {
	var refused error
	m, err := c.talk.Change(ctx, g.Room.ID, g.Message, func(t *store.TalkMessage) {
		if refused = nil; !visible(*t, g.User.ID) {
			refused = missing()
		} else {
			refused = allow(*t)
		}
		if refused == nil {
			fn(t)
		}
	})
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return m, missing()
	}
	if err != nil {
		return m, err
	}
	return m, refused
}

func missing() error { return fault.New(fault.NotFound, "That message is not there any more.") }

// ownOnly lets only the author of a message through.
func (c *Console) ownOnly(g gesture) func(store.TalkMessage) error {
	return func(m store.TalkMessage) error {
		if m.User != g.User.ID && m.Only != g.User.ID {
			return fault.New(fault.Forbidden, "Only %s can change that message.", c.reader("").name(m.User))
		}
		return nil
	}
}

func openToAll(m store.TalkMessage) error {
	if m.Only != "" || m.Deleted {
		return fault.New(fault.Invalid, "That message takes no pins and no reactions.")
	}
	return nil
}

func (c *Console) edited(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	if strings.TrimSpace(g.Text) == "" {
		return nil, fault.New(fault.Invalid, "An edited message needs words. Delete it instead.")
	}
	m, err := c.alter(ctx, g, func(m store.TalkMessage) error {
		if m.User == "" || m.Deleted {
			return missing()
		}
		return c.ownOnly(g)(m)
	}, func(t *store.TalkMessage) {
		if t.Text != g.Text {
			t.Text, t.EditedAt = g.Text, g.At
		}
	})
	return func(s chat.Sink) error {
		return s.Edited(ctx, chat.Edited{Key: accountKey(g.Key), User: g.User, Place: place(g.Room, m.Thread), ID: m.ID, Text: g.Text, At: g.At})
	}, err
}

// deleted takes a message away: one's own for everybody, a reply for oneself
// alone just for oneself.
func (c *Console) deleted(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	m, err := c.alter(ctx, g, c.ownOnly(g), func(t *store.TalkMessage) {
		t.Deleted, t.Text, t.Reactions = true, "", nil
	})
	if err == nil && slices.Contains(g.Room.Pinned, m.ID) {
		_, err = c.talk.ChangeRoom(ctx, m.Room, func(r *store.TalkRoom) { pin(r, m.ID, true) })
	}
	if m.Only != "" || m.User == "" {
		return nil, err
	}
	return func(s chat.Sink) error {
		return s.Deleted(ctx, chat.Deleted{Key: accountKey(g.Key), Place: place(g.Room, m.Thread), ID: m.ID, At: g.At})
	}, err
}

func (c *Console) reacted(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	emoji := g.Text
	if glyph(emoji) == ":"+emoji+":" {
		return nil, fault.New(fault.Invalid, "The console has no reaction %q.", chat.Shorten(emoji, 20))
	}
	m, err := c.alter(ctx, g, openToAll, func(t *store.TalkMessage) {
		if t.Reactions == nil {
			t.Reactions = map[string][]string{}
		}
		users := slices.DeleteFunc(t.Reactions[emoji], func(u string) bool { return u == g.User.ID })
		if !g.Away {
			users = append(users, g.User.ID)
		}
		t.Reactions[emoji] = users
		if len(users) == 0 {
			delete(t.Reactions, emoji)
		}
	})
	return c.tellReaction(ctx, g, m, emoji), err
}

// pins pins a message or unpins it. The message is written too, so that
// browsers draw it anew.
func (c *Console) pins(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	m, err := c.alter(ctx, g, openToAll, func(*store.TalkMessage) {})
	if err == nil {
		_, err = c.talk.ChangeRoom(ctx, g.Room.ID, func(r *store.TalkRoom) { pin(r, m.ID, g.Away) })
	}
	if err == nil {
		_, err = c.talk.Change(ctx, m.Room, m.ID, func(*store.TalkMessage) {})
	}
	return c.tellReaction(ctx, g, m, "pin"), err
}

func (c *Console) tellReaction(ctx context.Context, g gesture, m store.TalkMessage, emoji string) func(chat.Sink) error {
	return func(s chat.Sink) error {
		return s.Reacted(ctx, chat.Reacted{
			Key: accountKey(g.Key), User: g.User, Place: place(g.Room, m.Thread), On: c.said(g.Room, m), Emoji: emoji, Away: g.Away, At: g.At,
		})
	}
}

func (c *Console) joined(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	if g.Room.Direct {
		return nil, fault.New(fault.Invalid, "This conversation is yours alone; nobody joins it or leaves it.")
	}
	_, err := c.talk.ChangeRoom(ctx, g.Room.ID, func(r *store.TalkRoom) {
		r.Members = slices.DeleteFunc(r.Members, func(m string) bool { return m == g.User.ID })
		if !g.Away {
			r.Members = append(r.Members, g.User.ID)
		}
	})
	return func(s chat.Sink) error {
		return s.Joined(ctx, chat.Joined{Key: accountKey(g.Key), User: g.User, Place: place(g.Room, ""), Left: g.Away, At: g.At})
	}, err
}

// marked remembers how far somebody has read. It is told to nobody.
func (c *Console) marked(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	if len(g.Message) > 64 || g.Message > g.Room.Newest || g.Message <= g.Room.Read[g.User.ID] {
		return nil, nil
	}
	_, err := c.talk.ChangeRoom(ctx, g.Room.ID, func(r *store.TalkRoom) {
		if r.Read == nil {
			r.Read = map[string]string{}
		}
		r.Read[g.User.ID] = max(r.Read[g.User.ID], g.Message)
	})
	return nil, err
}
