package slack

import (
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// richText draws spans as elements of rich text. Its texts are no markup, so words
// of people need no escaping there and cannot break anything.
func richText(spans []chat.Span, clean func(string) string, strong bool) []slackapi.RichTextSectionElement {
	p := richPen{clean: clean, strong: strong}
	for _, s := range spans {
		p.span(s)
	}
	return p.out
}

type richPen struct {
	clean  func(string) string
	strong bool // everything is bold, as in a title
	out    []slackapi.RichTextSectionElement
}

func (p *richPen) span(s chat.Span) {
	switch s := s.(type) {
	case chat.Plain:
		p.text(p.clean(string(s)), slackapi.RichTextSectionTextStyle{})
	case chat.Strong:
		p.text(p.clean(string(s)), slackapi.RichTextSectionTextStyle{Bold: true})
	case chat.Struck:
		p.text(p.clean(string(s)), slackapi.RichTextSectionTextStyle{Strike: true})
	case chat.Code:
		p.text(chat.CleanLine(string(s)), slackapi.RichTextSectionTextStyle{Code: true})
	case chat.Link:
		p.link(s)
	case chat.Mention:
		if pings(s) {
			p.out = append(p.out, slackapi.NewRichTextSectionUserElement(s.User, p.style(slackapi.RichTextSectionTextStyle{})))
			return
		}
		p.text(chat.CleanLine(s.Name), slackapi.RichTextSectionTextStyle{})
	case chat.RoomLink:
		if isRoom(s.Room) {
			p.out = append(p.out, slackapi.NewRichTextSectionChannelElement(s.Room, p.style(slackapi.RichTextSectionTextStyle{})))
			return
		}
		p.text("#"+chat.CleanLine(s.Name), slackapi.RichTextSectionTextStyle{})
	case chat.When:
		p.when(s)
	}
}

// text adds words, to the element before when that looks the same.
func (p *richPen) text(words string, style slackapi.RichTextSectionTextStyle) {
	if words == "" {
		return
	}
	drawn := p.style(style)
	if n := len(p.out); n > 0 {
		if last, ok := p.out[n-1].(*slackapi.RichTextSectionTextElement); ok && sameStyle(last.Style, drawn) {
			last.Text += words
			return
		}
	}
	p.out = append(p.out, slackapi.NewRichTextSectionTextElement(words, drawn))
}

func (p *richPen) link(l chat.Link) {
	if !chat.SafeURL(l.URL) {
		p.text(unsafeLink(l), slackapi.RichTextSectionTextStyle{})
		return
	}
	p.out = append(p.out, slackapi.NewRichTextSectionLinkElement(l.URL, chat.CleanLine(l.Label), p.style(slackapi.RichTextSectionTextStyle{})))
}

func (p *richPen) when(w chat.When) {
	fallback := instead(w)
	if !drawable(w) {
		p.text(fallback, slackapi.RichTextSectionTextStyle{})
		return
	}
	e := slackapi.NewRichTextSectionDateElement(w.At.Unix(), dateFormat(w.Style), nil, &fallback)
	e.Style = p.style(slackapi.RichTextSectionTextStyle{})
	p.out = append(p.out, e)
}

func (p *richPen) style(s slackapi.RichTextSectionTextStyle) *slackapi.RichTextSectionTextStyle {
	s.Bold = s.Bold || p.strong
	if s == (slackapi.RichTextSectionTextStyle{}) {
		return nil
	}
	return &s
}

func sameStyle(a, b *slackapi.RichTextSectionTextStyle) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// pings says whether a mention notifies somebody.
func pings(m chat.Mention) bool { return m.Ping && isID(m.User, "UW") }

// isRoom says whether a room can be linked to; others are named.
func isRoom(id string) bool { return isID(id, "CG") }

// isID holds for what Slack gives as an id: one letter for its kind, then
// letters and digits.
func isID(id, kinds string) bool {
	if len(id) < 2 || len(id) > 30 || !strings.Contains(kinds, id[:1]) {
		return false
	}
	return strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// unsafeLink is a link that nobody may follow, as words.
func unsafeLink(l chat.Link) string { return chat.SpansText([]chat.Span{l}, chat.Paper{}) }

// dateFormat is how Slack draws a moment in the zone of each reader.
func dateFormat(s chat.TimeStyle) string {
	switch s {
	case chat.Clock:
		return "{time}"
	case chat.Relative:
		return "{ago}"
	case chat.DateTime:
	}
	return "{date_short_pretty} at {time}"
}

// instead is a moment in the asker's zone, for clients that draw none.
func instead(w chat.When) string { return chat.CleanLine(chat.Paper{}.Moment(w)) }

// drawable says whether Slack can draw a moment: its times are seconds since 1970.
func drawable(w chat.When) bool { return w.At.Year() > 1970 && w.At.Year() < 2100 }

func unixSeconds(w chat.When) string { return strconv.FormatInt(w.At.Unix(), 10) }
