package slack

import (
	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// Drawing is a drawn message, for tests.
type Drawing = drawn

// Keepsake is what a view keeps, for tests.
type Keepsake = keepsake

// AboutRef finds the message of a gesture, for tests.
type AboutRef = aboutRef

func Draw(m chat.Message) Drawing                                { return draw(m) }
func DrawForm(f chat.Form, k Keepsake) slackapi.ModalViewRequest { return drawForm(f, k) }
func LoadingForm(title string, k Keepsake) slackapi.ModalViewRequest {
	return loadingForm(title, k)
}

func FailedForm(title string, m chat.Message, k Keepsake) slackapi.ModalViewRequest {
	return failedForm(title, m, k)
}
func DrawHome(m chat.Message) slackapi.HomeTabViewRequest { return drawHome(m) }
func ReadForm(s *slackapi.ViewState) map[string]string    { return readForm(s) }
func ReadKeepsake(metadata string) (Keepsake, bool)       { return readKeepsake(metadata) }
func (k keepsake) Metadata() (string, bool)               { return k.metadata() }
func ButtonValue(a chat.Action) string                    { return buttonValue(a) }
func ReadButton(value string) (string, uint64, bool)      { return readButton(value) }
func ReadText(s string) string                            { return readText(s) }
func Escape(s string) string                              { return escape(s) }

func Mrkdwn(spans []chat.Span) (string, bool) { return mrkdwn(spans) }
func RichText(spans []chat.Span) any          { return richText(spans, chat.Clean, false) }
