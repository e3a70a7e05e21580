package commands_test

import (
	"slices"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// pressed sends a command as a button that was drawn from a version.
func (h *house) pressed(n incident.Number, who, text string, seen incident.Version) chat.Reply {
	r := h.ask(who, text)
	r.Place, r.Via, r.Seen = roomOf(n), "button", uint64(seen)
	return h.router.Handle(h.t.Context(), r)
}

func TestAButtonOnWhatHasChanged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ button, change, told string }{
		{"severity INC-2 sev1", "severity sev2", "sev2"},
		{"take INC-2 commander", "take", "bo"},
		{"take INC-2 scribe", "assign scribe @cy", "cy"},
		{"status INC-2 identified", "status monitoring", "monitoring"},
		{"close INC-2", "reopen it is back", "it is back"},
		{"rename INC-2 cards fail", "rename all cards fail", "all cards fail"},
		{"impact INC-2 nobody can pay", "impact some cannot pay", "some cannot pay"},
		{"call INC-2 https://a.example.com", "call https://b.example.com", "b.example.com"},
		{"cause INC-2 capacity", "cause network", "network"},
		{"private INC-2 on data leaked", "private on a name leaked", "a name leaked"},
	} {
		t.Run(tt.button, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			if strings.HasPrefix(tt.button, "close") {
				h.in(n, "ann", "resolve done")
			}
			if strings.HasPrefix(tt.button, "private") {
				h.in(n, "ann", "invite @bo")
			}
			seen := h.state(n).Head
			if r := h.in(n, "bo", tt.change); r.Kind != "" {
				t.Fatalf("%s: %s", tt.change, shown(r))
			}
			commits := h.commits
			r := h.pressed(n, "ann", tt.button, seen)
			if h.commits != commits || r.Kind != "conflict" || !strings.Contains(shown(r), tt.told) || !strings.Contains(shown(r), "bo") {
				t.Fatalf("pressed anyway, %q: %s", r.Kind, shown(r))
			}
			again := actions(r.Message)[0]
			if again.Seen != uint64(h.state(n).Head) {
				t.Errorf("the new button was drawn from %d of %d", again.Seen, h.state(n).Head)
			}
			if got := h.pressed(n, "ann", again.Command, incident.Version(again.Seen)); strings.Contains(shown(got), "has changed since") {
				t.Errorf("asks for ever: %s", shown(got))
			}
		})
	}
}

func TestAButtonOnWhatHasNotChanged(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	seen := h.state(n).Head
	h.in(n, "bo", "note it rains")
	h.in(n, "bo", "impact nobody can pay")
	if r := h.pressed(n, "ann", "severity INC-2 sev1", seen); r.Kind != "" || h.state(n).Severity != 1 {
		t.Errorf("a note keeps a severity from being set: %s", shown(r))
	}
	if r := h.pressed(n, "ann", "done INC-2 1", seen); r.Kind != "" {
		t.Errorf("done: %s", shown(r))
	}
}

// A change that slips in between the look and the commit is refused by the decision.
func TestAButtonRacesWithAnotherReplica(t *testing.T) {
	t.Parallel()
	for button, change := range map[string]string{
		"severity INC-2 sev1": "severity sev2", "take INC-2 scribe": "assign scribe @cy", "status INC-2 identified": "status monitoring",
		"impact INC-2 all": "impact none", "cause INC-2 capacity": "cause network", "merge INC-2 into INC-1": "status monitoring",
	} {
		t.Run(button, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			seen := h.state(n).Head
			h.between = func() {
				if r := h.in(n, "bo", change); r.Kind != "" {
					t.Errorf("%s: %s", change, shown(r))
				}
			}
			r := h.pressed(n, "ann", button, seen)
			if r.Kind != "conflict" || !strings.Contains(shown(r), "has just changed") {
				t.Errorf("%q: %s", r.Kind, shown(r))
			}
		})
	}
}

func TestAFormOnWhatHasChanged(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	opened := h.in(n, "ann", "update")
	if opened.Form == nil || opened.Form.Fields[0].Value != "first words" {
		t.Fatalf("the form is %+v", opened.Form)
	}
	h.in(n, "bo", "update bo was faster")
	req := h.ask("ann", opened.Form.Command)
	req.Via, req.Seen, req.Form = "form", opened.Form.Seen, map[string]string{"text": "ann's words", "next": "20m", "to": ""}
	r := h.router.Handle(t.Context(), req)
	if r.Kind != "conflict" || r.Form == nil || r.Form.Fields[0].Value != "ann's words" || r.Form.Fields[1].Value != "20m" {
		t.Fatalf("%q: %s; form %+v", r.Kind, shown(r), r.Form)
	}
	req = h.ask("ann", r.Form.Command)
	req.Via, req.Seen, req.Form = "form", r.Form.Seen, map[string]string{"text": "ann's words", "next": "20m"}
	if r = h.router.Handle(t.Context(), req); r.Kind != "" || h.state(n).LastUpdate.Words != "ann's words" {
		t.Errorf("sent again: %s", shown(r))
	}
}

