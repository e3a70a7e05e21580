package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Recorded is an event with its envelope: its place in a stream, when it
// happened and when it was recorded, who did it and why it is there.
type Recorded struct {
	Stream   Stream
	Version  Version
	Shape    int       // number of the event's JSON shape, from 1
	Happened time.Time // UTC; when it happened
	Recorded time.Time // UTC; when it was written down
	Actor    PersonID
	Account  string // through which account the actor spoke
	Key      string // key of the request or job that led to it
	Policy   string // short hash of the policy it was decided under
	Prev     string // hash of the event before; empty for the first
	Event    Event  // an [Unknown] when a newer tocsin wrote it
}

// Meta is what one commit writes into the envelopes of all its events.
type Meta struct {
	Recorded time.Time
	Actor    PersonID
	Account  string
	Key      string
	Policy   string
}

// Dated is an event that did not happen at the moment it was asked for, such
// as a note "at 14:05". A decision returns it in place of the bare event.
type Dated struct {
	At    time.Time
	Event Event
}

func (e Dated) fold(i *Incident, r Recorded) { e.Event.fold(i, r) }

func (e Dated) tell(r Recorded) []Part { return e.Event.tell(r) }

// Record numbers events after head and gives their texts references. Happened
// is the meta's moment unless the event is [Dated]. Prev and hashes are the
// store's work.
func Record(s Stream, head Version, meta Meta, events []Event) []Recorded {
	out := make([]Recorded, 0, len(events))
	for i, e := range events {
		r := Recorded{
			Stream: s, Version: head + Version(i) + 1, Happened: meta.Recorded, Recorded: meta.Recorded,
			Actor: meta.Actor, Account: meta.Account, Key: meta.Key, Policy: meta.Policy, Event: e,
		}
		if d, ok := e.(Dated); ok {
			r.Happened, r.Event = d.At, d.Event
		}
		r.Shape = ShapeOf(r.Event)
		n := 0
		r.Event = MapTexts(r.Event, func(t *Text) {
			t.Ref = strconv.FormatUint(uint64(r.Version), 10) + "." + strconv.Itoa(n)
			if t.Author == "" {
				t.Author = meta.Actor
			}
			n++
		})
		out = append(out, r)
	}
	return out
}

// IDFor makes an incident's id from the key of the request that declares it,
// so that a repeat finds the same stream whatever its age.
func IDFor(key string) ID {
	h := sha256.Sum256([]byte("incident\x00" + key))
	return ID(hex.EncodeToString(h[:10]))
}
