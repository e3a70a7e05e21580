package slack

import (
	"context"
	"encoding/json"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// inboxLimit is how long the inbox may take to write a delivery down.
const inboxLimit = time.Second

// lastRetry is Slack's last try at a delivery.
const lastRetry = 3

// keptEvent is words to the bot, as they are kept until they are done with: what a
// later life needs to read them again.
type keptEvent struct {
	Kind word        `json:"type"`
	Team word        `json:"team_id"`
	Org  word        `json:"enterprise_id,omitempty"`
	Said keptMessage `json:"event"`
}

type keptMessage struct {
	Kind     word `json:"type"`
	User     word `json:"user"`
	UserTeam word `json:"user_team,omitempty"`
	Text     word `json:"text"`
	TS       word `json:"ts"`
	ThreadTS word `json:"thread_ts,omitempty"`
	Channel  word `json:"channel"`
	Type     word `json:"channel_type,omitempty"`
}

// talkWork runs words to the bot. They come as an event, perhaps as two (a
// mention and a message) with ids of their own; the message's own id makes
// them one. They are acknowledged once they are on record, then worked.
func (in *intake) talkWork(e envelope, c callback, words string) work {
	g := in.talk(c, e.Received)
	g.Text = readText(words)
	return work{do: func(ctx context.Context) (answer, after) {
		inbox := in.house.Load().Inbox
		if inbox == nil {
			if in.seen.claim(g.Key) {
				in.workOff(ctx, g, false)
			}
			return answer{}, nil
		}
		if in.seen.has(g.Key) {
			in.count(countRepeat)
			return answer{}, nil
		}
		fresh, err := in.promise(ctx, inbox, chat.Delivery{Key: g.Key, Body: keptTalk(c, words), At: e.Received})
		if err != nil {
			in.doubts.claim(g.Key) // it may have been written down all the same
			return in.unpromised(ctx, e, g, err)
		}
		if mine := in.seen.claim(g.Key); !mine || !fresh && !in.doubts.has(g.Key) {
			in.count(countRepeat)
			return answer{}, nil
		}
		return answer{}, func(ctx context.Context) { in.workOff(ctx, g, false) }
	}}
}

// talk begins the gesture of a message to the bot.
func (in *intake) talk(c callback, received time.Time) gesture {
	h := c.Event
	g := in.asked(h.asker(c), chat.Place{
		Room: string(h.Channel), Thread: thread(string(h.TS), string(h.ThreadTS)), Direct: h.direct(),
	})
	g.Key = key(g.User.Workspace, "message", string(h.Channel)+":"+string(h.TS))
	g.At, g.Via = stampOr(string(h.TS), received), "mention"
	return g
}

// keptTalk is what the inbox keeps: no more than it takes to do it again.
func keptTalk(c callback, words string) []byte {
	h := c.Event
	team := h.asker(c).Team
	body, err := json.Marshal(keptEvent{Kind: "event_callback", Team: c.Team, Org: c.Enterprise, Said: keptMessage{
		Kind: "app_mention", User: h.User, UserTeam: word(team), Text: word(words), TS: h.TS, ThreadTS: h.ThreadTS, Channel: h.Channel, Type: h.ChannelType,
	}})
	if err != nil {
		return nil
	}
	return body
}

// promise writes a delivery down, and does not wait longer than Slack allows.
func (in *intake) promise(ctx context.Context, inbox chat.Inbox, d chat.Delivery) (fresh bool, err error) {
	within, cancel := context.WithTimeout(ctx, inboxLimit)
	defer cancel()
	type taken struct {
		fresh bool
		err   error
	}
	done := make(chan taken, 1)
	go func() {
		fresh, err := inbox.Take(within, d)
		done <- taken{fresh, err}
	}()
	select {
	case t := <-done:
		return t.fresh, t.err
	case <-within.Done():
		return false, fault.Wrap(fault.Unknown, within.Err(), "The inbox did not answer in time.")
	}
}

// unpromised leaves the delivery to Slack's next try, and tells the person
// what that means: at the first try, and at the last.
func (in *intake) unpromised(ctx context.Context, e envelope, g gesture, err error) (answer, after) {
	in.count(countUnrecorded)
	in.o.Log.WarnContext(ctx, "words to the bot could not be put on record; Slack sends them again", "error", err, "retry", e.Retry)
	if hopeless(err) {
		return answer{Final: true}, nil
	}
	if e.Retry > 0 && e.Retry < lastRetry {
		return refused(), nil
	}
	return refused(), func(ctx context.Context) {
		in.deliver(ctx, g, unrecordedReply(e.Retry >= lastRetry))
	}
}

// workOff runs words to the bot to their reply, and says so to the inbox.
// again: they are from another life, and may have been answered then.
func (in *intake) workOff(ctx context.Context, g gesture, again bool) {
	finish := func(ctx context.Context) {
		inbox := in.house.Load().Inbox
		if inbox == nil {
			return
		}
		within, cancel := context.WithTimeout(ctx, chat.CallLimit)
		defer cancel()
		if err := inbox.Finish(within, g.Key); err != nil {
			in.o.Log.WarnContext(ctx, "the inbox could not be told that words to the bot are done with; they are worked again at the next start", "error", err)
		}
	}
	t := newOrder()
	reply := in.patiently(ctx, g, in.showing(g, nil), func(ctx context.Context, late chat.Reply) {
		t.wait(ctx)
		in.deliver(ctx, g, late)
		finish(ctx)
	})
	in.homes.touch(g.User, reply)
	if !again || !reply.Repeat || !in.answered(ctx, g, reply) {
		in.deliver(ctx, g, reply)
	}
	t.done()
	if !working(reply) {
		finish(ctx)
	}
}

// answered says whether a public reply was posted by an earlier life. Replies
// for one person alone cannot be looked up; they are given again.
func (in *intake) answered(ctx context.Context, g gesture, reply chat.Reply) bool {
	finder := in.slack.Roles().Finder
	if !reply.Public || finder == nil {
		return false
	}
	within, cancel := context.WithTimeout(ctx, chat.CallLimit)
	defer cancel()
	_, found, err := finder.Find(within, chat.Post{Key: replyKey(g), Room: g.Place.Room, Thread: g.Place.Thread}, g.At)
	return err == nil && found
}

// unfinished works off what an earlier life acknowledged and did not finish.
func (in *intake) unfinished(ctx context.Context, before time.Time) {
	inbox := in.house.Load().Inbox
	if inbox == nil {
		return
	}
	var left []chat.Delivery
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		var err error
		if left, err = inbox.Unfinished(ctx, Name, before); err == nil {
			break
		}
		in.o.Log.WarnContext(ctx, "what an earlier life left in the inbox cannot be read yet", "error", err)
		if !pause(ctx, wait) {
			return
		}
	}
	for _, d := range left {
		if ctx.Err() != nil {
			return
		}
		in.again(ctx, inbox, d)
	}
}

// again works off one delivery of an earlier life.
func (in *intake) again(ctx context.Context, inbox chat.Inbox, d chat.Delivery) {
	defer func() {
		if broken := recover(); broken != nil {
			in.broke(broken)
		}
	}()
	c, ok := readCallback(d.Body)
	if !ok || c.Event.User == "" || c.Event.Channel == "" {
		in.count(countUnreadable)
		in.o.Log.WarnContext(ctx, "a delivery in the inbox cannot be read; it is left out", "at", d.At)
		if err := inbox.Finish(ctx, d.Key); err != nil {
			in.o.Log.WarnContext(ctx, "the inbox could not be told so", "error", err)
		}
		return
	}
	g := in.talk(c, d.At)
	g.Key, g.Text = d.Key, readText(string(c.Event.Text))
	in.workOff(ctx, g, true)
}
