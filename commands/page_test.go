package commands_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/integrations"
)

// hears puts on record what a pager says.
func (h *house) hears(n incident.Number, events ...incident.Event) {
	h.t.Helper()
	for _, e := range events {
		inc := h.state(n)
		news, err := inc.PageNews(e)
		if err != nil || len(news) == 0 {
			h.t.Fatalf("%+v is no news: %v", e, err)
		}
		h.append(h.streams[inc.ID], incident.Meta{Recorded: h.now, Actor: incident.House}, news)
	}
}

func attic() map[string][]integrations.OnCall {
	return map[string][]integrations.OnCall{
		"payments": {{Target: "Attic", Level: 1, Name: "Cy Later", From: noon.Add(time.Hour)}, {Target: "Attic", Level: 2, Name: "Bo Baker"}},
	}
}

func TestATargetWithNobodyOnCallFailsAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.lines = attic()
	n := h.declared("ann", "orders fail")
	r := h.in(n, "ann", "page payments orders fail")
	if words := shown(r); r.Kind != "rejected" || !strings.Contains(words, "Nobody is on call for team payments at level 1") || !strings.Contains(words, "Bo Baker") {
		t.Fatalf("%s", words)
	}
	if len(h.state(n).Pages) != 0 {
		t.Fatal("a page was asked for that wakes nobody")
	}
	r = h.pressIn(roomOf(n), "ann", r, "Page level 2")
	if p := h.state(n).Pages; len(p) != 1 || p[0].Level != 2 || p[0].Text.Words != "orders fail" || !strings.Contains(shown(r), "Paging level 2 of team payments for INC-1: Bo Baker.") {
		t.Errorf("%s: %+v", shown(r), p)
	}
}

func TestNobodyOnCallAnywhereNamesWhomToCall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.lines = map[string][]integrations.OnCall{"payments": {{Target: "Attic", Name: "Cy Later", From: noon.Add(time.Hour)}}}
	n := h.declared("ann", "orders fail")
	r := h.in(n, "ann", "page checkout")
	if words := shown(r); r.Kind != "rejected" || len(actions(r.Message)) != 0 || !strings.Contains(words, "Call them yourself: cy@example.com") {
		t.Errorf("%s", words)
	}
	drill := h.say("ann", "declare drill:yes orders fail")
	if drill.Kind != "" {
		t.Fatal(shown(drill))
	}
	if r := h.say("ann", "page INC-2 payments"); r.Kind != "" || strings.Contains(shown(r), "Cy Later") {
		t.Errorf("a drill asks who is on call: %s", shown(r))
	}
}

func TestAPageDoesNotWaitForWhoIsOnCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		n := h.declared("ann", "orders fail")
		h.slow = true
		began := time.Now()
		r := h.in(n, "ann", "page payments")
		if took := time.Since(began); took > 300*time.Millisecond || len(h.state(n).Pages) != 1 {
			t.Errorf("after %s: %s", took, shown(r))
		}
		if strings.Contains(shown(r), "cy") {
			t.Errorf("it names somebody who is not known: %s", shown(r))
		}
		began = time.Now()
		form := h.in(n, "ann", "page")
		if took := time.Since(began); took > time.Second || form.Form == nil || !strings.Contains(chat.SpansText(form.Form.Intro, chat.Paper{}), "not known just now") {
			t.Errorf("after %s: %s", took, asJSON(form.Form))
		}
	})
}

func TestTheFormSaysWhoWouldBeWoken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.lines = attic()
	n := h.declared("ann", "orders fail")
	f := h.in(n, "ann", "page").Form
	if f == nil || len(f.Intro) != 0 {
		t.Fatalf("form %s", asJSON(f))
	}
	labels := ""
	for _, c := range f.Fields[0].Choices {
		labels += c.Label + "\n"
	}
	for _, want := range []string{"Team payments: NOBODY is on call at level 1\n", "Team search infra: cy, then bo\n", "Team web\n", "Service checkout: NOBODY"} {
		if !strings.Contains(labels, want) {
			t.Errorf("the choices lack %q:\n%s", want, labels)
		}
	}
	r := h.submit("ann", h.in(n, "ann", "page"), map[string]string{"target": "team:payments", "text": "orders fail"})
	if r.Form != nil || len(actions(r.Message)) != 1 {
		t.Errorf("a refusal with a way on gives the form back: %s", shown(r))
	}
}

