package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// reader reads channels back.
//
// A page is one call, so that a back-fill stands in line like everybody else:
// a page of the channel, and then each of its threads that was answered since.
// Threads are also found whose first message is a day older than that; Slack
// has no list of older ones.
type reader struct{ c *caller }

// Bounds of reading back.
const (
	pageOfMessages = 100
	threadsBack    = 24 * time.Hour
)

// mark is where reading goes on, as a page's name.
type mark struct {
	Cursor  string   `json:"c,omitempty"` // of the channel
	End     bool     `json:"e,omitempty"` // the channel is read
	Threads []string `json:"t,omitempty"` // to read before the channel goes on
	Replies string   `json:"r,omitempty"` // cursor in the first of them
}

func (m mark) String() string {
	if m.End && len(m.Threads) == 0 {
		return ""
	}
	b, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	return string(b)
}

// Read reads one page.
func (r reader) Read(ctx context.Context, at chat.Place, since time.Time, page string) ([]chat.Said, string, error) {
	var p mark
	if page != "" && json.Unmarshal([]byte(page), &p) != nil {
		return nil, "", fault.New(fault.Invalid, "There is no page %q of the room.", page)
	}
	if _, err := r.c.me(ctx); err != nil {
		return nil, "", err
	}
	if page == "" && at.Thread != "" {
		p = mark{End: true, Threads: []string{at.Thread}}
	}
	if len(p.Threads) > 0 {
		return r.thread(ctx, at, since, p)
	}
	return r.room(ctx, at, since, p)
}

func (r reader) room(ctx context.Context, at chat.Place, since time.Time, p mark) ([]chat.Said, string, error) {
	span := stretch{room: at.Room, oldest: since.Add(-threadsBack), cursor: p.Cursor, limit: pageOfMessages}
	ms, next, err := r.c.history(ctx, span)
	if err != nil {
		return nil, "", err
	}
	for _, m := range ms {
		if m.Replies > 0 && (m.Latest == "" || !momentOf(m.Latest).Before(since)) {
			p.Threads = append(p.Threads, m.TS)
		}
	}
	p.Cursor, p.End = next, next == ""
	return r.said(ctx, at, since, ms), p.String(), nil
}

func (r reader) thread(ctx context.Context, at chat.Place, since time.Time, p mark) ([]chat.Said, string, error) {
	span := stretch{room: at.Room, thread: p.Threads[0], oldest: since, cursor: p.Replies, limit: pageOfMessages}
	ms, next, err := r.c.history(ctx, span)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil: // the thread was taken away meanwhile
	case err != nil:
		return nil, "", err
	}
	if p.Replies = next; next == "" {
		p.Threads = p.Threads[1:]
	}
	return r.said(ctx, at, since, ms), p.String(), nil
}

// said gives what people said at or after a moment, oldest first.
func (r reader) said(ctx context.Context, at chat.Place, since time.Time, ms []message) []chat.Said {
	me := r.c.ids.known()
	ms = slices.DeleteFunc(ms, func(m message) bool {
		return !m.spoken() || m.own(me) || momentOf(m.TS).Before(since)
	})
	slices.SortFunc(ms, func(a, b message) int { return strings.Compare(a.TS, b.TS) })
	at.Thread = ""
	return r.c.told(ctx, at, ms)
}

// stretch is a part of a channel, or of a thread in it.
type stretch struct {
	room, thread   string
	oldest, latest time.Time // zero: without end
	exact          string    // the ts of the one message wanted
	cursor         string
	limit          int
	metadata       bool
}

func (s stretch) bounds() (oldest, latest string) {
	if s.exact != "" {
		return s.exact, s.exact
	}
	if !s.oldest.IsZero() {
		oldest = tsOf(s.oldest)
	}
	if !s.latest.IsZero() {
		latest = tsOf(s.latest)
	}
	return oldest, latest
}

// history reads a page of messages. A public channel that tocsin must be in
// for that is joined, once.
func (c *caller) history(ctx context.Context, s stretch) (ms []message, next string, err error) {
	var out messagesAnswer
	oldest, latest := s.bounds()
	k := call{method: "conversations.history", what: "read the room", subject: s.room + s.thread}
	send := func(ctx context.Context) error {
		_, err := c.api.GetConversationHistoryContext(ctx, &slackapi.GetConversationHistoryParameters{
			ChannelID: s.room, Cursor: s.cursor, Inclusive: true, Oldest: oldest, Latest: latest, Limit: s.limit, IncludeAllMetadata: s.metadata,
		})
		return err
	}
	if s.thread != "" {
		k.method, k.what = "conversations.replies", "read the thread"
		send = func(ctx context.Context) error {
			_, _, _, err := c.api.GetConversationRepliesContext(ctx, &slackapi.GetConversationRepliesParameters{
				ChannelID: s.room, Timestamp: s.thread, Cursor: s.cursor, Inclusive: true, Oldest: oldest, Latest: latest, Limit: s.limit, IncludeAllMetadata: s.metadata,
			})
			return err
		}
	}
	err = c.inRoom(ctx, s.room, func() error { return c.do(ctx, k, send, &out) })
	return out.Messages, out.Metadata.Cursor, err
}

// said reads one message. One that is not there is NotFound.
func (c *caller) said(ctx context.Context, room, thread, ts string) (chat.Said, error) {
	if _, err := c.me(ctx); err != nil {
		return chat.Said{}, err
	}
	spans := []stretch{{room: room, exact: ts, limit: 1}, {room: room, thread: ts, exact: ts, limit: 2}}
	if thread != "" && thread != ts {
		spans = []stretch{{room: room, thread: thread, exact: ts, limit: 2}}
	}
	for _, s := range spans {
		ms, _, err := c.history(ctx, s)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return chat.Said{}, err
		}
		if i := slices.IndexFunc(ms, func(m message) bool { return m.TS == ts }); i >= 0 {
			return c.told(ctx, c.place(ctx, room), ms[i:i+1])[0], nil
		}
	}
	return chat.Said{}, fault.New(fault.NotFound, "The message is not there any more.")
}
