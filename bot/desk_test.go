package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func TestARepeatGetsTheStoredReplyByteForByte(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		o := newOffice(t)
		d := o.desk(sole)
		id := o.declare(d, "k0", "checkout is failing")
		in := from("bo", "k1", "note disk")
		first, err := d.Change(t.Context(), in, id, noting(in, "disk"))
		if got := told(t, first, err); !strings.HasPrefix(got, "noted as") {
			t.Fatal(got)
		}
		for range 3 {
			again, err := d.Change(t.Context(), in, id, noting(in, "disk"))
			if got := told(t, again, err); !again.Repeat || bytesOf(t, again) != bytesOf(t, first) {
				t.Errorf("a repeat gives %q", got)
			}
		}
		if n := len(o.events(id)); n != 2 {
			t.Errorf("there are %d events, not 2", n)
		}
	}
}

func TestARefusalIsKeptToo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	id := o.declare(d, "k0", "checkout is failing")
	ann, bo := from("ann", "k1", "resolve"), from("bo", "k2", "resolve")
	if r, err := d.Change(t.Context(), ann, id, resolving(ann)); err != nil || r.Kind != "" {
		t.Fatal(told(t, r, err))
	}
	first, err := d.Change(t.Context(), bo, id, resolving(bo))
	if got := told(t, first, err); first.Kind != "conflict" || !strings.Contains(got, "<ann>") {
		t.Errorf("the second to resolve is told %q", got)
	}
	re := from("ann", "k3", "reopen")
	if r, err := d.Change(t.Context(), re, id, commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) {
			return inc.Reopen(re.Actor, "not fixed", incident.DefaultPolicy())
		},
		Reply: func(incident.Incident, []incident.Recorded) chat.Reply { return words("re-opened") },
	}); err != nil || r.Kind != "" {
		t.Fatal(told(t, r, err))
	}
	again, err := d.Change(t.Context(), bo, id, resolving(bo))
	if got := told(t, again, err); !again.Repeat || bytesOf(t, again) != bytesOf(t, first) {
		t.Errorf("now that it would work, the repeat is told %q", got)
	}
}

func TestAKeyOfAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		o := newOffice(t)
		d := o.desk(sole)
		id := o.declare(d, "k0", "checkout is failing")
		in := from("bo", "k1", "note disk")
		if r, err := d.Change(t.Context(), in, id, noting(in, "disk")); err != nil {
			t.Fatal(told(t, r, err))
		}
		text, user, room, form := in, from("ann", "k1", "note disk"), in, in
		text.Request.Text = "note other"
		room.Request.Place.Room = "incidents"
		form.Request.Form = map[string]string{"a": "b"}
		for what, other := range map[string]commands.Input{"text": text, "user": user, "room": room, "form": form} {
			r, err := d.Change(t.Context(), other, id, noting(other, "x"))
			if fault.KindOf(err) != fault.Conflict {
				t.Errorf("with another %s: %s", what, told(t, r, err))
			}
			if r, found, err := d.Met(t.Context(), other); fault.KindOf(err) != fault.Conflict {
				t.Errorf("asked with another %s: %v %s", what, found, told(t, r, err))
			}
		}
		other := from("ann", "k0", "declare something else")
		if r, err := d.Declare(t.Context(), other, declaring(other, incident.Declaration{Title: "else"})); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a declare with a used key: %s", told(t, r, err))
		}
		if n := len(o.events(id)); n != 2 {
			t.Errorf("there are %d events, not 2", n)
		}
	}
}

func TestMetKnowsWhatWasSettled(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	id := o.declare(d, "k0", "checkout is failing")
	in := from("bo", "k1", "note disk")
	if _, found, err := d.Met(t.Context(), in); found || err != nil {
		t.Errorf("before: %v, %v", found, err)
	}
	first, err := d.Change(t.Context(), in, id, noting(in, "disk"))
	if err != nil {
		t.Fatal(err)
	}
	if r, found, err := d.Met(t.Context(), in); !found || !r.Repeat || bytesOf(t, r) != bytesOf(t, first) {
		t.Errorf("after: %v, %s", found, told(t, r, err))
	}
}

