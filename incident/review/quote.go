package review

import (
	"slices"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

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
	return who, factWords(f), f.At
}

// factWords are a fact's words; a milestone's are its name.
func factWords(f *source.Fact) string {
	if f.Kind != source.Milestone {
		return f.Words
	}
	for _, t := range moments(mine.Times{}) {
		if t.key == f.Words {
			return t.title + " recorded"
		}
	}
	return f.Words
}

// owns says that a fact's words are somebody's, not a sentence about them.
func owns(k source.Kind) bool {
	switch k {
	case source.Note, source.Captured, source.Impact, source.Cause, source.Decision, source.Update, source.Task, source.Action:
		return true
	case source.Declared, source.Severity, source.Status, source.Resolved, source.Reopened, source.Role, source.Handover, source.Page,
		source.Acknowledged, source.Alert, source.Change, source.Milestone, source.Other:
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
	name := m.key(key, m.root(cites[0]))
	if f := m.facts[cites[0]]; f != nil && f.Kind == source.Captured && m.visible([]string{f.About}) != nil {
		cites = m.visible(append([]string{f.About}, cites...))
	}
	return Line{
		Key: name, Kind: Fact, At: at, Who: who, Text: text, Cites: cites, Quote: true,
		Sure: m.sure(cites), Foreign: m.foreign[cites[0]],
	}, true
}

// root is what a line on a source is known by: of what was captured, decided
// or given as a task of a message, that message, so that capturing what a line
// rests on already leaves the line its key.
func (m *maker) root(id string) string {
	f := m.facts[id]
	if f == nil || m.messages[f.About] == nil {
		return id
	}
	switch f.Kind {
	case source.Captured, source.Decision, source.Action, source.Task:
		return f.About
	case source.Declared, source.Severity, source.Status, source.Resolved, source.Reopened, source.Role, source.Handover, source.Page, source.Acknowledged,
		source.Alert, source.Update, source.Impact, source.Cause, source.Note, source.Change, source.Milestone, source.Other:
	}
	return id
}

// sure says that a line rests on something recorded or captured.
func (m *maker) sure(cites []string) bool {
	return slices.ContainsFunc(cites, func(id string) bool { return m.facts[id] != nil || m.captured[id] })
}

func (m *maker) quotes(key SectionKey, found []mine.Quote) []Line {
	var lines []Line
	for _, q := range found {
		if l, ok := m.quote(key, q.Cites); ok {
			l.Sure = l.Sure || q.Sure
			if key == Factors || key == Opinions || key == Questions {
				l.Kind = Opinion
			}
			if key == Factors {
				if m.blames(l.Text) {
					continue
				}
				l.Who = "" // a condition, not somebody's; the message says who wrote it
			}
			lines = append(lines, l)
		}
	}
	return lines
}
