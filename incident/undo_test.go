package incident_test

import (
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seen is what people see of an incident: its words without where they lie,
// and without the clock of the last change.
type seen struct {
	Incident incident.Incident
	Marks    map[string]bool
}

// visible narrows a state to what undo must bring back.
func visible(s *stage) seen {
	i := s.inc
	i.Head, i.Touched, i.Active = 0, time.Time{}, time.Time{}
	i.Changes, i.Struck, i.Edited = nil, nil, nil
	i.Reminders = 0
	holders := append([]incident.Holder(nil), i.Holders...)
	for k := range holders {
		holders[k].Since = time.Time{}
	}
	i.Holders = holders
	offers := append([]incident.Offer(nil), i.Offers...)
	for k := range offers {
		offers[k].At, offers[k].Note = time.Time{}, incident.Text{}
	}
	i.Offers = offers
	i.Items = 0
	marks := map[string]bool{}
	for _, r := range s.recs {
		for _, m := range incident.Marks(r) {
			marks[m.Key] = !m.Delete
		}
	}
	for key, there := range marks {
		if !there || len(key) > 5 && (key[:5] == "edit/" || key[:7] == "update/") {
			delete(marks, key)
		}
	}
	return seen{Incident: i, Marks: marks}
}

// sameWords compares texts by author and words: a text that returns lies
// elsewhere.
func sameWords() cmp.Option {
	return cmp.Options{
		cmp.Comparer(func(a, b incident.Text) bool { return a.Author == b.Author && a.Words == b.Words }),
		cmpopts.EquateEmpty(),
	}
}

// undoable are changes that can be taken back, by who makes them. before sets
// the stage.
func undoable() map[string]struct {
	before, change func(s *stage)
	what           string
} {
	type c = struct {
		before, change func(s *stage)
		what           string
	}
	ok := func(fn func(s *stage) ([]incident.Event, error)) func(*stage) {
		return func(s *stage) { s.t.Helper(); s.ok(fn(s)) }
	}
	type ev = []incident.Event
	note := func(s *stage) (ev, error) { return s.inc.Note(s.as(bo), "disk full", time.Time{}) }
	return map[string]c{
		"a title":          {nil, ok(func(s *stage) (ev, error) { return s.inc.Rename(s.as(bo), "new") }), "the title"},
		"a first severity": {nil, ok(func(s *stage) (ev, error) { return s.inc.SetSeverity(s.as(bo), incident.Sev3, "", s.policy) }), "the severity"},
		"a raised severity with its checklist": {
			ok(func(s *stage) (ev, error) { return s.inc.SetSeverity(s.as(ann), incident.Sev3, "", s.policy) }),
			func(s *stage) {
				p := s.policy
				p.Severities = append([]incident.SeverityRule(nil), p.Severities...)
				p.Severities[0].Page = nil
				s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev1, "worse", p))
			}, "the severity",
		},
		"a status":             {nil, ok(func(s *stage) (ev, error) { return s.inc.SetStatus(s.as(bo), incident.Identified, "", s.policy) }), "the status"},
		"a move to monitoring": {nil, ok(func(s *stage) (ev, error) { return s.inc.SetStatus(s.as(bo), incident.Monitoring, "", s.policy) }), "the status"},
		"a move from monitoring": {
			ok(func(s *stage) (ev, error) { return s.inc.SetStatus(s.as(ann), incident.Monitoring, "", s.policy) }),
			ok(func(s *stage) (ev, error) { return s.inc.SetStatus(s.as(bo), incident.Identified, "", s.policy) }), "the status",
		},
		"a service added": {nil, ok(func(s *stage) (ev, error) { return s.inc.AddService(s.as(bo), "checkout", s.policy) }), "a service"},
		"a service removed": {
			ok(func(s *stage) (ev, error) { return s.inc.AddService(s.as(ann), "checkout", s.policy) }),
			ok(func(s *stage) (ev, error) { return s.inc.RemoveService(s.as(bo), "checkout") }), "a service",
		},
		"an impact": {nil, ok(func(s *stage) (ev, error) { return s.inc.SetImpact(s.as(bo), "orders fail") }), "the impact"},
		"an impact changed": {
			ok(func(s *stage) (ev, error) { return s.inc.SetImpact(s.as(ann), "orders fail") }),
			ok(func(s *stage) (ev, error) { return s.inc.SetImpact(s.as(bo), "") }), "the impact",
		},
		"a cause": {nil, ok(func(s *stage) (ev, error) { return s.inc.SetCause(s.as(bo), "change", "", s.policy) }), "the cause"},
		"a milestone": {nil, ok(func(s *stage) (ev, error) {
			return s.inc.SetMilestone(s.as(bo), incident.Started, noon().Add(-time.Hour))
		}), "a milestone"},
		"a milestone's correction lifted": {
			ok(func(s *stage) (ev, error) {
				return s.inc.SetMilestone(s.as(ann), incident.Started, noon().Add(-time.Hour))
			}),
			ok(func(s *stage) (ev, error) { return s.inc.SetMilestone(s.as(bo), incident.Started, time.Time{}) }), "a milestone",
		},
		"private on": {nil, ok(func(s *stage) (ev, error) { return s.inc.SetPrivate(s.as(ann), true, "data") }), "who may know"},
		"a field":    {nil, ok(func(s *stage) (ev, error) { return s.inc.SetField(s.as(bo), "Region", "Europe", s.policy) }), "Region"},
		"a field changed": {
			ok(func(s *stage) (ev, error) { return s.inc.SetField(s.as(ann), "Region", "Europe", s.policy) }),
			ok(func(s *stage) (ev, error) { return s.inc.SetField(s.as(bo), "Region", "", s.policy) }), "Region",
		},
		"a call link":       {nil, ok(func(s *stage) (ev, error) { return s.inc.SetCall(s.as(bo), "https://meet.example.com") }), "the call"},
		"command taken":     {nil, ok(func(s *stage) (ev, error) { return s.inc.Take(s.as(bo), "", s.policy) }), "a role"},
		"a free role taken": {nil, ok(func(s *stage) (ev, error) { return s.inc.Take(s.as(bo), incident.Scribe, s.policy) }), "a role"},
		"a role assigned": {
			ok(func(s *stage) (ev, error) { return s.inc.Take(s.as(cy), incident.Scribe, s.policy) }),
			ok(func(s *stage) (ev, error) { return s.inc.Assign(s.as(bo), incident.Scribe, dee, s.policy) }), "a role",
		},
		"a role released": {nil, ok(func(s *stage) (ev, error) { return s.inc.Release(s.as(bo), incident.Commander, s.policy) }), "a role"},
		"a role taken while it was on offer": {
			ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", cy, "") }),
			ok(func(s *stage) (ev, error) { return s.inc.Take(s.as(bo), "", s.policy) }), "a role",
		},
		"a role confirmed while it was on offer": {
			ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", cy, "") }),
			ok(func(s *stage) (ev, error) { return s.inc.Take(s.as(ann), "", s.policy) }), "a role",
		},
		"a role released while it was on offer": {
			ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", cy, "") }),
			ok(func(s *stage) (ev, error) { return s.inc.Release(s.as(bo), incident.Commander, s.policy) }), "a role",
		},
		"another offer": {
			ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", cy, "") }),
			ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", bo, "") }), "an offer",
		},
		"a handover offered": {nil, ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", bo, "please") }), "an offer"},
		"a handover accepted": {
			func(s *stage) {
				s.ok(s.inc.Take(s.as(ann), "", s.policy))
				s.ok(s.inc.Invite(s.as(ann), bo))
				s.ok(s.inc.OfferHandover(s.as(ann), "", bo, "please"))
			},
			ok(func(s *stage) (ev, error) { return s.inc.AnswerHandover(s.as(bo), true) }), "a handover",
		},
		"a handover declined": {
			ok(func(s *stage) (ev, error) { return s.inc.OfferHandover(s.as(ann), "", bo, "please") }),
			ok(func(s *stage) (ev, error) { return s.inc.AnswerHandover(s.as(bo), false) }), "a refusal",
		},
		"an invitation": {nil, ok(func(s *stage) (ev, error) { return s.inc.Invite(s.as(ann), bo) }), "an invitation"},
		"a removal": {
			ok(func(s *stage) (ev, error) { return s.inc.Invite(s.as(ann), cy) }),
			ok(func(s *stage) (ev, error) { return s.inc.Remove(s.as(bo), cy) }), "a removal",
		},
		"a corrected update": {
			ok(func(s *stage) (ev, error) { return s.inc.PostUpdate(s.as(ann), "one", time.Time{}, false, s.policy) }),
			ok(func(s *stage) (ev, error) { return s.inc.FixUpdate(s.as(bo), 1, s.inc.LastUpdate, "eins") }), "the words of an update",
		},
		"following": {nil, ok(func(s *stage) (ev, error) { return s.inc.Follow(s.as(bo), false) }), "following"},
		"unfollowing": {
			ok(func(s *stage) (ev, error) { return s.inc.Follow(s.as(bo), false) }),
			ok(func(s *stage) (ev, error) { return s.inc.Unfollow(s.as(bo), false) }), "unfollowing",
		},
		"a reminder": {nil, ok(func(s *stage) (ev, error) { return s.inc.Remind(s.as(bo), s.now.Add(time.Hour), "") }), "a reminder"},
		"a silence":  {nil, ok(func(s *stage) (ev, error) { return s.inc.Snooze(s.as(bo), "update", time.Time{}) }), "a silence"},
		"a longer silence": {
			ok(func(s *stage) (ev, error) { return s.inc.Snooze(s.as(ann), "", s.now.Add(time.Hour)) }),
			ok(func(s *stage) (ev, error) { return s.inc.Snooze(s.as(bo), "", time.Time{}) }), "a silence",
		},
		"a note":     {nil, ok(note), "a note"},
		"a decision": {nil, ok(func(s *stage) (ev, error) { return s.inc.Decide(s.as(bo), "roll back") }), "a decision"},
		"a link":     {nil, ok(func(s *stage) (ev, error) { return s.inc.Link(s.as(bo), "https://x.example.com", "") }), "a link"},
		"a capture":  {nil, ok(func(s *stage) (ev, error) { return s.inc.Capture(s.as(bo), spoken("x"), "pin", false) }), "a capture"},
		"an edit": {
			ok(note), ok(func(s *stage) (ev, error) { return s.inc.Edit(s.as(bo), s.recs[1], "disk nearly full") }), "an edit",
		},
		"a strike": {ok(note), ok(func(s *stage) (ev, error) { return s.inc.Strike(s.as(bo), s.recs[1]) }), "a strike"},
		"a struck capture": {
			ok(func(s *stage) (ev, error) { return s.inc.Capture(s.as(ann), spoken("x"), "pin", false) }),
			ok(func(s *stage) (ev, error) { return s.inc.Strike(s.as(bo), s.recs[1]) }), "a strike",
		},
		"a struck task": {
			ok(func(s *stage) (ev, error) { return s.inc.AddTask(s.as(ann), "restart", cy) }),
			ok(func(s *stage) (ev, error) { return s.inc.Strike(s.as(bo), s.recs[1]) }), "a strike",
		},
		"a struck checklist of which one task is done": {
			func(s *stage) {
				list := s.ok(s.inc.AddChecklist(s.as(ann), "payments", s.policy))[0]
				s.ok(s.inc.Done(s.as(ann), incident.ItemOf(list, 2, nil)))
			},
			ok(func(s *stage) (ev, error) { return s.inc.Strike(s.as(bo), s.recs[1]) }), "a strike",
		},
		"a task":      {nil, ok(func(s *stage) (ev, error) { return s.inc.AddTask(s.as(bo), "restart", cy) }), "a task"},
		"an action":   {nil, ok(func(s *stage) (ev, error) { return s.inc.AddAction(s.as(bo), "alert", cy, time.Time{}) }), "an action item"},
		"a checklist": {nil, ok(func(s *stage) (ev, error) { return s.inc.AddChecklist(s.as(bo), "payments", s.policy) }), "a checklist"},
		"a task done": {
			ok(func(s *stage) (ev, error) { return s.inc.AddTask(s.as(ann), "restart", cy) }),
			ok(func(s *stage) (ev, error) { return s.inc.Done(s.as(bo), incident.ItemOf(s.recs[1], 1, nil)) }), "a task done",
		},
		"an action item done": {
			ok(func(s *stage) (ev, error) { return s.inc.AddAction(s.as(ann), "alert", cy, time.Time{}) }),
			ok(func(s *stage) (ev, error) { return s.inc.Done(s.as(bo), incident.ItemOf(s.recs[1], 1, nil)) }), "a task done",
		},
		"the end": {nil, ok(func(s *stage) (ev, error) { return s.inc.Resolve(s.as(bo), "rolled back") }), "the end"},
		"the end after monitoring": {
			ok(func(s *stage) (ev, error) { return s.inc.SetStatus(s.as(ann), incident.Monitoring, "", s.policy) }),
			ok(func(s *stage) (ev, error) { return s.inc.Resolve(s.as(bo), "rolled back") }), "the end",
		},
		"a cancellation": {nil, ok(func(s *stage) (ev, error) { return s.inc.Cancel(s.as(bo), incident.Expected, "it was planned") }), "the end"},
		"a close": {
			ok(func(s *stage) (ev, error) { return s.inc.Resolve(s.as(ann), "rolled back") }),
			ok(func(s *stage) (ev, error) { return s.inc.Close(s.as(bo), "done") }), "the close",
		},
		"a re-open": {
			func(s *stage) {
				s.ok(s.inc.SetStatus(s.as(ann), incident.Monitoring, "", s.policy))
				s.wait(time.Minute)
				s.ok(s.inc.Resolve(s.as(ann), "rolled back"))
				s.wait(time.Minute)
			},
			ok(func(s *stage) (ev, error) { return s.inc.Reopen(s.as(bo), "back", s.policy) }), "a re-open",
		},
		"a re-open of a closed one": {
			func(s *stage) {
				s.ok(s.inc.Resolve(s.as(ann), "rolled back"))
				s.ok(s.inc.Close(s.as(cy), ""))
			},
			ok(func(s *stage) (ev, error) { return s.inc.Reopen(s.as(bo), "back", s.policy) }), "a re-open",
		},
		"a re-open of a cancelled one": {
			ok(func(s *stage) (ev, error) { return s.inc.Cancel(s.as(cy), incident.Duplicate, "of another") }),
			ok(func(s *stage) (ev, error) { return s.inc.Reopen(s.as(bo), "back", s.policy) }), "a re-open",
		},
	}
}

