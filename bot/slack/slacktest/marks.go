package slacktest

import (
	"net/url"
	"slices"
	"strings"
)

const (
	pinLimit      = 100
	bookmarkLimit = 100
	titleLimit    = 256
	linkLimit     = 2048
)

// item finds the message that pins and reactions are about.
func (c *call) item() (*place, *message, *no) {
	r, refused := c.room("channel")
	if refused != nil {
		return nil, nil, refused
	}
	ts := c.args["timestamp"]
	if ts == "" {
		return r, nil, &no{err: "no_item_specified"}
	}
	if _, ok := readStamp(ts); !ok {
		return r, nil, &no{err: "bad_timestamp"}
	}
	m := r.find(ts)
	if m == nil || m.only != "" {
		return r, nil, &no{err: "message_not_found"}
	}
	return r, m, nil
}

func (r *place) pinned(ts string) bool {
	return slices.ContainsFunc(r.pins, func(p pin) bool { return p.ts == ts })
}

func pinAdd(c *call) (object, *no) {
	r, m, refused := c.item()
	switch {
	case r != nil && !r.has(c.f.bot.ID):
		return refuse("not_in_channel")
	case refused != nil:
		return nil, refused
	case r.Archived || m.subtype == "tombstone":
		return refuse("not_pinnable")
	case r.pinned(m.ts):
		return refuse("already_pinned")
	case len(r.pins) >= pinLimit:
		return refuse("too_many_pins")
	}
	c.f.later(c.f.pin(r, m, c.f.bot.ID)...)
	return nil, nil
}

// pin pins a message; the room says so, and the app hears both.
func (f *Fake) pin(r *place, m *message, by string) []*parcel {
	r.pins = append(r.pins, pin{m.ts, by, seconds(f.now())})
	told := f.pinEvent(r, m, by, "pin_added")
	return []*parcel{told, f.system(r, by, "pinned_item", "<@"+by+"> pinned a message to this channel.", object{"item_type": "C"})}
}

func (f *Fake) unpin(r *place, m *message, by string) *parcel {
	r.pins = slices.DeleteFunc(r.pins, func(p pin) bool { return p.ts == m.ts })
	return f.pinEvent(r, m, by, "pin_removed")
}

func (f *Fake) pinEvent(r *place, m *message, by, what string) *parcel {
	if !r.has(f.bot.ID) {
		return nil
	}
	return f.event(r, what, object{
		"type": what, "user": by, "channel_id": r.ID, "item_user": m.user, "has_pins": len(r.pins) > 0,
		"item": object{"type": "message", "channel": r.ID, "created": seconds(f.now()), "created_by": by, "message": f.linkedMessage(r, m)},
	})
}

func (f *Fake) linkedMessage(r *place, m *message) object {
	out := f.wireMessage(r, m, false)
	out["permalink"] = f.permalink(r, m)
	return out
}

func pinRemove(c *call) (object, *no) {
	r, m, refused := c.item()
	switch {
	case refused != nil:
		return nil, refused
	case !r.pinned(m.ts):
		return refuse("no_pin")
	}
	c.f.later(c.f.unpin(r, m, c.f.bot.ID))
	return nil, nil
}

func pinList(c *call) (object, *no) {
	r, refused := c.readable()
	if refused != nil {
		return nil, refused
	}
	items := []object{}
	for _, p := range slices.Backward(r.pins) {
		if m := r.find(p.ts); m != nil {
			items = append(items, object{"type": "message", "channel": r.ID, "created": p.at, "created_by": p.by, "message": c.f.linkedMessage(r, m)})
		}
	}
	return object{"items": items}, nil
}

// Pins gives the ts of pinned messages, oldest pin first.
func (f *Fake) Pins(room string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	if r := f.room(room); r != nil {
		for _, p := range r.pins {
			out = append(out, p.ts)
		}
	}
	return out
}

// shelf finds the room whose bookmarks a call is about.
func (c *call) shelf() (*place, *no) {
	r, refused := c.room("channel_id")
	if refused == nil && (!r.has(c.f.bot.ID) || r.Archived) {
		if slices.Contains(c.method.errors, "permission_denied") {
			return nil, &no{err: "permission_denied"}
		}
		return nil, &no{err: "channel_not_found"}
	}
	return r, refused
}

func checkLink(link string) *no {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(link) > linkLimit {
		return &no{err: "invalid_link"}
	}
	return nil
}

func (f *Fake) wireBookmark(r *place, b *bookmark) object {
	return object{
		"id": b.id, "channel_id": r.ID, "title": b.title, "link": b.link, "emoji": b.emoji, "icon_url": "", "type": "link",
		"entity_id": nil, "date_created": b.created, "date_updated": b.updated, "rank": "g",
		"last_updated_by_user_id": f.bot.ID, "last_updated_by_team_id": f.o.Team, "shortcut_id": nil, "app_id": nil,
	}
}

func bookmarkAdd(c *call) (object, *no) {
	r, refused := c.shelf()
	if refused != nil {
		return nil, refused
	}
	switch {
	case c.args["type"] != "link":
		return refuse("invalid_bookmark_type")
	case len([]rune(c.args["title"])) > titleLimit:
		return nil, invalid("title must be less than 257 characters")
	case len(r.bookmarks) >= bookmarkLimit:
		return refuse("too_many_bookmarks")
	}
	if refused = checkLink(c.args["link"]); refused != nil {
		return nil, refused
	}
	b := bookmark{id: c.f.id("Bk"), title: c.args["title"], link: c.args["link"], emoji: c.args["emoji"], created: seconds(c.f.now())}
	r.bookmarks = append(r.bookmarks, b)
	return object{"bookmark": c.f.wireBookmark(r, &b)}, nil
}

