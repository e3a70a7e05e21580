package incident_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/incident"
)

func TestUpdatesPromiseTheNext(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev2})
	s.wait(10 * time.Minute)
	s.ok(s.inc.PostUpdate(s.as(bo), "we look\ninto it", time.Time{}, false, s.policy))
	s.tells("Bo posted update 1: “we look\ninto it”; next update by 25 Nov 13:10")
	if s.inc.Updates != 1 || s.inc.UpdatedBy != bo || !s.inc.UpdatedAt.Equal(s.now) || !s.inc.NextUpdate.Equal(s.now.Add(time.Hour)) {
		t.Errorf("state is %+v", s.inc)
	}
	s.ok(s.inc.PostUpdate(s.as(bo), "rolling back", s.now.Add(20*time.Minute), true, s.policy))
	s.tells("Bo posted public update 2: “rolling back”; next update by 25 Nov 12:30")
	s.no(s.inc.PostUpdate(s.as(bo), "x", s.now.Add(-time.Minute), false, s.policy)).with(invalid, "next update lies in the past")
	s.no(s.inc.PostUpdate(s.as(bo), "x", s.now.AddDate(2, 0, 0), false, s.policy)).with(invalid, "more than a year")
	s.no(s.inc.PostUpdate(s.as(bo), "\u200b", time.Time{}, false, s.policy)).with(invalid, "update is empty")
	s.no(s.inc.PostUpdate(s.as(bo), strings.Repeat("x", 4001), time.Time{}, false, s.policy)).with(invalid, "4001 characters")
	s.ok(s.inc.Resolve(s.as(bo), ""))
	if !s.inc.NextUpdate.IsZero() {
		t.Error("a resolved incident still promises an update")
	}
	s.ok(s.inc.PostUpdate(s.as(bo), "all is well again", time.Time{}, false, s.policy))
	s.tells("Bo posted update 3: “all is well again”")
	s.no(s.inc.PostUpdate(s.as(bo), "x", s.now.Add(time.Hour), false, s.policy)).with(invalid, "no further update")
	s.ok(s.inc.Close(s.as(bo), ""))
	s.no(s.inc.PostUpdate(s.as(bo), "x", time.Time{}, false, s.policy)).with(conflict, "already closed")
}

func TestAPrivateIncidentHasNoPublicUpdate(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Private: true})
	s.no(s.inc.PostUpdate(s.as(ann), "x", time.Time{}, true, s.policy)).with(invalid, "would tell of it")
	s.ok(s.inc.PostUpdate(s.as(ann), "x", time.Time{}, false, s.policy))
}

func TestFixUpdate(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.FixUpdate(s.as(bo), 1, incident.Text{}, "x")).with(notFound, "no update yet")
	s.ok(s.inc.PostUpdate(s.as(bo), "one", time.Time{}, false, s.policy))
	s.ok(s.inc.PostUpdate(s.as(bo), "two", time.Time{}, false, s.policy))
	s.ok(s.inc.FixUpdate(s.as(cy), 2, s.inc.LastUpdate, "second"))
	s.tells("Cy corrected update 2: “second”")
	if s.inc.LastUpdate.Words != "second" || s.inc.UpdatedBy != bo {
		t.Errorf("last update is %+v by %v", s.inc.LastUpdate, s.inc.UpdatedBy)
	}
	s.ok(s.inc.FixUpdate(s.as(cy), 1, incident.Text{Words: "one"}, "first"))
	if s.inc.LastUpdate.Words != "second" {
		t.Error("correcting an old update changed the newest")
	}
	s.no(s.inc.FixUpdate(s.as(cy), 2, s.inc.LastUpdate, "second")).with(conflict, "says that already")
	s.no(s.inc.FixUpdate(s.as(cy), 3, incident.Text{}, "x")).with(notFound, "updates 1 to 2")
	s.no(s.inc.FixUpdate(s.as(cy), 0, incident.Text{}, "x")).with(notFound)
	s.no(s.inc.FixUpdate(s.as(cy), 1, incident.Text{}, "")).with(invalid, "update is empty")
}

func TestFollow(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Follow(s.as(cy), false))
	s.tells("Cy follows")
	s.no(s.inc.Follow(s.as(cy), true)).with(conflict, "You follow INC-142 already")
	if s.inc.Followers != 1 || s.inc.VisibleTo("") != true {
		t.Errorf("followers %d", s.inc.Followers)
	}
	s.ok(s.inc.Unfollow(s.as(cy), false))
	s.tells("Cy follows no more")
	s.no(s.inc.Unfollow(s.as(cy), true)).with(conflict, "You do not follow")
}

func TestReminders(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Remind(s.as(bo), s.now.Add(20*time.Minute), "check the queue"))
	s.tells("Bo set a reminder for 25 Nov 12:20: “check the queue”")
	s.no(s.inc.Remind(s.as(bo), s.now, "")).with(invalid, "reminder lies in the past", "remind 20m")
	s.nothing(s.inc.ReminderGiven(2, 0))
	s.wait(32 * time.Minute)
	s.byHouse(s.inc.ReminderGiven(1, 12*time.Minute))
	s.tells("Reminder 1 was given, 12 min late")
	s.nothing(s.inc.ReminderGiven(1, 0))
	for range incident.MaxWaiting {
		s.ok(s.inc.Remind(s.as(bo), s.now.Add(time.Hour), ""))
	}
	s.no(s.inc.Remind(s.as(bo), s.now.Add(time.Hour), "")).with(invalid, "25 reminders are waiting")
	s.byHouse(s.inc.ReminderGiven(2, -time.Second))
	s.tells("Reminder 2 was given")
}

func TestSnooze(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Snooze(s.as(bo), "update", s.now.Add(30*time.Minute)))
	s.tells("Bo silenced the nudge about update until 25 Nov 12:30")
	if !s.inc.Snoozed("update", s.now) || s.inc.Snoozed("severity", s.now) || s.inc.Snoozed("update", s.now.Add(30*time.Minute)) {
		t.Errorf("snoozes %+v", s.inc.Snoozes)
	}
	s.no(s.inc.Snooze(s.as(bo), "update", s.now.Add(30*time.Minute))).with(conflict, "silent already")
	s.ok(s.inc.Snooze(s.as(bo), "update", time.Time{}))
	s.tells("Bo stopped the nudge about update")
	if !s.inc.Snoozed("update", s.now.AddDate(1, 0, 0)) || len(s.inc.Snoozes) != 1 {
		t.Errorf("snoozes %+v", s.inc.Snoozes)
	}
	s.no(s.inc.Snooze(s.as(bo), "update", time.Time{})).with(conflict, "silent already")
	s.no(s.inc.Snooze(s.as(bo), "weather", time.Time{})).with(invalid, "commander, severity, update and stale")
	s.no(s.inc.Snooze(s.as(bo), "", s.now)).with(invalid, "lies in the past")
	s.ok(s.inc.Snooze(s.as(bo), "", time.Time{}))
	s.tells("Bo stopped all nudges")
	if !s.inc.Snoozed("severity", s.now) {
		t.Error("all nudges are stopped, one still speaks")
	}
}
