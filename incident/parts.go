package incident

import "time"

// Part is one piece of a sentence of the timeline. The set is closed; say and
// exports turn each into words of their own.
//
//sumtype:decl
type Part interface{ isPart() }

// Words are the house's own words.
type Words string

// Who is a person; the reader's name for them goes there.
type Who PersonID

// Said are words that a person wrote: never markup.
type Said Text

// Moment is a moment, to be shown in the reader's zone.
type Moment time.Time

// Where is a room.
type Where Room

// Address is a link. Label and URL come from outside.
type Address struct{ Label, URL string }

func (Words) isPart()   {}
func (Who) isPart()     {}
func (Said) isPart()    {}
func (Moment) isPart()  {}
func (Where) isPart()   {}
func (Address) isPart() {}

// Entry is one line of the timeline as it reads now: strikes, edits and
// deletions are applied to it.
type Entry struct {
	Version  Version
	Happened time.Time
	Recorded time.Time
	Actor    PersonID
	Account  string
	Event    Event // with its newest words
	Sentence []Part
	Struck   bool
	Edited   bool
	Deleted  bool // the captured message was deleted
}

// Sentence tells a recorded event in one plain sentence.
func Sentence(r Recorded) []Part { return r.Event.tell(r) }

// line makes a sentence of strings, persons, texts, moments, rooms and
// addresses; what is empty is left out.
func line(pieces ...any) []Part {
	var out []Part
	for _, p := range pieces {
		switch p := p.(type) {
		case string:
			out = words(out, p)
		case PersonID:
			out = append(out, Who(p))
		case Text:
			out = append(out, Said(p))
		case time.Time:
			out = append(out, Moment(p))
		case Room:
			out = append(out, Where(p))
		case Address:
			out = append(out, p)
		case []Part:
			for _, part := range p {
				if w, ok := part.(Words); ok {
					out = words(out, string(w))
				} else {
					out = append(out, part)
				}
			}
		}
	}
	return out
}

// words adds the house's words to a sentence, in one piece with those before.
func words(out []Part, more string) []Part {
	if more == "" {
		return out
	}
	if n := len(out); n > 0 {
		if w, ok := out[n-1].(Words); ok {
			out[n-1] = w + Words(more)
			return out
		}
	}
	return append(out, Words(more))
}

// after joins a text to a sentence, when there is one.
func after(sep string, t Text) []Part {
	if t.Empty() {
		return nil
	}
	return line(sep, t)
}

// promise tells when the next update comes, if one was promised.
func promise(next time.Time) []Part {
	if next.IsZero() {
		return nil
	}
	return line("; next update by ", next)
}
