package review

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// CiteForm says how Markdown shows what a sentence rests on.
type CiteForm int

// The forms: as ids ("[m012]"), or as links to the messages where they have
// an address.
const (
	CiteIDs CiteForm = iota
	CiteLinks
)

// Markdown draws a draft as Markdown. Each sentence ends in what it cites. No
// word of the draft becomes markup.
func Markdown(d Draft, form CiteForm) string {
	w := markdown{d: d, form: form}
	w.printf("# %s\n\n", escapeMarkdown(d.heading()))
	w.printf("_Draft: made by machine from what was said and recorded. People decide what it means._\n")
	for _, s := range d.Sections {
		w.section(s)
	}
	return w.b.String()
}

// heading is the title of the whole draft.
func (d Draft) heading() string {
	parts := []string{cmp.Or(d.Form, "Review")}
	if d.Number != "" {
		parts[0] += " of " + d.Number
	}
	if d.Title != "" {
		parts = append(parts, d.Title)
	}
	return strings.Join(parts, ": ")
}

type markdown struct {
	b    strings.Builder
	d    Draft
	form CiteForm
}

func (w *markdown) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *markdown) section(s Section) {
	w.printf("\n## %s\n\n", escapeMarkdown(s.Title))
	day := ""
	for _, l := range s.Lines {
		if s.Key == Timeline && !l.At.IsZero() {
			if d := l.At.UTC().Format(time.DateOnly); d != day {
				if day != "" {
					w.printf("\n")
				}
				w.printf("### %s (UTC)\n\n", d)
				day = d
			}
		}
		w.line(l)
	}
}

func (w *markdown) line(l Line) {
	if l.Under != "" {
		w.printf("  ")
	}
	switch l.Kind {
	case Note, Ask:
		if len(l.Cites) == 0 {
			w.printf("- _%s_\n", escapeMarkdown(l.Text))
			return
		}
		w.printf("- %s%s\n", escapeMarkdown(l.Text), w.cites(l.Cites))
	case Fact, Opinion:
		w.printf("- %s%s\n", escapeMarkdown(w.d.Sentence(l)), w.cites(l.Cites))
	}
}

func (w *markdown) cites(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	if w.form == CiteIDs {
		return " [" + strings.Join(ids, ", ") + "]"
	}
	var parts []string
	for _, id := range ids {
		if link := w.d.Sources[id].Link; safeLink(link) {
			parts = append(parts, "["+id+"]("+escapeLink(link)+")")
		} else {
			parts = append(parts, "["+id+"]")
		}
	}
	return " " + strings.Join(parts, " ")
}

// Sentence is a line as one sentence, without its citations.
func (d Draft) Sentence(l Line) string {
	var b strings.Builder
	if !l.At.IsZero() && l.Class != "" {
		b.WriteString(l.At.UTC().Format("15:04") + " ")
	}
	if l.Mark != "" {
		b.WriteString(strings.ToUpper(l.Mark[:1]) + l.Mark[1:] + ": ")
	}
	if l.Who != "" {
		b.WriteString(d.name(l.Who) + ": ")
	}
	b.WriteString(l.Text)
	if l.Class == "" && !l.At.IsZero() && l.Who == "" {
		b.WriteString(": " + l.At.UTC().Format("15:04") + " UTC")
	}
	return b.String()
}

func (d Draft) name(id string) string {
	if n := d.Names[id]; n != "" {
		return n
	}
	return id
}

// safeLink says that an address may be linked to.
func safeLink(link string) bool {
	return strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://")
}

// escapeLink takes what would end a Markdown link out of an address.
func escapeLink(link string) string {
	return strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "\\", "%5C", "\n", "", "\r", "", "\t", "", "`", "%60", `"`, "%22").Replace(link)
}

// escapeMarkdown keeps words from becoming markup.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch r {
		case '\\', '`', '*', '_', '[', ']', '<', '>', '|', '~', '#', '!', '&':
			b.WriteByte('\\')
		case '\n', '\r', '\t':
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
