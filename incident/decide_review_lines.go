package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"tocsin/incident/fault"
)

// ReviewOverwrittenError refuses a change of a line that was changed since.
type ReviewOverwrittenError struct{ Line ReviewLine }

// Error implements error.
func (e *ReviewOverwrittenError) Error() string {
	return "the line was changed by " + string(e.Line.By) + " since"
}

// ReviewChange is what somebody wants changed in a line.
type ReviewChange struct {
	Line    string // its key
	Section string
	After   string // key of the line that a new one follows; empty: the last of the section
	Words   string
	Before  Version // the change that it was written over; 0: the machine's words
}

// lineChange is what changes of one line have in common: may it be changed,
// and was it written over what stands there now?
func (i Incident) lineChange(a Actor, v Review, c ReviewChange, p Policy) (ReviewLine, error) {
	if err := i.reviews(a, v, p); err != nil {
		return ReviewLine{}, err
	}
	if err := keyed(c.Line, "line"); err != nil {
		return ReviewLine{}, err
	}
	if err := keyed(c.Section, "section"); err != nil {
		return ReviewLine{}, err
	}
	now, known := v.Line(c.Line)
	if !known && len(v.Lines) >= MaxReviewLines {
		return ReviewLine{}, fault.New(fault.Invalid, "People have changed %d lines of this review, and more do not fit.", MaxReviewLines)
	}
	return now, nil
}

func (a Actor) reviewText(said string) (Text, error) {
	return a.text(said, asked{what: "line", limit: MaxReviewText, try: "review", lines: true})
}

// EditReviewLine gives a line other words.
func (i Incident) EditReviewLine(a Actor, v Review, c ReviewChange, p Policy) ([]Event, error) {
	now, err := i.lineChange(a, v, c, p)
	if err != nil {
		return nil, err
	}
	text, err := a.reviewText(c.Words)
	if err != nil {
		return nil, err
	}
	if (now.Edited || now.Own) && !now.Removed && now.Text.Words == text.Words {
		return nil, nil // it says so already, whoever wrote it
	}
	if now.Version != c.Before {
		return nil, &ReviewOverwrittenError{Line: now}
	}
	events, _ := i.begun(a, v, p, "edited")
	return append(events, ReviewLineEdited{Line: c.Line, Section: c.Section, Text: text, Before: c.Before}), nil
}

// OwnLineFor makes the key of somebody's own line from the key of the request
// that adds it.
func OwnLineFor(request string) string {
	h := sha256.Sum256([]byte(request))
	return OwnLine + hex.EncodeToString(h[:6])
}

// AddReviewLine adds a line of the actor's own; its key is [OwnLineFor]'s.
func (i Incident) AddReviewLine(a Actor, v Review, c ReviewChange, p Policy) ([]Event, error) {
	now, err := i.lineChange(a, v, c, p)
	if err != nil {
		return nil, err
	}
	if now.Version > 0 {
		return nil, nil // it is there already
	}
	text, err := a.reviewText(c.Words)
	if err != nil {
		return nil, err
	}
	if c.After != "" {
		if err := keyed(c.After, "line"); err != nil {
			return nil, err
		}
	}
	events, _ := i.begun(a, v, p, "edited")
	return append(events, ReviewLineAdded{Line: c.Line, Section: c.Section, After: c.After, Text: text}), nil
}

// OwnLine is how the key of a line begins that a person added.
const OwnLine = "own/"

// RemoveReviewLine takes a line out.
func (i Incident) RemoveReviewLine(a Actor, v Review, c ReviewChange, p Policy) ([]Event, error) {
	now, err := i.lineChange(a, v, c, p)
	if err != nil || now.Removed {
		return nil, err
	}
	events, _ := i.begun(a, v, p, "edited")
	return append(events, ReviewLineRemoved{Line: c.Line, Section: c.Section, Before: now.Version}), nil
}

// RestoreReviewLine puts a line back, as people last wrote it.
func (i Incident) RestoreReviewLine(a Actor, v Review, c ReviewChange, p Policy) ([]Event, error) {
	now, err := i.lineChange(a, v, c, p)
	if err != nil || !now.Removed {
		return nil, err
	}
	return []Event{ReviewLineRestored{Line: c.Line, Section: c.Section, Before: now.Version}}, nil
}

// RevertReviewLine gives a line the machine's words again.
func (i Incident) RevertReviewLine(a Actor, v Review, c ReviewChange, p Policy) ([]Event, error) {
	now, err := i.lineChange(a, v, c, p)
	if err != nil {
		return nil, err
	}
	switch {
	case now.Own:
		return nil, fault.New(fault.Invalid, "A person wrote this line, so there are no words of the machine's to go back to.")
	case now.Version != c.Before:
		return nil, &ReviewOverwrittenError{Line: now}
	case !now.Edited && !now.Removed:
		return nil, nil
	}
	return []Event{ReviewLineRestored{Line: c.Line, Section: c.Section, Before: c.Before, Machine: true}}, nil
}

