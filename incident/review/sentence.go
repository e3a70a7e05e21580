package review

import (
	"strings"
	"time"
)

// Sentence is a line as one sentence of plain words, without its citations:
// the clock where it stands in time, its mark, whose words they are, and the
// words.
func (d Draft) Sentence(l Line) string {
	var b strings.Builder
	if l.Class != "" && !l.At.IsZero() {
		b.WriteString(l.At.UTC().Format("15:04") + " ")
	}
	b.WriteString(d.label(l))
	if l.Who != "" && l.Kind != Own && !l.isAction() {
		b.WriteString(d.name(l.Who) + ": ")
	}
	b.WriteString(l.Text)
	return b.String()
}

// label stands before a line's words: its mark, and of an action item whose it is.
func (d Draft) label(l Line) string {
	var label string
	if l.Mark != "" && l.Kind != Note {
		label = sentence(l.Mark) + ": "
	}
	if l.isAction() {
		label += d.owner(l) + ": "
	}
	return label
}

// owner says whose an action item is, or that it is nobody's.
func (d Draft) owner(l Line) string {
	if l.Owner == "" {
		return "Unassigned"
	}
	return "Owner " + d.name(l.Owner)
}

// isAction says that a line is an action item, which has an owner or lacks one.
func (l Line) isAction() bool {
	return strings.HasPrefix(l.Key, string(Actions)+"/") && (l.Kind == Fact || l.Kind == Opinion || l.Kind == Own)
}

func (d Draft) name(id string) string {
	if n := d.Names[id]; n != "" {
		return n
	}
	return id
}

// aside is what stands behind a line's citations: what the draft says of the
// line itself.
func (l Line) aside() string {
	var parts []string
	if l.Kind == Note && l.Mark != "" {
		parts = append(parts, l.Mark)
	}
	if strings.HasPrefix(l.Key, string(Times)+"/") && !l.At.IsZero() {
		parts = append(parts, l.At.UTC().Format(time.DateOnly))
	}
	if l.isAction() && !l.Due.IsZero() {
		parts = append(parts, "due "+l.Due.UTC().Format(time.DateOnly))
	}
	if l.Foreign && l.Kind != Own {
		parts = append(parts, "not in English")
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, "; ") + ")"
}

// references numbers the sources of a draft in the order in which its lines
// cite them, from 1.
func (d Draft) references() (order []string, number map[string]int) {
	number = map[string]int{}
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			for _, id := range l.Cites {
				if _, known := d.Sources[id]; known && number[id] == 0 {
					order = append(order, id)
					number[id] = len(order)
				}
			}
		}
	}
	return order, number
}
