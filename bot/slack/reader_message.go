package slack

import (
	"context"
	"sync"

	"tocsin/bot/chat"
)

// message is one as history tells of it. It is read leniently: an odd block in
// one message must not hide a page of others.
type message struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	TS       string `json:"ts"`
	Thread   string `json:"thread_ts"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Username string `json:"username"`
	Team     string `json:"team"`
	Text     string `json:"text"`
	Replies  int    `json:"reply_count"`
	Latest   string `json:"latest_reply"`
	Edited   struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Files []struct {
		Name      string `json:"name"`
		Title     string `json:"title"`
		Permalink string `json:"permalink"`
		Private   string `json:"url_private"`
		Mime      string `json:"mimetype"`
	} `json:"files"`
	Metadata struct {
		Type    string `json:"event_type"`
		Payload struct {
			Effect string `json:"e"`
		} `json:"event_payload"`
	} `json:"metadata"`
}

type messagesAnswer struct {
	answered
	Messages []message `json:"messages"`
}

// spoken holds for what somebody said: not for what Slack itself notes, such
// as that somebody came.
func (m message) spoken() bool {
	switch m.Subtype {
	case "", "thread_broadcast", "file_share", "me_message", "bot_message", "reply_broadcast":
		return m.TS != ""
	}
	return false
}

// own holds for what tocsin said.
func (m message) own(me identity) bool {
	return m.User != "" && m.User == me.User || m.BotID != "" && m.BotID == me.BotID
}

// effect is the id of what tocsin did with it; empty: it is none of tocsin's.
func (m message) effect() string {
	if m.Metadata.Type != eventType {
		return ""
	}
	return m.Metadata.Payload.Effect
}

// told makes of messages of one place what the house hears.
func (c *caller) told(ctx context.Context, at chat.Place, ms []message) []chat.Said {
	people := c.authors(ctx, ms)
	out := make([]chat.Said, 0, len(ms))
	for _, m := range ms {
		out = append(out, c.saidOf(at, m, people[m.author()]))
	}
	return out
}

// author is by whom a message is, as far as one can be looked up.
func (m message) author() string {
	if m.User != "" {
		return m.User
	}
	return m.BotID
}

// authors looks up who wrote some messages.
func (c *caller) authors(ctx context.Context, ms []message) map[string]chat.User {
	out := make(map[string]chat.User)
	var mu sync.Mutex
	var all sync.WaitGroup
	turn := make(chan struct{}, lookers)
	for _, m := range ms {
		id := m.author()
		mu.Lock()
		_, met := out[id]
		if !met {
			out[id] = chat.User{Platform: Name, Workspace: c.ids.known().Team, ID: id, Name: chat.CleanLine(m.Username), Kind: chat.Machine}
		}
		mu.Unlock()
		if met || m.User == "" {
			continue
		}
		turn <- struct{}{}
		all.Go(func() {
			u := c.who(ctx, m.User, m.Team)
			mu.Lock()
			out[id] = u
			mu.Unlock()
			<-turn
		})
	}
	all.Wait()
	return out
}

func (c *caller) saidOf(at chat.Place, m message, by chat.User) chat.Said {
	at.Platform = Name
	if at.Thread = m.Thread; m.Thread == m.TS {
		at.Thread = ""
	}
	s := chat.Said{
		Key: messageKey(c.ids.known().Team, at.Room, m.TS), User: by, Place: at, ID: m.TS, Text: readText(m.Text),
		At: momentOf(m.TS), Link: c.permalink(at.Room, at.Thread, m.TS),
	}
	if m.Edited.TS != "" {
		s.EditedAt = momentOf(m.Edited.TS)
	}
	for _, f := range m.Files {
		link := f.Permalink
		if link == "" {
			link = f.Private
		}
		name := f.Name
		if name == "" {
			name = f.Title
		}
		s.Files = append(s.Files, chat.File{Name: chat.CleanLine(name), URL: link, Type: f.Mime})
	}
	return s
}
