package incident_test

import (
	"fmt"
	"testing"
	"time"

	"tocsin/incident"
)

func TestRoles(t *testing.T) {
	t.Parallel()

	t.Run("the acting commander makes it real by taking it", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.ok(s.inc.Take(s.as(ann), "", s.policy))
		s.tells("Ann became incident commander")
		if h, _ := s.inc.Holder(incident.Commander); h.Acting || h.Person != ann {
			t.Errorf("commander is %+v", h)
		}
		s.no(s.inc.Take(s.as(ann), incident.Commander, s.policy)).with(conflict, "{person:p-ann} is incident commander of INC-142 already")
	})
	t.Run("an acting commander is replaced at once", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.ok(s.inc.Take(s.as(bo), incident.Commander, s.policy))
		s.tells("Bo became incident commander, after Ann")
	})
	t.Run("who comes second in a race is told", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.ok(s.inc.Take(s.as(bo), incident.Scribe, s.policy))
		s.wait(3 * time.Second)
		s.no(s.inc.Take(s.as(cy), incident.Scribe, s.policy)).with(conflict, "{person:p-bo} became scribe 3 s ago", "handover")
		s.wait(time.Minute)
		s.ok(s.inc.Take(s.as(cy), incident.Scribe, s.policy))
		s.tells("Cy became scribe, after Bo")
	})
	t.Run("assigned and released", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.ok(s.inc.Assign(s.as(ann), incident.Communications, cy, s.policy))
		s.tells("Ann made Cy communications lead")
		s.no(s.inc.Assign(s.as(bo), incident.Communications, cy, s.policy)).with(conflict, "{person:p-cy}")
		s.no(s.inc.Assign(s.as(bo), incident.Communications, "", s.policy)).with(invalid, "whom you mean")
		s.no(s.inc.Assign(s.as(bo), "pilot", cy, s.policy)).with(invalid, "commander, communications, operations or scribe")
		s.ok(s.inc.Release(s.as(bo), incident.Communications, s.policy))
		s.tells("Bo released Cy as communications lead")
		s.no(s.inc.Release(s.as(bo), incident.Communications, s.policy)).with(conflict, "Nobody is communications lead")
		s.ok(s.inc.Take(s.as(bo), incident.Communications, s.policy))
		s.ok(s.inc.Release(s.as(bo), incident.Communications, s.policy))
		s.tells("Bo is no longer communications lead")
	})
}

func TestHandover(t *testing.T) {
	t.Parallel()
	offer := func(t *testing.T) *stage {
		t.Helper()
		s := open(t)
		s.ok(s.inc.Take(s.as(ann), incident.Commander, s.policy))
		s.ok(s.inc.OfferHandover(s.as(ann), "", bo, "build 40 rolls out"))
		s.tells("Ann offered Bo to be incident commander: “build 40 rolls out”")
		return s
	}
	t.Run("the old holder stays until it is accepted", func(t *testing.T) {
		t.Parallel()
		s := offer(t)
		if h, _ := s.inc.Holder(incident.Commander); h.Person != ann {
			t.Errorf("commander is %v before the answer", h.Person)
		}
		s.no(s.inc.AnswerHandover(s.as(cy), true)).with(conflict, "No role is offered to you")
		s.ok(s.inc.AnswerHandover(s.as(bo), true))
		s.tells("Bo took over from Ann as incident commander")
		if h, _ := s.inc.Holder(incident.Commander); h.Person != bo || len(s.inc.Offers) != 0 {
			t.Errorf("commander is %+v, offers %v", h, s.inc.Offers)
		}
		s.no(s.inc.AnswerHandover(s.as(bo), true)).with(conflict, "any more")
	})
	t.Run("declined", func(t *testing.T) {
		t.Parallel()
		s := offer(t)
		s.ok(s.inc.AnswerHandover(s.as(bo), false))
		s.tells("Bo declined to be incident commander; Ann stays")
		if len(s.inc.Offers) != 0 {
			t.Errorf("offers %v", s.inc.Offers)
		}
	})
	t.Run("void once the role went elsewhere", func(t *testing.T) {
		t.Parallel()
		s := offer(t)
		s.ok(s.inc.Assign(s.as(dee), incident.Commander, cy, s.policy))
		s.no(s.inc.AnswerHandover(s.as(bo), true)).with(conflict, "any more", "take commander")
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		s := offer(t)
		s.no(s.inc.OfferHandover(s.as(ann), "", bo, "")).with(conflict, "{person:p-bo} has that offer already")
		s.no(s.inc.OfferHandover(s.as(ann), "", ann, "")).with(conflict, "You are incident commander already")
		s.no(s.inc.OfferHandover(s.as(bo), incident.Commander, cy, "")).with(forbidden, "{person:p-ann} is incident commander")
		s.no(s.inc.OfferHandover(s.as(cy), "", bo, "")).with(invalid, "You hold no role")
		s.no(s.inc.OfferHandover(s.as(ann), "", "", "")).with(invalid, "whom you mean")
	})
	t.Run("any role the actor holds", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.ok(s.inc.Take(s.as(bo), incident.Scribe, s.policy))
		s.ok(s.inc.OfferHandover(s.as(bo), "", cy, ""))
		if s.inc.Offers[0].Role != incident.Scribe {
			t.Errorf("offered %v", s.inc.Offers)
		}
	})
}

