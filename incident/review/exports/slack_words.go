package exports

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// words are what a message says. Of a bot that says it in attachments or
// blocks alone, those are read.
func (c channelIn) words(m slackMessage) string {
	text := c.plain(m.Text)
	if strings.TrimSpace(text) == "" && len(m.Blocks) > 0 {
		text = c.plain(strings.Join(blockTexts(m.Blocks), "\n"))
	}
	for _, a := range m.Attached {
		for _, one := range []string{a.Pretext, a.Title, firstOf(a.Text, a.Fallback)} {
			if one = c.plain(one); one != "" && !strings.Contains(text, one) {
				text = strings.TrimSpace(text + "\n" + one)
			}
		}
	}
	return text
}

// blockTexts are the words in Slack's blocks, in order, however deep.
func blockTexts(raw json.RawMessage) []string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	var out []string
	var walk func(v any, depth int)
	walk = func(v any, depth int) {
		if depth > 12 || len(out) > 500 {
			return
		}
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one, depth+1)
			}
		case map[string]any:
			if s, is := v["text"].(string); is {
				out = append(out, s)
			} else if v["text"] != nil {
				walk(v["text"], depth+1)
			}
			for _, key := range []string{"fields", "elements"} {
				if v[key] != nil {
					walk(v[key], depth+1)
				}
			}
		}
	}
	walk(v, 0)
	return out
}

// plain reads a text of Slack, in which "&", "<" and ">" are escaped and what
// stands in angle brackets is a mention, a room or a link.
func (c channelIn) plain(s string) string {
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
		b.WriteString(c.control(inside))
		s = after
	}
}

// control reads what stood in angle brackets.
func (c channelIn) control(inside string) string {
	what, label, _ := strings.Cut(inside, "|")
	what, label = unescape(what), unescape(label)
	switch {
	case strings.HasPrefix(what, "@"):
		return "@" + firstOf(c.names[what[1:]], label, what[1:])
	case strings.HasPrefix(what, "#"):
		return "#" + firstOf(strings.TrimPrefix(label, "#"), what[1:])
	case strings.HasPrefix(what, "!date^"):
		return firstOf(label, dated(what))
	case strings.HasPrefix(what, "!subteam^"):
		return firstOf(label, "@"+strings.TrimPrefix(what, "!subteam^"))
	case strings.HasPrefix(what, "!"):
		return "@" + what[1:]
	case label == "" || strings.Contains(what, label):
		if strings.HasPrefix(what, "mailto:") || strings.HasPrefix(what, "tel:") {
			return firstOf(label, what)
		}
		return what
	}
	return label + " (" + what + ")"
}

// dated is a moment that Slack would draw in the reader's zone.
func dated(what string) string {
	parts := strings.Split(what, "^")
	secs, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return ""
	}
	return time.Unix(secs, 0).UTC().Format("2006-01-02 15:04 UTC")
}

func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// titleOf makes words of a channel's name: "inc-2019-1021-docs-down" is about
// "docs down".
func titleOf(channel string) string {
	number := regexp.MustCompile(`^\d+$`)
	var out []string
	for _, w := range strings.FieldsFunc(channel, func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == '.' }) {
		switch strings.ToLower(w) {
		case "inc", "incident", "incidents", "outage", "tmp":
			continue
		}
		if !number.MatchString(w) {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return channel
	}
	return strings.Join(out, " ")
}
