package mine

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words that stand for something that is no word in a message's prose.
const (
	pause     = "."       // the end of a sentence or a line; gaps do not cross it
	asked     = "?"       // a question mark, which ends a sentence too
	cried     = "!"       // an exclamation mark, likewise
	colon     = ":"       //
	codeWord  = "<code>"  // something in backticks
	blockWord = "<block>" // a fenced block
	linkWord  = "<url>"
	nameWord  = "<name>" // somebody who was addressed with an @
	idWord    = "<id>"   // a host, path, version, ticket: what is not a word of the language
	numWord   = "<num>"  // any word that begins with a digit
	clockWord = "<time>" // a time of day
)

const (
	codeRead   = 400 // bytes of a code block whose words count
	proseWords = 160 // words of a message that are looked at for cues
	likeWords  = 48  // words of a message by which it is likened to others
)

// unquote takes out what a message repeats of others: lines that begin with
// ">" and the "so-and-so said:" before them. A message that is nothing but a
// quote keeps its words: it was pasted for its own sake.
func unquote(text string) string {
	if !strings.Contains(text, ">") && !strings.Contains(text, "&gt;") {
		return strings.TrimSpace(text)
	}
	var kept []string
	quoted := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		bare := strings.TrimSpace(line)
		if strings.HasPrefix(bare, ">") || strings.HasPrefix(bare, "&gt;") {
			quoted = true
			if n := len(kept); n > 0 && saysWho(kept[n-1]) {
				kept = kept[:n-1]
			}
			continue
		}
		kept = append(kept, line)
	}
	own := strings.TrimSpace(strings.Join(kept, "\n"))
	if quoted && own == "" {
		return strings.TrimSpace(strings.NewReplacer("\n> ", "\n", "\n>", "\n", "\n&gt; ", "\n", "\n&gt;", "\n").Replace("\n" + strings.TrimSpace(text)))
	}
	return own
}

func saysWho(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) < 60 && strings.HasSuffix(line, ":") && !strings.Contains(line, ". ")
}

// reader turns a message into the words of its prose and the words by which it
// is likened to others.
type reader struct {
	v     *vocabulary
	prose []int32
	like  []int32
	most  int // words to be likened by
}

func (r *reader) say(w string) {
	if len(r.prose) < proseWords {
		r.prose = append(r.prose, r.v.id(w))
	}
}

func (r *reader) liken(w string) {
	if len(r.like) < r.most {
		if id := r.v.id(w); !r.v.plain[id] {
			r.like = append(r.like, id)
		}
	}
}

func (r *reader) read(text string) {
	r.prose, r.like = r.prose[:0], r.like[:0]
	for at := 0; at < len(text); {
		at += r.step(text[at:])
	}
}

// step reads what a rest of text begins with, and says how many bytes it took.
func (r *reader) step(s string) int {
	switch c := s[0]; {
	case c == '`':
		return r.code(s)
	case strings.HasPrefix(s, "https://"), strings.HasPrefix(s, "http://"):
		return r.link(s)
	case c == '@', c == '<', c == ':':
		return r.sign(s)
	case strings.IndexByte("?!;\n.", c) >= 0:
		r.say(stopWord(c))
		return 1
	case c == '%' || c == '+':
		r.say(s[:1])
		return 1
	}
	if n := wordLength(s); n > 0 {
		r.word(s[:n])
		return n
	}
	sign, n := utf8.DecodeRuneInString(s)
	switch sign {
	case '👍', '👎', '✅', '❌', '🎉':
		r.say(s[:n])
	}
	return n
}

// sign reads a name that is called, an emoji's name, or a colon.
func (r *reader) sign(s string) int {
	if s[0] == ':' {
		if n := emojiLength(s); n > 0 {
			r.say(s[:n])
			return n
		}
		r.say(colon)
		return 1
	}
	if n := nameLength(s); n > 0 {
		r.say(nameWord)
		return n
	}
	return 1
}

func stopWord(c byte) string {
	switch c {
	case '?':
		return asked
	case '!':
		return cried
	}
	return pause
}

