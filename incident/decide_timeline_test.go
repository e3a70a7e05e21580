package incident_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tocsin/incident"
)

func spoken(words string) incident.Spoken {
	return incident.Spoken{
		Room: incident.Room{Platform: "console", ID: "r1"}, Message: "17.5", Author: dee,
		Text: incident.Text{Words: words}, At: noon().Add(-5 * time.Minute), Link: "https://chat.example.com/17.5",
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Note(s.as(bo), "disk full", time.Time{}))
	s.tells("Bo noted: “disk full”")
	done := s.ok(s.inc.Note(s.as(bo), "restarted", s.now.Add(-time.Hour)))
	if !done[0].Happened.Equal(s.now.Add(-time.Hour)) || !done[0].Recorded.Equal(s.now) {
		t.Errorf("happened %v, recorded %v", done[0].Happened, done[0].Recorded)
	}
	s.ok(s.inc.Note(s.as(bo), "clocks differ", s.now.Add(30*time.Second)))
	s.no(s.inc.Note(s.as(bo), "x", s.now.Add(2*time.Minute))).with(invalid, "lies in the future")
	s.no(s.inc.Note(s.as(bo), "\x00\u202e", time.Time{})).with(invalid, "note is empty")
	s.ok(s.inc.Note(s.as(bo), strings.Repeat("ü", incident.MaxNote), time.Time{}))
	s.no(s.inc.Note(s.as(bo), strings.Repeat("ü", incident.MaxNote+1), time.Time{})).with(invalid, "4001 characters; at most 4000")
}

func TestCaptureKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := spoken("it is the \u202ecache")
	m.Files = []incident.File{{Name: "graph.png", URL: "https://files.example.com/1"}}
	done := s.ok(s.inc.Capture(s.as(bo), m, "reaction", false))
	s.tells("Dee said: “it is the cache” [graph.png](https://files.example.com/1) [message](https://chat.example.com/17.5)")
	e := done[0].Event.(incident.MessageCaptured)
	if e.Text.Author != dee || !done[0].Happened.Equal(m.At) || done[0].Actor != bo || e.How != "reaction" {
		t.Errorf("captured %+v at %v by %v", e, done[0].Happened, done[0].Actor)
	}
	if s.inc.Captures != 1 || !s.inc.Active.Equal(s.now) {
		t.Errorf("captures %d", s.inc.Captures)
	}
	s.no(s.inc.Capture(s.as(bo), m, "pin", true)).with(conflict, "on the timeline already")
	gone := m
	gone.DeletedAt = s.now
	s.no(s.inc.Capture(s.as(bo), gone, "pin", false)).with(conflict, "was deleted")
	s.no(s.inc.Capture(s.as(bo), incident.Spoken{}, "pin", false)).with(notFound, "cannot find")
	empty := m
	empty.Text.Words, empty.Files = "", nil
	s.no(s.inc.Capture(s.as(bo), empty, "pin", false)).with(invalid, "neither words nor files")
	picture := empty
	picture.Message, picture.Files, picture.Link, picture.At = "18", m.Files, "", time.Time{}
	s.ok(s.inc.Capture(s.as(bo), picture, "pin", false))
	s.tells("Dee sent [graph.png](https://files.example.com/1)")
	long := m
	long.Message, long.Text.Words = "19", strings.Repeat("ß", 5000)
	done = s.ok(s.inc.Capture(s.as(bo), long, "pin", false))
	if n := utf8.RuneCountInString(done[0].Event.(incident.MessageCaptured).Text.Words); n != incident.MaxNote {
		t.Errorf("a long message was kept with %d characters", n)
	}
}

func TestFollowCapture(t *testing.T) {
	t.Parallel()
	s := open(t)
	done := s.ok(s.inc.Capture(s.as(bo), spoken("it is the cache"), "pin", false))
	v := done[0].Version
	s.byHouse(s.inc.FollowCapture(v, incident.Text{Author: dee, Words: "it is the queue"}, false))
	s.tells("The message of entry 2 was edited: “it is the queue”")
	s.byHouse(s.inc.FollowCapture(v, incident.Text{Words: "x"}, true))
	s.tells("The message of entry 2 was deleted")
	s.nothing(s.inc.FollowCapture(99, incident.Text{}, true))
	s.nothing(s.inc.FollowCapture(0, incident.Text{}, true))
}

