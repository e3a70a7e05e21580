package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
)

func read(entries []incident.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(e.Happened.Format("15:04 ") + plain(e.Sentence))
		for k, on := range []bool{e.Struck, e.Edited, e.Deleted} {
			if on {
				b.WriteString([]string{" [struck]", " [edited]", " [deleted]"}[k])
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestEntriesReadAsTheTimelineStandsNow(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wait(10 * time.Minute)
	note := s.ok(s.inc.Note(s.as(bo), "disk ful", time.Time{}))[0]
	s.ok(s.inc.Note(s.as(bo), "alarm rang", noon().Add(-5*time.Minute)))
	capture := s.ok(s.inc.Capture(s.as(bo), spoken("it is the cache"), "pin", false))[0]
	link := s.ok(s.inc.Link(s.as(cy), "https://x.example.com", ""))[0]
	decision := s.ok(s.inc.Decide(s.as(cy), "roll back"))[0]
	wrong := s.ok(s.inc.Note(s.as(cy), "nonsense", time.Time{}))[0]
	s.ok(s.inc.Edit(s.as(cy), note, "disk full"))
	s.ok(s.inc.Edit(s.as(cy), link, "dashboard"))
	s.ok(s.inc.Edit(s.as(cy), decision, "roll forward"))
	s.ok(s.inc.Strike(s.as(cy), wrong))
	s.byHouse(s.inc.FollowCapture(capture.Version, incident.Text{Author: dee, Words: "it is the queue"}, false))
	want := `11:55 Bo noted: “alarm rang”
11:55 Dee said: “it is the queue” [message](https://chat.example.com/17.5) [edited]
12:00 Ann declared INC-142: “checkout is failing”; next update by 25 Nov 16:00
12:10 Bo noted: “disk full” [edited]
12:10 Cy kept a link: [dashboard](https://x.example.com) [edited]
12:10 Cy recorded a decision: “roll forward” [edited]
12:10 Cy noted: “nonsense” [struck]
`
	if diff := cmp.Diff(want, read(incident.Entries(s.recs))); diff != "" {
		t.Errorf("the timeline (-want +got):\n%s", diff)
	}
	s.byHouse(s.inc.FollowCapture(capture.Version, incident.Text{}, true))
	e := incident.Entries(s.recs)
	if !e[1].Deleted || e[1].Account != "console::p-bo" || e[1].Actor != bo || !e[1].Recorded.Equal(s.now) {
		t.Errorf("the deleted capture is %+v", e[1])
	}
	if n := s.recs[1].Event.(incident.NoteAdded); n.Text.Words != "disk ful" {
		t.Error("reading the timeline changed its events")
	}
}

func TestAPageOfTheTimelineShowsWhatItCannotApply(t *testing.T) {
	t.Parallel()
	s := open(t)
	note := s.ok(s.inc.Note(s.as(bo), "disk ful", time.Time{}))[0]
	s.ok(s.inc.Edit(s.as(cy), note, "disk full"))
	s.ok(s.inc.Strike(s.as(cy), note))
	s.undo(cy)
	got := read(incident.Entries(s.recs[2:]))
	want := `12:00 Cy edited entry 2: “disk full”
12:00 Cy struck entry 2
12:00 Cy restored entry 2
12:00 Cy took back: a strike
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the newest part (-want +got):\n%s", diff)
	}
	if len(incident.Entries(nil)) != 0 {
		t.Error("nothing recorded, and still entries")
	}
}

func TestMarksFollowTheEvents(t *testing.T) {
	t.Parallel()
	s := open(t)
	marks := map[string]string{}
	play := func(recs []incident.Recorded) {
		for _, r := range recs {
			for _, m := range incident.Marks(r) {
				if m.Delete {
					delete(marks, m.Key)
					continue
				}
				marks[m.Key] = m.Value
			}
		}
	}
	want := func(expected map[string]string) {
		t.Helper()
		if diff := cmp.Diff(expected, marks); diff != "" {
			t.Errorf("marks (-want +got):\n%s", diff)
		}
	}
	capture := s.ok(s.inc.Capture(s.as(bo), spoken("x"), "pin", false))
	play(capture)
	task := s.ok(s.inc.AddTask(s.as(bo), "restart", ""))
	play(task)
	play(s.ok(s.inc.AddAction(s.as(bo), "alert", "", time.Time{})))
	play(s.ok(s.inc.AddChecklist(s.as(bo), "payments", s.policy)))
	play(s.ok(s.inc.Follow(s.as(cy), false)))
	play(s.ok(s.inc.PostUpdate(s.as(bo), "x", time.Time{}, false, s.policy)))
	play(s.ok(s.inc.Remind(s.as(bo), s.now.Add(time.Hour), "")))
	play(s.ok(s.inc.Done(s.as(bo), incident.ItemOf(task[0], 1, nil))))
	want(map[string]string{
		"capture/console/r1/17.5": "2", "item/000001": "3", "item/000002": "4", "item/000003": "5", "item/000004": "5", "item/000005": "5",
		"follower/p-cy": "6", "update/000001": "7", "reminder/000001": "8", "done/000001": "9",
	})
	play(s.ok(s.inc.FixUpdate(s.as(bo), 1, s.inc.LastUpdate, "y")))
	play(s.undo(bo))
	play(s.ok(s.inc.Strike(s.as(bo), capture[0])))
	play(s.ok(s.inc.Strike(s.as(bo), s.recs[4])))
	play(s.ok(s.inc.Unfollow(s.as(cy), false)))
	play(s.byHouse(s.inc.ReminderGiven(1, 0)))
	want(map[string]string{"item/000001": "3", "item/000002": "4", "update/000001": "11", "done/000001": "9"})
	note := s.ok(s.inc.Note(s.as(bo), "a", time.Time{}))
	play(note)
	play(s.ok(s.inc.Edit(s.as(bo), note[0], "b")))
	if marks[incident.EditMark(note[0].Version)] == "" {
		t.Errorf("no mark of the edit: %v", marks)
	}
	for key, made := range map[string]string{
		"item/000012": incident.ItemMark(12), "done/000012": incident.DoneMark(12), "update/000003": incident.UpdateMark(3),
		"reminder/000002": incident.ReminderMark(2), "follower/p-bo": incident.FollowerMark(bo), "capture/a/b/c": incident.CaptureMark("a", "b", "c"),
	} {
		if key != made {
			t.Errorf("%q is not %q", made, key)
		}
	}
	m := incident.Mark{Key: "item/000012", Value: "7"}
	if n, ok := m.MarkedItem(); !ok || n != 12 {
		t.Errorf("item %d", n)
	}
	if v, ok := m.MarkedVersion(); !ok || v != 7 {
		t.Errorf("version %d", v)
	}
	if _, ok := (incident.Mark{Key: "x"}).MarkedVersion(); ok {
		t.Error("an empty mark points somewhere")
	}
}