func (r *reader) code(s string) int {
	if strings.HasPrefix(s, "```") {
		r.say(blockWord)
		end := strings.Index(s[3:], "```")
		if end < 0 {
			end = len(s) - 3
		}
		r.inside(s[3 : 3+min(end, codeRead)])
		return min(len(s), 3+end+3)
	}
	end := strings.IndexAny(s[1:], "`\n")
	if end < 0 || s[1+end] == '\n' {
		return 1
	}
	r.say(codeWord)
	r.inside(s[1 : 1+end])
	return end + 2
}

// inside likens by the words of code, which say nothing as prose.
func (r *reader) inside(code string) {
	for at := 0; at < len(code); {
		if n := wordLength(code[at:]); n > 0 {
			if w := strings.ToLower(code[at : at+n]); n > 2 {
				r.liken(stem(w))
			}
			at += n
			continue
		}
		_, n := utf8.DecodeRuneInString(code[at:])
		at += n
	}
}

func (r *reader) link(s string) int {
	end := strings.IndexAny(s, " \t\n>|)\"'`")
	if end < 0 {
		end = len(s)
	}
	r.say(linkWord)
	r.liken(strings.ToLower(strings.TrimRight(s[:end], "/.,;:!?")))
	return end
}

// word reads one word or one compound like "docs-prod" or "deploy#562".
func (r *reader) word(s string) {
	low := strings.ToLower(s)
	low = strings.ReplaceAll(low, "’", "'")
	parts := strings.FieldsFunc(low, func(c rune) bool { return strings.ContainsRune("-_./#:@~", c) })
	if len(parts) == 1 && parts[0] == low {
		r.say(low)
		if isNumber(low) {
			return
		}
		if len(low) > 2 {
			r.liken(stem(low))
		}
		return
	}
	r.liken(low)
	if isClock(low) {
		r.say(clockWord)
		return
	}
	if name, count, ok := strings.Cut(low, ":"); ok && digits(count) && !strings.ContainsAny(name, "_.#@/-0123456789") {
		r.say(name) // "[FIRING:2]"
	} else if strings.ContainsAny(low, "_.#:@") || strings.IndexFunc(low, unicode.IsDigit) >= 0 {
		r.say(idWord)
	} else {
		for _, p := range parts {
			r.say(p)
		}
	}
	for _, p := range parts {
		if len(p) > 2 && !isNumber(p) {
			r.liken(stem(p))
		}
	}
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' && len(s) < 6 }

func isClock(s string) bool {
	h, m, ok := strings.Cut(s, ":")
	return ok && len(h) <= 2 && len(m) >= 2 && digits(h) && digits(m[:2])
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// wordLength is how long the word is that s begins with: letters and digits,
// and single marks between them.
func wordLength(s string) int {
	at, end := 0, 0
	for at < len(s) {
		c, n := rune(s[at]), 1
		if c >= utf8.RuneSelf {
			c, n = utf8.DecodeRuneInString(s[at:])
		}
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			at += n
			end = at
		case end == 0 && c == '#' && at == 0, end > 0 && at == end && strings.ContainsRune("-_./#:@~'’", c):
			at += n
		case end > 0 && c == '-' && at == end+1 && s[end] == '-':
			at += n
		default:
			return end
		}
	}
	return end
}

func nameLength(s string) int {
	at := 1
	if s[0] == '<' {
		if !strings.HasPrefix(s, "<@") {
			return 0
		}
		if end := strings.IndexByte(s, '>'); end > 0 && end < 60 {
			return end + 1
		}
		return 0
	}
	for at < len(s) && (isASCIIWord(s[at]) || s[at] == '.' || s[at] == '-') {
		at++
	}
	if at == 1 {
		return 0
	}
	return at
}

func emojiLength(s string) int {
	for at := 1; at < len(s) && at < 40; at++ {
		if s[at] == ':' && at > 1 {
			return at + 1
		}
		if !isASCIIWord(s[at]) && s[at] != '-' && s[at] != '+' {
			return 0
		}
	}
	return 0
}

func isASCIIWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// stem cuts the commonest English endings, so that "failing" and "failed" are
// alike; longer words of other languages lose an ending at worst.
func stem(w string) string {
	for _, end := range []string{"ings", "ing", "edly", "ed", "ies", "es", "s", "ly"} {
		if len(w) > len(end)+3 && strings.HasSuffix(w, end) {
			return w[:len(w)-len(end)]
		}
	}
	return w
}
