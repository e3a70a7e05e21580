package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// People act through these methods. Each waits for the app's answer to the
// delivery that it makes. An error says that Slack would not let them; that the
// app did not answer is in the [Answer].

// actor finds a user, and a room that they are in ("": none is needed).
func (f *Fake) actor(user, room string) (*User, *place, error) {
	u := f.user(user)
	if u == nil || u.Deleted {
		return nil, nil, fmt.Errorf("there is no user %q", user)
	}
	if room == "" {
		return u, nil, nil
	}
	r := f.room(room)
	if r == nil || !f.visible(u, r) {
		return nil, nil, fmt.Errorf("%s sees no room %q", u.Name, room)
	}
	return u, r, nil
}

// member is the same, and wants them in the room, and the room open.
func (f *Fake) member(user, room string) (*User, *place, error) {
	u, r, err := f.actor(user, room)
	switch {
	case err != nil:
		return nil, nil, err
	case !r.has(user):
		return nil, nil, fmt.Errorf("%s is not in %s", u.Name, r.Name)
	case r.Archived:
		return nil, nil, fmt.Errorf("%s is archived", r.Name)
	}
	return u, r, nil
}

// message finds a message that a user sees.
func (f *Fake) message(user, room, ts string) (*place, *message, error) {
	_, r, err := f.actor(user, room)
	if err != nil {
		return nil, nil, err
	}
	m := r.find(ts)
	if m == nil || m.only != "" && m.only != user {
		return nil, nil, fmt.Errorf("there is no message %q in %s", ts, r.Name)
	}
	return r, m, nil
}

// Slash types the app's command, with the words after it.
func (f *Fake) Slash(ctx context.Context, user, room, text string) (Answer, error) {
	f.mu.Lock()
	u, r, err := f.member(user, room)
	if err == nil && !f.scopes["commands"] {
		err = fmt.Errorf("%s is not a valid command", f.o.Command)
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	trigger, back := f.newTrigger(user), f.newResponse(user, r.ID, "", "")
	at := f.respond[strings.TrimPrefix(back, f.base+"response/")]
	form := map[string]string{
		"token": "verification", "team_id": u.Team, "team_domain": f.o.Domain, "channel_id": r.ID, "channel_name": r.shownName(),
		"user_id": u.ID, "user_name": u.Name, "command": f.o.Command, "text": f.typed(text), "api_app_id": f.appID(),
		"is_enterprise_install": fmt.Sprint(f.o.OrgWide), "response_url": back, "trigger_id": trigger,
	}
	if f.o.Enterprise != "" {
		form["enterprise_id"], form["enterprise_name"] = f.o.Enterprise, f.o.TeamName
	}
	p := &parcel{kind: "slash_commands", event: f.o.Command, id: trigger, body: raw(form), form: values(form)}
	f.mu.Unlock()
	a := f.carry(ctx, 0, p)
	if a.Acked {
		a.Err = f.answered(at, a.Body)
	}
	return a, nil
}

func values(form map[string]string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out.Set(k, v)
	}
	return out
}

