package incident

import "time"

// Part is one piece of a sentence of the timeline. The set is closed; say and
// exports turn each into words of their own.
//
//sumtype:decl
type Part interface{ isPart() }

// Words are the house's own words.
type Words string

// Who is a person; the reader's name for them goes there.
type Who PersonID

// Said are words that a person wrote: never markup.
type Said Text

// Moment is a moment, to be shown in the reader's zone.
type Moment time.Time

// Where is a room.
type Where Room

// Address is a link. Label and URL come from outside.
type Address struct{ Label, URL string }

func (Words) isPart()   {}
func (Who) isPart()     {}
func (Said) isPart()    {}
func (Moment) isPart()  {}
func (Where) isPart()   {}
func (Address) isPart() {}

// Entry is one line of the timeline as it reads now: strikes, edits and
// deletions are applied to it.
type Entry struct {
	Version  Version
	Happened time.Time
	Recorded time.Time
	Actor    PersonID
	Account  string
	Event    Event // with its newest words
	Sentence []Part
	Struck   bool
	Edited   bool
	Deleted  bool // the captured message was deleted
}