func TestAChangeOfWhatIsKeptNeedsOnlyItsCommit(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	id := o.declare(d, "k0", "checkout is failing")
	reads, writes := o.fussy.reads.Load(), o.fussy.writes.Load()
	for i := range 10 {
		in := from("bo", fmt.Sprint("n", i), "note x")
		if r, err := d.Change(t.Context(), in, id, noting(in, "x")); err != nil {
			t.Fatal(told(t, r, err))
		}
	}
	if r, w := o.fussy.reads.Load()-reads, o.fussy.writes.Load()-writes; r != 0 || w != 10 {
		t.Errorf("ten changes took %d reads and %d writes", r, w)
	}
}

func TestReplicasDecideAgainAndLoseNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	desks := []*bot.Desk{o.desk(false), o.desk(false), o.desk(false)}
	id := o.declare(desks[0], "k0", "checkout is failing")
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			in := from("bo", fmt.Sprint("n", i), "note x")
			if r, err := desks[i%3].Change(t.Context(), in, id, noting(in, "x")); err != nil || r.Kind != "" {
				t.Errorf("note %d: %s", i, told(t, r, err))
			}
		})
	}
	all.Wait()
	if n := len(o.events(id)); n != 61 {
		t.Errorf("there are %d events, not 61", n)
	}
}

func TestOfTwoWhoResolveOneWinsAndTheOtherIsToldWho(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := o.desk(false), o.desk(false)
	id := o.declare(a, "k0", "checkout is failing")
	in := from("bo", "warm", "note x")
	if r, err := b.Change(t.Context(), in, id, noting(in, "x")); err != nil { // so that both have a state in memory
		t.Fatal(told(t, r, err))
	}
	var got [2]string
	var all sync.WaitGroup
	for i, who := range []string{"ann", "bo"} {
		all.Go(func() {
			in := from(who, "r"+who, "resolve")
			r, err := []*bot.Desk{a, b}[i].Change(t.Context(), in, id, resolving(in))
			got[i] = told(t, r, err)
		})
	}
	all.Wait()
	slices.Sort(got[:])
	if got[1] != "resolved" || !strings.HasPrefix(got[0], "conflict: ") || !strings.Contains(got[0], "esolved by <") {
		t.Errorf("told: %q", got)
	}
}

