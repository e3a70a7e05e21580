package chat

import (
	"strconv"
)

// noteRoom is kept free for the line that says what was left out.
const noteRoom = 80

// Fit gives the message as a platform with these limits can carry it: cleaned,
// unsafe links as text, labels shortened, and what does not fit left out with
// a line that says so. A message that fits is given back unchanged in content.
func Fit(m Message, l Limits) Message {
	out := Message{Tone: m.Tone, Summary: Shorten(CleanLine(m.Summary), l.Text)}
	budget := newBudget(l.Text)
	parts, actions, left := fitActions(m, l)
	short := len(left) > 0 || l.Parts > 0 && len(parts) > l.Parts
	if short = short || l.Text > 0 && textLength(m) > l.Text; short {
		budget.keepFree()
	}
	out.Title = budget.line(m.Title)
	parts, dropped := fitParts(parts, l.Parts, short)
	for _, p := range parts {
		if q := budget.part(p); q != nil {
			out.Parts = append(out.Parts, q)
		}
	}
	out.Actions = actions
	if line := (note{chars: budget.cut, parts: dropped, left: left}).line(budget.spare); line != nil {
		out.Parts = append(out.Parts, line)
	}
	return out
}

// fitParts keeps one place free for the note when one is needed.
func fitParts(parts []Part, limit int, noteNeeded bool) (kept []Part, dropped int) {
	if limit <= 0 {
		return parts, 0
	}
	room := limit
	if noteNeeded || len(parts) > limit {
		room--
	}
	if len(parts) <= room {
		return parts, 0
	}
	return parts[:max(room, 0)], len(parts) - max(room, 0)
}

// fitActions cleans buttons and keeps as many as fit, those of the message
// before those between its parts.
func fitActions(m Message, l Limits) (parts []Part, kept, left []Action) {
	room := l.Actions
	take := func(actions []Action) (out []Action) {
		for _, a := range actions {
			a = fitAction(a, l.Label)
			switch {
			case a.Command == "" && a.URL == "":
			case a.Command == "" && !SafeURL(a.URL), l.Actions > 0 && room == 0:
				left = append(left, a)
			default:
				out = append(out, a)
				room--
			}
		}
		return out
	}
	kept = take(m.Actions)
	for _, p := range m.Parts {
		b, ok := p.(Buttons)
		if !ok {
			parts = append(parts, p)
			continue
		}
		if b = take(b); len(b) > 0 {
			parts = append(parts, b)
		}
	}
	return parts, kept, left
}

func fitAction(a Action, label int) Action {
	a.Label = Shorten(CleanLine(a.Label), label)
	a.Command, a.URL = CleanLine(a.Command), CleanLine(a.URL)
	a.Confirm = CleanLine(a.Confirm)
	if a.Label == "" {
		a.Label = Shorten(a.Command+a.URL, label)
	}
	return a
}

// FitForm gives the form cleaned, with its values inside their own limits.
func FitForm(f Form) Form {
	f.Title, f.Submit = CleanLine(f.Title), CleanLine(f.Submit)
	f.Intro = newBudget(0).line(f.Intro)
	fields := make([]Input, len(f.Fields))
	for i, in := range f.Fields {
		in.Label, in.Hint, in.Placeholder = CleanLine(in.Label), CleanLine(in.Hint), CleanLine(in.Placeholder)
		in.Value = Shorten(Clean(in.Value), in.MaxLength)
		choices := make([]Choice, len(in.Choices))
		for j, c := range in.Choices {
			choices[j] = Choice{Value: CleanLine(c.Value), Label: CleanLine(c.Label)}
		}
		if in.Choices != nil {
			in.Choices = choices
		}
		fields[i] = in
	}
	f.Fields = fields
	return f
}

// note is what a fit left out.
type note struct {
	chars, parts int
	left         []Action
}

// line words the note in at most limit code points; nil: nothing was left out.
func (n note) line(limit int) Part {
	var line Small
	if n.chars > 0 {
		line = append(line, Plain("Shortened by "+strconv.Itoa(n.chars)+" characters. "))
	}
	if n.parts > 0 {
		line = append(line, Plain(strconv.Itoa(n.parts)+" parts left out. "))
	}
	for i, a := range n.left {
		before := ", "
		if i == 0 {
			before = "Also: "
		}
		line = append(line, Plain(before), Code(a.Command+a.URL))
	}
	b := newBudget(max(limit, 1))
	return b.part(line)
}

// textLength is how many code points a message's words take, without markup.
func textLength(m Message) int {
	b := newBudget(0)
	b.line(m.Title)
	for _, p := range m.Parts {
		b.part(p)
	}
	return b.used
}
