package bot_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/bot/policy"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// replica is one of several houses on a store.
type replica struct {
	t     *testing.T
	house *bot.House
	name  string
	asked int
}

func newReplica(t *testing.T, o *office, name string, sole bool) *replica {
	t.Helper()
	c, err := bot.ReadConfig([]string{"HOME=/nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := policy.Open("")
	if err != nil {
		t.Fatal(err)
	}
	h, err := bot.Build(t.Context(), bot.Parts{
		Practice: true,
		Config:   c, Store: o.store, Policy: kept, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Jitter: func() float64 { return 0.5 }, Owner: name, Sole: sole,
	})
	if err != nil {
		t.Fatal(err)
	}
	return &replica{t: t, house: h, name: name}
}

// says has somebody say a command in a room, and gives the kind and the words of the reply.
func (r *replica) says(who, room, text string) string {
	r.t.Helper()
	r.asked++
	reply := r.house.Handle(r.t.Context(), chat.Request{
		Key: fmt.Sprintf("%s/%d", r.name, r.asked), At: time.Now(), Text: text,
		User:  chat.User{Platform: "console", Workspace: "console", ID: who, Name: who},
		Place: chat.Place{Platform: "console", Room: room, Name: room},
	})
	words := chat.Plaintext(reply.Message, chat.Paper{})
	if reply.Kind != "" {
		return reply.Kind + ": " + words
	}
	return words
}

func (r *replica) want(want, who, room, text string) {
	r.t.Helper()
	if got := r.says(who, room, text); !strings.HasPrefix(got, want) {
		r.t.Errorf("%s says %q to %s in %s: %q, want %q …", who, text, r.name, room, got, want)
	}
}

func TestACommandOnAKnownIncidentAsksTheStoreOnce(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		o := newOffice(t)
		a := newReplica(t, o, "a", sole)
		a.want("INC-1", "ann", "general", "declare checkout is failing")
		a.want("This is a room of INC-1", "ann", "warroom", "adopt INC-1 confirm:yes")
		for _, one := range [][2]string{{"general", "note INC-1 one"}, {"warroom", "note two"}, {"warroom", "severity sev2"}} {
			reads, writes := o.fussy.reads.Load(), o.fussy.writes.Load()
			if got := a.says("ann", one[0], one[1]); strings.HasPrefix(got, "invalid") {
				t.Errorf("%s: %s", one[1], got)
			}
			if r, w := o.fussy.reads.Load()-reads, o.fussy.writes.Load()-writes; r != 0 || w != 1 {
				t.Errorf("sole=%t: %q in %s reads %d times and writes %d times", sole, one[1], one[0], r, w)
			}
		}
	}
}

func TestNobodyIsToldWhatAReplicaOnlyRemembers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := newReplica(t, o, "a", false), newReplica(t, o, "b", false)
	a.want("INC-1", "ann", "general", "declare somebody reads our mail")
	a.want("This is a room of INC-1", "ann", "warroom", "adopt INC-1 confirm:yes")
	a.want("On the timeline of INC-1", "bo", "general", "note INC-1 I see it too")
	never := a.says("bo", "general", "note INC-9 I see it too")
	if !strings.HasPrefix(never, fault.NotFound.String()) {
		t.Fatal(never)
	}
	if got := b.says("ann", "general", "private INC-1 on it is about a person"); strings.HasPrefix(got, "invalid") {
		t.Fatal(got)
	}
	for _, text := range []string{"note INC-1 more", "severity INC-1 sev2", "severity INC-1 wild", "take INC-1", "INC-1", "undo INC-1", "page INC-1 nobody-there"} {
		if got, like := a.says("bo", "general", text), a.says("bo", "general", strings.Replace(text, "INC-1", "INC-9", 1)); strings.ReplaceAll(got, "INC-1", "INC-9") != like {
			t.Errorf("%q is answered with %q, and of a number never given with %q", text, got, like)
		}
	}
	if got := a.says("bo", "warroom", "note more"); strings.Contains(got, "INC-1") || strings.Contains(got, "mail") {
		t.Errorf("in its room: %q", got)
	}
	a.want("On the timeline of INC-1", "ann", "warroom", "note still here")
	if n := len(o.events(idOf(t, o, 1))); n != 5 {
		t.Errorf("there are %d events, not 5", n)
	}
}

func TestARoomThatAnotherIncidentTookOverIsNotGuessedWrong(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		o := newOffice(t)
		a := newReplica(t, o, "a", sole)
		b := a
		if !sole {
			b = newReplica(t, o, "b", false)
		}
		a.want("INC-1", "ann", "general", "declare checkout is failing")
		a.want("INC-2", "ann", "general", "declare search is slow")
		a.want("This is a room of INC-1", "ann", "warroom", "adopt INC-1 confirm:yes")
		a.want("On the timeline of INC-1", "ann", "warroom", "note one")
		b.want("This is a room of INC-2", "ann", "warroom", "adopt INC-2 confirm:yes")
		a.want("On the timeline of INC-2", "ann", "warroom", "note two")
		a.want("On the timeline of INC-1", "ann", "warroom", "note INC-1 three")
		a.want("On the timeline of INC-2", "ann", "warroom", "note four")
	}
}

func TestTwoReplicasThatTakeTurnsKeepEveryWord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := newReplica(t, o, "a", false), newReplica(t, o, "b", false)
	a.want("INC-1", "ann", "general", "declare checkout is failing")
	a.want("This is a room of INC-1", "ann", "warroom", "adopt INC-1 confirm:yes")
	for range 5 {
		a.want("On the timeline of INC-1", "ann", "warroom", "note one")
		b.want("On the timeline of INC-1", "bo", "general", "note INC-1 two")
	}
	a.want("INC-1 is identified now", "ann", "warroom", "status identified it is the disk")
	b.want("conflict", "bo", "general", "status INC-1 identified it is the disk")
	if n := len(o.events(idOf(t, o, 1))); n != 13 {
		t.Errorf("there are %d events, not 13", n)
	}
}

func idOf(t *testing.T, o *office, n incident.Number) incident.ID {
	t.Helper()
	s, found, err := o.store.ByNumber(t.Context(), n)
	if err != nil || !found {
		t.Fatalf("%s: %v, %v", n, found, err)
	}
	return s.ID
}
