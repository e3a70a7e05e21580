package incident_test

import (
	"slices"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// paged is an incident with one page to team shop, p1, asked for by Bo.
func paged(t *testing.T) *stage {
	t.Helper()
	s := open(t)
	s.ok(s.inc.Page(s.as(bo), team("shop"), "orders fail", ""))
	return s
}

func (s *stage) news(events ...incident.Event) {
	s.t.Helper()
	for _, e := range events {
		s.byHouse(s.inc.PageNews(e))
	}
}

func TestSeenComesInAnyOrder(t *testing.T) {
	t.Parallel()
	seen := incident.PageSeen{Page: "p1", Pager: "pagerduty", Whom: "Fay", Link: "https://pd.example.com/1", Level: 1}
	taken := incident.PageAccepted{Page: "p1", Pager: "pagerduty", MaybeTwo: true}
	failed := incident.PageFailed{Page: "p1", Why: "no answer", Call: "Hal", Unsure: true, Next: 2}
	for name, order := range map[string][]incident.Event{
		"after it was taken":   {taken, seen},
		"before it was taken":  {seen, taken},
		"after it was doubted": {failed, seen},
		"after all of that":    {failed, taken, seen},
		"before its doubles":   {seen, taken, incident.PageSeen{Page: "p1", Pager: "pagerduty"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := paged(t)
			for _, e := range order {
				s.as(incident.House)
				events, err := s.inc.PageNews(e)
				if err != nil {
					t.Fatal(err)
				}
				s.commit(events)
			}
			p := s.inc.Pages[0]
			if p.State != incident.PageFound || !p.There() || p.Link == "" || p.Whom != "Fay" || p.Failure+p.Call != "" || p.Unsure || p.Next != 0 {
				t.Errorf("page is %+v", p)
			}
			if p.MaybeTwo != slices.Contains(order, incident.Event(taken)) {
				t.Errorf("may be a duplicate: %v", p.MaybeTwo)
			}
		})
	}
}

func TestAPageThatIsOverStaysOver(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.news(incident.PageSeen{Page: "p1", Pager: "pagerduty"}, incident.PageResolved{Page: "p1", Whom: "Fay Far"})
	s.tells("Fay Far ended page p1 at the pager")
	for _, late := range []incident.Event{
		incident.PageSeen{Page: "p1", Pager: "pagerduty", Link: "https://pd.example.com/1"},
		incident.PageAccepted{Page: "p1", Pager: "pagerduty", MaybeTwo: true},
		incident.PageAcknowledged{Page: "p1", Whom: "Fay"},
		incident.PageEscalated{Page: "p1", Level: 3},
		incident.PageReassigned{Page: "p1", Whom: "Gus"},
		incident.PageFailed{Page: "p1", Why: "late"},
		incident.PageResolved{Page: "p1"},
	} {
		s.nothing(s.inc.PageNews(late))
	}
	if p := s.inc.Pages[0]; p.State != incident.PageOver || p.EndedBy != "Fay Far" {
		t.Errorf("page is %+v", p)
	}
	s.no(s.inc.Reassign(s.as(bo), "p1", person(cy))).with(conflict, "is over", "nothing was changed")
	s.no(s.inc.AskResponder(s.as(bo), "p1", person(cy))).with(conflict, "is over")
	s.no(s.inc.NotePage(s.as(bo), "p1", "late")).with(conflict, "is over")
}

func TestOnlyWhatIsKnownIsThere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		news  []incident.Event
		there bool
	}{
		{nil, false},
		{[]incident.Event{incident.PageAccepted{Page: "p1", Pager: "pagerduty"}}, false},
		{[]incident.Event{incident.PageAccepted{Page: "p1", Pager: "pagerduty", Blind: true}}, true},
		{[]incident.Event{incident.PageSeen{Page: "p1", Pager: "pagerduty"}}, true},
		{[]incident.Event{incident.PageAcknowledged{Page: "p1", Whom: "Fay"}}, true},
		{[]incident.Event{incident.PageFailed{Page: "p1", Why: "x", Unsure: true}}, false},
		{[]incident.Event{incident.PageSeen{Page: "p1", Pager: "pagerduty"}, incident.PageResolved{Page: "p1"}}, true},
		{[]incident.Event{incident.PageResolved{Page: "p1"}}, false},
	} {
		s := paged(t)
		s.news(tt.news...)
		if got := s.inc.Pages[0].There(); got != tt.there {
			t.Errorf("after %+v: there is %v", tt.news, got)
		}
	}
	s := paged(t)
	s.ok(s.inc.Acknowledge(s.as(cy), "p1"))
	if s.inc.Pages[0].There() {
		t.Error("an answer in chat says that the page is at the pager")
	}
	s.no(s.inc.Page(s.as(dee), team("shop"), "", "")).with(conflict, "{person:p-bo} asked to page team shop", "{person:p-cy} has acknowledged it")
	s = paged(t)
	s.ok(s.inc.Escalate(s.as(cy), "p1"))
	if s.inc.Pages[0].There() {
		t.Error("a level that was asked for in chat says that the page is at the pager")
	}
}

