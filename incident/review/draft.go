package review

import (
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// Draft is a review as the machine makes it.
type Draft struct {
	Form                            string // what the house calls it; empty: "Review"
	Link                            string // of the incident's room; empty: none
	Number, Title, Severity, Status string
	Private, Drill                  bool
	Sections                        []Section // in the order of [Order]
	Times                           mine.Times
	Redacted                        []source.Redaction
	Names                           map[string]string // of the people that lines name, by id
	// Sources are the messages and facts that the draft cites, by id.
	Sources map[string]Source
}

// Section is one part of a review.
type Section struct {
	Key   SectionKey
	Title string
	Lines []Line // never empty: "Not stated in the channel." is a line
}

// SectionKey names a section in stores, links and templates; a name is given
// once and never again.
type SectionKey string

// The sections.
const (
	Header       SectionKey = "header"
	Summary      SectionKey = "summary"
	Impact       SectionKey = "impact"
	Detection    SectionKey = "detection"
	Times        SectionKey = "times"
	Timeline     SectionKey = "timeline"
	Hypotheses   SectionKey = "hypotheses"
	Decisions    SectionKey = "decisions"
	Mitigations  SectionKey = "mitigations"
	Handovers    SectionKey = "handovers"
	Reopenings   SectionKey = "reopenings"
	Factors      SectionKey = "factors"
	Opinions     SectionKey = "opinions" // what people thought went well, badly or luckily
	Actions      SectionKey = "actions"
	Questions    SectionKey = "questions" // open questions of the channel
	Asked        SectionKey = "asked"     // what only people can answer
	Participants SectionKey = "participants"
	Related      SectionKey = "related"
	Sources      SectionKey = "sources" // what was used, taken out, and left out
)

// Line is one sentence of a draft.
type Line struct {
	// Key is stable: the section and what the line rests on first
	// ("timeline/m012", "times/detection", "asked/checklists"). It names the
	// same line in a draft made anew, and is unique in a draft.
	Key   string
	Kind  LineKind
	At    time.Time // zero: none
	Who   string    // Person's ID whose words or deed it is; empty: nobody's
	Text  string    // plain, one line, without its citations
	Cites []string
	Quote bool // Text is the words of the first cited source
	Sure  bool // recorded or captured at the time
	// Mark is "confirmed", "refuted" or "open" of a hypothesis, the label of a
	// line of the summary, the kind of what was redacted; empty: none.
	Mark string
	// Foreign says that the words are in none of the languages that cues are known for.
	Foreign bool
	Owner   string // of an action: a Person's ID; empty: unowned, which the line says
	Due     time.Time
	Under   string // Key of the line that this one belongs to; empty: none
	Class   string // of a timeline entry: "detect", "impact" …; see mine.Entry
	Link    string // of a related incident
	Image   string // where a kept picture lies that belongs here
}

// LineKind says what a line is.
type LineKind string

// The kinds of line.
const (
	Fact    LineKind = "fact"    // states something; cites it
	Opinion LineKind = "opinion" // somebody's view, quoted
	Note    LineKind = "note"    // of the draft itself: nothing stated, nothing cited
	Ask     LineKind = "ask"     // a question to people
	// Own is what a person wrote: Who is them, Text may have several lines, and
	// nothing need be cited. An answer to a question stands under its line.
	Own LineKind = "own"
)

// Source is a message or a fact as the reader sees it beside the draft.
type Source struct {
	ID     string
	At     time.Time
	Author string // name
	Text   string
	Link   string
	Fact   bool // recorded, not said
}

// Section is the section of that key; empty when the draft has none.
func (d Draft) Section(key SectionKey) Section {
	for _, s := range d.Sections {
		if s.Key == key {
			return s
		}
	}
	return Section{Key: key}
}
