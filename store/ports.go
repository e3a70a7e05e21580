package store

import (
	"context"
	"io"
	"iter"
	"time"

	"tocsin/incident"
)

// Log keeps the streams of events, each commit all or nothing.
type Log interface {
	// Open looks a request key up and loads a stream's kept state, in one call.
	// With an Outcome in the answer the request was settled before and nothing
	// else of the answer may be used. A stream that does not exist has head 0.
	Open(ctx context.Context, key string, s incident.Stream) (Opened, error)
	// Commit writes c. A key met before gives the first Outcome with Repeat
	// set; a head that moved on gives *Moved and nothing is written.
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
	Reply  []byte
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

// Feed hands every recorded event to the planner at least once, in any order.
type Feed interface {
	// Unplanned reads events that no planner has finished with, oldest first,
	// recorded at or before a moment (so that the replica that wrote them,
	// which has them in hand, plans first).
	Unplanned(ctx context.Context, before time.Time, limit int) ([]incident.Recorded, error)
	// Planned owes the jobs and takes the events off the feed, in one write
	// (or several, each of which leaves no event unplanned). It also makes
	// the events' words searchable.
	Planned(ctx context.Context, now time.Time, events []incident.Recorded, jobs []Job) error
}

// Lane orders jobs: pages before state before replies before cards before echoes.
type Lane int

// The lanes. Pages have workers of their own.
const (
	PageLane Lane = iota + 1
	StateLane
	ReplyLane
	CardLane
	EchoLane
)

// Lanes lists the lanes in their order.
func Lanes() []Lane { return []Lane{PageLane, StateLane, ReplyLane, CardLane, EchoLane} }

// Job is one effect that is owed, and all that is known of it.
type Job struct {
	// Key is "stream/version/reactor/verb[/target]" for a once job, and
	// "stream/reactor/target" for one that is kept in step.
	Key     string           `json:"key"`
	Stream  incident.Stream  `json:"stream"`
	Reactor string           `json:"reactor"`
	Verb    string           `json:"verb"`
	Target  string           `json:"target,omitempty"`
	Lane    Lane             `json:"lane"`
	Kept    bool             `json:"kept,omitempty"` // kept in step; else once
	Want    incident.Version `json:"want"`           // kept: the newest version owed; once: the event's version
	Done    incident.Version `json:"done,omitempty"` // kept: the version last drawn
	Gap     time.Duration    `json:"gap,omitempty"`  // kept: least time between two draws
	Due     time.Time        `json:"due"`            // not before; a future one makes a timer
	Body    []byte           `json:"body,omitempty"` // small; references, no words

	State    JobState  `json:"state"`
	Fence    uint64    `json:"fence,omitempty"`    // rises with each claim
	Owner    string    `json:"owner,omitempty"`    // replica that holds it
	Lease    time.Time `json:"lease,omitzero"`     // until when
	Attempts int       `json:"attempts,omitempty"` // calls begun
	Began    time.Time `json:"began,omitzero"`     // when the newest call was begun
	First    time.Time `json:"first,omitzero"`     // when the first call was begun
	Unsure   bool      `json:"unsure,omitempty"`   // a call was begun and its outcome never came: look before sending
	Waiting  time.Time `json:"waiting,omitzero"`   // since when it waits for the stream
	Ref      []byte    `json:"ref,omitempty"`      // what the far side called what was made
	Why      string    `json:"why,omitempty"`      // in plain words, why it is not done
	Settled  time.Time `json:"settled,omitzero"`
}

// JobState is where a job stands.
type JobState string

// The states.
const (
	Owed     JobState = "owed"     // due at Due, or held under Lease
	Finished JobState = "done"     // once: done; kept: in step
	Unneeded JobState = "unneeded" // asked for the newest state, it was not wanted
	Buried   JobState = "rejected" // the far side will never take it
	OnHold   JobState = "parked"   // given up until a person retries it
)

// Ledger remembers which effects are owed, who is at them and how they went.
// All times come from the caller.
type Ledger interface {
	// Owe adds jobs. A once job that was ever owed is left alone; a kept job
	// has its wanted version raised.
	Owe(ctx context.Context, now time.Time, jobs ...Job) error
	// Claim leases up to limit due jobs of the lanes, in lane order.
	Claim(ctx context.Context, c Claim) ([]Job, error)
	// Attempt records, before the call, that it is about to be made. It fails
	// with *Lost when the lease was lost.
	Attempt(ctx context.Context, now time.Time, j Job) (Job, error)
	// Settle records how it went. With a lost lease it fails with *Lost; a
	// Done is then still kept as evidence for the next holder (Job.Ref is set).
	Settle(ctx context.Context, now time.Time, j Job, s Settlement) error
	// Jobs lists jobs.
	Jobs(ctx context.Context, f JobFilter) ([]Job, error)
	// Retry makes a parked or waiting job due now.
	Retry(ctx context.Context, now time.Time, key string) error
	// NextDue is when the earliest job of the lanes is due; zero: none.
	NextDue(ctx context.Context, lanes []Lane) (time.Time, error)
}

// Claim asks for work.
type Claim struct {
	Now   time.Time
	Lanes []Lane
	Owner string
	Lease time.Duration
	Limit int
}

// Lost says that another holder has the job now.
type Lost struct{ Key string }

// Error implements error.
func (l *Lost) Error() string { return "lease on " + l.Key + " was lost" }

// Settled is how an attempt ended.
type Settled int

// The endings.
const (
	Done      Settled = iota + 1
	NotNeeded         // the newest state does not want it
	Rejected          // buried
	NotSent           // nothing reached the far side: again at Again
	Unsure            // it may have happened: looked up at Again before it is sent
	Waits             // for the stream to grow beyond Drawn
	Park              // until a person retries it
)

// Settlement is the end of an attempt.
type Settlement struct {
	Ending Settled
	Drawn  incident.Version // kept: the version that was drawn; Waits: the version looked at
	Again  time.Time
	Ref    []byte
	Why    string
	Owe    []Job // follow-up jobs, owed in the same write
}

// JobFilter narrows a list of jobs. Zero fields do not narrow.
type JobFilter struct {
	Stream incident.Stream
	State  JobState // Owed or OnHold lists across streams; others need Stream
	Key    string
	Limit  int
}

// Index answers from summaries. Private incidents are in indexes of their
// own, which are read only with a person in hand.
type Index interface {
	// Summary reads one by id, whoever asks; callers check VisibleTo.
	Summary(ctx context.Context, id incident.ID) (s incident.Summary, found bool, err error)
	ByNumber(ctx context.Context, n incident.Number) (s incident.Summary, found bool, err error)
	ByRoom(ctx context.Context, platform, room, thread string) (s incident.Summary, found bool, err error)
	// List yields newest first.
	List(ctx context.Context, f Filter) ([]incident.Summary, error)
	// Search finds incidents whose words hold every word asked for.
	Search(ctx context.Context, words string, f Filter) ([]incident.Summary, error)
	// PrivateCount is how many private incidents there are, and nothing else of them.
	PrivateCount(ctx context.Context) (int, error)
}

// Filter narrows a list.
type Filter struct {
	As       incident.PersonID // also private incidents that this person may know of; empty: none
	OnlyOpen bool
	Before   incident.Number // page on: numbers below this; 0: from the newest
	From, To time.Time       // declared in this span; zero: open-ended
	Limit    int             // 0: 100
}

// History keeps what was said in incident rooms.
type History interface {
	// Hear adds messages; one that is known (room, message) is left alone.
	Hear(ctx context.Context, s incident.Stream, said ...incident.Spoken) error
	// Amend follows an edit (new words) or a deletion (DeletedAt set). A
	// message never heard is kept as such an edit and applied when it comes.
	Amend(ctx context.Context, s incident.Stream, m incident.Spoken) error
	// Messages reads those said after a moment, oldest first.
	Messages(ctx context.Context, s incident.Stream, after time.Time, limit int) ([]incident.Spoken, error)
	// Message reads one.
	Message(ctx context.Context, s incident.Stream, room, message string) (m incident.Spoken, found bool, err error)
	// Forget removes messages of a stream said before a moment.
	Forget(ctx context.Context, s incident.Stream, before time.Time) (int, error)
}

// People maps accounts to persons.
type People interface {
	// Meet finds the person behind an account, or makes one at first sight.
	// Name and zone are refreshed; an e-mail links to a known person only
	// when vouched.
	Meet(ctx context.Context, a incident.Account, seen Seen) (incident.Person, error)
	// Person reads one, through aliases.
	Person(ctx context.Context, id incident.PersonID) (p incident.Person, found bool, err error)
	ByAccount(ctx context.Context, a incident.Account) (p incident.Person, found bool, err error)
	ByEmail(ctx context.Context, email string) (p incident.Person, found bool, err error)
	// Everybody lists persons, aliases and erased ones left out.
	Everybody(ctx context.Context) ([]incident.Person, error)
	// Link makes one person of two: from becomes an alias of to.
	Link(ctx context.Context, from, to incident.PersonID) error
	SetZone(ctx context.Context, id incident.PersonID, zone string) error
}

// Seen is what a platform says of an account.
type Seen struct {
	Name, Email, Zone string
	Vouched           bool // the platform vouches for the e-mail
}

// Inbox keeps what vendors and platforms delivered until it is worked off.
type Inbox interface {
	// Take records a delivery; fresh is false when the key was known.
	Take(ctx context.Context, now time.Time, d Delivery) (fresh bool, err error)
	// Finish marks it as worked off; its key stays known for 7 days.
	Finish(ctx context.Context, now time.Time, key string) error
	// Unfinished lists deliveries taken before a moment, oldest first.
	Unfinished(ctx context.Context, before time.Time, limit int) ([]Delivery, error)
}

// Delivery is one event or webhook, scrubbed.
type Delivery struct {
	Key    string    `json:"key"`
	Source string    `json:"source"`
	Body   []byte    `json:"body"`
	At     time.Time `json:"at"`
}

// Talk keeps the console's rooms and messages, so that every replica serves
// the same console.
type Talk interface {
	// PutRoom makes or changes a room by its id.
	PutRoom(ctx context.Context, r TalkRoom) (TalkRoom, error)
	TalkRooms(ctx context.Context) ([]TalkRoom, error)
	// Say adds a message. A Key that the room has seen gives the first
	// message and made=false. It gives the message its id.
	Say(ctx context.Context, m TalkMessage) (said TalkMessage, made bool, err error)
	// Change rewrites a message by room and id through fn (edit, react, pin, delete).
	Change(ctx context.Context, room, id string, fn func(*TalkMessage)) (TalkMessage, error)
	// Messages reads a room's newest messages with ids below before (empty:
	// from the newest), oldest first.
	TalkMessages(ctx context.Context, room, before string, limit int) ([]TalkMessage, error)
	// Changes reads what changed after a position, in order, and the new position.
	Changes(ctx context.Context, after int64, limit int) (c []TalkChange, position int64, err error)
}

// TalkRoom is a room of the console.
type TalkRoom struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Topic    string            `json:"topic,omitempty"`
	Key      string            `json:"key,omitempty"` // the key it was opened with
	Private  bool              `json:"private,omitempty"`
	Direct   bool              `json:"direct,omitempty"`
	Archived bool              `json:"archived,omitempty"`
	Members  []string          `json:"members,omitempty"`
	Pinned   []string          `json:"pinned,omitempty"` // message ids
	Read     map[string]string `json:"read,omitempty"`   // user -> newest message id read
	Newest   string            `json:"newest,omitempty"` // id of the newest message
	Made     time.Time         `json:"made"`
}

