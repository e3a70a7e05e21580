package incident_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident"
)

func TestJSONNeverHoldsWords(t *testing.T) {
	t.Parallel()
	s := openAs(t, incident.Declaration{Title: "SECRETWORD title", Fields: map[string]string{"Ticket": "SECRETWORD"}})
	s.ok(s.inc.SetImpact(s.as(bo), "SECRETWORD impact"))
	s.ok(s.inc.Take(s.as(bo), "", s.policy))
	s.ok(s.inc.OfferHandover(s.as(bo), "", cy, "SECRETWORD"))
	s.ok(s.inc.Page(s.as(bo), team("shop"), "SECRETWORD", ""))
	task := s.ok(s.inc.AddTask(s.as(bo), "SECRETWORD", ""))[0]
	s.ok(s.inc.PostUpdate(s.as(bo), "SECRETWORD", time.Time{}, false, s.policy))
	note := s.ok(s.inc.Note(s.as(bo), "SECRETWORD", time.Time{}))[0]
	s.ok(s.inc.Edit(s.as(bo), note, "SECRETWORD too"))
	s.ok(s.inc.Strike(s.as(bo), task))
	s.ok(s.inc.Resolve(s.as(bo), "SECRETWORD"))
	written := []any{s.inc, s.inc.Summary()}
	for _, r := range s.recs {
		written = append(written, r.Event)
	}
	for _, v := range written {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "SECRETWORD") {
			t.Errorf("words of a person in %s", b)
		}
	}
}

func TestRecordGivesEachTextItsPlace(t *testing.T) {
	t.Parallel()
	events := []incident.Event{
		incident.Renamed{Title: incident.Text{Words: "new"}, Before: incident.Text{Author: ann, Words: "old", Ref: "1.0"}},
		incident.Dated{At: noon().Add(-time.Hour), Event: incident.NoteAdded{Text: incident.Text{Words: "x"}}},
		incident.EntryStruck{Entry: 3, Lines: []incident.TaskLine{{Item: 1}, {Item: 2, Text: incident.Text{Author: cy, Words: "y"}}}},
	}
	meta := incident.Meta{Recorded: noon(), Actor: bo, Account: "a", Key: "k", Policy: "p"}
	recs := incident.Record("incident/x", 7, meta, events)
	renamed := recs[0].Event.(incident.Renamed)
	if renamed.Title.Ref != "8.0" || renamed.Title.Author != bo || renamed.Before.Ref != "8.1" || renamed.Before.Author != ann {
		t.Errorf("renamed %+v", renamed)
	}
	if !recs[1].Happened.Equal(noon().Add(-time.Hour)) || !recs[1].Recorded.Equal(noon()) || recs[1].Version != 9 {
		t.Errorf("dated %+v", recs[1])
	}
	if line := recs[2].Event.(incident.EntryStruck).Lines[1]; line.Text.Ref != "10.0" || line.Text.Author != cy {
		t.Errorf("line %+v", line)
	}
	if given := events[2].(incident.EntryStruck).Lines[1].Text.Ref; given != "" {
		t.Error("Record changed the events it was given")
	}
	if recs[0].Key != "k" || recs[0].Policy != "p" || recs[0].Account != "a" || recs[0].Shape != 1 || recs[0].Stream != "incident/x" {
		t.Errorf("envelope %+v", recs[0])
	}
}

func TestErasedWordsAreGoneAndTheEventStays(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.SetImpact(s.as(bo), "orders fail"))
	s.ok(s.inc.AddTask(s.as(bo), "restart", ""))
	s.ok(s.inc.AddTask(s.as(cy), "watch", ""))
	s.as(incident.House)
	before := s.inc
	for ref, text := range s.words {
		if text.Author == bo {
			text.Words, text.Erased = "", true
			s.words[ref] = text
		}
	}
	s.commit([]incident.Event{incident.Erased{Person: bo, Texts: 2}})
	s.tells("The words of Bo were erased")
	if s.inc.Impact.String() != incident.ErasedWords || s.inc.OpenTasks[0].Words() != incident.ErasedWords || s.inc.OpenTasks[1].Words() != "watch" || s.inc.Title.Words == "" {
		t.Errorf("impact %q, tasks %v", s.inc.Impact.String(), s.inc.OpenTasks)
	}
	if before.OpenTasks[0].Words() != "restart" {
		t.Error("folding changed the state before it")
	}
	for ref, text := range s.words {
		text.Words, text.Erased = "", true
		s.words[ref] = text
	}
	s.commit([]incident.Event{incident.Erased{Texts: 3}})
	s.tells("All words were erased")
	if s.inc.Title.String() != incident.ErasedWords {
		t.Errorf("title %q", s.inc.Title.String())
	}
}

func TestFoldingNeverTouchesTheStateBefore(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.ok(s.inc.AddChecklist(s.as(bo), "payments", s.policy))
	s.ok(s.inc.AddService(s.as(bo), "checkout", s.policy))
	s.ok(s.inc.Page(s.as(bo), team("shop"), "", ""))
	s.byHouse(s.inc.OpenRoom(incident.Room{Platform: "console", ID: "r"}))
	s.ok(s.inc.Take(s.as(bo), incident.Scribe, s.policy))
	b, err := json.Marshal(s.inc)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range incident.Kinds() {
		e := filled(k.Zero)
		_ = s.inc.Apply(incident.Recorded{Version: s.inc.Head + 1, Recorded: s.now, Actor: cy, Event: e})
		after, err := json.Marshal(s.inc)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(b), string(after)); diff != "" {
			t.Fatalf("%s changed the state it was applied to:\n%s", k.Name, diff)
		}
	}
}

func TestIDsComeFromTheKey(t *testing.T) {
	t.Parallel()
	a, b := incident.IDFor("slack/T1/1"), incident.IDFor("slack/T1/2")
	if a == b || a != incident.IDFor("slack/T1/1") || len(a) != 20 {
		t.Errorf("ids %q and %q", a, b)
	}
	if id, ok := a.Stream().Incident(); !ok || id != a {
		t.Errorf("stream %q", a.Stream())
	}
	if _, ok := incident.Stream("person/x").Incident(); ok {
		t.Error("a person's stream is no incident")
	}
}
