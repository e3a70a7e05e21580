package slack

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// eventType names the metadata by which a message is recognised again.
const eventType = "tocsin_effect"

// opaque is what stands in Slack for a key: everybody there can read it, and
// nobody can read anything from it.
func opaque(key string) string {
	sum := sha256.Sum256([]byte("tocsin effect " + key))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15]))
}

// contents are a message's words as a JSON answer carries them.
type contents struct {
	Text   string           `json:"text"`
	Blocks []slackapi.Block `json:"blocks,omitempty"`
	Unfurl bool             `json:"unfurl_links"`
	Media  bool             `json:"unfurl_media"`
}

func contentsOf(d drawn) contents { return contents{Text: d.Text, Blocks: d.Blocks} }

// parcel is a message on its way.
type parcel struct {
	Room, Thread string
	Key          string // empty: it need not be recognised again
	Drawn        drawn
}

// options are the arguments of a message. Metadata is written here and not by
// the library, whose options overwrite each other.
func (p parcel) options(base string) []slackapi.MsgOption {
	opts := []slackapi.MsgOption{
		slackapi.MsgOptionText(p.Drawn.Text, false), slackapi.MsgOptionBlocks(p.Drawn.Blocks...),
		slackapi.MsgOptionDisableLinkUnfurl(), slackapi.MsgOptionDisableMediaUnfurl(), slackapi.MsgOptionParse(false),
	}
	if p.Thread != "" {
		opts = append(opts, slackapi.MsgOptionTS(p.Thread))
	}
	if p.Key != "" {
		opts = append(opts, metadata(base, p.Key))
	}
	return opts
}

// metadata is of chat.postMessage alone: an edit keeps what is there.
func metadata(base, key string) slackapi.MsgOption {
	return slackapi.UnsafeMsgOptionEndpoint(base+"chat.postMessage", func(v url.Values) {
		b, err := json.Marshal(map[string]any{"event_type": eventType, "event_payload": map[string]string{"e": opaque(key)}})
		if err == nil {
			v.Set("metadata", string(b))
		}
	})
}

type posted struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// post says something in a channel. A public channel that tocsin must be in is
// joined, once.
func (c *caller) post(ctx context.Context, p parcel) (chat.Ref, error) {
	if ref, found, err := c.doubted(ctx, p); found || err != nil {
		return ref, err
	}
	var out posted
	var t *trip
	began := c.o.Now()
	k := call{method: "chat.postMessage", what: "post a message", room: p.Room, subject: p.Key}
	err := c.inRoom(ctx, p.Room, func() (err error) {
		t, err = c.ask(ctx, k, func(ctx context.Context) error {
			_, _, err := c.api.PostMessageContext(ctx, p.Room, p.options(c.base)...)
			return err
		}, &out)
		return err
	})
	if err != nil {
		if t.status == http.StatusTooManyRequests && p.Key != "" {
			c.doubts.put(p.Key, began)
		}
		return chat.Ref{}, err
	}
	if out.TS == "" {
		return chat.Ref{}, fault.New(fault.Unknown, "Slack took the message and did not say which it is.")
	}
	if out.Channel == "" {
		out.Channel = p.Room
	}
	return chat.Ref{Platform: Name, Room: out.Channel, ID: out.TS, Link: c.permalink(out.Channel, p.Thread, out.TS)}, nil
}

// doubted looks for a message to which Slack answered 429 before: it has been
// seen to post one all the same. What is found is given the words of now.
func (c *caller) doubted(ctx context.Context, p parcel) (chat.Ref, bool, error) {
	since, doubt := c.doubts.peek(p.Key)
	if !doubt || p.Key == "" {
		return chat.Ref{}, false, nil
	}
	ref, found, err := finder{c}.look(ctx, chat.Post{Room: p.Room, Thread: p.Thread, Key: p.Key}, since.Add(-time.Minute))
	if found {
		err = c.edit(ctx, ref, p.Drawn)
	}
	if kind := fault.KindOf(err); err != nil && (kind == fault.Unavailable || kind == fault.Unknown) {
		return chat.Ref{}, false, err
	}
	c.doubts.drop(p.Key)
	return ref, found && err == nil, nil
}

