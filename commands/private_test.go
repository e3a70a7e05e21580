package commands_test

import (
	"context"
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// A private incident answers to those who are no members as a number that was
// never given does, byte for byte, whatever they say of it.
func TestAPrivateIncidentIsANumberNeverGiven(t *testing.T) {
	t.Parallel()
	texts := []string{"INC-2", "INC-2 fire", "page INC-2", "update INC-2", "resolve", "merge INC-1 into INC-2", "merge INC-2 into INC-1", "INC-2 sevrity sev1"}
	for _, v := range commands.Verbs() {
		texts = append(texts, v.Name+" INC-2", "INC-2 "+v.Example, v.Name+" INC-2 "+strings.TrimPrefix(v.Example, v.Name))
	}
	secret, never := newHouse(t), newHouse(t)
	for _, h := range []*house{secret, never} {
		h.declared("ann", "the warehouse is flooded")
	}
	secret.declared("ann", "private:yes customer data leaked")
	for _, text := range texts {
		for _, via := range []string{"command", "button"} {
			for _, place := range []chat.Place{general, roomOf(1), roomOf(2), {Platform: "test", Room: "D-bo", Direct: true}} {
				var said [2]string
				for i, h := range []*house{secret, never} {
					r := h.ask("bo", text)
					r.Place, r.Via, r.Seen, r.Key = place, via, 1, "same"
					h.outcomes = map[string]chat.Reply{}
					said[i] = bytesOf(t, h.router.Handle(t.Context(), r))
				}
				if said[0] != said[1] && !strings.HasPrefix(text, "declare") {
					t.Fatalf("%q tells of it:\n%s\nbut of a number never given:\n%s", text, said[0], said[1])
				}
				if strings.Contains(said[0], "customer data") {
					t.Fatalf("%q shows it: %s", text, said[0])
				}
			}
		}
	}
	for _, text := range []string{"list", "list all", "list all here", "search leaked", `search "leaked"`, "", "pending", "help", "show"} {
		if got := bytesOf(t, secret.say("bo", text)); strings.Contains(got, "customer data") || strings.Contains(got, "INC-2") {
			t.Errorf("%q shows it: %s", text, got)
		}
	}
	home := asJSON(secret.router.Home(t.Context(), chat.User{Platform: "test", ID: "Ubo"}))
	if strings.Contains(home, "customer") {
		t.Errorf("home shows it: %s", home)
	}
	for _, typed := range []string{"show ", "show INC-", "merge into ", "severity "} {
		for _, s := range secret.router.Complete(t.Context(), secret.ask("bo", typed)) {
			if strings.Contains(s.Text+s.Hint, "INC-2") || strings.Contains(s.Hint, "customer") {
				t.Errorf("completing %q shows %v", typed, s)
			}
		}
	}
}

func TestPrivateIsNotShownElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	n := h.declared("ann", "private:yes customer data leaked")
	if r := h.say("ann", "show INC-1"); strings.Contains(strings.Join(labels(r), " "), "Show here") || r.Public {
		t.Errorf("elsewhere it offers %v", labels(r))
	}
	if r := h.say("ann", "show INC-1 here"); r.Public || r.Kind != "forbidden" {
		t.Errorf("it is shown elsewhere: %s", shown(r))
	}
	if r := h.in(n, "ann", "show here"); !r.Public {
		t.Errorf("it is not shown in its own room: %s", shown(r))
	}
	h.declared("ann", "the warehouse is flooded")
	if r := h.say("ann", "list here"); !r.Public || strings.Contains(shown(r), "customer") || !strings.Contains(shown(r), "warehouse") {
		t.Errorf("a list for all shows: %s", shown(r))
	}
	if r := h.say("ann", "show INC-2"); !strings.Contains(strings.Join(labels(r), " "), "Show here") {
		t.Errorf("a public one offers %v", labels(r))
	}
	if r := h.say("ann", "timeline INC-2 here"); !r.Public {
		t.Errorf("timeline here: %s", shown(r))
	}
}

