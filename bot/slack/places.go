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

// places keeps what is known of channels.
type places struct {
	*memory[channel]
	taken *memory[bool] // names that were refused, and whose channel is of no use

	mu    sync.Mutex
	names map[string]string // name -> id
	made  map[string]string // id of a key -> room that was made for it
	topic map[string]string // as tocsin last set it
}

func newPlaces(now func() time.Time) *places {
	return &places{
		memory: newMemory[channel](now, 10*time.Minute), taken: newMemory[bool](now, 10*time.Minute),
		names: make(map[string]string), made: make(map[string]string), topic: make(map[string]string),
	}
}

// channel is a conversation as Slack tells of it.
type channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Creator  string `json:"creator"`
	Created  int64  `json:"created"`
	Direct   bool   `json:"is_im"`
	Private  bool   `json:"is_private"`
	Shared   bool   `json:"is_ext_shared"`
	Pending  bool   `json:"is_pending_ext_shared"`
	Archived bool   `json:"is_archived"`
	Member   bool   `json:"is_member"`
	Topic    struct {
		Value string `json:"value"`
	} `json:"topic"`
	Purpose struct {
		Value string `json:"value"`
	} `json:"purpose"`
}

func (ch channel) place() chat.Place {
	return chat.Place{
		Platform: Name, Room: ch.ID, Name: ch.Name, Direct: ch.Direct,
		Shared: ch.Shared || ch.Pending, Private: ch.Private && !ch.Direct,
	}
}

// isDirect holds for ids of conversations with the bot alone.
func isDirect(room string) bool { return strings.HasPrefix(room, "D") }

// isChannel holds for what can only be the id of a conversation.
func isChannel(room string) bool {
	if len(room) < 3 || !strings.ContainsRune("CGD", rune(room[0])) {
		return false
	}
	for _, r := range room[1:] {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}

// place tells of a channel. What cannot be had before the context ends is its
// id alone, and is looked up beside.
func (c *caller) place(ctx context.Context, room string) chat.Place {
	if isDirect(room) {
		return chat.Place{Platform: Name, Room: room, Direct: true}
	}
	if room != "" {
		ch, known := c.rooms.get(ctx, room, func(ctx context.Context) (channel, error) { return c.roomInfo(ctx, room) })
		if known {
			return ch.place()
		}
	}
	return chat.Place{Platform: Name, Room: room}
}

// forget drops what is known of a channel: it was renamed, archived or shared.
func (c *caller) forget(room string) { c.rooms.drop(room) }

// roomInfo asks for a channel, and keeps it.
func (c *caller) roomInfo(ctx context.Context, room string) (channel, error) {
	var out struct {
		Channel channel `json:"channel"`
	}
	k := call{method: "conversations.info", what: "tell of a channel", subject: room}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, err := c.api.GetConversationInfoContext(ctx, &slackapi.GetConversationInfoInput{ChannelID: room})
		return err
	}, &out)
	if err == nil {
		c.rooms.note(out.Channel)
	}
	return out.Channel, err
}

// note keeps a channel that was seen.
func (p *places) note(ch channel) {
	p.put(ch.ID, ch)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.names) >= memoMost {
		clear(p.names)
	}
	if ch.Name != "" {
		p.names[ch.Name] = ch.ID
	}
}

func (p *places) named(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.names[name]
}

// Place finds a channel by its id or its name.
func (c *caller) Place(ctx context.Context, room string) (chat.Place, error) {
	if _, err := c.me(ctx); err != nil {
		return chat.Place{}, err
	}
	room = strings.TrimPrefix(strings.TrimSpace(room), "#")
	if isChannel(room) {
		ch, err := c.roomInfo(ctx, room)
		if codeOf(err) == "channel_not_found" {
			return chat.Place{}, fault.Wrap(fault.NotFound, err, "There is no channel "+room+" that tocsin can see. If it is private, type /invite @tocsin in it.")
		}
		return ch.place(), err
	}
	name := strings.ToLower(room)
	if id := c.rooms.named(name); id != "" {
		if ch, err := c.roomInfo(ctx, id); err == nil && ch.Name == name {
			return ch.place(), nil
		}
	}
	ch, found, err := c.channelNamed(ctx, name, false)
	if err != nil {
		return chat.Place{}, err
	}
	if !found {
		return chat.Place{}, fault.New(fault.NotFound, "There is no channel #%s that tocsin can see. If it is private, type /invite @tocsin in it.", name)
	}
	return ch.place(), nil
}

