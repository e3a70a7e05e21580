package console

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// body is what stands in store.TalkMessage.Body: a message of the bot, and the
// gesture that it answers.
type body struct {
	Message chat.Message `json:"message"`
	Asker   string       `json:"asker,omitempty"` // who asked
	Asked   string       `json:"asked,omitempty"` // what they typed or pressed
	Via     string       `json:"via,omitempty"`
	Kind    string       `json:"kind,omitempty"`    // the kind of fault that it tells of
	Working bool         `json:"working,omitempty"` // nothing is recorded yet
}

func (b body) bytes() ([]byte, error) {
	raw, err := json.Marshal(b)
	if err != nil {
		return nil, fault.Wrap(fault.Rejected, err, "The console cannot keep this message.")
	}
	return raw, nil
}

func readBody(raw []byte) body {
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return body{Message: chat.Message{Parts: []chat.Part{chat.Small{chat.Plain("(this message was written by a newer tocsin)")}}}}
	}
	return b
}

// Post says a message in a room. A key that the room has seen gives the first message.
func (c *Console) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	raw, err := body{Message: p.Message}.bytes()
	if err != nil {
		return chat.Ref{}, err
	}
	if r, found, err := c.room(ctx, p.Room); err != nil {
		return chat.Ref{}, err
	} else if found && r.Archived {
		return chat.Ref{}, fault.New(fault.Rejected, "The room #%s is archived: nothing more is said in it.", r.Name)
	}
	said, err := c.say(ctx, store.TalkMessage{Room: p.Room, Key: prefixed("post/", p.Key), Thread: p.Thread, Only: p.Only, Body: raw, At: c.now()})
	if err != nil {
		return chat.Ref{}, gone(err, "The console has no such room.")
	}
	return c.ref(said), nil
}

func prefixed(prefix, key string) string {
	if key == "" {
		return ""
	}
	return prefix + key
}

// say adds a message, and counts it where it answers another.
func (c *Console) say(ctx context.Context, m store.TalkMessage) (store.TalkMessage, error) {
	said, _, err := c.talk.Say(ctx, m)
	if err != nil {
		return said, err
	}
	if said.Thread != "" && said.Only == "" {
		_, err := c.talk.Change(ctx, said.Room, said.Thread, func(root *store.TalkMessage) {
			if root.Replied < said.ID {
				root.Replied = said.ID
				root.Replies++
			}
		})
		if err != nil {
			c.log.WarnContext(ctx, "a reply was not counted", "room", said.Room, "error", err)
		}
	}
	c.hub.stir()
	return said, nil
}

// Edit gives a message of the bot other words.
func (c *Console) Edit(ctx context.Context, r chat.Ref, m chat.Message) error {
	_, err := c.talk.Change(ctx, r.Room, r.ID, func(t *store.TalkMessage) {
		b := readBody(t.Body)
		b.Message = m
		if raw, err := b.bytes(); err == nil {
			t.Body = raw
		}
	})
	if err != nil {
		return gone(err, "The message is not there any more.")
	}
	c.hub.stir()
	return nil
}

// gone turns "not found" into a refusal for good, as the port wants it.
func gone(err error, say string) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.Wrap(fault.Rejected, err, say)
	}
	return err
}

func (c *Console) ref(m store.TalkMessage) chat.Ref {
	return chat.Ref{Platform: Platform, Room: m.Room, ID: m.ID, Link: c.link(m.Room, m.ID)}
}

func (c *Console) link(room, id string) string {
	return c.o.Origin + roomPath(room) + "?at=" + id + "#m-" + id
}

// Direct finds or opens the conversation with one user.
func (c *Console) Direct(ctx context.Context, user string) (string, error) {
	if _, known := c.Account(user); !known {
		return "", fault.New(fault.Rejected, "The console knows nobody called %q.", user)
	}
	id := "dm-" + user
	_, found, err := c.room(ctx, id)
	if err != nil || found {
		return id, err
	}
	_, err = c.talk.PutRoom(ctx, store.TalkRoom{ID: id, Name: c.o.Title, Direct: true, Private: true, Members: []string{user}, Made: c.now()})
	c.hub.stir()
	return id, err
}

// Read reads a room back in one page, the bot's own messages left out.
func (c *Console) Read(ctx context.Context, at chat.Place, since time.Time, _ string) (out []chat.Said, next string, err error) {
	r, found, err := c.room(ctx, at.Room)
	if err != nil {
		return nil, "", err
	}
	if !found {
		return nil, "", fault.New(fault.Rejected, "The console has no room %q.", at.Room)
	}
	err = c.back(ctx, at.Room, func(m store.TalkMessage) bool {
		if m.User != "" && m.Only == "" && !m.Deleted && !m.At.Before(since) {
			out = append(out, c.said(r, m))
		}
		return !m.At.Before(since)
	})
	slices.Reverse(out)
	return out, "", err
}

// Find looks for a post by its key.
func (c *Console) Find(ctx context.Context, p chat.Post, since time.Time) (chat.Ref, bool, error) {
	room, key := p.Room, p.Key
	var found *store.TalkMessage
	err := c.back(ctx, room, func(m store.TalkMessage) bool {
		if m.Key != "" && m.Key == prefixed("post/", key) {
			found = &m
		}
		return found == nil && !m.At.Before(since.Add(-time.Minute))
	})
	if err != nil || found == nil {
		return chat.Ref{}, false, err
	}
	return c.ref(*found), true, nil
}

// back walks a room from its newest message on, until fn has seen enough.
func (c *Console) back(ctx context.Context, room string, fn func(store.TalkMessage) bool) error {
	before := ""
	for {
		page, err := c.talk.TalkMessages(ctx, room, before, 200)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := len(page) - 1; i >= 0; i-- {
			if !fn(page[i]) {
				return nil
			}
		}
		before = page[0].ID
	}
}

// said is a message as the port tells of it.
func (c *Console) said(r store.TalkRoom, m store.TalkMessage) chat.Said {
	s := chat.Said{
		Key: accountKey(cmpKey(m)), Place: place(r, m.Thread), ID: m.ID, Text: m.Text, At: m.At, EditedAt: m.EditedAt, Link: c.link(m.Room, m.ID),
	}
	if m.User != "" {
		s.User = c.User(m.User)
		return s
	}
	s.User = chat.User{Platform: Platform, Workspace: Workspace, ID: "tocsin", Name: c.o.Title, Kind: chat.Machine}
	s.Text = chat.Plaintext(readBody(m.Body).Message, chat.Paper{Now: c.now()})
	return s
}

// cmpKey is the key a message was said with in the browser, or one made of its place.
func cmpKey(m store.TalkMessage) string {
	if k, ok := trimPrefix(m.Key, "said/"); ok {
		return k
	}
	return m.Room + "/" + m.ID
}

func place(r store.TalkRoom, thread string) chat.Place {
	return chat.Place{Platform: Platform, Room: r.ID, Name: r.Name, Thread: thread, Direct: r.Direct, Private: r.Private}
}

// accountKey makes the key of a gesture from what the browser called it.
func accountKey(key string) string { return Platform + "/" + Workspace + "/" + key }
