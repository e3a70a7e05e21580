package slacktest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mrkdwn reads Slack's markup: what is left are the words.
func (r *reader) mrkdwn(s string) string {
	var out strings.Builder
	before := rune('\n')
	for len(s) > 0 {
		words, taken := r.piece(s, before)
		out.WriteString(words)
		if last, _ := utf8.DecodeLastRuneInString(s[:taken]); taken > 0 {
			before = last
		}
		s = s[taken:]
	}
	return out.String()
}

// piece reads the next piece of markup, or one character.
func (r *reader) piece(s string, before rune) (words string, taken int) {
	switch c := s[0]; {
	case strings.HasPrefix(s, "```"):
		if end := strings.Index(s[3:], "```"); end > 0 {
			return strings.Trim(r.inside(s[3:3+end]), "\n"), end + 6
		}
	case c == '`':
		if end := endOn(s[1:], "`"); end > 0 {
			return r.inside(s[1 : 1+end]), end + 2
		}
	case c == '<':
		if end := strings.IndexAny(s[1:], "<>"); end > 0 && s[1+end] == '>' {
			return r.token(s[1 : 1+end]), end + 2
		}
	case c == '&':
		for _, entity := range []string{"&lt;", "&gt;", "&amp;"} {
			if strings.HasPrefix(s, entity) {
				if entity == "&gt;" && before == '\n' {
					return quoted(s, len(entity))
				}
				return unescape(entity), len(entity)
			}
		}
	case c == '>' && before == '\n':
		return quoted(s, 1)
	case strings.IndexByte("*_~", c) >= 0 && !wordly(before):
		if end := r.styled(s); end > 0 {
			return r.mrkdwn(s[1:end]), end + 1
		}
	case c == 'h' && !wordly(before) && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")):
		end := strings.IndexAny(s, " \n<>|")
		if end < 0 {
			end = len(s)
		}
		r.link(s[:end])
		return unescape(s[:end]), end
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size], size
}

// quoted leaves the sign of a quotation out.
func quoted(s string, size int) (string, int) {
	if strings.HasPrefix(s[size:], " ") {
		size++
	}
	return "", size
}

// inside reads code, in which only tokens and entities count.
func (r *reader) inside(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		if s[0] == '<' {
			if end := strings.IndexAny(s[1:], "<>"); end > 0 && s[1+end] == '>' {
				out.WriteString(r.token(s[1 : 1+end]))
				s = s[end+2:]
				continue
			}
		}
		next := strings.IndexByte(s[1:], '<') + 1
		if next == 0 {
			next = len(s)
		}
		out.WriteString(unescape(s[:next]))
		s = s[next:]
	}
	return out.String()
}

// styled finds the end of words that begin with a sign for bold, italic or
// struck; 0: it is only a sign.
func (r *reader) styled(s string) int {
	first, _ := utf8.DecodeRuneInString(s[1:])
	if first == utf8.RuneError || unicode.IsSpace(first) || byte(first) == s[0] {
		return 0
	}
	for i := 2; i < len(s) && s[i] != '\n'; i++ {
		if s[i] != s[0] {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+1:])
		if !unicode.IsSpace(last) && !wordly(after) {
			return i
		}
	}
	return 0
}

func endOn(s, sign string) int {
	end := strings.Index(s, sign)
	if line := strings.IndexByte(s, '\n'); line >= 0 && line < end {
		return 0
	}
	return end
}

func wordly(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
