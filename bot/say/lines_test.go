package say_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
)

// record puts an event into an envelope, with words in each of its texts.
func record(e incident.Event, words string) incident.Recorded {
	p := reflect.New(reflect.TypeOf(e))
	p.Elem().Set(reflect.ValueOf(e))
	fill(p.Elem(), words)
	return incident.Recorded{
		Stream: "incident/0123456789abcdef0123", Version: 5, Shape: 1, Happened: start(), Recorded: start(),
		Actor: "ann", Event: p.Elem().Interface().(incident.Event),
	}
}

// fill puts something into every field, as a fold would find it.
func fill(v reflect.Value, words string) {
	switch v.Kind() {
	case reflect.Struct:
		switch v.Interface().(type) {
		case incident.Text:
			v.Set(reflect.ValueOf(incident.Text{Author: "bo", Words: words, Ref: "5.0"}))
			return
		case time.Time:
			v.Set(reflect.ValueOf(start()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), words)
		}
	case reflect.Slice:
		one := reflect.New(v.Type().Elem()).Elem()
		fill(one, words)
		v.Set(reflect.Append(v, one))
	case reflect.String:
		if v.String() == "" {
			v.SetString("ann")
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(2)
	case reflect.Uint64:
		v.SetUint(2)
	case reflect.Bool, reflect.Uint8:
	default:
	}
}

func TestEveryEventHasItsSentence(t *testing.T) {
	t.Parallel()
	for _, k := range incident.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			r := record(k.Zero, "what a person wrote")
			words := chat.SpansText(say.Spans(incident.Sentence(r), voice(start())), chat.Paper{})
			if len(words) < 8 || strings.Contains(words, "{person:") {
				t.Errorf("the sentence reads %q", words)
			}
		})
	}
}

func TestLinesInTheRoom(t *testing.T) {
	t.Parallel()
	// Those without a line have a message of their own, change only the card,
	// or matter to one person.
	silent := map[string]bool{
		"declared": true, "room_opened": true, "room_archived": true, "announcement_posted": true, "adopted": true, "handover_offered": true,
		"page_requested": true, "page_accepted": true, "page_acknowledged": true, "page_escalated": true, "page_failed": true, "page_resolved": true,
		"page_seen": true, "page_reassigned": true, "responder_asked": true, "page_noted": true,
		"followed": true, "unfollowed": true, "reminder_set": true, "reminder_done": true, "nudge_snoozed": true, "message_captured": true,
		"capture_followed": true, "entry_edited": true, "entry_struck": true, "entry_restored": true, "effect_parked": true, "effect_retried": true,
		"zone_set": true, "erased": true, "member_added": true,
		"alerts_heard": true, "alerts_decided": true, "alerts_placed": true, "alerts_muted": true, "alerts_unmuted": true,
		"alerts_attached": true, "alerts_changed": true,
		"decision_made": true, "action_added": true, // these name the message that says it; see below
		"review_proposed": true, "review_started": true, "review_assigned": true, "review_due_set": true, "review_moved": true, "review_skipped": true,
		"review_line_edited": true, "review_line_added": true, "review_line_removed": true, "review_line_restored": true,
		"review_published": true, "review_suggestion_taken": true, "review_suggestion_dropped": true,
	}
	for _, k := range incident.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			t.Parallel()
			m, ok := say.Line(incident.Incident{Number: 7}, record(k.Zero, "w"), voice(start()))
			if ok == silent[k.Name] {
				t.Fatalf("a line is given: %v, want %v", ok, !silent[k.Name])
			}
			if ok && (len(m.Parts) != 1 || m.Summary == "" || strings.Contains(chat.Plaintext(m, chat.Paper{}), "\n")) {
				t.Errorf("it is not one line: %q", chat.Plaintext(m, chat.Paper{}))
			}
		})
	}
	invited := record(incident.MemberAdded{How: incident.Invited}, "")
	if _, ok := say.Line(incident.Incident{}, invited, voice(start())); !ok {
		t.Error("an invitation has no line")
	}
	if _, ok := say.Line(incident.Incident{}, incident.Recorded{Event: incident.Unknown{Type: "x"}}, voice(start())); ok {
		t.Error("what a newer tocsin wrote has a line")
	}
}

