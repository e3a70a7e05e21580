package bot

import (
	"context"
	"slices"
	"strings"

	"tocsin/bot/web"
	"tocsin/incident"
	"tocsin/incident/review"
)

// laid is a line of a review: the machine's, with what people made of it.
type laid struct {
	review.Line
	section review.SectionKey
	touched incident.ReviewLine // zero: nobody touched it
	own     bool                // a person added it, or the machine no longer has it
}

// laidSection is a section of a review.
type laidSection struct {
	key   review.SectionKey
	title string
	lines []laid // those that were taken out too
}

// layOver lays what people wrote over a draft. Nothing that they wrote is
// lost: a line that the machine no longer makes stays, with their words.
func layOver(d review.Draft, v incident.Review) []laidSection {
	met := map[string]bool{}
	out := make([]laidSection, 0, len(d.Sections))
	for _, s := range d.Sections {
		one := laidSection{key: s.Key, title: s.Title}
		for _, l := range s.Lines {
			met[l.Key] = true
			touched, _ := v.Line(l.Key)
			one.lines = append(one.lines, laid{Line: l, section: s.Key, touched: touched})
		}
		out = append(out, one)
	}
	for _, t := range v.Lines {
		if met[t.Key] || !t.Own && (t.Removed || !t.Edited) {
			continue
		}
		out = placed(out, t)
	}
	return out
}

// placed puts a line of somebody's own where they wanted it.
func placed(all []laidSection, t incident.ReviewLine) []laidSection {
	l := laid{Line: review.Line{Key: t.Key, Kind: review.Own, Who: string(t.By)}, section: review.SectionKey(t.Section), touched: t, own: true}
	at := slices.IndexFunc(all, func(s laidSection) bool { return string(s.key) == t.Section })
	if at < 0 {
		all = append(all, laidSection{key: l.section, title: headingOf(l.section)})
		at = len(all) - 1
	}
	s := &all[at]
	after := slices.IndexFunc(s.lines, func(o laid) bool { return t.After != "" && o.Key == t.After })
	if after < 0 {
		s.lines = append(s.lines, l)
		return all
	}
	for after++; after < len(s.lines) && s.lines[after].touched.After == t.After && s.lines[after].own; {
		after++ // behind those that were put there before
	}
	s.lines = slices.Insert(s.lines, after, l)
	return all
}

// headingOf is what a section is called that the draft does not have.
func headingOf(key review.SectionKey) string {
	if h := key.Heading(); h != "" {
		return h
	}
	return string(key)
}

// written says that the line reads as people wrote it.
func (l laid) written() bool { return l.own || l.touched.Edited }

// reads is the line as it reads now.
func (l laid) reads() string {
	switch {
	case l.written():
		return l.touched.Text.String()
	case l.Kind == review.Ask:
		return ""
	}
	return l.Text
}

// drawn is a draft with people's words in it and without what was taken out,
// for the renderers.
func drawn(d review.Draft, sections []laidSection, name func(incident.PersonID) string) review.Draft {
	names := make(map[string]string, len(d.Names))
	for id, n := range d.Names {
		names[id] = n
	}
	d.Names, d.Sections = names, nil
	for _, s := range sections {
		one := review.Section{Key: s.key, Title: s.title}
		for _, l := range s.lines {
			if l.touched.Removed {
				continue
			}
			if l.written() {
				names[string(l.touched.By)] = name(l.touched.By)
			}
			one.Lines = append(one.Lines, l.printed()...)
		}
		one.Lines = withoutNone(one.Lines, s.key)
		if len(one.Lines) > 0 {
			d.Sections = append(d.Sections, one)
		}
	}
	return d
}

// printed is what the renderers get of a line: a question and its answer are two.
func (l laid) printed() []review.Line {
	if !l.written() {
		return []review.Line{l.Line}
	}
	now := l.Line
	now.Kind, now.Text, now.Who, now.Quote = review.Own, l.reads(), string(l.touched.By), false
	if l.Kind != review.Ask {
		return []review.Line{now}
	}
	now.Key, now.Under, now.Cites = l.Key+"/answer", l.Key, nil
	return []review.Line{l.Line, now}
}

// withoutNone drops "not stated" from a section in which something is.
func withoutNone(lines []review.Line, key review.SectionKey) []review.Line {
	none := string(key) + "/none"
	others := slices.ContainsFunc(lines, func(l review.Line) bool { return l.Key != none && l.Kind != review.Ask })
	if !others {
		return lines
	}
	return slices.DeleteFunc(lines, func(l review.Line) bool { return l.Key == none })
}

// shown is a line as the page has it.
func (r *reviews) shown(ctx context.Context, l laid) web.ReviewLine {
	name := r.namer(ctx)
	out := web.ReviewLine{
		Key: l.Key, Section: l.section, Kind: l.Kind, Text: l.reads(), Machine: l.Text, At: l.At, Who: name(incident.PersonID(l.Who)),
		Cites: l.Cites, Quote: l.Quote && !l.written(), Sure: l.Sure, Mark: l.Mark, Owner: name(incident.PersonID(l.Owner)), Due: l.Due, Under: l.Under, Class: l.Class, Image: l.Image,
		Version: uint64(l.touched.Version), By: name(l.touched.By), Changed: l.touched.At, Removed: l.touched.Removed, Own: l.own,
	}
	return out
}

// namer gives people's names; nobody has none.
func (r *reviews) namer(ctx context.Context) func(incident.PersonID) string {
	return func(id incident.PersonID) string {
		if id == "" || id == incident.House {
			return ""
		}
		return r.people.Person(ctx, id).Name
	}
}

// placeOf reads where the house keeps a message.
func placeOf(s string) (m incident.MessageRef, ok bool) {
	parts := strings.SplitN(s, "/", 3)
	if len(parts) != 3 || parts[2] == "" {
		return m, false
	}
	return incident.MessageRef{Platform: parts[0], Room: parts[1], ID: parts[2]}, true
}
