package source

import "time"

// Input is all that a draft is made from. Equal inputs give equal drafts,
// byte for byte.
type Input struct {
	ID       string // the incident's inner id, or the name of a case
	Number   string // "INC-142"; empty: none
	Title    string // as declared
	Severity string // "sev2"; empty: unset
	Status   string // "resolved"; empty: not known
	Services []string
	Link     string // of the incident's room; empty: none
	Zone     string // IANA name or "+02:00" of the room; empty: UTC
	Drill    bool
	Private  bool
	// Declared is the moment of the declare; zero: not known (a bare channel).
	Declared time.Time
	People   []Person  // who took part, by id
	Messages []Message // what was said, oldest first; equal times by id
	Facts    []Fact    // what was recorded, in the order of the timeline
	Redacted []Redaction
	Related  []Related // earlier incidents that look alike
}

// Person is somebody who took part.
type Person struct {
	ID    string
	Name  string   // as others call them
	Zone  string   // IANA name; empty: not known
	Roles []string // held during the incident, in order: "incident commander"
	Bot   bool
}

// Message is one message of the room. A deleted one keeps its place and has no
// words; it can be cited by nothing.
type Message struct {
	ID        string // unique in the input: "m012"
	At        time.Time
	Author    string // a Person's ID
	Text      string // the newest words, scrubbed, plain; code keeps its fences
	Thread    string // id of the message that it answers; empty: none
	Bot       bool
	Edited    bool
	Deleted   bool
	Reactions []Reaction
	Link      string // where it can be read; empty: nowhere
	Place     string // where the house keeps it: "platform/room/message"; empty: nowhere
	Files     []File
}

// Reaction is one kind of reaction to a message.
type Reaction struct {
	Name string // without colons: "pushpin"
	By   []string
}

// File is something that a message carries.
type File struct {
	Name, Kind string // Kind is a media type: "image/png"
	Kept       string // where the house keeps it; empty: not kept
}

// Redaction says what kind of credential was taken out of which message.
type Redaction struct {
	Message string
	Kind    string // "github_token"
}

// Related is an earlier incident that looks like this one.
type Related struct {
	Number, Title, Why, Link string // Why: "same service: checkout"
}

// Kind of fact: what a command, a page or a gesture recorded. These are
// certain, and outrank what is found in talk.
type Kind string

// The kinds of fact.
const (
	Declared     Kind = "declared"
	Severity     Kind = "severity"
	Status       Kind = "status"
	Resolved     Kind = "resolved"
	Reopened     Kind = "reopened"
	Role         Kind = "role"     // taken, given, handed over
	Handover     Kind = "handover" // of a role, accepted
	Page         Kind = "page"
	Acknowledged Kind = "acknowledged" // of a page, or the first role taken
	Alert        Kind = "alert"
	Update       Kind = "update"
	Impact       Kind = "impact"
	Cause        Kind = "cause"
	Note         Kind = "note"
	Captured     Kind = "captured" // a message put on the timeline; About says which
	Decision     Kind = "decision"
	Task         Kind = "task"
	Action       Kind = "action"
	Change       Kind = "change"    // a deploy or planned work
	Milestone    Kind = "milestone" // Words name it: "impact_start", "detection", "ack", "mitigation", "resolution"; At is the moment it means
	Other        Kind = "other"
)

// Fact is something that was recorded when it happened.
type Fact struct {
	ID    string // unique in the input: "e07"
	At    time.Time
	By    string // a Person's ID; empty: tocsin, or an outside service
	Kind  Kind
	Words string    // one sentence, or the words of the note, decision or action
	About string    // id of the message it is about; empty: none
	Owner string    // of an action or task: a Person's ID
	Due   time.Time // of an action
	Done  bool      // of an action or task
	// Struck entries stay on the timeline and out of the draft.
	Struck bool
	Link   string
}
