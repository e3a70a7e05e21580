package bot_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/console"
	"tocsin/incident"
	"tocsin/incident/review"
	"tocsin/incident/review/source"
	"tocsin/store"
	"tocsin/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// drawnAs is a draft in every form.
func drawnAs(in source.Input) []string {
	d := review.Make(in)
	return []string{review.Markdown(d, review.CiteLinks), review.HTML(d), string(review.JSON(d))}
}

func TestADraftMadeAnewIsTheDraftOfEverything(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	ann, bo := w.met("ann"), w.met("bo")
	lines := []string{
		"checkout fails since 10:00 UTC for all customers", "is it the connection pool?", "graph: pool at 100 of 100", "I think the deploy of 09:50 did it",
		"let's roll back", "agreed, rolling back", "rolled back, errors are gone", "TODO: add an alarm on the pool, @bo",
	}
	kept := w.inputs() // lives through all of it, with whatever it keeps
	for n, words := range lines {
		who := []incident.PersonID{ann, bo}[n%2]
		m := w.hears(w.id, "warroom", time.Duration(n)*time.Minute, spokenBy(who, fmt.Sprintf("%d", n), words))
		switch n {
		case 2:
			w.hears(w.id, "warroom", -30*time.Minute, spokenBy(bo, "early", "read back later: deploying 4.1"))
		case 4:
			w.record(w.id, "late", func(incident.Incident) ([]incident.Event, error) {
				return []incident.Event{incident.Dated{At: m.At, Event: incident.MessageCaptured{
					Message: incident.MessageRef{Platform: console.Platform, Room: "warroom", ID: "1"}, Text: incident.Text{Author: bo, Words: lines[1]}, How: "pin",
				}}}, nil
			})
		case 5:
			m.Text.Words, m.EditedAt = "agreed, rolling back to 4.0", m.At.Add(time.Second)
			if err := w.store.Amend(t.Context(), w.id.Stream(), m); err != nil {
				t.Fatal(err)
			}
		}
		again, err := kept.Input(t.Context(), ann, w.id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(drawnAs(w.input(ann, w.id)), drawnAs(again)); diff != "" {
			t.Fatalf("after message %d: %s", n, diff)
		}
	}
	want := drawnAs(w.input(ann, w.id))
	if got := drawnAs(w.input(bo, w.id)); !cmp.Equal(want, got) {
		t.Errorf("another reader of a public incident reads another draft: %s", cmp.Diff(want, got))
	}
	var dump bytes.Buffer
	if _, err := w.store.Dump(t.Context(), &dump); err != nil {
		t.Fatal(err)
	}
	other := store.New(storetest.NewMemory(time.Now), store.Options{Now: time.Now})
	if _, err := other.Restore(t.Context(), time.Now(), bytes.NewReader(dump.Bytes())); err != nil {
		t.Fatal(err)
	}
	in, err := bot.NewReviewInputs(other, bot.NewPeople(other, time.Now)).Input(t.Context(), ann, w.id)
	if err != nil {
		t.Fatal(err)
	}
	if got := drawnAs(in); !cmp.Equal(want, got) {
		t.Errorf("a restored store gives another draft: %s", cmp.Diff(want, got))
	}
}
