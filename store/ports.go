package store

import (
	"context"
	"time"

	"tocsin/incident"
)

// Log keeps the streams of events, each commit all or nothing.
type Log interface {
	// Open looks a request key up and loads a stream's kept state, in one call.
	// With an Outcome in the answer the request was settled before and nothing
	// else of the answer may be used. A stream that does not exist has head 0;
	// one that a declare meets, derived from its key, is its repeat, however
	// long ago the key was swept: answer from the state.
	Open(ctx context.Context, key string, s incident.Stream) (Opened, error)
	// Commit writes c. A key met before gives the first Outcome with Repeat
	// set; a head that moved on, or a room that is another incident's by now,
	// gives *Moved and nothing is written. A number that was taken gives
	// *Moved of [NumberStream].
	Commit(ctx context.Context, c Commit) (Committed, error)
	// Load reads events after a version, oldest first, with their words;
	// limit 0: all.
	Load(ctx context.Context, s incident.Stream, after incident.Version, limit int) ([]incident.Recorded, error)
	// NextNumber is the number that the next declare will expect and take.
	NextNumber(ctx context.Context) (incident.Number, error)
	// Marks reads marks of a stream whose key starts with prefix, by key.
	Marks(ctx context.Context, s incident.Stream, prefix string) ([]incident.Mark, error)
	// Mark reads one mark.
	Mark(ctx context.Context, s incident.Stream, key string) (m incident.Mark, found bool, err error)
}

// Opened is what a decision starts from.
type Opened struct {
	Outcome *Outcome // the key was met before
	Print   string   // fingerprint kept with that outcome; compare before giving the reply
	Head    incident.Version
	State   incident.Incident // of an incident's stream
	Token   string            // the head as the store knows it; goes into Write.Token
}

// Commit is everything that one decision changes, all or nothing.
type Commit struct {
	Key     string // the request's or job's key; at most 200 bytes
	Print   string // salted fingerprint of user, room and text; a repeat with another one is refused
	Job     bool   // the key is a job's: kept as long as the stream, and no outcome is kept
	Asker   incident.PersonID
	At      time.Time
	Writes  []Write
	Number  incident.Number // the number that this declare takes; 0: no declare
	Room    incident.Room   // must still be a room of the first write's incident; zero: none must
	Outcome Outcome
	// Along are further requests that this commit settles, in the order in
	// which their events stand. Each key is held against the store as Key is;
	// when one was met before, the commit gives *Moved and nothing is written:
	// settle each request by itself then. A commit that finds its own Key met
	// has written nothing of Along.
	Along []Settles
}

// Settles is a request that goes along with another's commit.
type Settles struct {
	Key     string
	Print   string
	Asker   incident.PersonID
	Outcome Outcome
}

// Write is what a commit does to one stream.
type Write struct {
	Stream incident.Stream
	Head   incident.Version // the head the decision was made on; 0: a new stream
	Token  string           // from Opened or Committed; empty for a new stream
	Events []incident.Recorded
	Before incident.Incident // state at Head; zero for a new stream
	After  incident.Incident // state after the events; zero for streams beside incidents
	Marks  []incident.Mark
}

// Outcome is the finished reply to a request, kept so that a repeat is
// answered byte for byte. It holds the asker's words and goes with them.
type Outcome struct {
	Reply  []byte // nil: it was erased, or is a job's
	At     time.Time
	Repeat bool // it was there before
}

// Committed is what Commit did.
type Committed struct {
	Outcome Outcome
	Tokens  []string // new head tokens in the order of Writes
}

// Moved says that a head was not where the decision saw it: decide again.
type Moved struct{ Stream incident.Stream }

// Error implements error.
func (m *Moved) Error() string { return "stream " + string(m.Stream) + " has moved on" }

// Reused says that a key came back with other words, room or user.
type Reused struct{ Key string }

// Error implements error.
func (r *Reused) Error() string { return "key was used for another request" }
