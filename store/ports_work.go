package store

import (
	"context"
	"time"

	"tocsin/incident"
)

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
	// Claim leases up to limit due jobs of the lanes, in lane order. A lease
	// that ended with a call begun in it leaves the job Unsure.
	Claim(ctx context.Context, c Claim) ([]Job, error)
	// Attempt records, before the call, that it is about to be made. It fails
	// with *Lost when the lease was lost.
	Attempt(ctx context.Context, now time.Time, j Job) (Job, error)
	// Settle records how it went. With a lost lease it fails with *Lost; a
	// Done is then still kept as evidence for the next holder (Job.Ref is set).
	// The same settlement again, after a reply that was lost, changes nothing.
	Settle(ctx context.Context, now time.Time, j Job, s Settlement) error
	// Jobs lists jobs.
	Jobs(ctx context.Context, f JobFilter) ([]Job, error)
	// Retry makes a parked, buried or waiting job due now.
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
	NotSent           // nothing reached the far side: again at Again; sure again if the call was begun under this lease
	Unsure            // it may have happened: looked up at Again before it is sent
	Waits             // for the stream to grow beyond Drawn
	Park              // until a person retries it
)

// Settlement is the end of an attempt.
type Settlement struct {
	Ending Settled
	Drawn  incident.Version // kept: the version that was drawn; Waits: the version looked at
	// Again: NotSent and Unsure are due then; Waits is due then at the latest
	// (zero: two minutes after it began to wait); a kept job that is Done or
	// NotNeeded is owed again then, though it is in step.
	Again time.Time
	Ref   []byte // replaces Job.Ref unless it is nil
	Why   string
	Owe   []Job // follow-up jobs, owed in the same write
}

// JobFilter narrows a list of jobs. Zero fields do not narrow.
type JobFilter struct {
	Stream incident.Stream
	State  JobState // Owed or OnHold lists across streams; others need Stream
	Key    string
	Limit  int
}
