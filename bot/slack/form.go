package slack

import (
	"fmt"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// formCallback marks the views that ask for a form.
const formCallback = "form"

// formAction is the name of every input's element; the block has the field's name.
const formAction = "value"

// The limits of views and inputs.
const (
	maxViewTitle   = 24
	maxInputText   = 2000 // label and hint
	maxPlaceholder = 150
	maxInput       = 3000
	maxOptions     = 100
	maxOptionLabel = 75
	maxOptionValue = 150
	maxName        = 255 // block_id
)

// drawForm draws a form as a modal. Its answer can be read back with
// [readForm], and what to do with it with [readKeepsake]: the command and the
// version are those of the form.
func drawForm(f chat.Form, k keepsake) slackapi.ModalViewRequest {
	f = chat.FitForm(f)
	k.Command, k.Seen = f.Command, f.Seen
	v, kept := modal(f.Title, k)
	if !kept {
		return failedForm(f.Title, tooLong(), keepsake{})
	}
	v.Submit = plainText(shortened(f.Submit, "Send", maxViewTitle))
	p := layout{}
	if title := strings.TrimSpace(f.Title); chat.Shorten(title, maxViewTitle) != title {
		p.text([]chat.Span{chat.Strong(title)})
	}
	p.text(f.Intro)
	fields := inputs(f.Fields)
	if room := viewBlocks - 1 - len(p.blocks); len(fields) > room {
		left := len(fields) - room
		fields = fields[:room]
		p.small(chat.Small{chat.Plain(fmt.Sprintf("%d more fields do not fit here; give them in the command.", left))})
	}
	v.Blocks.BlockSet = append(p.blocks, fields...)
	if len(v.Blocks.BlockSet) == 0 {
		p.text([]chat.Span{chat.Plain("There is nothing to fill in.")})
		v.Blocks.BlockSet = p.blocks
	}
	return v
}

// loadingForm stands in a view until the form is there.
func loadingForm(title string, k keepsake) slackapi.ModalViewRequest {
	v, kept := modal(title, k)
	if !kept {
		return failedForm(title, tooLong(), keepsake{})
	}
	p := layout{}
	p.text([]chat.Span{chat.Plain("⏳ One moment, the form is being opened. Nothing is done yet.")})
	v.Blocks.BlockSet = p.blocks
	return v
}

// failedForm stands in an opened view when the answer was no form.
func failedForm(title string, m chat.Message, k keepsake) slackapi.ModalViewRequest {
	v, _ := modal(title, k)
	v.Close = plainText("Close")
	v.Blocks.BlockSet = fittedBlocks(typedActions(m), aView())
	if len(v.Blocks.BlockSet) == 0 {
		p := layout{}
		p.text([]chat.Span{chat.Plain("There is nothing to show.")})
		v.Blocks.BlockSet = p.blocks
	}
	return v
}

// tooLong answers for a form whose command Slack cannot keep for us.
func tooLong() chat.Message {
	return chat.Message{Tone: chat.Bad, Parts: []chat.Part{chat.Text{
		chat.Plain("That is too long for a form of Slack. Nothing was done. Type the command itself, with what belongs to it in one line."),
	}}}
}

// typedActions puts what buttons would do in their place: a view has none of ours.
func typedActions(m chat.Message) chat.Message {
	var parts []chat.Part
	for _, p := range append(m.Parts[:len(m.Parts):len(m.Parts)], chat.Buttons(m.Actions)) {
		b, ok := p.(chat.Buttons)
		if !ok {
			parts = append(parts, p)
			continue
		}
		var lines chat.List
		for _, a := range b {
			switch {
			case a.URL != "":
				lines = append(lines, []chat.Span{chat.Link{Label: a.Label, URL: a.URL}})
			case a.Command != "":
				lines = append(lines, []chat.Span{chat.Plain(a.Label + ": "), chat.Code(a.Command)})
			}
		}
		if len(lines) > 0 {
			parts = append(parts, lines)
		}
	}
	m.Parts, m.Actions = parts, nil
	return m
}

// modal is an empty view; kept is false when it cannot keep what it must.
func modal(title string, k keepsake) (v slackapi.ModalViewRequest, kept bool) {
	metadata, kept := k.metadata()
	return slackapi.ModalViewRequest{
		Type: slackapi.VTModal, CallbackID: formCallback, PrivateMetadata: metadata,
		Title: plainText(shortened(title, "Form", maxViewTitle)), Close: plainText("Cancel"),
	}, kept
}

// shortened gives words that Slack takes: never none, never too many.
func shortened(words, otherwise string, limit int) string {
	if s := chat.Shorten(strings.TrimSpace(chat.CleanLine(words)), limit); s != "" {
		return s
	}
	return otherwise
}
