package incident

// TargetKind says what a page is aimed at.
type TargetKind string

// The kinds of target.
const (
	TeamTarget    TargetKind = "team"
	ServiceTarget TargetKind = "service"
	PersonTarget  TargetKind = "person"
)

// Target is whom a page is aimed at.
type Target struct {
	Kind   TargetKind `json:"kind"`
	Name   string     `json:"name"`             // team or service name; a person's id
	Person PersonID   `json:"person,omitempty"` // when Kind is person
	Pager  string     `json:"pager,omitempty"`  // which pager, as policy said then
}

// PageID names one page of an incident: "p1", "p2", … in the order asked for.
type PageID string

// ByHand is the reason of a page that somebody asked for in so many words.
const ByHand = "asked by hand"

// PageRequested is the intent to page. The receipt follows in other events.
type PageRequested struct {
	Page   PageID `json:"page"`
	Target Target `json:"target"`
	Text   Text   `json:"text,omitzero"`
	Why    string `json:"why"`             // the reason shown: "asked by hand", "because sev1"
	Level  int    `json:"level,omitempty"` // escalation level, from 1
	Drill  bool   `json:"drill,omitempty"`
	After  PageID `json:"after,omitempty"` // shape 2: follows that page, which nobody has answered
	Turn   int    `json:"turn,omitempty"`  // shape 2: the how manieth that follows, from 1; 0: follows none
}

// PageAccepted says that the pager took the page.
type PageAccepted struct {
	Page     PageID `json:"page"`
	Pager    string `json:"pager"`
	Whom     string `json:"whom,omitempty"` // who is woken, as the pager named them
	Link     string `json:"link,omitempty"`
	Practice bool   `json:"practice,omitempty"` // nobody was woken
	MaybeTwo bool   `json:"maybe_two,omitempty"`
	Blind    bool   `json:"blind,omitempty"` // shape 2: the pager cannot be asked what became of it
}

// PageSeen says that the page was seen at the pager: it is there.
type PageSeen struct {
	Page  PageID `json:"page"`
	Pager string `json:"pager"`
	Whom  string `json:"whom,omitempty"` // who is woken, as the pager named them
	Link  string `json:"link,omitempty"`
	Level int    `json:"level,omitempty"`
}

// PageAcknowledged says that somebody is on it.
type PageAcknowledged struct {
	Page   PageID   `json:"page"`
	Person PersonID `json:"person,omitempty"`
	Whom   string   `json:"whom,omitempty"` // the pager's name for them, when not known as a person
}

// PageEscalated says that the next level was asked.
type PageEscalated struct {
	Page  PageID `json:"page"`
	Level int    `json:"level"`
	Whom  string `json:"whom,omitempty"`
}

// PageReassigned says that the page goes to somebody else: by a person it is
// asked for, by the house it is so.
type PageReassigned struct {
	Page PageID `json:"page"`
	To   Target `json:"to,omitzero"`    // whom a person asked for
	Whom string `json:"whom,omitempty"` // who has it now, as the pager named them
}

// ResponderAsked asks somebody to help beside whoever has the page.
type ResponderAsked struct {
	Page PageID `json:"page"`
	To   Target `json:"to"`
}

// PageNoted is a note on the page: written here, for the pager to keep, or
// there.
type PageNoted struct {
	Page PageID `json:"page"`
	Text Text   `json:"text"`
	Whom string `json:"whom,omitempty"` // who wrote it there, when not known as a person
}

// PageFailed says that the page did not get through as far as is known, why,
// and what to do instead.
type PageFailed struct {
	Page   PageID `json:"page"`
	Why    string `json:"why"`
	Call   string `json:"call,omitempty"`   // whom to call instead
	Unsure bool   `json:"unsure,omitempty"` // shape 2: it may have gone through all the same
	Next   int    `json:"next,omitempty"`   // shape 2: nobody is on call at its level; somebody is at this one
}

// PageResolved says that the page is over at the pager.
type PageResolved struct {
	Page   PageID   `json:"page"`
	Person PersonID `json:"person,omitempty"` // shape 2: who ended it there
	Whom   string   `json:"whom,omitempty"`   // shape 2: the pager's name for them, when not known as a person
}

// pageEvents are the calls for help and what became of them.
func pageEvents() []Event {
	return []Event{
		PageRequested{},
		PageAccepted{},
		PageSeen{},
		PageAcknowledged{},
		PageEscalated{},
		PageReassigned{},
		ResponderAsked{},
		PageNoted{},
		PageFailed{},
		PageResolved{},
	}
}