// TalkMessage is a message of the console. Its ids rise within a room and
// sort as strings.
type TalkMessage struct {
	Room      string              `json:"room"`
	ID        string              `json:"id"`
	Key       string              `json:"key,omitempty"`
	Thread    string              `json:"thread,omitempty"`
	User      string              `json:"user"` // "" for the bot
	Only      string              `json:"only,omitempty"`
	Text      string              `json:"text,omitempty"`
	Body      []byte              `json:"body,omitempty"` // a drawn message, as the console encodes it
	At        time.Time           `json:"at"`
	EditedAt  time.Time           `json:"edited_at,omitzero"`
	Deleted   bool                `json:"deleted,omitempty"`
	Reactions map[string][]string `json:"reactions,omitempty"` // emoji -> users
}

// TalkChange is one thing that changed in the console.
type TalkChange struct {
	Position int64
	Room     *TalkRoom
	Message  *TalkMessage
}

// Shelf keeps small facts of the installation that are no events: a practice
// pager's pages, a reactor's first start, the last policy seen.
type Shelf interface {
	Fetch(ctx context.Context, key string) ([]byte, error) // nil: not there
	// Keep sets a value; old must be what stands there (nil: nothing), else *Changed.
	Keep(ctx context.Context, key string, old, value []byte) error
	// Listed reads keys that start with prefix, in order.
	Listed(ctx context.Context, prefix string) ([]string, error)
}

