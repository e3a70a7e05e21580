package incident_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

func TestDeclareOpensAnIncident(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{
		Title: "  checkout\tis \u202efailing\n", Severity: incident.Sev2, Services: []string{"orders", "checkout", "the vault"},
		From: incident.Room{Platform: "console", ID: "general"},
	})
	i := s.inc
	if i.Title.Words != "checkout is failing" || i.Title.Author != ann {
		t.Errorf("the title is %+v", i.Title)
	}
	if i.Status != incident.Triage || i.Severity != incident.Sev2 || i.Number != 142 || i.Declarer != ann || !i.DeclaredAt.Equal(noon()) {
		t.Errorf("declared as %+v", i)
	}
	h, ok := i.Holder(incident.Commander)
	if !ok || h.Person != ann || !h.Acting {
		t.Errorf("commander is %+v, want Ann, acting", h)
	}
	if len(i.Services) != 2 || i.Services[0].Owner != "shop" || !i.Services[0].Known || i.Services[1].Known || i.Services[1].Name != "the vault" {
		t.Errorf("services are %+v, want checkout with its owner once, and one that is not known", i.Services)
	}
	if want := noon().Add(time.Hour); !i.NextUpdate.Equal(want) || i.Cadence.Every != time.Hour {
		t.Errorf("the next update is due %v, want %v", i.NextUpdate, want)
	}
	if len(i.Pages) != 1 || i.Pages[0].Target.Name != "shop" || i.Pages[0].Target.Pager != "practice" || i.Pages[0].Why != "because sev2 and service checkout" || i.Pages[0].ID != "p1" {
		t.Errorf("policy pages the team of the service at sev2; pages are %+v", i.Pages)
	}
}

func TestDeclareWithoutSeverityPagesNobodyAndPromisesAsSev3(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "odd", Services: []string{"checkout"}})
	if len(s.inc.Pages) > 0 || s.inc.Severity != incident.SevUnset {
		t.Errorf("paged %v", s.inc.Pages)
	}
	if want := noon().Add(4 * time.Hour); !s.inc.NextUpdate.Equal(want) {
		t.Errorf("next update %v, want %v as for sev3", s.inc.NextUpdate, want)
	}
}

func TestDeclareAtSev1BringsPagesAndChecklist(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "all down", Severity: incident.Sev1, Services: []string{"checkout", "search"}})
	var targets []string
	for _, p := range s.inc.Pages {
		targets = append(targets, p.Target.Name)
	}
	if diff := cmp.Diff([]string{"platform", "shop", "find"}, targets); diff != "" {
		t.Errorf("paged at sev1 (-want +got):\n%s", diff)
	}
	if s.inc.TasksOpen != 2 || s.inc.OpenTasks[0].Words() != "open a call" || s.inc.Items != 2 {
		t.Errorf("checklist of sev1 gave %+v", s.inc.OpenTasks)
	}
}

func TestADrillHasNoCadenceAndPagesAsADrill(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "fire drill", Severity: incident.Sev1, Drill: true})
	if !s.inc.NextUpdate.IsZero() || s.inc.Cadence.Every != 0 {
		t.Errorf("a drill promises updates: %v", s.inc.NextUpdate)
	}
	for _, r := range s.recs {
		if p, ok := r.Event.(incident.PageRequested); ok && !p.Drill {
			t.Errorf("page %s would be real", p.Page)
		}
	}
	s.ok(s.inc.Page(s.as(bo), incident.Target{Kind: incident.TeamTarget, Name: "find"}, "", ""))
	if p := s.recs[len(s.recs)-1].Event.(incident.PageRequested); !p.Drill {
		t.Error("a page by hand in a drill would be real")
	}
	s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev2, "", s.policy))
	if s.inc.Cadence.Every != 0 {
		t.Error("changing the severity of a drill promises updates")
	}
}

