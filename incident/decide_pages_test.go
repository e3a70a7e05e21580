package incident_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

func team(name string) incident.Target {
	return incident.Target{Kind: incident.TeamTarget, Name: name}
}

func person(p incident.PersonID) incident.Target {
	return incident.Target{Kind: incident.PersonTarget, Name: string(p), Person: p}
}

func TestPageIsAnIntentFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "orders fail", ""))
	s.tells("Bo asked to page team shop (p1, asked by hand): “orders fail”")
	if p := s.inc.Pages[0]; p.State != incident.PageAsked || p.By != bo || p.Level != 1 || s.inc.PageN != 1 {
		t.Errorf("page is %+v", p)
	}
	s.ok(s.inc.Page(s.as(bo), person(cy), "", ""))
	s.tells("Bo asked to page Cy (p2, asked by hand)")
}

func TestPageRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.wait(3 * time.Second)
	s.no(s.inc.Page(s.as(cy), team("Shop"), "", "")).with(conflict, "{person:p-bo} asked to page team shop 3 s ago (p1); the pager has not taken it yet", "Nobody was paged twice", "page again p1")
	s.wait(15 * time.Minute)
	s.ok(s.inc.Page(s.as(cy), team("shop"), "", ""))
	s.no(s.inc.Page(s.as(cy), incident.Target{}, "", "")).with(invalid, "team, a service or a person")
	s.no(s.inc.Page(s.as(cy), team(" "), "", "")).with(invalid, "1 to 80")
	s.no(s.inc.Page(s.as(cy), incident.Target{Kind: incident.PersonTarget}, "", "")).with(invalid, "whom you mean")
	s.no(s.inc.Page(s.as(cy), team("find"), strings.Repeat("x", 501), "")).with(invalid, "at most 500")
	for k := range incident.MaxOpenPages - 2 {
		s.ok(s.inc.Page(s.as(cy), team(fmt.Sprintf("team-%d", k)), "", ""))
	}
	s.no(s.inc.Page(s.as(cy), team("find"), "", "")).with(conflict, "8 pages of INC-142 are unanswered")
}

func TestAReceiptSaysNoMoreThanIsKnown(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.byHouse(s.inc.PageNews(incident.PageAccepted{Page: "p1", Pager: "pagerduty", Whom: "Dee", Link: "https://pd.example.com/1"}))
	s.tells("Page p1 was taken by PagerDuty, which calls Dee [page](https://pd.example.com/1)")
	s.nothing(s.inc.PageNews(incident.PageAccepted{Page: "p1", Pager: "pagerduty"}))
	s.byHouse(s.inc.PageNews(incident.PageEscalated{Page: "p1", Level: 2, Whom: "Eve"}))
	s.tells("Page p1 went on to level 2, Eve")
	s.nothing(s.inc.PageNews(incident.PageEscalated{Page: "p1", Level: 2}))
	s.byHouse(s.inc.PageNews(incident.PageAcknowledged{Page: "p1", Whom: "Eve Example"}))
	s.tells("Eve Example answered page p1")
	s.nothing(s.inc.PageNews(incident.PageAcknowledged{Page: "p1", Person: dee}))
	s.nothing(s.inc.PageNews(incident.PageFailed{Page: "p1", Why: "late"}))
	s.nothing(s.inc.PageNews(incident.PageEscalated{Page: "p1", Level: 3}))
	p := s.inc.Pages[0]
	if p.State != incident.PageAcked || p.AckedBy != "Eve Example" || !p.AckedAt.Equal(s.now) {
		t.Errorf("page is %+v", p)
	}
	s.byHouse(s.inc.PageNews(incident.PageResolved{Page: "p1"}))
	s.nothing(s.inc.PageNews(incident.PageResolved{Page: "p1"}))
	s.nothing(s.inc.PageNews(incident.PageAccepted{Page: "p1", Pager: "x"}))
	s.nothing(s.inc.PageNews(incident.PageAccepted{Page: "p9", Pager: "x"}))
	s.nothing(s.inc.PageNews(incident.PageAcknowledged{}))
	s.no(s.inc.PageNews(incident.NoteAdded{})).with(fault.Internal)
}

func TestAnAnswerThatComesBeforeTheReceiptStands(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.byHouse(s.inc.PageNews(incident.PageAcknowledged{Page: "p1", Person: dee}))
	if !s.inc.VisibleTo(dee) || len(s.inc.Members) != 2 {
		t.Errorf("who answers takes part; members are %v", s.inc.Members)
	}
	s.byHouse(s.inc.PageNews(incident.PageAccepted{Page: "p1", Pager: "pagerduty", MaybeTwo: true}))
	s.tells("Page p1 was taken by PagerDuty; may be a duplicate")
	if p := s.inc.Pages[0]; p.State != incident.PageAcked || p.Pager != "pagerduty" {
		t.Errorf("page is %+v", p)
	}
}

func TestAFailedPageMayBeTakenLater(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.byHouse(s.inc.PageNews(incident.PageFailed{Page: "p1", Why: "the pager refused it", Call: "Dee, +49 30 1"}))
	s.tells("Page p1 reached nobody: the pager refused it; call Dee, +49 30 1")
	s.no(s.inc.Acknowledge(s.as(cy), "p1")).with(conflict, "failed, nobody was reached", "nothing was changed")
	s.byHouse(s.inc.PageNews(incident.PageAccepted{Page: "p1", Pager: "practice", Practice: true}))
	s.tells("Page p1 was taken by practice; PRACTICE, NOBODY WOKEN")
	if p := s.inc.Pages[0]; p.State != incident.PageTaken || p.Failure != "" || !p.Practice {
		t.Errorf("page is %+v", p)
	}
}

