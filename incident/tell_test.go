package incident_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
)

func said(words string) incident.Text { return incident.Text{Author: bo, Words: words} }

// TestSentences holds those ways of telling that the story does not meet.
func TestSentences(t *testing.T) {
	t.Parallel()
	room := incident.Room{Platform: "console", ID: "r", Name: "ops"}
	for _, c := range []struct {
		actor incident.PersonID
		event incident.Event
		want  string
	}{
		{ann, incident.Declared{Number: 7, Title: said("x"), Private: true}, "Ann declared INC-7: “x”; private"},
		{ann, incident.Declared{Number: 7, Title: said("x"), Drill: true, Severity: 3}, "Ann started a drill, INC-7: “x” (sev3)"},
		{ann, incident.Declared{Number: 7, Title: said("x"), RecordOnly: true}, "Ann put on record INC-7: “x”"},
		{ann, incident.Declared{Number: 7, Title: said("x"), Services: []incident.Service{{Name: "a"}, {Name: "b"}, {Name: "c"}}}, "Ann declared INC-7: “x”, touching a, b and c"},
		{ann, incident.AnnouncementPosted{Message: incident.MessageRef{Platform: "slack"}}, "Announced on slack"},
		{ann, incident.RoomArchived{Room: room}, "Room #ops archived"},
		{ann, incident.Renamed{Title: said("y")}, "Ann renamed it to “y”"},
		{ann, incident.SeveritySet{To: 2}, "Ann set the severity to sev2"},
		{ann, incident.SeveritySet{From: 2, To: 1}, "Ann raised the severity from sev2 to sev1"},
		{ann, incident.SeveritySet{From: 1, To: 4, Why: said("better")}, "Ann lowered the severity from sev1 to sev4: “better”"},
		{ann, incident.SeveritySet{From: 2}, "Ann took the severity back, it was sev2"},
		{ann, incident.StatusSet{From: incident.Triage, To: incident.Monitoring}, "Ann moved it from triage to monitoring"},
		{ann, incident.ServiceAdded{Service: incident.Service{Name: "a", Known: true}}, "Ann added the service a"},
		{ann, incident.ImpactSet{}, "Ann took the impact off"},
		{ann, incident.CauseSet{Note: said("not it")}, "Ann took the cause off: “not it”"},
		{ann, incident.MilestoneSet{Milestone: incident.Started, At: noon()}, "Ann corrected the time at which it started: 25 Nov 12:00"},
		{ann, incident.MilestoneSet{Milestone: incident.Detected}, "Ann took back the corrected time at which it was detected"},
		{ann, incident.PrivacySet{Private: true}, "Ann made it private"},
		{ann, incident.CallSet{}, "Ann took the call link off"},
		{ann, incident.Resolution{By: bo, How: said("rolled back")}, "Resolved again, as Bo had done: “rolled back”"},
		{bo, incident.Resolution{By: bo}, "Bo resolved it"},
		{bo, incident.Reopened{To: incident.Resolved}, "Bo took the close back"},
		{bo, incident.Reopened{To: incident.Monitoring}, "Bo took the end back; it is in monitoring again"},
		{bo, incident.Cancellation{Reason: incident.Expected}, "Bo cancelled it (expected)"},
		{bo, incident.EffectParked{What: "post the announcement"}, "Gave up for now: post the announcement"},
		{bo, incident.Erased{}, "All words were erased"},
		{bo, incident.RoleTaken{Role: "pilot", Person: bo, Acting: true}, "Bo became acting pilot"},
		{ann, incident.RoleTaken{Role: incident.Scribe, Person: bo, Before: cy}, "Ann made Bo scribe, after Cy"},
		{bo, incident.RoleTaken{Role: incident.Commander, Person: bo, Before: bo}, "Bo became incident commander"},
		{bo, incident.HandoverDeclined{Role: incident.Operations, From: ann, To: bo, Withdrawn: true}, "Ann withdrew the offer to Bo to be operations lead"},
		{ann, incident.MemberAdded{Person: bo, How: incident.ByPolicy}, "Bo takes part, as the policy wants"},
		{ann, incident.MemberAdded{Person: bo}, "Ann invited Bo"},
		{bo, incident.MemberAdded{Person: bo}, "Bo joined"},
		{ann, incident.PageRequested{Page: "p1", Target: person(bo), Why: "because sev1", Drill: true}, "Ann asked to page, as a drill, Bo (p1, because sev1)"},
		{incident.House, incident.PageAcknowledged{Page: "p1"}, "Page p1 was answered"},
		{incident.House, incident.PageEscalated{Page: "p1", Level: 3}, "Page p1 went on to level 3"},
		{incident.House, incident.PageFailed{Page: "p1", Why: "no route"}, "Page p1 reached nobody: no route"},
		{incident.House, incident.ReminderDone{Reminder: 2, Late: 59 * time.Second}, "Reminder 2 was given"},
		{bo, incident.ReminderDone{Reminder: 2, Off: true}, "Bo took reminder 2 back"},
		{bo, incident.NudgeSnoozed{Nudge: "update", Lifted: true}, "Bo lets the nudge about update speak again"},
		{bo, incident.LinkAdded{URL: "https://x.example.com", Label: incident.Text{Ref: "1.0", Erased: true}}, "Bo kept a link: [erased](https://x.example.com)"},
		{bo, incident.NoteAdded{Text: incident.Text{Ref: "1.0", Erased: true}}, "Bo noted: “erased”"},
		{bo, incident.ItemDone{Item: 3}, "Bo did task 3"},
		{bo, incident.ItemReopened{Item: 3, Action: true, Line: incident.TaskLine{Text: said("alert")}}, "Bo put back action item 3: “alert”"},
		{bo, incident.TaskAdded{Item: 1, Text: said("x")}, "Bo added task 1: “x”"},
		{bo, incident.ActionAdded{Item: 1, Text: said("x")}, "Bo added action item 1: “x”"},
		{bo, incident.Dated{At: noon(), Event: incident.NoteAdded{Text: said("x")}}, "Bo noted: “x”"},
	} {
		if got := plain(incident.Sentence(incident.Recorded{Actor: c.actor, Event: c.event})); got != c.want {
			t.Errorf("%s is told as\n%q, want\n%q", incident.NameOf(c.event), got, c.want)
		}
	}
}