func TestHeadlines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		event incident.Event
		want  say.Headline
	}{
		{"raised to sev1", incident.SeveritySet{From: incident.Sev2, To: incident.Sev1}, say.Raised},
		{"set to sev2", incident.SeveritySet{To: incident.Sev2}, say.Raised},
		{"set to sev3", incident.SeveritySet{To: incident.Sev3}, ""},
		{"lowered to sev2", incident.SeveritySet{From: incident.Sev1, To: incident.Sev2}, ""},
		{"unset", incident.SeveritySet{From: incident.Sev3}, ""},
		{"resolved", incident.Resolution{}, say.Solved},
		{"re-opened", incident.Reopened{}, say.Reopened},
		{"cancelled", incident.Cancellation{}, ""},
		{"a note", incident.NoteAdded{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, ok := say.HeadlineOf(incident.Recorded{Event: tt.event}); got != tt.want || ok != (tt.want != "") {
				t.Errorf("it is %q (%v), want %q", got, ok, tt.want)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	home, away := voice(start()), voice(start())
	away.Link = ""
	path := incident.Address{Label: "announcement", URL: "/console/r/incidents"}
	tests := []struct {
		name    string
		voice   say.Voice
		address incident.Address
		want    chat.Span
	}{
		{"elsewhere", home, incident.Address{Label: "graph", URL: "https://g.example"}, chat.Link{Label: "graph", URL: "https://g.example"}},
		{"a path of the house", home, path, chat.Link{Label: "announcement", URL: "https://tocsin.example/console/r/incidents"}},
		{"a path nobody can follow", away, path, chat.Plain("announcement")},
		{"another host without a scheme", home, incident.Address{Label: "x", URL: "//evil.example"}, chat.Link{Label: "x", URL: "//evil.example"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := say.Spans([]incident.Part{tt.address}, tt.voice); len(got) != 1 || got[0] != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestTopicIsOneLineThatDoesNotGoStale(t *testing.T) {
	t.Parallel()
	at := func(change func(*incident.Incident)) incident.Incident {
		inc := begin(t, incident.Declaration{Title: "checkout \u202eis\nfailing", Severity: incident.Sev1}).inc
		change(&inc)
		return inc
	}
	tests := []struct {
		name string
		inc  incident.Incident
		want string
	}{
		{"while it is worked on", at(func(i *incident.Incident) { i.Status = incident.Identified }), "INC-142 · sev1 (critical) · checkout is failing"},
		{"while nobody knows how bad it is", at(func(i *incident.Incident) { i.Severity = incident.SevUnset }), "INC-142 · severity not set · checkout is failing"},
		{"a drill", at(func(i *incident.Incident) { i.Drill = true }), "DRILL · INC-142 · sev1 (critical) · checkout is failing"},
		{"resolved", at(func(i *incident.Incident) { i.Status = incident.Resolved }), "INC-142 · sev1 (critical) · resolved · checkout is failing"},
		{"closed", at(func(i *incident.Incident) { i.Status = incident.Closed }), "INC-142 · sev1 (critical) · closed · checkout is failing"},
		{"a drill that was cancelled", at(func(i *incident.Incident) { i.Status, i.Drill = incident.Cancelled, true }), "DRILL · INC-142 · sev1 (critical) · cancelled · checkout is failing"},
		{"merged", at(func(i *incident.Incident) { i.Status, i.MergedInto = incident.Merged, 2 }), "INC-142 · sev1 (critical) · merged into INC-2 · checkout is failing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := say.Topic(tt.inc, voice(start())); got != tt.want {
				t.Errorf("the topic is %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTopicStaysWhenTheWorkGoesOn(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	before := say.Topic(s.inc, s.voice())
	s = s.after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Take(a, incident.Commander, policy())
	}).after(time.Minute, "bo", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.SetStatus(a, incident.Monitoring, "", policy())
	})
	if got := say.Topic(s.inc, s.voice()); got != before || s.inc.Status != incident.Monitoring {
		t.Errorf("the topic became %q, it was %q", got, before)
	}
}

func TestMomentRepeatsDateTimeAndZone(t *testing.T) {
	t.Parallel()
	if got := say.Moment(start(), voice(start())); got != "Wed 25 Nov 15:05 CET" {
		t.Errorf("got %q", got)
	}
}

func TestAnInvitationIsPromisedOnlyWhereOneIsOwed(t *testing.T) {
	t.Parallel()
	here := incident.Room{Platform: room().Platform, ID: "C1", Name: "inc-7"}
	thread, gone, elsewhere := here, here, here
	thread.Thread, gone.Archived, elsewhere.Platform = "t1", true, "elsewhere"
	tests := []struct {
		name string
		inc  incident.Incident
		now  bool
		want string
	}{
		{"a room here", incident.Incident{Rooms: []incident.Room{here}}, true, "You take part in INC-7 now, and are being invited to its room, #inc-7."},
		{"who was there before", incident.Incident{Rooms: []incident.Room{here}}, false, "You take part in INC-7 already. Its room is #inc-7."},
		{"a thread", incident.Incident{Rooms: []incident.Room{thread}}, true, "You take part in INC-7 now. Its room is #inc-7."},
		{"an archived room", incident.Incident{Rooms: []incident.Room{gone}}, true, "You take part in INC-7 now. Its room is #inc-7."},
		{"a room on another platform", incident.Incident{Rooms: []incident.Room{elsewhere}}, true, "You take part in INC-7 now. Its room is #inc-7 on elsewhere."},
		{"one on another platform comes first", incident.Incident{Rooms: []incident.Room{elsewhere, here}}, true, "You take part in INC-7 now. Its room is #inc-7."},
		{"no room yet", incident.Incident{}, true, "You take part in INC-7 now. You are invited to its room once it is open."},
		{"a record of the past", incident.Incident{RecordOnly: true}, true, "You take part in INC-7 now. It has no room."},
		{"an end before the room came", incident.Incident{Status: incident.Cancelled}, true, "You take part in INC-7 now. It has no room."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.inc.Number = 7
			if tt.inc.Status == "" {
				tt.inc.Status = incident.Triage
			}
			m := say.Joined(tt.inc, tt.now, voice(start()))
			if got := strings.TrimSpace(chat.Plaintext(m, chat.Paper{})); got != tt.want {
				t.Errorf("it says %q, want %q", got, tt.want)
			}
		})
	}
}
