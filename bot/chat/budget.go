package chat

import "unicode/utf8"

// budget cleans words and counts them; what goes beyond it is cut and counted.
type budget struct {
	bound bool // there is a limit
	spare int  // kept free for the note
	room  int
	used  int
	cut   int
}

// newBudget has room for limit code points, or for all when limit is 0.
func newBudget(limit int) *budget { return &budget{bound: limit > 0, room: limit, spare: noteRoom} }

// keepFree takes room for a note away.
func (b *budget) keepFree() {
	if b.bound {
		b.spare = min(noteRoom, b.room/2)
		b.room -= b.spare
	}
}

// take gives the words that still fit, and counts those that do not.
func (b *budget) take(s string) string {
	n := utf8.RuneCountInString(s)
	if !b.bound || n <= b.room {
		b.used, b.room = b.used+n, b.room-n
		return s
	}
	short := ""
	if b.room > 0 {
		short = Shorten(s, b.room)
	}
	kept := utf8.RuneCountInString(short)
	b.used, b.cut, b.room = b.used+kept, b.cut+n-kept, 0
	return short
}

func (b *budget) line(spans []Span) []Span  { return b.spans(spans, CleanLine) }
func (b *budget) block(spans []Span) []Span { return b.spans(spans, Clean) }

func (b *budget) spans(spans []Span, clean func(string) string) []Span {
	var out []Span
	for _, s := range spans {
		if s := b.span(s, clean); s != nil {
			out = append(out, s)
		}
	}
	return out
}

// span gives nil for a span of which nothing is left.
func (b *budget) span(s Span, clean func(string) string) Span {
	switch s := s.(type) {
	case Plain:
		return some(Plain(b.take(clean(string(s)))))
	case Strong:
		return some(Strong(b.take(clean(string(s)))))
	case Struck:
		return some(Struck(b.take(clean(string(s)))))
	case Code:
		return some(Code(b.take(CleanLine(string(s)))))
	case Link:
		return b.link(Link{Label: CleanLine(s.Label), URL: CleanLine(s.URL)})
	case Mention:
		s.Name = CleanLine(s.Name)
		return b.whole(s, s.Name)
	case RoomLink:
		s.Name = CleanLine(s.Name)
		return b.whole(s, s.Name)
	case When:
		return b.whole(s, "Wed 25 Nov 2026 14:05 UTC")
	}
	return nil
}

func some[S interface {
	~string
	Span
}](s S) Span {
	if s == "" {
		return nil
	}
	return s
}

func (b *budget) link(l Link) Span {
	if !SafeURL(l.URL) {
		switch {
		case l.Label == "" || l.Label == l.URL:
			return some(Plain(b.take(l.URL)))
		case l.URL == "":
			return some(Plain(b.take(l.Label)))
		}
		return some(Plain(b.take(l.Label + " (" + l.URL + ")")))
	}
	if l.Label == "" {
		l.Label = l.URL
	}
	if l.Label = b.take(l.Label); l.Label == "" {
		return nil
	}
	return l
}

// whole keeps a span that must not be cut, or leaves it out.
func (b *budget) whole(s Span, drawn string) Span {
	n := utf8.RuneCountInString(drawn)
	if b.bound && n > b.room {
		b.cut += n
		return nil
	}
	b.used, b.room = b.used+n, b.room-n
	return s
}

// part gives nil for a part of which nothing is left.
func (b *budget) part(p Part) Part {
	switch p := p.(type) {
	case Text:
		return filled(Text(b.block(p)))
	case Quote:
		return filled(Quote(b.block(p)))
	case Small:
		return filled(Small(b.block(p)))
	case Fields:
		return b.fields(p)
	case List:
		out := make(List, 0, len(p))
		for _, l := range p {
			if l := b.line(l); l != nil {
				out = append(out, l)
			}
		}
		return filled(out)
	case Pre:
		words := b.take(Clean(string(p)))
		if words == "" {
			return nil
		}
		return Pre(words)
	case Divider:
		return p
	case Buttons:
		return p
	}
	return nil
}

func (b *budget) fields(p Fields) Part {
	out := make(Fields, 0, len(p))
	for _, f := range p {
		label, value := b.take(CleanLine(f.Label)), b.line(f.Value)
		if label != "" || value != nil {
			out = append(out, Field{Label: label, Value: value})
		}
	}
	return filled(out)
}

// filled gives the fitted part, or nil when nothing of it is left.
func filled[P interface {
	~[]E
	Part
}, E any](fitted P) Part {
	if len(fitted) == 0 {
		return nil
	}
	return fitted
}
