package incident_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
)

// story is one long night that meets every kind of event, through decisions
// wherever there is one.
func story(t *testing.T) *stage {
	t.Helper()
	s := openAs(t, incident.Declaration{
		Title: "checkout is failing", Severity: incident.Sev2, Services: []string{"checkout"},
		From: incident.Room{Platform: "console", ID: "general", Name: "general"}, Started: noon().Add(-10 * time.Minute),
	})
	for _, chapter := range []func(*stage){storyOpens, storyTeam, storyPages, storyWords, storyWork, storyAlerts, storyReview, storyEnds} {
		s.wait(3 * time.Minute)
		chapter(s)
	}
	return s
}

func storyOpens(s *stage) {
	s.byHouse(s.inc.OpenRoom(incident.Room{Platform: "console", ID: "r1", Name: "inc-142-checkout"}))
	s.byHouse(s.inc.Announced(incident.MessageRef{Platform: "console", Room: "incidents", ID: "9", Link: "https://chat.example.com/9"}))
	s.byHouse(s.inc.Park(incident.EffectParked{Job: "inc1/1/status/post", What: "post to the status page", Why: "it did not answer for an hour"}))
	s.ok(s.inc.Adopt(s.as(ann), incident.Room{Platform: "console", ID: "ops", Name: "ops", Thread: "4"}))
	s.ok(s.inc.Rename(s.as(ann), "checkout is failing in Europe"))
	s.ok(s.inc.SetSeverity(s.as(ann), incident.Sev1, "all orders fail", s.policy))
	s.ok(s.inc.SetStatus(s.as(ann), incident.Investigating, "", s.policy))
	s.ok(s.inc.AddService(s.as(ann), "vault", s.policy))
	s.ok(s.inc.RemoveService(s.as(ann), "vault"))
	s.ok(s.inc.SetImpact(s.as(ann), "no order goes through"))
	s.ok(s.inc.SetField(s.as(ann), "Region", "Europe", s.policy))
	s.ok(s.inc.SetCall(s.as(ann), "https://meet.example.com/142"))
	s.ok(s.inc.SetMilestone(s.as(ann), incident.Started, noon().Add(-12*time.Minute)))
	s.ok(s.inc.RetryEffect(s.as(ann), "inc1/1/status/post"))
}

func storyTeam(s *stage) {
	s.ok(s.inc.Join(s.as(bo)))
	s.ok(s.inc.Take(s.as(bo), incident.Commander, s.policy))
	s.ok(s.inc.Assign(s.as(bo), incident.Scribe, cy, s.policy))
	s.ok(s.inc.OfferHandover(s.as(bo), incident.Commander, cy, "I know the database better"))
	s.ok(s.inc.AnswerHandover(s.as(cy), false))
	s.ok(s.inc.OfferHandover(s.as(bo), incident.Commander, dee, "please"))
	s.ok(s.inc.AnswerHandover(s.as(dee), true))
	s.ok(s.inc.Release(s.as(cy), incident.Scribe, s.policy))
	s.ok(s.inc.Invite(s.as(dee), "p-eve"))
	s.ok(s.inc.Remove(s.as(dee), "p-eve"))
	s.ok(s.inc.SetPrivate(s.as(dee), true, "card numbers may be in the logs"))
	s.ok(s.inc.SetPrivate(s.as(dee), false, "they are not"))
}

func storyPages(s *stage) {
	s.byHouse(s.inc.PageNews(incident.PageAccepted{Page: "p1", Pager: "pagerduty", Whom: "Fay Example", Link: "https://pd.example.com/1"}))
	s.byHouse(s.inc.PageNews(incident.PageSeen{Page: "p1", Pager: "pagerduty", Whom: "Fay Example", Link: "https://pd.example.com/1", Level: 1}))
	s.byHouse(s.inc.PageNews(incident.PageEscalated{Page: "p1", Level: 2, Whom: "Gus Example"}))
	s.byHouse(s.inc.PageNews(incident.PageAcknowledged{Page: "p1", Whom: "Gus Example"}))
	s.byHouse(s.inc.PageNews(incident.PageFailed{Page: "p2", Why: "the pager does not know platform", Call: "Hal, +49 30 99"}))
	s.ok(s.inc.Page(s.as(dee), person(cy), "please come", ""))
	s.ok(s.inc.Acknowledge(s.as(cy), ""))
	s.ok(s.inc.Page(s.as(dee), team("find"), "", ""))
	s.ok(s.inc.Escalate(s.as(dee), ""))
	s.ok(s.inc.Reassign(s.as(dee), "p4", person(bo)))
	s.byHouse(s.inc.PageNews(incident.PageReassigned{Page: "p4", Whom: "Bo Example"}))
	s.ok(s.inc.AskResponder(s.as(dee), "p4", team("shop")))
	s.ok(s.inc.NotePage(s.as(dee), "p4", "the index is stale"))
	s.byHouse(s.inc.PageNews(incident.PageResolved{Page: "p1"}))
}

