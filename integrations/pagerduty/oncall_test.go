package pagerduty_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

func (d *desk) duty(target string) []integrations.OnCall {
	d.t.Helper()
	lines, err := d.p.OnCall(d.t.Context(), target, d.c.now())
	if err != nil {
		d.t.Fatalf("who is on call for %q: %v", target, err)
	}
	return lines
}

func TestWhoIsOnCall(t *testing.T) {
	t.Parallel()
	d := start(t)
	now := d.c.now()
	d.f.SetShifts(d.w.Schedule,
		pagerdutytest.Shift{User: d.w.Bob.ID, From: now.Add(-9 * time.Hour), Until: now}, // ends as we ask
		pagerdutytest.Shift{User: d.w.Ann.ID, From: now, Until: now.Add(8 * time.Hour)},
		pagerdutytest.Shift{User: d.w.Cy.ID, From: now.Add(8 * time.Hour), Until: now.Add(16 * time.Hour)},
		pagerdutytest.Shift{User: d.w.Bob.ID, From: now.Add(16 * time.Hour), Until: now.Add(24 * time.Hour)},
	)
	want := []integrations.OnCall{
		{Level: 1, Name: d.w.Ann.Name, Email: d.w.Ann.Email, Phone: "+49 301234567", From: now, Until: now.Add(8 * time.Hour)},
		{Level: 1, Name: d.w.Cy.Name, Email: d.w.Cy.Email, From: now.Add(8 * time.Hour), Until: now.Add(16 * time.Hour)},
		{Level: 2, Name: d.w.Bob.Name, Email: d.w.Bob.Email, Phone: "+1 5550100"},
	}
	for _, target := range []string{d.w.ServiceName, d.w.PolicyName, d.w.TeamName} {
		for i := range want {
			want[i].Target = target
		}
		if diff := cmp.Diff(want, d.duty(target)); diff != "" {
			t.Errorf("%s: on call (-want +got):\n%s", target, diff)
		}
	}
	later, err := d.p.OnCall(t.Context(), d.w.ServiceName, now.Add(9*time.Hour))
	if err != nil || len(later) != 3 || later[0].Name != d.w.Cy.Name || later[1].Name != d.w.Bob.Name {
		t.Errorf("in nine hours: %+v, %v", later, err)
	}
	targets := map[string]bool{}
	for _, l := range d.duty("") {
		targets[l.Target] = true
	}
	if !targets[d.w.PolicyName] || !targets["Attic on-call"] || len(targets) != 2 {
		t.Errorf("everything is %v", targets)
	}
	if n := len(d.f.All()) + len(d.f.Notifications("")); n != 0 {
		t.Errorf("asking woke somebody: %d", n)
	}
}

func TestNumbersMayBeKeptBack(t *testing.T) {
	t.Parallel()
	d := start(t, func(d *desk) { d.o.Config.Numbers = false })
	for _, l := range d.duty(d.w.ServiceName) {
		if l.Phone != "" {
			t.Errorf("a number is shown: %+v", l)
		}
	}
	if n := d.f.Called("GET /users/{id}/contact_methods"); n != 0 {
		t.Errorf("numbers were asked for %d times", n)
	}
}

func TestNumbersThatCannotBeHadAreNoFault(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.f.Fail("GET /users/{id}/contact_methods", -1, pagerdutytest.Status(403))
	for range 2 {
		if lines := d.duty(d.w.ServiceName); len(lines) != 2 || lines[0].Phone != "" {
			t.Errorf("on call: %+v", lines)
		}
	}
	if n := d.f.Called("GET /users/{id}/contact_methods"); n != 2 {
		t.Errorf("what is forbidden was asked for %d times", n)
	}
}

func TestOnCallIsRememberedWhilePagerDutyFails(t *testing.T) {
	t.Parallel()
	d := start(t)
	now := d.c.now()
	d.f.SetShifts(d.w.Schedule,
		pagerdutytest.Shift{User: d.w.Ann.ID, From: now, Until: now.Add(8 * time.Hour)},
		pagerdutytest.Shift{User: d.w.Cy.ID, From: now.Add(8 * time.Hour), Until: now.Add(16 * time.Hour)})
	before := d.duty(d.w.ServiceName)
	asked := d.f.Called("")
	if again := d.duty(d.w.ServiceName); d.f.Called("") != asked || cmp.Diff(before, again) != "" {
		t.Error("within a minute it was asked again")
	}
	d.f.Fail("", -1, pagerdutytest.Refused())
	d.c.move(2 * time.Hour)
	if diff := cmp.Diff(before, d.duty(d.w.ServiceName)); diff != "" {
		t.Errorf("two hours later, with PagerDuty away (-want +got):\n%s", diff)
	}
	d.c.move(7 * time.Hour)
	for _, l := range d.duty(d.w.ServiceName) {
		if l.Name == d.w.Ann.Name {
			t.Errorf("who went home is named: %+v", l)
		}
	}
	d.c.move(24 * time.Hour)
	if _, err := d.p.OnCall(t.Context(), d.w.ServiceName, d.c.now()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a day later: %v", err)
	}
	d.f.Heal()
	if len(d.duty(d.w.ServiceName)) == 0 {
		t.Error("it is not asked when it is back")
	}
}

func TestOnCallOfAWholeCompany(t *testing.T) {
	t.Parallel()
	const many = 230
	d := start(t, func(d *desk) {
		d.o.Config.Numbers = false
		var all []string
		for i := range many {
			u := d.f.AddUser(pagerdutytest.User{Name: fmt.Sprintf("User %03d", i), Email: fmt.Sprintf("u%d@acme.test", i)})
			all = append(all, u.ID)
		}
		d.f.AddService(pagerdutytest.Service{Name: "Everybody", Policy: d.f.AddPolicy(pagerdutytest.Policy{Name: "All hands", Levels: []pagerdutytest.Level{{Who: all}}}).ID})
	})
	if lines := d.duty("Everybody"); len(lines) != many {
		t.Errorf("%d of %d are on call", len(lines), many)
	}
	if n := d.f.Called("GET /oncalls"); n != 3 {
		t.Errorf("it took %d calls", n)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	d := start(t)
	_, err := d.p.OnCall(t.Context(), "check", d.c.now())
	if fault.KindOf(err) != fault.NotFound || !strings.Contains(fault.Sentence(err), d.w.ServiceName) {
		t.Errorf("a name that resembles one: %v", err)
	}
	asked := d.f.Called("")
	if _, err = d.p.OnCall(t.Context(), "check", d.c.now()); fault.KindOf(err) != fault.NotFound || d.f.Called("") != asked {
		t.Errorf("again: %v, asked %d times more", err, d.f.Called("")-asked)
	}
	d.f.AddService(pagerdutytest.Service{Name: "check", Policy: d.w.Policy})
	d.c.move(2 * time.Minute)
	if len(d.duty("check")) == 0 {
		t.Error("a service that was made since is not found")
	}
	for _, evil := range []string{"../users", "P1/../../users?x=", "%2e%2e", "P1234\n", strings.Repeat("A", 500)} {
		if _, err := d.p.OnCall(t.Context(), evil, d.c.now()); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", evil, err)
		}
	}
	for _, c := range d.f.Calls() {
		if strings.Contains(c.Path, "..") || strings.Contains(c.Path, "%") {
			t.Errorf("a path was made of what was asked: %s", c.Path)
		}
	}
}
