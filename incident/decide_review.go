package incident

import (
	"strings"
	"time"

	"tocsin/incident/fault"
)

// What a suggestion may be taken as.
const (
	SuggestDecision = "decision"
	SuggestAction   = "action"
)

// Limits of a review.
const (
	MaxReviewText  = 4000 // characters of one line
	MaxReviewLines = 2000 // that people touched
	maxReviewKey   = 200  // bytes
)

// reviews is how every decision on a review begins.
func (i Incident) reviews(a Actor, v Review, p Policy) error {
	if err := i.may(a.Under(p), "review", anyTime); err != nil {
		return err
	}
	if v.Newer {
		return fault.New(fault.Conflict, "The review of %s holds events of a newer tocsin. It can be read, not changed, until this tocsin is updated.", i.Number)
	}
	return nil
}

// started is the beginning of a review.
func (i Incident) started(a Actor, v Review, p Policy, why string) ReviewStarted {
	e := ReviewStarted{
		Incident: i.ID, Number: i.Number, Private: i.Private, Assignee: v.Assignee, Due: v.Due, Every: p.Review.Remind, Why: why,
	}
	if e.Assignee == "" || !i.VisibleTo(e.Assignee) {
		e.Assignee = p.Review.whose(i)
	}
	if e.Assignee == "" && a.Person != House {
		e.Assignee = a.Person
	}
	if e.Due.IsZero() || !e.Due.After(a.At) {
		e.Due = p.ReviewDue(a.At)
	}
	return e
}

// begun are the events that a change of the review needs before it.
func (i Incident) begun(a Actor, v Review, p Policy, why string) ([]Event, Review) {
	if v.Begun() {
		return nil, v
	}
	e := i.started(a, v, p, why)
	v.State, v.Assignee, v.Due = ReviewDrafted, e.Assignee, e.Due
	return []Event{e}, v
}

// ProposeReview asks for a review, when policy wants one and nobody has begun.
func (i Incident) ProposeReview(v Review, p Policy, now time.Time) []Event {
	wanted := i.Status == Resolved || i.Status == Closed
	if i.Newer || v.Newer || v.State != "" || !wanted || !p.Review.proposes(i) {
		return nil
	}
	e := ReviewProposed{Incident: i.ID, Number: i.Number, Private: i.Private, Assignee: p.Review.whose(i), Due: p.ReviewDue(now)}
	if i.Severity != SevUnset { // whether it needs one at all was never said: asked once
		e.Every = p.Review.Remind
	}
	return []Event{e}
}

// StartReview begins the review.
func (i Incident) StartReview(a Actor, v Review, p Policy) ([]Event, error) {
	if err := i.reviews(a, v, p); err != nil {
		return nil, err
	}
	if v.Begun() {
		return nil, unchanged("The review of %s was started already%s.", i.Number, byWhom(a, v.By, v.Started))
	}
	why := "asked"
	if v.State == ReviewOffered {
		why = "proposed"
	}
	events, _ := i.begun(a, v, p, why)
	return events, nil
}

// byWhom tells who did something and how long ago: " by Bo, 3 min ago".
func byWhom(a Actor, who PersonID, at time.Time) string {
	if who == "" || at.IsZero() {
		return ""
	}
	return " by " + NameToken(who) + ", " + ago(a.At, at)
}

// SkipReview says that the incident needs no review.
func (i Incident) SkipReview(a Actor, v Review, why string, p Policy) ([]Event, error) {
	if err := i.reviews(a, v, p); err != nil {
		return nil, err
	}
	switch {
	case v.State == ReviewNotNeeded:
		return nil, unchanged("The review of %s was skipped already, by %s.", i.Number, NameToken(v.By))
	case len(v.Versions) > 0:
		return nil, fault.New(fault.Conflict, "The review of %s is published, so it cannot be skipped any more.", i.Number).WithExample("/incident review publish")
	}
	text, err := a.text(why, asked{what: "reason", limit: MaxLine, try: "review skip a known and planned restart", empty: true})
	if err != nil {
		return nil, err
	}
	return []Event{ReviewSkipped{Why: text, From: v.State}}, nil
}

