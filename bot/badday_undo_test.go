package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot/bottest"
	"tocsin/commands"
	"tocsin/store/storetest"
)

const undoPolicy = `version: 1
causes:
  - tag: deploy
    meaning: something we changed
services:
  - name: checkout
checklists:
  - name: payments
    lines: ["look at the queue", "call the bank"]
fields:
  - name: region
    kind: text
`

// change is something that bo says and takes back.
type takenBack struct {
	verb   string
	before []string // what is said before, as "ann: words"
	does   string
	what   string // stands in the reply to undo
}

// undoables is every change through a verb that can be taken back.
func undoables() []takenBack {
	return []takenBack{
		{"severity", nil, "severity sev1 worse", "severity"},
		{"severity", []string{"ann: severity sev1"}, "severity sev4", "severity"},
		{"status", nil, "status identified the cache", "status"},
		{"status", nil, "status monitoring", "status"},
		{"status", []string{"ann: status monitoring"}, "status investigating", "status"},
		{"rename", nil, "rename checkout fails in the EU", "title"},
		{"service", nil, "service add checkout", "service"},
		{"service", []string{"ann: service add checkout"}, "service remove checkout", "service"},
		{"impact", nil, "impact one in three payments fails", "impact"},
		{"impact", []string{"ann: impact a few"}, "impact everybody", "impact"},
		{"cause", nil, "cause deploy the new version", "cause"},
		{"started", nil, "started 13:00", "milestone"},
		{"detected", nil, "detected 13:30", "milestone"},
		{"mitigated", []string{"ann: started 13:00"}, "mitigated 14:00", "milestone"},
		{"private", []string{"ann: invite @bo"}, "private on it is about people", "who may know"},
		{"private", []string{"ann: invite @bo", "ann: private on it is about people"}, "private off it may be known", "who may know"},
		{"field", nil, "field region Europe", "region"},
		{"call", nil, "call https://meet.example.com/x", "call"},
		{"take", nil, "take", "role"},
		{"take", nil, "take scribe", "role"},
		{"assign", nil, "assign scribe @cleo", "role"},
		{"assign", []string{"ann: assign scribe @dana"}, "assign scribe @cleo", "role"},
		{"release", []string{"ann: assign scribe @cleo"}, "release scribe", "role"},
		{"handover", []string{"bo: take"}, "handover @cleo please", "offer"},
		{"handover", []string{"ann: take", "ann: invite @bo", "ann: handover @bo please"}, "handover accept", "handover"},
		{"handover", []string{"ann: take", "ann: handover @bo please"}, "handover decline", "refusal"},
		{"join", nil, "join", "invitation"},
		{"invite", nil, "invite @cleo", "invitation"},
		{"remove", []string{"ann: invite @cleo"}, "remove @cleo", "removal"},
		{"update", []string{"ann: update we look at it"}, "update fix we look into it", "update"},
		{"follow", nil, "follow", "following"},
		{"unfollow", []string{"bo: follow"}, "unfollow", "unfollowing"},
		{"remind", nil, "remind 20m look again", "reminder"},
		{"snooze", nil, "snooze 30m", "silence"},
		{"note", nil, "note the queue is full", "note"},
		{"decide", nil, "decide we roll back", "decision"},
		{"link", nil, "link https://grafana.example.com/d/pay payment errors", "link"},
		{"edit", []string{"bo: note the queue is full"}, "edit LAST the queue is nearly full", "edit"},
		{"strike", []string{"bo: note the queue is full"}, "strike LAST", "strike"},
		{"task", nil, "task restart the workers @cleo", "task"},
		{"action", nil, "action alert on the queue @cleo due:friday", "action"},
		{"checklist", nil, "checklist payments", "checklist"},
		{"done", []string{"ann: task restart the workers"}, "done 1", "task done"},
		{"done", []string{"ann: checklist payments"}, "done 2", "task done"},
		{"resolve", nil, "resolve rolled back", "end"},
		{"resolve", []string{"ann: status monitoring"}, "resolve rolled back", "end"},
		{"cancel", nil, "cancel false alarm the probe was wrong", "end"},
		{"close", []string{"ann: resolve rolled back"}, "close", "close"},
		{"reopen", []string{"ann: status monitoring", "ann: resolve rolled back"}, "reopen it is back", "re-open"},
	}
}

