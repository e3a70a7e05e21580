package commands_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
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
		{"update", "button", map[string]string{"text": "we watch it", "status": "monitoring"}, func(i inc) bool {
			return i.LastUpdate.Words == "we watch it" && i.Status == incident.Monitoring
		}},
		{"update", "button", map[string]string{"text": "no news", "status": "triage", "to": ""}, func(i inc) bool {
			return i.LastUpdate.Words == "no news" && i.Status == incident.Triage
		}},
		{"resolve", "command", map[string]string{"how": ""}, func(i inc) bool { return i.Status == incident.Resolved }},
		{"assign", "command", map[string]string{"role": "communications", "person": "<@Ubo>"}, func(i inc) bool { return holds(i, incident.Communications, "p-bo") }},
		{"assign", "button", map[string]string{"role": "commander", "person": "cy@example.com"}, func(i inc) bool { return holds(i, incident.Commander, "p-cy") }},
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

// What was typed comes back with the sentence that says what was wrong, and
// works once that is mended.
func TestFormsThatAreFilledInWrongly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		open   string
		values map[string]string
		kind   string
		says   string
		mend   map[string]string
	}{
		{"declare", map[string]string{"title": "", "service": "checkout", "private": "yes"}, "invalid", "The title is the one thing", map[string]string{"title": "cards fail"}},
		{"declare", map[string]string{"title": "cards fail", "customer-tier": "gold"}, "invalid", "customer tier", map[string]string{"customer-tier": "free"}},
		{"update", map[string]string{"text": "words", "next": "never", "status": "monitoring"}, "invalid", "never", map[string]string{"next": "20m"}},
		{"update", map[string]string{"text": "words", "status": "closed"}, "invalid", "status is one of", map[string]string{"status": "triage"}},
		{"update", map[string]string{"text": ""}, "invalid", "need to know", map[string]string{"text": "words"}},
		{"resolve", map[string]string{"how": "done", "tickets": "many"}, "invalid", "tickets", map[string]string{"tickets": "3"}},
		{"page", map[string]string{"text": "come"}, "invalid", "Whom shall I page?", map[string]string{"person": "<@Ucy>"}},
		{"page", map[string]string{"target": "team:search infra", "person": "<@Ucy>", "text": "come"}, "invalid", "not both", map[string]string{"person": ""}},
		{"page", map[string]string{"target": "web", "text": "come"}, "invalid", "a team and a service", map[string]string{"target": "service:web"}},
		{"page", map[string]string{"target": "team:web", "text": "come"}, "rejected", "eve@example.com", map[string]string{"target": "service:web"}},
		{"page", map[string]string{"person": "@sam"}, "invalid", "sam-one@example.com, sam-two@example.com", map[string]string{"person": "sam-one@example.com"}},
		{"action", map[string]string{"text": "write", "due": "never"}, "invalid", "never", map[string]string{"due": "friday"}},
		{"action", map[string]string{"text": "write", "person": "<@Unobody>"}, "not_found", "nobody called", map[string]string{"person": ""}},
		{"handover", map[string]string{"person": "<@Unobody>", "note": "it is quiet"}, "not_found", "nobody called", map[string]string{"person": "<@Ubo>"}},
		{"handover", map[string]string{"note": "it is quiet"}, "invalid", "To whom?", map[string]string{"person": "<@Ubo>"}},
		{"assign", map[string]string{"role": "scribe"}, "invalid", "to whom?", map[string]string{"person": "<@Ubo>"}},
		{"assign", map[string]string{"role": "king", "person": "<@Ubo>"}, "invalid", "no role here", map[string]string{"role": "scribe"}},
	} {
		t.Run(tt.open+" "+asJSON(tt.values), func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			commits := h.commits
			r := h.submit("ann", h.in(n, "ann", tt.open), tt.values)
			if r.Kind != tt.kind || h.commits != commits || !strings.Contains(shown(r), tt.says) {
				t.Fatalf("%q: %s", r.Kind, shown(r))
			}
			if r.Form == nil || !strings.Contains(chat.SpansText(r.Form.Intro, chat.Paper{}), tt.says) {
				t.Fatalf("the form does not come again with what was wrong: %+v", r.Form)
			}
			values := map[string]string{}
			for _, f := range r.Form.Fields {
				if want, typed := tt.values[f.Name]; typed && f.Value != want {
					t.Errorf("%s comes again as %q, typed was %q", f.Name, f.Value, want)
				}
				values[f.Name] = f.Value
			}
			for name, v := range tt.mend {
				values[name] = v
			}
			if got := h.submit("ann", r, values); got.Kind != "" || got.Form != nil || h.commits == commits {
				t.Errorf("mended, it is %q: %s", got.Kind, shown(got))
			}
		})
	}
}

