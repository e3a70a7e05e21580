package review

import (
	"context"
	"slices"

	"tocsin/incident/review/check"
	"tocsin/incident/review/source"
)

// Rewriter puts lines of one section into plainer or fewer sentences: the
// place for a language model. It gets what the lines rest on, scrubbed, and
// gives sentences with the ids that they rest on. It is not trusted: what it
// gives stands only when the checker passes it.
type Rewriter interface {
	Rewrite(ctx context.Context, section Section, sources []Source) ([]Rewritten, error)
}

// Rewritten is one sentence in the place of a line.
type Rewritten struct {
	Line  string // the key of the line
	Text  string
	Cites []string
}

// Refused is a sentence of a rewriter that does not stand, and why.
type Refused struct {
	Rewritten
	Why check.Refusal
}

// Rewrite lets a rewriter at the lines of some sections. A sentence takes the
// place of the words of its line only when the checker passes it, and cites
// only what the rewriter was given; else, and where the rewriter fails, the
// quote stays. Times, owners and verdicts stay the draft's own in any case.
func Rewrite(ctx context.Context, d Draft, in source.Input, r Rewriter, sections ...SectionKey) (Draft, []Refused) {
	var known []check.Resolved
	for _, t := range moments(d.Times) {
		for c := t.Moment; c != nil; c = c.Other {
			known = append(known, check.Resolved{At: c.At, Cites: c.Cites})
		}
	}
	c := check.New(in, known...)
	var refused []Refused
	d.Sections = slices.Clone(d.Sections)
	for i, s := range d.Sections {
		if !slices.Contains(sections, s.Key) {
			continue
		}
		given := given(d, s)
		said, err := r.Rewrite(ctx, s, given)
		if err != nil {
			continue
		}
		s.Lines = slices.Clone(s.Lines)
		for _, one := range said {
			if why := s.put(one, given, c); why != check.Stands {
				refused = append(refused, Refused{one, why})
			}
		}
		d.Sections[i] = s
	}
	return d, refused
}

// given are the sources of a section's lines, in the order of their citing.
func given(d Draft, s Section) []Source {
	var out []Source
	seen := map[string]bool{}
	for _, l := range s.Lines {
		for _, id := range l.Cites {
			if src, ok := d.Sources[id]; ok && !seen[id] {
				seen[id] = true
				out = append(out, src)
			}
		}
	}
	return out
}

// put sets a sentence in the place of its line's words.
func (s Section) put(one Rewritten, given []Source, c *check.Checker) check.Refusal {
	i := slices.IndexFunc(s.Lines, func(l Line) bool { return l.Key == one.Line })
	if i < 0 || s.Lines[i].Kind != Fact && s.Lines[i].Kind != Opinion {
		return check.UnknownID
	}
	for _, id := range one.Cites {
		if !slices.ContainsFunc(given, func(s Source) bool { return s.ID == id }) {
			return check.UnknownID
		}
	}
	text := oneLine(one.Text)
	if why := c.Check(text, one.Cites); why != check.Stands {
		return why
	}
	l := s.Lines[i]
	l.Text, l.Cites, l.Quote, l.Who = text, slices.Clone(one.Cites), false, ""
	s.Lines[i] = l
	return check.Stands
}
