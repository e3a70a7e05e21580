package email

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tocsin/integrations"
)

// letter is a mail before it is wrapped for the way.
type letter struct {
	id, subject, body string
}

const (
	maxSubject = 150
	maxBody    = 4000
)

func (p *Pager) letter(ask integrations.Page) letter {
	subject := "Page: " + line(ask.Summary, maxSubject)
	if ask.Drill {
		subject = "Drill: " + line(ask.Summary, maxSubject)
	}
	var b strings.Builder
	b.WriteString(text(ask.Summary))
	if ask.Link != "" {
		b.WriteString("\n\n" + line(ask.Link, maxBody))
	}
	b.WriteString("\n\nYou are needed. Say in the incident's room that you are on it: an answer to this mail is read by nobody.\n")
	return letter{id: p.messageID(ask.Key), subject: subject, body: b.String()}
}

// line is words in one line, without anything that a terminal or a header
// would act upon.
func line(words string, most int) string {
	return cut(strings.Join(strings.Fields(strings.Map(shown, words)), " "), most)
}

// text is words with their line breaks.
func text(words string) string {
	return cut(strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return shown(r)
	}, words)), maxBody)
}

// shown drops what is not seen: control characters and those that turn the
// direction of reading.
func shown(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return ' '
	case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

func cut(words string, most int) string {
	n := 0
	for at := range words {
		if n++; n > most {
			return words[:at] + "…"
		}
	}
	return words
}
