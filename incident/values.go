package incident

import (
	"strconv"
	"strings"
	"time"
)

// ID names one incident for life: opaque, made from the key of the request
// that declared it (see [IDFor]), safe in file names and Redis keys.
type ID string

// Stream names a sequence of events: an incident ("incident/<id>"), or one of
// a closed set beside it ("alerts/<group>", "person/<id>", "audience/<name>",
// "review/<incident id>").
type Stream string

// Stream is the incident's own stream.
func (id ID) Stream() Stream { return Stream("incident/" + string(id)) }

// Incident is the id of the incident whose stream this is; ok is false for
// the streams beside incidents.
func (s Stream) Incident() (id ID, ok bool) {
	rest, ok := strings.CutPrefix(string(s), "incident/")
	return ID(rest), ok
}

// Version counts the events of one stream, from 1. Zero: nothing yet.
type Version uint64

// Number is what people call an incident: 142 is shown as "INC-142".
type Number int

// String is the number as people write it.
func (n Number) String() string { return "INC-" + strconv.Itoa(int(n)) }

// Severity ranks impact: 1 is worst, 5 least, 0 not yet set.
type Severity int

// The severities. A policy names them and may switch some off.
const (
	SevUnset Severity = iota
	Sev1
	Sev2
	Sev3
	Sev4
	Sev5
)

// String is "sev2", or "unset".
func (s Severity) String() string {
	if s < Sev1 || s > Sev5 {
		return "unset"
	}
	return "sev" + strconv.Itoa(int(s))
}

// Status says where an incident stands.
type Status string

// The statuses. Cancelled and Merged are ends without a fix.
const (
	Triage        Status = "triage"
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"
	Closed        Status = "closed"
	Cancelled     Status = "cancelled"
	Merged        Status = "merged"
)

// Statuses lists every status in the order of an incident's life.
func Statuses() []Status {
	return []Status{Triage, Investigating, Identified, Monitoring, Resolved, Closed, Cancelled, Merged}
}

// Open says that people still work on it.
func (s Status) Open() bool {
	return s == Triage || s == Investigating || s == Identified || s == Monitoring
}

// Role is a duty somebody holds, by its key ("commander"). Policy adds more.
type Role string

// The roles every house has.
const (
	Commander      Role = "commander"
	Communications Role = "communications"
	Operations     Role = "operations"
	Scribe         Role = "scribe"
)

// Room is a chat channel of an incident on one platform.
type Room struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Thread   string `json:"thread,omitempty"`  // set when a thread is the room (adopt)
	Adopted  bool   `json:"adopted,omitempty"` // never renamed, never archived
	Archived bool   `json:"archived,omitempty"`
}

// MessageRef finds a posted message again.
type MessageRef struct {
	Platform string `json:"platform"`
	Room     string `json:"room"`
	ID       string `json:"id"`
	Link     string `json:"link,omitempty"`
}

// Spoken is a message of an incident's room as it was said, edited or deleted.
type Spoken struct {
	Room      Room
	Message   string // the platform's own id of it; unique in the room
	Thread    string // id of the message it answers; empty: none
	Author    PersonID
	Bot       bool // a bot said it
	Text      Text
	At        time.Time // when it was said
	EditedAt  time.Time // zero: never
	DeletedAt time.Time // zero: never
	Link      string
	Files     []File
}

// File is something attached to a message, kept as a link.
type File struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Type string `json:"type,omitempty"`
}
