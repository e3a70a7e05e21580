package console

import (
	"slices"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/store"
)

// reader is for whom something is drawn.
type reader struct {
	User    string // "" when the console is read-only
	Command string // "incident"
	names   func(id string) Person
	people  []Person
	title   string
}

// messageView is a message as the templates draw it.
type messageView struct {
	Anchor            string // "m", or "t" for the head of an open thread
	ID, Room, Thread  string
	User, Name        string
	At                time.Time
	Bot, Mine, Alone  bool
	Edited, Deleted   bool
	Pinned, Working   bool
	CanSpeak          bool
	Asker, Asked, Via string
	Kind, Source      string // Source: the words as they were typed
	Summary           string
	Words             []wordsView
	Card              *cardView
	Reactions         []reactionView
	Replies           int
}

// wordsView is a block of what a person typed.
type wordsView struct {
	Pre   string
	Spans []spanView
}

type reactionView struct {
	Emoji, Glyph, Who string
	Count             int
	Mine              bool
}

type cardView struct {
	Tone    string
	Title   []spanView
	Parts   []partView
	Actions []actionView
}

type partView struct {
	Kind    string
	Spans   []spanView
	Fields  []fieldView
	Lines   [][]spanView
	Pre     string
	Actions []actionView
}

type fieldView struct {
	Label string
	Value []spanView
}

type actionView struct {
	chat.Action
	Safe bool
}

type spanView struct {
	Kind, Text, URL string
	At              time.Time
	Style           string
	Me              bool
}

// visible says whether a message is drawn for somebody at all.
func visible(m store.TalkMessage, user string) bool {
	if m.Only != "" {
		return m.Only == user && !m.Deleted
	}
	return !m.Deleted || m.Replies > 0
}

func (rd reader) message(r store.TalkRoom, m store.TalkMessage) messageView {
	v := messageView{
		Anchor: "m", ID: m.ID, Room: m.Room, Thread: m.Thread, User: m.User, At: m.At, Bot: m.User == "", Alone: m.Only != "",
		Mine: m.User != "" && m.User == rd.User, Edited: !m.EditedAt.IsZero(), Deleted: m.Deleted, Replies: m.Replies,
		CanSpeak: rd.User != "" && !r.Archived, Pinned: slices.Contains(r.Pinned, m.ID),
	}
	if m.Deleted {
		v.Name = rd.name(m.User)
		return v
	}
	v.Reactions = rd.reactions(m.Reactions)
	if !v.Bot {
		v.Name = rd.name(m.User)
		v.Source = m.Text
		v.Words = rd.words(m.Text)
		v.Summary = chat.Shorten(chat.CleanLine(m.Text), 200)
		return v
	}
	b := readBody(m.Body)
	v.Name, v.Kind, v.Working = rd.title, b.Kind, b.Working
	v.Asked, v.Via = chat.Shorten(chat.CleanLine(b.Asked), 300), b.Via
	if b.Asker != "" {
		v.Asker = rd.name(b.Asker)
	}
	card := rd.card(b.Message)
	v.Card = &card
	v.Summary = rd.summary(b.Message)
	return v
}

func (rd reader) name(id string) string {
	if id == "" {
		return rd.title
	}
	return chat.CleanLine(rd.names(id).Name)
}

func (rd reader) summary(m chat.Message) string {
	if m.Summary != "" {
		return chat.CleanLine(m.Summary)
	}
	return chat.Shorten(chat.CleanLine(chat.Plaintext(m, chat.Paper{})), 200)
}

func (rd reader) reactions(all map[string][]string) []reactionView {
	var out []reactionView
	for emoji, users := range all {
		if len(users) == 0 {
			continue
		}
		names := make([]string, len(users))
		for i, u := range users {
			names[i] = rd.name(u)
		}
		out = append(out, reactionView{
			Emoji: emoji, Glyph: glyph(emoji), Count: len(users), Who: strings.Join(names, ", "), Mine: slices.Contains(users, rd.User),
		})
	}
	slices.SortFunc(out, func(a, b reactionView) int { return strings.Compare(a.Emoji, b.Emoji) })
	return out
}

func (rd reader) card(m chat.Message) cardView {
	v := cardView{Tone: string(m.Tone), Title: rd.spans(m.Title), Actions: actions(m.Actions)}
	for _, p := range m.Parts {
		v.Parts = append(v.Parts, rd.part(p))
	}
	return v
}

func (rd reader) part(p chat.Part) partView {
	switch p := p.(type) {
	case chat.Text:
		return partView{Kind: "text", Spans: rd.spans(p)}
	case chat.Fields:
		v := partView{Kind: "fields"}
		for _, f := range p {
			v.Fields = append(v.Fields, fieldView{Label: f.Label, Value: rd.spans(f.Value)})
		}
		return v
	case chat.List:
		v := partView{Kind: "list"}
		for _, l := range p {
			v.Lines = append(v.Lines, rd.spans(l))
		}
		return v
	case chat.Quote:
		return partView{Kind: "quote", Spans: rd.spans(p)}
	case chat.Small:
		return partView{Kind: "small", Spans: rd.spans(p)}
	case chat.Pre:
		return partView{Kind: "pre", Pre: string(p)}
	case chat.Divider:
		return partView{Kind: "divider"}
	case chat.Buttons:
		return partView{Kind: "buttons", Actions: actions(p)}
	}
	return partView{}
}

func actions(as []chat.Action) []actionView {
	out := make([]actionView, 0, len(as))
	for _, a := range as {
		out = append(out, actionView{Action: a, Safe: chat.SafeURL(a.URL)})
	}
	return out
}

func (rd reader) spans(spans []chat.Span) []spanView {
	out := make([]spanView, 0, len(spans))
	for _, s := range spans {
		out = append(out, rd.span(s))
	}
	return out
}

func (rd reader) span(s chat.Span) spanView {
	switch s := s.(type) {
	case chat.Plain:
		return spanView{Kind: "plain", Text: string(s)}
	case chat.Strong:
		return spanView{Kind: "strong", Text: string(s)}
	case chat.Struck:
		return spanView{Kind: "struck", Text: string(s)}
	case chat.Code:
		return rd.code(string(s))
	case chat.Link:
		return link(s)
	case chat.Mention:
		if s.User == "" || !s.Ping {
			return spanView{Kind: "name", Text: s.Name}
		}
		return spanView{Kind: "mention", Text: s.Name, URL: s.User, Me: s.User == rd.User}
	case chat.RoomLink:
		if s.Room == "" {
			return spanView{Kind: "plain", Text: "#" + s.Name}
		}
		return spanView{Kind: "room", Text: s.Name, URL: s.Room}
	case chat.When:
		return spanView{Kind: "when", At: s.At, Style: string(s.Style)}
	}
	return spanView{}
}

// code draws a command as something to take into the box.
func (rd reader) code(s string) spanView {
	if rd.User != "" && strings.HasPrefix(s, "/"+rd.Command+" ") {
		return spanView{Kind: "try", Text: s}
	}
	return spanView{Kind: "code", Text: s}
}

func link(l chat.Link) spanView {
	label := l.Label
	if label == "" {
		label = l.URL
	}
	if chat.SafeURL(l.URL) {
		return spanView{Kind: "link", Text: label, URL: l.URL}
	}
	if label != l.URL {
		label += " (" + l.URL + ")"
	}
	return spanView{Kind: "plain", Text: label}
}
