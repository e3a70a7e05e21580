package integrations

import (
	"context"
	"time"
)

// Listener is told what happens to incidents, event by event. Private
// incidents are never among them.
type Listener interface {
	Integration
	// Hears says whether it wants events of a name, such as "severity_set".
	Hears(event string) bool
	// Tell tells one. A repeat carries the same key; listeners forget those
	// they have seen.
	Tell(ctx context.Context, h Happening) error
}

// Happening is one event of an incident's timeline.
type Happening struct {
	Key      string // the effect's key, the same at each try
	Event    string // the event's name: "severity_set"
	Version  uint64 // place in the incident's timeline, from 1; events may be told out of order
	Incident string // "INC-7"
	Title    string // as it is now, as are severity and status
	Severity int    // 1–5; 0 unset
	Status   string
	Drill    bool
	By       string // who did it, in words; "tocsin" for the house
	Words    string // the timeline's sentence
	Link     string
	At       time.Time // when it happened
}
