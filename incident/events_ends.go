package incident

import "time"

// Resolution ends the incident with a fix.
type Resolution struct {
	How       Text      `json:"how,omitzero"`
	From      Status    `json:"from"`
	Promised  time.Time `json:"promised,omitzero"`  // the promise of an update that ends with it
	By        PersonID  `json:"by,omitempty"`       // who resolved it, when a re-open is taken back
	Mitigated time.Time `json:"mitigated,omitzero"` // the milestone, when a re-open is taken back
}

// Reopened takes a resolution or a close back.
type Reopened struct {
	Why       Text      `json:"why,omitzero"`
	From      Status    `json:"from"`
	To        Status    `json:"to"` // investigating; when an end is taken back, what it was before
	Cadence   Cadence   `json:"cadence,omitzero"`
	Next      time.Time `json:"next,omitzero"` // when the next update is promised
	EndedAt   time.Time `json:"ended_at,omitzero"`
	EndedBy   PersonID  `json:"ended_by,omitempty"`
	How       Text      `json:"how,omitzero"` // how it had been resolved
	Reason    Reason    `json:"reason,omitempty"`
	Mitigated time.Time `json:"mitigated,omitzero"` // the milestone that this takes away
}

// Reason says why an incident was cancelled.
type Reason string

// The reasons.
const (
	FalseAlarm Reason = "false alarm"
	Duplicate  Reason = "duplicate"
	Expected   Reason = "expected"
	Other      Reason = "other"
)

// Cancellation ends the incident without a fix.
type Cancellation struct {
	Reason   Reason    `json:"reason"`
	Note     Text      `json:"note,omitzero"`
	From     Status    `json:"from"`
	Promised time.Time `json:"promised,omitzero"` // the promise of an update that ends with it
	By       PersonID  `json:"by,omitempty"`      // who cancelled it, when a re-open is taken back
}

// MergedInto ends the incident because another one covers it.
type MergedInto struct {
	Into   ID     `json:"into"`
	Number Number `json:"number"`
	From   Status `json:"from"`
}

// MergeReceived stands in the incident that covers another one.
type MergeReceived struct {
	Other  ID     `json:"other"`
	Number Number `json:"number"`
	Title  Text   `json:"title"`
}

// Closure says that nothing is left to do.
type Closure struct {
	Note Text `json:"note,omitzero"`
}

// EffectParked says that an outside effect was given up until a person retries it.
type EffectParked struct {
	Job  string `json:"job"`  // its key in the ledger
	What string `json:"what"` // in words: "post the announcement"
	Why  string `json:"why"`  // plain words, no secret, no vendor prose
	// Buried says that the far side refused it for good; only an admin may retry it.
	Buried bool `json:"buried,omitempty"`
}

// EffectRetried says that somebody asked for a parked effect again.
type EffectRetried struct {
	Job  string `json:"job"`
	What string `json:"what"`
}

// ZoneSet says in which zone somebody reads times. It stands in the person's
// own stream.
type ZoneSet struct {
	Zone string `json:"zone"`
}

// Erased says that words were erased: a person's, or the whole stream's.
type Erased struct {
	Person PersonID `json:"person,omitempty"` // empty: everybody's
	Texts  int      `json:"texts"`
}

// endEvents are how it ends, and what the house keeps books on.
func endEvents() []Event {
	return []Event{
		Resolution{},
		Reopened{},
		Cancellation{},
		MergedInto{},
		MergeReceived{},
		Closure{},
		EffectParked{},
		EffectRetried{},
		ZoneSet{},
		Erased{},
	}
}
