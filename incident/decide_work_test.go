package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident"

	"github.com/google/go-cmp/cmp"
)

func TestTasksAndActionsCountTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.AddTask(s.as(bo), "restart the queue", cy))
	s.tells("Bo added task 1: “restart the queue”, for Cy")
	action := s.ok(s.inc.AddAction(s.as(bo), "alert on queue length", dee, s.now.Add(48*time.Hour)))[0]
	s.tells("Bo added action item 2: “alert on queue length”, owned by Dee, due 27 Nov 12:00")
	s.ok(s.inc.AddTask(s.as(bo), "watch it", ""))
	if s.inc.Items != 3 || s.inc.TasksOpen != 2 || s.inc.ActionsN != 1 {
		t.Errorf("items %d, tasks %d, actions %d", s.inc.Items, s.inc.TasksOpen, s.inc.ActionsN)
	}
	want := incident.Item{
		ID: 2, Action: true, Text: action.Event.(incident.ActionAdded).Text, Who: dee, Due: s.now.Add(48 * time.Hour),
		Added: action.Version, At: s.now, By: bo,
	}
	if diff := cmp.Diff(want, incident.ItemOf(action, 2, nil)); diff != "" {
		t.Errorf("the item (-want +got):\n%s", diff)
	}
	s.no(s.inc.AddTask(s.as(bo), "", "")).with(invalid, "task is empty")
	s.no(s.inc.AddAction(s.as(bo), strings.Repeat("x", 501), "", time.Time{})).with(invalid, "at most 500")
	s.no(s.inc.AddAction(s.as(bo), "x", "", s.now)).with(invalid, "due date lies in the past", "due:friday")
}

func TestDone(t *testing.T) {
	t.Parallel()
	s := open(t)
	task := s.ok(s.inc.AddTask(s.as(bo), "restart the queue", cy))[0]
	action := s.ok(s.inc.AddAction(s.as(bo), "alert on it", "", time.Time{}))[0]
	done := s.ok(s.inc.Done(s.as(cy), incident.ItemOf(task, 1, nil)))[0]
	s.tells("Cy did task 1: “restart the queue”")
	s.wait(4 * time.Minute)
	it := incident.ItemOf(task, 1, &done)
	if !it.Done || it.DoneBy != cy || !it.DoneAt.Equal(noon()) {
		t.Errorf("item %+v", it)
	}
	s.no(s.inc.Done(s.as(dee), it)).with(conflict, "{person:p-cy} did 1 already, 4 min ago")
	s.no(s.inc.Done(s.as(dee), incident.ItemOf(task, 1, nil))).with(conflict, "done or struck out")
	s.no(s.inc.Done(s.as(dee), incident.Item{ID: 7})).with(notFound, "no task or action item 7")
	s.ok(s.inc.Done(s.as(dee), incident.ItemOf(action, 2, nil)))
	s.tells("Dee did action item 2: “alert on it”")
	if s.inc.TasksOpen != 0 || s.inc.ActionsN != 0 {
		t.Errorf("open: %d tasks, %d actions", s.inc.TasksOpen, s.inc.ActionsN)
	}
	if done.Event.(incident.ItemDone).Line.Text.Author != bo {
		t.Error("the words of a task done belong to somebody else now")
	}
}

func TestChecklists(t *testing.T) {
	t.Parallel()
	s := open(t)
	list := s.ok(s.inc.AddChecklist(s.as(bo), "Payments", s.policy))[0]
	s.tells("Bo put on the checklist payments, tasks 1 to 3")
	s.no(s.inc.AddChecklist(s.as(bo), "payments", s.policy)).with(conflict, "has the checklist payments already")
	s.no(s.inc.AddChecklist(s.as(bo), "cooking", s.policy)).with(notFound, "first steps, payments")
	s.no(s.inc.AddChecklist(s.as(bo), "x", incident.DefaultPolicy())).with(notFound, "has no checklists")
	it := incident.ItemOf(list, 2, nil)
	if it.Text.Words != "check the ledger" || it.List != "payments" || it.Action {
		t.Errorf("item %+v", it)
	}
	s.ok(s.inc.Done(s.as(bo), it))
	s.tells("Bo did task 2: check the ledger")
	if s.inc.TasksOpen != 2 || len(s.inc.OpenTasks) != 2 || s.inc.OpenTasks[1].Words() != "check refunds" {
		t.Errorf("open tasks %+v", s.inc.OpenTasks)
	}
	if beyond := incident.ItemOf(list, 9, nil); beyond.Text.Words != "" {
		t.Errorf("an item beyond the list reads %q", beyond.Text.Words)
	}
}

func TestTheCardShowsTheOldestFiveTasks(t *testing.T) {
	t.Parallel()
	s := open(t)
	for k := range 7 {
		s.ok(s.inc.AddTask(s.as(bo), fmt.Sprintf("task %d", k+1), ""))
	}
	if len(s.inc.OpenTasks) != incident.MaxOpenTasks || s.inc.TasksOpen != 7 || s.inc.OpenTasks[4].Words() != "task 5" {
		t.Errorf("shown %+v of %d", s.inc.OpenTasks, s.inc.TasksOpen)
	}
	for n := range incident.ItemID(9) {
		if s.inc.IsOpenItem(n) != (n >= 1 && n <= 7) {
			t.Errorf("item %d open: %v", n, s.inc.IsOpenItem(n))
		}
	}
}

func TestItemsHaveALimit(t *testing.T) {
	t.Parallel()
	s := open(t)
	full := s.inc
	full.Items = incident.MaxItems
	s.no(full.AddTask(s.as(bo), "x", "")).with(invalid, "4000 tasks and action items already")
	s.no(full.AddChecklist(s.as(bo), "payments", s.policy)).with(invalid, "do not fit")
}
