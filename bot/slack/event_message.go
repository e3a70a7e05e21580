package slack

import (
	"context"
	"strings"

	"tocsin/bot/chat"
)

// messageWork finds out what a message is: words to the bot, words in a room,
// or a change of earlier ones.
func (in *intake) messageWork(e envelope, c callback) work {
	h := c.Event
	switch h.Subtype {
	case "message_changed":
		return in.editWork(e, c)
	case "message_deleted":
		return in.deleteWork(e, c)
	case "", "file_share", "thread_broadcast", "reply_broadcast", "me_message", "bot_message":
	default:
		return in.ignored(countIgnored) // what Slack itself says: joined, renamed, pinned
	}
	if h.Channel == "" || h.TS == "" || in.isSelf(c, h) {
		return in.ignored(countIgnored)
	}
	if words, is := in.addressed(c, h); is && h.human() {
		if h.Edited != nil {
			return in.ignored(countIgnored) // a command runs as it was first sent
		}
		if in.twin(h) {
			return in.ignored(countRepeat)
		}
		return in.talkWork(e, c, words)
	}
	if h.Type == "app_mention" {
		return in.hintWork(e, c)
	}
	if h.direct() {
		return in.ignored(countIgnored)
	}
	return in.saidWork(e, c)
}

// twin says whether a message is one that was sent before: a client that heard
// no answer sends it again, and Slack gives the two ids of their own.
func (in *intake) twin(h happening) bool {
	if h.Client == "" {
		return false
	}
	id := string(h.Channel) + ":" + string(h.TS)
	first, _ := in.seen.first("client:"+string(h.Client), id)
	return first != id
}

// human says whether a person wrote it.
func (h happening) human() bool {
	return h.User != "" && h.User != "USLACKBOT" && h.Bot == "" && h.Subtype != "bot_message"
}

// direct says whether it was said to the bot alone.
func (h happening) direct() bool {
	return h.ChannelType == "im" || h.ChannelType == "" && strings.HasPrefix(string(h.Channel), "D")
}

// addressed gives the words that follow when a message begins with the bot's
// name; said to the bot alone, all of them.
func (in *intake) addressed(c callback, h happening) (string, bool) {
	text := strings.TrimSpace(string(h.Text))
	for _, id := range in.ownIDs(c) {
		for _, sep := range []string{">", "|"} {
			rest, is := strings.CutPrefix(text, "<@"+id+sep)
			if !is {
				continue
			}
			if sep == "|" {
				_, rest, _ = strings.Cut(rest, ">")
			}
			return strings.TrimLeft(rest, " \t\n:,"), true
		}
	}
	return text, h.direct()
}

// ownIDs are the ids by which people name the bot.
func (in *intake) ownIDs(c callback) []string {
	if self := in.out.ids.known(); self.User != "" {
		return []string{self.User}
	}
	var ids []string
	for _, a := range c.Installed {
		if a.User != "" {
			ids = append(ids, string(a.User))
		}
	}
	return ids
}

// hintWork tells somebody who named the bot amid a message how to address it.
func (in *intake) hintWork(e envelope, c callback) work {
	h := c.Event
	return work{do: func(context.Context) (answer, after) {
		if !h.human() || h.Edited != nil || !in.seen.claim("hint:"+string(h.Channel)+":"+string(h.TS)) {
			return answer{}, nil
		}
		return answer{}, func(ctx context.Context) {
			in.deliver(ctx, in.talk(c, e.Received), hintReply())
		}
	}}
}

// saidWork reports words in a room.
func (in *intake) saidWork(e envelope, c callback) work {
	h := c.Event
	room := string(h.Channel)
	at := stampOr(string(h.TS), e.Received)
	return work{order: room, do: func(ctx context.Context) (answer, after) {
		return in.record(ctx, matter{id: room + ":" + string(h.TS), room: room, since: at}, func(ctx context.Context, to chat.Sink) error {
			return to.Said(ctx, in.saidOf(ctx, c, room, h))
		}), nil
	}}
}