// whisper says something in a channel that one user alone sees, until they
// reload. Its id is good for nothing but to name it: Slack changes no such
// message.
func (c *caller) whisper(ctx context.Context, user string, p parcel) (chat.Ref, error) {
	var out struct {
		TS string `json:"message_ts"`
	}
	k := call{method: "chat.postEphemeral", what: "show somebody a message", subject: p.Room + user}
	err := c.inRoom(ctx, p.Room, func() error {
		return c.do(ctx, k, func(ctx context.Context) error {
			_, err := c.api.PostEphemeralContext(ctx, p.Room, user, p.options(c.base)...)
			return err
		}, &out)
	})
	if err != nil {
		return chat.Ref{}, err
	}
	return chat.Ref{Platform: Name, Room: p.Room, ID: out.TS}, nil
}

// inRoom makes a call that needs tocsin in the channel: where it is not, it
// joins and tries once more. Only public channels can be joined.
func (c *caller) inRoom(ctx context.Context, room string, fn func() error) error {
	err := fn()
	if codeOf(err) != "not_in_channel" || isDirect(room) || !c.ids.known().has("channels:join") {
		return err
	}
	k := call{method: "conversations.join", what: "join the channel", subject: room}
	if c.do(ctx, k, func(ctx context.Context) error {
		_, _, _, err := c.api.JoinConversationContext(ctx, room)
		return err
	}, nil) != nil {
		return err
	}
	c.forget(room)
	return fn()
}

// Post says something. What only one user may see, and cannot be shown in the
// room because they are not in it, is told them alone.
func (s *Slack) Post(ctx context.Context, p chat.Post) (chat.Ref, error) {
	d := draw(p.Message)
	if p.Only == "" || isDirect(p.Room) {
		return s.out.post(ctx, parcel{Room: p.Room, Thread: p.Thread, Key: p.Key, Drawn: d})
	}
	ref, err := s.out.whisper(ctx, p.Only, parcel{Room: p.Room, Thread: p.Thread, Drawn: d})
	if codeOf(err) != "user_not_in_channel" {
		return ref, err
	}
	room, err := s.Direct(ctx, p.Only)
	if err != nil {
		return chat.Ref{}, err
	}
	return s.out.post(ctx, parcel{Room: room, Key: p.Key, Drawn: d})
}

// Edit gives a message other words. One that is not there any more is NotFound.
func (s *Slack) Edit(ctx context.Context, r chat.Ref, m chat.Message) error {
	return s.out.edit(ctx, r, draw(m))
}

func (c *caller) edit(ctx context.Context, r chat.Ref, d drawn) error {
	k := call{method: "chat.update", what: "change a message", subject: r.Room + "/" + r.ID}
	p := parcel{Drawn: d}
	return c.do(ctx, k, func(ctx context.Context) error {
		_, _, _, err := c.api.UpdateMessageContext(ctx, r.Room, r.ID, p.options(c.base)...)
		return err
	}, nil)
}

// Direct finds or opens the conversation with one user.
func (s *Slack) Direct(ctx context.Context, user string) (string, error) {
	return s.out.direct(ctx, user)
}

func (c *caller) direct(ctx context.Context, user string) (string, error) {
	if room, ok := c.directs.peek(user); ok {
		return room, nil
	}
	var out struct {
		Channel struct {
			ID string `json:"id"`
		} `json:"channel"`
	}
	k := call{method: "conversations.open", what: "open a conversation", subject: user}
	err := c.do(ctx, k, func(ctx context.Context) error {
		_, _, _, err := c.api.OpenConversationContext(ctx, &slackapi.OpenConversationParameters{Users: []string{user}})
		return err
	}, &out)
	if err == nil {
		c.directs.put(user, out.Channel.ID)
	}
	return out.Channel.ID, err
}
