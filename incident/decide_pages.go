package incident

import (
	"fmt"
	"slices"
	"time"

	"tocsin/incident/fault"
)

const (
	// samePage is how long a page to a target stops a second one that does not
	// say that it means to.
	samePage = 15 * time.Minute
	// againPage is how soon a page may be asked for again on purpose.
	againPage = 30 * time.Second
	maxLevel  = 9
)

func pageID(n int) PageID { return PageID(fmt.Sprintf("p%d", n)) }

// PagedAlreadyError is the error under the refusal to page the same target
// twice. Whoever shows the refusal can offer to do so on purpose.
type PagedAlreadyError struct{ Page Page }

// Error implements error.
func (p *PagedAlreadyError) Error() string {
	return "page " + string(p.Page.ID) + " went to them already"
}

// Page asks for help, from the first level on. The intent is on record before
// anybody is called; what became of it comes in events of its own.
func (i Incident) Page(a Actor, t Target, text, why string) ([]Event, error) {
	return i.PageAt(a, t, 1, text, why)
}

// PageAt is [Incident.Page] from a higher level on.
func (i Incident) PageAt(a Actor, t Target, level int, text, why string) ([]Event, error) {
	if err := i.may(a, "page", whileOpen); err != nil {
		return nil, err
	}
	t.Name = oneLine(t.Name)
	if err := t.check(); err != nil {
		return nil, err
	}
	if level < 1 || level > maxLevel {
		return nil, invalid("page checkout level:2", "The levels of a page are 1 to %d.", maxLevel)
	}
	words, err := a.text(text, asked{what: "text", limit: MaxLine, try: "page checkout orders fail since 14:05", empty: true})
	if err != nil {
		return nil, err
	}
	if p, ok := i.lastPage(t, level); ok && a.At.Sub(p.At) < samePage {
		return nil, i.pagedAlready(a, p)
	}
	if why = short(why, MaxName); why == "" {
		why = ByHand
	}
	return i.rings(PageRequested{Target: t, Text: words, Why: why, Level: level})
}

// PageAgain repeats a page on purpose: the same people, the same words. Two
// who ask for it at once make one page.
func (i Incident) PageAgain(a Actor, page PageID) ([]Event, error) {
	if err := i.may(a, "page", whileOpen); err != nil {
		return nil, err
	}
	p, ok := i.page(page)
	if !ok {
		return nil, i.noPage(page)
	}
	if newer, ok := i.lastPage(p.Target, p.Level); ok && newer.ID != p.ID && a.At.Sub(newer.At) < samePage || ok && a.At.Sub(newer.At) < againPage {
		return nil, i.pagedAlready(a, newer)
	}
	return i.rings(PageRequested{Target: p.Target, Text: p.Text.again(), Why: "again, after " + string(p.ID), Level: max(1, p.Level)})
}

// PageBack pages again whoever had acknowledged a page: the person, where the
// house knows them, else those whom the page went to. pager says which pager
// takes a target.
func (i Incident) PageBack(a Actor, page PageID, pager func(Target) string) ([]Event, error) {
	p, ok := i.page(page)
	if !ok || p.Acker == "" || p.Target.Person == p.Acker {
		return i.PageAgain(a, page)
	}
	t := Target{Kind: PersonTarget, Name: string(p.Acker), Person: p.Acker}
	t.Pager = pager(t)
	return i.Page(a, t, p.Text.String(), "was on "+string(p.ID))
}

// rings asks for one page more, unless too many ring already.
func (i Incident) rings(e PageRequested) ([]Event, error) {
	ringing := 0
	for _, p := range i.Pages {
		if p.Ringing() {
			ringing++
		}
	}
	if ringing >= MaxOpenPages {
		return nil, fault.New(fault.Conflict, "%d pages of %s are unanswered already. Escalate one of them, or call somebody.", ringing, i.Number).
			WithExample("/incident escalate")
	}
	e.Page, e.Drill = pageID(i.PageN+1), i.Drill
	return []Event{e}, nil
}

// lastPage is the newest page to a target that did not fail; one for a higher
// level than that is another page.
func (i Incident) lastPage(t Target, level int) (Page, bool) {
	for _, p := range slices.Backward(i.Pages) {
		if p.Target.same(t) && p.State != PageBroken && p.Level >= level {
			return p, true
		}
	}
	return Page{}, false
}

func (i Incident) pagedAlready(a Actor, p Page) error {
	did := "asked to page"
	if p.There() {
		did = "paged"
	}
	return &fault.Error{
		Kind: fault.Conflict, Try: "/incident page again " + string(p.ID), Err: &PagedAlreadyError{Page: p},
		Say: fmt.Sprintf("%s %s %s %s (%s); %s. Nobody was paged twice.", NameToken(p.By), did, p.Target, ago(a.At, p.At), p.ID, p.standing()),
	}
}

