package commands_test

import (
	"strings"
	"testing"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
)

// Whatever is typed: no panic, a reply, an outcome only with a verb or a
// title, and nothing of it in a span that a platform does not escape.
func FuzzHandle(f *testing.F) {
	for _, v := range commands.Verbs() {
		f.Add(v.Example, true, "command")
		f.Add(v.Name, false, "button")
	}
	for _, s := range []string{
		"", " ", "\"", "“", "INC-", "INC-0", "INC-99999999999", "inc1 inc2 inc3", "page <@U1|a b> x", "declare service: private:", "update next: fix",
		"update next 30m", "note at 14:05", "remind", "\u202e", "\xff", ":", "a:b:c", "sev", "sev2", "merge INC-1 into", "<!channel>", strings.Repeat("\"", 99),
	} {
		f.Add(s, true, "command")
	}
	f.Fuzz(func(t *testing.T, text string, room bool, via string) {
		h := newHouse(t)
		h.declared("ann", "checkout is failing")
		place := general
		if room {
			place = roomOf(1)
		}
		req := h.ask("bo", text)
		req.Place, req.Via, req.Seen = place, via, 1
		commits := h.commits
		r := h.router.Handle(t.Context(), req)
		if len(r.Message.Parts)+len(r.Message.Title) == 0 {
			t.Errorf("%q gets no reply", text)
		}
		if r.Kind != "" && h.commits != commits {
			t.Errorf("%q is refused (%s) and changed something", text, r.Kind)
		}
		if h.commits > commits+1 {
			t.Errorf("%q commits %d times", text, h.commits-commits)
		}
		h.router.Complete(t.Context(), req)
		for _, a := range actions(r.Message) {
			if len(a.Command) > 1600 || a.Label == "" {
				t.Errorf("%q draws the button %+v", text, a)
			}
		}
	})
}

// Garbage whose first word is no verb and no title changes nothing in a room.
func FuzzGarbageChangesNothing(f *testing.F) {
	for _, s := range []string{"x", "🔥", "(((", "--help", "; DROP TABLE", "'", "INC-1 INC-1", "\x00\x01", "=1+1", "%s%n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first := strings.ToLower(strings.Trim(strings.Join(strings.Fields(chat.Clean(incident.Clean(text)))[:min(1, len(strings.Fields(chat.Clean(incident.Clean(text)))))], ""), ",:;"))
		for _, v := range commands.Verbs() {
			if strings.Contains(first, v.Name) || len(first) < 4 && strings.Contains(text, v.Name) {
				return // a verb
			}
		}
		if strings.ContainsAny(text, "/@\"“") || strings.HasPrefix(first, "inc") || strings.HasPrefix(first, "#inc") || first == "sev" {
			return // a name or a number
		}
		h := newHouse(t)
		n := h.declared("ann", "checkout is failing")
		commits := h.commits
		r := h.in(n, "bo", text)
		if h.commits != commits {
			t.Errorf("%q changed something: %s", text, shown(r))
		}
	})
}
