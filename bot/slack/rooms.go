package slack

import (
	"context"
	"strings"
	"sync"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// rooms opens and tends channels.
type rooms struct{ c *caller }

// Bounds of rooms.
const (
	nameTries  = 20               // names that are tried before a room is given up
	justMade   = 15 * time.Minute // how old a channel without a purpose may be and still be the one whose reply was lost
	inviteMost = 100              // people in one call
)

// purposeOf is what a room's purpose says, with the id by which it is
// recognised.
func purposeOf(id string) string { return "Room of an incident, kept by tocsin. ref " + id }

// Open makes the channel, or finds the one that was made for the same key: by
// the id in its purpose, or by its name when only its purpose is missing.
func (r rooms) Open(ctx context.Context, s chat.RoomSpec) (chat.Place, error) {
	c, id := r.c, opaque(s.Key)
	me, err := c.me(ctx)
	if err != nil {
		return chat.Place{}, err
	}
	if scope := needed(s.Private); !me.has(scope) {
		return chat.Place{}, lacks(scope, "open the room")
	}
	if s.Urgent {
		ctx = chat.WithLane(ctx, chat.UrgentLane)
	}
	ch, found, err := r.made(ctx, s, id)
	if err == nil && !found {
		ch, err = r.create(ctx, s, id)
	}
	if err != nil {
		return chat.Place{}, err
	}
	c.rooms.remember(id, ch.ID)
	r.furnish(ctx, ch, s, id)
	return ch.place(), nil
}

// needed is the scope for making a channel.
func needed(private bool) string {
	if private {
		return "groups:write"
	}
	return "channels:manage"
}

// made finds the channel that was made for a key before.
func (r rooms) made(ctx context.Context, s chat.RoomSpec, id string) (channel, bool, error) {
	if room := r.c.rooms.madeFor(id); room != "" {
		ch, known := r.c.rooms.peek(room)
		if !known {
			var err error
			if ch, err = r.c.roomInfo(ctx, room); err != nil {
				return channel{}, false, err
			}
		}
		return ch, !ch.Archived, nil
	}
	if !s.Again {
		return channel{}, false, nil
	}
	return r.c.pick(ctx, r.c.mine, func(ch channel) bool { return r.carries(ch, id) && !ch.Archived })
}

// carries holds for a channel that tocsin made for a key.
func (r rooms) carries(ch channel, id string) bool {
	return ch.Creator == r.c.ids.known().User && strings.Contains(ch.Purpose.Value, id)
}

// bare holds for a channel that tocsin made just now and did not come to mark.
func (r rooms) bare(ch channel) bool {
	age := r.c.o.Now().Sub(time.Unix(ch.Created, 0))
	return ch.Creator == r.c.ids.known().User && ch.Purpose.Value == "" && !ch.Archived && age < justMade && !r.c.rooms.isTaken(ch.ID)
}

// create makes the channel under the first name that is free.
func (r rooms) create(ctx context.Context, s chat.RoomSpec, id string) (channel, error) {
	name := roomName(s.Name, "incident-"+id[:8])
	for n := 1; n <= nameTries; n++ {
		if r.knownTaken(nth(name, n), id) {
			continue
		}
		ch, err := r.createAs(ctx, nth(name, n), s)
		if codeOf(err) != "name_taken" {
			return ch, err
		}
		ch, found, err := r.c.channelNamed(ctx, nth(name, n), true)
		if err != nil {
			return channel{}, err
		}
		if found && (r.carries(ch, id) && !ch.Archived || r.bare(ch)) {
			return ch, nil
		}
		r.c.rooms.taken.put(nth(name, n), true)
	}
	return channel{}, fault.New(fault.Rejected, "Channels from #%s to #%s are there already, so the room got no name. Rename one of them.", name, nth(name, nameTries))
}

// knownTaken holds for names of channels that were seen and are of no use for
// the key; trying them would cost a call of which there are few.
func (r rooms) knownTaken(name, id string) bool {
	if taken, fresh := r.c.rooms.taken.peekFresh(name); taken && fresh {
		return true
	}
	room := r.c.rooms.named(name)
	if room == "" {
		return false
	}
	ch, known := r.c.rooms.peek(room)
	return known && ch.Name == name && !r.carries(ch, id) && !r.bare(ch)
}

func (r rooms) createAs(ctx context.Context, name string, s chat.RoomSpec) (channel, error) {
	var out struct {
		Channel channel `json:"channel"`
	}
	k := call{method: "conversations.create", what: "open the room", subject: s.Key}
	err := r.c.do(ctx, k, func(ctx context.Context) error {
		_, err := r.c.api.CreateConversationContext(ctx, slackapi.CreateConversationParams{
			ChannelName: name, IsPrivate: s.Private, TeamID: r.c.ids.known().Team,
		})
		return err
	}, &out)
	if err != nil {
		return channel{}, err
	}
	if out.Channel.ID == "" {
		return channel{}, fault.New(fault.Unknown, "Slack made the room and did not say which it is.")
	}
	out.Channel.Private = out.Channel.Private || s.Private
	r.c.rooms.note(out.Channel)
	return out.Channel, nil
}

// furnish marks a channel, and brings people and the topic into it, all at
// once. The room is open whatever becomes of that: who is missing is invited,
// and the topic set, by jobs of their own.
func (r rooms) furnish(ctx context.Context, ch channel, s chat.RoomSpec, id string) {
	var all sync.WaitGroup
	note := func(what string, err error) {
		if err != nil {
			r.c.o.Log.InfoContext(ctx, "a new room is not furnished yet", "what", what, "error", err)
		}
	}
	if !strings.Contains(ch.Purpose.Value, id) {
		all.Go(func() { note("purpose", r.purpose(ctx, ch, id)) })
	}
	if s.Topic != "" && ch.Topic.Value == "" {
		all.Go(func() { note("topic", r.Topic(ctx, ch.ID, s.Topic)) })
	}
	if len(s.Invite) > 0 {
		all.Go(func() { note("people", r.Invite(ctx, ch.ID, s.Invite)) })
	}
	all.Wait()
}

func (r rooms) purpose(ctx context.Context, ch channel, id string) error {
	k := call{method: "conversations.setPurpose", what: "set the room's purpose", subject: ch.ID}
	err := r.c.do(ctx, k, func(ctx context.Context) error {
		_, err := r.c.api.SetPurposeOfConversationContext(ctx, ch.ID, purposeOf(id))
		return err
	}, nil)
	if err == nil {
		ch.Purpose.Value = purposeOf(id)
		r.c.rooms.note(ch)
	}
	return err
}

// Topic sets the topic, unless it is what tocsin set last: each change is a
// line in the room.
func (r rooms) Topic(ctx context.Context, room, topic string) error {
	topic = strings.NewReplacer("<", "‹", ">", "›").Replace(topic) // a topic is no markup, and must not become some
	if r.c.rooms.lastTopic(room) == topic {
		return nil
	}
	k := call{method: "conversations.setTopic", what: "set the room's topic", subject: room}
	err := r.c.inRoom(ctx, room, func() error {
		return r.c.do(ctx, k, func(ctx context.Context) error {
			_, err := r.c.api.SetTopicOfConversationContext(ctx, room, topic)
			return err
		}, nil)
	})
	if err == nil {
		r.c.rooms.setTopic(room, topic)
	}
	return err
}

// Remove takes somebody out; who is not there is out already.
func (r rooms) Remove(ctx context.Context, room, user string) error {
	k := call{method: "conversations.kick", what: "take somebody out of the room", subject: room + user}
	err := r.c.do(ctx, k, func(ctx context.Context) error {
		return r.c.api.KickUserFromConversationContext(ctx, room, user)
	}, nil)
	return unless(err, "not_in_channel", "cant_kick_self")
}

// Archive archives the channel.
func (r rooms) Archive(ctx context.Context, room string) error {
	k := call{method: "conversations.archive", what: "archive the room", subject: room}
	err := r.c.inRoom(ctx, room, func() error {
		return r.c.do(ctx, k, func(ctx context.Context) error { return r.c.api.ArchiveConversationContext(ctx, room) }, nil)
	})
	r.c.forget(room)
	return unless(err, "already_archived")
}

// unless takes codes that say it is so already for done.
func unless(err error, done ...string) error {
	code := codeOf(err)
	for _, d := range done {
		if code == d {
			return nil
		}
	}
	return err
}

func (p *places) remember(id, room string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.made) >= memoMost {
		clear(p.made)
	}
	p.made[id] = room
}

func (p *places) madeFor(id string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made[id]
}

// isTaken says whether a room was made for a key that this life knows.
func (p *places) isTaken(room string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.made {
		if r == room {
			return true
		}
	}
	return false
}

func (p *places) lastTopic(room string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.topic[room]
}

func (p *places) setTopic(room, topic string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.topic) >= memoMost {
		clear(p.topic)
	}
	p.topic[room] = topic
}
