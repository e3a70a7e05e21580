package slacktest

import "strings"

// typed is what Slack does to words as they are typed; "@ann" of somebody who
// is there, and "#general" of a room, become ids.
func (f *Fake) typed(words string) string {
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(words)
	var out strings.Builder
	for i := 0; i < len(escaped); {
		c := escaped[i]
		if (c == '@' || c == '#') && (i == 0 || strings.IndexByte(" \n(", escaped[i-1]) >= 0) {
			name := handle(escaped[i+1:])
			if link := f.linked(c, name); link != "" {
				out.WriteString(link)
				i += 1 + len(name)
				continue
			}
		}
		out.WriteByte(c)
		i++
	}
	return out.String()
}

func handle(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
	})
	if end < 0 {
		end = len(s)
	}
	return strings.TrimRight(s[:end], ".-_")
}

func (f *Fake) linked(sign byte, name string) string {
	if name == "" {
		return ""
	}
	if sign == '#' {
		if r := f.named(name); r != nil && !r.Private {
			return "<#" + r.ID + "|" + name + ">"
		}
		return ""
	}
	for _, u := range f.users {
		if u.Name == name {
			return "<@" + u.ID + ">"
		}
	}
	for _, g := range f.groups {
		if g.Handle == name {
			return "<!subteam^" + g.ID + "|@" + name + ">"
		}
	}
	return ""
}