// standing is how far a page came, for a sentence; it never says more than is
// known.
func (p Page) standing() string {
	switch p.State {
	case PageAsked:
		return "the pager has not taken it yet"
	case PageTaken:
		return "the pager took it, nobody has answered"
	case PageFound, PageRungOut:
		return "it rings, nobody has answered"
	case PageAcked:
		return p.answerer() + " has acknowledged it"
	case PageOver:
		return "it is over"
	case PageBroken:
	}
	return "it failed"
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
// called the actor, else the newest that nobody has answered. It answers the
// pages that were asked for along with it, too.
func (i Incident) Acknowledge(a Actor, page PageID) ([]Event, error) {
	if err := i.forPage(a, "ack", anyTime); err != nil {
		return nil, err
	}
	p, ok := i.pick(page, func(p Page) bool { return p.MayRing() && p.Target.Person == a.Person && a.Person != "" })
	if !ok {
		return nil, i.noPage(page)
	}
	if p.State == PageAcked {
		return nil, fault.New(fault.Conflict, "%s answered %s (%s) already, %s.", p.answerer(), p.ID, p.Target, ago(a.At, p.AckedAt))
	}
	if !p.MayRing() {
		return nil, i.pageEnded(p)
	}
	events := []Event{PageAcknowledged{Page: p.ID, Person: a.Person}}
	root := i.RootPage(p)
	for _, other := range append([]Page{root}, i.PagesAfter(root.ID)...) {
		if other.ID != p.ID && other.MayRing() {
			events = append(events, PageAcknowledged{Page: other.ID, Person: a.Person})
		}
	}
	if !i.member(a.Person) && a.Person != House {
		events = append(events, MemberAdded{Person: a.Person, How: ByPage})
	}
	return events, nil
}

// Escalate asks the next level of a page that nobody has answered; without a
// page, of the newest such. The next level of one that failed is another page.
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
	case p.State == PageBroken && !p.Unsure && p.Target.Kind != PersonTarget:
		return i.past(a, p)
	case !p.MayRing():
		return nil, i.pageEnded(p)
	case p.Level >= maxLevel:
		return nil, fault.New(fault.Conflict, "%s (%s) was escalated %d times. Page another team, or call somebody.", p.ID, p.Target, p.Level-1).
			WithExample("/incident page checkout")
	}
	return []Event{PageEscalated{Page: p.ID, Level: max(1, p.Level) + 1}}, nil
}

// past asks the level after the one where a page reached nobody.
func (i Incident) past(a Actor, p Page) ([]Event, error) {
	level := max(p.Level+1, p.Next)
	if newer, ok := i.lastPage(p.Target, level); ok && a.At.Sub(newer.At) < samePage {
		return nil, i.pagedAlready(a, newer)
	}
	if level > maxLevel {
		return nil, i.pageEnded(p)
	}
	return i.rings(PageRequested{Target: p.Target, Text: p.Text.again(), Why: "since " + string(p.ID) + " reached nobody", Level: level, After: p.ID})
}

// Reassign asks the pager to hand a page to somebody else; without a page, the
// newest that rings or was answered. The pager's word decides.
func (i Incident) Reassign(a Actor, page PageID, to Target) ([]Event, error) {
	p, err := i.atPager(a, page, to)
	if err != nil {
		return nil, err
	}
	if p.To.same(to) && p.To != (Target{}) {
		return nil, unchanged("%s (%s) is being handed to %s already.", p.ID, p.Target, to)
	}
	return []Event{PageReassigned{Page: p.ID, To: to}}, nil
}

// AskResponder asks somebody to help beside whoever has a page.
func (i Incident) AskResponder(a Actor, page PageID, to Target) ([]Event, error) {
	p, err := i.atPager(a, page, to)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(p.Also, to.same) {
		return nil, unchanged("%s was asked to help with %s (%s) already.", to, p.ID, p.Target)
	}
	return []Event{ResponderAsked{Page: p.ID, To: to}}, nil
}

// NotePage writes a note on a page, for those who see it at the pager alone.
func (i Incident) NotePage(a Actor, page PageID, note string) ([]Event, error) {
	if err := i.may(a, "page", whileOpen); err != nil {
		return nil, err
	}
	p, ok := i.pick(page, func(Page) bool { return false })
	switch {
	case !ok:
		return nil, i.noPage(page)
	case !p.Open():
		return nil, i.pageEnded(p)
	case p.deaf():
		return nil, p.cannotBeTold()
	case i.Private:
		return nil, fault.New(fault.Forbidden, "%s is private: its words do not leave for a pager, so nothing was noted on %s. Note it here instead.", i.Number, p.ID).
			WithExample("/incident note the database is back")
	}
	text, err := a.text(note, asked{what: "note", limit: MaxLine, try: "page note the database is back, the queue is not"})
	if err != nil {
		return nil, err
	}
	return []Event{PageNoted{Page: p.ID, Text: text}}, nil
}

// atPager finds the page that is to go to somebody else, too.
func (i Incident) atPager(a Actor, page PageID, to Target) (Page, error) {
	if err := i.may(a, "page", whileOpen); err != nil {
		return Page{}, err
	}
	if err := to.check(); err != nil {
		return Page{}, err
	}
	p, ok := i.pick(page, func(Page) bool { return false })
	switch {
	case !ok:
		return Page{}, i.noPage(page)
	case !p.Open():
		return Page{}, i.pageEnded(p)
	case p.deaf():
		return Page{}, p.cannotBeTold()
	}
	return p, nil
}

// deaf says that whoever took the page takes no more than that.
func (p Page) deaf() bool { return p.OneWay() || p.Blind || p.Practice }

func (p Page) cannotBeTold() error {
	return fault.New(fault.Conflict, "%s (%s) went out by %s, which can be told nothing more. Nothing was changed; page whom you need.", p.ID, p.Target, PagerName(p.Pager)).
		WithExample("/incident page @bo please help with checkout")
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
