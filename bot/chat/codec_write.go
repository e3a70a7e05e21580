package chat

import (
	"encoding/json"
	"unicode/utf8"
)

// scribe writes messages as JSON, letter by letter as encoding/json would, at a
// tenth of the cost: each command writes its reply down. What is rare goes
// through encoding/json itself.
type scribe struct {
	out []byte
	err error
}

func (p *scribe) raw(s string) { p.out = append(p.out, s...) }

// value writes anything the long way.
func (p *scribe) value(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		p.err = err
		return
	}
	p.out = append(p.out, b...)
}

// name begins a field of an object; open says that it is the first.
func (p *scribe) name(open *bool, name string) {
	if *open {
		p.raw(`{"`)
	} else {
		p.raw(`,"`)
	}
	*open = false
	p.raw(name)
	p.raw(`":`)
}

// words writes a field of words, unless there are none.
func (p *scribe) words(open *bool, name, words string) {
	if words != "" {
		p.name(open, name)
		p.string(words)
	}
}

// end closes an object.
func (p *scribe) end(open bool) {
	if open {
		p.raw("{")
	}
	p.raw("}")
}

func (p *scribe) reply(r Reply) {
	open := true
	p.name(&open, "message")
	p.message(r.Message)
	if r.Public {
		p.name(&open, "public")
		p.raw("true")
	}
	if r.Form != nil {
		p.name(&open, "form")
		p.value(r.Form)
	}
	p.words(&open, "kind", r.Kind)
	p.words(&open, "incident", r.Incident)
	if r.Repeat {
		p.name(&open, "repeat")
		p.raw("true")
	}
	p.end(open)
}

func (p *scribe) message(m Message) {
	open := true
	if len(m.Title) > 0 {
		p.name(&open, "title")
		p.spans(m.Title)
	}
	p.words(&open, "tone", string(m.Tone))
	if len(m.Parts) > 0 {
		p.name(&open, "parts")
		for i, part := range m.Parts {
			p.comma(i)
			p.part(part)
		}
		p.raw("]")
	}
	if len(m.Actions) > 0 {
		p.name(&open, "actions")
		p.value(m.Actions)
	}
	p.words(&open, "summary", m.Summary)
	p.end(open)
}

// comma stands before the one with this number of a list.
func (p *scribe) comma(i int) {
	if i == 0 {
		p.raw("[")
	} else {
		p.raw(",")
	}
}

// part writes an object whose one field is the part's kind.
func (p *scribe) part(of Part) {
	switch v := of.(type) {
	case Text:
		p.raw(`{"text":`)
		p.spans(v)
	case Quote:
		p.raw(`{"quote":`)
		p.spans(v)
	case Small:
		p.raw(`{"small":`)
		p.spans(v)
	case Fields:
		p.raw(`{"fields":`)
		p.fields(v)
	case List:
		p.raw(`{"list":`)
		p.list(v)
	case Pre:
		p.raw(`{"pre":`)
		p.string(string(v))
	case Divider:
		p.raw(`{"divider":true`)
	case Buttons:
		p.raw(`{"buttons":`)
		p.value([]Action(v))
	default: // a nil part draws nothing
		p.raw(`{"text":[]`)
	}
	p.raw("}")
}

func (p *scribe) fields(all Fields) {
	for i, f := range all {
		p.comma(i)
		open := true
		p.words(&open, "label", f.Label)
		if len(f.Value) > 0 {
			p.name(&open, "value")
			p.spans(f.Value)
		}
		p.end(open)
	}
	p.close(len(all))
}

func (p *scribe) list(all List) {
	for i, line := range all {
		p.comma(i)
		p.spans(line)
	}
	p.close(len(all))
}

// close ends a list of so many.
func (p *scribe) close(n int) {
	if n == 0 {
		p.raw("[")
	}
	p.raw("]")
}

func (p *scribe) spans(all []Span) {
	for i, s := range all {
		p.comma(i)
		p.span(s)
	}
	p.close(len(all))
}

// span writes an object whose one field is the span's kind.
func (p *scribe) span(of Span) {
	switch v := of.(type) {
	case Plain:
		p.raw(`{"plain":`)
		p.string(string(v))
	case Strong:
		p.raw(`{"strong":`)
		p.string(string(v))
	case Struck:
		p.raw(`{"struck":`)
		p.string(string(v))
	case Code:
		p.raw(`{"code":`)
		p.string(string(v))
	case Link:
		p.raw(`{"link":`)
		p.value(v)
	case Mention:
		p.raw(`{"mention":`)
		p.value(v)
	case RoomLink:
		p.raw(`{"room":`)
		p.value(v)
	case When:
		p.raw(`{"when":`)
		p.value(v)
	default: // a nil span draws nothing
		p.raw(`{"plain":""`)
	}
	p.raw("}")
}

// string writes words as encoding/json does, with what HTML knows escaped.
func (p *scribe) string(s string) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			p.value(s)
			return
		}
	}
	p.out = append(append(append(p.out, '"'), s...), '"')
}
