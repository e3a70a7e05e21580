package slack

import (
	"unicode"
	"unicode/utf8"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// drawn is a message as Slack takes it: the blocks, and the words for
// notifications and screen readers, which are escaped.
//
// A tone is a coloured mark before the first words, not the bar of an
// attachment: whatever stands in an attachment, Slack's clients may wrap,
// shorten or hide behind "show more", and that would be the buttons that
// somebody needs at three in the morning. Blocks on their own are never hidden.
//
// Texts, lists, quotes, fixed width and titles with more than words in them
// are rich text, for it alone is exact: its texts are no markup, and mentions,
// moments and links are elements that no words can forge. Only fields (for
// their two columns), small lines (for their size) and plain titles (for
// theirs) are other blocks; where those could not draw somebody's words as
// they are, they become rich text too.
type drawn struct {
	Text   string
	Blocks []slackapi.Block

	raw []byte // the blocks as JSON
}

func draw(m chat.Message) drawn {
	blocks, raw := fitted(m, aMessage())
	return drawn{Text: notification(m), Blocks: blocks, raw: raw}
}

// maxSummary keeps well under the 4,000 characters at which Slack begins to
// split a message in two.
const maxSummary = 1000

// notification is what a notification says; a message without words says so.
func notification(m chat.Message) string {
	text := chat.CleanLine(m.Summary)
	for _, words := range []chat.Message{{Title: m.Title}, {Parts: m.Parts}, {Parts: []chat.Part{chat.Buttons(m.Actions)}}} {
		if text != "" {
			break
		}
		text = chat.CleanLine(chat.Plaintext(words, chat.Paper{}))
	}
	if text == "" {
		text = "This message has no words."
	}
	return escape(chat.Shorten(text, maxSummary))
}

// toneMark is the sign of a tone of a message.
func toneMark(t chat.Tone) string {
	switch t {
	case chat.Sev1:
		return "🔴 "
	case chat.Sev2:
		return "🟠 "
	case chat.Sev3:
		return "🟡 "
	case chat.Sev4:
		return "🔵 "
	case chat.Sev5:
		return "🟣 "
	case chat.Good:
		return "🟢 "
	case chat.Bad:
		return "❗ "
	case chat.Quiet:
		return "⚪ "
	case chat.Neutral:
	}
	return ""
}

// toned puts the mark before the title, or before the first paragraph where
// that does not begin with a sign of its own.
func toned(m chat.Message) chat.Message {
	sign := toneMark(m.Tone)
	if sign == "" {
		return m
	}
	if len(m.Title) > 0 {
		m.Title = led(sign, m.Title)
		return m
	}
	if len(m.Parts) == 0 {
		return m
	}
	if t, ok := m.Parts[0].(chat.Text); ok && beginsWithWord(t) {
		m.Parts = append([]chat.Part{chat.Text(led(sign, t))}, m.Parts[1:]...)
	}
	return m
}

func led(sign string, spans []chat.Span) []chat.Span {
	return append([]chat.Span{chat.Plain(sign)}, spans...)
}

// beginsWithWord holds for spans that begin with a word.
func beginsWithWord(spans []chat.Span) bool {
	r, _ := utf8.DecodeRuneInString(chat.SpansText(spans, chat.Paper{}))
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '@' || r == '#'
}
