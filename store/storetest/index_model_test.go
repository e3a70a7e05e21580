package storetest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tocsin/incident"
	"tocsin/store"
	"tocsin/store/storetest"
)

// What anybody sees of incidents is held against the incidents themselves:
// random lives, and after each step lists, searches and counts, as nobody and as
// somebody.

type archive struct {
	s     *store.Store
	t     *testing.T
	now   time.Time
	ids   []incident.ID
	state map[incident.ID]incident.Incident
	words map[incident.ID]map[string]bool // that were planned
	late  []incident.Recorded             // not planned yet
	keys  int
}

func persons() []incident.PersonID { return []incident.PersonID{"p-ann", "p-bo", "p-cy"} }

func vocabulary() []string { return []string{"zebra", "quokka", "wombat"} }

func (a *archive) commit(t *rapid.T, id incident.ID, by incident.PersonID, events ...incident.Event) {
	a.keys++
	a.now = a.now.Add(time.Minute)
	key := fmt.Sprintf("key/%d", a.keys)
	o, err := a.s.Open(a.t.Context(), key, id.Stream())
	if err != nil {
		t.Fatal(err)
	}
	meta := incident.Meta{Recorded: a.now, Actor: by, Key: key}
	w := store.Write{Stream: id.Stream(), Head: o.Head, Token: o.Token, Before: o.State, Events: incident.Record(id.Stream(), o.Head, meta, events)}
	w.After = o.State.Fold(w.Events)
	c := store.Commit{Key: key, Asker: by, At: a.now, Writes: []store.Write{w}}
	if d, is := events[0].(incident.Declared); is {
		c.Number = d.Number
	}
	if _, err := a.s.Commit(a.t.Context(), c); err != nil {
		t.Fatal(err)
	}
	a.state[id] = w.After
	a.late = append(a.late, w.Events...)
}

func (a *archive) declare(t *rapid.T) {
	id := incident.IDFor(fmt.Sprint(len(a.ids)))
	a.ids = append(a.ids, id)
	a.words[id] = map[string]bool{}
	a.commit(t, id, a.anybody(t), incident.Declared{
		Number: incident.Number(len(a.ids)), Private: rapid.Bool().Draw(t, "private"),
		Title: incident.Text{Words: rapid.SampledFrom(vocabulary()).Draw(t, "title")},
	})
}

func (a *archive) anybody(t *rapid.T) incident.PersonID {
	return rapid.SampledFrom(persons()).Draw(t, "person")
}

func (a *archive) one(t *rapid.T) incident.Incident {
	if len(a.ids) == 0 {
		t.Skip("nothing was declared yet")
	}
	return a.state[rapid.SampledFrom(a.ids).Draw(t, "incident")]
}

func (a *archive) change(t *rapid.T) {
	i := a.one(t)
	by := a.anybody(t)
	var e incident.Event
	switch rapid.IntRange(0, 5).Draw(t, "change") {
	case 0:
		e = incident.PrivacySet{Private: !i.Private, Why: incident.Text{Words: "because"}}
	case 1:
		e = incident.MemberAdded{Person: by, How: incident.Invited}
	case 2:
		e = incident.MemberRemoved{Person: by}
	case 3:
		e = incident.Resolution{From: i.Status}
	case 4:
		e = incident.Reopened{From: i.Status, To: incident.Investigating, Why: incident.Text{Words: "again"}}
	default:
		e = incident.NoteAdded{Text: incident.Text{Words: rapid.SampledFrom(vocabulary()).Draw(t, "note")}}
	}
	a.commit(t, i.ID, by, e)
}

