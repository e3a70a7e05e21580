package slack

import (
	"context"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// pins pins messages.
type pins struct{ c *caller }

// Pin pins a message; a second time does nothing.
func (p pins) Pin(ctx context.Context, r chat.Ref) error {
	k := call{method: "pins.add", what: "pin a message", subject: r.Room + "/" + r.ID}
	err := p.c.inRoom(ctx, r.Room, func() error {
		return p.c.do(ctx, k, func(ctx context.Context) error {
			return p.c.api.AddPinContext(ctx, r.Room, slackapi.NewRefToMessage(r.Room, r.ID))
		}, nil)
	})
	return unless(err, "already_pinned")
}

// marks reacts to messages.
type marks struct{ c *caller }

// Mark reacts with an emoji; a second time does nothing.
func (m marks) Mark(ctx context.Context, r chat.Ref, emoji string) error {
	emoji = strings.Trim(emoji, ":")
	k := call{method: "reactions.add", what: "react to a message", subject: r.Room + "/" + r.ID}
	err := m.c.inRoom(ctx, r.Room, func() error {
		return m.c.do(ctx, k, func(ctx context.Context) error {
			return m.c.api.AddReactionContext(ctx, emoji, slackapi.NewRefToMessage(r.Room, r.ID))
		}, nil)
	})
	return unless(err, "already_reacted")
}
