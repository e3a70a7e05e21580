package chat

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean takes out what only disturbs: control characters (but for line ends
// and tabs), direction overrides and broken UTF-8. Line ends become "\n".
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			b.WriteByte('\n')
		case !disturbs(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// CleanLine is [Clean] for words that stand on one line: line ends and tabs
// become spaces.
func CleanLine(s string) string {
	s = Clean(s)
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\t' }), " ")
}

func isClean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if disturbs(r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return true
}

// disturbs holds for runes that change how other words are read and show
// nothing themselves. The joiners of scripts and emoji (U+200C, U+200D) stay.
func disturbs(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), r == utf8.RuneError, r == '\ufeff', r == '\u200b', r == '\u061c':
		return true
	case r == '\u200e' || r == '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	case r >= 0xe0000 && r <= 0xe0fff: // tags and selectors nobody sees
		return true
	}
	return false
}

// SafeURL says whether a link may be followed: http, https or mailto, with
// somewhere to go, and nothing in it that only disturbs.
func SafeURL(s string) bool {
	if s == "" || len(s) > 2000 || Clean(s) != s || strings.ContainsAny(s, " \n\t\"<>`\\^{|}") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	}
	return false
}

// Shorten cuts words to at most limit code points; a cut ends in "…". A limit
// of 0 cuts nothing. No accent is parted from its letter.
func Shorten(s string, limit int) string {
	if limit <= 0 || utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)[:limit-1]
	rest := []rune(s)[limit-1]
	for len(runes) > 0 && clings(rest) {
		rest, runes = runes[len(runes)-1], runes[:len(runes)-1]
	}
	for len(runes) > 0 && runes[len(runes)-1] == '\u200d' {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRightFunc(string(runes), unicode.IsSpace) + "…"
}

// clings holds for runes that belong to the one before.
func clings(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || r == '\u200d' ||
		r >= 0xfe00 && r <= 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff
}