func TestALevelThatWasAskedForIsNotReachedYet(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.news(incident.PageSeen{Page: "p1", Pager: "pagerduty", Whom: "Fay", Level: 1})
	s.ok(s.inc.Escalate(s.as(bo), "p1"))
	if p := s.inc.Pages[0]; !p.Rising || p.Level != 2 || p.Whom != "" {
		t.Errorf("asked for: %+v", p)
	}
	s.news(incident.PageEscalated{Page: "p1", Level: 2})
	s.news(incident.PageEscalated{Page: "p1", Level: 2, Whom: "Gus"})
	s.nothing(s.inc.PageNews(incident.PageEscalated{Page: "p1", Level: 2, Whom: "Gus"}))
	if p := s.inc.Pages[0]; p.Rising || p.Whom != "Gus" || p.State != incident.PageRungOut {
		t.Errorf("reached: %+v", p)
	}
}

func TestReassigningIsThePagersWord(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.news(incident.PageSeen{Page: "p1", Pager: "pagerduty", Whom: "Fay"}, incident.PageAcknowledged{Page: "p1", Whom: "Fay"})
	s.ok(s.inc.Reassign(s.as(bo), "", person(cy)))
	s.tells("Bo asked to hand page p1 to Cy")
	if p := s.inc.Pages[0]; p.State != incident.PageAcked || p.To.Person != cy {
		t.Errorf("asked for: %+v", p)
	}
	s.no(s.inc.Reassign(s.as(dee), "p1", person(cy))).with(conflict, "being handed to {person:p-cy} already")
	s.news(incident.PageReassigned{Page: "p1", To: person(dee), Whom: "Cy Far"})
	s.tells("Page p1 is with Cy Far now")
	p := s.inc.Pages[0]
	if p.State != incident.PageFound || p.Whom != "Cy Far" || p.To != (incident.Target{}) || p.AckedBy != "" || p.AckedAt.IsZero() {
		t.Errorf("handed over: %+v", p)
	}
	s.nothing(s.inc.PageNews(incident.PageReassigned{Page: "p1", Whom: "Cy Far"}))
	s.news(incident.PageReassigned{Page: "p1"})
	s.tells("Page p1 was handed to somebody else")
	s.no(s.inc.Reassign(s.as(bo), "p1", incident.Target{})).with(invalid, "team, a service or a person")
	s.no(s.inc.Reassign(s.as(bo), "p8", person(cy))).with(notFound, "no open page p8")
}

