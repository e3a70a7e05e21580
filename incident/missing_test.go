package incident_test

import (
	"testing"
	"time"

	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

func kinds(all []incident.Missing) []incident.MissingKind {
	var out []incident.MissingKind
	for _, m := range all {
		out = append(out, m.Kind)
	}
	return out
}

func TestMissingListsTheGravestFirst(t *testing.T) {
	t.Parallel()
	s := open(t)
	want := func(kindsWanted ...incident.MissingKind) {
		t.Helper()
		if diff := cmp.Diff(kindsWanted, kinds(s.inc.Missing(s.policy, s.now))); diff != "" {
			t.Errorf("missing (-want +got):\n%s", diff)
		}
	}
	want(incident.NoCommander, incident.NoSeverity, incident.NoRoom, incident.NoImpact, incident.NoField)
	s.ok(s.inc.Take(s.as(bo), "", s.policy))
	s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev2, "", s.policy))
	s.byHouse(s.inc.OpenRoom(incident.Room{Platform: "console", ID: "r"}))
	s.ok(s.inc.SetImpact(s.as(bo), "orders fail"))
	s.ok(s.inc.SetField(s.as(bo), "Customers", "12", s.policy))
	want()
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	want(incident.NoAnswer)
	s.wait(time.Hour)
	want(incident.NoAnswer, incident.NoUpdate)
	s.byHouse(s.inc.Park(incident.EffectParked{Job: "j", What: "post the announcement", Why: "no such room"}))
	want(incident.NoAnswer, incident.NoUpdate, incident.GivenUp)
	s.wait(incident.StaleAfter)
	want(incident.NoAnswer, incident.NoUpdate, incident.Stale, incident.GivenUp)
	s.ok(s.inc.Resolve(s.as(bo), ""))
	want(incident.GivenUp, incident.NoField)
	s.ok(s.inc.SetField(s.as(bo), "Region", "Europe", s.policy))
	want(incident.GivenUp)
}

func TestMissingNamesWhoCanMendIt(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev2})
	find := func(k incident.MissingKind) incident.Missing {
		t.Helper()
		for _, m := range s.inc.Missing(s.policy, s.now) {
			if m.Kind == k {
				return m
			}
		}
		t.Fatalf("%s is not missing", k)
		return incident.Missing{}
	}
	if m := find(incident.NoCommander); m.Who != ann || m.Say != "{person:p-ann} is only acting commander" || m.Try != "take" {
		t.Errorf("%+v", m)
	}
	s.ok(s.inc.Release(s.as(bo), incident.Commander, s.policy))
	if m := find(incident.NoCommander); m.Who != ann || m.Say != "nobody commands" || !m.Since.Equal(noon()) {
		t.Errorf("%+v", m)
	}
	s.ok(s.inc.Take(s.as(bo), "", s.policy))
	s.wait(2 * time.Hour)
	if m := find(incident.NoUpdate); m.Who != bo || !m.Since.Equal(noon().Add(time.Hour)) {
		t.Errorf("%+v", m)
	}
	s.ok(s.inc.Take(s.as(cy), incident.Communications, s.policy))
	if m := find(incident.NoUpdate); m.Who != cy {
		t.Errorf("an update is for who writes them: %+v", m)
	}
	s.ok(s.inc.Page(s.as(cy), team("shop"), "", ""))
	if m := find(incident.NoAnswer); m.Who != bo || m.Page != "p1" || m.Say != "team shop has not answered" || m.Try != "escalate" {
		t.Errorf("%+v", m)
	}
	s.byHouse(s.inc.PageNews(incident.PageFailed{Page: "p1", Why: "no such team", Call: "Dee"}))
	if m := find(incident.NoAnswer); m.Say != "team shop was not reached: no such team; call Dee" || m.Try != "page again p1" {
		t.Errorf("%+v", m)
	}
	s.wait(time.Second)
	s.ok(s.inc.Page(s.as(cy), team("shop"), "", ""))
	s.byHouse(s.inc.PageNews(incident.PageAcknowledged{Page: "p2", Person: dee}))
	for _, m := range s.inc.Missing(s.policy, s.now) {
		if m.Kind == incident.NoAnswer {
			t.Errorf("somebody came, and still: %+v", m)
		}
	}
}

func TestACallForHelpIsMissedOnce(t *testing.T) {
	t.Parallel()
	lacks := func(s *stage) (all []incident.Missing) {
		for _, m := range s.inc.Missing(s.policy, s.now) {
			if m.Kind == incident.NoAnswer {
				all = append(all, m)
			}
		}
		return all
	}
	s := paged(t)
	s.news(incident.PageFailed{Page: "p1", Why: "PagerDuty is silent.", Unsure: true})
	if all := lacks(s); len(all) != 1 || all[0].Say != "the page to team shop could not be confirmed: PagerDuty is silent" || all[0].Try != "page again p1" {
		t.Errorf("in doubt: %+v", all)
	}
	s.byHouse(s.inc.FallBack("p1", person(cy), 1))
	if all := lacks(s); len(all) != 1 || all[0].Page != "p1" || all[0].Say != "team shop has not answered" {
		t.Errorf("with a page after it: %+v", all)
	}
	s.ok(s.inc.Acknowledge(s.as(cy), "p2"))
	if all := lacks(s); len(all) != 0 {
		t.Errorf("answered: %+v", all)
	}
	s = paged(t)
	s.news(incident.PageFailed{Page: "p1", Why: "nobody is on call at level 1", Next: 2})
	if all := lacks(s); len(all) != 1 || all[0].Try != "escalate p1" {
		t.Errorf("nobody on call: %+v", all)
	}
}
