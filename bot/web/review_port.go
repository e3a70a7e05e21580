package web

import (
	"context"
	"time"

	"tocsin/incident"
	"tocsin/incident/review"
)

// Reviews is what the pages of the reviews stand on. Words name an incident
// ("INC-7", "7" or an inner id); as is whose eyes and hands it is, nobody for
// the empty one.
type Reviews interface {
	// Read gives the review as a person may see it. It is not found where there
	// is none, and just so where they may not know of it.
	Read(ctx context.Context, as incident.PersonID, words string) (page ReviewPage, found bool, err error)
	// Change makes one change under a key, once however often it is asked for,
	// and gives the line as it reads after it (the zero line where the change
	// is not of a line). Over a text that is not the newest it changes nothing:
	// a [*ReviewConflict] holds the newest.
	Change(ctx context.Context, as incident.PersonID, words, key string, e ReviewEdit) (ReviewLine, error)
	// After waits until the review stands beyond head, and gives where it
	// stands; it ends early with ctx.
	After(ctx context.Context, as incident.PersonID, words string, head uint64) (uint64, error)
	// Search finds reviews by their words, the nearest first; no words: the
	// newest first.
	Search(ctx context.Context, as incident.PersonID, words string, limit int) ([]ReviewHit, error)
	// Picture is a kept picture of the review, by the name that a line or a
	// message gives. It is narrowed as Read is.
	Picture(ctx context.Context, as incident.PersonID, words, name string) (picture ReviewPicture, found bool, err error)
}

// ReviewPage is a review as one person sees it: the machine's draft with what
// people wrote laid over it, and the talk that it rests on.
type ReviewPage struct {
	ID               incident.ID
	Number, Title    string // "INC-7"
	Severity, Status string
	Private, Drill   bool
	// Head rises with each change of anything here: what people wrote, what
	// they captured, what was said. The sum of several rising heads will do.
	Head     uint64
	State    string   // as [incident] names it: "drafted", "in_review", "published"
	Moves    []string // the states that this person may move it to now
	Assignee string   // a name; empty: nobody's
	Due      time.Time
	You      string // the reader's name; empty: nobody's
	MayEdit  bool
	Room     string // link to the incident's room; empty: none
	Sections []ReviewSection
	Talk     []ReviewMessage // all that was said and recorded, oldest first
	// Candidates are what the machine found and nobody took or dropped yet.
	Candidates []ReviewCandidate
	Versions   []ReviewVersion // published ones, oldest first
	// Draft is the review as it reads now, people's words in it and removed
	// lines out of it, for the renderers.
	Draft review.Draft
}

// ReviewSection is one part of the page.
type ReviewSection struct {
	Key   review.SectionKey
	Title string
	Lines []ReviewLine // removed ones too, in their places
}

// ReviewLine is one line of the page.
type ReviewLine struct {
	Key     string
	Section review.SectionKey
	Kind    review.LineKind
	// Text is how the line reads now. Of a question to people ([review.Ask]) it
	// is their answer, and empty until somebody gave one.
	Text string
	// Machine is what the machine wrote, and of a question the question; empty
	// in a line that a person added.
	Machine string
	At      time.Time
	Who     string // the name of whose words or deed it is
	Cites   []string
	Quote   bool
	Sure    bool
	Mark    string
	Owner   string // a name
	Due     time.Time
	Under   string // key of the line that this one belongs to
	Class   string // of a timeline entry: "detect", "impact" …
	Image   string // name for [Reviews.Picture]
	// Version is the newest change of this line; 0: nobody touched it.
	Version uint64
	By      string // the name of who changed it last; empty: nobody
	Changed time.Time
	Removed bool
	Own     bool // a person added it
}

// ReviewMessage is a message or a fact beside the draft.
type ReviewMessage struct {
	ID       string // as lines cite it
	At       time.Time
	Author   string // a name; empty: tocsin
	Text     string
	Link     string
	Thread   string // id of the message that it answers
	Fact     bool   // recorded, not said
	Bot      bool
	Edited   bool
	Deleted  bool
	Captured bool     // put on the timeline at the time
	Pictures []string // names for [Reviews.Picture]
}

// ReviewCandidate is something found in the talk that may be a decision or an action.
type ReviewCandidate struct {
	Message string // id of the message in the talk
	As      string // "decision", "action"
	Text    string // the part that says it
	Author  string // a name
	At      time.Time
}

// ReviewVersion is one published version.
type ReviewVersion struct {
	Number int
	At     time.Time
	By     string   // a name
	Where  []string // links to where it was published
}

// ReviewPicture is a kept picture.
type ReviewPicture struct {
	Kind  string // "image/png"
	Bytes []byte
}

// ReviewDo says what a change does.
type ReviewDo string

// The changes.
const (
	// EditLine sets the text of Line, or the answer to it, over the version Before.
	EditLine ReviewDo = "edit"
	// AddLine puts a line with Text into Section, behind the line After.
	AddLine ReviewDo = "add"
	// RemoveLine takes Line out, RestoreLine puts it back.
	RemoveLine  ReviewDo = "remove"
	RestoreLine ReviewDo = "restore"
	// RevertLine gives Line the machine's words again, over the version Before.
	RevertLine ReviewDo = "revert"
	// TakeCandidate makes Message a decision or an action, as As says;
	// DropCandidate takes it off the page.
	TakeCandidate ReviewDo = "take"
	DropCandidate ReviewDo = "drop"
	// MoveReview moves the review to State.
	MoveReview ReviewDo = "move"
)

// ReviewEdit is one change that a person asks for.
type ReviewEdit struct {
	Do      ReviewDo
	Line    string
	Section review.SectionKey
	After   string // empty: at the end of the section
	Text    string
	Before  uint64 // Version of the text that it was written over
	State   string
	Message string
	As      string
}

// ReviewConflict refuses a change because the line was changed since.
type ReviewConflict struct {
	Line ReviewLine // as it reads now
}

// Error says whose change came first.
func (c *ReviewConflict) Error() string {
	who := c.Line.By
	if who == "" {
		who = "Somebody"
	}
	return who + " changed this line since. Nothing was overwritten."
}

// ReviewHit is a review that a search found.
type ReviewHit struct {
	Number, Title   string
	Severity, State string
	Private, Drill  bool
	Services        []string
	Declared        time.Time
	Assignee        string
	Due             time.Time
	Snippet         string // plain words around what was found; empty: none
}