func TestAcknowledgePicksThePageThatWokeYou(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.Acknowledge(s.as(cy), "")).with(notFound, "Nobody was paged")
	s.ok(s.inc.Page(s.as(bo), person(cy), "", ""))
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.wait(time.Minute)
	s.ok(s.inc.Acknowledge(s.as(cy), ""))
	s.tells("Cy takes part, having answered a page")
	if s.inc.Pages[0].State != incident.PageAcked || s.inc.Pages[0].Acker != cy || s.inc.Pages[1].State != incident.PageAsked {
		t.Errorf("pages are %+v", s.inc.Pages)
	}
	s.ok(s.inc.Acknowledge(s.as(ann), ""))
	s.tells("Ann answered page p2")
	s.wait(2 * time.Second)
	s.no(s.inc.Acknowledge(s.as(bo), "")).with(conflict, "{person:p-ann} answered p2 (team shop) already, 2 s ago")
	s.no(s.inc.Acknowledge(s.as(bo), "p1")).with(conflict, "{person:p-cy} answered p1 ({person:p-cy}) already")
	s.no(s.inc.Acknowledge(s.as(bo), "p7")).with(notFound, "no open page p7")
}

func TestEscalateAsksTheNextLevel(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.Escalate(s.as(bo), "")).with(notFound, "Nobody was paged")
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.ok(s.inc.Page(s.as(bo), team("find"), "", ""))
	s.ok(s.inc.Acknowledge(s.as(dee), "p2"))
	s.ok(s.inc.Escalate(s.as(bo), ""))
	s.tells("Bo asked for level 2 of page p1")
	if s.inc.Pages[0].State != incident.PageRungOut || s.inc.Pages[0].Level != 2 {
		t.Errorf("page is %+v", s.inc.Pages[0])
	}
	s.no(s.inc.Escalate(s.as(bo), "p2")).with(conflict, "{person:p-dee} answered p2", "nothing was escalated")
	for range 7 {
		s.ok(s.inc.Escalate(s.as(bo), ""))
	}
	s.no(s.inc.Escalate(s.as(bo), "")).with(conflict, "escalated 8 times")
	s.nothing(s.inc.PageNews(incident.PageEscalated{Page: "p1", Level: 10}))
	s.ok(s.inc.Resolve(s.as(bo), ""))
	s.no(s.inc.Escalate(s.as(bo), "p1")).with(conflict, "resolved")
	s.ok(s.inc.Acknowledge(s.as(bo), "p1")) // a phone may still ring
}

func TestCallingAPageOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.CallOff(s.as(bo), "")).with(notFound, "Nobody was paged")
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.ok(s.inc.Page(s.as(cy), team("find"), "", ""))
	s.ok(s.inc.CallOff(s.as(bo), ""))
	s.tells("Bo called page p1 off") // theirs, not the newest
	s.no(s.inc.CallOff(s.as(bo), "p1")).with(conflict, "p1 (team shop) is over")
	s.ok(s.inc.Acknowledge(s.as(dee), "p2"))
	s.ok(s.inc.Resolve(s.as(bo), ""))
	s.ok(s.inc.CallOff(s.as(bo), "p2"))
	s.no(s.inc.CallOff(s.as(bo), "p9")).with(notFound, "no open page p9")
	s.no(s.inc.Undo(s.as(bo), s.last(bo))).with(conflict, "has left the house")
	guest := s.as(dee)
	guest.Standing = incident.Guest
	s.no(s.inc.CallOff(guest, "p2")).with(forbidden)
}

func TestReasonsAreToldWithoutAFullStopInTheMiddle(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.byHouse(s.inc.PageNews(incident.PageFailed{Page: "p1", Why: "The pager refused it.", Call: "Lena"}))
	s.tells("Page p1 reached nobody: The pager refused it; call Lena")
	s.byHouse(s.inc.Park(incident.EffectParked{Job: "j", What: "open the room", Why: "It does not answer."}))
	s.tells("Gave up for now: open the room (It does not answer)")
	for _, m := range s.inc.Missing(s.policy, s.now) {
		if strings.HasSuffix(m.Say, ".") || strings.Contains(m.Say, ".;") {
			t.Errorf("%q", m.Say)
		}
	}
}

func TestPagesThatAreOverAreForgottenByTheState(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("answered"), "", ""))
	s.ok(s.inc.Acknowledge(s.as(cy), ""))
	for k := range 15 {
		s.ok(s.inc.Page(s.as(bo), team(fmt.Sprintf("t%d", k)), "", ""))
		id := incident.PageID(fmt.Sprintf("p%d", k+2))
		s.byHouse(s.inc.PageNews(incident.PageFailed{Page: id, Why: "no"}))
	}
	if n := len(s.inc.Pages); n > incident.MaxPagesKept || s.inc.PageN != 16 {
		t.Errorf("%d pages kept of %d", n, s.inc.PageN)
	}
	if s.inc.Pages[0].ID != "p1" {
		t.Error("an answered page was forgotten before failed ones")
	}
}

func TestAPageCannotBeUndoneButTheOfferIsNamed(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	_, err := s.inc.Undo(s.as(bo), s.last(bo))
	s.no(nil, err).with(conflict, "cannot be undone", "Tell them it is off", "/incident page off p1")
	stands, ok := errors.AsType[*incident.PageStandsError](err)
	if !ok || stands.Page != "p1" || stands.Target.Name != "shop" || stands.Error() == "" {
		t.Errorf("the refusal holds %v", stands)
	}
}
