package console

import (
	"context"
	"strings"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
	"tocsin/store"
)

// kept is how long an outcome stands ready for a browser that asks again.
const kept = 2 * time.Minute

// tellWithin is how long the word that a request still runs may take to be put
// into its room; the page says it in any case, and people wait 3 s at most.
const tellWithin = 400 * time.Millisecond

// flights are the requests that run, and those that just ended, so that a
// gesture sent twice runs once and both get the outcome.
type flights struct {
	mu    sync.Mutex
	byKey map[string]*flight
}

type flight struct {
	done  chan struct{} // closed when reply and said hold
	reply chat.Reply
	said  *store.TalkMessage // the reply as it stands in the room; nil: it says nothing
	ended time.Time
}

func newFlights() *flights { return &flights{byKey: map[string]*flight{}} }

// board finds the flight of a gesture, or starts one.
func (fs *flights) board(key string, now time.Time, run func(*flight)) *flight {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for k, f := range fs.byKey {
		if !f.ended.IsZero() && now.Sub(f.ended) > kept {
			delete(fs.byKey, k)
		}
	}
	if f, there := fs.byKey[key]; there {
		return f
	}
	f := &flight{done: make(chan struct{})}
	fs.byKey[key] = f
	go run(f)
	return f
}

// land ends a flight. One that came to no outcome is forgotten, so that the
// next try asks the house again, with the same key.
func (fs *flights) land(key string, f *flight, now time.Time) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.ended = now
	if unsettled(f.reply.Kind) {
		delete(fs.byKey, key)
	}
	close(f.done)
}

// unsettled holds for replies after which the same key should be tried again.
func unsettled(kind string) bool {
	switch kind {
	case fault.Unavailable.String(), fault.Unknown.String(), fault.Internal.String():
		return true
	}
	return false
}

// ask runs a gesture's request to its outcome, or to the word that it is being
// worked on. ok is false for the latter.
func (c *Console) ask(ctx context.Context, g gesture, req chat.Request) (f *flight, ok bool) {
	key := g.print()
	f = c.flights.board(key, c.now(), func(f *flight) {
		on, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		f.reply = c.house.Load().Handle(on, req)
		f.said = c.deliver(on, g, f.reply)
		c.flights.land(key, f, c.now())
	})
	timer := time.NewTimer(chat.Patience)
	defer timer.Stop()
	select {
	case <-f.done:
		return f, true
	case <-ctx.Done():
		return f, false
	case <-timer.C:
	}
	if !g.Again {
		within, cancel := context.WithTimeout(ctx, tellWithin)
		defer cancel()
		if _, err := c.answer(within, g, body{Message: chat.StillWorking().Message, Working: true}, false); err != nil {
			c.log.WarnContext(ctx, "a person is told in the page alone that their request still runs", "room", g.Room.ID, "error", err)
		}
	}
	return f, false
}

// Outcome brings the outcome of a request that was not confirmed at first. It
// stands where the answer to the same gesture does when a page asks again.
func (c *Console) Outcome(ctx context.Context, r chat.Request, reply chat.Reply) error {
	room, found, err := c.room(ctx, r.Place.Room)
	if err != nil || !found {
		return err
	}
	g := gesture{Key: strings.TrimPrefix(r.Key, accountKey("")), User: r.User, Room: room, Thread: r.Place.Thread, Text: r.Text, Via: r.Via}
	if r.Via == "command" {
		g.Text = "/" + c.verb() + " " + r.Text
	}
	_, err = c.answer(ctx, g, body{Message: reply.Message, Kind: reply.Kind}, reply.Public)
	return err
}

// deliver puts a reply into its room: where the word stood that it is being
// worked on, else at the end. What cannot be kept is shown to the asker all the same.
func (c *Console) deliver(ctx context.Context, g gesture, reply chat.Reply) *store.TalkMessage {
	silent := len(reply.Message.Title) == 0 && len(reply.Message.Parts) == 0 && len(reply.Message.Actions) == 0
	if g.Via == "form" && reply.Kind == fault.Invalid.String() {
		silent = true // the form itself says what was wrong
	}
	if silent && !g.Again && c.now().Sub(g.At) < chat.Patience {
		return nil
	}
	m, err := c.answer(ctx, g, body{Message: reply.Message, Kind: reply.Kind}, reply.Public)
	if err != nil {
		c.log.WarnContext(ctx, "a reply could not be kept in its room", "room", g.Room.ID, "error", err)
	}
	if silent {
		if _, err := c.talk.Change(ctx, m.Room, m.ID, func(t *store.TalkMessage) { t.Deleted = true }); err == nil {
			c.hub.stir()
		}
		return nil
	}
	return &m
}

func (c *Console) answer(ctx context.Context, g gesture, b body, public bool) (store.TalkMessage, error) {
	b.Asker, b.Asked, b.Via = g.User.ID, g.asked(), g.Via
	raw, err := b.bytes()
	if err != nil {
		return store.TalkMessage{}, err
	}
	m := store.TalkMessage{Room: g.Room.ID, Key: "reply/" + g.User.ID + "/" + g.Key, Thread: g.Thread, Only: g.User.ID, Body: raw, At: c.now()}
	if public {
		m.Only = ""
	}
	said, err := c.say(ctx, m)
	if err != nil {
		return m, err
	}
	if b.Working || string(said.Body) == string(raw) {
		return said, nil
	}
	changed, err := c.talk.Change(ctx, said.Room, said.ID, func(t *store.TalkMessage) {
		t.Body, t.Only, t.Deleted = raw, m.Only, false
	})
	if err != nil {
		return m, err
	}
	c.hub.stir()
	return changed, nil
}
