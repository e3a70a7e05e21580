package commands_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
)

// Opens says before anything is read what the reply says afterwards, in a room
// where the verb has an incident.
func TestOpens(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "declare", "declare sev2", "declare sev 2", "declare drill:yes", "declare sev2 cards fail", "cards fail", "update", "update next:30m", "update words", "update INC-2",
		"INC-2 update", "resolve", "resolve rolled back", "page", "page @bo", "handover", "handover accept", "action", "action write", "assign", "assign scribe @bo", "note", "note x",
		"decide", "impact", "rename", "close", "take", "show", "INC-2", "help", "capture", "list", "follow", "severity", "sevrity sev1", "UPDATE", "/incident update",
	} {
		for _, via := range []string{"command", "button", "shortcut", "mention", "api"} {
			h, n := busy(t)
			req := h.ask("ann", text)
			req.Place, req.Via = roomOf(n), via
			opens, commits := h.router.Opens(req), h.commits
			if h.commits != commits {
				t.Errorf("%q changes something", text)
			}
			if text == "" {
				req.Place = general
				opens = h.router.Opens(req)
			}
			if r := h.router.Handle(t.Context(), req); (r.Form != nil) != opens {
				t.Errorf("%q as a %s: opens is %v, the reply is %s", text, via, opens, shown(r))
			}
		}
	}
}

func TestOpensInARoomThatIsNamedAfterAnIncident(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, want := range map[string]bool{"general": true, "": true, "inc-42-checkout": false, "inc-7": false, "incidents": true, "prod-inc": true, "INC-9-x": false} {
		req := h.ask("ann", "")
		req.Place = chat.Place{Platform: "test", Room: "C1", Name: name}
		if got := h.router.Opens(req); got != want {
			t.Errorf("nothing said in #%s opens a form: %v", name, got)
		}
	}
	req := h.ask("ann", "update")
	req.Form = map[string]string{}
	if h.router.Opens(req) {
		t.Error("a form that is sent opens one")
	}
	if h.router.Opens(h.ask("ann", "declare "+strings.Repeat("x", 9000))) {
		t.Error("what is too long opens a form")
	}
}

// A mention has nothing to open a form with, and is where threads speak.
func TestMentions(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	for verb := range formsToTry() {
		req := h.ask("ann", verb)
		req.Place, req.Via = roomOf(n), "mention"
		r := h.router.Handle(t.Context(), req)
		if r.Kind != "" || r.Form != nil || !strings.Contains(shown(r), "@tocsin "+verb) || strings.Contains(shown(r), "/incident") {
			t.Errorf("%s by a mention: %s", verb, shown(r))
			continue
		}
		if got := h.pressIn(roomOf(n), "ann", r, "Fill in the form"); got.Form == nil {
			t.Errorf("%s pressed: %s", verb, shown(got))
		}
	}
	req := h.ask("ann", "@tocsin declare sev2")
	req.Via = "mention"
	if got := h.press("ann", h.router.Handle(t.Context(), req), "Fill in the form"); got.Form == nil || got.Form.Fields[1].Value != "sev2" {
		t.Errorf("what was said is lost: %s", shown(got))
	}
	req = h.ask("ann", "severity nonsense")
	req.Place, req.Via = roomOf(n), "mention"
	if r := h.router.Handle(t.Context(), req); r.Kind != "invalid" || !strings.Contains(shown(r), "@tocsin severity sev2") {
		t.Errorf("a refusal shows %s", shown(r))
	}
}
