package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// eyes are those of a reader in New York on the day of the stories: they see
// blocks as Slack shows them, and take note of who is notified and what can be
// followed. Bare eyes see no marks of bold, code and the like.
//
// They read markup as badly as any client could: every mark at the edge of a
// word counts, whether or not it has a partner, but for those inside of code.
type eyes struct {
	t      rapid.TB
	bare   bool
	pinged []string
	links  []string
}

// see reads blocks, or a view.
func (e *eyes) see(v any) string {
	e.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		e.t.Fatal(err)
	}
	var list []any
	if json.Unmarshal(b, &list) == nil {
		return e.blocks(list)
	}
	var view map[string]any
	if err := json.Unmarshal(b, &view); err != nil {
		e.t.Fatal(err)
	}
	out := ""
	if view["type"] == "modal" {
		out = "=== " + str(view["title"], "text") + " ===\n"
	}
	out += e.blocks(items(view["blocks"]))
	for _, button := range []string{"submit", "close"} {
		if view[button] != nil {
			out += "\n[" + str(view[button], "text") + "]"
		}
	}
	return out
}

func str(v any, key string) string {
	m, _ := v.(map[string]any)
	s, _ := m[key].(string)
	return s
}

func (e *eyes) blocks(list []any) string {
	lines := make([]string, 0, len(list))
	for _, b := range list {
		lines = append(lines, e.block(b.(map[string]any)))
	}
	return strings.Join(lines, "\n")
}

func (e *eyes) block(b map[string]any) string {
	switch b["type"] {
	case "header":
		return e.marked("# ", e.text(b["text"]), "")
	case "divider":
		return "----"
	case "section":
		return e.section(b)
	case "context":
		var parts []string
		for _, x := range items(b["elements"]) {
			parts = append(parts, e.text(x))
		}
		return e.marked("(", strings.Join(parts, "   "), ")")
	case "actions":
		var buttons []string
		for _, x := range items(b["elements"]) {
			buttons = append(buttons, e.button(x.(map[string]any)))
		}
		return strings.Join(buttons, " ")
	case "rich_text":
		var parts []string
		for _, x := range items(b["elements"]) {
			parts = append(parts, e.rich(x.(map[string]any)))
		}
		return strings.Join(parts, "\n")
	case "input":
		return e.input(b)
	}
	e.t.Fatalf("nobody can see %v", b)
	return ""
}

func (e *eyes) marked(before, s, after string) string {
	if e.bare || s == "" {
		return s
	}
	return before + s + after
}

func (e *eyes) section(b map[string]any) string {
	var out []string
	if b["text"] != nil {
		out = append(out, e.text(b["text"]))
	}
	fields := items(b["fields"])
	for i := 0; i < len(fields); i += 2 {
		row := e.cell(fields[i])
		if i+1 < len(fields) {
			row = fmt.Sprintf("%-44s %s", row, e.cell(fields[i+1]))
		}
		out = append(out, strings.TrimRight(row, " "))
	}
	return strings.Join(out, "\n")
}

func (e *eyes) cell(v any) string { return "| " + strings.ReplaceAll(e.text(v), "\n", ": ") }

func (e *eyes) button(b map[string]any) string {
	out := str(b["text"], "text")
	if u, _ := b["url"].(string); u != "" {
		e.links = append(e.links, u)
		out += " ↗"
	}
	switch b["style"] {
	case "primary":
		out += " (green)"
	case "danger":
		out += " (red)"
	}
	if b["confirm"] != nil {
		out += " asks: " + str(b["confirm"].(map[string]any)["text"], "text")
	}
	return "[" + out + "]"
}

func (e *eyes) rich(x map[string]any) string {
	switch x["type"] {
	case "rich_text_list":
		var lines []string
		for _, i := range items(x["elements"]) {
			lines = append(lines, "• "+e.runs(i))
		}
		return strings.Join(lines, "\n")
	case "rich_text_quote":
		if e.bare {
			return e.runs(x)
		}
		return "▏" + strings.ReplaceAll(e.runs(x), "\n", "\n▏")
	case "rich_text_preformatted":
		return e.marked("```\n", e.runs(x), "\n```")
	}
	return e.runs(x)
}

func (e *eyes) runs(v any) string {
	var b strings.Builder
	for _, x := range items(v.(map[string]any)["elements"]) {
		x := x.(map[string]any)
		b.WriteString(e.styled(e.run(x), x["style"]))
	}
	return b.String()
}

func (e *eyes) run(x map[string]any) string {
	switch x["type"] {
	case "text":
		return str(x, "text")
	case "user":
		e.pinged = append(e.pinged, str(x, "user_id"))
		return "@" + str(x, "user_id")
	case "channel":
		return "#" + str(x, "channel_id")
	case "link":
		e.links = append(e.links, str(x, "url"))
		if str(x, "text") == "" {
			return str(x, "url")
		}
		return str(x, "text")
	case "date":
		return e.date(int64(x["timestamp"].(float64)), str(x, "format"))
	}
	e.t.Fatalf("nobody can see %v", x)
	return ""
}

