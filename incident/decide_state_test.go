package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
)

func TestRename(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Rename(s.as(bo), "checkout is failing in Europe"))
	s.tells("Bo renamed it to “checkout is failing in Europe”, from “checkout is failing”")
	if s.inc.Title.Words != "checkout is failing in Europe" || s.inc.Title.Author != bo {
		t.Errorf("the title is %+v", s.inc.Title)
	}
	s.no(s.inc.Rename(s.as(bo), "checkout is  failing in Europe")).with(conflict, "already called")
	s.no(s.inc.Rename(s.as(bo), "")).with(invalid, "title is empty", "/incident rename")
}

func TestSeverity(t *testing.T) {
	t.Parallel()

	t.Run("set for the first time it brings cadence and pages", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Services: []string{"checkout"}})
		s.wait(time.Minute)
		s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev2, "orders fail", s.policy))
		if s.inc.Cadence.Every != time.Hour || !s.inc.NextUpdate.Equal(s.now.Add(time.Hour)) {
			t.Errorf("next update %v", s.inc.NextUpdate)
		}
		if len(s.inc.Pages) != 1 || s.inc.Pages[0].Why != "because sev2 and service checkout" {
			t.Errorf("pages %+v", s.inc.Pages)
		}
	})
	t.Run("raised it pages only who is not paged yet", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev2, Services: []string{"checkout"}})
		s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev1, "", s.policy))
		if len(s.inc.Pages) != 2 || s.inc.Pages[1].Target.Name != "platform" || s.inc.Pages[1].ID != "p2" {
			t.Errorf("pages %+v", s.inc.Pages)
		}
		if s.inc.TasksOpen != 2 {
			t.Error("the checklist of sev1 was not put on")
		}
		if !s.inc.NextUpdate.Equal(s.now.Add(30 * time.Minute)) {
			t.Errorf("raising must bring the next update forward: %v", s.inc.NextUpdate)
		}
	})
	t.Run("lowered it pages nobody and keeps the nearer promise", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev1})
		promise := s.inc.NextUpdate
		s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev2, "fewer users", s.policy))
		s.tells("Bo lowered the severity from sev1 to sev2: “fewer users”; next update by 25 Nov 12:30")
		if !s.inc.NextUpdate.Equal(promise) {
			t.Errorf("the promise moved to %v", s.inc.NextUpdate)
		}
		s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev4, "", s.policy))
		if !s.inc.NextUpdate.IsZero() || len(s.inc.Pages) != 1 {
			t.Errorf("sev4 promises %v, pages %+v", s.inc.NextUpdate, s.inc.Pages)
		}
	})
	t.Run("after the end it corrects the record alone", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev3})
		s.ok(s.inc.Resolve(s.as(bo), ""))
		s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev1, "it was worse", s.policy))
		if len(s.inc.Pages) > 0 || !s.inc.NextUpdate.IsZero() {
			t.Errorf("a resolved incident paged %v and promised %v", s.inc.Pages, s.inc.NextUpdate)
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev3})
		s.no(s.inc.SetSeverity(s.as(bo), incident.Sev3, "", s.policy)).with(conflict, "sev3 already")
		s.no(s.inc.SetSeverity(s.as(bo), incident.SevUnset, "", s.policy)).with(invalid, "no such severity")
		s.no(s.inc.SetSeverity(s.as(bo), incident.Sev5, "", s.policy)).with(invalid, "not used")
	})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.SetStatus(s.as(bo), incident.Identified, "a bad build", s.policy))
	s.tells("Bo moved it from triage to identified: “a bad build”")
	s.no(s.inc.SetStatus(s.as(bo), incident.Identified, "", s.policy)).with(conflict, "in identified already")
	s.no(s.inc.SetStatus(s.as(bo), "burning", "", s.policy)).with(invalid, "monitoring")
	s.no(s.inc.SetStatus(s.as(bo), incident.Merged, "", s.policy)).with(invalid, "into which", "merge into INC-7")
	s.ok(s.inc.SetStatus(s.as(bo), incident.Resolved, "rolled back", s.policy))
	if s.inc.Outcome.Words != "rolled back" || s.inc.Status != incident.Resolved {
		t.Errorf("resolved by status: %+v", s.inc)
	}
	s.wait(3 * time.Second)
	s.no(s.inc.SetStatus(s.as(cy), incident.Monitoring, "", s.policy)).with(conflict, "INC-142 was already resolved by {person:p-bo}, 3 s ago", "reopen")
	s.ok(s.inc.SetStatus(s.as(cy), incident.Closed, "", s.policy))
	s.ok(s.inc.Reopen(s.as(cy), "back", s.policy))
	s.ok(s.inc.SetStatus(s.as(cy), incident.Cancelled, "never mind", s.policy))
	if s.inc.Status != incident.Cancelled || s.inc.Reason != incident.Other {
		t.Errorf("cancelled by status: %v %v", s.inc.Status, s.inc.Reason)
	}
}

