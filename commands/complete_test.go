package commands_test

import (
	"slices"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/commands"
)

func TestCompletion(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	h.say("ann", "zone UTC")
	for _, tt := range []struct {
		typed string
		room  bool
		want  []string // among the suggestions
		not   string
	}{
		{"", false, []string{"declare", "list", "severity"}, ""},
		{"sev", false, []string{"severity"}, "declare"},
		{"SEV", false, []string{"severity"}, "declare"},
		{"severity ", true, []string{"severity sev1", "severity sev5"}, "severity INC-1"},
		{"severity ", false, []string{"severity INC-1", "severity INC-2"}, ""},
		{"severity INC-1 s", false, []string{"severity INC-1 sev1"}, ""},
		{"INC-1 severity ", false, []string{"INC-1 severity sev1"}, ""},
		{"status m", true, []string{"status monitoring"}, "status triage"},
		{"take ", true, []string{"take commander", "take scribe"}, ""},
		{"assign sc", true, []string{"assign scribe"}, "assign commander"},
		{"assign scribe @b", true, []string{}, "assign commander"},
		{"page ", true, []string{"page payments", "page checkout"}, ""},
		{"page pay", true, []string{"page payments"}, "page web"},
		{"page @bo", true, []string{"page @bo"}, "page payments"},
		{"oncall ", false, []string{"oncall payments", "oncall search infra"}, ""},
		{"service ", true, []string{"service add", "service remove"}, ""},
		{"service add c", true, []string{"service add checkout"}, ""},
		{"cause c", true, []string{"cause capacity", "cause change", "cause configuration"}, "cause network"},
		{"checklist ", true, []string{"checklist data loss"}, ""},
		{"field ", true, []string{"field customer-tier"}, ""},
		{"help se", false, []string{"help severity", "help search", "help service"}, "help page"},
		{"merge into ", true, []string{}, ""},
		{"cancel ", true, []string{"cancel false alarm", "cancel duplicate"}, ""},
		{"declare sev2 cards fail serv", false, []string{"declare sev2 cards fail service:checkout"}, ""},
		{"update words to:", true, []string{"update words to:public"}, ""},
		{"private ", true, []string{"private on", "private off"}, ""},
		{"list ", false, []string{"list all", "list mine"}, ""},
		{"checkout is ", false, nil, "checkout is declare"},
	} {
		t.Run(tt.typed, func(t *testing.T) {
			t.Parallel()
			req := h.ask("ann", tt.typed)
			if tt.room {
				req.Place = roomOf(n)
			}
			var got []string
			for _, s := range h.router.Complete(t.Context(), req) {
				got = append(got, s.Text)
				if !strings.HasPrefix(strings.ToLower(s.Text), strings.ToLower(tt.typed)) {
					t.Errorf("%q does not go on from %q", s.Text, tt.typed)
				}
			}
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("%q is not offered: %v", w, got)
				}
			}
			if tt.not != "" && slices.Contains(got, tt.not) || len(got) > 25 || tt.want == nil && len(got) > 0 {
				t.Errorf("offered: %v", got)
			}
		})
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	h.in(n, "ann", "handover @bo tired")
	h.in(n, "ann", "page @bo come")
	h.in(n, "ann", "task look at the logs @bo")
	m := h.router.Home(t.Context(), chat.User{Platform: "test", ID: "Ubo"})
	got := shown(chat.Reply{Message: m})
	for _, want := range []string{"Waiting for you", "ann offers you", "You are called to INC-2", "look at the logs", "INC-1", "Declare an incident"} {
		if !strings.Contains(got, want) {
			t.Errorf("home lacks %q:\n%s", want, got)
		}
	}
	h.press("bo", chat.Reply{Message: m}, "Accept INC-2")
	if !holds(h.state(n), "commander", "p-bo") {
		t.Error("accepting from home does not pass command")
	}
	got = shown(chat.Reply{Message: h.router.Home(t.Context(), chat.User{Platform: "test", ID: "Ucy"})})
	if strings.Contains(got, "Waiting for you") || !strings.Contains(got, "Other open incidents") || !strings.Contains(got, "INC-2") {
		t.Errorf("the home of somebody else:\n%s", got)
	}
}

func TestTableAndListOfVerbs(t *testing.T) {
	t.Parallel()
	table := commands.Table()
	names := map[string]bool{}
	for _, v := range commands.Verbs() {
		if names[v.Name] {
			t.Errorf("two verbs are called %s", v.Name)
		}
		names[v.Name] = true
		if !strings.Contains(table, "| `"+v.Name) || !strings.Contains(table, v.Example) {
			t.Errorf("the table lacks %s", v.Name)
		}
		if len([]rune(v.Summary)) > 150 || !strings.HasSuffix(v.Summary, ".") && !strings.HasSuffix(v.Summary, "one.") {
			t.Errorf("the summary of %s: %q", v.Name, v.Summary)
		}
	}
	for _, want := range strings.Fields(`declare list show timeline catchup roles oncall pending severity status rename service impact cause
		started detected mitigated private take assign release handover join invite remove page ack escalate call update follow unfollow remind snooze
		note capture decide link edit strike undo task action tasks actions done checklist resolve reopen cancel merge close adopt
		review report zone doctor help search`) {
		if !names[want] {
			t.Errorf("the verb %s is missing", want)
		}
	}
}