func TestUndoBringsBackWhatPeopleSaw(t *testing.T) {
	t.Parallel()
	for name, c := range undoable() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			if c.before != nil {
				c.before(s)
			}
			s.wait(time.Minute)
			want := visible(s)
			c.change(s)
			who := s.actor.Person
			s.wait(14 * time.Minute)
			done := s.undo(who)
			last, ok := done[len(done)-1].Event.(incident.Undone)
			if !ok || last.What != c.what {
				t.Errorf("took back %+v, want %q", last, c.what)
			}
			if diff := cmp.Diff(want, visible(s), sameWords()); diff != "" {
				t.Errorf("undo did not bring back what was there (-before +after):\n%s", diff)
			}
			s.no(s.inc.Undo(s.as(who), s.last(who))).with(conflict, "nothing to undo")
		})
	}
}

func TestUndoOfATimelineEntryShowsIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Note(s.as(bo), "first", time.Time{}))
	s.ok(s.inc.Edit(s.as(bo), s.recs[1], "second"))
	s.undo(bo)
	e := incident.Entries(s.recs)[1]
	if got := plain(e.Sentence); got != "Bo noted: “first”" || !e.Edited {
		t.Errorf("after the undo of an edit it reads %q", got)
	}
	s.ok(s.inc.Strike(s.as(bo), s.recs[1]))
	s.undo(bo)
	if incident.Entries(s.recs)[1].Struck {
		t.Error("after the undo of a strike it is still struck out")
	}
}