// answered shows what the acknowledgement of a command says.
func (f *Fake) answered(at *response, body []byte) error {
	if len(body) == 0 || string(body) == "null" {
		return nil
	}
	args := map[string]string{}
	if !readJSON(body, args) {
		args["text"] = string(body) // words alone will do
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if args["text"] == "" && args["blocks"] == "" && args["attachments"] == "" {
		return nil
	}
	if err := f.reply(at, args); err != nil {
		return fmt.Errorf("what the app answered is not shown: %w", err)
	}
	return nil
}

// Say writes a message and gives its ts. One that names the bot is also sent as
// a mention; the answer is that to the message.
func (f *Fake) Say(ctx context.Context, user, room string, w Words) (ts string, a Answer, err error) {
	return f.say(ctx, user, room, w, 0)
}

// Mention writes a message that begins with the bot's name; the answer is that
// to the mention.
func (f *Fake) Mention(ctx context.Context, user, room string, w Words) (ts string, a Answer, err error) {
	f.mu.Lock()
	if !w.Raw {
		w.Text, w.Raw = f.typed(w.Text), true
	}
	r := f.room(room)
	f.mu.Unlock()
	w.Text = "<@" + f.bot.ID + "> " + w.Text
	counts := 1
	if r != nil && r.Direct {
		counts = 0 // mentions are not told of there
	}
	return f.say(ctx, user, room, w, counts)
}

func (f *Fake) say(ctx context.Context, user, room string, w Words, counts int) (string, Answer, error) {
	f.mu.Lock()
	u, r, err := f.member(user, room)
	if err != nil {
		f.mu.Unlock()
		return "", Answer{}, err
	}
	text := w.Text
	if !w.Raw {
		text = f.typed(text)
	}
	m := &message{user: user, text: text, files: slices.Clone(w.Files)}
	f.count["client"]++
	m.client = fmt.Sprintf("%08x-0000-4000-8000-%012x", f.count["client"], f.count["client"])
	if text != "" {
		m.blocks = f.identified([]any{object{"type": "rich_text", "elements": []any{object{
			"type": "rich_text_section", "elements": []any{object{"type": "text", "text": unescape(text)}},
		}}}})
	}
	if u.Bot {
		m.bot, m.client = "B"+u.ID[1:], ""
	}
	if len(w.Files) > 0 {
		m.subtype = "file_share"
	}
	if w.Thread != "" {
		top := r.find(w.Thread)
		if top == nil {
			f.mu.Unlock()
			return "", Answer{}, fmt.Errorf("there is no message %q to answer", w.Thread)
		}
		if m.thread = top.thread; m.thread == "" {
			m.thread = top.ts
		}
	}
	ps := f.put(r, m)
	var mention *parcel
	if strings.Contains(text, "<@"+f.bot.ID) && !r.Direct && r.has(f.bot.ID) {
		ev := f.wireMessage(r, m, false)
		delete(ev, "subtype")
		ev["type"], ev["channel"], ev["event_ts"] = "app_mention", r.ID, m.ts
		mention = f.event(r, "app_mention", ev)
	}
	f.mu.Unlock()
	return m.ts, f.carry(ctx, counts, append(ps, mention)...), nil
}

// EditMessage gives a message of the user's own other words.
func (f *Fake) EditMessage(ctx context.Context, user, room, ts, words string) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	if err == nil && m.user != user {
		err = errors.New("only one's own messages can be edited")
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	before := f.wireMessage(r, m, false)
	m.text = f.typed(words)
	m.blocks = f.identified([]any{object{"type": "rich_text", "elements": []any{object{
		"type": "rich_text_section", "elements": []any{object{"type": "text", "text": words}},
	}}}})
	p := f.changed(r, m, before, user)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// DeleteMessage takes a message of the user's own away.
func (f *Fake) DeleteMessage(ctx context.Context, user, room, ts string) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	if err == nil && m.user != user {
		err = errors.New("only one's own messages can be deleted")
	}
	if err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	p := f.remove(r, m)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// Unfurl makes Slack add a preview to a message: message_changed, with the same words.
func (f *Fake) Unfurl(ctx context.Context, room, ts string) (Answer, error) {
	f.mu.Lock()
	r := f.room(room)
	var m *message
	if r != nil {
		m = r.find(ts)
	}
	if m == nil {
		f.mu.Unlock()
		return Answer{}, errors.New("there is no such message")
	}
	before := f.wireMessage(r, m, false)
	m.attachments = append(slices.Clone(m.attachments), object{"from_url": "https://example.com/", "title": "Example", "id": 1})
	p := f.changeEvent(r, m, before)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// on does something to a message for a user, and carries what it causes.
func (f *Fake) on(ctx context.Context, user, room, ts string, do func(*place, *message) ([]*parcel, error)) (Answer, error) {
	f.mu.Lock()
	r, m, err := f.message(user, room, ts)
	var ps []*parcel
	if err == nil && (!r.has(user) || r.Archived) {
		err = errors.New("only members of an open room can do that")
	}
	if err == nil {
		ps, err = do(r, m)
	}
	f.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	return f.carry(ctx, 0, ps...), nil
}

// React puts a reaction on a message.
func (f *Fake) React(ctx context.Context, user, room, ts, emoji string) (Answer, error) {
	return f.on(ctx, user, room, ts, func(r *place, m *message) ([]*parcel, error) {
		if m.reacted(emoji, user) || !goodEmoji(emoji) {
			return nil, fmt.Errorf("%q cannot be added", emoji)
		}
		return []*parcel{f.react(r, m, emoji, user)}, nil
	})
}

// Unreact takes one away.
func (f *Fake) Unreact(ctx context.Context, user, room, ts, emoji string) (Answer, error) {
	return f.on(ctx, user, room, ts, func(r *place, m *message) ([]*parcel, error) {
		if !m.reacted(emoji, user) {
			return nil, fmt.Errorf("there is no %q of theirs", emoji)
		}
		return []*parcel{f.unreact(r, m, emoji, user)}, nil
	})
}

// Pin pins a message.
func (f *Fake) Pin(ctx context.Context, user, room, ts string) (Answer, error) {
	return f.on(ctx, user, room, ts, func(r *place, m *message) ([]*parcel, error) {
		if r.pinned(m.ts) {
			return nil, errors.New("it is pinned already")
		}
		return f.pin(r, m, user), nil
	})
}

// Unpin takes the pin away.
func (f *Fake) Unpin(ctx context.Context, user, room, ts string) (Answer, error) {
	return f.on(ctx, user, room, ts, func(r *place, m *message) ([]*parcel, error) {
		if !r.pinned(m.ts) {
			return nil, errors.New("it is not pinned")
		}
		return []*parcel{f.unpin(r, m, user)}, nil
	})
}

// in does something to a room for a user, and carries what it causes.
func (f *Fake) in(ctx context.Context, user, room string, do func(*User, *place) ([]*parcel, error)) (Answer, error) {
	f.mu.Lock()
	u, r, err := f.actor(user, room)
	var ps []*parcel
	if err == nil {
		ps, err = do(u, r)
	}
	f.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	return f.carry(ctx, 0, ps...), nil
}

// Join brings a user into a room by their own will.
func (f *Fake) Join(ctx context.Context, user, room string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if r.has(u.ID) || r.Archived {
			return nil, fmt.Errorf("%s cannot join %s", u.Name, r.Name)
		}
		return f.joined(r, u.ID, ""), nil
	})
}

// Invite brings somebody (perhaps the bot) into a room.
func (f *Fake) Invite(ctx context.Context, by, room, user string) (Answer, error) {
	return f.in(ctx, by, room, func(u *User, r *place) ([]*parcel, error) {
		if !r.has(u.ID) || r.Archived || r.has(user) || f.user(user) == nil {
			return nil, fmt.Errorf("%s cannot invite %s", u.Name, user)
		}
		return f.joined(r, user, by), nil
	})
}

// Leave takes a user out of a room.
func (f *Fake) Leave(ctx context.Context, user, room string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if !r.has(u.ID) {
			return nil, fmt.Errorf("%s is not in %s", u.Name, r.Name)
		}
		return f.left(r, u.ID), nil
	})
}

