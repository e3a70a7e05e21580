package commands_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the replies of testdata/talk anew")

// Talks are conversations with every word of the replies. A line that begins
// with "$" was typed: "$ ann in 2: severity sev2" in the room of INC-2,
// "$ ann: list" in general, "$ ann presses Note it" on the newest reply,
// "$ 20m" lets time pass.
func TestTalks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/talk/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no talks", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := talk(t, string(raw))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(raw), got); diff != "" && !*update {
				t.Errorf("other replies (-want +got):\n%s", diff)
			}
		})
	}
}

func talk(t *testing.T, script string) string {
	t.Helper()
	h := newHouse(t)
	var out strings.Builder
	var last chat.Reply
	for line := range strings.SplitSeq(script, "\n") {
		if strings.HasPrefix(line, "#") {
			out.WriteString(line + "\n")
		}
		said, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		if d, err := time.ParseDuration(said); err == nil {
			h.now = h.now.Add(d)
			out.WriteString(line + "\n\n")
			continue
		}
		last = h.line(said, last)
		out.WriteString(line + "\n" + drawn(last) + "\n\n")
	}
	return out.String()
}

// line runs one line of a talk, and opens the room of what it declares.
func (h *house) line(said string, last chat.Reply) chat.Reply {
	h.t.Helper()
	before := len(h.order)
	var r chat.Reply
	if who, label, ok := strings.Cut(said, " presses "); ok {
		r = h.pressIn(h.at, who, last, label)
	} else {
		head, text, _ := strings.Cut(said, ":")
		who, room, inside := strings.Cut(head, " in ")
		req := h.ask(who, strings.TrimSpace(text))
		var n int
		if _, err := fmt.Sscan(room, &n); inside && err == nil {
			req.Place = roomOf(incident.Number(n))
		} else if inside {
			req.Place = chat.Place{Platform: "test", Room: "C-" + room, Name: room}
		}
		h.at = req.Place
		r = h.router.Handle(h.t.Context(), req)
	}
	if len(h.order) > before && !h.streams[h.order[before]].state.RecordOnly && len(h.streams[h.order[before]].state.Rooms) == 0 {
		h.opens(h.streams[h.order[before]])
	}
	return r
}

// drawn is a reply with all that a golden should hold.
func drawn(r chat.Reply) string {
	var notes []string
	if r.Kind != "" {
		notes = append(notes, r.Kind)
	}
	if r.Public {
		notes = append(notes, "for everybody")
	}
	s := strings.TrimSpace(shown(r))
	if r.Form != nil {
		s += "\nform: " + r.Form.Title + " (" + r.Form.Command + ")"
		for _, f := range r.Form.Fields {
			s += fmt.Sprintf("\n  %s %s %q %q", f.Name, f.Kind, f.Label, f.Value)
			if f.Required {
				s += " required"
			}
		}
	}
	if len(notes) > 0 {
		s = "(" + strings.Join(notes, ", ") + ")\n" + s
	}
	return s
}

// Every button that a reply offers is understood when it is pressed.
func TestEveryButtonIsUnderstood(t *testing.T) {
	t.Parallel()
	var said []string
	for _, v := range commands.Verbs() {
		said = append(said, v.Name, v.Example, v.Name+" is broken", "INC-1 "+v.Name)
	}
	said = append(said, "water", "sevrity sev1", "sev1", "page web x", "update fix is out", "assign scribe @sam", "")
	for _, text := range said {
		for _, place := range []string{"room", "elsewhere"} {
			first := pressing(t, place, text, -1)
			for i, a := range actions(first.Message) {
				got := pressing(t, place, text, i)
				asks := len(got.Message.Actions) > 0 || strings.Contains(shown(got), "needs an incident")
				refused := strings.HasPrefix(text, "remove") || strings.HasPrefix(text, "handover") || strings.HasPrefix(text, "mitigated") // by what the incident is
				if got.Kind == "invalid" && !asks && !refused {
					t.Errorf("%q in %s offers %q (%s), which is answered: %s", text, place, a.Label, a.Command, shown(got))
				}
			}
		}
	}
}

// pressing says something in a busy incident's room or elsewhere, and presses
// the button at a place of the reply; -1: none.
func pressing(t *testing.T, place, text string, at int) chat.Reply {
	t.Helper()
	h, n := busy(t)
	req := h.ask("ann", text)
	if place == "room" {
		req.Place = roomOf(n)
	}
	r := h.router.Handle(t.Context(), req)
	if at < 0 {
		return r
	}
	a := actions(r.Message)[at]
	press := h.ask("ann", a.Command)
	press.Place, press.Via, press.Seen = req.Place, "button", a.Seen
	return h.router.Handle(t.Context(), press)
}
