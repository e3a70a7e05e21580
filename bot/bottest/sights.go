package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/store"
)

// drawn is a message of the console as people read it.
type drawn struct {
	store.TalkMessage
	Message chat.Message
	Words   string
}

// rooms are the console's rooms.
func (s *Stage) rooms() []store.TalkRoom {
	s.t.Helper()
	all, err := s.store.TalkRooms(context.Background())
	s.must(err, "read the rooms")
	return all
}

// messages are a room's messages, oldest first.
func (s *Stage) messages(room string) []drawn {
	s.t.Helper()
	all, err := s.store.TalkMessages(context.Background(), room, "", 500)
	s.must(err, "read room "+room)
	var out []drawn
	for _, m := range all {
		if !m.Deleted {
			out = append(out, s.draw(m))
		}
	}
	return out
}

func (s *Stage) draw(m store.TalkMessage) drawn {
	d := drawn{TalkMessage: m, Words: m.Text}
	if len(m.Body) == 0 {
		return d
	}
	var kept struct {
		Message chat.Message `json:"message"`
	}
	s.must(json.Unmarshal(m.Body, &kept), "read a drawn message")
	d.Message = kept.Message
	d.Words = chat.Plaintext(kept.Message, chat.Paper{Zone: "UTC", Now: time.Now(), Command: "/incident"})
	return d
}

// Public is what everybody in a room sees.
func (s *Stage) Public(room string) []string {
	s.t.Helper()
	var out []string
	for _, m := range s.messages(room) {
		if m.Only == "" {
			out = append(out, m.Words)
		}
	}
	return out
}

// Only is the newest message that somebody alone sees, in any room.
func (s *Stage) Only(who string) string {
	s.t.Helper()
	var newest drawn
	for _, r := range s.rooms() {
		for _, m := range s.messages(r.ID) {
			if m.Only == who && !m.At.Before(newest.At) {
				newest = m
			}
		}
	}
	return newest.Words
}

// button finds the newest button of a label that somebody sees.
func (s *Stage) button(who, label string) (drawn, chat.Action) {
	s.t.Helper()
	var in drawn
	var found *chat.Action
	var labels []string
	for _, r := range s.rooms() {
		if r.Private && !slices.Contains(r.Members, who) {
			continue
		}
		for _, m := range s.messages(r.ID) {
			if m.Only != "" && m.Only != who {
				continue
			}
			for _, a := range actionsOf(m.Message) {
				labels = append(labels, a.Label)
				if a.Label == label && (found == nil || !m.At.Before(in.At)) {
					in, found = m, &a
				}
			}
		}
	}
	if found == nil {
		s.t.Fatalf("%s sees no button %q, only %q", who, label, labels)
	}
	return in, *found
}

// message finds the newest message of a room that holds some words.
func (s *Stage) message(room, words string) drawn {
	s.t.Helper()
	all := s.messages(room)
	for _, m := range slices.Backward(all) {
		if strings.Contains(m.Words, words) {
			return m
		}
	}
	s.t.Fatalf("nothing in %s holds %q:\n%s", room, words, strings.Join(s.Public(room), "\n---\n"))
	return drawn{}
}

// incident reads one by its number.
func (s *Stage) incident(n incident.Number) incident.Summary {
	s.t.Helper()
	sum, found, err := s.store.ByNumber(context.Background(), n)
	s.must(err, "read "+n.String())
	if !found {
		s.t.Fatalf("there is no %s", n)
	}
	return sum
}

// roomOf is the id of a room by its name, or of an incident's room.
func (s *Stage) roomOf(name string) string {
	s.t.Helper()
	var n incident.Number
	if _, err := fmt.Sscanf(name, "INC-%d", (*int)(&n)); err == nil {
		sum := s.incident(n)
		if len(sum.Rooms) == 0 {
			s.t.Fatalf("%s has no room", name)
		}
		return sum.Rooms[0].ID
	}
	return s.town.roomID(name)
}

// Timeline is an incident's timeline, a sentence a line.
func (s *Stage) Timeline(n incident.Number) []string {
	s.t.Helper()
	recs, err := s.store.Load(context.Background(), s.incident(n).ID.Stream(), 0, 0)
	s.must(err, "read the timeline")
	v := say.Voice{Command: "/incident", Zone: "UTC", Now: time.Now(), Policy: incident.DefaultPolicy(), Face: func(id incident.PersonID) say.Face {
		p, _, err := s.store.Person(context.Background(), id)
		s.must(err, "read a person")
		return say.Face{Name: p.Name}
	}}
	var out []string
	for _, e := range incident.Entries(recs) {
		line := chat.Plaintext(chat.Message{Parts: []chat.Part{chat.Text(say.Spans(e.Sentence, v))}}, chat.Paper{Zone: "UTC"})
		switch {
		case e.Struck:
			line = "[struck] " + line
		case e.Deleted:
			line = "[deleted] " + line
		}
		out = append(out, line)
	}
	return out
}
