package pagerduty_test

import (
	"slices"
	"strings"
	"testing"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/pagerduty"
	"tocsin/integrations/pagerduty/pagerdutytest"
)

// from is in whose name the last call of an operation was made.
func (d *desk) from(op string) string {
	who := ""
	for _, c := range d.f.Calls() {
		if c.Op == op {
			who = c.Header.Get("From")
		}
	}
	return who
}

func (d *desk) must(a integrations.PageAct) integrations.Receipt {
	d.t.Helper()
	r, err := d.act(a)
	if err != nil {
		d.t.Fatalf("%s: %v", a.Verb, err)
	}
	return r
}

func TestDeedsAreThePersonsOwn(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	r := d.must(integrations.PageAct{Verb: "acknowledge", By: "Ann A.", Email: strings.ToUpper(d.w.Ann.Email)})
	if r.By != strings.ToUpper(d.w.Ann.Email) || d.from("PUT /incidents") != d.w.Ann.Email {
		t.Errorf("acknowledged by %q, in the name of %q", r.By, d.from("PUT /incidents"))
	}
	if there := d.there(); !slices.Equal(there.Acknowledged, []string{d.w.Ann.ID}) {
		t.Errorf("PagerDuty has it acknowledged by %v", there.Acknowledged)
	}
	d.must(integrations.PageAct{Verb: "resolve", By: "Zoe", Email: "zoe@elsewhere.test"})
	if who := d.from("PUT /incidents"); who != d.w.Bot.Email {
		t.Errorf("for somebody whom PagerDuty does not know, it is in the name of %q", who)
	}
}

func TestWhoMayNotIsActedForByTheFallback(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	d.f.Fail("PUT /incidents", 1, pagerdutytest.Status(403))
	r := d.must(integrations.PageAct{Verb: "acknowledge", By: "Ann", Email: d.w.Ann.Email})
	if r.By != d.w.Ann.Email || d.from("PUT /incidents") != d.w.Bot.Email || d.f.Called("PUT /incidents") != 2 {
		t.Errorf("by %q, in the name of %q, in %d calls", r.By, d.from("PUT /incidents"), d.f.Called("PUT /incidents"))
	}
	d.f.Fail("PUT /incidents", -1, pagerdutytest.Status(403))
	if _, err := d.act(integrations.PageAct{Verb: "resolve", By: "Zoe"}); fault.KindOf(err) != fault.Rejected || d.f.Called("PUT /incidents") != 3 {
		t.Errorf("when the fallback may not either: %v, after %d calls", err, d.f.Called("PUT /incidents"))
	}
}

func TestALateButtonOpensNothingAgain(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	if err := d.f.Resolve(pagerduty.FarKey(key), d.w.Bob.Email); err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"acknowledge", "escalate", "reassign", "add"} {
		_, err := d.act(integrations.PageAct{Verb: verb, By: "Ann", Email: d.w.Ann.Email, To: d.w.Cy.Email})
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Sentence(err), d.w.Bob.Email) {
			t.Errorf("%s: %v, want a conflict that names who resolved it", verb, err)
		}
	}
	if r := d.must(integrations.PageAct{Verb: "resolve", By: "Ann"}); r.State != integrations.Over || r.By != d.w.Bob.Email {
		t.Errorf("resolving again: %+v", r)
	}
	if there := d.there(); there.Status != "resolved" || there.Reopened != 0 || d.f.Called("PUT /incidents") != 0 {
		t.Errorf("the incident is %+v", there)
	}
}

func TestAcknowledgedIsAcknowledged(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	if err := d.f.Acknowledge(pagerduty.FarKey(key), d.w.Bob.Email); err != nil {
		t.Fatal(err)
	}
	r := d.must(integrations.PageAct{Verb: "acknowledge", By: "Ann", Email: d.w.Ann.Email})
	if r.By != d.w.Bob.Email || d.f.Called("PUT /incidents") != 0 {
		t.Errorf("it is %+v, and %d changes were sent", r, d.f.Called("PUT /incidents"))
	}
}