func TestResponders(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.ok(s.inc.AskResponder(s.as(bo), "p1", team("find")))
	s.tells("Bo asked for team find to help with page p1")
	s.no(s.inc.AskResponder(s.as(cy), "p1", team("Find"))).with(conflict, "was asked to help")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		s.ok(s.inc.AskResponder(s.as(bo), "p1", team(name)))
	}
	if also := s.inc.Pages[0].Also; len(also) != 5 || also[4].Name != "e" {
		t.Errorf("asked to help: %+v", also)
	}
}

func TestNotesOfAPage(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.ok(s.inc.NotePage(s.as(bo), "", "the replica is behind"))
	s.tells("Bo noted on page p1: “the replica is behind”")
	note := func(words, whom string, by incident.PersonID) incident.PageNoted {
		return incident.PageNoted{Page: "p1", Text: incident.Text{Author: by, Words: words}, Whom: whom}
	}
	s.nothing(s.inc.PageNews(note("the replica is behind", "Bo Far", bo))) // the echo
	s.news(note("it catches up", "Fay Far", ""))
	s.tells("Fay Far noted on page p1, at the pager: “it catches up”")
	s.news(note("it does", "", cy))
	s.tells("Cy noted on page p1, at the pager: “it does”")
	s.news(note("priority P1", "", ""))
	s.tells("On page p1, at the pager: “priority P1”")
	if p := s.inc.Pages[0]; p.Note.Author != incident.House || p.State != incident.PageAsked {
		t.Errorf("page is %+v", p)
	}
	s.nothing(s.inc.PageNews(note(" ", "Fay", "")))
	s.no(s.inc.NotePage(s.as(bo), "p1", " ")).with(invalid, "The note is empty")
	s.no(s.inc.NotePage(s.as(bo), "p5", "x")).with(notFound, "no open page p5")
	s.ok(s.inc.SetPrivate(s.as(ann), true, "card numbers"))
	s.no(s.inc.NotePage(s.as(ann), "p1", "x")).with(fault.Forbidden, "INC-142 is private", "nothing was noted on p1")
}

func TestWhatTakesNoMoreThanAPageIsAskedNoMore(t *testing.T) {
	t.Parallel()
	for pager, blind := range map[string]bool{"email": true, "webhook": true, "direct message": false, "pagerduty": true} {
		s := paged(t)
		s.news(incident.PageAccepted{Page: "p1", Pager: pager, Blind: blind})
		s.no(s.inc.Reassign(s.as(bo), "p1", person(cy))).with(conflict, "can be told nothing more", "went out by "+incident.PagerName(pager))
		s.no(s.inc.AskResponder(s.as(bo), "p1", person(cy))).with(conflict, "can be told nothing more")
		s.no(s.inc.NotePage(s.as(bo), "p1", "x")).with(conflict, "can be told nothing more")
		if s.inc.Pages[0].OneWay() != (pager != "pagerduty") {
			t.Errorf("%s is one way: %v", pager, s.inc.Pages[0].OneWay())
		}
	}
}

func TestNewsHappenWhenThePagerSays(t *testing.T) {
	t.Parallel()
	s := paged(t)
	asked := s.now
	s.wait(5 * time.Minute)
	s.news(incident.Dated{At: asked.Add(2 * time.Minute), Event: incident.PageAcknowledged{Page: "p1", Whom: "Fay"}})
	if p := s.inc.Pages[0]; !p.AckedAt.Equal(asked.Add(2 * time.Minute)) {
		t.Errorf("acknowledged at %s", p.AckedAt)
	}
	s = paged(t)
	s.wait(5 * time.Minute)
	s.news(incident.Dated{At: s.now.Add(-time.Hour), Event: incident.PageAcknowledged{Page: "p1", Person: dee}})
	if p := s.inc.Pages[0]; !p.AckedAt.Equal(p.At) || !s.inc.Milestones.Acknowledged.Equal(p.At) {
		t.Errorf("acknowledged at %s, asked for at %s", p.AckedAt, p.At)
	}
	s.nothing(s.inc.PageNews(incident.Dated{At: s.now, Event: incident.PageAcknowledged{Page: "p1", Person: dee}}))
	s.news(incident.Dated{Event: incident.PageResolved{Page: "p1", Person: dee}})
	s.tells("Dee ended page p1 at the pager")
	s.no(s.inc.PageNews(incident.Dated{At: s.now, Event: incident.NoteAdded{}})).with(fault.Internal)
}