func TestAnIncidentOfThePastIsOnlyOnRecord(t *testing.T) {
	t.Parallel()
	from, to := noon().Add(-26*time.Hour), noon().Add(-24*time.Hour)
	s := openAs(t, incident.Declaration{Title: "was down", Severity: incident.Sev1, Services: []string{"checkout"}, Past: true, Started: from, Resolved: to})
	i := s.inc
	if i.Status != incident.Resolved || !i.RecordOnly || len(i.Pages) > 0 || len(i.Holders) > 0 || i.TasksOpen > 0 || !i.NextUpdate.IsZero() {
		t.Errorf("more than a record: %+v", i)
	}
	m := i.Milestones
	if !m.Started.Equal(from) || !m.Resolved.Equal(to) || !m.Detected.IsZero() || !i.DeclaredAt.Equal(from) || !i.EndedAt.Equal(to) {
		t.Errorf("milestones are %+v", m)
	}
	s.no(s.inc.Reopen(s.as(ann), "again", s.policy)).with(invalid, "only on record")
	s.ok(s.inc.SetCause(s.as(bo), "change", "", s.policy))
	s.ok(s.inc.Close(s.as(bo), ""))
}

func TestDeclareFillsCustomFields(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Fields: map[string]string{"Customers": "120", "Region": "europe", "Ticket": ""}})
	if len(s.inc.Fields) != 2 || s.inc.Fields[0].Value.Words != "120" || s.inc.Fields[1].Value.Words != "Europe" {
		t.Errorf("fields are %+v", s.inc.Fields)
	}
}

func TestDeclareByTheHouseHasNoCommander(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ok(incident.Declare(s.as(incident.House), 142, incident.Declaration{Title: "probe failed"}, s.policy))
	if _, ok := s.inc.Holder(incident.Commander); ok {
		t.Error("the house commands")
	}
	if len(s.inc.Members) != 0 {
		t.Errorf("members are %v", s.inc.Members)
	}
}

func TestDeclareRefuses(t *testing.T) {
	t.Parallel()
	before := noon().Add(-time.Hour)
	many := make([]string, incident.MaxServices+1)
	for k := range many {
		many[k] = "svc" + strings.Repeat("x", k)
	}
	for name, c := range map[string]struct {
		d    incident.Declaration
		says string
	}{
		"no title":                  {incident.Declaration{Title: " \n\u200b "}, "title is empty"},
		"a title of 201 characters": {incident.Declaration{Title: strings.Repeat("é", 201)}, "201 characters; at most 200"},
		"a severity that is none":   {incident.Declaration{Title: "x", Severity: 9}, "sev1, sev2, sev3 or sev4"},
		"a severity switched off":   {incident.Declaration{Title: "x", Severity: incident.Sev5}, "not used in this house"},
		"a start in the future":     {incident.Declaration{Title: "x", Started: noon().Add(time.Hour)}, "lies in the future"},
		"a resolved one not past":   {incident.Declaration{Title: "x", Resolved: before}, "past:yes"},
		"the past without times":    {incident.Declaration{Title: "x", Past: true, Started: before}, "needs both"},
		"an end before its start":   {incident.Declaration{Title: "x", Past: true, Started: before, Resolved: before.Add(-1)}, "before it started"},
		"an end in the future":      {incident.Declaration{Title: "x", Past: true, Started: before, Resolved: noon().Add(time.Hour)}, "lies in the future"},
		"too many services":         {incident.Declaration{Title: "x", Services: many}, "at most 15 services"},
		"a service without a name":  {incident.Declaration{Title: "x", Services: []string{" "}}, "1 to 80 characters"},
		"an unknown field":          {incident.Declaration{Title: "x", Fields: map[string]string{"Colour": "red"}}, "Customers, Region and Ticket"},
		"a number that is none":     {incident.Declaration{Title: "x", Fields: map[string]string{"Customers": "many"}}, `"many" is none`},
		"a choice that is none":     {incident.Declaration{Title: "x", Fields: map[string]string{"Region": "Mars"}}, "Europe or America"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.no(incident.Declare(s.as(ann), 142, c.d, s.policy)).with(invalid, c.says)
		})
	}
}