func TestEscalating(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	r := d.must(integrations.PageAct{Verb: "escalate", By: "Ann"})
	if r.Level != 2 || r.Whom != d.w.Bob.Name || d.there().Level != 2 {
		t.Errorf("it is %+v, the incident %+v", r, d.there())
	}
	_, err := d.act(integrations.PageAct{Verb: "escalate", By: "Ann"})
	if fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), d.w.PolicyName) {
		t.Errorf("beyond the last level: %v", err)
	}
}

func TestEscalatingIsRepeatedWithoutGoingFurther(t *testing.T) {
	t.Parallel()
	d := start(t, func(d *desk) {
		d.f.AddService(pagerdutytest.Service{Name: "Deep", Policy: d.f.AddPolicy(pagerdutytest.Policy{Name: "Deep on-call", Levels: []pagerdutytest.Level{
			{Who: []string{d.w.Ann.ID}}, {Who: []string{d.w.Bob.ID}}, {Who: []string{d.w.Cy.ID}},
		}}).ID})
	})
	page := d.ask()
	page.Target = "Deep"
	if _, err := d.p.Page(t.Context(), page); err != nil {
		t.Fatal(err)
	}
	d.f.Fail("PUT /incidents", 1, pagerdutytest.Lost())
	next := integrations.PageAct{Verb: "escalate", By: "Ann", Level: 2}
	if _, err := d.act(next); fault.KindOf(err) != fault.Unknown {
		t.Fatalf("a lost answer is %v", err)
	}
	r := d.must(next)
	if r.Level != 2 || r.Whom != d.w.Bob.Name || d.there().Level != 2 {
		t.Errorf("repeated, it is %+v", r)
	}
	for _, n := range d.f.Notifications(pagerduty.FarKey(key)) {
		if n.User == d.w.Cy.ID {
			t.Error("the third level was woken")
		}
	}
}

func TestReassigning(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	r := d.must(integrations.PageAct{Verb: "reassign", By: "Ann", To: d.w.Cy.Email})
	if r.State != integrations.Reassigned || r.Whom != d.w.Cy.Name || !slices.Equal(d.there().Assigned, []string{d.w.Cy.ID}) {
		t.Errorf("to a person: %+v", r)
	}
	d.must(integrations.PageAct{Verb: "reassign", By: "Ann", To: d.w.Cy.Name})
	if n := d.f.Called("PUT /incidents"); n != 1 {
		t.Errorf("what is so already was sent: %d changes", n)
	}
	r = d.must(integrations.PageAct{Verb: "reassign", By: "Ann", To: d.w.EmptyName})
	if r.Whom != d.w.Bob.Name {
		t.Errorf("to a service's policy: %+v", r)
	}
	for to, want := range map[string]string{"": "Whom?", "nobody at all": "knows nobody and nothing"} {
		if _, err := d.act(integrations.PageAct{Verb: "reassign", To: to}); fault.KindOf(err) != fault.Rejected || !strings.Contains(fault.Sentence(err), want) {
			t.Errorf("to %q: %v", to, err)
		}
	}
}

func TestAddingResponders(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.page()
	add := integrations.PageAct{Verb: "add", By: "Ann", Email: d.w.Ann.Email, To: d.w.Cy.Email, Text: "the cache is yours"}
	for range 2 {
		r := d.must(add)
		if r.State != integrations.Noted || !strings.Contains(r.Note, d.w.Cy.Name) {
			t.Errorf("it is %+v", r)
		}
	}
	there := d.there()
	if len(there.Responders) != 1 || there.Responders[0].User != d.w.Cy.ID || there.Responders[0].By != d.w.Ann.ID || there.Responders[0].Message != add.Text {
		t.Errorf("asked twice for the same person, PagerDuty has %+v", there.Responders)
	}
	add.Email, add.To, add.Text = "", d.w.PolicyName, ""
	d.must(add)
	if there = d.there(); len(there.Responders) != 2 || there.Responders[1].Policy != d.w.Policy || there.Responders[1].By != d.w.Bot.ID {
		t.Errorf("a policy, in the name of the fallback: %+v", there.Responders)
	}
	d.f.SetAbilities("teams")
	add.To = d.w.Bob.Email
	if _, err := d.act(add); fault.KindOf(err) != fault.Rejected {
		t.Errorf("without the ability: %v", err)
	}
	d.f.Forgive()
}