func TestFallbacks(t *testing.T) {
	t.Parallel()
	mail := incident.Target{Kind: incident.TeamTarget, Name: "shop", Pager: "email"}
	s := paged(t)
	s.news(incident.PageFailed{Page: "p1", Why: "the pager refused it"})
	s.byHouse(s.inc.FallBack("p1", mail, 1))
	s.tells("Tocsin asked to page team shop (p2, because p1 failed): “orders fail”")
	s.nothing(s.inc.FallBack("p1", mail, 1))
	s.byHouse(s.inc.FallBack("p1", person(bo), 2))
	s.nothing(s.inc.FallBack("p1", mail, 1)) // a later turn was asked for
	s.nothing(s.inc.FallBack("p1", mail, 6))
	s.nothing(s.inc.FallBack("p1", mail, 0))
	s.nothing(s.inc.FallBack("p9", mail, 1))
	s.no(s.inc.FallBack("p1", incident.Target{}, 3)).with(invalid, "team, a service or a person")
	later := s.inc.PagesAfter("p1")
	if len(later) != 2 || later[0].ID != "p2" || later[1].Turn != 2 || s.inc.RootPage(later[1]).ID != "p1" {
		t.Errorf("followers are %+v", later)
	}
	s.news(incident.PageAcknowledged{Page: "p3", Person: bo})
	if !s.inc.Answered(s.inc.Pages[0]) || !s.inc.Answered(s.inc.Pages[1]) {
		t.Error("an answer to one is no answer to the call for help")
	}
	s.nothing(s.inc.FallBack("p1", mail, 3))
}

func TestWhyAPageFollows(t *testing.T) {
	t.Parallel()
	for why, news := range map[string][]incident.Event{
		"because nobody has answered p1":    {incident.PageSeen{Page: "p1", Pager: "pagerduty"}},
		"because p1 could not be confirmed": {incident.PageFailed{Page: "p1", Why: "x", Unsure: true}},
		"because nobody is on call for p1":  {incident.PageFailed{Page: "p1", Why: "x", Next: 2}},
		"because p1 failed":                 {incident.PageFailed{Page: "p1", Why: "x", Unsure: true}, incident.PageFailed{Page: "p1", Why: "y"}},
	} {
		s := paged(t)
		s.news(news...)
		s.byHouse(s.inc.FallBack("p1", person(cy), 1))
		if p := s.inc.Pages[1]; p.Why != why || p.After != "p1" || p.Turn != 1 {
			t.Errorf("it follows %q: %+v", why, p)
		}
	}
	s := paged(t)
	s.ok(s.inc.CallOff(s.as(bo), "p1"))
	s.nothing(s.inc.FallBack("p1", person(cy), 1))
	s = paged(t)
	s.ok(s.inc.Resolve(s.as(bo), ""))
	s.nothing(s.inc.FallBack("p1", person(cy), 1))
}

func TestAPageThatMayRingCanBeAnswered(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.news(incident.PageFailed{Page: "p1", Why: "PagerDuty has not confirmed it", Unsure: true})
	s.tells("Page p1 could not be confirmed, and may ring all the same: PagerDuty has not confirmed it")
	s.byHouse(s.inc.FallBack("p1", person(cy), 1))
	s.ok(s.inc.Acknowledge(s.as(dee), "p2"))
	for _, p := range s.inc.Pages {
		if p.State != incident.PageAcked || p.Acker != dee || p.Failure != "" {
			t.Errorf("page is %+v", p)
		}
	}
}

