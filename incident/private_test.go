package incident_test

import (
	"testing"

	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

func TestToOthersAPrivateIncidentDoesNotExist(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "customer data", Private: true})
	never := incident.NoSuch(142)
	for verb, do := range verbs() {
		_, err := do(s.inc, s.as(cy), s.policy)
		if diff := cmp.Diff(never, err); diff != "" {
			t.Errorf("%s tells an outsider more than that there is no such number:\n%s", verb, diff)
		}
		a := s.as(cy)
		a.Admin = true
		if _, err := do(s.inc, a, s.policy); cmp.Diff(never, err) != "" {
			t.Errorf("%s tells an admin of it: %v", verb, err)
		}
	}
}

func TestWhoBecomesAMemberOfAPrivateIncident(t *testing.T) {
	t.Parallel()
	private := func(t *testing.T) *stage {
		t.Helper()
		return openAs(t, incident.Declaration{Title: "x", Private: true})
	}
	for name, join := range map[string]func(s *stage){
		"who is invited":          func(s *stage) { s.ok(s.inc.Invite(s.as(ann), bo)) },
		"who comes into the room": func(s *stage) { s.ok(s.inc.Join(s.as(bo))) },
		"who is given a role":     func(s *stage) { s.ok(s.inc.Assign(s.as(ann), incident.Scribe, bo, s.policy)) },
		"who is offered a role":   func(s *stage) { s.ok(s.inc.OfferHandover(s.as(ann), "", bo, "")) },
		"who answers their page":  func(s *stage) { s.ok(s.inc.Page(s.as(ann), person(bo), "", "")); s.ok(s.inc.Acknowledge(s.as(bo), "")) },
		"who answers at the pager": func(s *stage) {
			s.ok(s.inc.Page(s.as(ann), team("shop"), "", ""))
			s.byHouse(s.inc.PageNews(incident.PageAcknowledged{Page: "p1", Person: bo}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := private(t)
			if s.inc.VisibleTo(bo) || s.inc.Summary().VisibleTo(bo) {
				t.Fatal("Bo knows of it before")
			}
			join(s)
			if !s.inc.VisibleTo(bo) || !s.inc.Summary().VisibleTo(bo) {
				t.Errorf("Bo does not know of it: members %v", s.inc.Members)
			}
			if s.inc.VisibleTo(cy) || s.inc.Summary().VisibleTo(cy) || s.inc.VisibleTo("") {
				t.Error("somebody else knows of it")
			}
		})
	}
	t.Run("not who was only paged", func(t *testing.T) {
		t.Parallel()
		s := private(t)
		s.ok(s.inc.Page(s.as(ann), person(bo), "", ""))
		if s.inc.VisibleTo(bo) {
			t.Error("a page alone tells of the incident")
		}
		s.no(s.inc.Note(s.as(bo), "x", noon())).with(notFound)
	})
	t.Run("not a follower, nor who left", func(t *testing.T) {
		t.Parallel()
		s := private(t)
		s.ok(s.inc.Invite(s.as(ann), bo))
		s.ok(s.inc.Follow(s.as(bo), false))
		s.ok(s.inc.Remove(s.as(bo), bo))
		if s.inc.VisibleTo(bo) {
			t.Error("who left still knows of it")
		}
	})
	t.Run("undo of a role takes knowing away", func(t *testing.T) {
		t.Parallel()
		s := private(t)
		s.ok(s.inc.Assign(s.as(ann), incident.Scribe, bo, s.policy))
		s.undo(ann)
		if s.inc.VisibleTo(bo) || s.inc.Summary().VisibleTo(bo) {
			t.Errorf("members are %v", s.inc.Members)
		}
	})
}

func TestTheSummaryNamesMembersOnlyOfPrivateIncidents(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev2, Services: []string{"checkout"}})
	s.ok(s.inc.Invite(s.as(ann), bo))
	sum := s.inc.Summary()
	if len(sum.Members) != 0 || !sum.VisibleTo(cy) || !sum.VisibleTo("") {
		t.Errorf("members %v", sum.Members)
	}
	if sum.Commander != ann || !sum.Acting || sum.Services[0] != "checkout" || sum.Title.Words != s.inc.Title.Words || sum.Head != s.inc.Head {
		t.Errorf("summary %+v", sum)
	}
	s.ok(s.inc.SetPrivate(s.as(ann), true, "data"))
	if sum = s.inc.Summary(); len(sum.Members) != 2 || sum.VisibleTo(cy) || sum.VisibleTo("") {
		t.Errorf("summary of a private one: %+v", sum)
	}
}