func TestNotes(t *testing.T) {
	t.Parallel()
	d := start(t)
	d.subscribe()
	d.page()
	note := integrations.PageAct{Verb: "note", By: "Ann", Email: d.w.Ann.Email, Text: "the database is full"}
	for range 2 {
		if r := d.must(note); r.State != integrations.Noted || r.Note != note.Text {
			t.Errorf("it is %+v", r)
		}
	}
	there := d.there()
	if len(there.Notes) != 1 || there.Notes[0].User != d.w.Ann.ID || !strings.HasPrefix(there.Notes[0].Text, note.Text) {
		t.Errorf("noted twice, PagerDuty has %+v", there.Notes)
	}
	if err := d.f.Annotate(pagerduty.FarKey(key), d.w.Bob.Email, "I look\nat it"); err != nil {
		t.Fatal(err)
	}
	var heard []integrations.Receipt
	for _, r := range d.told() {
		if r.State == integrations.Noted {
			heard = append(heard, r)
		}
	}
	if len(heard) != 1 || heard[0].Note != "I look\nat it" || heard[0].By != d.w.Bob.Email || heard[0].Key != key {
		t.Errorf("of our own note and somebody else's was heard %+v", heard)
	}
	if err := d.f.Resolve(pagerduty.FarKey(key), d.w.Bob.Email); err != nil {
		t.Fatal(err)
	}
	note.Text = "a note on what is over"
	d.must(note)
	if there = d.there(); len(there.Notes) != 3 || there.Status != "resolved" {
		t.Errorf("after the end: %+v", there)
	}
	if _, err := d.act(integrations.PageAct{Verb: "note", Text: " "}); fault.KindOf(err) != fault.Rejected {
		t.Errorf("an empty note: %v", err)
	}
}

func TestDeedsThatDoNotExist(t *testing.T) {
	t.Parallel()
	d := start(t)
	if _, err := d.act(integrations.PageAct{Verb: "acknowledge"}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("on a page that is not there: %v", err)
	}
	d.page()
	if _, err := d.act(integrations.PageAct{Verb: "sing"}); fault.KindOf(err) != fault.Rejected {
		t.Errorf("singing: %v", err)
	}
}

func TestDeedsFailAsTheyFail(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		op   string
		how  pagerdutytest.Fault
		want fault.Kind
	}{
		"the look before":  {"GET /incidents", pagerdutytest.Status(500), fault.Unavailable},
		"whose it is":      {"GET /users", pagerdutytest.Status(503), fault.Unavailable},
		"the change":       {"PUT /incidents", pagerdutytest.Status(500), fault.Unknown},
		"the change, lost": {"PUT /incidents", pagerdutytest.Lost(), fault.Unknown},
		"nobody there":     {"PUT /incidents", pagerdutytest.Refused(), fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := start(t)
			d.page()
			d.f.Fail(tt.op, 1, tt.how)
			ack := integrations.PageAct{Verb: "acknowledge", By: "Ann", Email: d.w.Ann.Email}
			if _, err := d.act(ack); fault.KindOf(err) != tt.want {
				t.Errorf("it is %v, want %v", err, tt.want)
			}
			if r := d.must(ack); r.State != integrations.Acknowledged {
				t.Errorf("again, it is %+v", r)
			}
		})
	}
}