func TestTheNextLevelOfAFailedPageIsAnotherPage(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.news(incident.PageFailed{Page: "p1", Why: "nobody is on call at level 1", Next: 3})
	s.tells("Page p1 reached nobody: nobody is on call at level 1; somebody is on call at level 3")
	s.ok(s.inc.Escalate(s.as(cy), "p1"))
	s.tells("Cy asked to page team shop (p2, level 3, since p1 reached nobody): “orders fail”")
	p := s.inc.Pages[1]
	if p.Level != 3 || p.After != "p1" || p.Turn != 0 {
		t.Errorf("page is %+v", p)
	}
	s.no(s.inc.Escalate(s.as(dee), "p1")).with(conflict, "{person:p-cy} asked to page team shop just now (p2)")
	s = paged(t)
	s.ok(s.inc.Page(s.as(bo), person(cy), "", ""))
	s.news(incident.PageFailed{Page: "p2", Why: "unknown"})
	s.no(s.inc.Escalate(s.as(bo), "p2")).with(conflict, "failed")
}

func TestPageAgain(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.no(s.inc.PageAgain(s.as(cy), "p1")).with(conflict, "just now")
	s.no(s.inc.PageAgain(s.as(cy), "p7")).with(notFound, "no open page p7")
	s.wait(31 * time.Second)
	s.ok(s.inc.PageAgain(s.as(cy), "p1"))
	s.tells("Cy asked to page team shop (p2, again, after p1): “orders fail”")
	s.wait(time.Minute)
	s.no(s.inc.PageAgain(s.as(dee), "p1")).with(conflict, "{person:p-cy} asked to page team shop 1 min ago (p2)")
	s.news(incident.PageAcknowledged{Page: "p2", Person: dee})
	s.wait(time.Hour)
	s.ok(s.inc.PageBack(s.as(cy), "p2", func(t incident.Target) string { return "pager of " + t.Name }))
	s.tells("Cy asked to page Dee (p3, was on p2): “orders fail”")
	if p := s.inc.Pages[2]; p.Target.Pager != "pager of p-dee" {
		t.Errorf("page is %+v", p)
	}
	s.news(incident.PageAcknowledged{Page: "p1", Whom: "Fay Far"})
	s.ok(s.inc.PageBack(s.as(cy), "p1", nil))
	if p := s.inc.Pages[3]; p.Target.Name != "shop" || p.Why != "again, after p1" {
		t.Errorf("page is %+v", p)
	}
}

func TestTheLevelAtWhichAPageBegins(t *testing.T) {
	t.Parallel()
	s := paged(t)
	s.ok(s.inc.PageAt(s.as(bo), team("shop"), 2, "", ""))
	s.no(s.inc.PageAt(s.as(bo), team("shop"), 2, "", "")).with(conflict, "(p2)")
	s.no(s.inc.PageAt(s.as(bo), team("find"), 0, "", "")).with(invalid, "1 to 9")
	s.no(s.inc.PageAt(s.as(bo), team("find"), 10, "", "")).with(invalid, "1 to 9")
}

func TestAFullStateForgetsNoPromiseOfAPage(t *testing.T) {
	t.Parallel()
	s := paged(t)
	long := "https://pd.example.com/incidents/PXXXXXXXXXXXXXXXXXXXXXXXXXXX"
	for k := range 7 {
		s.ok(s.inc.Page(s.as(bo), team("team-"+string(rune('a'+k))), "orders fail since five past two, and carts are empty", ""))
	}
	for _, p := range s.inc.Pages {
		s.news(incident.PageAccepted{Page: p.ID, Pager: "pagerduty", Whom: "Somebody with quite a long name", Link: long, MaybeTwo: true, Blind: true})
	}
	for _, p := range s.inc.Pages {
		if !p.MaybeTwo || !p.Blind || p.State != incident.PageTaken {
			t.Errorf("page is %+v", p)
		}
	}
}