// plan plans some of the events that wait, in any order.
func (a *archive) plan(t *rapid.T) {
	if len(a.late) == 0 {
		t.Skip("nothing is unplanned")
	}
	var some []incident.Recorded
	for range rapid.IntRange(1, len(a.late)).Draw(t, "events") {
		i := rapid.IntRange(0, len(a.late)-1).Draw(t, "event")
		some = append(some, a.late[i])
		a.late = slices.Delete(a.late, i, i+1)
	}
	if err := a.s.Planned(a.t.Context(), a.now, some, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range some {
		id, _ := r.Stream.Incident()
		incident.MapTexts(r.Event, func(x *incident.Text) { a.words[id][x.Words] = true })
		if _, moved := r.Event.(incident.PrivacySet); moved { // moves every word of the incident
			for _, w := range a.said(t, id) {
				a.words[id][w] = true
			}
		}
	}
}

func (a *archive) said(t *rapid.T, id incident.ID) (words []string) {
	recs, err := a.s.Load(a.t.Context(), id.Stream(), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recs {
		incident.MapTexts(r.Event, func(x *incident.Text) { words = append(words, x.Words) })
	}
	return words
}

// seen is what a filter must give, newest first.
func (a *archive) seen(f store.Filter, word string) (out []incident.Number) {
	for _, id := range slices.Backward(a.ids) {
		i := a.state[id]
		hidden := i.Private && !i.Summary().VisibleTo(f.As)
		if hidden || (f.OnlyOpen && !i.Status.Open()) || (word != "" && !a.words[id][word]) {
			continue
		}
		if !f.From.IsZero() && i.DeclaredAt.Before(f.From) {
			continue
		}
		out = append(out, i.Number)
	}
	return out
}

// moving says whether the incident's words have yet to follow a change of its
// privacy: until that is planned they may not be found, and no more than that.
func (a *archive) moving(n incident.Number) bool {
	return slices.ContainsFunc(a.late, func(r incident.Recorded) bool {
		_, is := r.Event.(incident.PrivacySet)
		return is && r.Stream == a.ids[n-1].Stream()
	})
}

func numbersOf(sums []incident.Summary) (out []incident.Number) {
	for _, s := range sums {
		out = append(out, s.Number)
	}
	return out
}

func (a *archive) check(t *rapid.T) {
	equal := func(what string, want []incident.Number, got []incident.Summary, err error) {
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, numbersOf(got), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", what, diff)
		}
	}
	for _, as := range []incident.PersonID{"", rapid.SampledFrom(persons()).Draw(t, "as")} {
		for _, f := range []store.Filter{{As: as}, {As: as, OnlyOpen: true}, {As: as, From: a.now.Add(-5 * time.Minute)}} {
			got, err := a.s.List(a.t.Context(), f)
			equal(fmt.Sprintf("list %+v", f), a.seen(f, ""), got, err)
		}
		word := vocabulary()[a.keys%3]
		got, err := a.s.Search(a.t.Context(), word, store.Filter{As: as})
		may := a.seen(store.Filter{As: as}, "")
		for _, s := range got {
			if !slices.Contains(may, s.Number) {
				t.Fatalf("search %q as %q found %s, of which they may not know", word, as, s.Number)
			}
		}
		want := slices.DeleteFunc(a.seen(store.Filter{As: as}, word), a.moving)
		got = slices.DeleteFunc(got, func(s incident.Summary) bool { return a.moving(s.Number) })
		equal(fmt.Sprintf("search %q as %q", word, as), want, got, err)
	}
	hidden := 0
	for _, i := range a.state {
		if i.Private {
			hidden++
		}
	}
	if n, err := a.s.PrivateCount(a.t.Context()); err != nil || n != hidden {
		t.Fatalf("%d private ones are counted (%v), want %d", n, err, hidden)
	}
}

func TestEverybodySeesWhatTheyMay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := &archive{
			s: store.New(storetest.NewMemory(time.Now), store.Options{}), t: t,
			now:   time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC),
			state: map[incident.ID]incident.Incident{}, words: map[incident.ID]map[string]bool{},
		}
		rt.Repeat(map[string]func(*rapid.T){
			"":        a.check,
			"declare": a.declare,
			"change":  a.change,
			"more":    a.change,
			"plan":    a.plan,
		})
	})
}
