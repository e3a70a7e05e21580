package worker

import (
	"strconv"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

// Once is a job that an event owes once for ever.
func Once(r incident.Recorded, reactor, verb, target string, lane store.Lane) store.Job {
	key := string(r.Stream) + "/" + strconv.FormatUint(uint64(r.Version), 10) + "/" + reactor + "/" + verb
	if target != "" {
		key += "/" + target
	}
	return store.Job{
		Key: key, Stream: r.Stream, Reactor: reactor, Verb: verb, Target: target,
		Lane: lane, Want: r.Version, Due: r.Recorded, State: store.Owed,
	}
}

// Timer is a once job that is due later.
func Timer(r incident.Recorded, reactor, verb, target string, due time.Time) store.Job {
	j := Once(r, reactor, verb, target, store.ReplyLane)
	j.Due = due
	return j
}

// Kept is a job that keeps a target in step with its stream.
func Kept(r incident.Recorded, reactor, verb string, lane store.Lane, gap time.Duration) store.Job {
	return store.Job{
		Key: string(r.Stream) + "/" + reactor + "/" + verb, Stream: r.Stream, Reactor: reactor, Verb: verb,
		Lane: lane, Kept: true, Want: r.Version, Gap: gap, Due: r.Recorded, State: store.Owed,
	}
}

// Sub is a job that another one owes in its settle: the same for one target.
func Sub(of store.Job, verb, target string, now time.Time) store.Job {
	return store.Job{
		Key: of.Key + "/" + target, Stream: of.Stream, Reactor: of.Reactor, Verb: verb, Target: target,
		Lane: of.Lane, Kept: of.Kept, Want: of.Want, Gap: of.Gap, Due: now, Body: of.Body, State: store.Owed,
	}
}
