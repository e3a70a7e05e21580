package review

import (
	"slices"
	"strconv"
	"strings"

	"tocsin/incident/review/source"
)

// Template is how a house wants its reviews: which sections, in which order,
// under which headings, with which questions of its own. Its zero value is the
// draft as it comes.
type Template struct {
	Title    string    // of the whole, before the number: "Post-incident review"; empty: "Review"
	Sections []Heading // none: all, in their order
}

// Heading is a section as a template wants it.
type Heading struct {
	// Key names the section. One that is none of ours is a section of the
	// house's own, which holds its questions.
	Key   SectionKey
	Title string   // empty: the section's own
	Asks  []string // questions to people, after the section's lines
}

// MakeAs makes the draft of an input in the form of a template.
func MakeAs(in source.Input, t Template) Draft { return t.Apply(Make(in)) }

// Apply gives a draft the form of a template. What the draft says of itself
// (its head, and its sources with what was left out) is never left out.
func (t Template) Apply(d Draft) Draft {
	if t.Title != "" {
		d.Form = t.Title
	}
	if len(t.Sections) == 0 {
		return d
	}
	var out []Section
	placed := map[SectionKey]bool{}
	for _, h := range t.Sections {
		if h.Key == "" || placed[h.Key] {
			continue
		}
		placed[h.Key] = true
		out = append(out, h.section(d.Section(h.Key)))
	}
	if !placed[Header] {
		out = append([]Section{d.Section(Header)}, out...)
	}
	if !placed[Sources] {
		out = append(out, d.Section(Sources))
	}
	d.Sections = slices.DeleteFunc(out, func(s Section) bool { return len(s.Lines) == 0 })
	d.Sources = cited(d)
	return d
}

func (h Heading) section(s Section) Section {
	s.Key, s.Lines = h.Key, slices.Clone(s.Lines)
	switch {
	case h.Title != "":
		s.Title = h.Title
	case s.Title == "":
		s.Title = string(h.Key)
	}
	taken := map[string]bool{}
	for _, l := range s.Lines {
		taken[l.Key] = true
	}
	for _, ask := range h.Asks {
		key := string(h.Key) + "/ask/" + slug(ask)
		for n := 2; taken[key]; n++ {
			key = string(h.Key) + "/ask/" + slug(ask) + "-" + strconv.Itoa(n)
		}
		taken[key] = true
		s.Lines = append(s.Lines, Line{Key: key, Kind: Ask, Text: oneLine(ask)})
	}
	if len(s.Lines) == 0 {
		s.Lines = []Line{{Key: string(h.Key) + "/none", Kind: Note, Text: nothing}}
	}
	return s
}

// slug makes a key of a question, so that an answer to it stays with it.
func slug(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 128
	})
	s := strings.Join(words, "-")
	if len(s) > 60 {
		s = strings.TrimRight(strings.ToValidUTF8(s[:60], ""), "-")
	}
	return s
}

// cited keeps the sources that a draft's lines cite.
func cited(d Draft) map[string]Source {
	out := map[string]Source{}
	for _, s := range d.Sections {
		for _, l := range s.Lines {
			for _, id := range l.Cites {
				if src, ok := d.Sources[id]; ok {
					out[id] = src
				}
			}
		}
	}
	return out
}
