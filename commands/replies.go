package commands

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func plain(s string) chat.Span { return chat.Plain(s) }

// text makes a paragraph of strings and spans.
func text(parts ...any) chat.Text {
	var out chat.Text
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, chat.Plain(p))
		case chat.Span:
			out = append(out, p)
		case incident.Number:
			out = append(out, chat.Strong(p.String()))
		case incident.Text:
			out = append(out, chat.Plain(p.String()))
		case incident.Severity:
			out = append(out, chat.Plain(p.String()))
		case incident.Status:
			out = append(out, chat.Plain(string(p)))
		}
	}
	return out
}

// answer is a reply of one paragraph.
func answer(parts ...any) chat.Reply {
	return chat.Reply{Message: chat.Message{Parts: []chat.Part{text(parts...)}}}
}

// about is a sentence with an incident's number in the place of "%".
func about(sentence string, n incident.Number) chat.Reply {
	before, after, _ := strings.Cut(sentence, "%")
	return answer(before, n, after)
}

func itoa(n int) string { return strconv.Itoa(n) }

// plural counts things: "1 task", "3 tasks".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	if one == "person" {
		return itoa(n) + " people"
	}
	return itoa(n) + " " + one + "s"
}

// typed is a command as somebody types it.
func typed(v say.Voice, command string) chat.Span { return chat.Code(v.Command + " " + command) }

// with adds buttons to a reply.
func with(r chat.Reply, actions ...chat.Action) chat.Reply {
	r.Message.Actions = append(r.Message.Actions, actions...)
	return r
}

// also adds a paragraph to a reply.
func also(r chat.Reply, parts ...any) chat.Reply {
	r.Message.Parts = append(r.Message.Parts, text(parts...))
	return r
}

// button is an action that runs a command.
func button(label, command string) chat.Action {
	return chat.Action{Label: label, Command: command}
}

// maxCommand is the longest command that a button carries on every platform.
// Where there are no buttons, a platform draws their commands.
const maxCommand = 1500

// choice is one way to go on that a question offers.
type choice struct {
	label, command string
	seen           uint64
}

// question is the answer to words that may mean several things: nothing was
// done, and buttons ask.
type question struct {
	say     chat.Text
	choices []choice
	form    *chat.Form
	kind    fault.Kind
	try     string // an example of what would have fitted
}

// Error implements error, so that reading can end in a question.
func (q *question) Error() string { return "a question to the asker" }

// reply draws the question.
func (q *question) reply(v say.Voice) chat.Reply {
	kind := q.kind
	if kind == fault.Internal {
		kind = fault.Invalid
	}
	r := chat.Reply{Kind: kind.String(), Message: chat.Message{Parts: []chat.Part{q.say}}, Form: q.form}
	if try, ok := strings.CutPrefix(q.try, slash); ok {
		r.Message.Parts = append(r.Message.Parts, text("For example: ", typed(v, try)))
	}
	for _, c := range q.choices {
		if len(c.command) > maxCommand {
			r.Message.Parts = append(r.Message.Parts, text(c.label+": type ", typed(v, short(c.command, 40)), " with the whole text."))
			continue
		}
		a := button(c.label, c.command)
		a.Seen = c.seen
		r.Message.Actions = append(r.Message.Actions, a)
	}
	if len(r.Message.Actions) > 0 {
		r.Message.Actions[0].Style = chat.Primary
	}
	return r
}

// problem turns an error into a reply.
func problem(err error, v say.Voice) chat.Reply {
	if q, ok := errors.AsType[*question](err); ok {
		return q.reply(v)
	}
	return chat.Reply{Kind: fault.KindOf(err).String(), Message: say.Problem(err, v)}
}

// exampled gives an Invalid error the verb's own example when it has none.
func (c *Call) exampled(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid || f.Try != "" {
		return err
	}
	return f.WithExample(slash + c.example())
}

// declareChoice offers to declare a title.
func declareChoice(title string) choice {
	return choice{label: "Declare " + quote(title), command: "declare " + title}
}

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// quote shows words that somebody said, short enough for a button.
func quote(s string) string { return `"` + short(s, 40) + `"` }

const showHere = "Show here"

// shown makes a private look public when the asker said so, and else offers to.
func (c *Call) shown(m chat.Message, here bool) (chat.Reply, error) {
	m.Actions = slices.DeleteFunc(m.Actions, func(a chat.Action) bool { return a.Label == showHere })
	r := chat.Reply{Message: m}
	if c.Has {
		r.Incident = c.On.Number.String()
	}
	own := c.Has && inRoom(c.On, c.Request.Place)
	secret := c.Has && c.On.Private && !own
	switch {
	case here && secret:
		return chat.Reply{}, fault.New(fault.Forbidden, "%s is private: it can be shown to everybody in its own room only.", c.On.Number)
	case here:
		r.Public = true
	case !secret && !c.Request.Place.Direct:
		command := strings.TrimSpace(c.typed() + " here")
		r.Message.Actions = append(r.Message.Actions, button(showHere, command))
	}
	return r, nil
}

// hereLast takes the word "here" off the end of the words.
func (c *Call) hereLast() bool {
	if c.Words.At(c.Words.Len()-1) != "here" {
		return false
	}
	c.Words.DropLast()
	return true
}

// inRoom says whether a place is a room of the incident.
func inRoom(s incident.Summary, p chat.Place) bool {
	for _, r := range s.Rooms {
		if r.Platform == p.Platform && r.ID == p.Room && (r.Thread == "" || r.Thread == p.Thread) {
			return true
		}
	}
	return false
}
