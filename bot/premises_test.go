package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// premises are an office with its door, and what looks things up beside the desk.
type premises struct {
	*office
	desk    *bot.Desk
	people  *bot.People
	door    *bot.Door
	look    *bot.Look
	details *bot.Details
	sink    *bot.Sink
	id      incident.ID
	asked   []string
}

func newPremises(t *testing.T) *premises {
	t.Helper()
	w := &premises{office: newOffice(t)}
	w.desk = w.office.desk(true)
	w.people = bot.NewPeople(w.store, time.Now)
	w.door = bot.NewDoor(w.people, incident.DefaultPolicy, nil)
	w.look = bot.NewLook(w.store, w.desk)
	w.details = bot.NewDetails(w.store)
	w.sink = bot.NewSink(w.store, w.people, w.door, w.desk, w.handled)
	return w
}

// asker is a request of somebody in a room of the console.
func (w *premises) asker(who string, kind chat.UserKind, room, key string) commands.Input {
	w.t.Helper()
	in, err := w.door.Asker(w.t.Context(), chat.Request{
		Key: key, At: time.Now(), Place: chat.Place{Platform: console.Platform, Room: room},
		User: chat.User{Platform: console.Platform, Workspace: console.Workspace, ID: who, Name: who, Kind: kind},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return in
}

func (w *premises) record(id incident.ID, key string, decide func(incident.Incident) ([]incident.Event, error)) {
	w.t.Helper()
	if err := w.desk.Record(w.t.Context(), id.Stream(), key, decide); err != nil {
		w.t.Fatal(err)
	}
}

// opened gives an incident its room.
func (w *premises) opened(id incident.ID, room string) {
	w.t.Helper()
	w.record(id, "room/"+room, func(inc incident.Incident) ([]incident.Event, error) {
		return inc.OpenRoom(incident.Room{Platform: console.Platform, ID: room, Name: room})
	})
}

func capturing(in commands.Input, m incident.Spoken, already bool) commands.Decision {
	return commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) {
			return inc.Capture(in.Actor, m, "reaction", already)
		},
		Reply: func(incident.Incident, []incident.Recorded) chat.Reply { return words("captured") },
	}
}

// refuse lets nothing reach the database any more.
func refuse(o *office) {
	no := func(context.Context, store.Batch) error { return fault.New(fault.Unavailable, "away") }
	o.fussy.apply.Store(&no)
	o.fussy.away.Store(true)
}

// planAll takes everything off the feed, which also makes it searchable.
func planAll(t *testing.T, s *store.Store) {
	t.Helper()
	recs, err := s.Unplanned(t.Context(), time.Now().Add(time.Hour), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Planned(t.Context(), time.Now(), recs, nil); err != nil {
		t.Fatal(err)
	}
}

func isScrubbed(s string) bool {
	return strings.Contains(s, "[redacted") && !strings.Contains(s, "AKIAIOSFODNN7EXAMPLE") && !strings.ContainsRune(s, '\u202e')
}
