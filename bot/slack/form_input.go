package slack

import (
	"fmt"
	"strings"

	slackapi "github.com/slack-go/slack"

	"tocsin/bot/chat"
)

// inputs draws the fields of a form that can be asked for.
func inputs(fields []chat.Input) []slackapi.Block {
	var out []slackapi.Block
	named := map[string]bool{}
	for _, in := range fields {
		if in.Name == "" || len(in.Name) > maxName || named[in.Name] {
			continue // without a name of its own an answer belongs to no field
		}
		named[in.Name] = true
		out = append(out, input(in))
	}
	return out
}

func input(in chat.Input) *slackapi.InputBlock {
	element, note := element(in)
	b := slackapi.NewInputBlock(in.Name, plainText(shortened(in.Label, in.Name, maxInputText)), nil, element)
	if hint := chat.Shorten(strings.TrimSpace(chat.CleanLine(in.Hint)+note), maxInputText); hint != "" {
		b.Hint = plainText(hint)
	}
	b.Optional = !in.Required
	return b
}

// element draws what is filled in; note says what does not fit.
func element(in chat.Input) (e slackapi.BlockElement, note string) {
	switch in.Kind {
	case chat.Select:
		if options, note := options(in.Choices, in.Value); len(options) > 0 {
			return selectOf(in, options), note
		}
		return lineOf(in, false), "" // without choices it is free
	case chat.Person:
		s := &slackapi.SelectBlockElement{Type: slackapi.OptTypeUser, ActionID: formAction, Placeholder: placeholder(in)}
		if id := strings.TrimSuffix(strings.TrimPrefix(in.Value, "<@"), ">"); isID(id, "UW") {
			s.InitialUser = id
		}
		return s, ""
	case chat.Checked:
		yes := slackapi.NewOptionBlockObject("yes", plainText("Yes"), nil)
		c := slackapi.NewCheckboxGroupsBlockElement(formAction, yes)
		if in.Value == "yes" {
			c.InitialOptions = []*slackapi.OptionBlockObject{yes}
		}
		return c, ""
	case chat.Area:
		return lineOf(in, true), ""
	case chat.Line:
	}
	return lineOf(in, false), ""
}

func lineOf(in chat.Input, tall bool) *slackapi.PlainTextInputBlockElement {
	e := slackapi.NewPlainTextInputBlockElement(placeholder(in), formAction)
	e.Multiline = tall
	e.MaxLength = maxInput
	if in.MaxLength > 0 {
		e.MaxLength = min(in.MaxLength, maxInput)
	}
	value := chat.Clean(in.Value)
	if !tall {
		value = chat.CleanLine(value)
	}
	e.InitialValue = chat.Shorten(value, e.MaxLength)
	return e
}

func placeholder(in chat.Input) *slackapi.TextBlockObject {
	if s := chat.Shorten(strings.TrimSpace(chat.CleanLine(in.Placeholder)), maxPlaceholder); s != "" {
		return plainText(s)
	}
	return nil
}

func selectOf(in chat.Input, options []*slackapi.OptionBlockObject) *slackapi.SelectBlockElement {
	s := slackapi.NewOptionsSelectBlockElement(slackapi.OptTypeStatic, placeholder(in), formAction, options...)
	for _, o := range options {
		if o.Value == in.Value {
			s.InitialOption = o
			break
		}
	}
	return s
}

// options draws the choices that Slack can carry, the chosen one among them.
func options(choices []chat.Choice, chosen string) (out []*slackapi.OptionBlockObject, note string) {
	for _, c := range choices {
		value := chat.CleanLine(c.Value)
		if value == "" || len(value) > maxOptionValue {
			continue
		}
		o := slackapi.NewOptionBlockObject(value, plainText(shortened(c.Label, chat.Shorten(value, maxOptionLabel), maxOptionLabel)), nil)
		switch {
		case len(out) < maxOptions:
			out = append(out, o)
		case value == chosen:
			out[maxOptions-1] = o
		}
	}
	if left := len(choices) - len(out); left > 0 && len(out) > 0 {
		note = fmt.Sprintf(" %d more do not fit here; name them in the command.", left)
	}
	return out, note
}
