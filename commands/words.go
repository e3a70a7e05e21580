package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the most characters that a command may have, its form included.
const MaxText = 4000

// word is one piece of what was said.
type word struct {
	text   string // without the quotes around it
	raw    string // as it was said
	gap    string // the space before it
	quoted bool
}

const (
	opening = "\"“”„«"
	closing = "\"“”»"
)

// split cuts a text into words at white space. What stands in double quotes,
// straight or smart, and what stands in <…> as chats write mentions and
// links, is one word. A quote that is never closed is a letter like others.
func split(text string) []word {
	if text == "" {
		return nil
	}
	out := make([]word, 0, 1+strings.Count(text, " "))
	for text != "" {
		start := strings.IndexFunc(text, notSpace)
		if start < 0 {
			break
		}
		w := word{gap: text[:start]}
		text = text[start:]
		n := wordLen(text)
		w.raw = text[:n]
		w.text, w.quoted = unquote(w.raw)
		text = text[n:]
		out = append(out, w)
	}
	return out
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

// wordLen is how many bytes the word takes with which text begins.
func wordLen(text string) int {
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			return i
		case strings.ContainsRune(opening, r) && (i == 0 || text[i-1] == ':'):
			if n := quoteLen(text[i:]); n > 0 {
				return i + n
			}
		case r == '<' && i == 0 && bracketed(text):
			return strings.IndexByte(text, '>') + 1
		}
	}
	return len(text)
}

// quoteLen is how long the quoted piece is with which text begins; 0 without
// a closing quote at the end of a word.
func quoteLen(text string) int {
	_, first := utf8.DecodeRuneInString(text)
	for i, r := range text[first:] {
		if !strings.ContainsRune(closing, r) {
			continue
		}
		end := first + i + utf8.RuneLen(r)
		if next, _ := utf8.DecodeRuneInString(text[end:]); end == len(text) || unicode.IsSpace(next) {
			return end
		}
	}
	return 0
}

