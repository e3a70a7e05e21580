package slack

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

const (
	ackLimit   = 20 << 10        // of what an acknowledgement may carry; Slack drops more without a word
	deliverTry = 3               // how often a reply that surely was not sent is tried
	deliverFor = 2 * time.Minute // how long that may take
)

// command answers a slash command: the reply goes in the acknowledgement.
func (in *intake) command(ctx context.Context, g gesture) (answer, after) {
	early := in.openEarly(ctx, g)
	t := newOrder()
	reply := in.patiently(ctx, g, in.showing(g, early), func(ctx context.Context, late chat.Reply) {
		t.wait(ctx)
		in.deliver(ctx, g, late)
	})
	in.homes.touch(g.User, reply)
	first := t.after(reply)
	if blank(reply.Message) || working(reply) && early.stands() {
		return answer{}, first
	}
	body, err := replyBody(draw(reply.Message), reply.Public)
	if err != nil || len(body) > ackLimit {
		g.back.Replace = false
		return answer{}, func(ctx context.Context) {
			in.deliver(ctx, g, reply)
			t.done()
		}
	}
	return answer{Body: body}, first
}

// pressed answers a button or a shortcut: it is acknowledged without words,
// and the reply follows, once for all repeats.
func (in *intake) pressed(ctx context.Context, g gesture) (answer, after) {
	early := in.openEarly(ctx, g)
	t := newOrder()
	reply := in.patiently(ctx, g, in.showing(g, early), func(ctx context.Context, late chat.Reply) {
		t.wait(ctx)
		in.deliver(ctx, g, late)
	})
	in.homes.touch(g.User, reply)
	return answer{}, func(ctx context.Context) {
		defer t.done()
		if working(reply) {
			if !early.stands() {
				in.deliver(ctx, g, reply)
			}
			return
		}
		if in.seen.claim(g.Key) {
			in.deliver(ctx, g, reply)
		}
	}
}

// patiently runs a handler within people's patience; what is late goes to
// late, and counts as being worked on until then.
func (in *intake) patiently(ctx context.Context, g gesture, h chat.Handler, late func(context.Context, chat.Reply)) chat.Reply {
	in.crew.more()
	reply := chat.Patiently(ctx, h, g.Request, func(ctx context.Context, reply chat.Reply) {
		defer in.crew.leave()
		defer func() {
			if broken := recover(); broken != nil {
				in.broke(broken)
			}
		}()
		in.homes.touch(g.User, reply)
		late(ctx, reply)
	})
	if !working(reply) {
		in.crew.leave()
	}
	return reply
}

// working says whether a reply states no outcome yet.
func working(r chat.Reply) bool {
	return r.Kind == "" && r.Form == nil && r.Message.Summary == chat.StillWorking().Message.Summary
}

// order lets a late outcome come after what was said first.
type order struct{ said chan struct{} }

func newOrder() order { return order{said: make(chan struct{})} }

func (t order) done() { close(t.said) }

// after is what is left once a reply was said: nothing, unless an outcome
// still waits for that.
func (t order) after(reply chat.Reply) after {
	if !working(reply) {
		return nil
	}
	return func(context.Context) { t.done() }
}

func (t order) wait(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, recordLimit)
	defer cancel()
	select {
	case <-t.said:
	case <-within.Done():
	}
}

// deliver brings a reply to who asked, by the ways that are left: the address
// that Slack gave for it, the room, the conversation with them alone.
func (in *intake) deliver(ctx context.Context, g gesture, reply chat.Reply) {
	if blank(reply.Message) {
		return
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), deliverFor)
	defer cancel()
	var err error
	for _, way := range in.ways(g, reply) {
		if err = in.insist(within, way); err == nil {
			return
		}
		if fault.KindOf(err) == fault.Unknown {
			break // it may have arrived; one reply too few is better than two that differ in place
		}
	}
	in.count(countLost)
	in.o.Log.WarnContext(ctx, "a reply could not be delivered; what it tells stands on record", "error", err, "via", g.Via)
}

// ways are how a reply can reach who asked, the best first.
func (in *intake) ways(g gesture, reply chat.Reply) []func(context.Context) error {
	var ways []func(context.Context) error
	if g.back.View != "" {
		ways = append(ways, func(ctx context.Context) error {
			return in.out.updateView(ctx, g.back.View, failedForm(g.back.Title, reply.Message, keep(g.Request, chat.Form{})))
		})
	}
	if g.back.URL != "" {
		ways = append(ways, func(ctx context.Context) error {
			return in.out.respond(ctx, g.back.URL, draw(reply.Message), responding{Public: reply.Public, Replace: g.back.Replace && !reply.Public, Thread: g.Place.Thread})
		})
	}
	if g.Place.Room != "" {
		ways = append(ways, func(ctx context.Context) error {
			p := chat.Post{Key: replyKey(g), Room: g.Place.Room, Thread: g.Place.Thread, Message: reply.Message}
			if !reply.Public && !g.Place.Direct {
				p.Only = g.User.ID
			}
			_, err := in.slack.Post(ctx, p)
			return err
		})
	}
	return append(ways, func(ctx context.Context) error {
		room, err := in.slack.Direct(ctx, g.User.ID)
		if err != nil {
			return err
		}
		_, err = in.slack.Post(ctx, chat.Post{Key: replyKey(g), Room: room, Message: reply.Message})
		return err
	})
}

// replyKey marks a reply, so that it can be looked for.
func replyKey(g gesture) string { return "reply/" + digest([]byte(g.Key)) }

// insist tries again what surely was not done.
func (in *intake) insist(ctx context.Context, do func(context.Context) error) error {
	wait := time.Second
	for try := 1; ; try++ {
		within, cancel := context.WithTimeout(ctx, chat.CallLimit)
		err := do(within)
		cancel()
		if err == nil || fault.KindOf(err) != fault.Unavailable || try == deliverTry {
			return err
		}
		if f, is := errors.AsType[*fault.Error](err); is && f.After > wait {
			wait = f.After
		}
		if !pause(ctx, wait) {
			return err
		}
		wait *= 2
	}
}

// replyBody is a reply as the acknowledgement of a command carries it.
func replyBody(d drawn, public bool) (json.RawMessage, error) {
	text, err := json.Marshal(d.Text)
	if err != nil {
		return nil, err
	}
	kind := "ephemeral"
	if public {
		kind = "in_channel"
	}
	body := make([]byte, 0, len(text)+len(d.raw)+64)
	body = append(body, `{"response_type":"`+kind+`","text":`...)
	body = append(body, text...)
	if d.raw != nil {
		body = append(body, `,"blocks":`...)
		body = append(body, d.raw...)
	}
	return append(body, '}'), nil
}

// blank says whether a message holds nothing to show.
func blank(m chat.Message) bool { return len(m.Title) == 0 && len(m.Parts) == 0 && len(m.Actions) == 0 }
