package incident

import (
	"time"

	"tocsin/incident/fault"
)

// reverser is an event that can be taken back.
type reverser interface {
	// undo gives the events that take r back on the state as it is now, and
	// what is taken back in words ("the severity"). An empty what means that
	// somebody has changed it since.
	undo(i Incident, r Recorded) (back []Event, what string)
}

// PageStandsError is the error under the refusal to take a page back. Whoever
// shows the refusal can offer to tell the people who were called.
type PageStandsError struct {
	Page   PageID
	Target Target
}

// Error implements error.
func (p *PageStandsError) Error() string { return "page " + string(p.Page) + " cannot be taken back" }

// Undo takes back the actor's newest change: change holds the events that
// [Incident.LastChange] names. A page that policy asked for beside the change
// stays; what was only a page is refused.
func (i Incident) Undo(a Actor, change []Recorded) ([]Event, error) {
	if err := i.may(a, "undo", anyTime); err != nil {
		return nil, err
	}
	if err := i.mine(a, change); err != nil {
		return nil, err
	}
	for _, r := range change {
		if err := standing(r.Event); err != nil {
			return nil, err
		}
	}
	var events []Event
	undone := Undone{Change: change[0].Version}
	for k := len(change) - 1; k >= 0; k-- {
		e, ok := change[k].Event.(reverser)
		if !ok {
			continue
		}
		back, what := e.undo(i, change[k])
		if what == "" {
			return nil, fault.New(fault.Conflict, "That was changed again since, so I left it as it is. Say what it should be.").WithExample("/incident show")
		}
		events, undone.What = append(events, back...), what
		undone.Unacknowledged = undone.Unacknowledged || i.unanswers(change[k])
	}
	if len(events) == 0 {
		return nil, pagesStand(change)
	}
	return append(events, undone), nil
}

// mine refuses what is not the actor's newest change of the last minutes.
func (i Incident) mine(a Actor, change []Recorded) error {
	c, ok := i.LastChange(a.Person)
	if !ok || a.At.Sub(c.At) > UndoWindow {
		return fault.New(fault.Conflict, "You changed nothing in %s in the last 15 minutes, so there is nothing to undo.", i.Number).WithExample("/incident timeline")
	}
	if len(change) == 0 || change[0].Version != c.First || change[len(change)-1].Version != c.Last || change[0].Actor != a.Person {
		return fault.New(fault.Conflict, "Only your newest change can be undone.").WithExample("/incident undo")
	}
	return nil
}

// standing refuses events that stand for more than can be taken back; for
// those that may stay beside a change that is taken back it gives nothing.
func standing(e Event) error {
	switch e := e.(type) {
	case Declared:
		return fault.New(fault.Conflict, "A declare cannot be undone. Cancel the incident instead.").WithExample("/incident cancel false alarm")
	case MergedInto:
		return fault.New(fault.Conflict, "A merge cannot be undone. Re-open the incident instead.").WithExample("/incident reopen it is another thing")
	case UpdatePosted:
		return fault.New(fault.Conflict, "Update %d was sent and may have been read. Correct it instead.", e.Update).WithExample("/incident update fix orders come in again")
	case Adopted:
		return fault.New(fault.Conflict, "That a room was made the incident's cannot be undone; close the incident to leave it.").WithExample("/incident close")
	case EffectRetried, PageAcknowledged, PageEscalated, PageReassigned, ResponderAsked, PageNoted, PageResolved:
		return fault.New(fault.Conflict, "That has left the house and cannot be undone.").WithExample("/incident pending")
	default:
		return nil
	}
}

func pagesStand(change []Recorded) error {
	for _, r := range change {
		if p, ok := r.Event.(PageRequested); ok {
			return &fault.Error{
				Kind: fault.Conflict, Try: "/incident page off " + string(p.Page),
				Say: "A page cannot be undone: " + string(p.Page) + " (" + p.Target.String() + ") may already ring. Tell them it is off.",
				Err: &PageStandsError{Page: p.Page, Target: p.Target},
			}
		}
	}
	return fault.New(fault.Conflict, "That cannot be undone.").WithExample("/incident timeline")
}

// unanswers says that the incident counts as acknowledged only because of r.
func (i Incident) unanswers(r Recorded) bool {
	var who PersonID
	switch e := r.Event.(type) {
	case RoleTaken:
		who = e.Person
	case HandoverAccepted:
		who = e.To
	default:
		return false
	}
	return who != i.Declarer && i.measured().Acknowledged.Equal(r.Happened)
}

// firstAnswer is when a page was first acknowledged, as far as the state knows.
func (i Incident) firstAnswer() time.Time {
	var first time.Time
	for _, p := range i.Pages {
		if !p.AckedAt.IsZero() && (first.IsZero() || p.AckedAt.Before(first)) {
			first = p.AckedAt
		}
	}
	return first
}
