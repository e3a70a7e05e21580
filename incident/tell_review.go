package incident

import (
	"strconv"
	"time"
)

func (e ReviewProposed) tell(Recorded) []Part {
	if e.Assignee == "" {
		return line("A review was proposed", duePart(e.Due))
	}
	return line("A review was proposed to ", e.Assignee, duePart(e.Due))
}

func (e ReviewStarted) tell(r Recorded) []Part {
	said := line(r.Actor, " started the review")
	if e.Assignee != "" && e.Assignee != r.Actor {
		said = line(said, ", for ", e.Assignee)
	}
	return line(said, duePart(e.Due))
}

func (e ReviewAssigned) tell(r Recorded) []Part {
	if e.Assignee == r.Actor {
		return line(r.Actor, " took the review")
	}
	return line(r.Actor, " assigned the review to ", e.Assignee)
}

func (e ReviewDueSet) tell(r Recorded) []Part { return line(r.Actor, " set the review due ", e.Due) }

func (e ReviewMoved) tell(r Recorded) []Part {
	if e.State == ReviewInReview {
		return line(r.Actor, " put the review up for others to read")
	}
	return line(r.Actor, " took the review back to draft")
}

func (e ReviewSkipped) tell(r Recorded) []Part {
	return line(r.Actor, " said that no review is needed", after(": ", e.Why))
}

func (e ReviewLineEdited) tell(r Recorded) []Part {
	return line(r.Actor, " edited the review: ", e.Text)
}

func (e ReviewLineAdded) tell(r Recorded) []Part {
	return line(r.Actor, " added to the review: ", e.Text)
}

func (e ReviewLineRemoved) tell(r Recorded) []Part {
	return line(r.Actor, " took a line out of the review")
}

func (e ReviewLineRestored) tell(r Recorded) []Part {
	if e.Machine {
		return line(r.Actor, " gave a line of the review its first words again")
	}
	return line(r.Actor, " put a line back into the review")
}

func (e ReviewPublished) tell(r Recorded) []Part {
	return line(r.Actor, " published version ", strconv.Itoa(e.Version), " of the review")
}

func (e ReviewSuggestionTaken) tell(r Recorded) []Part {
	return line(r.Actor, " took what was said as ", suggestion(e.As), messagePart(": ", e.Message))
}

func (e ReviewSuggestionDropped) tell(r Recorded) []Part {
	return line(r.Actor, " said that what was said is not ", suggestion(e.As), messagePart(": ", e.Message))
}

// duePart tells until when something is to be done, if that was said.
func duePart(due time.Time) []Part {
	if due.IsZero() {
		return nil
	}
	return line(", due ", due)
}

func suggestion(as string) string {
	if as == SuggestAction {
		return "an action item"
	}
	return "a decision"
}

// messagePart leads to a message that can be read somewhere.
func messagePart(sep string, m MessageRef) []Part {
	if m.Link == "" {
		return nil
	}
	return line(sep, Address{Label: "message", URL: m.Link})
}
