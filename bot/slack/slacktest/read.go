package slacktest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// reader reads blocks and markup as a person does.
type reader struct {
	f       *Fake
	zone    *time.Location
	lines   []string
	buttons []string
	links   []string
	pinged  []string
	quiet   bool // what stands here notifies nobody
}

func (f *Fake) reader(user string) *reader {
	r := &reader{f: f, zone: time.UTC}
	if u := f.user(user); u != nil {
		if zone, err := time.LoadLocation(u.Zone); err == nil {
			r.zone = zone
		}
	}
	return r
}

func (r *reader) line(s string) {
	s = strings.Map(func(c rune) rune {
		if c == '\u200b' || c == '\u2060' || c == '\ufeff' { // nobody sees these
			return -1
		}
		return c
	}, s)
	if s != "" {
		r.lines = append(r.lines, s)
	}
}

func (r *reader) text() string { return strings.Join(r.lines, "\n") }

func (r *reader) ping(who string) {
	if !r.quiet && !slices.Contains(r.pinged, who) {
		r.pinged = append(r.pinged, who)
	}
}

// link notes an address that can be followed; others are words.
func (r *reader) link(url string) bool {
	url = unescape(url)
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		if rest, ok := strings.CutPrefix(url, scheme); ok && rest != "" && !strings.ContainsAny(url, " \n") {
			r.links = append(r.links, url)
			return true
		}
	}
	return false
}

// message reads a message. Text stands above attachments unless there are
// blocks; under blocks it is only what a notification says. What stands in an
// attachment notifies nobody.
func (r *reader) message(m *message) {
	if len(m.blocks) > 0 {
		hidden := &reader{f: r.f, zone: r.zone}
		hidden.mrkdwn(m.text)
		for _, who := range hidden.pinged {
			r.ping(who)
		}
		r.blocks(m.blocks)
	} else {
		r.line(r.mrkdwn(m.text))
	}
	r.quiet = true
	for _, a := range m.attachments {
		one, _ := a.(object)
		for _, name := range []string{"pretext", "title", "text"} {
			if s, _ := one[name].(string); s != "" {
				r.line(r.mrkdwn(s))
			}
		}
		blocks, _ := one["blocks"].([]any)
		r.blocks(blocks)
	}
	for _, file := range m.files {
		r.line(file.Name)
		r.link(file.URL)
	}
	r.quiet = false
}

func (r *reader) blocks(blocks []any) {
	for _, b := range blocks {
		o, _ := b.(object)
		r.block(o)
	}
}

func (r *reader) block(o object) {
	switch o["type"] {
	case "section":
		r.object(o["text"])
		fields, _ := o["fields"].([]any)
		for _, one := range fields {
			r.object(one)
		}
		r.element(o["accessory"])
	case "header", "input":
		r.object(o["text"])
		r.object(o["label"])
		r.object(o["hint"])
	case "context":
		inner := &reader{f: r.f, zone: r.zone, quiet: r.quiet}
		all, _ := o["elements"].([]any)
		for _, one := range all {
			inner.object(one)
		}
		r.line(strings.Join(inner.lines, " "))
		r.links = append(r.links, inner.links...)
		for _, who := range inner.pinged {
			r.ping(who)
		}
	case "actions":
		all, _ := o["elements"].([]any)
		for _, one := range all {
			r.element(one)
		}
	case "image":
		r.object(o["title"])
		r.object(object{"type": "plain_text", "text": o["alt_text"]})
	case "markdown":
		s, _ := o["text"].(string)
		r.line(s)
	case "rich_text":
		r.rich(o, "")
	}
}

// object reads a text object, or an image's words.
func (r *reader) object(v any) {
	o, _ := v.(object)
	s, _ := o["text"].(string)
	switch o["type"] {
	case "mrkdwn":
		r.line(r.mrkdwn(s))
	case "plain_text":
		r.line(s)
	case "image":
		alt, _ := o["alt_text"].(string)
		r.line(alt)
	}
}

