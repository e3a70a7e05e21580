package chat

// Message is what to say, in parts that every platform can draw.
type Message struct {
	Title   []Span
	Tone    Tone
	Parts   []Part
	Actions []Action
	Summary string // one plain line for notifications and screen readers; empty: the first words
}

// Tone colours a message. Platforms without colours leave it out.
type Tone string

// The tones.
const (
	Neutral Tone = ""
	Sev1    Tone = "sev1"
	Sev2    Tone = "sev2"
	Sev3    Tone = "sev3"
	Sev4    Tone = "sev4"
	Sev5    Tone = "sev5"
	Good    Tone = "good"
	Bad     Tone = "bad"
	Quiet   Tone = "quiet" // done with, or a drill
)

// Part is one piece of a message. The set is closed.
//
//sumtype:decl
type Part interface{ isPart() }

// Text is a paragraph.
type Text []Span

// Fields are short pairs of a label and a value.
type Fields []Field

// Field is one pair.
type Field struct {
	Label string
	Value []Span
}

// List is a list of lines.
type List [][]Span

// Quote is what somebody said.
type Quote []Span

// Small is a line that may be small and grey.
type Small []Span

// Pre is text in fixed width, drawn as it is.
type Pre string

// Divider is a line between parts.
type Divider struct{}

// Buttons are actions that stand between parts, for one entry of a list.
type Buttons []Action

func (Text) isPart()    {}
func (Fields) isPart()  {}
func (List) isPart()    {}
func (Quote) isPart()   {}
func (Small) isPart()   {}
func (Pre) isPart()     {}
func (Divider) isPart() {}
func (Buttons) isPart() {}
