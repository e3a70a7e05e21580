package slacktest

import (
	"encoding/json"
	"maps"
	"slices"
)

// object is a JSON object on its way out.
type object = map[string]any

// message is a message as the fake keeps it.
type message struct {
	ts, thread, user, bot, subtype, text string
	only                                 string // the one who sees it
	client                               string // client_msg_id
	blocks, attachments                  []any
	metadata                             object
	editedBy, editedAt                   string
	reactions                            []reaction
	files                                []File
	broadcast                            bool
	more                                 object // of system messages: topic, inviter…
}

type reaction struct {
	name  string
	users []string
}

// wire draws a message as the Web API and events show it.
func (f *Fake) wireMessage(r *place, m *message, metadata bool) object {
	out := object{"type": "message", "ts": m.ts, "text": m.text, "team": f.o.Team}
	maps.Copy(out, m.more)
	put := func(name, value string) {
		if value != "" {
			out[name] = value
		}
	}
	put("user", m.user)
	put("subtype", m.subtype)
	put("client_msg_id", m.client)
	put("thread_ts", m.thread)
	if u := f.user(m.user); u != nil {
		out["team"] = u.Team
	}
	if m.bot != "" {
		out["bot_id"], out["app_id"] = m.bot, f.appID()
		out["bot_profile"] = object{"id": m.bot, "app_id": f.appID(), "name": f.o.BotName, "deleted": false, "team_id": f.o.Team}
	}
	if len(m.blocks) > 0 {
		out["blocks"] = m.blocks
	}
	if len(m.attachments) > 0 {
		out["attachments"] = m.attachments
	}
	if metadata && m.metadata != nil {
		out["metadata"] = m.metadata
	}
	if m.editedAt != "" {
		out["edited"] = object{"user": m.editedBy, "ts": m.editedAt}
	}
	f.wireExtras(out, r, m)
	return out
}

func (f *Fake) wireExtras(out object, r *place, m *message) {
	if len(m.reactions) > 0 {
		var all []object
		for _, x := range m.reactions {
			all = append(all, object{"name": x.name, "users": slices.Clone(x.users), "count": len(x.users)})
		}
		out["reactions"] = all
	}
	if len(m.files) > 0 {
		var all []object
		for _, x := range m.files {
			all = append(all, object{"id": x.ID, "name": x.Name, "title": x.Name, "mimetype": x.Type, "permalink": x.URL, "url_private": x.URL, "created": 0, "user": m.user})
		}
		out["files"] = all
	}
	if slices.ContainsFunc(r.pins, func(p pin) bool { return p.ts == m.ts }) {
		out["pinned_to"] = []string{r.ID}
	}
	if m.thread != "" && m.thread != m.ts {
		if parent := r.find(m.thread); parent != nil {
			out["parent_user_id"] = parent.user
		}
		return
	}
	if replies := r.replies(m.ts); len(replies) > 0 {
		out["thread_ts"] = m.ts
		out["reply_count"] = len(replies)
		out["latest_reply"] = replies[len(replies)-1].ts
		var users []string
		for _, x := range replies {
			if x.user != "" && !slices.Contains(users, x.user) {
				users = append(users, x.user)
			}
		}
		out["reply_users"], out["reply_users_count"] = users, len(users)
	}
}

// replies are the answers in a thread that everybody sees.
func (r *place) replies(ts string) []*message {
	var out []*message
	for _, m := range r.messages {
		if m.thread == ts && m.ts != ts && m.only == "" {
			out = append(out, m)
		}
	}
	return out
}

// permalink is where a message is read.
func (f *Fake) permalink(r *place, m *message) string {
	link := "https://" + f.o.Domain + ".slack.com/archives/" + r.ID + "/p" + m.ts[:len(m.ts)-7] + m.ts[len(m.ts)-6:]
	if m.thread != "" && m.thread != m.ts {
		link += "?thread_ts=" + m.thread + "&cid=" + r.ID
	}
	return link
}

func (f *Fake) appID() string { return "A0" + idWord(f.o.BotName, 7) }
func (f *Fake) botID() string { return "B0" + idWord(f.o.BotName, 7) }

// raw is a value in JSON.
func raw(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacktest: " + err.Error())
	}
	return b
}

// copied is a deep copy, through JSON.
func copied[T any](v T) T {
	var out T
	if err := json.Unmarshal(raw(v), &out); err != nil {
		panic("slacktest: " + err.Error())
	}
	return out
}

// parsed reads a JSON object; nil: it is none.
func parsed(b []byte) object {
	var out object
	if json.Unmarshal(b, &out) != nil {
		return nil
	}
	return out
}