// bracketed says that text begins with a mention, a room or a link as chats write them.
func bracketed(text string) bool {
	end := strings.IndexByte(text, '>')
	if end < 0 || end > 2000 || strings.ContainsAny(text[:end], "\n") {
		return false
	}
	for _, begin := range []string{"<@", "<#", "<!", "<http:", "<https:", "<mailto:"} {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

// unquote takes the quotes off a text that stands in one pair of them.
func unquote(s string) (inner string, quoted bool) {
	first, n := utf8.DecodeRuneInString(s)
	last, m := utf8.DecodeLastRuneInString(s)
	if len(s) < n+m || !strings.ContainsRune(opening, first) || !strings.ContainsRune(closing, last) {
		return s, false
	}
	inner = strings.TrimSpace(s[n : len(s)-m])
	if inner == "" || strings.ContainsAny(inner, opening+closing) {
		return s, false
	}
	return inner, true
}

// Words are what follows a verb. They are read from the front; what is left
// over is the verb's text.
type Words struct {
	list []word
	keys map[string][]string
}

// keyRule is a key that a verb reads in its text: "service:checkout".
type keyRule struct {
	name string
	// more says whether a value may grow by the words that follow it
	// ("started:yesterday 23:10"); nil: it may not.
	more func(value string) bool
}

// readWords splits a text and takes the verb's own keys out of it.
func readWords(text string, rules []keyRule) *Words {
	w := &Words{keys: map[string][]string{}}
	list := split(text)
	w.list = make([]word, 0, len(list))
	for i := 0; i < len(list); i++ {
		rule, value, ok := keyOf(list[i], rules)
		if !ok {
			w.list = append(w.list, list[i])
			continue
		}
		if rule.more != nil {
			var used int
			value, used = grow(value, list[i+1:], rule.more)
			i += used
		}
		w.keys[rule.name] = append(w.keys[rule.name], value)
	}
	return w
}

func keyOf(w word, rules []keyRule) (keyRule, string, bool) {
	if w.quoted {
		return keyRule{}, "", false
	}
	name, value, ok := strings.Cut(w.raw, ":")
	if !ok || value == "" || strings.HasPrefix(value, "//") {
		return keyRule{}, "", false
	}
	value, _ = unquote(value)
	for _, r := range rules {
		if strings.EqualFold(r.name, name) {
			return r, value, true
		}
	}
	return keyRule{}, "", false
}

// grow lengthens a value by up to three of the words after it, as far as it fits.
func grow(value string, after []word, fits func(string) bool) (string, int) {
	best, used, try := value, 0, value
	for n := 0; n < 3 && n < len(after); n++ {
		try += " " + after[n].text
		if fits(try) {
			best, used = try, n+1
		}
	}
	return best, used
}

// takeLast reads a key that stands last without a colon: "… next 30m",
// "… at 14:05". Words after which the name is part of a phrase ("in the next
// 30m") keep it in the text.
func (w *Words) takeLast(name string, fits func(string) bool) {
	if w.Has(name) {
		return
	}
	for n := 1; n <= 3 && n < len(w.list); n++ {
		i := len(w.list) - n - 1
		if !strings.EqualFold(w.list[i].raw, name) || i > 0 && inPhrase(w.list[i-1].raw) {
			continue
		}
		var value []string
		for _, v := range w.list[i+1:] {
			value = append(value, v.text)
		}
		if v := strings.Join(value, " "); fits(v) {
			w.keys[name] = append(w.keys[name], v)
			w.list = w.list[:i]
			return
		}
	}
}

func inPhrase(before string) bool {
	switch strings.ToLower(before) {
	case "the", "our", "your", "this", "in", "within", "over", "during", "for", "a":
		return true
	}
	return false
}

// Has says whether a key was given.
func (w *Words) Has(key string) bool { return len(w.keys[key]) > 0 }

// Key is the last value given for a key.
func (w *Words) Key(key string) string {
	if v := w.keys[key]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// Len is how many words are left.
func (w *Words) Len() int { return len(w.list) }

// At is the word at a place, in lower case and without a comma or colon
// behind it; empty beyond the end.
func (w *Words) At(i int) string {
	if i < 0 || i >= len(w.list) {
		return ""
	}
	return strings.ToLower(bare(w.list[i].text))
}

// First joins the first n words, as they were said.
func (w *Words) First(n int) string {
	return join(w.list[:min(n, len(w.list))])
}

// Drop takes the first n words away.
func (w *Words) Drop(n int) { w.list = w.list[min(n, len(w.list)):] }

// Last is the last word as it was said.
func (w *Words) Last() string {
	if len(w.list) == 0 {
		return ""
	}
	return w.list[len(w.list)-1].text
}

// DropLast takes the last word away.
func (w *Words) DropLast() { w.list = w.list[:max(0, len(w.list)-1)] }

// Rest is what is left, as it was said; quotes around all of it come off.
func (w *Words) Rest() string { return join(w.list) }

// Quoted says that all that is left is one piece in quotes.
func (w *Words) Quoted() bool { return len(w.list) == 1 && w.list[0].quoted }

// joinRaw is words as they were said, quotes and all.
func joinRaw(list []word) string {
	var b strings.Builder
	for i, v := range list {
		if i > 0 {
			if v.gap == "" {
				v.gap = " "
			}
			b.WriteString(v.gap)
		}
		b.WriteString(v.raw)
	}
	return b.String()
}

func join(list []word) string {
	inner, _ := unquote(joinRaw(list))
	return inner
}

// bare is a word without the comma or colon that people put behind a name.
func bare(s string) string { return strings.TrimRight(s, ",:;") }

// short cuts a text for a sentence or a label.
func short(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	r := []rune(s)
	return strings.TrimSpace(string(r[:limit-1])) + "…"
}

// slip says whether somebody who typed said meant verb: one letter wrong,
// missing, too many, or swapped with its neighbour, in a verb of five letters
// or more; of four, a swap only.
func slip(said, verb string) bool {
	a, b := []rune(strings.ToLower(said)), []rune(verb)
	if len(b) < 4 || len(a)-len(b) > 1 || len(b)-len(a) > 1 || string(a) == verb {
		return false
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] { // to the first letter that differs
		a, b = a[1:], b[1:]
	}
	if swapped(a, b) {
		return true
	}
	if len(verb) < 5 {
		return false
	}
	switch len(a) - len(b) {
	case 0:
		return string(a[1:]) == string(b[1:])
	case 1:
		return string(a[1:]) == string(b)
	}
	return string(a) == string(b[1:])
}

// swapped says that two words differ in that their first two letters are swapped.
func swapped(a, b []rune) bool {
	return len(a) == len(b) && len(a) > 1 && a[0] == b[1] && a[1] == b[0] && string(a[2:]) == string(b[2:])
}

// leadingSeverity reads a severity at the front of words, where it may be two
// ("sev 2"); n is how many it took. The name of Amazon's storage is no
// severity, so "s3" is one only where a severity is asked for.
func leadingSeverity(w *Words) (level, n int) {
	first := w.At(0)
	if first == "sev" {
		if d := w.At(1); len(d) == 1 && d >= "1" && d <= "5" {
			return int(d[0] - '0'), 2
		}
		return 0, 0
	}
	for _, prefix := range []string{"sev-", "sev", "p", "s"} {
		d, ok := strings.CutPrefix(first, prefix)
		if ok && len(d) == 1 && d >= "1" && d <= "5" && first != "s3" {
			return int(d[0] - '0'), 1
		}
	}
	return 0, 0
}
