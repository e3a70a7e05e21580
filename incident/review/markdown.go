package review

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// CiteForm says how Markdown shows what a sentence rests on.
type CiteForm int

// The forms: as ids ("[m012]"), or as numbers that link to the messages where
// those have an address, with a list of them at the end.
const (
	CiteIDs CiteForm = iota
	CiteLinks
)

// machineMade stands at the head of every draft.
const machineMade = "Draft, made by machine from what was said and recorded. People decide what it means."

// Markdown draws a draft as Markdown. Each sentence ends in what it cites. No
// word of the draft becomes markup.
func Markdown(d Draft, form CiteForm) string {
	w := markdown{d: d, form: form}
	order, number := d.references()
	w.number = number
	w.printf("# %s\n\n", escapeMarkdown(d.heading()))
	if state := d.state(); state != "" {
		w.printf("_%s_\n\n", escapeMarkdown(state))
	}
	w.printf("_%s_\n", machineMade)
	for _, s := range d.Sections {
		w.section(s)
	}
	if form == CiteLinks {
		w.list(order)
	}
	return w.b.String()
}

// heading is the title of the whole draft.
func (d Draft) heading() string {
	head := cmp.Or(d.Form, "Review")
	if d.Number != "" {
		head += " of " + d.Number
	}
	if d.Title != "" {
		head += ": " + d.Title
	}
	return head
}

// state is the severity and status, as recorded.
func (d Draft) state() string {
	var parts []string
	for _, s := range [...]string{d.Severity, d.Status} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if d.Drill {
		parts = append(parts, "drill")
	}
	if d.Private {
		parts = append(parts, "private")
	}
	return strings.Join(parts, ", ")
}

type markdown struct {
	b      strings.Builder
	d      Draft
	form   CiteForm
	number map[string]int
	loose  bool // a paragraph stands open, not a list
}

func (w *markdown) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *markdown) section(s Section) {
	w.printf("\n## %s\n\n", escapeMarkdown(s.Title))
	day := ""
	w.loose = false
	for i, l := range s.Lines {
		if s.Key == Timeline && l.Class != "" && !l.At.IsZero() {
			if d := l.At.UTC().Format(time.DateOnly); d != day {
				if day != "" {
					w.printf("\n")
				}
				w.printf("### %s, times in UTC\n\n", d)
				day = d
			}
		}
		w.line(l, i == 0)
	}
}

// line writes one line: a list item, or a paragraph of its own for a note.
func (w *markdown) line(l Line, first bool) {
	note := (l.Kind == Note || l.Kind == Ask) && len(l.Cites) == 0 && l.Link == ""
	if !first && (note || w.loose) {
		w.printf("\n")
	}
	w.loose = note
	indent := ""
	if l.Under != "" && l.Kind != Own {
		indent = "  "
	}
	switch {
	case note:
		w.printf("_%s_\n", escapeMarkdown(oneLine(l.Text)))
	case l.Kind == Own:
		w.own(l)
	case safeLink(l.Link):
		w.printf("- [%s](%s)\n", escapeMarkdown(oneLine(l.Text)), escapeLink(l.Link))
	default:
		w.printf("%s- %s%s%s\n", indent, escapeMarkdown(oneLine(w.d.Sentence(l))), w.cites(l.Cites), w.aside(l))
	}
}

// own writes what a person wrote, line for line.
func (w *markdown) own(l Line) {
	mark := "- " + escapeMarkdown(oneLine(w.d.label(l)))
	if len(mark) > len("- ") {
		mark += " "
	}
	for text := range strings.Lines(strings.TrimSpace(l.Text)) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			w.printf("%s%s", mark, escapeMarkdown(text))
			mark = "\\\n  "
		}
	}
	w.printf("%s%s\n", w.cites(l.Cites), w.aside(l))
}

// aside is what stands behind a line's citations.
func (w *markdown) aside(l Line) string {
	if a := l.aside(); a != "" {
		return " " + escapeMarkdown(a)
	}
	return ""
}

func (w *markdown) cites(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	if w.form == CiteIDs {
		return " [" + escapeMarkdown(strings.Join(ids, ", ")) + "]"
	}
	var b strings.Builder
	for _, id := range ids {
		n := w.number[id]
		if n == 0 {
			continue
		}
		if link := w.d.Sources[id].Link; safeLink(link) {
			fmt.Fprintf(&b, " [\\[%d\\]](%s)", n, escapeLink(link))
		} else {
			fmt.Fprintf(&b, " \\[%d\\]", n)
		}
	}
	return b.String()
}

// list writes the sources, by number.
func (w *markdown) list(order []string) {
	if len(order) == 0 {
		return
	}
	w.printf("\n## Messages and records\n\n")
	for i, id := range order {
		s := w.d.Sources[id]
		who := s.Author
		if s.Fact && who == "" {
			who = "recorded"
		}
		w.printf("%s\\. %s %s: %s\n\n", strconv.Itoa(i+1), s.At.UTC().Format("2006-01-02 15:04"), escapeMarkdown(oneLine(who)), escapeMarkdown(oneLine(s.Text)))
	}
}

// safeLink says that an address may be linked to.
func safeLink(link string) bool {
	return strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://")
}

// escapeLink takes what would end a Markdown link, or begin other markup, out
// of an address.
func escapeLink(link string) string {
	var b strings.Builder
	for _, c := range []byte(link) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("()<>\\`\"[]*_|!~", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// escapeMarkdown keeps words from becoming markup: no emphasis, code, link,
// image, heading, list, table, footnote or entity.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case strings.ContainsRune("\n\r\t\v\f\u2028\u2029\x00", r):
			r = ' '
		case strings.ContainsRune("\\`*_[]<>|~&", r), i == 0 && strings.ContainsRune("#+-=!:", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	out := b.String()
	rest := strings.TrimLeft(out, "0123456789")
	if n := len(out) - len(rest); n > 0 && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ")")) {
		out = out[:n] + "\\" + rest // "1." would begin a list
	}
	return out
}