// saidOf is a message of a payload in the house's words.
func (in *intake) saidOf(ctx context.Context, c callback, room string, h happening) chat.Said {
	ts := string(h.TS)
	user, place := in.author(ctx, c, h), in.spot(ctx, chat.Place{Room: room, Thread: thread(ts, string(h.ThreadTS))})
	s := chat.Said{
		Key: messageKey(user.Workspace, room, ts), User: user, Place: place, ID: ts,
		Text: readText(string(h.Text)), At: stampOr(ts, in.o.Now().UTC()), Link: in.out.permalink(room, place.Thread, ts),
	}
	for _, f := range h.Files {
		s.Files = append(s.Files, f.file())
	}
	return s
}

// author is who wrote a message. A bot without a user of its own is known by
// its bot id.
func (in *intake) author(ctx context.Context, c callback, h happening) chat.User {
	if h.User != "" {
		u := in.person(ctx, h.asker(c))
		if h.Bot != "" {
			u.Kind = chat.Machine
		}
		return u
	}
	return chat.User{Platform: Name, Workspace: in.workspace(h.asker(c)), ID: string(h.Bot), Name: string(h.UserName), Kind: chat.Machine}
}

func (f fileOf) file() chat.File {
	out := chat.File{Name: string(f.Name), URL: string(f.Link), Type: string(f.Type)}
	if out.Name == "" {
		out.Name = string(f.Title)
	}
	if out.URL == "" {
		out.URL = string(f.URL)
	}
	return out
}

// editWork reports that a message got other words. Slack sends the same event
// when it draws a preview of a link; those have no mark of an edit.
func (in *intake) editWork(e envelope, c callback) work {
	m := c.Event.Message
	if m == nil || m.TS == "" || c.Event.Channel == "" || c.Event.direct() {
		return in.ignored(countIgnored)
	}
	if m.Subtype == "tombstone" { // the first message of a thread, deleted
		return in.goneWork(e, c, string(m.TS))
	}
	if _, is := in.addressed(c, *m); is || m.Edited == nil || in.isSelf(c, *m) {
		return in.ignored(countIgnored)
	}
	room, ts, edit := string(c.Event.Channel), string(m.TS), string(m.Edited.TS)
	id := strings.Join([]string{room, ts, "edit", edit}, ":")
	return work{order: room, do: func(ctx context.Context) (answer, after) {
		return in.record(ctx, matter{id: id, room: room, since: stampOr(ts, e.Received)}, func(ctx context.Context, to chat.Sink) error {
			user, place := in.author(ctx, c, *m), in.spot(ctx, chat.Place{Room: room, Thread: thread(ts, string(m.ThreadTS))})
			return to.Edited(ctx, chat.Edited{
				Key: key(user.Workspace, "message", id), User: user, Place: place, ID: ts, Text: readText(string(m.Text)), At: stampOr(edit, e.Received),
			})
		}), nil
	}}
}

// deleteWork reports that a message was taken away.
func (in *intake) deleteWork(e envelope, c callback) work {
	h := c.Event
	ts := h.DeletedTS
	if ts == "" && h.Before != nil {
		ts = h.Before.TS
	}
	if ts == "" || h.Channel == "" || h.direct() || h.Before != nil && in.isSelf(c, *h.Before) {
		return in.ignored(countIgnored)
	}
	return in.goneWork(e, c, string(ts))
}

// goneWork: a deletion cannot be read back, so it is never acknowledged
// without a record.
func (in *intake) goneWork(e envelope, c callback, ts string) work {
	h := c.Event
	room := string(h.Channel)
	id := strings.Join([]string{room, ts, "gone"}, ":")
	return work{order: room, do: func(ctx context.Context) (answer, after) {
		return in.record(ctx, matter{id: id}, func(ctx context.Context, to chat.Sink) error {
			var threadTS string
			if h.Before != nil {
				threadTS = thread(ts, string(h.Before.ThreadTS))
			}
			place := in.spot(ctx, chat.Place{Room: room, Thread: threadTS})
			return to.Deleted(ctx, chat.Deleted{Key: key(in.workspace(h.asker(c)), "message", id), Place: place, ID: ts, At: stampOr(string(h.EventTS), e.Received)})
		}), nil
	}}
}
