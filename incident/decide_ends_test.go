package incident_test

import (
	"testing"
	"time"

	"tocsin/incident"
)

func TestTwoResolveAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wait(time.Hour)
	s.ok(s.inc.Resolve(s.as(bo), "rolled back"))
	s.tells("Bo resolved it: “rolled back”")
	s.wait(3 * time.Second)
	s.no(s.inc.Resolve(s.as(cy), "me too")).with(conflict, "INC-142 was already resolved by {person:p-bo}, 3 s ago")
	early := s.as(cy)
	early.At = s.now.Add(-time.Minute)
	s.no(s.inc.Resolve(early, "")).with(conflict, "just now")
	s.wait(5 * time.Minute)
	s.no(s.inc.Cancel(s.as(cy), incident.FalseAlarm, "")).with(conflict, "5 min ago")
	s.wait(3 * time.Hour)
	s.no(s.inc.Take(s.as(cy), "", s.policy)).with(conflict, "3 h ago")
	s.wait(72 * time.Hour)
	s.no(s.inc.Page(s.as(cy), team("shop"), "", "")).with(conflict, "3 days ago")
	if i := s.inc; i.EndedBy != bo || !i.EndedAt.Equal(noon().Add(time.Hour)) || i.Outcome.Words != "rolled back" || i.Status.Open() {
		t.Errorf("state is %+v", i)
	}
}

func TestReopen(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "x", Severity: incident.Sev1})
	s.no(s.inc.Reopen(s.as(bo), "x", s.policy)).with(conflict, "is open already")
	s.ok(s.inc.Resolve(s.as(bo), "rolled back"))
	s.no(s.inc.Reopen(s.as(bo), "", s.policy)).with(invalid, "reason is empty")
	s.wait(10 * time.Minute)
	s.ok(s.inc.Reopen(s.as(cy), "errors are back", s.policy))
	s.tells("Cy re-opened it: “errors are back”; next update by 25 Nov 12:40")
	i := s.inc
	if i.Status != incident.Investigating || !i.EndedAt.IsZero() || i.EndedBy != "" || !i.Outcome.Empty() || !i.Milestones.Resolved.IsZero() || i.Cadence.Every != 30*time.Minute {
		t.Errorf("after the re-open %+v", i)
	}
	s.ok(s.inc.Cancel(s.as(cy), incident.Duplicate, "of INC-9"))
	s.tells("Cy cancelled it (duplicate): “of INC-9”")
	s.ok(s.inc.Reopen(s.as(cy), "it is not", s.policy))
	if s.inc.Reason != "" {
		t.Error("re-opened, it still has a reason for its end")
	}
}

func TestCancelAndClose(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.Cancel(s.as(bo), "bored", "")).with(invalid, "false alarm, duplicate, expected or other")
	s.no(s.inc.Close(s.as(bo), "")).with(conflict, "not resolved yet")
	s.ok(s.inc.Cancel(s.as(bo), incident.FalseAlarm, ""))
	s.tells("Bo cancelled it (false alarm)")
	s.no(s.inc.Close(s.as(bo), "")).with(conflict, "already cancelled")
	if !s.inc.Milestones.Resolved.IsZero() {
		t.Error("a cancelled incident counts as resolved")
	}
	s.ok(s.inc.Reopen(s.as(bo), "it was real", s.policy))
	s.ok(s.inc.Resolve(s.as(bo), ""))
	s.ok(s.inc.Close(s.as(cy), "review is done"))
	s.tells("Cy closed it: “review is done”")
	s.no(s.inc.Close(s.as(cy), "")).with(conflict, "already closed")
	s.ok(s.inc.Note(s.as(cy), "one more thing", time.Time{}))
	s.ok(s.inc.Reopen(s.as(cy), "back again", s.policy))
}