func TestWhoMaySpeak(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	commits := h.commits
	for _, who := range []string{"guest", "visitor", "robot"} {
		for _, text := range []string{"cards fail", "severity sev1", "INC-1", "list", "oncall", "show INC-1", "declare x", "page @bo", "resolve", "doctor", "undo", "zone Berlin", "water", ""} {
			for _, r := range []chat.Reply{h.say(who, text), h.in(n, who, text)} {
				if r.Kind != "forbidden" && text != "" {
					t.Errorf("%s may say %q: %s", who, text, shown(r))
				}
			}
		}
		if h.commits != commits {
			t.Fatalf("%s changed something", who)
		}
	}
	for _, who := range []string{"guest", "visitor"} {
		for _, text := range []string{"show", "timeline", "follow", "unfollow", "help", "catchup", "roles"} {
			if r := h.in(n, who, text); r.Kind != "" {
				t.Errorf("%s may not say %q in its room: %s", who, text, shown(r))
			}
		}
		if m := asJSON(h.router.Home(t.Context(), chat.User{Platform: "test", ID: "U" + who})); strings.Contains(m, "warehouse") {
			t.Errorf("the home of %s shows %s", who, m)
		}
	}
	if r := h.say("guest", "help"); r.Kind != "" {
		t.Errorf("a guest gets no help: %s", shown(r))
	}
	h.policy.Guests = true
	if r := h.in(n, "guest", "note I was there"); r.Kind != "" {
		t.Errorf("a guest that policy lets in: %s", shown(r))
	}
	if r := h.say("stranger", "list"); r.Kind != "not_found" {
		t.Errorf("somebody unknown: %q", r.Kind)
	}
}

func TestWhenTheStoreIsAway(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	h.down = fault.New(fault.Unavailable, "Not recorded: try again.")
	for _, text := range []string{"show", "severity sev1", "list", "cards fail", "page is blank", "undo", "tasks", "timeline", "help", "zone Berlin"} {
		if r := h.in(n, "ann", text); r.Kind != "unavailable" {
			t.Errorf("%q is %q: %s", text, r.Kind, shown(r))
		}
	}
	if got := h.router.Complete(context.Background(), h.ask("ann", "sho")); len(got) != 0 {
		t.Errorf("completion gives %v", got)
	}
}

func TestTooLongIsRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	commits := h.commits
	for name, r := range map[string]chat.Request{
		"a megabyte":     {Text: "note " + strings.Repeat("x", 1<<20)},
		"4,001 umlauts":  {Text: strings.Repeat("ü", 4001)},
		"a form":         {Text: "update INC-2", Form: map[string]string{"text": strings.Repeat("y", 4001)}},
		"broken letters": {Text: strings.Repeat("\xff\xfe", 1<<19)},
	} {
		req := h.ask("ann", r.Text)
		req.Place, req.Form = roomOf(n), r.Form
		got := h.router.Handle(t.Context(), req)
		if got.Kind != "invalid" || h.commits != commits || len(shown(got)) > 300 || !strings.Contains(shown(got), "4,000") {
			t.Errorf("%s: %q %.300s", name, got.Kind, shown(got))
		}
	}
	if r := h.in(n, "ann", "note "+strings.Repeat("ü", 3000)); r.Kind == "invalid" && strings.Contains(shown(r), "4,000") {
		t.Errorf("3,000 umlauts are too many: %.200s", shown(r))
	}
}

func TestWhoJoinsIsAMember(t *testing.T) {
	t.Parallel()
	h, n := busy(t)
	takesPart := func(who string) bool {
		inc := h.state(n)
		inc.Private = true
		return inc.VisibleTo(incident.PersonID("p-" + who))
	}
	if r := h.say("sam-one", "join "+n.String()); r.Kind != "" || r.Public || !takesPart("sam-one") {
		t.Fatalf("joining: %s", shown(r))
	}
	commits := h.commits
	for _, who := range []string{"sam-one", "ann", "bo"} { // who joined, who declared, who holds a role
		if r := h.say(who, "join "+n.String()); r.Kind != "" || !strings.Contains(shown(r), "already. Its room is") {
			t.Errorf("%s joins again: %s", who, shown(r))
		}
	}
	if h.commits != commits {
		t.Error("joining again changed something")
	}
	for _, who := range []string{"guest", "visitor", "robot"} {
		if r := h.in(n, who, "join"); r.Kind != "forbidden" || takesPart(who) {
			t.Errorf("%s joins: %s", who, shown(r))
		}
	}
	h.in(n, "ann", "private on data leaked")
	hidden, never := shown(h.say("cy", "join "+n.String())), shown(h.say("cy", "join INC-99"))
	if strings.ReplaceAll(hidden, n.String(), "INC-99") != never || takesPart("cy") {
		t.Errorf("a private one answers %q, one never given %q", hidden, never)
	}
	if r := h.say("sam-one", "undo "+n.String()); r.Kind != "" || takesPart("sam-one") {
		t.Errorf("undo: %s", shown(r))
	}
}