// standing are changes that undo refuses, with what it says to do instead.
func standing() []takenBack {
	return []takenBack{
		{"declare", nil, "declare search is slow", "Cancel the incident instead"},
		{"page", nil, "page platform", "Tell them it is off"},
		{"ack", []string{"ann: page platform"}, "ack", "left the house"},
		{"escalate", []string{"ann: page platform"}, "escalate", "left the house"},
		{"update", nil, "update we look at it", "Correct it instead"},
		{"merge", []string{"ann: declare sev2 payments fail"}, "merge into INC-2", "Re-open the incident instead"},
	}
}

// asideVerbs change nothing of an incident that could be taken back, or are
// covered by a test of their own.
func asideVerbs() map[string]string {
	return map[string]string{
		"undo":     "it is the taking back",
		"capture":  "TestACaptureIsTakenBack",
		"adopt":    "a room stays what it was made",
		"zone":     "it is about the person",
		"announce": "it is about the platform, and is said again",
		"review":   "it is moved back, and its page brings lines back",
		"report":   "it comes later",
	}
}

func TestEveryVerbThatChangesIsTriedForUndo(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, c := range append(undoables(), standing()...) {
		tried[c.verb] = true
	}
	for _, c := range commands.All() {
		if _, aside := asideVerbs()[c.Name]; !c.Looks && !c.Hidden && !tried[c.Name] && !aside {
			t.Errorf("whether %q can be undone is not tried", c.Name)
		}
	}
}

// undoing is a house with INC-1 in it, declared by ann.
type undoing struct {
	*bottest.Stage
	t    *testing.T
	room string
	n    int
}

func undo(t *testing.T, play func(u *undoing)) {
	t.Helper()
	rules := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(rules, []byte(undoPolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		<-time.After(time.Until(time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)))
		u := &undoing{Stage: bottest.NewStage(t, remembered{storetest.NewMemory(time.Now)}, rules), t: t}
		u.Start()
		defer u.Close()
		u.says("ann", "declare sev3 checkout is failing")
		u.room = u.Room("INC-1")
		u.says("bo", "note I am here") // who speaks in the room may be let in by it
		play(u)
	})
}

func (u *undoing) says(who, words string) script {
	u.n++
	last := len(regexp.MustCompile(`"entry":`).FindAllString(u.Get("/api/v1/incidents/INC-1/timeline?as=ann").Body, -1))
	words = strings.Replace(words, "LAST", fmt.Sprint(u.lastNote(last)), 1)
	room := u.room
	if strings.HasPrefix(words, "declare") {
		room = "general"
	}
	a := tells(u.Stage, who, room, words, fmt.Sprintf("undo-%d", u.n))
	u.Rest()
	return a
}

// lastNote is the number of the newest note.
func (u *undoing) lastNote(otherwise int) string {
	all := regexp.MustCompile(`"entry":(\d+),[^}]*\},"event":"[a-z-]*note|"entry":(\d+)[^{]*\{[^}]*\}[^{}]*noted`).FindAllStringSubmatch(u.Get("/api/v1/incidents/INC-1/timeline?as=ann").Body, -1)
	if len(all) == 0 {
		return fmt.Sprint(otherwise)
	}
	m := all[len(all)-1]
	return m[1] + m[2]
}