func TestServices(t *testing.T) {
	t.Parallel()

	t.Run("added with what policy knows", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		s.ok(s.inc.AddService(s.as(bo), "Check-Out", s.policy))
		if got := s.inc.Services[0]; got.Name != "checkout" || got.Runbook == "" || !got.Known {
			t.Errorf("added %+v", got)
		}
		s.no(s.inc.AddService(s.as(bo), "orders", s.policy)).with(conflict, "names checkout already")
		s.ok(s.inc.AddService(s.as(bo), "vault", s.policy))
		s.tells("Bo added the service vault, which the policy does not know")
	})
	t.Run("its team is paged when the severity wants it, the others are not again", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev1})
		s.byHouse(s.inc.PageNews(incident.PageFailed{Page: "p1", Why: "no answer"}))
		s.ok(s.inc.AddService(s.as(bo), "checkout", s.policy))
		if len(s.inc.Pages) != 2 || s.inc.Pages[1].Target.Name != "shop" {
			t.Errorf("pages are %+v", s.inc.Pages)
		}
	})
	t.Run("removed by name or alias", func(t *testing.T) {
		t.Parallel()
		s := openAs(t, incident.Declaration{Title: "x", Services: []string{"checkout"}})
		s.ok(s.inc.RemoveService(s.as(bo), "Checkout"))
		if len(s.inc.Services) != 0 {
			t.Errorf("services are %v", s.inc.Services)
		}
		s.no(s.inc.RemoveService(s.as(bo), "checkout")).with(conflict, "does not name")
	})
	t.Run("at most fifteen", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		for k := range incident.MaxServices {
			s.ok(s.inc.AddService(s.as(bo), fmt.Sprintf("svc-%d", k), s.policy))
		}
		s.no(s.inc.AddService(s.as(bo), "one more", s.policy)).with(invalid, "names 15 services already")
	})
}

func TestImpactAndCause(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.SetImpact(s.as(bo), "one order in three fails"))
	s.tells("Bo described the impact: “one order in three fails”")
	s.no(s.inc.SetImpact(s.as(bo), "one order in three fails")).with(conflict, "says that already")
	s.no(s.inc.SetImpact(s.as(bo), strings.Repeat("x", 501))).with(invalid, "at most 500")
	s.ok(s.inc.SetImpact(s.as(bo), ""))
	s.tells("Bo took the impact off")
	if !s.inc.Impact.Empty() {
		t.Errorf("impact is %v", s.inc.Impact)
	}
	s.ok(s.inc.SetCause(s.as(bo), "Change", "build 41", s.policy))
	s.tells("Bo named the cause: change, “build 41”")
	s.no(s.inc.SetCause(s.as(bo), "change", "", s.policy)).with(conflict, "stands so already")
	s.no(s.inc.SetCause(s.as(bo), "gremlins", "", s.policy)).with(invalid, "no such cause", "capacity")
	s.ok(s.inc.SetCause(s.as(bo), "", "", s.policy))
	s.tells("Bo took the cause off")
	none := s.policy
	none.Causes = nil
	s.ok(s.inc.SetCause(s.as(bo), "gremlins", "", none))
	s.no(s.inc.SetCause(s.as(bo), strings.Repeat("g", 81), "", none)).with(invalid, "at most 80")
}

func TestPrivacy(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.SetPrivate(s.as(ann), true, "")).with(invalid, "reason is empty")
	s.no(s.inc.SetPrivate(s.as(ann), false, "x")).with(conflict, "public already")
	s.ok(s.inc.Invite(s.as(ann), bo))
	s.ok(s.inc.SetPrivate(s.as(ann), true, "customer data"))
	s.tells("Ann made it private: “customer data”")
	set := s.recs[len(s.recs)-1].Event.(incident.PrivacySet)
	if len(set.Members) != 2 || set.Members[0] != ann || set.Members[1] != bo {
		t.Errorf("members at that moment are %v", set.Members)
	}
	s.no(s.inc.SetPrivate(s.as(cy), false, "x")).with(notFound, "There is no INC-142.")
	s.ok(s.inc.SetPrivate(s.as(bo), false, "it may be known"))
}

func TestFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.SetField(s.as(bo), "region", "america", s.policy))
	s.tells("Bo set Region to “America”")
	s.no(s.inc.SetField(s.as(bo), "Region", "America", s.policy)).with(conflict, "stands so already")
	s.no(s.inc.SetField(s.as(bo), "Region", "Mars", s.policy)).with(invalid, "Europe or America")
	s.no(s.inc.SetField(s.as(bo), "Colour", "red", s.policy)).with(invalid, "no such field")
	s.ok(s.inc.SetField(s.as(bo), "Customers", "1.5", s.policy))
	s.ok(s.inc.SetField(s.as(bo), "Ticket", "OPS-7", s.policy))
	s.ok(s.inc.SetField(s.as(bo), "Region", "", s.policy))
	s.tells("Bo cleared Region")
	if len(s.inc.Fields) != 2 || s.inc.Fields[0].Name != "Customers" {
		t.Errorf("fields are %+v", s.inc.Fields)
	}
	many := s.policy
	for k := range incident.MaxFields {
		many.Fields = append(many.Fields, incident.FieldRule{Name: fmt.Sprintf("f%d", k), Kind: incident.TextField})
	}
	for k := range incident.MaxFields - 2 {
		s.ok(s.inc.SetField(s.as(bo), fmt.Sprintf("f%d", k), "x", many))
	}
	s.no(s.inc.SetField(s.as(bo), "f7", "x", many)).with(invalid, "8 fields filled")
}

func TestCallLink(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.SetCall(s.as(bo), " https://meet.example.com/checkout "))
	s.tells("Bo gave the call link: [call](https://meet.example.com/checkout)")
	s.no(s.inc.SetCall(s.as(bo), "https://meet.example.com/checkout")).with(conflict, "stands so already")
	for _, bad := range []string{"meet", "javascript:alert(1)", "ftp://x/y", "https://", "https://a b.example.com", "https://x.example.com/\"><b>"} {
		s.no(s.inc.SetCall(s.as(bo), bad)).with(invalid, "not a web address")
	}
	s.no(s.inc.SetCall(s.as(bo), "https://ann:pw@meet.example.com")).with(invalid, "user name or password")
	s.no(s.inc.SetCall(s.as(bo), "https://x.example.com/"+strings.Repeat("a", 500))).with(invalid, "at most 300")
	s.ok(s.inc.SetCall(s.as(bo), ""))
	s.tells("Bo took the call link off")
}