func (e *eyes) styled(s string, style any) string {
	m, _ := style.(map[string]any)
	for _, k := range []struct{ key, mark string }{{"bold", "**"}, {"strike", "~~"}, {"code", "`"}} {
		if m[k.key] == true {
			s = e.marked(k.mark, s, k.mark)
		}
	}
	return s
}

// date is a moment as Slack writes it for a reader who keeps a 12-hour clock.
func (e *eyes) date(unix int64, format string) string {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		e.t.Fatal(err)
	}
	at := time.Unix(unix, 0).In(zone)
	day := at.Format("Jan 2, 2006")
	if at.Format(time.DateOnly) == "2026-11-25" {
		day = "today"
	}
	return strings.NewReplacer("{time}", at.Format("3:04 PM"), "{date_short_pretty}", day, "{ago}", "⟨ago "+at.Format("3:04 PM")+"⟩").Replace(format)
}

func (e *eyes) text(v any) string {
	s := str(v, "text")
	if str(v, "type") == "plain_text" {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = e.markup(strings.TrimPrefix(strings.TrimLeft(l, " \t"), "&gt;"))
	}
	return strings.Join(lines, "\n")
}

// markup reads a line of mrkdwn.
func (e *eyes) markup(l string) string {
	var b strings.Builder
	for l != "" {
		switch {
		case l[0] == '<':
			inside, rest, ok := strings.Cut(l[1:], ">")
			if !ok {
				e.t.Fatalf("a control sequence does not end: %q", l)
			}
			b.WriteString(e.control(inside))
			l = rest
			continue
		case l[0] == '`' && strings.Contains(l[1:], "`"): // nothing is read inside of code
			code, rest, _ := strings.Cut(l[1:], "`")
			b.WriteString(e.marked("`", strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(code), "`"))
			l = rest
			continue
		case strings.IndexByte("*~`", l[0]) >= 0, l[0] == '_' && (!inWord(b.String(), true) || !inWord(l[1:], false)):
			if !e.bare {
				b.WriteString(strings.ReplaceAll(strings.ReplaceAll(l[:1], "*", "**"), "~", "~~"))
			}
		case l[0] == '&':
			b.WriteString(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(l[:strings.IndexByte(l, ';')+1]))
			l = l[strings.IndexByte(l, ';'):]
		default:
			b.WriteByte(l[0])
		}
		l = l[1:]
	}
	return b.String()
}

func inWord(s string, last bool) bool {
	if s == "" {
		return false
	}
	c := s[0]
	if last {
		c = s[len(s)-1]
	}
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (e *eyes) control(inside string) string {
	what, label, _ := strings.Cut(inside, "|")
	plain := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	switch {
	case strings.HasPrefix(what, "@"):
		e.pinged = append(e.pinged, what[1:])
		return what
	case strings.HasPrefix(what, "#"):
		return what
	case strings.HasPrefix(what, "!date^"):
		part := strings.Split(what, "^")
		var at int64
		if _, err := fmt.Sscan(part[1], &at); err != nil || len(part) != 3 {
			e.t.Fatalf("%q is no moment", inside)
		}
		return e.date(at, part[2])
	case strings.HasPrefix(what, "!"):
		e.pinged = append(e.pinged, what)
		return what
	}
	e.links = append(e.links, plain.Replace(what))
	return plain.Replace(label)
}

func (e *eyes) input(b map[string]any) string {
	el := b["element"].(map[string]any)
	out := str(b["label"], "text")
	if b["optional"] == true {
		out += " (optional)"
	}
	switch el["type"] {
	case "plain_text_input":
		value := str(el, "initial_value")
		if value == "" {
			value = str(el["placeholder"], "text")
		}
		box := "\n  [" + value + "]"
		if el["multiline"] == true {
			box = "\n  [" + value + "\n   …]"
		}
		out += box
	case "static_select":
		chosen, _ := el["initial_option"].(map[string]any)
		out += "\n  ▾ " + str(chosen["text"], "text")
		for _, o := range items(el["options"]) {
			out += "\n    - " + str(o.(map[string]any)["text"], "text")
		}
	case "users_select":
		out += "\n  ▾ @" + str(el, "initial_user")
	case "checkboxes":
		box := "☐"
		if len(items(el["initial_options"])) > 0 {
			box = "☑"
		}
		out += "\n  " + box + " " + str(items(el["options"])[0].(map[string]any)["text"], "text")
	}
	if hint := str(b["hint"], "text"); hint != "" {
		out += "\n  " + hint
	}
	return out
}
