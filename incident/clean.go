package incident

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean takes out of a text what only deceives: control characters, direction
// overrides, invisible characters and broken UTF-8. Line breaks and tabs stay,
// and so do the joiners that scripts and emoji need. Everything that comes
// from outside passes through it before anything reads it.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if deceives(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			return false
		}
	}
	return true
}

func deceives(r rune) bool {
	switch {
	case r == '\n', r == '\t', r == '\u200c', r == '\u200d':
		return false
	case r >= 0x2066 && r <= 0x2069, r >= 0x202a && r <= 0x202e: // directions
		return true
	case r == '\u00ad', r == '\u034f', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0', r == '\u2800': // shown as nothing
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
}

// oneLine is a cleaned text without line breaks and doubled spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(Clean(s)), " ") }

// short cuts a text that a machine gave to at most limit bytes, at a letter.
func short(s string, limit int) string {
	s = oneLine(s)
	if len(s) <= limit {
		return s
	}
	cut := limit - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

const (
	tokenOpen  = "{person:"
	tokenClose = "}"
)

// NameToken stands in a fault's sentence where a person's name belongs; the
// rules know nobody's name. Whoever shows the sentence calls [ReplaceNames].
func NameToken(p PersonID) string { return tokenOpen + string(p) + tokenClose }

// ReplaceNames puts names in the place of name tokens.
func ReplaceNames(s string, name func(PersonID) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, tokenOpen)
		id, after, closed := strings.Cut(rest, tokenClose)
		if !found || !closed {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(before)
		b.WriteString(name(PersonID(id)))
		s = after
	}
}
