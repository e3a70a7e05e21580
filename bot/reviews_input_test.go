package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/incident/review/source"
	"tocsin/store"

	"github.com/google/go-cmp/cmp"
)

// hears keeps a message of a room as it was said some time after the declare.
func (w *premises) hears(id incident.ID, room string, after time.Duration, m incident.Spoken) incident.Spoken {
	w.t.Helper()
	m.Room = incident.Room{Platform: console.Platform, ID: room, Name: room}
	m.At = w.declaredAt(id).Add(after)
	m.Text.Author = m.Author
	if err := w.store.Hear(w.t.Context(), id.Stream(), m); err != nil {
		w.t.Fatal(err)
	}
	return m
}

func (w *premises) declaredAt(id incident.ID) time.Time { return w.events(id)[0].Happened }

func (w *premises) inputs() bot.ReviewInputs { return bot.NewReviewInputs(w.store, w.people) }

// met makes a person of the console.
func (w *premises) met(who string) incident.PersonID {
	w.t.Helper()
	p, err := w.people.Meet(w.t.Context(), said(who, "0", "").User)
	if err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}

func (w *premises) input(as incident.PersonID, id incident.ID) source.Input {
	w.t.Helper()
	in, err := w.inputs().Input(w.t.Context(), as, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

func wordsOf(in source.Input) []string {
	var out []string
	for _, m := range in.Messages {
		out = append(out, m.Text)
	}
	return out
}

func spokenBy(who incident.PersonID, id, words string) incident.Spoken {
	return incident.Spoken{Message: id, Author: who, Text: incident.Text{Words: words}}
}

func TestAnInputHoldsWhatWasSaidAndRecorded(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	ann, bo := w.met("ann"), w.met("bo")
	first := w.hears(w.id, "warroom", time.Minute, spokenBy(ann, "1", "is it the pool? <@bo> password: hunter2hunter2"))
	reply := spokenBy(bo, "2", "no")
	reply.Thread = "1"
	w.hears(w.id, "warroom", 2*time.Minute, reply)
	gone := w.hears(w.id, "warroom", 3*time.Minute, spokenBy(bo, "3", "never mind"))
	gone.DeletedAt = gone.At.Add(time.Second)
	old := w.hears(w.id, "warroom", 4*time.Minute, spokenBy(bo, "4", "rolling bak"))
	old.Text.Words, old.EditedAt = "rolling back", old.At.Add(time.Second)
	for _, m := range []incident.Spoken{gone, old} {
		if err := w.store.Amend(t.Context(), w.id.Stream(), m); err != nil {
			t.Fatal(err)
		}
	}
	at := w.declaredAt(w.id)
	actor := incident.Actor{Person: ann, Account: "console", At: at.Add(5 * time.Minute), Zone: time.UTC, Reader: true}
	w.record(w.id, "k1", func(inc incident.Incident) ([]incident.Event, error) {
		return []incident.Event{
			incident.Dated{At: first.At, Event: incident.MessageCaptured{
				Message: incident.MessageRef{Platform: console.Platform, Room: "warroom", ID: "1"}, Text: incident.Text{Author: ann, Words: "is it the pool?"}, How: "pin",
			}},
			incident.Dated{At: at.Add(6 * time.Minute), Event: incident.ActionAdded{Item: 1, Text: incident.Text{Words: "add an alarm"}, Owner: bo, Due: at.Add(48 * time.Hour)}},
			incident.Dated{At: at.Add(7 * time.Minute), Event: incident.ItemDone{Item: 1, Action: true}},
			incident.Dated{At: at.Add(8 * time.Minute), Event: incident.UpdatePosted{Update: 1, Text: incident.Text{Words: "we are lookng"}}},
			incident.Dated{At: at.Add(9 * time.Minute), Event: incident.UpdateFixed{Update: 1, Text: incident.Text{Words: "we are looking"}}},
			incident.MilestoneSet{Milestone: incident.Started, At: at.Add(-time.Hour)},
		}, nil
	})
	in0 := from(string(ann), "k2", "decide roll back first")
	if _, err := w.desk.Change(t.Context(), in0, w.id, commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) { return inc.Decide(actor, "roll back first") },
		Reply:  func(incident.Incident, []incident.Recorded) chat.Reply { return words("decided") },
	}); err != nil {
		t.Fatal(err)
	}
	w.record(w.id, "k3", func(inc incident.Incident) ([]incident.Event, error) { return inc.Resolve(actor, "rolled back") })
	in := w.input("", w.id)

	if in.Number != "INC-1" || in.Title != "checkout is failing" || in.Status != "resolved" || !in.Declared.Equal(at) {
		t.Errorf("%s %q %s %s", in.Number, in.Title, in.Status, in.Declared)
	}
	if diff := cmp.Diff([]string{"is it the pool? @bo password: [redacted:password]", "no", "", "rolling back"}, wordsOf(in)); diff != "" {
		t.Error(diff)
	}
	m := in.Messages
	if m[1].Thread != m[0].ID || !m[2].Deleted || !m[3].Edited || m[3].Deleted {
		t.Errorf("thread, deletion or edit were not followed: %+v", m)
	}
	if diff := cmp.Diff([]source.Redaction{{Message: m[0].ID, Kind: "password"}}, in.Redacted); diff != "" {
		t.Error(diff)
	}
	kinds := map[source.Kind]source.Fact{}
	for _, f := range in.Facts {
		if f.Kind == source.Milestone {
			f.Kind = source.Kind(f.Words)
		}
		kinds[f.Kind] = f
	}
	if f := kinds[source.Captured]; f.About != m[0].ID || !f.At.Equal(m[0].At) || f.By != string(ann) {
		t.Errorf("the capture is %+v", f)
	}
	if f := kinds[source.Action]; f.Words != "add an alarm" || f.Owner != string(bo) || !f.Done || !f.Due.Equal(at.Add(48*time.Hour)) {
		t.Errorf("the action is %+v", f)
	}
	if f := kinds[source.Update]; f.Words != "we are looking" {
		t.Errorf("the update is %+v", f)
	}
	if f := kinds[source.Decision]; f.Words != "roll back first" || f.By != string(ann) {
		t.Errorf("the decision is %+v", f)
	}
	if f := kinds["impact_start"]; !f.At.Equal(at.Add(-time.Hour)) {
		t.Errorf("impact started %+v", f)
	}
	for _, k := range []source.Kind{source.Declared, source.Resolved, "detection", "resolution"} {
		if kinds[k].ID == "" {
			t.Errorf("there is no fact of kind %s", k)
		}
	}
	if !slices.ContainsFunc(in.People, func(p source.Person) bool { return p.ID == string(bo) && p.Name == "bo" }) {
		t.Errorf("people are %+v", in.People)
	}
	if diff := cmp.Diff(in, w.input("", w.id)); diff != "" {
		t.Errorf("read twice, it differs: %s", diff)
	}
}

