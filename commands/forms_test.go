package commands_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// submit sends a form that a reply opened.
func (h *house) submit(who string, r chat.Reply, values map[string]string) chat.Reply {
	h.t.Helper()
	if r.Form == nil {
		h.t.Fatalf("no form: %s", shown(r))
	}
	known := map[string]bool{}
	for _, f := range r.Form.Fields {
		known[f.Name] = true
	}
	for name := range values {
		if !known[name] {
			h.t.Fatalf("the form has no field %q", name)
		}
	}
	req := h.ask(who, r.Form.Command)
	req.Via, req.Seen, req.Form = "form", r.Form.Seen, values
	return h.router.Handle(h.t.Context(), req)
}

func TestTheFormToDeclareNeedsATitleOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.say("ann", "")
	if r.Form == nil {
		t.Fatal("nothing said opens no form")
	}
	for _, f := range r.Form.Fields {
		if f.Required != (f.Name == "title") {
			t.Errorf("%s required: %v", f.Name, f.Required)
		}
		if len(f.Choices) > 25 || f.Label == "" || len(f.Label) > 45 {
			t.Errorf("field %+v", f)
		}
	}
	if got := h.submit("ann", r, map[string]string{"title": "page is blank"}); got.Kind != "" || h.state(1).Title.Words != "page is blank" {
		t.Fatalf("title only: %s", shown(got))
	}
	got := h.submit("ann", h.say("ann", "declare sev3 service:checkout"), map[string]string{
		"title": "sev2 service:web is text here", "severity": "sev3", "service": "checkout, search", "private": "yes", "drill": "", "customer-tier": "free",
	})
	inc := h.state(2)
	if got.Kind != "" || inc.Title.Words != "sev2 service:web is text here" || inc.Severity != 3 || len(inc.Services) != 2 || !inc.Private || inc.Drill || len(inc.Fields) != 1 {
		t.Errorf("%s: %s", shown(got), asJSON(inc))
	}
	if got := h.submit("ann", r, map[string]string{"title": " "}); got.Kind != "invalid" {
		t.Errorf("an empty title is %q", got.Kind)
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	type inc = incident.Incident
	for _, tt := range []struct {
		open   string
		via    string
		values map[string]string
		check  func(inc) bool
	}{
		{"update", "command", map[string]string{"text": "fix is rolling out next 5m", "next": "20m", "to": "yes"}, func(i inc) bool {
			return i.LastUpdate.Words == "fix is rolling out next 5m" && i.NextUpdate.Equal(noon.Add(20*60e9))
		}},
		{"resolve", "button", map[string]string{"how": "rolled back", "cause": "change", "tickets": "12"}, func(i inc) bool {
			return i.Outcome.Words == "rolled back" && i.Cause == "change" && i.Fields[0].Value.Words == "12"
		}},
		{"page", "command", map[string]string{"target": "team:search infra", "text": "come"}, func(i inc) bool { return i.Pages[1].Target.Name == "search infra" }},
		{"page", "command", map[string]string{"person": "<@Ucy>", "text": "come"}, func(i inc) bool { return i.Pages[1].Target.Person == "p-cy" }},
		{"handover", "command", map[string]string{"person": "<@Ubo>", "role": "scribe", "note": "@all quiet"}, func(i inc) bool {
			return i.Offers[0].To == "p-bo" && i.Offers[0].Note.Words == "@all quiet"
		}},
		{"action", "command", map[string]string{"text": "write due:never to @bo", "person": "<@Ubo>", "due": "friday"}, func(i inc) bool { return i.ActionsN == 2 }},
		{"note", "button", map[string]string{"text": "restarted at 11:00", "at": "11:30"}, nil},
		{"decide", "button", map[string]string{"text": "we roll back"}, nil},
		{"impact", "button", map[string]string{"text": "nobody can pay"}, func(i inc) bool { return i.Impact.Words == "nobody can pay" }},
	} {
		t.Run(tt.open, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			req := h.ask("ann", tt.open)
			req.Place, req.Via = roomOf(n), tt.via
			commits := h.commits
			opened := h.router.Handle(t.Context(), req)
			if opened.Kind != "" || h.commits != commits {
				t.Fatalf("opening: %s", shown(opened))
			}
			if opened.Form == nil || opened.Form.Seen != uint64(h.state(n).Head) || !strings.Contains(opened.Form.Command, "INC-2") || opened.Form.Submit == "" {
				t.Fatalf("the form is %+v", opened.Form)
			}
			r := h.submit("ann", opened, tt.values)
			if r.Kind != "" || tt.check != nil && !tt.check(h.state(n)) {
				t.Errorf("%s: %s", shown(r), asJSON(h.state(n)))
			}
		})
	}
}

func TestFormsThatAreFilledInWrongly(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	commits := h.commits
	for open, values := range map[string]map[string]string{
		"update":   {"text": "words", "next": "never"},
		"page":     {"text": "come"},
		"action":   {"text": "write", "due": "never"},
		"handover": {"person": "<@Unobody>"},
	} {
		if r := h.submit("ann", h.in(n, "ann", open), values); r.Kind == "" || h.commits != commits {
			t.Errorf("%s with %v: %s", open, values, shown(r))
		}
	}
}

func TestAScriptGetsNoForm(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	for _, text := range []string{"update", "page", "handover", "action", "declare", "declare sev2"} {
		req := h.ask("ann", text)
		req.Place, req.Via = roomOf(n), "api"
		if r := h.router.Handle(t.Context(), req); r.Kind != "invalid" || r.Form != nil {
			t.Errorf("%q through the API is %q", text, r.Kind)
		}
	}
}
