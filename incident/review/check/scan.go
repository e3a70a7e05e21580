package check

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text, in lower case, as it is held against others.
type word struct {
	text     string
	sentence int // which of the text's sentences and clauses it stands in
}

// joins are what may stand inside a word: "docs-prod", "10:42", "v1.2", "isn't".
const joins = "-_./:'’@#+"

// scan cuts a text into words. A sentence ends at a full stop, a question or
// exclamation mark or semicolon that white space follows, and at a line break.
func scan(text string) []word {
	out := make([]word, 0, len(text)/5)
	sentence, start := 0, -1
	flush := func(end int) {
		if start >= 0 {
			if w := lower(strings.TrimRight(text[start:end], joins)); w != "" {
				if opensClause(w) {
					sentence++
				}
				out = append(out, word{w, sentence})
			}
			start = -1
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		case start >= 0 && strings.ContainsRune(joins, r):
		default:
			flush(i)
		}
		if r == '\n' || strings.ContainsRune(".!?;", r) && spaceAt(text, i+size) {
			flush(i)
			sentence++
		}
		i += size
	}
	flush(len(text))
	return out
}

// opensClause says that a word begins a clause with a not, or none, of its own.
func opensClause(w string) bool {
	switch w {
	case "and", "but", "because", "although", "though", "while", "whereas", "however", "so":
		return true
	}
	return false
}

func lower(s string) string { return strings.ReplaceAll(strings.ToLower(s), "’", "'") }

func spaceAt(s string, i int) bool {
	if i >= len(s) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r)
}

// parts are the pieces of a joined word; none when it is one piece.
func parts(w string) []string {
	if !strings.ContainsAny(w, joins) {
		return nil
	}
	return strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune(joins, r) })
}

// stem takes an ending off, so that "restarted" is supported by "restart".
func stem(w string) string {
	for _, end := range [...]string{"'s", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "e"} {
		if len(w) > len(end)+3 && strings.HasSuffix(w, end) {
			return w[:len(w)-len(end)]
		}
	}
	return w
}

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }

// isIdentifier says that a word names one thing exactly: a number, a host, a
// path, a version.
func isIdentifier(w string) bool {
	return hasDigit(w) || strings.ContainsAny(w, "_/.:@#+")
}