// channelNamed looks for a channel by its name: first among those that tocsin
// is in, then, unless only those matter, among all public ones.
func (c *caller) channelNamed(ctx context.Context, name string, mineOnly bool) (ch channel, found bool, err error) {
	match := func(o channel) bool { return o.Name == name }
	ch, found, err = c.pick(ctx, c.mine, match)
	if err == nil && !found && !mineOnly {
		ch, found, err = c.pick(ctx, c.public, match)
	}
	return ch, found, err
}

// listing reads a page of channels.
type listing func(ctx context.Context, cursor string) (page []channel, next string, err error)

// pick walks a listing until a channel matches.
func (c *caller) pick(ctx context.Context, list listing, match func(channel) bool) (channel, bool, error) {
	for cursor := ""; ; {
		page, next, err := list(ctx, cursor)
		if err != nil {
			return channel{}, false, err
		}
		for _, ch := range page {
			c.rooms.note(ch)
		}
		for _, ch := range page {
			if match(ch) {
				return ch, true, nil
			}
		}
		if next == "" {
			return channel{}, false, nil
		}
		cursor = next
	}
}

// pageOfRooms is how many channels are read at a time.
const pageOfRooms = 500

type roomsAnswer struct {
	answered
	Channels []channel `json:"channels"`
}

// kinds are the kinds of channel that tocsin may see.
func (c *caller) kinds() []string {
	me := c.ids.known()
	var out []string
	if me.has("channels:read") {
		out = append(out, "public_channel")
	}
	if me.has("groups:read") {
		out = append(out, "private_channel")
	}
	return out
}

// mine lists channels that tocsin is in, but for archived ones.
func (c *caller) mine(ctx context.Context, cursor string) ([]channel, string, error) {
	return c.listMine(ctx, cursor, c.kinds())
}

func (c *caller) listMine(ctx context.Context, cursor string, kinds []string) ([]channel, string, error) {
	var out roomsAnswer
	k := call{method: "users.conversations", what: "list the channels that tocsin is in"}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, _, err := c.api.GetConversationsForUserContext(ctx, &slackapi.GetConversationsForUserParameters{
			Cursor: cursor, Types: kinds, Limit: pageOfRooms, ExcludeArchived: true, TeamID: c.ids.known().Team,
		})
		return err
	}, &out)
	return out.Channels, out.Metadata.Cursor, err
}

// public lists all public channels that are not archived.
func (c *caller) public(ctx context.Context, cursor string) ([]channel, string, error) {
	var out roomsAnswer
	k := call{method: "conversations.list", what: "list channels"}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, _, err := c.api.GetConversationsContext(ctx, &slackapi.GetConversationsParameters{
			Cursor: cursor, ExcludeArchived: true, Limit: pageOfRooms, Types: []string{"public_channel"}, TeamID: c.ids.known().Team,
		})
		return err
	}, &out)
	return out.Channels, out.Metadata.Cursor, err
}

// privateRooms are the private channels that tocsin is in.
func (c *caller) privateRooms(ctx context.Context) ([]string, error) {
	if _, err := c.me(ctx); err != nil {
		return nil, err
	}
	var ids []string
	list := func(ctx context.Context, cursor string) ([]channel, string, error) {
		return c.listMine(ctx, cursor, []string{"private_channel"})
	}
	_, _, err := c.pick(ctx, list, func(ch channel) bool {
		if !ch.Archived {
			ids = append(ids, ch.ID)
		}
		return false
	})
	return ids, err
}
