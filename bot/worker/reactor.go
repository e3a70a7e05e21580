package worker

import (
	"context"
	"time"

	"tocsin/incident"
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
	// for a job it has done before. It must call Task.Begin directly before
	// each call to the outside that makes something, and must look first when
	// Task.Job.Unsure is set.
	Do(ctx context.Context, t Task) Result
}

// Task is a claimed job with the newest state of its incident.
type Task struct {
	Job   store.Job
	State incident.Incident // zero for streams beside incidents
	Now   time.Time
	// Begin writes down that the call is about to be made. Its error (lease
	// lost, store away, too little lease left) must be returned as Settlement
	// NotSent by way of [Stop]: nothing may be sent then.
	Begin func(ctx context.Context) error
}

// Result is how a job went. Record, when set, decides on the newest state
// which events the outcome becomes; they are committed under the job's key
// before the ledger is settled.
type Result struct {
	store.Settlement
	Record func(inc incident.Incident) ([]incident.Event, error)
	// Parked names, in words, what was given up ("post the announcement");
	// set with Park and Rejected, so that it is put on the timeline.
	What string
}

// Recorder appends events that an effect led to: it loads, decides and commits
// under the key, which makes a repeat do nothing.
type Recorder interface {
	Record(ctx context.Context, s incident.Stream, key string, decide func(incident.Incident) ([]incident.Event, error)) error
	// State reads the newest state of an incident's stream.
	State(ctx context.Context, s incident.Stream) (incident.Incident, error)
}