// visible is what people see of INC-1, without the clock of its last change.
func (u *undoing) visible() string {
	var out []string
	for _, look := range []string{"show", "roles", "tasks", "actions"} {
		out = append(out, u.says("ann", look).Text)
	}
	whole := u.Get("/api/v1/incidents/INC-1?as=ann").Body
	whole = regexp.MustCompile(`"(version|updated_at)":[^,}]*,?`).ReplaceAllString(whole, "")
	for _, room := range []string{"incidents", u.room} {
		card := u.Public(room)
		if len(card) > 0 {
			out = append(out, card[0])
		}
	}
	for _, who := range []string{"ann", "bo", "cleo"} {
		out = append(out, who+": "+fmt.Sprint(u.Get("/api/v1/incidents/INC-1?as="+who).Status))
	}
	return strings.Join(append(out, whole), "\n")
}

func TestWhatIsUndoneLooksAsItDidBefore(t *testing.T) {
	t.Parallel()
	for _, c := range undoables() {
		t.Run(strings.Join(append(c.before, c.does), ", "), func(t *testing.T) {
			t.Parallel()
			undo(t, func(u *undoing) {
				for _, words := range c.before {
					who, words, _ := strings.Cut(words, ": ")
					if a := u.says(who, words); a.Status != 200 {
						t.Fatalf("%s: %s: %d %s", who, words, a.Status, a.Text)
					}
				}
				before := u.visible()
				if a := u.says("bo", c.does); a.Status != 200 {
					t.Fatalf("%s: %d %s", c.does, a.Status, a.Text)
				}
				there := u.visible()
				a := u.says("bo", "undo INC-1")
				if a.Status != 200 || !strings.Contains(a.Text, c.what) {
					t.Fatalf("undo of %q: %d %s", c.does, a.Status, a.Text)
				}
				if after := u.visible(); after != before {
					t.Errorf("after the undo of %q it looks so:\n%s\n\nbefore it looked so:\n%s", c.does, after, before)
				}
				if again := u.says("bo", "undo INC-1"); again.Status == 200 && u.visible() == there {
					t.Errorf("undo of the undo does it again: %s", again.Text)
				}
			})
		})
	}
}

func TestWhatCannotBeUndoneIsRefusedWithWhatToDoInstead(t *testing.T) {
	t.Parallel()
	for _, c := range standing() {
		t.Run(c.does, func(t *testing.T) {
			t.Parallel()
			undo(t, func(u *undoing) {
				for _, words := range c.before {
					who, words, _ := strings.Cut(words, ": ")
					u.says(who, words)
				}
				if a := u.says("bo", c.does); a.Status != 200 {
					t.Fatalf("%s: %d %s", c.does, a.Status, a.Text)
				}
				number := "INC-1"
				if c.verb == "declare" {
					number = "INC-2"
				}
				before := u.visible()
				if a := u.says("bo", "undo "+number); a.Status != 409 || !strings.Contains(a.Text, c.what) {
					t.Errorf("undo of %q: %d %s", c.does, a.Status, a.Text)
				}
				if after := u.visible(); after != before {
					t.Errorf("the refused undo of %q changed something:\n%s\nbefore:\n%s", c.does, after, before)
				}
			})
		})
	}
}

func TestACaptureIsTakenBack(t *testing.T) {
	t.Parallel()
	undo(t, func(u *undoing) {
		u.Stage.Say("ann", u.room, "the queue is full")
		u.Rest()
		u.Tend("bo", "react", u.room, "the queue is full", "pushpin")
		u.Rest()
		if n := times(u.Timeline(1), "the queue is full"); n != 1 {
			t.Fatalf("captured %d times:\n%s", n, strings.Join(u.Timeline(1), "\n"))
		}
		if a := u.says("bo", "undo"); a.Status != 200 || !strings.Contains(a.Text, "capture") {
			t.Errorf("undo of a capture: %d %s", a.Status, a.Text)
		}
		for _, line := range u.Timeline(1) {
			if strings.Contains(line, "the queue is full") && !strings.HasPrefix(line, "[struck]") {
				t.Errorf("it stands as if it were not taken back: %s", line)
			}
		}
	})
}
