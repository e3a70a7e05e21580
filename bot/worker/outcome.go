package worker

import (
	"errors"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// StoppedError says that nothing was sent because the attempt could not be written
// down, or because too little of the lease was left.
type StoppedError struct{ Err error }

// Error implements error.
func (s *StoppedError) Error() string { return "nothing was sent: " + s.Err.Error() }

// Unwrap gives the cause.
func (s *StoppedError) Unwrap() error { return s.Err }

// Stop is the result after Begin failed.
func Stop(err error) Result {
	return Result{Settlement: store.Settlement{Ending: store.NotSent, Why: fault.Sentence(err)}, stopped: true}
}

// Done is the result of a call that went well; ref finds again what it made.
func Done(ref []byte) Result {
	return Result{Settlement: store.Settlement{Ending: store.Done, Ref: ref}}
}

// Drawn is the result of a kept-in-step job that drew a version.
func Drawn(v incident.Version, ref []byte) Result {
	return Result{Settlement: store.Settlement{Ending: store.Done, Drawn: v, Ref: ref}}
}

// NotNeeded is the result of a job that the newest state does not want.
func NotNeeded(why string) Result {
	return Result{Settlement: store.Settlement{Ending: store.NotNeeded, Why: why}}
}

// Waits is the result of a job that needs something its incident has not yet
// got; v is the version that was looked at.
func Waits(v incident.Version, why string) Result {
	return Result{Settlement: store.Settlement{Ending: store.Waits, Drawn: v, Why: why}}
}

// Fail is the result of a job whose call went wrong; what names it in words.
func Fail(err error, what string) Result {
	if _, ok := errors.AsType[*StoppedError](err); ok {
		return Stop(err)
	}
	r := Result{Settlement: store.Settlement{Ending: endingOf(fault.KindOf(err)), Why: fault.Sentence(err)}, What: what}
	return r
}

// FailLook is the result of a job that could not find out whether it was done
// before: still unsure, nothing was sent.
func FailLook(err error, what string) Result {
	r := Fail(err, what)
	if !r.stopped && r.Ending != store.Rejected {
		r.Ending = store.Unsure
	}
	return r
}

// endingOf is the worker's one table of the kinds of fault.
func endingOf(k fault.Kind) store.Settled {
	switch k {
	case fault.Unknown:
		return store.Unsure
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Rejected:
		return store.Rejected
	case fault.Internal, fault.Conflict, fault.Unavailable:
		return store.NotSent
	}
	return store.NotSent
}

// After is when the far side asked to be left alone until; zero: it did not.
func After(err error, now time.Time) time.Time {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.After > 0 {
		return now.Add(f.After)
	}
	return time.Time{}
}

// backoff is how long to wait after a number of attempts. Jitter is in [0,1).
// Pages hurry: eight attempts in two minutes; the rest gets half an hour.
func backoff(lane store.Lane, attempts int, jitter float64) time.Duration {
	grow, most := 4, 15*time.Minute
	if lane == store.PageLane {
		grow, most = 2, 40*time.Second
	}
	d := time.Second
	for range attempts - 1 {
		if d = d * time.Duration(grow); d >= most {
			d = most
			break
		}
	}
	return d/2 + time.Duration(jitter*float64(d))
}

// nameOf is an ending as metrics and logs write it.
func nameOf(s store.Settled) string {
	switch s {
	case store.Done:
		return "done"
	case store.NotNeeded:
		return "unneeded"
	case store.Rejected:
		return "rejected"
	case store.NotSent:
		return "not_sent"
	case store.Unsure:
		return "unknown"
	case store.Waits:
		return "waits"
	case store.Park:
		return "parked"
	}
	return "none"
}