func TestAPrivateIncidentIsANumberNeverGiven(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	in := from("ann", "k0", "declare")
	if r, err := d.Declare(t.Context(), in, declaring(in, incident.Declaration{Title: "secret", Private: true})); err != nil || r.Kind != "" {
		t.Fatal(told(t, r, err))
	}
	bo := from("bo", "k1", "note x")
	r, err := d.Change(t.Context(), bo, incident.IDFor("k0"), noting(bo, "x"))
	want := fault.Sentence(incident.NoSuch(1))
	if got := told(t, r, err); !strings.HasPrefix(got, "not_found: "+want) {
		t.Errorf("told %q, want %q", got, want)
	}
	if n := len(o.events(incident.IDFor("k0"))); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestAMergeChangesBothOrNeither(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	from1, into := o.declare(d, "k1", "payments are slow"), o.declare(d, "k2", "checkout is failing")
	in := from("bo", "m", "merge")
	pair := commands.PairDecision{
		Decide: func(a, b incident.Incident) ([]incident.Event, []incident.Event, error) {
			return a.MergeInto(in.Actor, b)
		},
		Reply: func(a, b incident.Incident) chat.Reply {
			return words(fmt.Sprintf("%s is %s, %s is %s", a.Number, a.Status, b.Number, b.Status))
		},
	}
	if r, err := d.Merge(t.Context(), in, into, into, pair); fault.KindOf(err) != fault.Invalid {
		t.Errorf("into itself: %s", told(t, r, err))
	}
	r, err := d.Merge(t.Context(), in, from1, into, pair)
	if got := told(t, r, err); got != "INC-1 is merged, INC-2 is triage" {
		t.Errorf("told %q", got)
	}
	r, err = d.Merge(t.Context(), in, from1, into, pair)
	if got := told(t, r, err); got != "again: INC-1 is merged, INC-2 is triage" {
		t.Errorf("repeated: %q", got)
	}
	if a, b := len(o.events(from1)), len(o.events(into)); a != 2 || b != 2 {
		t.Errorf("%d and %d events", a, b)
	}
}

func TestAZoneIsRecordedAndThenStands(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	p, err := o.store.Meet(t.Context(), incident.Account{Platform: "console", Workspace: "console", ID: "ann"}, store.Seen{Name: "Ann"})
	if err != nil {
		t.Fatal(err)
	}
	in := from("ann", "z", "zone Europe/Berlin")
	in.Person = p
	for _, want := range []string{"Berlin", "again: Berlin"} {
		r, err := d.SetZone(t.Context(), in, "Europe/Berlin", words("Berlin"))
		if got := told(t, r, err); got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	if p, _, err := o.store.Person(t.Context(), p.ID); p.Zone != "Europe/Berlin" {
		t.Errorf("the zone is %q (%v)", p.Zone, err)
	}
	recs, err := o.store.Load(t.Context(), incident.Stream("person/"+string(p.ID)), 0, 0)
	if err != nil || len(recs) != 1 {
		t.Errorf("%d events (%v)", len(recs), err)
	}
}

func TestWhatTheHouseRecordsIsRecordedOnce(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		o := newOffice(t)
		a, b := o.desk(sole), o.desk(sole)
		id := o.declare(a, "k0", "checkout is failing")
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				err := []*bot.Desk{a, b}[i%2].Record(t.Context(), id.Stream(), "job/1", func(inc incident.Incident) ([]incident.Event, error) {
					return []incident.Event{incident.RoomArchived{Room: incident.Room{Platform: "p", ID: "r"}}}, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if recs := o.events(id); len(recs) != 2 || recs[1].Actor != incident.House || recs[1].Key != "job/1" {
			t.Errorf("%d events", len(recs))
		}
		boom := errors.New("no")
		if err := a.Record(t.Context(), id.Stream(), "job/2", func(incident.Incident) ([]incident.Event, error) { return nil, boom }); !errors.Is(err, boom) {
			t.Errorf("a refusal came back as %v", err)
		}
	}
}

func TestStateIsTheNewest(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := o.desk(false), o.desk(false)
	id := o.declare(a, "k0", "checkout is failing")
	if _, err := b.State(t.Context(), id.Stream()); err != nil {
		t.Fatal(err)
	}
	in := from("bo", "k1", "note x")
	if r, err := a.Change(t.Context(), in, id, noting(in, "x")); err != nil {
		t.Fatal(told(t, r, err))
	}
	if inc, err := b.State(t.Context(), id.Stream()); err != nil || inc.Head != 2 {
		t.Errorf("another replica sees head %d (%v)", inc.Head, err)
	}
	if _, err := a.State(t.Context(), "incident/none"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a stream that is not there: %v", err)
	}
	a.Forget()
	if inc, err := a.State(t.Context(), id.Stream()); err != nil || inc.Head != 2 {
		t.Errorf("after forgetting: head %d (%v)", inc.Head, err)
	}
}

func TestAnAnswerThatWasErasedIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	d := o.desk(true)
	id := o.declare(d, "k0", "checkout is failing")
	bo, err := o.store.Meet(t.Context(), incident.Account{Platform: "console", Workspace: "console", ID: "bo"}, store.Seen{Name: "Bo"})
	if err != nil {
		t.Fatal(err)
	}
	in := from("bo", "k1", "note my secret")
	in.Person, in.Actor.Person = bo, bo.ID
	if r, err := d.Change(t.Context(), in, id, noting(in, "my secret")); err != nil {
		t.Fatal(told(t, r, err))
	}
	if _, err := o.store.Erase(t.Context(), time.Now(), store.Erasure{Person: bo.ID}); err != nil {
		t.Fatal(err)
	}
	d.Forget()
	r, err := d.Change(t.Context(), in, id, noting(in, "my secret"))
	if got := told(t, r, err); !r.Repeat || strings.Contains(got, "noted") || !strings.Contains(got, "erased") {
		t.Errorf("told %q", got)
	}
}
