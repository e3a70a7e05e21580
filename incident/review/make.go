package review

import (
	"slices"
	"strings"
	"time"

	"tocsin/incident/review/check"
	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// nothing is what a section says that the channel says nothing about.
const nothing = "Not stated in the channel."

// Make makes the draft of an input. Equal inputs give equal drafts.
func Make(in source.Input) Draft { return MakeFrom(in, mine.Find(in)) }

// MakeFrom makes the draft of an input and of what was found in it.
func MakeFrom(in source.Input, finds mine.Finds) Draft {
	m := newMaker(in, finds)
	d := Draft{
		Number: in.Number, Title: oneLine(in.Title), Severity: in.Severity, Status: in.Status, Link: in.Link,
		Private: in.Private, Drill: in.Drill, Times: finds.Times, Redacted: slices.Clone(in.Redacted), Names: m.names(),
	}
	sections := map[SectionKey][]Line{}
	for _, key := range Order() {
		if key != Participants && key != Sources { // they count what the others cite
			sections[key] = m.checked(d, key, m.section(key))
		}
	}
	m.count(sections)
	sections[Participants] = m.checked(d, Participants, m.participants())
	sections[Sources] = m.used()
	for _, key := range Order() {
		lines := sections[key]
		if len(lines) == 0 {
			lines = []Line{{Key: string(key) + "/none", Kind: Note, Text: nothing}}
		}
		d.Sections = append(d.Sections, Section{Key: key, Title: key.Heading(), Lines: lines})
	}
	d.Sources = m.sources(d.Sections)
	return d
}

// maker holds an input by id while its draft is made.
type maker struct {
	in       source.Input
	finds    mine.Finds
	people   map[string]source.Person
	messages map[string]*source.Message
	facts    map[string]*source.Fact
	captured map[string]bool // messages that a fact is about
	foreign  map[string]bool
	cited    map[string]bool // ids that lines cite, once all but a few sections are made
	called   map[string]bool // words that people are called by
	keys     map[string]int
	checker  *check.Checker
	manyDays bool // the times lie on more than one day
}

func newMaker(in source.Input, finds mine.Finds) *maker {
	m := &maker{
		in: in, finds: finds,
		people:   make(map[string]source.Person, len(in.People)),
		messages: make(map[string]*source.Message, len(in.Messages)),
		facts:    make(map[string]*source.Fact, len(in.Facts)),
		captured: map[string]bool{}, foreign: map[string]bool{}, cited: map[string]bool{}, keys: map[string]int{}, called: map[string]bool{},
	}
	for _, p := range in.People {
		m.people[p.ID] = p
	}
	for i := range in.Messages {
		m.messages[in.Messages[i].ID] = &in.Messages[i]
	}
	for i := range in.Facts {
		f := &in.Facts[i]
		m.facts[f.ID] = f
		if f.About != "" && !f.Struck {
			m.captured[f.About] = true
		}
	}
	for _, id := range finds.Foreign {
		m.foreign[id] = true
	}
	m.callNames()
	m.manyDays = m.overDays()
	m.checker = check.New(in, m.resolved()...)
	return m
}

// resolved are the moments that were worked out, which lines may give.
func (m *maker) resolved() []check.Resolved {
	var out []check.Resolved
	for _, t := range moments(m.finds.Times) {
		for c := t.Moment; c != nil; c = c.Other {
			out = append(out, check.Resolved{At: c.At, Cites: c.Cites})
		}
	}
	for _, e := range m.finds.Timeline {
		if len(e.Cites) > 0 && !e.At.IsZero() {
			out = append(out, check.Resolved{At: e.At, Cites: e.Cites[:1]})
		}
	}
	return out
}

// section makes the lines of one section, of those that do not count what the
// others cite.
func (m *maker) section(key SectionKey) []Line {
	switch key {
	case Header:
		return m.header()
	case Summary:
		return m.summary()
	case Times:
		return m.times()
	case Timeline:
		return m.timeline()
	case Hypotheses:
		return m.hypotheses()
	case Decisions:
		return m.decisions()
	case Actions:
		return m.actions()
	case Asked:
		return m.asked()
	case Related:
		return m.related()
	case Impact, Detection, Mitigations, Handovers, Reopenings, Factors, Opinions, Questions, Participants, Sources:
	}
	return m.quotes(key, m.quotable()[key])
}

// quotable are the finds that a section quotes as they are.
func (m *maker) quotable() map[SectionKey][]mine.Quote {
	f := m.finds
	return map[SectionKey][]mine.Quote{
		Impact: f.Impact, Detection: f.Detection, Mitigations: f.Mitigations, Handovers: f.Handovers, Reopenings: f.Reopenings,
		Factors: f.Factors, Opinions: f.Opinions, Questions: f.Questions,
	}
}

// checked holds each line that states something against its sources. One that
// they do not support becomes the quote; one that is the quote already loses
// what the draft put around it.
func (m *maker) checked(d Draft, key SectionKey, lines []Line) []Line {
	out := lines[:0]
	for _, l := range lines {
		if l.Kind == Note || l.Kind == Ask || m.checker.Check(d.Sentence(l), l.Cites) == check.Stands {
			out = append(out, l)
			continue
		}
		if !l.Quote && (key == Times || key == Participants || key == Header) {
			continue // a label with a time: there is nothing to quote
		}
		m.quoteInstead(&l)
		out = append(out, l)
	}
	return out
}

func (m *maker) quoteInstead(l *Line) {
	who, words, at := m.say(l.Cites[0])
	l.Who, l.Text, l.At, l.Owner, l.Due = who, quoted(words), at, "", time.Time{}
	l.Quote = true
}

// visible keeps the ids that a line may cite.
func (m *maker) visible(ids []string) []string {
	var out []string
	for _, id := range ids {
		if slices.Contains(out, id) {
			continue
		}
		if msg := m.messages[id]; msg != nil && !msg.Deleted {
			out = append(out, id)
		}
		if f := m.facts[id]; f != nil && !f.Struck {
			out = append(out, id)
		}
	}
	return out
}

// key is unique in the draft: a second line on the same source is told apart.
func (m *maker) key(section SectionKey, rest string) string {
	k := string(section) + "/" + rest
	m.keys[k]++
	return k + strings.Repeat("+", m.keys[k]-1)
}

// count notes what the lines cite.
func (m *maker) count(sections map[SectionKey][]Line) {
	for _, lines := range sections {
		for _, l := range lines {
			for _, id := range l.Cites {
				m.cited[id] = true
			}
		}
	}
}

// sources are what the lines cite, as the reader sees it.
func (m *maker) sources(sections []Section) map[string]Source {
	out := map[string]Source{}
	for _, s := range sections {
		for _, l := range s.Lines {
			for _, id := range l.Cites {
				out[id] = m.source(id)
			}
		}
	}
	return out
}

func (m *maker) source(id string) Source {
	if msg := m.messages[id]; msg != nil {
		return Source{ID: id, At: msg.At, Author: m.name(msg.Author), Text: msg.Text, Link: msg.Link}
	}
	f := m.facts[id]
	return Source{ID: id, At: f.At, Author: m.name(f.By), Text: factWords(f), Link: f.Link, Fact: true}
}

// name is what people call a person; an id nobody knows stays as it is.
func (m *maker) name(id string) string {
	if p, ok := m.people[id]; ok && p.Name != "" {
		return oneLine(p.Name)
	}
	return id
}

// names maps the ids of people to their names, for the renderers.
func (m *maker) names() map[string]string {
	out := make(map[string]string, len(m.people))
	for id := range m.people {
		out[id] = m.name(id)
	}
	return out
}
