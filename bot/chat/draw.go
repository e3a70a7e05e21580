package chat

import (
	"strings"
	"time"
)

// Paper is what a text form of a message needs to know of its reader.
type Paper struct {
	Zone    string    // IANA; empty: that of each moment, else UTC
	Now     time.Time // zero: relative times are drawn as dates
	Command string    // what commands begin with: "/incident"; empty: buttons name the bare command
}

// Plaintext is a message in words alone, as a terminal, an e-mail or a screen
// reader gets it. It ends without a line end.
func Plaintext(m Message, p Paper) string {
	return sheet{paper: p, pen: plainPen{}}.draw(m)
}

// Markdown is a message as CommonMark, every word of people escaped.
func Markdown(m Message, p Paper) string {
	return sheet{paper: p, pen: markdownPen{}}.draw(m)
}

// SpansText is a run of spans in words alone, on one line.
func SpansText(spans []Span, p Paper) string {
	return sheet{paper: p, pen: plainPen{}}.line(spans)
}

// pen is what two text forms differ in. Words handed to it are clean.
type pen interface {
	words(s string) string
	strong(s string) string
	struck(s string) string
	code(s string) string
	link(label, url string) string
	pre(s string) string
	quote() string // what a line of a quote begins with
}

type sheet struct {
	paper Paper
	pen   pen
}

func (s sheet) draw(m Message) string {
	var blocks []string
	add := func(b string) {
		if b != "" {
			blocks = append(blocks, b)
		}
	}
	if len(m.Title) > 0 {
		add(s.pen.strong(s.bare(m.Title)))
	}
	for _, p := range m.Parts {
		add(s.part(p))
	}
	add(s.actions(m.Actions))
	return strings.Join(blocks, s.gap())
}

// gap parts blocks: Markdown runs neighbouring lines together without one.
func (s sheet) gap() string {
	if _, ok := s.pen.(markdownPen); ok {
		return "\n\n"
	}
	return "\n"
}

func (s sheet) part(p Part) string {
	switch p := p.(type) {
	case Text:
		return s.block(p, "")
	case Fields:
		lines := make([]string, len(p))
		for i, f := range p {
			lines[i] = s.item() + s.pen.words(CleanLine(f.Label)) + ": " + s.line(f.Value)
		}
		return strings.Join(lines, "\n")
	case List:
		lines := make([]string, len(p))
		for i, l := range p {
			lines[i] = "- " + s.line(l)
		}
		return strings.Join(lines, "\n")
	case Quote:
		return s.block(p, s.pen.quote())
	case Small:
		return s.block(p, "")
	case Pre:
		return s.pen.pre(Clean(string(p)))
	case Divider:
		return "---"
	case Buttons:
		return s.actions(p)
	}
	return ""
}

func (s sheet) item() string {
	if _, ok := s.pen.(markdownPen); ok {
		return "- "
	}
	return ""
}

// block draws spans that may run over several lines.
func (s sheet) block(spans []Span, before string) string {
	var b strings.Builder
	for _, sp := range spans {
		b.WriteString(s.span(sp, Clean))
	}
	lines := strings.Split(b.String(), "\n")
	return before + strings.Join(lines, "\n"+before)
}

func (s sheet) line(spans []Span) string {
	var b strings.Builder
	for _, sp := range spans {
		b.WriteString(s.span(sp, CleanLine))
	}
	return b.String()
}

// bare draws spans without markup of their own, for a place that is strong already.
func (s sheet) bare(spans []Span) string {
	return CleanLine(sheet{paper: s.paper, pen: plainPen{}}.line(spans))
}

func (s sheet) span(sp Span, clean func(string) string) string {
	switch sp := sp.(type) {
	case Plain:
		return s.pen.words(clean(string(sp)))
	case Strong:
		return s.pen.strong(clean(string(sp)))
	case Struck:
		return s.pen.struck(clean(string(sp)))
	case Code:
		return s.pen.code(CleanLine(string(sp)))
	case Link:
		return s.link(CleanLine(sp.Label), CleanLine(sp.URL))
	case Mention:
		if sp.Ping {
			return s.pen.words("@" + CleanLine(sp.Name))
		}
		return s.pen.words(CleanLine(sp.Name))
	case RoomLink:
		return s.pen.words("#" + CleanLine(sp.Name))
	case When:
		return s.pen.words(s.paper.Moment(sp))
	}
	return ""
}

func (s sheet) link(label, url string) string {
	if label == "" {
		label = url
	}
	if SafeURL(url) {
		return s.pen.link(label, url)
	}
	if label == url {
		return s.pen.words(url)
	}
	return s.pen.words(label + " (" + url + ")")
}

// actions draws buttons as what one would type instead.
func (s sheet) actions(actions []Action) string {
	lines := make([]string, 0, len(actions))
	for _, a := range actions {
		label := CleanLine(a.Label)
		if a.URL != "" {
			lines = append(lines, s.arrow()+s.link(label, CleanLine(a.URL)))
			continue
		}
		typed := CleanLine(a.Command)
		if s.paper.Command != "" {
			typed = s.paper.Command + " " + typed
		}
		lines = append(lines, s.arrow()+s.pen.words(label)+": "+s.pen.code(typed))
	}
	return strings.Join(lines, "\n")
}

func (s sheet) arrow() string {
	if _, ok := s.pen.(markdownPen); ok {
		return "- "
	}
	return "> "
}
