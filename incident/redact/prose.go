package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// near is how many bytes behind a word for a password one may stand in prose.
const near = 60

var (
	passWord = regexp.MustCompile(`(?i)\b(?:pass(?:word|wd|phrase|code)?s?|pwd?|login|creds|credentials?)\b`)
	isThe    = regexp.MustCompile(`(?i)(\S{6,64}) is (?:the|my|our)(?: \w+)? (?:password|passphrase|passcode|pw|pwd|login)\b`)
	slashed  = regexp.MustCompile(`[\w.@+-]+ / (\S{6,64})`)
	version  = regexp.MustCompile(`\d\.\d`)
	mention  = regexp.MustCompile(`^[\w./-]*#\d+$|^[#@][\w.-]+$|^[a-z][a-z0-9_.-]{2,}@[a-z0-9][a-z0-9.-]*$|@[\w-]+\.\w`)
)

// inProse finds passwords that people tell each other in a sentence: a word
// for one, and near behind it, on the same line, something that looks like
// one; or "user / secret".
func inProse(text string) []Finding {
	found := named(text)
	done := 0
	for _, m := range passWord.FindAllStringIndex(text, -1) {
		end := lineEnd(text, m[1])
		found = append(found, pairs(text, m[1], end)...)
		for at := max(done, m[1]); at < end; {
			from, to := nextWord(text, at)
			if from >= end {
				break
			}
			at, done = to, to
			if from, to = trimmed(text, from, to); likePassword(text[from:to]) {
				found = append(found, Finding{Rule: "password", Start: from, End: to})
			}
		}
	}
	return found
}

// named finds "… is the password".
func named(text string) []Finding {
	if !strings.Contains(text, " is ") {
		return nil
	}
	var found []Finding
	for _, m := range isThe.FindAllStringSubmatchIndex(text, -1) {
		if start, end := trimmed(text, m[2], m[3]); likePassword(text[start:end]) {
			found = append(found, Finding{Rule: "password", Start: start, End: end})
		}
	}
	return found
}

// pairs finds "user / secret" in a stretch of a text.
func pairs(text string, from, end int) []Finding {
	var found []Finding
	for _, s := range slashed.FindAllStringSubmatchIndex(text[from:end], -1) {
		start, stop := trimmed(text, from+s[2], wordEnd(text, from+s[2]))
		v := text[start:stop]
		if strings.IndexFunc(v, unicode.IsLetter) >= 0 && strings.ContainsAny(v, "0123456789"+strong) && !placeholder(v) && !strings.Contains(v, "/") {
			found = append(found, Finding{Rule: "password", Start: start, End: stop})
		}
	}
	return found
}

// lineEnd is where the stretch behind a word for a password ends.
func lineEnd(text string, from int) int {
	end := min(len(text), from+near)
	if at := strings.IndexByte(text[from:end], '\n'); at >= 0 {
		return from + at
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return end
}

// nextWord finds the next run of what is no white space.
func nextWord(text string, at int) (from, to int) {
	if n := strings.IndexFunc(text[at:], func(r rune) bool { return !unicode.IsSpace(r) }); n >= 0 {
		return at + n, wordEnd(text, at+n)
	}
	return len(text), len(text)
}

func wordEnd(text string, at int) int {
	if n := strings.IndexFunc(text[at:], unicode.IsSpace); n >= 0 {
		return at + n
	}
	return len(text)
}

// trimmed takes quotes, brackets and the punctuation of a sentence off a word.
func trimmed(text string, from, to int) (int, int) {
	const around = "\"'`()[]{}<>,.;:"
	for from < to && strings.IndexByte(around, text[from]) >= 0 {
		from++
	}
	for to > from && strings.IndexByte(around, text[to-1]) >= 0 {
		to--
	}
	return from, to
}

// strong are symbols that stand in passwords and hardly in names of things.
const strong = "!$%^&*~?+|"

// likePassword says that a word looks like a password: letters, a digit and a
// symbol, and none of the many things that have them too: an address, a path,
// a version, a time, a setting, a mention, the name of a host.
func likePassword(v string) bool {
	if len(v) < 6 || len(v) > 64 || placeholder(v) || masked(v) || namesAThing(v) {
		return false
	}
	core := strings.TrimRight(v, "!?")
	has := shapeOf(core)
	joined := has.join && has.upper && has.lower && len(core) >= 10
	return has.digit && (has.upper || has.lower) && (has.symbol || joined)
}

// namesAThing says that a word is an address, a path, a setting, a version, a
// mention or an option.
func namesAThing(v string) bool {
	return strings.ContainsAny(v, "/\\=<>(){}[]\"`") || version.MatchString(v) || mention.MatchString(v) || strings.HasPrefix(v, "-")
}

// shape says what kinds of characters a word has.
type shape struct{ upper, lower, digit, symbol, join bool }

func shapeOf(v string) (s shape) {
	for _, r := range v {
		switch {
		case unicode.IsUpper(r):
			s.upper = true
		case unicode.IsLetter(r):
			s.lower = true
		case unicode.IsDigit(r):
			s.digit = true
		case strings.ContainsRune(strong+"#@", r):
			s.symbol = true
		case strings.ContainsRune("-_.:", r):
			s.join = true
		}
	}
	return s
}