func TestDecisionsAndLinks(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Decide(s.as(bo), "we roll back"))
	s.tells("Bo recorded a decision: “we roll back”")
	s.no(s.inc.Decide(s.as(bo), "")).with(invalid, "decision is empty")
	s.ok(s.inc.Link(s.as(bo), "https://dash.example.com/x", "the dashboard"))
	s.tells("Bo kept a link: [the dashboard](https://dash.example.com/x)")
	s.ok(s.inc.Link(s.as(bo), "https://dash.example.com/x", ""))
	s.tells("Bo kept a link: [https://dash.example.com/x](https://dash.example.com/x)")
	s.no(s.inc.Link(s.as(bo), "dash", "")).with(invalid, "not a web address")
	s.no(s.inc.Link(s.as(bo), "https://dash.example.com/x", strings.Repeat("x", 201))).with(invalid, "label has 201")
}

func TestEditAndStrike(t *testing.T) {
	t.Parallel()
	s := open(t)
	note := s.ok(s.inc.Note(s.as(bo), "disk ful", time.Time{}))[0]
	s.ok(s.inc.Edit(s.as(cy), note, "disk full"))
	s.tells("Cy edited entry 2: “disk full”")
	s.no(s.inc.Edit(s.as(cy), note, "disk full")).with(conflict, "says that already")
	done := s.ok(s.inc.Edit(s.as(cy), note, "the disk is full"))
	if e := done[0].Event.(incident.EntryEdited); e.Before.Words != "disk full" {
		t.Errorf("the second edit remembers %q, want what the first made", e.Before.Words)
	}
	s.no(s.inc.Edit(s.as(cy), note, "")).with(invalid, "text is empty")
	decision := s.ok(s.inc.Decide(s.as(bo), "roll back"))[0]
	s.ok(s.inc.Edit(s.as(bo), decision, "roll forward"))
	link := s.ok(s.inc.Link(s.as(bo), "https://x.example.com", ""))[0]
	s.ok(s.inc.Edit(s.as(bo), link, "the dashboard"))
	s.ok(s.inc.Strike(s.as(bo), note))
	s.tells("Bo struck entry 2")
	s.no(s.inc.Strike(s.as(bo), note)).with(conflict, "struck out already")
	s.no(s.inc.Edit(s.as(bo), note, "x")).with(conflict, "is struck out")
	for _, r := range s.recs[:1] {
		s.no(s.inc.Strike(s.as(bo), r)).with(invalid, "Only notes, captures")
		s.no(s.inc.Edit(s.as(bo), r, "x")).with(invalid, "Only notes, decisions and links")
	}
	capture := s.ok(s.inc.Capture(s.as(bo), spoken("x"), "pin", false))[0]
	s.no(s.inc.Edit(s.as(bo), capture, "y")).with(invalid, "Only notes")
	s.ok(s.inc.Strike(s.as(bo), capture))
	if s.inc.Captures != 0 {
		t.Error("a struck capture still counts")
	}
}

func TestStrikingATaskTakesItOffTheList(t *testing.T) {
	t.Parallel()
	s := open(t)
	task := s.ok(s.inc.AddTask(s.as(bo), "restart the queue", cy))[0]
	action := s.ok(s.inc.AddAction(s.as(bo), "alert on it", "", time.Time{}))[0]
	list := s.ok(s.inc.AddChecklist(s.as(bo), "payments", s.policy))[0]
	s.ok(s.inc.Done(s.as(cy), incident.ItemOf(list, 4, nil)))
	if s.inc.TasksOpen != 3 || s.inc.ActionsN != 1 || s.inc.Items != 5 {
		t.Fatalf("tasks %d, actions %d", s.inc.TasksOpen, s.inc.ActionsN)
	}
	for _, r := range []incident.Recorded{task, action, list} {
		s.ok(s.inc.Strike(s.as(bo), r))
	}
	if s.inc.TasksOpen != 0 || s.inc.ActionsN != 0 || len(s.inc.OpenTasks) != 0 || len(s.inc.OpenItems) != 0 {
		t.Errorf("after striking all: tasks %d, actions %d, lines %v", s.inc.TasksOpen, s.inc.ActionsN, s.inc.OpenTasks)
	}
	s.no(s.inc.Done(s.as(cy), incident.ItemOf(task, 1, nil))).with(conflict, "done or struck out already")
	s.ok(s.inc.AddChecklist(s.as(bo), "payments", s.policy)) // struck, it may be put on again
}