func storyWords(s *stage) {
	s.ok(s.inc.PostUpdate(s.as(dee), "We are rolling.", time.Time{}, true, s.policy))
	s.ok(s.inc.FixUpdate(s.as(dee), 1, s.inc.LastUpdate, "We are rolling back."))
	s.ok(s.inc.Follow(s.as("p-eve"), false))
	s.ok(s.inc.Unfollow(s.as("p-eve"), false))
	s.ok(s.inc.Remind(s.as(dee), s.now.Add(10*time.Minute), "look at the queue"))
	s.ok(s.inc.Snooze(s.as(dee), "update", s.now.Add(30*time.Minute)))
	s.wait(12 * time.Minute)
	s.byHouse(s.inc.ReminderGiven(1, 2*time.Minute))
	note := s.ok(s.inc.Note(s.as(bo), "the cache is ful", s.now.Add(-20*time.Minute)))[0]
	s.ok(s.inc.Edit(s.as(bo), note, "the cache is full"))
	capture := s.ok(s.inc.Capture(s.as(bo), spoken("build 41 leaks"), "reaction", false))[0]
	s.byHouse(s.inc.FollowCapture(capture.Version, incident.Text{Author: dee, Words: "build 42 leaks"}, false))
	s.ok(s.inc.Decide(s.as(dee), "we roll back to build 40"))
	link := s.ok(s.inc.Link(s.as(cy), "https://dash.example.com/checkout", "orders a minute"))[0]
	s.ok(s.inc.Strike(s.as(cy), link))
	s.undo(cy)
	s.ok(s.inc.SetCause(s.as(bo), "change", "build 42", s.policy))
}

func storyWork(s *stage) {
	task := s.ok(s.inc.AddTask(s.as(dee), "roll back to build 40", bo))[0]
	s.ok(s.inc.AddAction(s.as(dee), "alert on cache size", cy, s.now.Add(7*24*time.Hour)))
	s.ok(s.inc.AddChecklist(s.as(dee), "payments", s.policy))
	s.ok(s.inc.Done(s.as(bo), incident.ItemOf(task, 3, nil)))
	s.undo(bo)
	s.ok(s.inc.Done(s.as(bo), incident.ItemOf(task, 3, nil)))
}

func storyEnds(s *stage) {
	s.ok(s.inc.SetStatus(s.as(dee), incident.Monitoring, "orders go through again", s.policy))
	s.wait(20 * time.Minute)
	s.ok(s.inc.Resolve(s.as(dee), "rolled back to build 40"))
	s.ok(s.inc.Reopen(s.as(bo), "orders fail again", s.policy))
	s.ok(s.inc.Cancel(s.as(bo), incident.FalseAlarm, "it was a test order"))
	s.undo(bo)
	other := s.inc
	other.ID, other.Number, other.Title = "inc2", 143, incident.Text{Author: cy, Words: "carts are empty"}
	_, theirs, err := other.MergeInto(s.as(cy), s.inc)
	s.ok(theirs, err)
	mine, _, err := s.inc.MergeInto(s.as(cy), other)
	s.ok(mine, err)
	s.ok(s.inc.Reopen(s.as(cy), "these are two things", s.policy))
	s.wait(time.Hour)
	s.ok(s.inc.Resolve(s.as(dee), ""))
	s.ok(s.inc.Close(s.as(dee), "review is written"))
	s.byHouse(s.inc.ArchiveRoom(incident.Room{Platform: "console", ID: "r1"}))
	s.as(incident.House)
	s.commit([]incident.Event{incident.ZoneSet{Zone: "Europe/Berlin"}}) // of a person's stream; it changes nothing here
	s.commit([]incident.Event{incident.Erased{Person: "p-eve"}})
}

func TestTheStoryMeetsEveryEvent(t *testing.T) {
	t.Parallel()
	s := story(t)
	met := map[string]bool{}
	for _, r := range s.recs {
		met[incident.NameOf(r.Event)] = true
	}
	for _, k := range incident.Kinds() {
		if !met[k.Name] {
			t.Errorf("the story does not meet %s", k.Name)
		}
	}
}

func TestTheStoryReadsWell(t *testing.T) {
	t.Parallel()
	s := story(t)
	var told strings.Builder
	for _, r := range s.recs {
		told.WriteString(r.Version.String() + " " + r.Happened.Format("15:04 ") + plain(incident.Sentence(r)) + "\n")
	}
	golden(t, "story.events.txt", told.String())
	golden(t, "story.timeline.txt", read(incident.Entries(s.recs)))
	state, err := json.MarshalIndent(s.inc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "story.state.json", string(state)+"\n")
	summary, err := json.MarshalIndent(s.inc.Summary(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "story.summary.json", string(summary)+"\n")
}

func TestTheStoryFoldsToTheSameStateFromItsEventsAlone(t *testing.T) {
	t.Parallel()
	s := story(t)
	fresh := s.stored(incident.Incident{}.Fold(s.recs))
	if diff := cmp.Diff(s.inc, fresh); diff != "" {
		t.Errorf("folded anew (-kept +fresh):\n%s", diff)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
