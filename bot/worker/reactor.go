package worker

import (
	"context"
	"errors"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Reactor is one kind of effect: what follows from an event, and how it is done.
type Reactor interface {
	// Name is a plural noun; it stands in job keys and never changes.
	Name() string
	// Plan is pure and sees the event alone: the same event always owes the
	// same jobs. Whether a job is still wanted is asked in Do.
	Plan(r incident.Recorded) []store.Job
	// Do does one job, or finds that it is not needed. It may be called again
	// for a job it has done before. Each call to the outside that makes
	// something goes through [Task.Call]; when Task.Job.Unsure is set it must
	// look first, and when Task.Job.Ref is set on a once job an earlier holder
	// has done it already.
	Do(ctx context.Context, t Task) Result
	// Leads names the events that jobs of a verb may become, besides
	// EffectParked. Others are refused.
	Leads(verb string) []incident.Event
}

// Limits of every job.
const (
	Lease       = 30 * time.Second // how long a claim holds
	LeastLeft   = 15 * time.Second // no call is begun with less of the lease left
	CallTimeout = 10 * time.Second // how long one call may take
	MaxWait     = 2 * time.Minute  // how long a job waits for its room or message
	MaxAttempts = 8                // then a job is parked
	MaxLine     = time.Hour        // how long the far side may ask a job to come later, whatever its attempts
)

// Task is a claimed job with the newest state of its incident.
type Task struct {
	Job   store.Job
	State incident.Incident // zero for streams beside incidents
	Now   time.Time
	// Begin writes down that a call is about to be made. Its error (lease
	// lost, store away, too little lease left) must reach [Fail]: nothing may
	// be sent then. [Task.Call] does both.
	Begin func(ctx context.Context) error
}

// Call writes the attempt down and makes one call that changes something
// outside. When the call's time is up before it answered, the error is Unknown.
func (t Task) Call(ctx context.Context, fn func(ctx context.Context) error) error {
	if err := t.Begin(ctx); err != nil {
		return err
	}
	return bounded(ctx, fn)
}

// Look makes one call that changes nothing outside.
func (t Task) Look(ctx context.Context, fn func(ctx context.Context) error) error {
	return bounded(ctx, fn)
}

// Waited says that the job has waited for its stream as long as it may.
func (t Task) Waited() bool {
	return !t.Job.Waiting.IsZero() && t.Now.Sub(t.Job.Waiting) >= MaxWait
}

func bounded(ctx context.Context, fn func(ctx context.Context) error) error {
	ctx, stop := context.WithTimeout(ctx, CallTimeout)
	defer stop()
	err := fn(ctx)
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*fault.Error](err); ours {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.Wrap(fault.Unknown, err, "It did not answer in time.")
	}
	return err
}

// Result is how a job went.
type Result struct {
	store.Settlement
	// Record, when set, decides on the newest state which events the outcome
	// becomes; they are committed before the ledger is settled. It runs
	// whatever the ending is.
	Record func(inc incident.Incident) ([]incident.Event, error)
	// As is added to the job's key for that commit, for a job that may put
	// more than one thing on record; a repeat under one key does nothing.
	As string
	// What names in words what is being done ("post the announcement"), for
	// the timeline when it is parked or buried. Empty: the ledger alone tells.
	What string

	stopped bool
}

// Recorder appends events that an effect led to: it loads, decides and commits
// under the key, which makes a repeat do nothing.
type Recorder interface {
	Record(ctx context.Context, s incident.Stream, key string, decide func(incident.Incident) ([]incident.Event, error)) error
	// State reads the newest state of an incident's stream.
	State(ctx context.Context, s incident.Stream) (incident.Incident, error)
}
