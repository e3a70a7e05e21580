package incident

import "time"

// MissingKind names something that an incident lacks. The first four are also
// the names of nudges (see [NudgeSnoozed]).
type MissingKind string

// What may be missing.
const (
	NoCommander MissingKind = "commander" // nobody, or somebody only acting
	NoSeverity  MissingKind = "severity"
	NoUpdate    MissingKind = "update" // a promised update is overdue
	Stale       MissingKind = "stale"  // nothing was recorded for a day
	NoAnswer    MissingKind = "page"   // a page failed, or nobody has answered it
	NoRoom      MissingKind = "room"
	NoImpact    MissingKind = "impact"
	NoField     MissingKind = "field"  // a custom field that policy asks for
	Given       MissingKind = "effect" // an outside effect was given up
)

// Missing is one thing that an incident lacks.
type Missing struct {
	Kind  MissingKind
	Since time.Time // since when it is missing; of an update: when it was promised
	Who   PersonID  // whom to name: who can best mend it
	Page  PageID    // of a page
	Field string    // of a field
	Job   string    // of an effect
	Say   string    // in words, without the person: "nobody commands"
	Try   string    // what mends it, without the command's name: "take command"
}
