package incident

import (
	"fmt"
	"slices"
	"time"

	"tocsin/incident/fault"
)

const (
	// samePage is how long a page that rings stops a second one to the same target.
	samePage = 2 * time.Minute
	maxLevel = 9
)

func pageID(n int) PageID { return PageID(fmt.Sprintf("p%d", n)) }

// Page asks for help. The intent is on record before anybody is called; what
// became of it comes in events of its own.
func (i Incident) Page(a Actor, t Target, text, why string) ([]Event, error) {
	if err := i.may(a, "page", whileOpen); err != nil {
		return nil, err
	}
	t.Name = oneLine(t.Name)
	if err := t.check(); err != nil {
		return nil, err
	}
	words, err := a.text(text, asked{what: "text", limit: MaxLine, try: "page checkout orders fail since 14:05", empty: true})
	if err != nil {
		return nil, err
	}
	ringing := 0
	for _, p := range i.Pages {
		if !p.Ringing() {
			continue
		}
		ringing++
		if p.Target.same(t) && a.At.Sub(p.At) < samePage {
			return nil, fault.New(fault.Conflict, "%s paged %s %s (%s), and it still rings. Nobody was paged twice; to reach the next level, escalate.",
				NameToken(p.By), t, ago(a.At, p.At), p.ID).WithExample("/incident escalate")
		}
	}
	if ringing >= MaxOpenPages {
		return nil, fault.New(fault.Conflict, "%d pages of %s are unanswered already. Escalate one of them, or call somebody.", ringing, i.Number).
			WithExample("/incident escalate")
	}
	if why = short(why, MaxName); why == "" {
		why = "asked by hand"
	}
	return []Event{PageRequested{Page: pageID(i.PageN + 1), Target: t, Text: words, Why: why, Level: 1, Drill: i.Drill}}, nil
}

func (t Target) check() error {
	const try = "page checkout"
	switch t.Kind {
	case PersonTarget:
		return someone(t.Person, "page @ann")
	case TeamTarget, ServiceTarget:
		_, err := name(t.Name, string(t.Kind), try)
		return err
	}
	return invalid(try, "A page goes to a team, a service or a person.")
}

// Acknowledge says that the actor is on it. Without a page it is the one that
// called the actor, else the newest that nobody has answered.
func (i Incident) Acknowledge(a Actor, page PageID) ([]Event, error) {
	if err := i.forPage(a, "ack", anyTime); err != nil {
		return nil, err
	}
	p, ok := i.pick(page, func(p Page) bool { return p.Ringing() && p.Target.Person == a.Person && a.Person != "" })
	if !ok {
		return nil, i.noPage(page)
	}
	if p.State == PageAcked {
		return nil, fault.New(fault.Conflict, "%s answered %s (%s) already, %s.", p.answerer(), p.ID, p.Target, ago(a.At, p.AckedAt))
	}
	if !p.Ringing() {
		return nil, i.pageEnded(p)
	}
	events := []Event{PageAcknowledged{Page: p.ID, Person: a.Person}}
	if !i.member(a.Person) && a.Person != House {
		events = append(events, MemberAdded{Person: a.Person, How: ByPage})
	}
	return events, nil
}

// Escalate asks the next level of a page that nobody has answered; without a
// page, of the newest such.
func (i Incident) Escalate(a Actor, page PageID) ([]Event, error) {
	if err := i.may(a, "escalate", whileOpen); err != nil {
		return nil, err
	}
	p, ok := i.pick(page, func(Page) bool { return false })
	switch {
	case !ok:
		return nil, i.noPage(page)
	case p.State == PageAcked:
		return nil, fault.New(fault.Conflict, "%s answered %s (%s) %s, so nothing was escalated. To call more people, page them.",
			p.answerer(), p.ID, p.Target, ago(a.At, p.AckedAt)).WithExample("/incident page checkout")
	case !p.Ringing():
		return nil, i.pageEnded(p)
	case p.Level >= maxLevel:
		return nil, fault.New(fault.Conflict, "%s (%s) was escalated %d times. Page another team, or call somebody.", p.ID, p.Target, p.Level-1).
			WithExample("/incident page checkout")
	}
	return []Event{PageEscalated{Page: p.ID, Level: max(1, p.Level) + 1}}, nil
}

// CallOff tells those who were paged that it is off. What went out cannot be
// taken back; the pager is told that the page is over.
func (i Incident) CallOff(a Actor, page PageID) ([]Event, error) {
	if err := i.may(a, "page", anyTime); err != nil {
		return nil, err
	}
	p, ok := i.pick(page, func(p Page) bool { return p.By == a.Person && p.Open() })
	switch {
	case !ok:
		return nil, i.noPage(page)
	case !p.Open():
		return nil, i.pageEnded(p)
	}
	return []Event{PageResolved{Page: p.ID}}, nil
}

// forPage lets in who was paged by name, although a private incident does not
// know them yet: answering the page is how they become a member.
func (i Incident) forPage(a Actor, verb string, when phase) error {
	called := slices.ContainsFunc(i.Pages, func(p Page) bool { return p.Target.Person == a.Person && a.Person != "" && p.Open() })
	if called {
		i.Members = with(i.Members, a.Person)
	}
	return i.may(a, verb, when)
}

// pick finds the page that is meant: the one named, else the newest that
// first likes, else the newest that rings, else the newest.
func (i Incident) pick(page PageID, first func(Page) bool) (Page, bool) {
	if page != "" {
		return i.page(page)
	}
	for _, likes := range []func(Page) bool{first, Page.Ringing, Page.Open, func(Page) bool { return true }} {
		for _, p := range slices.Backward(i.Pages) {
			if likes(p) {
				return p, true
			}
		}
	}
	return Page{}, false
}

// page is one page by its id; the state forgets old ones that are over.
func (i Incident) page(id PageID) (Page, bool) {
	if at := i.pageAt(id); at >= 0 {
		return i.Pages[at], true
	}
	return Page{}, false
}

func (i Incident) noPage(page PageID) error {
	if page == "" {
		return fault.New(fault.NotFound, "Nobody was paged for %s.", i.Number).WithExample("/incident page checkout")
	}
	return fault.New(fault.NotFound, "%s has no open page %s.", i.Number, short(string(page), MaxName)).WithExample("/incident ack")
}

func (i Incident) pageEnded(p Page) error {
	how := "is over"
	if p.State == PageBroken {
		how = "failed, nobody was reached"
	}
	return fault.New(fault.Conflict, "%s (%s) %s, so nothing was changed.", p.ID, p.Target, how).WithExample("/incident page checkout")
}

// answerer is who answered, as a name token or as the pager named them.
func (p Page) answerer() string {
	if p.Acker != "" || p.AckedBy == "" {
		return NameToken(p.Acker)
	}
	return p.AckedBy
}