// AssignReview says whose the review is.
func (i Incident) AssignReview(a Actor, v Review, who PersonID, p Policy) ([]Event, error) {
	if err := i.reviews(a, v, p); err != nil {
		return nil, err
	}
	if err := someone(who, "review assign @ann"); err != nil {
		return nil, err
	}
	if !i.VisibleTo(who) {
		return nil, fault.New(fault.Forbidden, "%s is private, and %s is no member of it. Invite them first.", i.Number, NameToken(who)).
			WithExample("/incident invite @ann")
	}
	events, v := i.begun(a, v, p, "asked")
	if v.Assignee == who {
		if events == nil {
			return nil, unchanged("The review of %s is %s's already.", i.Number, NameToken(who))
		}
		return events, nil
	}
	if s, is := first[ReviewStarted](events); is {
		s.Assignee = who
		return []Event{s}, nil
	}
	return []Event{ReviewAssigned{Assignee: who, Was: v.Assignee}}, nil
}

// SetReviewDue says until when it is to be published.
func (i Incident) SetReviewDue(a Actor, v Review, due time.Time, p Policy) ([]Event, error) {
	if err := i.reviews(a, v, p); err != nil {
		return nil, err
	}
	if err := coming(a, due, "due date", "review due friday"); err != nil {
		return nil, err
	}
	events, v := i.begun(a, v, p, "asked")
	if s, is := first[ReviewStarted](events); is {
		s.Due = due.UTC()
		return []Event{s}, nil
	}
	if v.Due.Equal(due) {
		return nil, unchanged("The review of %s is due then already.", i.Number)
	}
	return []Event{ReviewDueSet{Due: due.UTC(), Was: v.Due}}, nil
}

func first[E Event](events []Event) (e E, is bool) {
	if len(events) == 0 {
		return e, false
	}
	e, is = events[0].(E)
	return e, is
}

// MoveReview makes it a draft again, or puts it up for others to read.
func (i Incident) MoveReview(a Actor, v Review, to ReviewState, p Policy) ([]Event, error) {
	if err := i.reviews(a, v, p); err != nil {
		return nil, err
	}
	if to != ReviewDrafted && to != ReviewInReview {
		return nil, invalid("review in-review", "A review is drafted, in review or published.")
	}
	events, v := i.begun(a, v, p, "asked")
	if v.State == to {
		if events == nil {
			return nil, unchanged("The review of %s is %s already.", i.Number, to.Words())
		}
		return events, nil
	}
	return append(events, ReviewMoved{State: to, From: v.State}), nil
}

// Words are the state as a sentence has it.
func (s ReviewState) Words() string {
	switch s {
	case ReviewOffered:
		return "proposed"
	case ReviewDrafted:
		return "a draft"
	case ReviewInReview:
		return "in review"
	case ReviewIsOut:
		return "published"
	case ReviewNotNeeded:
		return "skipped"
	}
	return "not started"
}

// PublishReview freezes the review as it reads. The lines are as the house
// made them of the draft and of what people wrote.
func (i Incident) PublishReview(a Actor, v Review, out ReviewPublished, p Policy) ([]Event, error) {
	if err := i.reviews(a, v, p); err != nil {
		return nil, err
	}
	if i.Status.Open() {
		return nil, fault.New(fault.Conflict, "%s is still open. Its review is published once it is resolved.", i.Number).WithExample("/incident resolve rolled back")
	}
	events, v := i.begun(a, v, p, "asked")
	out.Version = 1
	if n := len(v.Versions); n > 0 {
		out.Version = v.Versions[n-1].Number + 1
	}
	return append(events, out), nil
}

// MayMove are the states to which a person may take the review now.
func (i Incident) MayMove(a Actor, v Review, p Policy) []ReviewState {
	if i.reviews(a, v, p) != nil {
		return nil
	}
	var out []ReviewState
	for _, s := range []ReviewState{ReviewDrafted, ReviewInReview} {
		if v.State != s {
			out = append(out, s)
		}
	}
	if !i.Status.Open() {
		out = append(out, ReviewIsOut)
	}
	if len(v.Versions) == 0 && v.State != ReviewNotNeeded {
		out = append(out, ReviewNotNeeded)
	}
	return out
}

// MayReview says whether a person may change the review.
func (i Incident) MayReview(a Actor, v Review, p Policy) error { return i.reviews(a, v, p) }

// keyed refuses a key that is none.
func keyed(key, what string) error {
	if key == "" || len(key) > maxReviewKey || strings.ContainsAny(key, " \n\t") {
		return fault.New(fault.Invalid, "That is no %s of the review. Load the page again.", what)
	}
	return nil
}
