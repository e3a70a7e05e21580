package slack

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// reactionWork reports a reaction that puts its message on the timeline. The
// event names the message only; what it says is looked up.
func (in *intake) reactionWork(e envelope, c callback) work {
	h := c.Event
	emoji, _, _ := strings.Cut(string(h.Reaction), "::") // without the tone of skin
	if captures := in.house.Load().Captures; captures != nil && !captures(emoji) {
		return in.ignored(countIgnored)
	}
	if h.Item == nil || h.Item.Type != "message" || h.Item.Channel == "" || h.Item.TS == "" {
		return in.ignored(countIgnored)
	}
	return in.markWork(e, c, marking{
		emoji: emoji, room: string(h.Item.Channel), ts: string(h.Item.TS), away: h.Type == "reaction_removed",
	})
}

// pinWork reports a pin that a person set.
func (in *intake) pinWork(e envelope, c callback) work {
	h := c.Event
	if h.Item == nil {
		return in.ignored(countIgnored)
	}
	m := marking{emoji: "pin", room: string(h.ChannelID), ts: string(h.Item.TS), away: h.Type == "pin_removed", message: h.Item.Message}
	if m.room == "" {
		m.room = string(h.Item.Channel)
	}
	if m.message != nil && m.message.TS != "" {
		m.ts = string(m.message.TS)
	}
	if m.room == "" || m.ts == "" {
		return in.ignored(countIgnored)
	}
	return in.markWork(e, c, m)
}

// marking is a reaction or a pin on a message.
type marking struct {
	emoji, room, ts string
	away            bool
	message         *happening // as the event carries it; nil: not
}

func (in *intake) markWork(e envelope, c callback, m marking) work {
	h := c.Event
	if h.User == "" || in.isSelf(c, h) {
		return in.ignored(countIgnored)
	}
	id := strings.Join([]string{m.room, m.ts, m.emoji, string(h.User), string(h.EventTS), string(h.Type)}, ":")
	return work{order: m.room, do: func(ctx context.Context) (answer, after) {
		return in.record(ctx, matter{id: id}, func(ctx context.Context, to chat.Sink) error {
			on, err := in.marked(ctx, c, m)
			if err != nil {
				return err
			}
			user, place := in.asks(ctx, h.asker(c), chat.Place{Room: m.room, Thread: on.Place.Thread})
			return to.Reacted(ctx, chat.Reacted{
				Key: key(user.Workspace, "mark", id), User: user, Place: place, On: on, Emoji: m.emoji, Away: m.away,
				At: stampOr(string(h.EventTS), e.Received),
			})
		}), nil
	}}
}

// marked is the message that a mark stands on, as it is now.
func (in *intake) marked(ctx context.Context, c callback, m marking) (chat.Said, error) {
	if m.away {
		return chat.Said{ID: m.ts, Place: chat.Place{Platform: Name, Room: m.room}}, nil
	}
	if m.message != nil && (m.message.Text != "" || len(m.message.Files) > 0) {
		return in.saidOf(ctx, c, m.room, *m.message), nil
	}
	on, err := in.out.said(ctx, m.room, "", m.ts)
	if err != nil {
		return chat.Said{}, err
	}
	if on.ID == "" {
		return chat.Said{}, fault.New(fault.NotFound, "The message is not there any more.")
	}
	return on, nil
}
