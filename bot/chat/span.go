package chat

import "time"

// Span is a run of words. The set is closed.
//
//sumtype:decl
type Span interface{ isSpan() }

// Plain is words, drawn as they are; a platform escapes them.
type Plain string

// Strong is words that matter.
type Strong string

// Struck is words that were struck out.
type Struck string

// Code is a short piece in fixed width, such as a command to type.
type Code string

// Link is a link with a label; an unsafe URL (not http, https or mailto) is drawn as text.
type Link struct {
	Label string `json:"label,omitempty"`
	URL   string `json:"url"`
}

// Mention names a person. With Ping they are notified; without, or without an
// account on the platform, the name alone is drawn.
type Mention struct {
	User string `json:"user,omitempty"` // the platform's id; empty: not on this platform
	Name string `json:"name,omitempty"`
	Ping bool   `json:"ping,omitempty"`
}

// RoomLink names a room.
type RoomLink struct {
	Room string `json:"room,omitempty"`
	Name string `json:"name,omitempty"`
}

// When is a moment, drawn in each reader's own zone.
type When struct {
	At    time.Time `json:"at"`
	Style TimeStyle `json:"style,omitempty"`
	Zone  string    `json:"zone,omitempty"` // IANA zone of the asker, for platforms and places that draw one text for all
}

// TimeStyle says how much of a moment is drawn.
type TimeStyle string

// The styles.
const (
	Clock    TimeStyle = "clock" // 14:05
	DateTime TimeStyle = "date"  // Wed 25 Nov 14:05
	Relative TimeStyle = "ago"   // 4 min ago, in 20 min
)

func (Plain) isSpan()    {}
func (Strong) isSpan()   {}
func (Struck) isSpan()   {}
func (Code) isSpan()     {}
func (Link) isSpan()     {}
func (Mention) isSpan()  {}
func (RoomLink) isSpan() {}
func (When) isSpan()     {}