func TestUndoRefusesWhatHasLeftTheHouse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(s *stage)
		says string
	}{
		"a declare": {func(*stage) {}, "Cancel the incident instead"},
		"an update": {func(s *stage) { s.ok(s.inc.PostUpdate(s.as(ann), "x", time.Time{}, false, s.policy)) }, "Correct it instead"},
		"an answer to a page": {func(s *stage) {
			s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
			s.ok(s.inc.Acknowledge(s.as(ann), ""))
		}, "has left the house"},
		"an escalation": {func(s *stage) {
			s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
			s.ok(s.inc.Escalate(s.as(ann), ""))
		}, "has left the house"},
		"a room adopted": {func(s *stage) { s.ok(s.inc.Adopt(s.as(ann), incident.Room{Platform: "console", ID: "x"})) }, "cannot be undone"},
		"a retry": {func(s *stage) {
			s.byHouse(s.inc.Park(incident.EffectParked{Job: "j"}))
			s.ok(s.inc.RetryEffect(s.as(ann), "j"))
		}, "has left the house"},
		"a merge": {func(s *stage) {
			other := s.inc
			other.ID, other.Number = "inc2", 7
			mine, _, err := s.inc.MergeInto(s.as(ann), other)
			s.ok(mine, err)
		}, "Re-open the incident instead"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			c.do(s)
			s.no(s.inc.Undo(s.as(ann), s.last(ann))).with(conflict, c.says)
		})
	}
}