func (r *place) bookmark(id string) *bookmark {
	if i := slices.IndexFunc(r.bookmarks, func(b bookmark) bool { return b.id == id }); i >= 0 {
		return &r.bookmarks[i]
	}
	return nil
}

func bookmarkEdit(c *call) (object, *no) {
	r, refused := c.shelf()
	if refused != nil {
		return nil, refused
	}
	b := r.bookmark(c.args["bookmark_id"])
	if b == nil {
		return refuse("not_found")
	}
	if link := c.args["link"]; link != "" {
		if refused = checkLink(link); refused != nil {
			return nil, refused
		}
		b.link = link
	}
	if title := c.args["title"]; title != "" {
		if len([]rune(title)) > titleLimit {
			return nil, invalid("title must be less than 257 characters")
		}
		b.title = title
	}
	if emoji, ok := c.args["emoji"]; ok {
		b.emoji = emoji
	}
	b.updated = seconds(c.f.now())
	return object{"bookmark": c.f.wireBookmark(r, b)}, nil
}

func bookmarkList(c *call) (object, *no) {
	r, refused := c.shelf()
	if refused != nil {
		return nil, refused
	}
	out := []object{}
	for i := range r.bookmarks {
		out = append(out, c.f.wireBookmark(r, &r.bookmarks[i]))
	}
	return object{"bookmarks": out}, nil
}

func bookmarkRemove(c *call) (object, *no) {
	r, refused := c.shelf()
	if refused != nil {
		return nil, refused
	}
	if r.bookmark(c.args["bookmark_id"]) == nil {
		return refuse("not_found")
	}
	r.bookmarks = slices.DeleteFunc(r.bookmarks, func(b bookmark) bool { return b.id == c.args["bookmark_id"] })
	return nil, nil
}

// Bookmarks gives a room's bookmarks in their order.
func (f *Fake) Bookmarks(room string) []Bookmark {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Bookmark
	if r := f.room(room); r != nil {
		for _, b := range r.bookmarks {
			out = append(out, Bookmark{b.id, b.title, b.link})
		}
	}
	return out
}

// goodEmoji says whether something can be an emoji's short name.
func goodEmoji(name string) bool {
	return name != "" && len(name) <= 100 && strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("_-+':", r)
	}) < 0
}

// marked finds the message of a reaction.
func (c *call) marked() (*place, *message, string, *no) {
	name := strings.Trim(c.args["name"], ":")
	if !goodEmoji(name) && c.method.name != "reactions.get" {
		return nil, nil, "", &no{err: "invalid_name"}
	}
	r, m, refused := c.item()
	if r != nil && !r.has(c.f.bot.ID) {
		refused = &no{err: "no_access"}
		if c.method.name == "reactions.get" {
			refused = &no{err: "channel_not_found"}
		}
	}
	return r, m, name, refused
}

func (m *message) reacted(name, user string) bool {
	return slices.ContainsFunc(m.reactions, func(x reaction) bool { return x.name == name && slices.Contains(x.users, user) })
}

func reactionAdd(c *call) (object, *no) {
	r, m, name, refused := c.marked()
	switch {
	case refused != nil:
		return nil, refused
	case r.Archived:
		return refuse("is_archived")
	case m.reacted(name, c.f.bot.ID):
		return refuse("already_reacted")
	}
	c.f.later(c.f.react(r, m, name, c.f.bot.ID))
	return nil, nil
}

func (f *Fake) react(r *place, m *message, name, user string) *parcel {
	i := slices.IndexFunc(m.reactions, func(x reaction) bool { return x.name == name })
	if i < 0 {
		m.reactions = append(m.reactions, reaction{name: name})
		i = len(m.reactions) - 1
	}
	m.reactions[i].users = append(m.reactions[i].users, user)
	return f.reactionEvent(r, m, name, user, "reaction_added")
}

func (f *Fake) unreact(r *place, m *message, name, user string) *parcel {
	for i := range m.reactions {
		if m.reactions[i].name == name {
			m.reactions[i].users = slices.DeleteFunc(m.reactions[i].users, func(u string) bool { return u == user })
		}
	}
	m.reactions = slices.DeleteFunc(m.reactions, func(x reaction) bool { return len(x.users) == 0 })
	return f.reactionEvent(r, m, name, user, "reaction_removed")
}

func (f *Fake) reactionEvent(r *place, m *message, name, user, what string) *parcel {
	if !r.has(f.bot.ID) {
		return nil
	}
	return f.event(r, what, object{
		"type": what, "user": user, "reaction": name, "item_user": m.user, "event_ts": f.stamp(),
		"item": object{"type": "message", "channel": r.ID, "ts": m.ts},
	})
}

func reactionRemove(c *call) (object, *no) {
	r, m, name, refused := c.marked()
	switch {
	case refused != nil:
		return nil, refused
	case !m.reacted(name, c.f.bot.ID):
		return refuse("no_reaction")
	}
	c.f.later(c.f.unreact(r, m, name, c.f.bot.ID))
	return nil, nil
}

func reactionGet(c *call) (object, *no) {
	r, m, _, refused := c.marked()
	if refused != nil {
		return nil, refused
	}
	return object{"type": "message", "channel": r.ID, "message": c.f.linkedMessage(r, m)}, nil
}
