package review

import (
	"maps"
	"slices"
	"strings"
	"time"

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
		Number: in.Number, Title: oneLine(in.Title), Severity: in.Severity, Status: in.Status,
		Private: in.Private, Drill: in.Drill, Times: finds.Times, Redacted: slices.Clone(in.Redacted),
	}
	for _, key := range Order() {
		s := Section{Key: key, Title: key.Heading(), Lines: m.section(key)}
		if len(s.Lines) == 0 {
			s.Lines = []Line{{Key: string(key) + "/none", Kind: Note, Text: nothing}}
		}
		d.Sections = append(d.Sections, s)
	}
	d.Sources, d.Names = m.sources(d.Sections), m.names()
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
	keys     map[string]int
}

func newMaker(in source.Input, finds mine.Finds) *maker {
	m := &maker{
		in: in, finds: finds,
		people:   make(map[string]source.Person, len(in.People)),
		messages: make(map[string]*source.Message, len(in.Messages)),
		facts:    make(map[string]*source.Fact, len(in.Facts)),
		captured: map[string]bool{},
		keys:     map[string]int{},
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
	return m
}

func (m *maker) section(key SectionKey) []Line {
	switch key {
	case Header:
		return nil
	case Summary:
		return nil
	case Impact:
		return m.quotes(key, m.finds.Impact)
	case Detection:
		return m.quotes(key, m.finds.Detection)
	case Times:
		return m.times()
	case Timeline:
		return m.timeline()
	case Hypotheses:
		return m.hypotheses()
	case Decisions:
		return m.decisions()
	case Mitigations:
		return m.quotes(key, m.finds.Mitigations)
	case Handovers:
		return m.quotes(key, m.finds.Handovers)
	case Reopenings:
		return m.quotes(key, m.finds.Reopenings)
	case Factors:
		return m.quotes(key, m.finds.Factors)
	case Opinions:
		return m.quotes(key, m.finds.Opinions)
	case Actions:
		return m.actions()
	case Questions:
		return m.quotes(key, m.finds.Questions)
	case Asked, Participants, Related, Sources:
		return nil
	}
	return nil
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

// say gives what stands under an id: whose words, the words, and when.
func (m *maker) say(id string) (who, words string, at time.Time) {
	if msg := m.messages[id]; msg != nil {
		return msg.Author, msg.Text, msg.At
	}
	f := m.facts[id]
	if about := m.messages[f.About]; about != nil && !about.Deleted && f.Kind == source.Captured {
		return about.Author, about.Text, about.At
	}
	if owns(f.Kind) {
		who = f.By
	}
	return who, f.Words, f.At
}

// owns says that a fact's words are somebody's, not a sentence about them.
func owns(k source.Kind) bool {
	switch k {
	case source.Note, source.Captured, source.Impact, source.Cause, source.Decision, source.Update:
		return true
	case source.Declared, source.Severity, source.Status, source.Resolved, source.Reopened, source.Role, source.Handover, source.Page,
		source.Acknowledged, source.Alert, source.Task, source.Action, source.Change, source.Milestone, source.Other:
		return false
	}
	return false
}

// quote is a line that says what its first citation says.
func (m *maker) quote(key SectionKey, cites []string) (Line, bool) {
	cites = m.visible(cites)
	if len(cites) == 0 {
		return Line{}, false
	}
	who, words, at := m.say(cites[0])
	text := quoted(words)
	if text == "" {
		return Line{}, false
	}
	if f := m.facts[cites[0]]; f != nil && f.Kind == source.Captured && m.visible([]string{f.About}) != nil {
		cites = m.visible(append([]string{f.About}, cites...))
	}
	return Line{Key: m.key(key, cites[0]), Kind: Fact, At: at, Who: who, Text: text, Cites: cites, Quote: true, Sure: m.sure(cites)}, true
}

// sure says that a line rests on something recorded or captured.
func (m *maker) sure(cites []string) bool {
	return slices.ContainsFunc(cites, func(id string) bool { return m.facts[id] != nil || m.captured[id] })
}

// key is unique in the draft: a second line on the same source is numbered.
func (m *maker) key(section SectionKey, rest string) string {
	k := string(section) + "/" + rest
	m.keys[k]++
	if n := m.keys[k]; n > 1 {
		return k + strings.Repeat("+", n-1)
	}
	return k
}

func (m *maker) quotes(key SectionKey, found []mine.Quote) []Line {
	var lines []Line
	for _, q := range found {
		if l, ok := m.quote(key, q.Cites); ok {
			l.Sure = l.Sure || q.Sure
			if key == Factors || key == Opinions || key == Questions {
				l.Kind = Opinion
			}
			lines = append(lines, l)
		}
	}
	return lines
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
	for _, r := range m.in.Redacted {
		if len(m.visible([]string{r.Message})) > 0 {
			out[r.Message] = m.source(r.Message)
		}
	}
	return out
}

func (m *maker) source(id string) Source {
	if msg := m.messages[id]; msg != nil {
		return Source{ID: id, At: msg.At, Author: m.name(msg.Author), Text: msg.Text, Link: msg.Link}
	}
	f := m.facts[id]
	return Source{ID: id, At: f.At, Author: m.name(f.By), Text: f.Words, Link: f.Link, Fact: true}
}

// name is what people call a person; an id nobody knows stays as it is.
func (m *maker) name(id string) string {
	if p, ok := m.people[id]; ok && p.Name != "" {
		return p.Name
	}
	return id
}

// names maps the ids of people to their names, for the renderers.
func (m *maker) names() map[string]string {
	out := maps.Collect(func(yield func(string, string) bool) {
		for id := range m.people {
			if !yield(id, m.name(id)) {
				return
			}
		}
	})
	return out
}
