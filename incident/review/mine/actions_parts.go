package mine

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is a piece of a message that names one action, word for word, and the
// one whom it names as its owner.
type part struct {
	text  string
	owner int
}

// parts cuts a message in the actions that it names: "ann: x, bob: y",
// "x (ann), y (bob)", numbered lines, sentences, "x and a y". There is at
// least one part.
func (l *listener) parts(m *msg) []part {
	body := strings.TrimSpace(m.body)
	if ps := l.byOwner(m, body); len(ps) > 0 {
		return ps
	}
	if ps := l.inBrackets(m, body); len(ps) > 0 {
		return ps
	}
	pieces := items(body)
	if len(pieces) < 2 {
		pieces = l.works(sentences(body))
	}
	if len(pieces) == 0 || len(body) > longBody {
		pieces = []string{body}
	}
	var out []part
	for _, p := range pieces {
		for _, q := range l.halves(p) {
			if q = tidy(q); q != "" {
				out = append(out, part{text: q})
			}
		}
	}
	if len(out) == 0 {
		out = append(out, part{text: tidy(body)})
	}
	return out
}

// longBody is the length from which a message is not cut in works.
const longBody = 600

// naming is where a text names somebody as the owner of what follows.
type naming struct{ from, to, owner int }

// namings finds where a text names owners.
func (l *listener) namings(m *msg, body string) []naming {
	var found []naming
	for at := 0; at < len(body); {
		n := wordRun(body[at:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(body[at:])
			at += size
			continue
		}
		if sep := separator(body[at+n:]); sep > 0 && opens(body[:at]) {
			if owner := l.personCalled(m, body[at:at+n]); owner != nobody {
				found = append(found, naming{at, at + n + sep, owner})
			}
		}
		at += n
	}
	if len(found) == 1 && found[0].from == 0 && found[0].owner != m.author && m.cue(commits) > 0 {
		return nil // "ann: I'll do it" speaks to ann
	}
	return found
}

// byOwner cuts "ann: draft the report, bob - alert on disk" at the names.
func (l *listener) byOwner(m *msg, body string) []part {
	found := l.namings(m, body)
	if len(found) == 0 {
		return nil
	}
	var out []part
	for _, p := range items(body[:found[0].from]) {
		if p = tidy(p); strings.Count(p, " ") >= 3 {
			out = append(out, part{text: p})
		}
	}
	for i, k := range found {
		end := len(body)
		if i+1 < len(found) {
			end = found[i+1].from
		}
		pieces := items(body[k.to:end])
		for _, p := range pieces {
			if p = tidy(p); p != "" && (strings.Contains(p, " ") || len(pieces) == 1) {
				out = append(out, part{p, k.owner})
			}
		}
	}
	return out
}

// wordRun is how long the name is that s begins with: letters, digits, and
// marks as in "@ann.b".
func wordRun(s string) int {
	n := 0
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && (r != '@' || i > 0) && (r != '-' && r != '.' && r != '\'' && r != '’' || i == 0) {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	return len(strings.TrimRight(s[:n], ".-"))
}

// separator is how long the mark is that stands between a name and a task.
func separator(s string) int {
	for _, mark := range []string{": ", " : ", " - ", " – ", " — ", " -> ", " → ", " => ", ":\n", ":"} {
		if strings.HasPrefix(s, mark) && (mark != ":" || len(s) > 1 && unicode.IsLetter(rune(s[1]))) {
			return len(mark)
		}
	}
	if strings.HasPrefix(s, " to ") {
		return len(" to ")
	}
	return 0
}

// opens says whether something new may begin after what was said.
func opens(before string) bool {
	before = strings.TrimRight(before, " \t")
	if before == "" || strings.HasSuffix(before, "\n") {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	if strings.ContainsRune(".,;:)(+•*-–/&!?>[", r) {
		return true
	}
	words := strings.Fields(strings.ToLower(before))
	switch words[len(words)-1] {
	case "and", "todo", "action", "actions", "ai", "then", "plus", "owner", "owners", "tasks":
		return true
	}
	return false
}

// inBrackets cuts "disk alert (ann), runbook (bob)" behind the names, and
// "disk alert @ann" or "disk alert - ann" at the ends of lines.
func (l *listener) inBrackets(m *msg, body string) []part {
	var out []part
	from := 0
	for at := range len(body) {
		if body[at] != '(' && body[at] != '[' {
			continue
		}
		end := strings.IndexAny(body[at:], ")]")
		if end < 0 {
			break
		}
		inner := strings.TrimSpace(body[at+1 : at+end])
		for _, lead := range []string{"owner:", "owner", "->", "→"} {
			inner = strings.TrimSpace(strings.TrimPrefix(inner, lead))
		}
		inner, _, _ = strings.Cut(inner, ",") // "(ann, by friday)"
		if owner := l.personCalled(m, inner); owner != nobody {
			if p := tidy(body[from:at]); strings.Contains(p, " ") {
				out = append(out, part{lastItem(p), owner})
			}
			from = at + end + 1
		}
	}
	return out
}

// lastItem is what stands after the heading of a list.
func lastItem(s string) string {
	if ps := items(s); len(ps) > 0 {
		return tidy(ps[len(ps)-1])
	}
	return s
}

// items cuts a text at its lines, bullets and numbers, and drops headings.
func items(body string) []string {
	var out []string
	from := 0
	cut := func(to int) {
		p := strings.TrimSpace(body[from:to])
		if p != "" && !strings.HasSuffix(p, ":") {
			out = append(out, p)
		}
	}
	for at := 0; at < len(body); at++ {
		if at > 0 && body[at-1] != ' ' && body[at-1] != '\n' {
			continue
		}
		if n := bullet(body[at:]); n > 0 && (startsLine(body[:at]) || isCounted(body[at:])) {
			cut(at)
			from = at + n
			at += n - 1
		} else if at > 0 && body[at-1] == '\n' && at > from {
			cut(at)
			from = at
		}
	}
	cut(len(body))
	return out
}

func startsLine(before string) bool {
	before = strings.TrimRight(before, " \t")
	return before == "" || strings.HasSuffix(before, "\n")
}

// isCounted is for items that say their number; those may stand in a line.
func isCounted(s string) bool {
	return s[0] == '(' || s[0] >= '0' && s[0] <= '9' || len(s) > 1 && s[1] == ')'
}

// bullet is how long the mark of an item is that s begins with: "- ", "2. ",
// "b) ", "+ ".
func bullet(s string) int {
	for _, mark := range []string{"- ", "* ", "• ", "– ", "+ ", "[ ] ", "- [ ] "} {
		if strings.HasPrefix(s, mark) {
			return len(mark)
		}
	}
	return counted(s)
}

// counted is how long the number of an item is: "2. ", "b) ", "(1) ".
func counted(s string) int {
	n := 0
	if strings.HasPrefix(s, "(") {
		n = 1
	}
	d := n
	for d < len(s) && d < n+2 && s[d] >= '0' && s[d] <= '9' {
		d++
	}
	if d == n && strings.IndexByte("abcde", byteAt(s, d)) >= 0 && byteAt(s, d+1) == ')' {
		d++
	}
	if end := byteAt(s, d); d > n && (end == '.' || end == ')') && byteAt(s, d+1) == ' ' {
		return d + 2
	}
	return 0
}

func byteAt(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}

// sentences cuts a text at the ends of its sentences.
func sentences(body string) []string {
	var out []string
	from := 0
	for at := range max(0, len(body)-1) {
		if strings.IndexByte(".!?;", body[at]) >= 0 && body[at+1] == ' ' {
			out = append(out, body[from:at+1])
			from = at + 2
		}
	}
	return append(out, body[min(from, len(body)):])
}

// works keeps the sentences that ask for work or promise it.
func (l *listener) works(ss []string) []string {
	if len(ss) < 2 {
		return ss
	}
	var out []string
	for _, s := range ss {
		c := l.cuesOf(s)
		duty := c[marks]+c[commits]+c[requests]+c[lacks] > 0
		if duty && c[prevents]+c[lateron]+c[marks] > 0 && strings.Count(strings.TrimSpace(s), " ") >= 2 {
			out = append(out, s)
		}
	}
	return out
}

// halves cuts "an issue for x and one for y" and "cap x and add a test for it"
// when both halves name work.
func (l *listener) halves(s string) []string {
	if len(s) >= longPart {
		return []string{s}
	}
	for at := range len(s) {
		n := joint(s[at:])
		if n == 0 {
			continue
		}
		first, rest := s[:at], s[at+n:]
		next, _, _ := strings.Cut(rest, " ")
		if strings.Count(rest, " ") < 2 || !beginsWork(next) {
			continue
		}
		c, d := l.cuesOf(first), l.cuesOf(rest)
		if c[prevents]+c[requests]+c[commits]+c[lacks]+c[marks] > 0 && (d[prevents] > 0 || n > len(" and ") || next == "one") {
			return []string{first, rest}
		}
	}
	return []string{s}
}

// longPart is the length from which a sentence is no list of two works.
const longPart = 240

// joint is how long what joins two works is that s begins with.
func joint(s string) int {
	for _, j := range []string{", and ", " and also ", " and then ", " and ", "; "} {
		if strings.HasPrefix(s, j) {
			return len(j)
		}
	}
	return 0
}

// beginsWork says whether a word can open the second of two works.
func beginsWork(w string) bool {
	switch strings.ToLower(w) {
	case "one", "a", "an", "the", "some", "add", "write", "fix", "make", "put", "set", "document", "test", "create", "build", "move", "remove", "ask", "check", "open", "file",
		"update", "change", "review", "alert", "monitor", "clean", "replace", "rotate", "automate", "schedule", "find", "get", "use", "raise", "lower", "draft", "tell", "we", "i'll", "to", "also":
		return true
	}
	return false
}

// cuesOf reads a piece of a message.
func (l *listener) cuesOf(s string) [classes]float32 {
	r := reader{v: l.voc, most: len(s)}
	r.read(s)
	l.now++
	return l.voc.cues(r.prose, l.hit, l.now)
}

// tidy takes the marks off the ends of a piece.
func tidy(s string) string {
	s = strings.TrimSpace(s)
	for {
		n := bullet(s)
		if n == 0 {
			break
		}
		s = strings.TrimSpace(s[n:])
	}
	s = strings.TrimRight(strings.Trim(s, " \t\n,;:-–+•*&/"), ".")
	for _, end := range []string{" and", " then"} {
		s = strings.TrimSuffix(s, end)
	}
	if last := strings.LastIndexAny(s, " \n"); last >= 0 && bullet(s[last+1:]+" ") > 0 {
		s = strings.TrimSpace(s[:last])
	}
	return s
}
