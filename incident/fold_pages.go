package incident

import "slices"

func (e PageRequested) fold(i *Incident, r Recorded) {
	i.PageN++
	i.Pages = with(i.Pages, Page{
		ID: e.Page, Target: e.Target, Text: e.Text, Why: e.Why, State: PageAsked,
		By: r.Actor, At: r.Happened, Level: e.Level, After: e.After, Turn: e.Turn,
	})
}

// change lets fn change one page; a page that the state forgot is left alone.
func (i *Incident) change(id PageID, fn func(*Page)) {
	if at := i.pageAt(id); at >= 0 {
		i.Pages = slices.Clone(i.Pages)
		fn(&i.Pages[at])
	}
}

func (i Incident) pageAt(id PageID) int {
	return slices.IndexFunc(i.Pages, func(p Page) bool { return p.ID == id })
}

func (e PageAccepted) fold(i *Incident, _ Recorded) {
	i.change(e.Page, func(p *Page) {
		p.Pager, p.Practice, p.Blind = e.Pager, e.Practice, e.Blind
		p.MaybeTwo = p.MaybeTwo || e.MaybeTwo
		p.heard(e.Whom, e.Link)
		if p.State == PageAsked || p.State == PageBroken {
			p.arrived(PageTaken)
		}
	})
}

func (e PageSeen) fold(i *Incident, _ Recorded) {
	i.change(e.Page, func(p *Page) {
		p.Pager, p.Level, p.Seen = e.Pager, max(p.Level, e.Level), true
		p.heard(e.Whom, e.Link)
		if p.State == PageAsked || p.State == PageTaken || p.State == PageBroken {
			p.arrived(PageFound)
		}
	})
}

// heard keeps what the pager said of a page, when it said something.
func (p *Page) heard(whom, link string) {
	if whom != "" {
		p.Whom = whom
	}
	if link != "" {
		p.Link = link
	}
}

// arrived says how far the page came; a failure before it was none.
func (p *Page) arrived(at PageState) {
	p.State, p.Failure, p.Call, p.Unsure, p.Next, p.Rising = at, "", "", false, 0, false
}

func (e PageAcknowledged) fold(i *Incident, r Recorded) {
	i.change(e.Page, func(p *Page) {
		p.arrived(PageAcked)
		p.Seen = p.Seen || r.Actor == House // the pager says so
		p.Acker, p.AckedBy, p.AckedAt = e.Person, e.Whom, r.Happened
	})
	i.join(e.Person)
	i.answered(r.Happened)
}

func (e PageEscalated) fold(i *Incident, r Recorded) {
	i.change(e.Page, func(p *Page) {
		p.Rising, p.Seen = r.Actor != House, p.Seen || r.Actor == House
		if e.Level != p.Level {
			p.Whom = "" // another level's
		}
		p.Level = e.Level
		p.heard(e.Whom, "")
		if p.Ringing() {
			p.State = PageRungOut
		}
	})
}

func (e PageReassigned) fold(i *Incident, r Recorded) {
	i.change(e.Page, func(p *Page) {
		if r.Actor != House {
			p.To = e.To
			return
		}
		p.To, p.Whom, p.Seen = Target{}, e.Whom, true
		if p.Open() {
			p.arrived(PageFound)
			p.Acker, p.AckedBy = "", ""
		}
	})
}

func (e ResponderAsked) fold(i *Incident, _ Recorded) {
	i.change(e.Page, func(p *Page) { p.Also = newest(with(p.Also, e.To), maxAlso) })
}

func (e PageNoted) fold(i *Incident, _ Recorded) {
	i.change(e.Page, func(p *Page) { p.Note, p.NotedBy = e.Text, e.Whom })
}

func (e PageFailed) fold(i *Incident, _ Recorded) {
	i.change(e.Page, func(p *Page) {
		p.State, p.Failure, p.Call, p.Unsure, p.Next = PageBroken, e.Why, e.Call, e.Unsure, e.Next
	})
}

func (e PageResolved) fold(i *Incident, r Recorded) {
	i.change(e.Page, func(p *Page) {
		p.State, p.To, p.Ender, p.EndedBy = PageOver, Target{}, e.Person, e.Whom
		if r.Actor != House {
			p.Ender = r.Actor
		}
	})
}
