package bot

import (
	"context"
	"sync/atomic"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
)

// greetWithin is how long the first message of a platform may take.
const greetWithin = 30 * time.Second

// greeting tells whoever set a platform up, once in the life of a store, what
// is set and what is off. A token does not say whose it is: the first full
// member who speaks to the bot, or opens its page, is taken to be the one.
type greeting struct {
	h    *House
	c    *chat.Client
	done atomic.Bool
}

// wrapped is the platform's house with the greeting in front.
func (g *greeting) wrapped(h chat.House) chat.House {
	handle, home := h.Handle, h.Home
	h.Handle = func(ctx context.Context, r chat.Request) chat.Reply {
		g.meet(r.User)
		return handle(ctx, r)
	}
	h.Home = func(ctx context.Context, u chat.User) chat.Message {
		g.meet(u)
		return home(ctx, u)
	}
	return h
}

func (g *greeting) meet(u chat.User) {
	if u.Kind != chat.Member || !g.done.CompareAndSwap(false, true) {
		return
	}
	g.h.later(func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, greetWithin)
		defer cancel()
		if err := g.greet(ctx, u); err != nil && ctx.Err() == nil {
			g.h.p.Log.WarnContext(ctx, "the first message could not be sent", "platform", g.c.Name(), "error", err)
		}
	})
}

// greet writes down that it greets before it does, so that nobody is greeted
// twice; who is not greeted because it died in between has lost little.
func (g *greeting) greet(ctx context.Context, u chat.User) error {
	key := "greeted/" + g.c.Name() + "/" + u.Workspace
	was, err := g.h.p.Store.Fetch(ctx, key)
	if err != nil || was != nil {
		return err
	}
	room, err := g.c.Direct(ctx, u.ID)
	if err != nil {
		return err
	}
	if err := g.h.p.Store.Keep(ctx, key, nil, []byte(u.ID)); err != nil {
		if _, raced := asChanged(err); raced {
			return nil
		}
		return err
	}
	v := g.h.door.RoomVoice(ctx, g.c.Name())
	_, err = g.c.Post(ctx, chat.Post{Key: key, Room: room, Message: say.Installed(g.h.health(ctx), v)})
	return err
}