// What came to nothing because the store was away can be sent again as it is.
func TestAFormIsKeptWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	opened := h.in(n, "ann", "update")
	h.between = func() { h.down = fault.New(fault.Unavailable, "Not recorded: try again.") }
	if r := h.submit("ann", opened, map[string]string{"text": "long words"}); r.Kind != "unavailable" || r.Form != nil {
		t.Errorf("without a store %q, form %+v", r.Kind, r.Form)
	}
	h.down = nil
	if r := h.submit("ann", opened, map[string]string{"text": "long words"}); r.Kind != "" {
		t.Errorf("sent again: %s", shown(r))
	}
}

func TestAnUpdateFormOnAStatusThatHasChanged(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	opened := h.in(n, "ann", "update")
	h.in(n, "bo", "status monitoring")
	r := h.submit("ann", opened, map[string]string{"text": "my words", "status": "triage"})
	if r.Kind != "conflict" || h.state(n).Status != incident.Monitoring || r.Form == nil {
		t.Fatalf("the status went back: %s", shown(r))
	}
	values := map[string]string{}
	for _, f := range r.Form.Fields {
		values[f.Name] = f.Value
	}
	if values["text"] != "my words" || values["status"] != "monitoring" {
		t.Fatalf("the form comes again with %v", values)
	}
	if got := h.submit("ann", r, values); got.Kind != "" || h.state(n).Status != incident.Monitoring || h.state(n).LastUpdate.Words != "my words" {
		t.Errorf("sent again: %s", shown(got))
	}
}

// A form's rights are those of the command, when it opens and when it is sent.
func TestTheRightsOfForms(t *testing.T) {
	t.Parallel()
	for verb, values := range formsToTry() {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			opened := h.in(n, "ann", verb)
			if opened.Form == nil {
				t.Fatalf("%s opens no form: %s", verb, shown(opened))
			}
			h.policy.Rights = []incident.Right{{Verb: verb, Who: []string{"di@example.com"}}}
			commits := h.commits
			for _, who := range []string{"ann", "guest", "visitor", "robot"} {
				if r := h.in(n, who, verb); r.Kind != "forbidden" || r.Form != nil {
					t.Errorf("%s opens it for %s: %q %s", verb, who, r.Kind, shown(r))
				}
				if r := h.submit(who, opened, values); r.Kind != "forbidden" || r.Form != nil || h.commits != commits {
					t.Errorf("%s sent by %s: %q %s", verb, who, r.Kind, shown(r))
				}
			}
		})
	}
}

func formsToTry() map[string]map[string]string {
	return map[string]map[string]string{
		"declare": {"title": "cards fail"}, "update": {"text": "words"}, "resolve": {"how": "rolled back"}, "page": {"person": "<@Ucy>"},
		"handover": {"person": "<@Ubo>"}, "action": {"text": "write a test"}, "assign": {"role": "scribe", "person": "<@Ubo>"},
	}
}

// A form is not opened for what would be refused whatever it says.
func TestFormsThatWouldBeForNothing(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	if r := h.in(n, "cy", "handover"); r.Kind != "invalid" || r.Form != nil || !strings.Contains(shown(r), "hold no role") {
		t.Errorf("who holds no role hands over: %s", shown(r))
	}
	h.in(n, "bo", "resolve done")
	h.in(n, "bo", "close")
	for verb := range formsToTry() {
		r := h.in(n, "ann", verb)
		if after := verb == "declare" || verb == "action"; r.Kind != "conflict" != after || (r.Form != nil) != after {
			t.Errorf("%s of a closed incident: %q %s", verb, r.Kind, shown(r))
		}
	}
}

