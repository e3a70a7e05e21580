package incident

import "time"

// ReviewState is where a review stands.
type ReviewState string

// The states of a review. One that is proposed or skipped can be started.
const (
	ReviewOffered   ReviewState = "proposed" // asked for when the incident was resolved; nobody has begun
	ReviewDrafted   ReviewState = "drafted"
	ReviewInReview  ReviewState = "in_review"
	ReviewIsOut     ReviewState = "published"
	ReviewNotNeeded ReviewState = "skipped"
)

// ReviewProposed asks for a review of an incident that was resolved. It stands,
// as all events of reviews do, in the review's own stream.
type ReviewProposed struct {
	Incident ID            `json:"incident"`
	Number   Number        `json:"number"`
	Private  bool          `json:"private,omitempty"`
	Assignee PersonID      `json:"assignee,omitempty"`
	Due      time.Time     `json:"due,omitzero"`
	Every    time.Duration `json:"every,omitempty"` // how often the assignee is reminded; 0: never
}

// ReviewStarted says that somebody began the review.
type ReviewStarted struct {
	Incident ID            `json:"incident"`
	Number   Number        `json:"number"`
	Private  bool          `json:"private,omitempty"`
	Assignee PersonID      `json:"assignee,omitempty"`
	Due      time.Time     `json:"due,omitzero"`
	Every    time.Duration `json:"every,omitempty"`
	Why      string        `json:"why,omitempty"` // "asked", "proposed", "edited"
}

// ReviewAssigned says who brings the review to its end.
type ReviewAssigned struct {
	Assignee PersonID `json:"assignee"`
	Was      PersonID `json:"was,omitempty"`
}

// ReviewDueSet says until when it should be published.
type ReviewDueSet struct {
	Due time.Time `json:"due"`
	Was time.Time `json:"was,omitzero"`
}

// ReviewMoved says that it is drafted or in review now. What publishes or
// skips it has events of its own.
type ReviewMoved struct {
	State ReviewState `json:"state"`
	From  ReviewState `json:"from"`
}

// ReviewSkipped says that the incident needs no review.
type ReviewSkipped struct {
	Why  Text        `json:"why,omitzero"`
	From ReviewState `json:"from,omitempty"`
}

// ReviewLineEdited gives a line of the review other words.
type ReviewLineEdited struct {
	Line    string  `json:"line"` // its key
	Section string  `json:"section"`
	Text    Text    `json:"text"`
	Before  Version `json:"before,omitempty"` // the edit that it was written over; 0: the machine's words
}

// ReviewLineAdded adds a line of somebody's own.
type ReviewLineAdded struct {
	Line    string `json:"line"` // "own/<hash>"
	Section string `json:"section"`
	After   string `json:"after,omitempty"` // key of the line that it follows; empty: the last of its section
	Text    Text   `json:"text"`
}

// ReviewLineRemoved takes a line out; it can be brought back.
type ReviewLineRemoved struct {
	Line    string  `json:"line"`
	Section string  `json:"section"`
	Before  Version `json:"before,omitempty"`
}

// ReviewLineRestored brings a line back that was taken out. Machine says that
// it reads as the machine wrote it again, without what people made of it.
type ReviewLineRestored struct {
	Line    string  `json:"line"`
	Section string  `json:"section"`
	Before  Version `json:"before,omitempty"`
	Machine bool    `json:"machine,omitempty"`
}

// ReviewPublished freezes the review as it reads.
type ReviewPublished struct {
	Version  int             `json:"version"` // from 1
	Title    Text            `json:"title,omitzero"`
	Sections []ReviewSection `json:"sections"`
	Lines    []ReviewFrozen  `json:"lines"`
}

// ReviewSection is a heading of a review that was published.
type ReviewSection struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// ReviewFrozen is a line of a review as it was published.
type ReviewFrozen struct {
	Section string       `json:"section"`
	Key     string       `json:"key"`
	Kind    string       `json:"kind,omitempty"` // of the machine's line; empty: somebody's own
	At      time.Time    `json:"at,omitzero"`
	Text    Text         `json:"text"`
	Cites   []ReviewCite `json:"cites,omitempty"`
	Owner   PersonID     `json:"owner,omitempty"`
	Due     time.Time    `json:"due,omitzero"`
	Mark    string       `json:"mark,omitempty"`
	Quote   bool         `json:"quote,omitempty"`
	Edited  bool         `json:"edited,omitempty"` // the words are a person's
	Under   string       `json:"under,omitempty"`  // key of the line that it belongs to
	Class   string       `json:"class,omitempty"`  // of an entry of its timeline
	Image   string       `json:"image,omitempty"`
}

// ReviewCite is what a published line rests on: whose, when, and where it can
// be read. Its words are not frozen.
type ReviewCite struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at,omitzero"`
	By   PersonID  `json:"by,omitempty"`
	Link string    `json:"link,omitempty"`
}

// ReviewSuggestionTaken says that something found in the talk was put on the
// incident's record.
type ReviewSuggestionTaken struct {
	Message MessageRef `json:"message"`
	As      string     `json:"as"` // "decision" or "action"
}

// ReviewSuggestionDropped says that it was none.
type ReviewSuggestionDropped struct {
	Message MessageRef `json:"message"`
	As      string     `json:"as"`
}

// reviewEvents are the life of a review.
func reviewEvents() []Event {
	return []Event{
		ReviewProposed{},
		ReviewStarted{},
		ReviewAssigned{},
		ReviewDueSet{},
		ReviewMoved{},
		ReviewSkipped{},
		ReviewLineEdited{},
		ReviewLineAdded{},
		ReviewLineRemoved{},
		ReviewLineRestored{},
		ReviewPublished{},
		ReviewSuggestionTaken{},
		ReviewSuggestionDropped{},
	}
}