func TestAPrivateIncidentHasNoInputForThoseWhoMayNotKnowOfIt(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	ann := incident.PersonID("ann")
	w.record(w.id, "k1", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.SetPrivate(incident.Actor{Person: ann, Account: "console", At: time.Now(), Zone: time.UTC, Reader: true}, true, "customers are named")
	})
	for _, as := range []incident.PersonID{"", "bo"} {
		_, err := w.inputs().Input(t.Context(), as, w.id)
		if fault.KindOf(err) != fault.NotFound || strings.Contains(err.Error(), "checkout") {
			t.Errorf("as %q: %v", as, err)
		}
	}
	if in := w.input(ann, w.id); !in.Private || in.Title == "" {
		t.Errorf("its member reads %+v", in)
	}
}

func TestWhatWasSaidLongBeforeBelongsOnlyWhenItWasCaptured(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.warroom()
	w.hears(w.id, "warroom", -3*time.Hour, spokenBy("bo", "0", "lunch?"))
	early := w.hears(w.id, "warroom", -150*time.Minute, spokenBy("bo", "1", "deploying checkout"))
	w.hears(w.id, "warroom", -time.Hour, spokenBy("bo", "2", "carts look odd"))
	w.hears(w.id, "warroom", 40*24*time.Hour, spokenBy("bo", "3", "a month later"))
	if diff := cmp.Diff([]string{"carts look odd", "a month later"}, wordsOf(w.input("", w.id))); diff != "" {
		t.Error(diff)
	}
	w.record(w.id, "k1", func(inc incident.Incident) ([]incident.Event, error) {
		return []incident.Event{incident.Dated{At: early.At, Event: incident.MessageCaptured{
			Message: incident.MessageRef{Platform: console.Platform, Room: "warroom", ID: "1"}, Text: early.Text, How: "pin",
		}}}, nil
	})
	in := w.input("", w.id)
	if diff := cmp.Diff([]string{"deploying checkout", "carts look odd", "a month later"}, wordsOf(in)); diff != "" {
		t.Error(diff)
	}
	ids := []string{in.Messages[1].ID, in.Messages[2].ID}
	w.hears(w.id, "warroom", -90*time.Minute, spokenBy("bo", "1b", "read back later"))
	in = w.input("", w.id)
	if got := []string{in.Messages[2].ID, in.Messages[3].ID}; !slices.Equal(got, ids) {
		t.Errorf("ids were %v and are %v after an older message was read back", ids, got)
	}
}