// Every form stands in testdata/form as it is drawn, for platforms to draw.
func TestFormGoldens(t *testing.T) {
	t.Parallel()
	said := formsToTry()
	said["note"], said["impact"] = nil, nil
	for verb := range said {
		h, n := busy(t)
		req := h.ask("ann", verb)
		req.Place, req.Via = roomOf(n), "button"
		goldenForm(t, verb, h.router.Handle(t.Context(), req))
	}
	h, n := busy(t)
	goldenForm(t, "declare_from_words", h.say("ann", "declare sev2 service:checkout drill:yes"))
	goldenForm(t, "declare_other_service", h.say("ann", "declare service:search private:yes"))
	goldenForm(t, "update_prefilled", h.in(n, "ann", "update next:45m to:public status:identified"))
	goldenForm(t, "update_again", h.submit("ann", h.in(n, "ann", "update"), map[string]string{"text": "half of it works", "next": "never"}))
	h.in(n, "ann", "private on data leaked")
	goldenForm(t, "update_private", h.in(n, "ann", "update"))
	h.in(n, "ann", "release commander")
	goldenForm(t, "handover_scribe", h.in(n, "ann", "handover"))
	h.in(n, "ann", "resolve done")
	goldenForm(t, "update_resolved", h.in(n, "ann", "update"))
	h.policy.Teams, h.policy.Services, h.policy.Causes = nil, nil, nil
	goldenForm(t, "declare_plain_house", h.say("ann", "declare"))
	open := h.declared("ann", "the lift is stuck")
	goldenForm(t, "page_plain_house", h.in(open, "ann", "page"))
	goldenForm(t, "resolve_plain_house", h.in(open, "ann", "resolve"))
	about := h.shortcut(general, "ann", "action", h.said("bo", "please alert on *queue length*"))
	goldenForm(t, "action_of_message", h.router.Handle(t.Context(), about))
	about.Text = "capture"
	goldenForm(t, "capture_of_message", h.router.Handle(t.Context(), about))
	about.Text = "declare"
	goldenForm(t, "declare_of_message", h.router.Handle(t.Context(), about))
}

func goldenForm(t *testing.T, name string, r chat.Reply) {
	t.Helper()
	if r.Form == nil {
		t.Errorf("%s: no form: %s", name, shown(r))
		return
	}
	fitsEverywhere(t, name, *r.Form)
	got, err := json.MarshalIndent(r.Form, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	file := "testdata/form/" + name + ".json"
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Errorf("%s is drawn otherwise (-want +got):\n%s", name, diff)
	}
}

// fitsEverywhere holds a form to what the narrowest platform known takes.
func fitsEverywhere(t *testing.T, name string, f chat.Form) {
	t.Helper()
	if len(f.Title) > 24 || f.Title == "" || len(f.Submit) > 24 || f.Submit == "" {
		t.Errorf("%s: the title %q or the button %q does not fit", name, f.Title, f.Submit)
	}
	names := map[string]bool{}
	for _, in := range f.Fields {
		if names[in.Name] || in.Name == "" || in.Label == "" || len(in.Label) > 45 || len(in.Hint) > 150 || len(in.Choices) > 25 {
			t.Errorf("%s: the field %+v does not fit", name, in)
		}
		names[in.Name] = true
		values := map[string]bool{"": true}
		for _, c := range in.Choices {
			if values[c.Value] || len(c.Value) > 75 || len(c.Label) > 75 || c.Label == "" {
				t.Errorf("%s: the choice %+v does not fit", name, c)
			}
			values[c.Value] = true
		}
		if in.Kind == chat.Select && (!values[in.Value] || len(in.Choices) == 0) {
			t.Errorf("%s: %q is no choice of %s", name, in.Value, in.Name)
		}
	}
}

func TestAScriptGetsNoForm(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	for _, text := range []string{"update", "page", "handover", "action", "assign", "declare", "declare sev2"} {
		req := h.ask("ann", text)
		req.Place, req.Via = roomOf(n), "api"
		if r := h.router.Handle(t.Context(), req); r.Kind != "invalid" || r.Form != nil {
			t.Errorf("%q through the API is %q", text, r.Kind)
		}
	}
	req := h.ask("ann", "resolve")
	req.Place, req.Via = roomOf(n), "api"
	if r := h.router.Handle(t.Context(), req); r.Kind != "" || h.state(n).Status != incident.Resolved {
		t.Errorf("a script resolves in one line: %s", shown(r))
	}
}
