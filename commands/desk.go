package commands

import (
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// Input is a request on its way: who asked, and what was said.
type Input struct {
	Request chat.Request
	Actor   incident.Actor
	Person  incident.Person
	// Guess, when set, lets Look answer from what this replica remembers, which
	// it writes down there, and has Desk hold that against the store in its
	// commit. Whatever does not end in a commit is asked once more without it,
	// so nobody is told a guess.
	Guess *Guess
}

// Guess is what was answered from memory.
type Guess struct {
	Incident bool // how an incident stands
	Room     bool // which incident's room it is
}

// Made says whether anything was.
func (g *Guess) Made() bool { return g != nil && (g.Incident || g.Room) }

// Outdated says that what was remembered of an incident is old. Nothing was
// done: ask once more, without [Input.Guess].
type Outdated struct{}

// Error implements error.
func (*Outdated) Error() string { return "what was remembered is old" }

// Decision is a change of one incident, in two halves that both may run
// again: Decide turns the newest state into events, Reply words the outcome
// from the state after them. Neither may do anything else.
type Decision struct {
	Decide func(inc incident.Incident) ([]incident.Event, error)
	Reply  func(after incident.Incident, done []incident.Recorded) chat.Reply
}

// Door knows who comes in, and how to speak to them.
type Door interface {
	// Asker finds the person behind a request, or makes one at first sight.
	Asker(ctx context.Context, r chat.Request) (Input, error)
	// Voice is how replies to this asker are worded.
	Voice(ctx context.Context, in Input) say.Voice
}

// Desk changes incidents: it reads, decides, appends and words the reply, and
// does so again when another replica was faster; a guess that it was faster
// than gives *Outdated. A key that was met before gives the stored reply. An
// error of Decide becomes a stored refusal.
type Desk interface {
	// Met gives the stored reply when the request's key was settled before.
	// Verbs that change something ask it before they answer with anything
	// that does not come from this desk, since the state that they read may
	// be the one that the first try made.
	Met(ctx context.Context, in Input) (reply chat.Reply, found bool, err error)
	// Declare starts an incident; Decide gets a state that holds only ID and Number.
	Declare(ctx context.Context, in Input, d Decision) (chat.Reply, error)
	// Change changes one incident.
	Change(ctx context.Context, in Input, id incident.ID, d Decision) (chat.Reply, error)
	// Merge changes two incidents in one commit.
	Merge(ctx context.Context, in Input, from, into incident.ID, d PairDecision) (chat.Reply, error)
	// SetZone says in which zone the asker reads times; reply words it.
	SetZone(ctx context.Context, in Input, zone string, reply chat.Reply) (chat.Reply, error)
	// Retry makes a parked effect of an incident due again, on the record.
	Retry(ctx context.Context, in Input, id incident.ID, job string, d Decision) (chat.Reply, error)
}

// PairDecision is a change of two incidents at once.
type PairDecision struct {
	Decide func(from, into incident.Incident) (mine, theirs []incident.Event, err error)
	Reply  func(from, into incident.Incident) chat.Reply
}

// Look reads. Everything it gives about incidents is already narrowed to what
// the asker may know of: a private incident that they are no member of is not
// found, as a number never given.
type Look interface {
	// Here is the incident whose room this is.
	Here(ctx context.Context, in Input) (s incident.Summary, found bool, err error)
	ByNumber(ctx context.Context, in Input, n incident.Number) (s incident.Summary, found bool, err error)
	Incident(ctx context.Context, in Input, id incident.ID) (incident.Incident, error)
	List(ctx context.Context, in Input, f store.Filter) ([]incident.Summary, error)
	Search(ctx context.Context, in Input, words string, limit int) ([]incident.Summary, error)
}

// Details reads what lies beside an incident's state. The caller has the
// incident from [Look], so the asker may know of it.
type Details interface {
	// Events reads the stream after a version; limit 0: all.
	Events(ctx context.Context, id incident.ID, after incident.Version, limit int) ([]incident.Recorded, error)
	Item(ctx context.Context, id incident.ID, n incident.ItemID) (it incident.Item, found bool, err error)
	Items(ctx context.Context, id incident.ID) ([]incident.Item, error)
	Mark(ctx context.Context, id incident.ID, key string) (m incident.Mark, found bool, err error)
	// Said reads a message of the room by the platform's id of it.
	Said(ctx context.Context, id incident.ID, room, message string) (m incident.Spoken, found bool, err error)
	// Owed lists effects that are owed, parked or lately settled for an incident.
	Owed(ctx context.Context, id incident.ID) ([]store.Job, error)
}

// World is what commands may ask about people, the pager and the house.
type World interface {
	Policy() incident.Policy
	// Person reads one person; an unknown id gives a person with that name.
	Person(ctx context.Context, id incident.PersonID) incident.Person
	// FindPerson reads words such as "<@U123>", "@ann", "ann" or an e-mail; several matches are several persons.
	FindPerson(ctx context.Context, in Input, words string) ([]incident.Person, error)
	// OnCall asks who would be woken; team "": everything.
	OnCall(ctx context.Context, team string, at time.Time) ([]integrations.OnCall, error)
	// PagerFor says which pager would take a page to this target; ok is false when none would.
	PagerFor(t incident.Target, drill bool) (name string, ok bool)
	// Health is the short self-check of the verb doctor.
	Health(ctx context.Context) []integrations.Finding
}

// Ear makes a message that a gesture was made on one of the house's own.
type Ear interface {
	// Heard knows its author and takes credentials out of its words. Where the
	// message stands in an incident's room, it is in that room's history then.
	Heard(ctx context.Context, m chat.Said) (incident.Spoken, error)
}

// Rooms knows the rooms of the platforms.
type Rooms interface {
	// Room says what is known of a room, or of the thread that the place names.
	Room(ctx context.Context, p chat.Place) (RoomFacts, error)
}

// RoomFacts is what somebody should know of a room before it becomes an
// incident's. What a platform cannot tell is zero.
type RoomFacts struct {
	Members      int       // people in it, bots not counted
	Names        []string  // of some of them, as people call them
	Oldest       time.Time // from when on it is read back; zero: not at all
	Shared       bool      // other organisations read it
	Announcement bool      // incidents are announced in it
}

// Announcer keeps in which room of a platform incidents are announced.
type Announcer interface {
	// Announced says what was chosen for a platform.
	Announced(ctx context.Context, platform string) (Announced, error)
	// Announce chooses the room for the platform that it names; one without an
	// id: incidents are announced nowhere there. The same choice again does nothing.
	Announce(ctx context.Context, in Input, room incident.Room) error
}

// Announced is where a platform's incidents are announced.
type Announced struct {
	Chosen bool          // somebody has answered the question
	Room   incident.Room // no id: nowhere
	Fixed  string        // the setting that decides it, "TOCSIN_SLACK_ANNOUNCE"; empty: it is chosen in chat
}
