package exports_test

import (
	"testing"
	"time"

	"tocsin/incident/review/source"

	"github.com/google/go-cmp/cmp"
)

const exported = `[{"id":"abc","number":"INC-7","title":"docs are down","severity":"sev2","status":"resolved","services":["docs"],
 "declared_at":"2026-03-02T10:00:00Z","zone":"Europe/Berlin","people":[{"id":"p1","name":"ann","zone":"Europe/Berlin","roles":["incident commander"]}],
 "timeline":[
  {"entry":1,"happened_at":"2026-03-02T10:00:00Z","actor":"p1","name":"ann","event":"declared","text":"ann declared INC-7","fact":{"kind":"declared","by":"p1","words":"ann declared INC-7"}},
  {"entry":2,"happened_at":"2026-03-02T10:00:01Z","actor":"tocsin","event":"room_opened","text":"Room #x opened"},
  {"entry":3,"happened_at":"2026-03-02T10:01:00Z","actor":"p1","event":"message_captured","text":"ann said: disk is full","fact":{"kind":"captured","by":"p1","words":"disk is full","about":"m1772445660000000"}},
  {"entry":4,"happened_at":"2026-03-02T10:09:00Z","actor":"p1","event":"action_added","text":"…","struck":true,"fact":{"kind":"action","by":"p1","words":"add an alarm","owner":"p2","due":"2026-03-09T10:00:00Z","done":true}}],
 "moments":[{"id":"e9000002","of":"detection","at":"2026-03-02T10:00:00Z"}],
 "said":[
  {"id":"m1772445660000000","message":"17.1","room":"slack:C1","author":"p1","name":"ann","at":"2026-03-02T10:01:00Z","text":"disk is full","link":"https://x.example.org/17"},
  {"message":"17.0","room":"slack:C1","author":"p9","name":"zed","at":"2026-03-01T10:00:00Z","text":"of another incident"},
  {"id":"m1772445720000000","message":"17.2","thread":"17.1","room":"slack:C1","author":"p3","name":"cy","at":"2026-03-02T10:02:00Z","edited_at":"2026-03-02T10:03:00Z","text":"purging","files":[{"name":"a.png","type":"image/png"}]},
  {"id":"m1772445780000000","message":"17.3","room":"slack:C1","author":"p3","name":"cy","at":"2026-03-02T10:03:00Z","deleted":true,"text":"gone"}],
 "related":[{"number":"INC-3","title":"docs were down","why":"same service: docs"}]}]`

const older = `[{"id":"abc","number":"INC-7","title":"docs are down","severity":"unset","status":"resolved","declared_at":"2026-03-02T10:00:00Z",
 "timeline":[
  {"entry":1,"happened_at":"2026-03-02T10:00:00Z","actor":"p1","name":"ann","event":"declared","text":"ann declared INC-7"},
  {"entry":2,"happened_at":"2026-03-02T10:00:01Z","actor":"tocsin","name":"tocsin","event":"room_opened","text":"Room #x opened"},
  {"entry":3,"happened_at":"2026-03-02T10:04:00Z","actor":"p1","name":"ann","event":"note_added","text":"ann noted: disk is full"}],
 "said":[{"message":"17.1","room":"slack:C1","author":"p2","name":"bo","at":"2026-03-02T10:01:00Z","text":"disk is full"}]}]`

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAnExportOfTocsinBecomesAnInput(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time { return moment(t, "2026-03-02T"+s+"Z") }
	want := source.Input{
		ID: "abc", Number: "INC-7", Title: "docs are down", Severity: "sev2", Status: "resolved", Services: []string{"docs"},
		Zone: "Europe/Berlin", Declared: at("10:00:00"),
		People: []source.Person{{ID: "p1", Name: "ann", Zone: "Europe/Berlin", Roles: []string{"incident commander"}}, {ID: "p2", Name: "p2"}, {ID: "p3", Name: "cy"}},
		Messages: []source.Message{
			{ID: "m1772445660000000", At: at("10:01:00"), Author: "p1", Text: "disk is full", Link: "https://x.example.org/17", Place: "slack/C1/17.1"},
			{ID: "m1772445720000000", At: at("10:02:00"), Author: "p3", Text: "purging", Thread: "m1772445660000000", Edited: true, Place: "slack/C1/17.2", Files: []source.File{{Name: "a.png", Kind: "image/png"}}},
			{ID: "m1772445780000000", At: at("10:03:00"), Author: "p3", Deleted: true, Place: "slack/C1/17.3"},
		},
		Facts: []source.Fact{
			{ID: "e1", At: at("10:00:00"), By: "p1", Kind: source.Declared, Words: "ann declared INC-7"},
			{ID: "e9000002", At: at("10:00:00"), Kind: source.Milestone, Words: "detection"},
			{ID: "e3", At: at("10:01:00"), By: "p1", Kind: source.Captured, Words: "disk is full", About: "m1772445660000000"},
			{ID: "e4", At: at("10:09:00"), By: "p1", Kind: source.Action, Words: "add an alarm", Owner: "p2", Due: moment(t, "2026-03-09T10:00:00Z"), Done: true, Struck: true},
		},
		Related: []source.Related{{Number: "INC-3", Title: "docs were down", Why: "same service: docs"}},
	}
	if diff := cmp.Diff(want, read(t, folder("export.json", exported), "inc-7")); diff != "" {
		t.Error(diff)
	}
}

func TestAnExportOfAnOlderTocsinIsReadAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	in := read(t, folder("export.json", older), "")
	var kinds []source.Kind
	for _, f := range in.Facts {
		kinds = append(kinds, f.Kind)
	}
	if diff := cmp.Diff([]source.Kind{source.Declared, source.Note}, kinds); diff != "" {
		t.Error(diff)
	}
	if len(in.Messages) != 1 || in.Messages[0].ID != "m1772445660000000" || in.Severity != "" || len(in.People) != 2 {
		t.Errorf("%+v", in)
	}
}