func TestUndoIsForOnesOwnNewestChangeOfAQuarterHour(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.no(s.inc.Undo(s.as(bo), nil)).with(conflict, "You changed nothing in INC-142")
	s.ok(s.inc.Rename(s.as(bo), "one"))
	first := s.last(bo)
	s.no(s.inc.Undo(s.as(cy), first)).with(conflict, "You changed nothing")
	s.ok(s.inc.SetImpact(s.as(bo), "orders fail"))
	s.no(s.inc.Undo(s.as(bo), first)).with(conflict, "Only your newest change")
	s.no(s.inc.Undo(s.as(bo), nil)).with(conflict, "Only your newest change")
	s.wait(incident.UndoWindow + time.Second)
	s.no(s.inc.Undo(s.as(bo), s.last(bo))).with(conflict, "last 15 minutes")
}

func TestUndoLeavesAloneWhatSomebodyElseChangedSince(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Rename(s.as(bo), "one"))
	s.ok(s.inc.Rename(s.as(cy), "two"))
	s.no(s.inc.Undo(s.as(bo), s.last(bo))).with(conflict, "changed again since")
	s.ok(s.inc.Take(s.as(bo), "", s.policy))
	s.ok(s.inc.Assign(s.as(cy), incident.Commander, dee, s.policy))
	s.no(s.inc.Undo(s.as(bo), s.last(bo))).with(conflict, "changed again since")
	note := s.ok(s.inc.Note(s.as(bo), "a", time.Time{}))[0]
	s.ok(s.inc.Edit(s.as(bo), note, "b"))
	s.ok(s.inc.Edit(s.as(cy), note, "c"))
	s.no(s.inc.Undo(s.as(bo), s.last(bo))).with(conflict, "changed again since")
	s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev3, "", s.policy))
	s.wait(time.Minute)
	s.ok(s.inc.PostUpdate(s.as(cy), "x", s.now.Add(7*time.Minute), false, s.policy))
	s.undo(bo)
	if !s.inc.NextUpdate.Equal(s.now.Add(7 * time.Minute)) {
		t.Error("undo of a severity took a newer promise back")
	}
}

