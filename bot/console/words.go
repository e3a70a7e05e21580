package console

import (
	"net/url"
	"regexp"
	"strings"

	"tocsin/bot/chat"
)

// words cuts what a person typed into blocks: fenced code, and lines in which
// addresses, `code` and names of people are seen. Everything else is as typed.
func (rd reader) words(text string) []wordsView {
	var out []wordsView
	for i, piece := range strings.Split(chat.Clean(text), "```") {
		fenced := i%2 == 1
		piece = strings.Trim(piece, "\n")
		switch {
		case piece == "":
		case fenced:
			out = append(out, wordsView{Pre: piece})
		default:
			out = append(out, wordsView{Spans: rd.typed(piece)})
		}
	}
	return out
}

// typed finds the words in a paragraph that mean something.
func (rd reader) typed(s string) []spanView {
	found := regexp.MustCompile("`[^`\n]+`|https?://[^\\s<>\"`]+|@[a-z0-9][a-z0-9._-]*")
	var out []spanView
	at := 0
	for _, m := range found.FindAllStringIndex(s, -1) {
		word := s[m[0]:m[1]]
		if word[0] == 'h' {
			word = strings.TrimRight(word, ".,;:!?)]}'")
			m[1] = m[0] + len(word)
		}
		span, ok := rd.meaning(word)
		if !ok || m[0] > 0 && word[0] == '@' && !strings.ContainsRune(" \n\t(,", rune(s[m[0]-1])) {
			continue
		}
		if m[0] > at {
			out = append(out, spanView{Kind: "plain", Text: s[at:m[0]]})
		}
		out = append(out, span)
		at = m[1]
	}
	if at < len(s) {
		out = append(out, spanView{Kind: "plain", Text: s[at:]})
	}
	return out
}

func (rd reader) meaning(word string) (spanView, bool) {
	switch word[0] {
	case '`':
		return spanView{Kind: "code", Text: strings.Trim(word, "`")}, true
	case '@':
		id := strings.TrimRight(word[1:], ".-_")
		for _, p := range rd.people {
			if p.ID == id && id == word[1:] {
				return spanView{Kind: "mention", Text: p.Name, URL: id, Me: id == rd.User}, true
			}
		}
		return spanView{}, false
	}
	return link(chat.Link{URL: word}), chat.SafeURL(word)
}

func pathEscape(id string) string { return url.PathEscape(id) }

func trimPrefix(s, prefix string) (string, bool) { return strings.CutPrefix(s, prefix) }

// emojis are the reactions that the console offers, by their names.
func emojis() [][2]string {
	return [][2]string{
		{"pushpin", "📌"},
		{"scales", "⚖️"},
		{"clipboard", "📋"},
		{"+1", "👍"},
		{"eyes", "👀"},
		{"white_check_mark", "✅"},
		{"tada", "🎉"},
		{"heart", "❤️"},
		{"fire", "🔥"},
		{"pray", "🙏"},
	}
}

func glyph(name string) string {
	for _, e := range emojis() {
		if e[0] == name {
			return e[1]
		}
	}
	return ":" + name + ":"
}
