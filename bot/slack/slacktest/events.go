package slacktest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
)

// event makes the parcel of an event for the app, or nil when the app does not
// hear of it. name is the subscription's ("message.channels"). f.mu is held.
func (f *Fake) event(r *place, name string, inner object) *parcel {
	if !f.events[name] || f.revoked || !f.hears(r, name) {
		return nil
	}
	if inner["event_ts"] == nil {
		inner["event_ts"] = stampOf(f.now().UnixMicro())
	}
	return f.eventParcel(r, inner)
}

func (f *Fake) eventParcel(r *place, inner object) *parcel {
	id := f.id("Ev")
	body := object{
		"token": "verification", "team_id": f.o.Team, "api_app_id": f.appID(), "type": "event_callback",
		"event": inner, "event_id": id, "event_time": seconds(f.now()),
		"authorizations": []object{{
			"enterprise_id": f.enterprise(), "team_id": f.o.Team, "user_id": f.bot.ID, "is_bot": true,
			"is_enterprise_install": f.o.OrgWide,
		}},
		"is_ext_shared_channel": r != nil && r.Shared,
		"event_context":         "4-" + id,
	}
	kind, _ := inner["type"].(string)
	return &parcel{kind: "events_api", event: kind, id: id, body: raw(body)}
}

// renamed is a copy of an event with an event id of its own.
func (f *Fake) renamed(p *parcel) *parcel {
	f.mu.Lock()
	defer f.mu.Unlock()
	body := parsed(p.body)
	other := *p
	other.id = f.id("Ev")
	body["event_id"] = other.id
	other.body = raw(body)
	return &other
}

func (f *Fake) enterprise() any {
	if f.o.Enterprise == "" {
		return nil
	}
	return f.o.Enterprise
}

// hears says whether the app has a scope that the event needs: of several the
// one for that kind of room.
func (f *Fake) hears(r *place, name string) bool {
	needs := eventScopes()[name]
	for _, need := range needs {
		if len(needs) > 1 && r != nil && !strings.HasPrefix(need, r.kind()+":") {
			continue
		}
		if f.scopes[need] {
			return true
		}
	}
	return len(needs) == 0
}

// eventScopes are the events that the fake knows with the scopes that let an
// app hear them.
func eventScopes() map[string][]string {
	public, private, both := words("channels:read"), words("groups:read"), words("channels:read groups:read")
	return map[string][]string{
		"app_mention": words("app_mentions:read"), "app_home_opened": nil,
		"message.channels": words("channels:history"), "message.groups": words("groups:history"), "message.im": words("im:history"),
		"reaction_added": words("reactions:read"), "reaction_removed": words("reactions:read"),
		"pin_added": words("pins:read"), "pin_removed": words("pins:read"),
		"member_joined_channel": both, "member_left_channel": both,
		"channel_created": public, "channel_rename": public, "channel_archive": public, "channel_unarchive": public,
		"group_rename": private, "group_archive": private, "group_unarchive": private,
		"channel_shared": both, "channel_unshared": both, "channel_id_changed": nil,
		"channel_left": public, "group_left": private,
		"user_change": words("users:read"), "app_uninstalled": nil, "tokens_revoked": nil,
	}
}

// EventScopes are the scopes of which one lets an app hear an event.
func EventScopes(event string) []string { return eventScopes()[event] }

// AllEvents are the events that the fake can deliver.
func AllEvents() []string { return slices.Sorted(maps.Keys(eventScopes())) }

// Uninstall takes the app out of the workspace: it is told, and its tokens are
// worth nothing from then on.
func (f *Fake) Uninstall(ctx context.Context) Answer {
	f.mu.Lock()
	gone := f.event(nil, "app_uninstalled", object{"type": "app_uninstalled"})
	spent := f.event(nil, "tokens_revoked", object{"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{f.bot.ID}}})
	f.mu.Unlock()
	a := f.carry(ctx, 0, gone, spent)
	f.RevokeToken()
	return a
}

// VerifyURL asks the app over HTTP whether it is there, as Slack does when an
// address is set; the answer must be the challenge.
func (f *Fake) VerifyURL(ctx context.Context) (Answer, error) {
	f.mu.Lock()
	challenge := f.id("challenge")
	p := &parcel{kind: "url_verification", event: "url_verification", id: challenge, body: raw(object{
		"token": "verification", "type": "url_verification", "challenge": challenge,
	})}
	f.mu.Unlock()
	a := f.deliver(ctx, p)
	if said := parsed(a.Body); a.Acked && strings.TrimSpace(string(a.Body)) != challenge && said["challenge"] != challenge {
		return a, errors.New("the app did not repeat the challenge")
	}
	return a, a.Err
}

// DeliverUnknown delivers an event of a type that nobody knows.
func (f *Fake) DeliverUnknown(ctx context.Context) Answer {
	f.mu.Lock()
	p := f.eventParcel(nil, object{"type": "moon_landed", "moon": object{"name": "Luna"}, "event_ts": stampOf(f.now().UnixMicro())})
	f.mu.Unlock()
	return f.deliver(ctx, p)
}

// DeliverBroken delivers a message event whose fields have the wrong types.
func (f *Fake) DeliverBroken(ctx context.Context) Answer {
	f.mu.Lock()
	p := f.eventParcel(nil, object{"type": "message", "channel": object{"id": 7}, "user": []int{1}, "text": 12, "ts": true, "event_ts": false})
	f.mu.Unlock()
	return f.deliver(ctx, p)
}

// DeliverRaw delivers bytes as they are: kind is "events_api", "slash_commands"
// or "interactive".
func (f *Fake) DeliverRaw(ctx context.Context, kind string, payload []byte) Answer {
	f.mu.Lock()
	p := &parcel{kind: kind, event: "raw", id: f.id("Ev"), body: payload}
	f.mu.Unlock()
	return f.deliver(ctx, p)
}