func (r *reader) element(v any) {
	o, _ := v.(object)
	switch o["type"] {
	case "button":
		label := textOf(o["text"])
		r.line(label)
		r.buttons = append(r.buttons, label)
		if url, _ := o["url"].(string); url != "" {
			r.link(url)
		}
	case "image":
		r.object(o)
	}
}

// rich reads a rich_text block.
func (r *reader) rich(o object, lead string) {
	all, _ := o["elements"].([]any)
	if o["type"] == "rich_text" || o["type"] == "rich_text_list" {
		if o["type"] == "rich_text_list" {
			lead = "• "
		}
		for _, one := range all {
			part, _ := one.(object)
			r.rich(part, lead)
		}
		return
	}
	var out strings.Builder
	for _, one := range all {
		span, _ := one.(object)
		out.WriteString(r.span(span))
	}
	if out.Len() > 0 {
		r.line(lead + strings.TrimSuffix(out.String(), "\n"))
	}
}

func (r *reader) span(o object) string {
	word := func(name string) string { s, _ := o[name].(string); return s }
	switch o["type"] {
	case "text":
		return word("text")
	case "link":
		r.link(word("url"))
		if word("text") != "" {
			return word("text")
		}
		return word("url")
	case "user":
		return r.user(word("user_id"))
	case "usergroup":
		return r.group(word("usergroup_id"))
	case "channel":
		return r.channel(word("channel_id"), "")
	case "broadcast":
		r.ping("everyone")
		return "@" + word("range")
	case "emoji":
		return ":" + word("name") + ":"
	case "date":
		n, _ := o["timestamp"].(float64)
		return r.date(int64(n), word("format"))
	}
	return ""
}

func (r *reader) user(id string) string {
	u := r.f.user(id)
	if u == nil {
		return "<@" + id + ">"
	}
	r.ping(id)
	return "@" + u.RealName
}

func (r *reader) group(id string) string {
	r.ping(id)
	for _, g := range r.f.groups {
		if g.ID == id {
			return "@" + g.Handle
		}
	}
	return "@" + id
}

func (r *reader) channel(id, label string) string {
	if room := r.f.room(id); room != nil && room.Name != "" {
		return "#" + room.Name
	}
	if label != "" {
		return "#" + label
	}
	return "#" + id
}

// date draws a moment in the reader's zone.
func (r *reader) date(unix int64, format string) string {
	at := time.Unix(unix, 0).In(r.zone)
	pairs := []string{"{time_secs}", at.Format("15:04:05"), "{time}", at.Format("15:04"), "{date_num}", at.Format(time.DateOnly), "{ago}", at.Format("2006-01-02 15:04")}
	for _, name := range []string{"date_long_pretty", "date_short_pretty", "date_pretty", "date_long", "date_short", "date", "day_divider_pretty"} {
		pairs = append(pairs, "{"+name+"}", at.Format("Jan 2, 2006"))
	}
	return strings.NewReplacer(pairs...).Replace(format)
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// token reads what stands between "<" and ">".
func (r *reader) token(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	label = unescape(label)
	switch {
	case strings.HasPrefix(target, "@"):
		return r.user(target[1:])
	case strings.HasPrefix(target, "#"):
		return r.channel(target[1:], label)
	case strings.HasPrefix(target, "!subteam^"):
		return r.group(strings.TrimPrefix(target, "!subteam^"))
	case strings.HasPrefix(target, "!date^"):
		parts := strings.SplitN(target, "^", 4)
		if unix, err := strconv.ParseInt(parts[1], 10, 64); err == nil && len(parts) > 2 {
			if len(parts) > 3 {
				r.link(parts[3])
			}
			return r.date(unix, unescape(parts[2]))
		}
		return label
	case target == "!channel" || target == "!here" || target == "!everyone":
		r.ping("everyone")
		return "@" + target[1:]
	case strings.HasPrefix(target, "!"):
		return label
	case r.link(target):
		if labelled && label != "" {
			return label
		}
		return unescape(target)
	}
	return "<" + unescape(s) + ">"
}