// Kick takes somebody (perhaps the bot) out of a room.
func (f *Fake) Kick(ctx context.Context, by, room, user string) (Answer, error) {
	return f.in(ctx, by, room, func(u *User, r *place) ([]*parcel, error) {
		if !r.has(u.ID) || !r.has(user) {
			return nil, fmt.Errorf("%s cannot remove %s", u.Name, user)
		}
		return f.left(r, user), nil
	})
}

// Archive closes a room.
func (f *Fake) Archive(ctx context.Context, user, room string) (Answer, error) {
	return f.shut(ctx, user, room, true)
}

// Unarchive opens it again.
func (f *Fake) Unarchive(ctx context.Context, user, room string) (Answer, error) {
	return f.shut(ctx, user, room, false)
}

func (f *Fake) shut(ctx context.Context, user, room string, closed bool) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if r.Archived == closed || r.Direct {
			return nil, errors.New("it is so already, or cannot be")
		}
		ps := f.archived(r, u.ID, closed)
		slices.Reverse(ps) // what became of the room counts, not the words about it
		return ps, nil
	})
}

// Share lets another organisation into a room; a private one gets another id by that.
func (f *Fake) Share(ctx context.Context, user, room, team string) (id string, a Answer, err error) {
	a, err = f.in(ctx, user, room, func(_ *User, r *place) ([]*parcel, error) {
		if r.Shared || r.Direct {
			return nil, errors.New("it is shared already, or cannot be")
		}
		r.Shared = true
		var ps []*parcel
		if r.Private {
			old := r.ID
			r.ID = f.id("C")
			ps = append(ps, f.event(r, "channel_id_changed", object{"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": r.ID}))
		}
		id = r.ID
		return append(ps, f.event(r, "channel_shared", object{"type": "channel_shared", "connected_team_id": team, "channel": r.ID})), nil
	})
	return id, a, err
}