func TestUndoOfASeverityLeavesItsPagesStanding(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.SetSeverity(s.as(bo), incident.Sev1, "", s.policy))
	s.undo(bo)
	if s.inc.Severity != incident.SevUnset || len(s.inc.Pages) != 1 || !s.inc.Pages[0].Ringing() {
		t.Errorf("severity %v, pages %+v", s.inc.Severity, s.inc.Pages)
	}
}

func TestUndoOfARoleTakesTheFirstAnswerBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.wait(time.Minute)
	s.ok(s.inc.Take(s.as(bo), "", s.policy))
	if s.inc.Milestones.Acknowledged.IsZero() {
		t.Fatal("a role taken by somebody else is the first answer")
	}
	s.undo(bo)
	if !s.inc.Milestones.Acknowledged.IsZero() {
		t.Error("taken back, it still counts as an answer")
	}
	s.ok(s.inc.Page(s.as(ann), team("shop"), "", ""))
	s.ok(s.inc.Acknowledge(s.as(cy), ""))
	at := s.inc.Milestones.Acknowledged
	s.wait(time.Minute)
	s.ok(s.inc.Take(s.as(bo), "", s.policy))
	s.undo(bo)
	if !s.inc.Milestones.Acknowledged.Equal(at) {
		t.Error("the undo of a later role moved the first answer")
	}
}

func TestSeveralPeopleUndoEachTheirOwn(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.Rename(s.as(bo), "renamed"))
	s.ok(s.inc.SetImpact(s.as(cy), "orders fail"))
	s.byHouse(s.inc.OpenRoom(incident.Room{Platform: "console", ID: "r"}))
	s.undo(bo)
	s.undo(cy)
	if s.inc.Title.Words != "checkout is failing" || !s.inc.Impact.Empty() {
		t.Errorf("title %q, impact %q", s.inc.Title.Words, s.inc.Impact.Words)
	}
	if fault.KindOf(nilUndo(s)) != conflict {
		t.Error("the house's own records can be undone")
	}
}

func nilUndo(s *stage) error {
	_, err := s.inc.Undo(s.as(incident.House), s.recs[len(s.recs)-1:])
	return err
}
