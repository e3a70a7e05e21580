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

// message finds the message that a gesture is about, if the person sees it.
func (c *Console) message(ctx context.Context, g gesture) (store.TalkMessage, error) {
	var found *store.TalkMessage
	err := c.back(ctx, g.Room.ID, "", func(m store.TalkMessage) bool {
		if m.ID == g.Message {
			found = &m
		}
		return found == nil && m.ID > g.Message
	})
	if err != nil {
		return store.TalkMessage{}, err
	}
	if found == nil || !visible(*found, g.User.ID) {
		return store.TalkMessage{}, fault.New(fault.NotFound, "That message is not there any more.")
	}
	return *found, nil
}

// own is message for what only its author may do.
func (c *Console) own(ctx context.Context, g gesture) (store.TalkMessage, error) {
	m, err := c.message(ctx, g)
	if err == nil && m.User != g.User.ID {
		return m, fault.New(fault.Forbidden, "Only %s can change that message.", c.person(m.User).Name)
	}
	return m, err
}

func (c *Console) edited(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	if strings.TrimSpace(g.Text) == "" {
		return nil, fault.New(fault.Invalid, "An edited message needs words. Delete it instead.")
	}
	m, err := c.own(ctx, g)
	if err != nil {
		return nil, err
	}
	if m.Text != g.Text {
		_, err = c.talk.Change(ctx, m.Room, m.ID, func(t *store.TalkMessage) { t.Text, t.EditedAt = g.Text, g.At })
	}
	return func(s chat.Sink) error {
		return s.Edited(ctx, chat.Edited{Key: accountKey(g.Key), User: g.User, Place: place(g.Room, m.Thread), ID: m.ID, Text: g.Text, At: g.At})
	}, err
}

// deleted takes a message away: one's own for everybody, a reply for oneself
// alone just for oneself.
func (c *Console) deleted(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	m, err := c.message(ctx, g)
	if err != nil {
		return nil, err
	}
	alone := m.Only == g.User.ID
	if !alone {
		if m, err = c.own(ctx, g); err != nil {
			return nil, err
		}
	}
	_, err = c.talk.Change(ctx, m.Room, m.ID, func(t *store.TalkMessage) {
		t.Deleted, t.Text, t.Reactions = true, "", nil
	})
	if err == nil && slices.Contains(g.Room.Pinned, m.ID) {
		_, err = c.talk.ChangeRoom(ctx, m.Room, func(r *store.TalkRoom) { pin(r, m.ID, true) })
	}
	if alone {
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
	m, err := c.message(ctx, g)
	if err != nil {
		return nil, err
	}
	if m.Only != "" || m.Deleted {
		return nil, fault.New(fault.Invalid, "That message takes no reactions.")
	}
	m, err = c.talk.Change(ctx, m.Room, m.ID, func(t *store.TalkMessage) {
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

func (c *Console) pinned(ctx context.Context, g gesture) (func(chat.Sink) error, error) {
	m, err := c.message(ctx, g)
	if err != nil {
		return nil, err
	}
	if m.Only != "" || m.Deleted {
		return nil, fault.New(fault.Invalid, "That message cannot be pinned.")
	}
	_, err = c.talk.ChangeRoom(ctx, m.Room, func(r *store.TalkRoom) { pin(r, m.ID, g.Away) })
	if err == nil { // so that browsers draw the message anew
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