// Suggestion is something found in the talk that may be a decision or an action.
type Suggestion struct {
	Message Spoken
	As      string
	Words   string   // of an action: the part of the message that says it; empty: all of it
	Owner   PersonID // of an action
	Due     time.Time
}

// TakeSuggestion puts what was found in the talk on the record: mine are the
// events of the incident, theirs those of the review.
func (i Incident) TakeSuggestion(a Actor, v Review, s Suggestion, p Policy) (mine, theirs []Event, err error) {
	if err := i.settles(a, v, s, p); err != nil {
		return nil, nil, err
	}
	switch s.As {
	case SuggestDecision:
		mine, err = i.DecideFrom(a, s.Message)
	default:
		mine, err = i.ActionFrom(a, s)
	}
	if err != nil {
		return nil, nil, err
	}
	return mine, []Event{ReviewSuggestionTaken{Message: s.Message.ref(), As: s.As}}, nil
}

// DropSuggestion says that it was none.
func (i Incident) DropSuggestion(a Actor, v Review, s Suggestion, p Policy) ([]Event, error) {
	if err := i.settles(a, v, s, p); err != nil {
		return nil, err
	}
	return []Event{ReviewSuggestionDropped{Message: s.Message.ref(), As: s.As}}, nil
}

func (i Incident) settles(a Actor, v Review, s Suggestion, p Policy) error {
	if err := i.reviews(a, v, p); err != nil {
		return err
	}
	if s.As != SuggestDecision && s.As != SuggestAction {
		return invalid("review", "What was said is taken as a decision or as an action.")
	}
	if was, done := v.SettledOn(s.Message.ref(), s.As); done {
		how := "dropped"
		if was.Taken {
			how = "taken"
		}
		return unchanged("That was %s already, by %s, %s.", how, NameToken(was.By), ago(a.At, was.At))
	}
	return nil
}

func (m Spoken) ref() MessageRef {
	return MessageRef{Platform: m.Room.Platform, Room: m.Room.ID, ID: m.Message, Link: m.Link}
}

// DecideFrom records a message of the room as a decision: its words, at its
// time, whoever says that it was one.
func (i Incident) DecideFrom(a Actor, m Spoken) ([]Event, error) {
	if err := i.may(a, "decide", anyTime); err != nil {
		return nil, err
	}
	text, err := m.quoted(MaxNote)
	if err != nil {
		return nil, err
	}
	return m.dated(DecisionMade{Text: text, Message: m.ref()}), nil
}

// ActionFrom records a message of the room as an action item.
func (i Incident) ActionFrom(a Actor, s Suggestion) ([]Event, error) {
	m := s.Message
	if err := i.may(a, "action", onRecord); err != nil {
		return nil, err
	}
	if err := i.fits(1, "action alert on queue length @ann due:friday"); err != nil {
		return nil, err
	}
	if part := oneLine(s.Words); part != "" && strings.Contains(oneLine(m.Text.Words), part) {
		m.Text.Words = part
	}
	text, err := m.quoted(MaxLine)
	if err != nil {
		return nil, err
	}
	text.Words = oneLine(text.Words)
	return m.dated(ActionAdded{Item: i.Items + 1, Text: text, Owner: s.Owner, Due: s.Due, Message: m.ref()}), nil
}

// quoted are the words of a message as the timeline keeps them.
func (m Spoken) quoted(limit int) (Text, error) {
	words := strings.TrimSpace(Clean(m.Text.Words))
	if n := utf8.RuneCountInString(words); n > limit {
		words = string([]rune(words)[:limit-1]) + "…"
	}
	author := m.Text.Author
	if author == "" {
		author = m.Author
	}
	switch {
	case m.Message == "" || m.Room.ID == "":
		return Text{}, fault.New(fault.NotFound, "I cannot find that message.").WithExample("/incident note what was said")
	case !m.DeletedAt.IsZero():
		return Text{}, fault.New(fault.Conflict, "That message was deleted, so it was not captured.").WithExample("/incident note what was said")
	case words == "":
		return Text{}, invalid("note what the picture shows", "That message has no words that could be recorded.")
	}
	return Text{Author: author, Words: words}, nil
}

// dated is an event of a message, at the time at which that was said.
func (m Spoken) dated(e Event) []Event {
	if m.At.IsZero() {
		return []Event{e}
	}
	return []Event{Dated{At: m.At.UTC(), Event: e}}
}