func TestWordsOfPeopleStayApartFromOurs(t *testing.T) {
	t.Parallel()
	r := incident.Recorded{Actor: bo, Event: incident.NoteAdded{Text: said("<!channel> **x** [y](z)")}}
	want := []incident.Part{incident.Who(bo), incident.Words(" noted: "), incident.Said(said("<!channel> **x** [y](z)"))}
	if diff := cmp.Diff(want, incident.Sentence(r)); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	long := incident.Recorded{Actor: bo, Event: incident.Declared{Number: 7, Title: said("t"), Severity: 1, Private: true, Next: noon()}}
	parts := incident.Sentence(long)
	for k := 1; k < len(parts); k++ {
		_, ours := parts[k].(incident.Words)
		if _, before := parts[k-1].(incident.Words); ours && before {
			t.Errorf("two pieces of our own words stand beside each other: %#v", parts)
		}
	}
}

func TestValuesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		incident.Sev2.String():                                                  "sev2",
		incident.SevUnset.String():                                              "unset",
		incident.Severity(9).String():                                           "unset",
		incident.Number(142).String():                                           "INC-142",
		incident.Version(12).String():                                           "12",
		incident.NameOf(incident.RoleTaken{}):                                   "role_taken",
		incident.NameOf(incident.Unknown{Type: "moon_risen"}):                   "moon_risen",
		incident.Account{Platform: "slack", Workspace: "T1", ID: "U1"}.String(): "slack:T1:U1",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, s := range incident.Statuses() {
		open := s == incident.Triage || s == incident.Investigating || s == incident.Identified || s == incident.Monitoring
		if s.Open() != open {
			t.Errorf("%s open: %v", s, s.Open())
		}
	}
}
