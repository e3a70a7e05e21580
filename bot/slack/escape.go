package slack

import (
	"strings"
	"unicode/utf8"

	"tocsin/bot/chat"
)

// escape writes words as Slack wants them in every text that it reads for
// control sequences: no "<" is left that could begin one.
func escape(s string) string {
	s = chat.Clean(s)
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// plainly says whether words mean nothing in mrkdwn once they are escaped.
// Slack has no way to escape its marks, and its clients do not agree on where
// one counts, so any mark counts here that is not inside a word.
func plainly(s string) bool {
	if strings.ContainsAny(s, "*~`") {
		return false
	}
	for l := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(strings.TrimLeft(l, " \t"), ">") {
			return false
		}
	}
	for i := range len(s) {
		if s[i] == '_' && (i == 0 || i == len(s)-1 || !wordly(s[i-1]) || !wordly(s[i+1])) {
			return false
		}
	}
	return true
}

func wordly(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// mrkdwn writes a line in Slack's markup; ok is false when the markup cannot
// draw it exactly as it is, and rich text has to.
func mrkdwn(spans []chat.Span) (text string, ok bool) {
	var b strings.Builder
	for i, s := range spans {
		t, ok := mrkdwnSpan(s)
		if !ok || marked(s) && (!freeBefore(b.String()) || !freeAfter(spans[i+1:])) {
			return "", false
		}
		b.WriteString(t)
	}
	return b.String(), true
}

func mrkdwnSpan(s chat.Span) (string, bool) {
	switch s := s.(type) {
	case chat.Plain:
		return escape(string(s)), plainly(string(s))
	case chat.Strong:
		return around("*", string(s))
	case chat.Struck:
		return around("~", string(s))
	case chat.Code:
		if strings.Contains(string(s), "`") || string(s) != strings.TrimSpace(string(s)) || s == "" {
			return "", s == ""
		}
		return "`" + escape(string(s)) + "`", true
	case chat.Link:
		return mrkdwnLink(s)
	case chat.Mention:
		if pings(s) {
			return "<@" + s.User + ">", true
		}
		return escape(s.Name), plainly(s.Name)
	case chat.RoomLink:
		if isRoom(s.Room) {
			return "<#" + s.Room + ">", true
		}
		return escape("#" + s.Name), plainly("#" + s.Name)
	case chat.When:
		if !drawable(s) {
			return escape(instead(s)), true
		}
		return "<!date^" + unixSeconds(s) + "^" + dateFormat(s.Style) + "|" + escape(instead(s)) + ">", true
	}
	return "", true
}

func around(mark, s string) (string, bool) {
	if s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "\n") {
		return "", s == ""
	}
	return mark + escape(s) + mark, plainly(s)
}

func mrkdwnLink(l chat.Link) (string, bool) {
	label := l.Label
	if label == "" {
		label = l.URL
	}
	if !chat.SafeURL(l.URL) {
		return escape(unsafeLink(l)), plainly(unsafeLink(l))
	}
	return "<" + escape(l.URL) + "|" + escape(label) + ">", plainly(label) && !strings.ContainsAny(label, "|\n")
}

// marked says that a span is drawn by marks, which only count at the edge of a word.
func marked(s chat.Span) bool {
	switch s := s.(type) {
	case chat.Strong:
		return s != ""
	case chat.Struck:
		return s != ""
	case chat.Code:
		return s != ""
	default:
		return false
	}
}

// freeBefore says that a mark counts after what was written before.
func freeBefore(before string) bool {
	return before == "" || strings.HasSuffix(before, " ") || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, "(")
}

// freeAfter says that a mark counts before what is written next.
func freeAfter(next []chat.Span) bool {
	for _, s := range next {
		text, _ := mrkdwnSpan(s)
		if text == "" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(text)
		return strings.ContainsRune(" \n.,:;!?)", r)
	}
	return true
}
