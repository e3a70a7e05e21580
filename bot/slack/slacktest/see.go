package slacktest

import (
	"fmt"
	"slices"
)

// Seen gives what a user sees of a room, oldest first, threads included.
func (f *Fake) Seen(user, room string) ([]Seen, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, r, err := f.actor(user, room)
	if err != nil {
		return nil, err
	}
	var out []Seen
	for _, m := range r.messages {
		if m.only == "" || m.only == u.ID {
			out = append(out, f.seen(u, r, m))
		}
	}
	return out, nil
}

func (f *Fake) seen(u *User, r *place, m *message) Seen {
	eyes := f.reader(u.ID)
	eyes.message(m)
	out := Seen{
		TS: m.ts, Thread: m.thread, User: m.user, Own: m.bot == f.botID(), Subtype: m.subtype, Alone: m.only != "",
		Text: eyes.text(), Buttons: eyes.buttons, Links: eyes.links, Pinged: eyes.pinged,
		Edited: m.editedAt != "", Pinned: r.pinned(m.ts), Reactions: m.marks(),
	}
	if system(m.subtype) {
		out.Pinged = nil // Slack's own words about somebody do not notify them
	}
	for _, a := range m.attachments {
		if one, _ := a.(object); out.Color == "" {
			out.Color, _ = one["color"].(string)
		}
	}
	return out
}

func system(subtype string) bool {
	return subtype != "" && subtype != "bot_message" && subtype != "file_share" && subtype != "thread_broadcast"
}

func (m *message) marks() map[string][]string {
	var out map[string][]string
	for _, x := range m.reactions {
		if out == nil {
			out = map[string][]string{}
		}
		out[x.name] = slices.Clone(x.users)
	}
	return out
}

// Messages gives everything that stands in a room, oldest first, ephemeral
// messages and answers in threads included.
func (f *Fake) Messages(room string) []Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.room(room)
	if r == nil {
		return nil
	}
	var out []Message
	for _, m := range r.messages {
		one := Message{
			TS: m.ts, Thread: m.thread, User: m.user, BotID: m.bot, Subtype: m.subtype, Text: m.text, Only: m.only,
			Edited: m.editedAt != "", Pinned: r.pinned(m.ts), Reactions: m.marks(),
		}
		if len(m.blocks) > 0 {
			one.Blocks = raw(m.blocks)
		}
		if len(m.attachments) > 0 {
			one.Attachments = raw(m.attachments)
		}
		if m.metadata != nil {
			one.Metadata = raw(m.metadata)
		}
		out = append(out, one)
	}
	return out
}

// Permalink is where a message is read.
func (f *Fake) Permalink(room, ts string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.room(room); r != nil {
		if m := r.find(ts); m != nil {
			return f.permalink(r, m), nil
		}
	}
	return "", fmt.Errorf("there is no message %q", ts)
}

// Open gives the modal that is open for a user, the topmost of its stack.
func (f *Fake) Open(user string) (View, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shown(f.top(user))
}

// Home gives the user's home tab as the app published it last.
func (f *Fake) Home(user string) (View, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shown(f.homes[user])
}

func (f *Fake) shown(v *view) (View, bool) {
	if v == nil {
		return View{}, false
	}
	eyes := f.reader(v.user)
	eyes.blocks(v.blocks())
	out := View{
		ID: v.id, User: v.user, Type: v.word("type"), Callback: v.word("callback_id"), External: v.word("external_id"),
		Title: textOf(v.body["title"]), Submit: textOf(v.body["submit"]), PrivateMetadata: v.word("private_metadata"), Hash: v.hash,
		Blocks: raw(v.blocks()), Text: eyes.text(), Buttons: eyes.buttons,
	}
	for _, in := range v.inputs() {
		out.Fields = append(out.Fields, v.field(in))
	}
	return out, true
}

// Rooms gives all rooms in the order in which they were made.
func (f *Fake) Rooms() []Room {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Room
	for _, r := range f.rooms {
		out = append(out, r.copy())
	}
	return out
}

func (r *place) copy() Room {
	out := r.Room
	out.Members = slices.Clone(r.Members)
	return out
}

// Room gives one by id or name; direct conversations have no name.
func (f *Fake) Room(idOrName string) (Room, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.room(idOrName)
	if r == nil {
		r = f.named(idOrName)
	}
	if r == nil {
		return Room{}, false
	}
	return r.copy(), true
}

// Users gives all users in the order in which they came.
func (f *Fake) Users() []User {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []User
	for _, u := range f.users {
		out = append(out, *u)
	}
	return out
}

// Delivered is one attempt to deliver something.
type Delivered struct {
	Kind    string // "events_api", "slash_commands", "interactive"
	Event   string // type of the event, or of the interaction
	ID      string
	Attempt int // 0: the first
	Answer  Answer
}