// A repeat of a request gives its first reply, whatever has happened since.
func TestRepeatsGiveTheFirstReply(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"severity sev1", "take comms", "note one more", "undo", "resolve rolled back", "remove @ann", "merge into INC-1", "severity sev3",
		"strike 12", "done 1", "page team:web come", "follow", "declare another", "update more words", "capture m1", "private on data leaked",
		"zone Berlin", "handover @bo", "checklist data loss", "pending retry nothing", "adopt INC-1 confirm:yes", "edit 99 words",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			h, n := busy(t)
			req := h.ask("ann", text)
			req.Place, req.Seen, req.Via = roomOf(n), uint64(h.state(n).Head), "button"
			first := h.router.Handle(t.Context(), req)
			commits := h.commits
			for _, later := range []string{"severity sev2", "note later", "status monitoring", "assign comms @cy", "update later words"} {
				h.in(n, "bo", later)
			}
			commits, since := h.commits, commits
			if since == commits && text != "resolve rolled back" && text != "merge into INC-1" && text != "private on data leaked" {
				t.Fatal("nothing happened in between")
			}
			again := h.router.Handle(t.Context(), req)
			if !again.Repeat || h.commits != commits {
				t.Fatalf("done again: %s", shown(again))
			}
			again.Repeat = false
			if got, want := bytesOf(t, again), bytesOf(t, first); got != want {
				t.Errorf("the repeat says\n%s\nfirst it was\n%s", got, want)
			}
		})
	}
}

func TestAskingHasNoOutcome(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	kept := len(h.outcomes)
	for _, text := range []string{"show", "list", "page is blank", "sevrity sev2", "water everywhere", "severity", "help", "oncall", "update", "page"} {
		h.in(n, "ann", text)
		h.say("ann", "page is blank")
	}
	if len(h.outcomes) != kept {
		t.Errorf("%d outcomes are kept of questions and looks", len(h.outcomes)-kept)
	}
}

func TestLabelsOfQuestions(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	if got := labels(h.in(n, "ann", "severity")); !slices.Equal(got, []string{"sev1", "sev2", "sev3", "sev4", "sev5"}) {
		t.Errorf("severity alone offers %v", got)
	}
	h.press("ann", h.in(n, "ann", "severity"), "sev4")
	if got := h.state(n).Severity; got != 4 {
		t.Errorf("pressed sev4, it is %s", got)
	}
	h.press("ann", h.in(n, "ann", "sev1"), "Set sev1")
	if got := h.state(n).Severity; got != 1 {
		t.Errorf("pressed Set sev1, it is %s", got)
	}
	r := h.say("ann", "severity sev2")
	if got := labels(r); !slices.Equal(got, []string{`Declare "sev2"`, "INC-2 checkout is failing", "INC-1 the warehouse is flooded"}) {
		t.Errorf("severity elsewhere offers %v", got)
	}
	h.press("ann", r, "INC-1 the warehouse is flooded")
	if got := h.state(1).Severity; got != 2 {
		t.Errorf("applied to INC-1, it is %s", got)
	}
	if f := h.press("ann", r, `Declare "sev2"`).Form; f == nil || f.Fields[1].Value != "sev2" {
		t.Errorf("declare with a severity alone opens %+v", f)
	}
	r = h.in(n, "ann", "update fix is rolling out next 20m")
	h.press("ann", r, "Post as update")
	if got := h.state(n); got.LastUpdate.Words != "fix is rolling out" || got.Updates != 2 || !got.NextUpdate.Equal(noon.Add(20*60e9)) {
		t.Errorf("posted %q as number %d, next %s", got.LastUpdate.Words, got.Updates, got.NextUpdate)
	}
	h.press("ann", h.in(n, "ann", "update fix is out"), "Correct the last one")
	if got := h.state(n); got.LastUpdate.Words != "is out" || got.Updates != 2 {
		t.Errorf("corrected to %q, number %d", got.LastUpdate.Words, got.Updates)
	}
}