func TestMerge(t *testing.T) {
	t.Parallel()
	other := func(t *testing.T, d incident.Declaration) *stage {
		t.Helper()
		s := newStage(t)
		s.inc.ID, s.inc.Number = "inc2", 140
		s.ok(incident.Declare(s.as(ann), 140, d, s.policy))
		return s
	}
	t.Run("one covers the other", func(t *testing.T) {
		t.Parallel()
		s, o := open(t), other(t, incident.Declaration{Title: "orders fail"})
		mine, theirs, err := s.inc.MergeInto(s.as(bo), o.inc)
		s.ok(mine, err)
		s.tells("Bo merged it into INC-140")
		o.as(bo)
		o.ok(theirs, nil)
		o.tells("Bo merged INC-142 into this: “checkout is failing”")
		if s.inc.Status != incident.Merged || s.inc.MergedInto != 140 || s.inc.MergedID != "inc2" {
			t.Errorf("merged: %+v", s.inc)
		}
		if o.recs[1].Event.(incident.MergeReceived).Title.Author != ann {
			t.Error("the title belongs to who merged, want who wrote it")
		}
		s.no(s.inc.Rename(s.as(bo), "x")).with(conflict, "already merged into INC-140 by {person:p-bo}")
		_, _, err = o.inc.MergeInto(o.as(bo), s.inc)
		o.no(nil, err).with(conflict, "INC-142 was already merged into INC-140", "goes on")
		s.ok(s.inc.Note(s.as(bo), "still readable", time.Time{}))
		s.ok(s.inc.Reopen(s.as(bo), "it is another thing", s.policy))
		if s.inc.MergedInto != 0 || s.inc.MergedID != "" {
			t.Error("re-opened, it still points to the other one")
		}
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		_, _, err := s.inc.MergeInto(s.as(bo), s.inc)
		s.no(nil, err).with(invalid, "into itself")
		_, _, err = s.inc.MergeInto(s.as(bo), other(t, incident.Declaration{Title: "x", Drill: true}).inc)
		s.no(nil, err).with(invalid, "drill")
		_, _, err = s.inc.MergeInto(s.as(ann), other(t, incident.Declaration{Title: "x", Private: true}).inc)
		s.no(nil, err).with(invalid, "would tell of it")
		_, _, err = s.inc.MergeInto(s.as(bo), other(t, incident.Declaration{Title: "x", Private: true}).inc)
		s.no(nil, err).with(notFound, "There is no INC-140.")
	})
	t.Run("who knows of a private one takes part in the other", func(t *testing.T) {
		t.Parallel()
		s, o := openAs(t, incident.Declaration{Title: "x", Private: true}), other(t, incident.Declaration{Title: "y", Private: true})
		s.ok(s.inc.Invite(s.as(ann), bo))
		_, theirs, err := s.inc.MergeInto(s.as(ann), o.inc)
		o.as(ann)
		o.ok(theirs, err)
		if !o.inc.VisibleTo(bo) || o.inc.VisibleTo(cy) {
			t.Errorf("members are %v", o.inc.Members)
		}
	})
	t.Run("together too many for a private one", func(t *testing.T) {
		t.Parallel()
		s, o := openAs(t, incident.Declaration{Title: "x", Private: true}), other(t, incident.Declaration{Title: "y", Private: true})
		s.inc.Members = append(s.inc.Members, bo, cy)
		for k := range incident.MaxMembers - 2 {
			o.inc.Members = append(o.inc.Members, incident.PersonID(rune('a'+k)))
		}
		_, _, err := s.inc.MergeInto(s.as(ann), o.inc)
		s.no(nil, err).with(invalid, "more than 100 members")
	})
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	s := open(t)
	room := incident.Room{Platform: "console", ID: "ops", Name: "ops", Thread: "17.1"}
	s.ok(s.inc.Adopt(s.as(bo), room))
	s.tells("Bo made #ops a room of the incident")
	if !s.inc.Rooms[0].Adopted {
		t.Error("an adopted room does not say so")
	}
	s.no(s.inc.Adopt(s.as(bo), room)).with(conflict, "room of INC-142 already")
	s.no(s.inc.Adopt(s.as(bo), incident.Room{})).with(invalid, "room or thread")
	for range incident.MaxRooms - 1 {
		room.Thread += "x"
		s.ok(s.inc.Adopt(s.as(bo), room))
	}
	room.Thread += "x"
	s.no(s.inc.Adopt(s.as(bo), room)).with(invalid, "has 5 rooms already")
}

func TestOutcomesOfEffectsAreRecordedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	room := incident.Room{Platform: "console", ID: "r1", Name: "inc-142"}
	s.byHouse(s.inc.OpenRoom(room))
	s.tells("Room #inc-142 opened")
	s.nothing(s.inc.OpenRoom(room))
	s.nothing(s.inc.OpenRoom(incident.Room{}))
	s.byHouse(s.inc.Announced(incident.MessageRef{Platform: "console", Room: "incidents", ID: "5", Link: "https://chat.example.com/5"}))
	s.tells("Announced on console: [announcement](https://chat.example.com/5)")
	s.nothing(s.inc.Announced(incident.MessageRef{Platform: "console", Room: "incidents", ID: "6"}))
	s.byHouse(s.inc.Announced(incident.MessageRef{Platform: "slack", Room: "incidents", ID: "6"}))
	s.tells("Announced on slack")
	s.byHouse(s.inc.ArchiveRoom(room))
	s.tells("Room #inc-142 archived")
	s.nothing(s.inc.ArchiveRoom(room))
	s.nothing(s.inc.ArchiveRoom(incident.Room{ID: "other"}))
}

func TestParkedEffectsAreRetriedByHand(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.byHouse(s.inc.Park(incident.EffectParked{Job: "j1", What: "post the announcement", Why: "the platform is away"}))
	s.tells("Gave up for now: post the announcement (the platform is away)")
	s.nothing(s.inc.Park(incident.EffectParked{Job: "j1", What: "post the announcement", Why: "the platform is away"}))
	s.nothing(s.inc.Park(incident.EffectParked{}))
	s.byHouse(s.inc.Park(incident.EffectParked{Job: "j2", What: "open the room", Why: "name taken", Buried: true}))
	s.tells("Refused by the other side: open the room (name taken)")
	s.ok(s.inc.RetryEffect(s.as(bo), "j1"))
	s.tells("Bo asked for it again: post the announcement")
	s.no(s.inc.RetryEffect(s.as(bo), "j1")).with(conflict, "any more")
	s.no(s.inc.RetryEffect(s.as(bo), "j2")).with(forbidden, "Only an admin", "name taken")
	admin := s.as(bo)
	admin.Admin = true
	s.ok(s.inc.RetryEffect(admin, "j2"))
	if len(s.inc.Parked) != 0 {
		t.Errorf("parked %v", s.inc.Parked)
	}
}