func TestWhatIsDoneToAPageHasItsForm(t *testing.T) {
	t.Parallel()
	for deed, c := range map[string]struct {
		values map[string]string
		title  string
		done   func(p incident.Page) bool
	}{
		"hand": {map[string]string{"target": "", "person": "<@Ubo>"}, "Hand over p1 of INC-1", func(p incident.Page) bool { return p.To.Person == "p-bo" }},
		"add":  {map[string]string{"target": "team:search infra", "person": ""}, "Help with p1 of INC-1", func(p incident.Page) bool { return len(p.Also) == 1 && p.Also[0].Name == "search infra" }},
		"note": {map[string]string{"text": "the replica is behind"}, "Note on p1 of INC-1", func(p incident.Page) bool { return p.Note.Words == "the replica is behind" }},
	} {
		t.Run(deed, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			n := h.declared("ann", "orders fail")
			if r := h.in(n, "ann", "page "+deed+" p1"); r.Kind != "not_found" || r.Form != nil {
				t.Fatalf("without a page: %s", shown(r))
			}
			h.in(n, "ann", "page payments")
			h.hears(n, incident.PageAccepted{Page: "p1", Pager: "pagerduty"})
			opened := h.in(n, "ann", "page "+deed+" p1")
			if opened.Form == nil || opened.Form.Title != c.title || len([]rune(opened.Form.Title)) > 24 {
				t.Fatalf("form %s", asJSON(opened.Form))
			}
			r := h.submit("ann", opened, c.values)
			if r.Kind != "" || !c.done(h.state(n).Pages[0]) || len(h.state(n).Pages) != 1 {
				t.Fatalf("%s: %+v", shown(r), h.state(n).Pages)
			}
			again := h.submit("ann", h.in(n, "ann", "page "+deed+" p1"), map[string]string{})
			if again.Kind != "invalid" || again.Form == nil || again.Form.Command != opened.Form.Command {
				t.Errorf("an empty form: %s %s", shown(again), asJSON(again.Form))
			}
		})
	}
}

func TestALateButtonNeverReopensAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "orders fail")
	h.in(n, "ann", "page payments")
	h.hears(n, incident.PageAccepted{Page: "p1", Pager: "pagerduty"}, incident.PageSeen{Page: "p1", Pager: "pagerduty"}, incident.PageResolved{Page: "p1", Whom: "Cy Far"})
	for _, late := range []string{"ack p1", "escalate p1", "page hand p1 @bo", "page add p1 @bo", "page note p1 late", "page off p1"} {
		if r := h.in(n, "bo", late); r.Kind != "conflict" || h.state(n).Pages[0].State != incident.PageOver {
			t.Errorf("%s: %s", late, shown(r))
		}
	}
	if len(h.state(n).Pages) != 1 {
		t.Errorf("pages %+v", h.state(n).Pages)
	}
}

func TestAPageByMailTellsNoPager(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "orders fail")
	h.in(n, "ann", "page payments")
	h.hears(n, incident.PageAccepted{Page: "p1", Pager: "email", Blind: true})
	if r := h.in(n, "ann", "page hand p1 @bo"); r.Kind != "conflict" || !strings.Contains(shown(r), "went out by e-mail, which can be told nothing more") {
		t.Error(shown(r))
	}
	if r := h.in(n, "bo", "ack"); strings.Contains(shown(r), "pager") || h.state(n).Pages[0].Acker != "p-bo" {
		t.Error(shown(r))
	}
	if r := h.in(n, "ann", "page off p1"); !strings.Contains(shown(r), "is off here. It went out by e-mail, which cannot be called back: tell them.") {
		t.Error(shown(r))
	}
}

func TestTwoWhoPageAgainMakeOnePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "orders fail")
	h.in(n, "ann", "page payments")
	h.now = h.now.Add(4 * time.Minute)
	h.hears(n, incident.PageAccepted{Page: "p1", Pager: "pagerduty"}, incident.PageSeen{Page: "p1", Pager: "pagerduty"}, incident.PageAcknowledged{Page: "p1", Person: "p-cy"})
	r := h.in(n, "bo", "page payments")
	if !strings.Contains(shown(r), "ann paged team payments 4 min ago (p1); cy has acknowledged it. Nobody was paged twice.") {
		t.Fatal(shown(r))
	}
	h.pressIn(roomOf(n), "bo", r, "Page again")
	second := h.pressIn(roomOf(n), "cy", r, "Page again")
	if len(h.state(n).Pages) != 2 || second.Kind != "conflict" || !strings.Contains(shown(second), "bo asked to page team payments just now (p2)") {
		t.Errorf("%s: %d pages", shown(second), len(h.state(n).Pages))
	}
}

func TestReopenOffersThoseWhoWereOnIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "orders fail")
	h.in(n, "ann", "page payments orders fail")
	h.in(n, "cy", "ack")
	h.in(n, "ann", "resolve rolled back")
	h.hears(n, incident.PageResolved{Page: "p1"})
	h.now = h.now.Add(time.Hour)
	r := h.in(n, "ann", "reopen orders fail again")
	if !strings.Contains(shown(r), "pages nobody by itself") || len(h.state(n).Pages) != 1 {
		t.Fatal(shown(r))
	}
	r = h.pressIn(roomOf(n), "ann", r, "Page cy")
	pages := h.state(n).Pages
	if last := pages[len(pages)-1]; len(pages) != 2 || last.Target.Person != "p-cy" || last.Why != "was on p1" || last.Text.Words != "orders fail" {
		t.Errorf("%s: %+v", shown(r), pages)
	}
}
