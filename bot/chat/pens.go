package chat

import "strings"

// plainPen writes words alone.
type plainPen struct{}

func (plainPen) words(s string) string  { return s }
func (plainPen) strong(s string) string { return s }
func (plainPen) code(s string) string   { return s }
func (plainPen) pre(s string) string    { return strings.TrimRight(s, "\n") }
func (plainPen) quote() string          { return "| " }

func (plainPen) struck(s string) string {
	if s == "" {
		return ""
	}
	return "[struck out: " + s + "]"
}

func (plainPen) link(label, url string) string {
	if label == url || "mailto:"+label == url {
		return label
	}
	return label + " (" + url + ")"
}

// markdownPen writes CommonMark (with the strike-through that most readers know).
type markdownPen struct{}

func (markdownPen) words(s string) string { return escapeMarkdown(s) }
func (markdownPen) quote() string         { return "> " }

func (p markdownPen) strong(s string) string { return around("**", s) }
func (p markdownPen) struck(s string) string { return around("~~", s) }

// around puts marks directly at the words, where CommonMark wants them.
func around(mark, s string) string {
	core := strings.TrimSpace(s)
	if core == "" {
		return s
	}
	i := strings.Index(s, core)
	lines := strings.Split(core, "\n")
	for j, l := range lines {
		if t := strings.TrimSpace(l); t != "" {
			lines[j] = mark + escapeMarkdown(t) + mark
		}
	}
	return s[:i] + strings.Join(lines, "\n") + s[i+len(core):]
}

func (markdownPen) code(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func (markdownPen) pre(s string) string {
	fence := strings.Repeat("`", max(3, longestRun(s, '`')+1))
	return fence + "\n" + strings.TrimRight(s, "\n") + "\n" + fence
}

func (markdownPen) link(label, url string) string {
	return "[" + escapeMarkdown(label) + "](<" + url + ">)"
}

func longestRun(s string, r rune) int {
	longest, run := 0, 0
	for _, c := range s {
		if c != r {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// escapeMarkdown escapes what could begin or end markup anywhere, and at the
// start of a line what could begin a block.
func escapeMarkdown(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = escapeLine(l)
	}
	return strings.Join(lines, "\n")
}

func escapeLine(l string) string {
	var b strings.Builder
	start := true
	digits := false
	for _, r := range l {
		switch {
		case strings.ContainsRune("\\`*_[]<>|~#&!", r),
			start && strings.ContainsRune("-+=", r),
			digits && (r == '.' || r == ')'):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		digits = (start || digits) && r >= '0' && r <= '9'
		start = start && (r == ' ' || r == '\t')
	}
	return b.String()
}