func TestMembers(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Invite(s.as(ann), bo))
	s.tells("Ann invited Bo")
	s.no(s.inc.Invite(s.as(ann), bo)).with(conflict, "{person:p-bo} takes part in INC-142 already")
	s.no(s.inc.Invite(s.as(ann), incident.House)).with(invalid, "whom you mean")
	s.ok(s.inc.Join(s.as(cy)))
	s.tells("Cy came into the room")
	s.nothing(s.inc.Join(s.as(cy)))
	s.nothing(s.inc.Join(s.as(incident.House)))
	robot := s.as(dee)
	robot.Standing = incident.Machine
	s.nothing(s.inc.Join(robot))
	s.nothing(s.inc.Join(s.as("")))
	s.ok(s.inc.Remove(s.as(ann), bo))
	s.tells("Ann removed Bo")
	s.no(s.inc.Remove(s.as(ann), bo)).with(conflict, "takes no part")
	s.no(s.inc.Remove(s.as(bo), ann)).with(invalid, "declared INC-142 and stays")
	s.ok(s.inc.Take(s.as(cy), incident.Scribe, s.policy))
	s.no(s.inc.Remove(s.as(bo), cy)).with(invalid, "Release the role first", "release scribe")
	s.ok(s.inc.Release(s.as(cy), incident.Scribe, s.policy))
	s.ok(s.inc.Remove(s.as(cy), cy))
	s.tells("Cy left")
	s.no(incident.Incident{Number: 9}.Join(s.as(cy))).with(notFound, "There is no INC-9.")
}

func TestMembersHaveALimitOnlyWhereTheyMatter(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Private: true})
	for k := range incident.MaxMembers - 1 {
		s.inc = s.inc.Apply(incident.Recorded{
			Version: s.inc.Head + 1, Recorded: s.now, Actor: incident.House,
			Event: incident.MemberAdded{Person: incident.PersonID(fmt.Sprintf("p%016d", k)), How: incident.Invited},
		})
	}
	s.inc = s.stored(s.inc)
	s.no(s.inc.Invite(s.as(ann), bo)).with(invalid, "100 members", "remove @ann")
	s.no(s.inc.Join(s.as(bo))).with(invalid, "100 members")
	s.no(s.inc.Assign(s.as(ann), incident.Scribe, bo, s.policy)).with(invalid, "100 members")
	s.no(s.inc.OfferHandover(s.as(ann), "", bo, "")).with(invalid, "100 members")
	s.ok(s.inc.SetPrivate(s.as(ann), false, "over"))
	s.nothing(s.inc.Join(s.as(bo)))
	s.ok(s.inc.Assign(s.as(ann), incident.Scribe, bo, s.policy))
	if len(s.inc.Members) != incident.MaxMembers || !s.inc.VisibleTo(bo) {
		t.Errorf("%d members", len(s.inc.Members))
	}
}