func TestARoomThatWasUsedTwiceGivesEachIncidentItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, usedTwice)
}

func usedTwice(t *testing.T) {
	w := newPremises(t)
	a := w.declare(w.desk, "ka", "checkout is failing")
	w.opened(a, "ops")
	w.hears(a, "ops", 0, spokenBy("ann", "1", "first trouble"))
	w.record(a, "kr", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.Resolve(incident.Actor{Person: "ann", Account: "console", At: time.Now(), Zone: time.UTC, Reader: true}, "")
	})
	time.Sleep(time.Hour)
	b := w.declare(w.desk, "kb", "search is slow")
	w.record(b, "room/ops/again", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.OpenRoom(incident.Room{Platform: console.Platform, ID: "ops", Name: "ops"})
	})
	// what a back-fill reads belongs to both streams
	shift := w.declaredAt(b).Sub(w.declaredAt(a))
	w.hears(b, "ops", -shift, spokenBy("ann", "1", "first trouble"))
	w.hears(b, "ops", time.Minute, spokenBy("ann", "2", "second trouble"))
	w.hears(a, "ops", shift+time.Minute, spokenBy("ann", "2", "second trouble"))
	if diff := cmp.Diff([]string{"first trouble"}, wordsOf(w.input("", a))); diff != "" {
		t.Errorf("the first: %s", diff)
	}
	if diff := cmp.Diff([]string{"second trouble"}, wordsOf(w.input("", b))); diff != "" {
		t.Errorf("the second: %s", diff)
	}
	if got := w.input("", b).Related; len(got) != 0 {
		t.Errorf("related to %+v", got)
	}
}

func TestRelatedIncidentsAreEarlierPublicOnes(t *testing.T) {
	t.Parallel()
	w := newPremises(t)
	w.declare(w.desk, "k1", "payment provider times out")
	secret := w.declare(w.desk, "k2", "payment provider leaks cards")
	w.record(secret, "kp", func(inc incident.Incident) ([]incident.Event, error) {
		return inc.SetPrivate(incident.Actor{Person: "ann", Account: "console", At: time.Now(), Zone: time.UTC, Reader: true}, true, "cards")
	})
	id := w.declare(w.desk, "k3", "payment provider is gone")
	w.declare(w.desk, "k4", "payment provider is gone again")
	want := []source.Related{{Number: "INC-1", Title: "payment provider times out", Why: "similar title"}}
	if diff := cmp.Diff(want, w.input("ann", id).Related); diff != "" {
		t.Error(diff)
	}
}

// newPremisesOn makes premises over another store.
func newPremisesOn(t *testing.T, s *store.Store) *premises {
	t.Helper()
	w := newPremises(t)
	w.store = s
	w.desk = w.office.desk(true)
	w.people = bot.NewPeople(s, time.Now)
	w.door = bot.NewDoor(w.people, incident.DefaultPolicy, nil)
	return w
}