// Unshare lets them out again.
func (f *Fake) Unshare(ctx context.Context, user, room, team string) (Answer, error) {
	return f.in(ctx, user, room, func(_ *User, r *place) ([]*parcel, error) {
		if !r.Shared {
			return nil, errors.New("it is not shared")
		}
		r.Shared = false
		return []*parcel{f.event(r, "channel_unshared", object{"type": "channel_unshared", "previously_connected_team_id": team, "channel": r.ID})}, nil
	})
}

// Rename gives a room another name.
func (f *Fake) Rename(ctx context.Context, user, room, name string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		if refused := f.checkName(name, r); refused != nil {
			return nil, errors.New(refused.err)
		}
		return f.renamedRoom(r, name, u.ID), nil
	})
}

// SetTopic gives a room another topic.
func (f *Fake) SetTopic(ctx context.Context, user, room, topic string) (Answer, error) {
	return f.in(ctx, user, room, func(u *User, r *place) ([]*parcel, error) {
		return f.described(r, "topic", topic, u.ID), nil
	})
}

// OpenDirect gives the conversation of a user with the bot, opened when there is none.
func (f *Fake) OpenDirect(user string) (room string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, _ := f.direct(user)
	return r.ID
}

// OpenHome opens the app's home.
func (f *Fake) OpenHome(ctx context.Context, user string) (Answer, error) {
	f.mu.Lock()
	if _, _, err := f.actor(user, ""); err != nil {
		f.mu.Unlock()
		return Answer{}, err
	}
	r, _ := f.direct(user)
	ev := object{"type": "app_home_opened", "user": user, "channel": r.ID, "tab": "home"}
	if v := f.homes[user]; v != nil {
		ev["view"] = f.wireView(v, nil)
	}
	p := f.event(nil, "app_home_opened", ev)
	f.mu.Unlock()
	return f.carry(ctx, 0, p), nil
}

// interaction is what every payload of an interaction begins with. f.mu is held.
func (f *Fake) interaction(kind string, u *User, more object) object {
	out := object{
		"type": kind, "token": "verification", "api_app_id": f.appID(), "is_enterprise_install": f.o.OrgWide,
		"team": object{"id": f.o.Team, "domain": f.o.Domain},
		"user": object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.Team},
	}
	out["enterprise"] = nil
	if f.o.Enterprise != "" {
		out["enterprise"] = object{"id": f.o.Enterprise, "name": f.o.TeamName}
	}
	maps.Copy(out, more)
	return out
}

func interactive(id string, payload object) *parcel {
	body := raw(payload)
	kind, _ := payload["type"].(string)
	return &parcel{kind: "interactive", event: kind, id: id, body: body, form: url.Values{"payload": {string(body)}}}
}

// noBody says that a form's acknowledgement says nothing.
func noBody(b []byte) bool {
	s := strings.TrimSpace(string(b))
	return s == "" || s == "null" || s == "{}"
}

// readAck reads what a form's acknowledgement says.
func readAck(b []byte) (action string, view object, wrong map[string]string, err error) {
	var ack struct {
		Action string            `json:"response_action"`
		View   object            `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	err = json.Unmarshal(b, &ack)
	return ack.Action, ack.View, ack.Errors, err
}
