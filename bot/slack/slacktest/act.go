package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
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
