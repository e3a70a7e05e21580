package say

import (
	"time"

	"tocsin/incident"
)

// Voice is what wording needs to know beside the incident: where it is read,
// what one types there, and how people are called.
type Voice struct {
	Platform string // name of the platform on which it is read: "slack"
	Command  string // what commands begin with there: "/incident"
	Zone     string // IANA zone of the asker or of the room; empty: UTC
	Now      time.Time
	Link     string          // base of links to the house's own pages, no slash at its end; empty: none
	Policy   incident.Policy // names of roles and severities, duties, what is missing
	Face     func(incident.PersonID) Face
}

// Face is how a person looks on the platform of a [Voice].
type Face struct {
	Name    string // what people call them; empty: the id is shown
	Account string // their id on this platform; empty: they have none there
}

// More says how a list goes on.
type More struct {
	Left    int    // entries not shown; 0 with a Command: some, not counted
	Command string // what shows them, as typed after the command's name; empty: nothing is left out
}

// Headline is news that outsiders get as a message of its own.
type Headline string

// The headlines.
const (
	Raised   Headline = "raised" // to sev1 or sev2
	Solved   Headline = "resolved"
	Reopened Headline = "re-opened"
)
