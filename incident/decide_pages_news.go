package incident

import (
	"time"

	"tocsin/incident/fault"
)

// maxTurns is how many pages may follow one that nobody answers.
const maxTurns = 5

// PageNews records what a pager says of a page. It takes the events that say
// such a thing, dated when the pager says when; what the state knows already,
// or what came too late to matter, gives no events. A page that is over stays
// over, whatever comes.
func (i Incident) PageNews(e Event) ([]Event, error) {
	if d, ok := e.(Dated); ok {
		events, err := i.PageNews(d.Event)
		return i.dated(d.At, events), err
	}
	switch e := e.(type) {
	case PageAccepted:
		return i.accepted(e), nil
	case PageSeen:
		return i.seen(e), nil
	case PageAcknowledged:
		return i.acknowledged(e), nil
	case PageEscalated:
		return i.escalated(e), nil
	case PageReassigned:
		return i.reassigned(e), nil
	case PageNoted:
		return i.noted(e), nil
	case PageFailed:
		return i.failed(e), nil
	case PageResolved:
		return i.resolved(e), nil
	default:
		return nil, fault.New(fault.Internal, "This is no news of a page.")
	}
}

// news are the events, when they tell something new.
func (i Incident) news(fresh bool, events ...Event) []Event {
	if !fresh || i.Newer {
		return nil
	}
	return events
}

// dated puts events at the moment that the pager says, which is never before
// the page was asked for.
func (i Incident) dated(at time.Time, events []Event) []Event {
	if at.IsZero() {
		return events
	}
	for k, e := range events {
		if p, known := i.page(aboutPage(e)); known && at.Before(p.At) {
			at = p.At
		}
		events[k] = Dated{At: at.UTC(), Event: e}
	}
	return events
}

// aboutPage is the page that news are about.
func aboutPage(e Event) PageID {
	switch e := e.(type) {
	case PageAccepted:
		return e.Page
	case PageSeen:
		return e.Page
	case PageAcknowledged:
		return e.Page
	case PageEscalated:
		return e.Page
	case PageReassigned:
		return e.Page
	case PageNoted:
		return e.Page
	case PageFailed:
		return e.Page
	case PageResolved:
		return e.Page
	default:
		return ""
	}
}

// accepted is the pager's first word; when it comes after others it only
// fills in what they left open.
func (i Incident) accepted(e PageAccepted) []Event {
	p, known := i.page(e.Page)
	e.Pager, e.Whom, e.Link = short(e.Pager, MaxName), short(e.Whom, MaxTitle), link(e.Link)
	first := p.Pager == "" || p.State == PageBroken
	twice := e.MaybeTwo && !p.MaybeTwo
	return i.news(known && p.State != PageOver && (first || twice), e)
}

// seen may come before the pager's own word, and after a failure that was none.
func (i Incident) seen(e PageSeen) []Event {
	p, known := i.page(e.Page)
	e.Pager, e.Whom, e.Link = short(e.Pager, MaxName), short(e.Whom, MaxTitle), link(e.Link)
	e.Level = min(max(e.Level, 0), maxLevel)
	there := p.State == PageFound || p.State == PageAcked || p.State == PageRungOut
	fills := p.Link == "" && e.Link != "" || p.Whom == "" && e.Whom != ""
	return i.news(known && p.State != PageOver && (!there || fills), e)
}

// acknowledged is an answer that the pager reports; who answers is a member.
func (i Incident) acknowledged(e PageAcknowledged) []Event {
	p, known := i.page(e.Page)
	e.Whom = short(e.Whom, MaxTitle)
	events := []Event{e}
	if e.Person != "" && e.Person != House && !i.member(e.Person) {
		events = append(events, MemberAdded{Person: e.Person, How: ByPage})
	}
	return i.news(known && p.State != PageAcked && p.State != PageOver, events...)
}

// escalated is the next level, or whom that level calls.
func (i Incident) escalated(e PageEscalated) []Event {
	p, known := i.page(e.Page)
	e.Whom = short(e.Whom, MaxTitle)
	higher := e.Level > p.Level && e.Level <= maxLevel
	same := e.Level == p.Level && (p.Rising || p.Whom == "" && e.Whom != "")
	return i.news(known && p.Ringing() && (higher || same), e)
}

// reassigned is whom the pager has given the page to; To was only asked for.
func (i Incident) reassigned(e PageReassigned) []Event {
	p, known := i.page(e.Page)
	e.To, e.Whom = Target{}, short(e.Whom, MaxTitle)
	return i.news(known && p.Open() && (e.Whom == "" || e.Whom != p.Whom || p.To != (Target{})), e)
}

// failed is a failure of a page that rang, or a doubt that is none any more.
func (i Incident) failed(e PageFailed) []Event {
	p, known := i.page(e.Page)
	e.Why, e.Call = short(e.Why, MaxTitle), short(e.Call, MaxTitle)
	settled := p.State == PageBroken && p.Unsure && !e.Unsure
	return i.news(known && (p.Ringing() || settled), e)
}

func (i Incident) resolved(e PageResolved) []Event {
	p, known := i.page(e.Page)
	e.Whom = short(e.Whom, MaxTitle)
	return i.news(known && p.State != PageOver, e)
}

// noted is a note at the pager; the echo of one that was written here is none.
func (i Incident) noted(e PageNoted) []Event {
	p, known := i.page(e.Page)
	e.Whom, e.Text.Words = short(e.Whom, MaxTitle), short(e.Text.Words, MaxLine)
	if e.Text.Author == "" {
		e.Text.Author = House
	}
	return i.news(known && e.Text.Words != "" && e.Text.Words != p.Note.Words, e)
}

// FallBack asks for help in another way because nobody has answered a page:
// the house does, as policy wants. It gives no events when somebody has
// answered, when the incident is over, or when that turn was asked for
// already.
func (i Incident) FallBack(after PageID, t Target, turn int) ([]Event, error) {
	p, known := i.page(after)
	if i.Newer || !i.Status.Open() || !known || turn < 1 || turn > maxTurns || p.State == PageOver || i.Answered(p) {
		return nil, nil
	}
	t.Name = oneLine(t.Name)
	if err := t.check(); err != nil {
		return nil, err
	}
	for _, other := range i.Pages {
		if other.After == after && other.Turn >= turn {
			return nil, nil
		}
	}
	return []Event{PageRequested{
		Page: pageID(i.PageN + 1), Target: t, Text: p.Text.again(), Why: p.unheard(), Level: 1, Drill: i.Drill, After: after, Turn: turn,
	}}, nil
}

// unheard is why another page follows this one.
func (p Page) unheard() string {
	switch {
	case p.State != PageBroken:
		return "because nobody has answered " + string(p.ID)
	case p.Unsure:
		return "because " + string(p.ID) + " could not be confirmed"
	case p.Next > 0:
		return "because nobody is on call for " + string(p.ID)
	}
	return "because " + string(p.ID) + " failed"
}
