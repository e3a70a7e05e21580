package incident

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Event is something that happened. The set is closed and [Kinds] lists it.
// An event knows what it does to the state and how the timeline tells it, so
// that none can be forgotten; some also know how they are taken back
// ([reverser]) and which look-ups they leave ([marker]).
//
//sumtype:decl
type Event interface {
	// fold changes the state. It must copy a slice before it changes it.
	fold(i *Incident, r Recorded)
	// tell is the sentence of the timeline.
	tell(r Recorded) []Part
}

// Unknown is an event that a newer tocsin wrote. It is kept, shown as such,
// and changes on its stream are refused.
type Unknown struct {
	Type string
	Raw  json.RawMessage
}

func (Unknown) fold(i *Incident, _ Recorded) { i.Newer = true }

func (e Unknown) tell(Recorded) []Part { return line("Written by a newer tocsin: ", e.Type) }

// Kind is one type of event: its name in files and stores, the number of the
// shape written today, and an empty value of it.
type Kind struct {
	Name  string
	Shape int
	Zero  Event
}

// Kinds lists every type of event. A name is given once and never again; a
// new field is a new shape.
func Kinds() []Kind {
	zero := slices.Concat(stateEvents(), peopleEvents(), pageEvents(), timelineEvents(), endEvents(), alertEvents(), reviewEvents())
	kinds := make([]Kind, len(zero))
	for i, e := range zero {
		kinds[i] = Kind{Name: NameOf(e), Shape: ShapeOf(e), Zero: e}
	}
	return kinds
}

// NameOf is the name under which an event is stored: its Go name in snake
// case ("role_taken").
func NameOf(e Event) string {
	if u, ok := e.(Unknown); ok {
		return u.Type
	}
	return snake(reflect.TypeOf(e).Name())
}

// ShapeOf is the number of the JSON shape in which an event is written today.
// Fields that were added in a later shape say so beside their type; an older
// shape is read as it was, with those fields empty.
func ShapeOf(e Event) int {
	switch e.(type) {
	case PageRequested, PageAccepted, PageFailed, PageResolved, DecisionMade, ActionAdded:
		return 2
	default:
		return 1
	}
}

func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
