package pagerduty_test

import (
	"fmt"
	"testing"
	"time"

	"tocsin/integrations"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

func TestOnePersonOnTwoSchedulesIsOneLine(t *testing.T) {
	t.Parallel()
	d := start(t, func(d *desk) {
		now := d.c.now()
		short := d.f.AddSchedule(pagerdutytest.Schedule{Name: "Short", Shifts: []pagerdutytest.Shift{{User: d.w.Cy.ID, From: now.Add(-time.Hour), Until: now.Add(time.Hour)}}})
		long := d.f.AddSchedule(pagerdutytest.Schedule{Name: "Long", V3: true, Shifts: []pagerdutytest.Shift{{User: d.w.Cy.ID, From: now.Add(-time.Hour), Until: now.Add(5 * time.Hour)}}})
		d.f.AddService(pagerdutytest.Service{Name: "Both", Policy: d.f.AddPolicy(pagerdutytest.Policy{Name: "Both on-call", Levels: []pagerdutytest.Level{{Who: []string{short.ID, long.ID}}}}).ID})
	})
	if lines := d.duty("Both"); len(lines) != 1 || lines[0].Name != d.w.Cy.Name {
		t.Errorf("on call: %+v", lines)
	}
}

func TestTheOnlyServiceCarriesAPersonsPage(t *testing.T) {
	t.Parallel()
	d := start(t, func(d *desk) {
		d.f = pagerdutytest.Start(d.t, pagerdutytest.Options{Now: d.c.now})
		d.w = pagerdutytest.World{}
		d.w.Bot = d.f.AddUser(pagerdutytest.User{Name: "Tocsin", Email: "tocsin@acme.test"})
		d.w.Cy = d.f.AddUser(pagerdutytest.User{Name: "Cy Cole", Email: "cy@acme.test"})
		p := d.f.AddPolicy(pagerdutytest.Policy{Name: "P", Levels: []pagerdutytest.Level{{Who: []string{d.w.Bot.ID}}}})
		d.w.Service = d.f.AddService(pagerdutytest.Service{Name: "Lone", Policy: p.ID}).ID
		d.o.Transport, d.o.Config.Service = d.f.Transport(), ""
	})
	for i := range 2 {
		page := integrations.Page{Key: fmt.Sprintf("%s%d", key, i), Person: d.w.Cy.Email}
		r, err := d.p.Page(t.Context(), page)
		if err != nil || r.Whom != d.w.Cy.Name {
			t.Fatalf("the page is %+v, %v", r, err)
		}
	}
	for _, i := range d.f.All() {
		if i.Service != d.w.Service || i.Title != "You are needed in an incident." {
			t.Errorf("the incident is %+v", i)
		}
	}
}

// TestMemoryIsBounded asks for more than is remembered: what was asked for
// first is asked for again, what came last is not.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	d := start(t, func(d *desk) { d.o.Config.Numbers = false })
	at := func(i int) time.Time { return d.c.now().Add(time.Duration(i+2) * time.Minute) }
	asked := func(i int) int {
		before := d.f.Called("GET /oncalls")
		if _, err := d.p.OnCall(t.Context(), d.w.PolicyName, at(i)); err != nil {
			t.Fatal(err)
		}
		return d.f.Called("GET /oncalls") - before
	}
	const more = 510 // than the 500 that are kept
	for i := range more {
		asked(i)
		if i == 0 {
			d.c.move(time.Second) // the first is the oldest
		}
	}
	if asked(more-1) != 0 {
		t.Error("the last one was forgotten")
	}
	if asked(0) != 1 {
		t.Error("the first one was kept")
	}
}
