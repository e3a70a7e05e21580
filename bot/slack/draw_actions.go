package slack

import (
	"strconv"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// The limits of buttons.
const (
	maxLabel   = 75  // characters on a button
	maxTitle   = 100 // characters in the title of a question
	maxConfirm = 300 // characters in the text of a question
	maxAnswer  = 30  // characters on the buttons of a question

	maxNamed = 2500 // characters of a command that is named because no button can carry it
)

// actions draws buttons in a row, which holds as many as a whole message may.
// What cannot be a button is named under them, as what to type or open instead.
func (p *layout) actions(actions []chat.Action) {
	var row []slackapi.BlockElement
	var left chat.Small
	for _, a := range actions {
		b, ok := p.button(a)
		if !ok {
			left = append(left, typedInstead(a, len(left) == 0)...)
			continue
		}
		row = append(row, b)
	}
	if len(row) > 0 {
		p.add(slackapi.NewActionBlock("", row...))
	}
	if len(left) > 0 {
		p.small(left)
	}
}

func (p *layout) button(a chat.Action) (*slackapi.ButtonBlockElement, bool) {
	value := buttonValue(a)
	if a.URL != "" && !chat.SafeURL(a.URL) || a.URL == "" && value == "" {
		return nil, false
	}
	does := strings.TrimSpace(chat.CleanLine(a.Command + a.URL))
	label := shortened(a.Label, chat.Shorten(does, maxLabel), maxLabel)
	p.buttons++
	b := slackapi.NewButtonBlockElement("do."+strconv.Itoa(p.buttons), value, plainText(label))
	b.URL = a.URL
	switch a.Style {
	case chat.Primary:
		b.Style = slackapi.StylePrimary
	case chat.Danger:
		b.Style = slackapi.StyleDanger
	case chat.Normal:
	}
	b.Confirm = confirmation(a, label)
	return b, true
}

func confirmation(a chat.Action, label string) *slackapi.ConfirmationBlockObject {
	text := strings.TrimSpace(chat.CleanLine(a.Confirm))
	if text == "" {
		return nil
	}
	q := slackapi.NewConfirmationBlockObject(
		plainText(chat.Shorten(label, maxTitle)), plainText(chat.Shorten(text, maxConfirm)),
		plainText(chat.Shorten(label, maxAnswer)), plainText("Not now"),
	)
	if a.Style == chat.Danger {
		q.Style = slackapi.StyleDanger
	}
	return q
}

// typedInstead names what a button would have done.
func typedInstead(a chat.Action, first bool) []chat.Span {
	what := chat.Shorten(chat.CleanLine(a.Command+a.URL), maxNamed)
	lead := ", "
	if first {
		lead = "Also: "
	}
	return []chat.Span{chat.Plain(lead), chat.Code(what)}
}
