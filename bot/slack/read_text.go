package slack

import "strings"

// readText reads a text of Slack, where "&", "<" and ">" are escaped and what
// stands in angle brackets is a mention, a room or a link, as the words that
// somebody typed. A person stays "<@U1>", for a name would be nobody for sure.
func readText(s string) string {
	if !strings.Contains(s, "<") {
		return unescape(s)
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(unescape(before))
		if !found {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, ">")
		if !closed || strings.Contains(inside, "<") {
			b.WriteByte('<')
			s = rest
			continue
		}
		b.WriteString(readControl(inside))
		s = after
	}
}

// readControl reads what stood in angle brackets.
func readControl(inside string) string {
	what, label, _ := strings.Cut(inside, "|")
	what, label = unescape(what), unescape(label)
	switch {
	case strings.HasPrefix(what, "@"):
		return "<" + what + ">"
	case strings.HasPrefix(what, "#"):
		if label != "" {
			return "#" + label
		}
		return what
	case strings.HasPrefix(what, "!date^"), strings.HasPrefix(what, "!subteam^"):
		if label != "" {
			return label
		}
		return "@" + what[strings.IndexByte(what, '^')+1:]
	case strings.HasPrefix(what, "!"):
		return "@" + what[1:]
	case label != "" && typedAs(what, label):
		return label
	}
	return what
}

// typedAs says that Slack made a link of a word that was typed: a host name,
// or an address of mail.
func typedAs(url, label string) bool {
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if url == scheme+label || url == scheme+label+"/" {
			return true
		}
	}
	return false
}

func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
