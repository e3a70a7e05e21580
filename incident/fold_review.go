package incident

import (
	"slices"
	"strings"
	"time"
)

// What stands in a review's own stream changes no incident.

func (ReviewProposed) fold(*Incident, Recorded)          {}
func (ReviewStarted) fold(*Incident, Recorded)           {}
func (ReviewAssigned) fold(*Incident, Recorded)          {}
func (ReviewDueSet) fold(*Incident, Recorded)            {}
func (ReviewMoved) fold(*Incident, Recorded)             {}
func (ReviewSkipped) fold(*Incident, Recorded)           {}
func (ReviewLineEdited) fold(*Incident, Recorded)        {}
func (ReviewLineAdded) fold(*Incident, Recorded)         {}
func (ReviewLineRemoved) fold(*Incident, Recorded)       {}
func (ReviewLineRestored) fold(*Incident, Recorded)      {}
func (ReviewPublished) fold(*Incident, Recorded)         {}
func (ReviewSuggestionTaken) fold(*Incident, Recorded)   {}
func (ReviewSuggestionDropped) fold(*Incident, Recorded) {}

const reviewPrefix = "review/"

// ReviewStream is the stream of an incident's review.
func (id ID) ReviewStream() Stream { return Stream(reviewPrefix + string(id)) }

// Review is the id of the incident whose review's stream this is.
func (s Stream) Review() (id ID, ok bool) {
	rest, ok := strings.CutPrefix(string(s), reviewPrefix)
	return ID(rest), ok
}

// Review is what people made of an incident's review: the fold of its own
// stream. The draft itself is not in it; a machine makes that anew each time.
type Review struct {
	Incident ID
	Number   Number
	Version  Version // of the stream
	State    ReviewState
	Assignee PersonID
	Due      time.Time
	Every    time.Duration // how often the assignee is reminded; 0: never

	Proposed time.Time // when it was asked for; zero: never
	Started  time.Time // when somebody began it; zero: nobody did
	By       PersonID  // who began or skipped it
	Why      Text      // it was skipped
	Chased   time.Time // from when reminders count: proposed, begun, or given another date

	Lines    []ReviewLine // that people touched, in the order in which they first did
	Versions []ReviewOut
	Settled  []ReviewSettled
	Newer    bool // holds an event that this tocsin cannot read
}

// ReviewLine is what people made of one line.
type ReviewLine struct {
	Key     string
	Section string
	After   string  // of a line of somebody's own
	Own     bool    // a person added it
	Edited  bool    // Text stands in place of the machine's words
	Removed bool    // it is taken out
	Text    Text    // while Edited or Own
	Version Version // of the stream, when it was last changed
	By      PersonID
	At      time.Time
}

// ReviewOut is a version that was published.
type ReviewOut struct {
	Version Version // of the stream, where it lies whole
	Number  int     // from 1
	By      PersonID
	At      time.Time
}

// ReviewSettled is a suggestion that somebody took or dropped.
type ReviewSettled struct {
	Message MessageRef
	As      string
	Taken   bool
	By      PersonID
	At      time.Time
}

// Begun says that people work on the review or have published it.
func (v Review) Begun() bool {
	return v.State == ReviewDrafted || v.State == ReviewInReview || v.State == ReviewIsOut
}

// Wanted says that somebody is still to bring it to its end.
func (v Review) Wanted() bool {
	return v.State == ReviewOffered || v.State == ReviewDrafted || v.State == ReviewInReview
}

// Line is what people made of a line.
func (v Review) Line(key string) (ReviewLine, bool) {
	at := slices.IndexFunc(v.Lines, func(l ReviewLine) bool { return l.Key == key })
	if at < 0 {
		return ReviewLine{}, false
	}
	return v.Lines[at], true
}

// SettledOn says whether a suggestion was taken or dropped.
func (v Review) SettledOn(m MessageRef, as string) (ReviewSettled, bool) {
	at := slices.IndexFunc(v.Settled, func(s ReviewSettled) bool {
		return s.As == as && s.Message.Platform == m.Platform && s.Message.Room == m.Room && s.Message.ID == m.ID
	})
	if at < 0 {
		return ReviewSettled{}, false
	}
	return v.Settled[at], true
}

// Apply is the fold: the review after one more event of its stream. The
// receiver is left as it was.
func (v Review) Apply(r Recorded) Review {
	if id, ok := r.Stream.Review(); ok {
		v.Incident = id
	}
	v.Version = r.Version
	switch e := r.Event.(type) {
	case ReviewProposed:
		v.Number, v.State, v.Proposed, v.Chased = e.Number, ReviewOffered, r.Recorded, r.Recorded
		v.Assignee, v.Due, v.Every = e.Assignee, e.Due, e.Every
	case ReviewStarted:
		v.Number, v.State, v.Started, v.By, v.Why, v.Chased = e.Number, ReviewDrafted, r.Recorded, r.Actor, Text{}, r.Recorded
		v.Assignee, v.Due, v.Every = e.Assignee, e.Due, e.Every
	case ReviewAssigned:
		v.Assignee = e.Assignee
	case ReviewDueSet:
		v.Due, v.Chased = e.Due, r.Recorded
	case ReviewMoved:
		v.State = e.State
	case ReviewSkipped:
		v.State, v.Why, v.By = ReviewNotNeeded, e.Why, r.Actor
	case ReviewPublished:
		v.State = ReviewIsOut
		v.Versions = with(v.Versions, ReviewOut{Version: r.Version, Number: e.Version, By: r.Actor, At: r.Recorded})
	case ReviewSuggestionTaken:
		v.Settled = with(v.Settled, ReviewSettled{Message: e.Message, As: e.As, Taken: true, By: r.Actor, At: r.Recorded})
	case ReviewSuggestionDropped:
		v.Settled = with(v.Settled, ReviewSettled{Message: e.Message, As: e.As, By: r.Actor, At: r.Recorded})
	case Unknown:
		v.Newer = true
	default: // a line, or an effect that was given up
		v.line(r)
	}
	return v
}

// line folds what happened to one line.
func (v *Review) line(r Recorded) {
	switch e := r.Event.(type) {
	case ReviewLineEdited:
		v.change(r, e.Line, e.Section, func(l *ReviewLine) { l.Text, l.Edited, l.Removed = e.Text, true, false })
	case ReviewLineAdded:
		v.change(r, e.Line, e.Section, func(l *ReviewLine) { l.Text, l.After, l.Own = e.Text, e.After, true })
	case ReviewLineRemoved:
		v.change(r, e.Line, e.Section, func(l *ReviewLine) { l.Removed = true })
	case ReviewLineRestored:
		v.change(r, e.Line, e.Section, func(l *ReviewLine) {
			l.Removed = false
			if e.Machine && !l.Own {
				l.Edited, l.Text = false, Text{}
			}
		})
	default:
	}
}

func (v *Review) change(r Recorded, key, section string, do func(*ReviewLine)) {
	v.Lines = slices.Clone(v.Lines)
	at := slices.IndexFunc(v.Lines, func(l ReviewLine) bool { return l.Key == key })
	if at < 0 {
		v.Lines = append(v.Lines, ReviewLine{Key: key, Section: section})
		at = len(v.Lines) - 1
	}
	l := &v.Lines[at]
	do(l)
	l.Version, l.By, l.At = r.Version, r.Actor, r.Recorded
}