// Changed says that a shelf's value was not what the caller thought.
type Changed struct{ Key string }

// Error implements error.
func (c *Changed) Error() string { return "value of " + c.Key + " has changed" }

// Vault is what operators need of a store.
type Vault interface {
	// Dump writes everything as a logical dump, one JSON line a row, closed by a hash.
	Dump(ctx context.Context, w io.Writer) (rows int, err error)
	// Restore reads a dump into an empty store; the hash is verified before
	// the first row is written. Pages older than 15 min are parked, not sent.
	Restore(ctx context.Context, now time.Time, r io.ReadSeeker) (rows int, err error)
	// Rows yields everything kept, for copies.
	Rows(ctx context.Context) iter.Seq2[Row, error]
	// Erase removes words, their search words, history and outcomes: of a
	// person everywhere, or of one incident.
	Erase(ctx context.Context, now time.Time, e Erasure) (texts int, err error)
	// Sweep removes outcomes, inbox keys and history past their time.
	Sweep(ctx context.Context, now time.Time) (removed int, err error)
	// Verify walks a stream's hash chain and says at which version it breaks; 0: whole.
	Verify(ctx context.Context, s incident.Stream) (broken incident.Version, err error)
}

// Erasure says whose words go.
type Erasure struct {
	Person incident.PersonID // everywhere
	Stream incident.Stream   // everybody's, in one stream
}
