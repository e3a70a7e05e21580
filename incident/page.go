package incident

import "time"

// PageState says how far a page came. It never says more than is known.
type PageState string

// The states of a page.
const (
	PageAsked   PageState = "requested"
	PageTaken   PageState = "accepted" // the pager took it; nobody has seen it there yet
	PageFound   PageState = "seen"     // it is at the pager
	PageAcked   PageState = "acknowledged"
	PageRungOut PageState = "escalated"
	PageBroken  PageState = "failed"
	PageOver    PageState = "resolved"
)

// Page is a call for help as the incident knows it.
type Page struct {
	ID       PageID    `json:"id"`
	Target   Target    `json:"target"`
	Text     Text      `json:"text,omitzero"`
	Why      string    `json:"why"`
	After    PageID    `json:"after,omitempty"` // the page that nobody has answered, which this one follows
	Turn     int       `json:"turn,omitempty"`  // the how manieth that follows; 0: follows none
	State    PageState `json:"state"`
	Pager    string    `json:"pager,omitempty"`
	Whom     string    `json:"whom,omitempty"`
	By       PersonID  `json:"by"`                 // who asked
	Acker    PersonID  `json:"acker,omitempty"`    // who acknowledged
	AckedBy  string    `json:"acked_by,omitempty"` // as the pager named them
	At       time.Time `json:"at"`
	AckedAt  time.Time `json:"acked_at,omitzero"`
	Level    int       `json:"level,omitempty"`
	Rising   bool      `json:"rising,omitempty"` // that level was asked for here; the pager has not said so yet
	Link     string    `json:"link,omitempty"`
	Failure  string    `json:"failure,omitempty"`
	Call     string    `json:"call,omitempty"`     // whom to call instead, after a failure
	Unsure   bool      `json:"unsure,omitempty"`   // failed as far as is known; it may have gone through
	Next     int       `json:"next,omitempty"`     // the level to ask instead, since nobody is on call at its own
	To       Target    `json:"to,omitzero"`        // whom it was asked to be handed to; the pager has not said so yet
	Also     []Target  `json:"also,omitempty"`     // whom else was asked to help; at most maxAlso
	Note     Text      `json:"note,omitzero"`      // the newest note on it
	NotedBy  string    `json:"noted_by,omitempty"` // who wrote it, as the pager named them
	Ender    PersonID  `json:"ender,omitempty"`    // who ended it
	EndedBy  string    `json:"ended_by,omitempty"` // as the pager named them
	Practice bool      `json:"practice,omitempty"`
	MaybeTwo bool      `json:"maybe_two,omitempty"`
	Seen     bool      `json:"seen,omitempty"`  // it was at the pager
	Blind    bool      `json:"blind,omitempty"` // the pager cannot be asked what became of it
}

// PagerName is what people call a pager.
func PagerName(name string) string {
	switch name {
	case "":
		return "the pager"
	case "pagerduty":
		return "PagerDuty"
	case "email":
		return "e-mail"
	}
	return name
}

// OneWay says that a page goes out as words: nothing can be told the pager
// after that, and nothing comes back but what people do here.
func (p Page) OneWay() bool {
	pager := p.Pager
	if pager == "" {
		pager = p.Target.Pager
	}
	return pager == "email" || pager == "webhook" || pager == "direct message"
}

// maxAlso is how many of those who were asked to help a page remembers.
const maxAlso = 5

// Ringing says that nobody has answered the page yet, as far as is known.
func (p Page) Ringing() bool {
	return p.State == PageAsked || p.State == PageTaken || p.State == PageFound || p.State == PageRungOut
}

// Open says that the page is not over: it rings, or somebody is on it.
func (p Page) Open() bool { return p.Ringing() || p.State == PageAcked }

// MayRing says that it rings, or that it may although it counts as failed.
func (p Page) MayRing() bool { return p.Ringing() || p.State == PageBroken && p.Unsure }

// There says that it is known to be at the pager, or, where a pager cannot be
// asked, that the pager took it. Only then "paged" may be said.
func (p Page) There() bool {
	return p.State != PageAsked && p.State != PageBroken && (p.Seen || p.Blind && p.Pager != "")
}

// PageOf finds a page by its id; the state forgets old ones that are over.
func (i Incident) PageOf(id PageID) (Page, bool) { return i.page(id) }

// RootPage is the page that this one follows, and so on, up to the first one;
// a page that follows none is its own.
func (i Incident) RootPage(p Page) Page {
	for range MaxPagesKept + MaxOpenPages {
		before, ok := i.page(p.After)
		if p.After == "" || !ok {
			break
		}
		p = before
	}
	return p
}

// PagesAfter are the pages that were asked for because nobody answered the
// first, and those after them, in the order asked for.
func (i Incident) PagesAfter(first PageID) []Page {
	var all []Page
	for _, p := range i.Pages {
		if p.ID != first && i.RootPage(p).ID == first {
			all = append(all, p)
		}
	}
	return all
}

// Answered says that somebody is on it: on the page itself, or on one that
// belongs to the same call for help.
func (i Incident) Answered(p Page) bool {
	root := i.RootPage(p)
	for _, other := range append(i.PagesAfter(root.ID), root) {
		if other.State == PageAcked {
			return true
		}
	}
	return false
}
