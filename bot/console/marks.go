package console

import (
	"context"
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// itself is who reacts when the bot does.
const itself = "tocsin"

// Mark reacts with an emoji of the bot's own.
func (c *Console) Mark(ctx context.Context, r chat.Ref, emoji string) error {
	_, err := c.talk.Change(ctx, r.Room, r.ID, func(t *store.TalkMessage) {
		if t.Reactions == nil {
			t.Reactions = map[string][]string{}
		}
		if !slices.Contains(t.Reactions[emoji], itself) {
			t.Reactions[emoji] = append(t.Reactions[emoji], itself)
		}
	})
	if err != nil {
		return gone(err, "The message is not there any more.")
	}
	c.hub.stir()
	return nil
}

// Place finds a room by its id or its name.
func (c *Console) Place(ctx context.Context, room string) (chat.Place, error) {
	name := strings.TrimPrefix(room, "#")
	r, found, err := c.room(ctx, name)
	if err != nil {
		return chat.Place{}, err
	}
	if !found {
		return chat.Place{}, fault.New(fault.NotFound, "The console has no room %q.", name)
	}
	return place(r, ""), nil
}
