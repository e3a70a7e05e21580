// Package worker does to the outside world what events call for, each thing
// once: it reads the feed, plans jobs, claims them from the ledger, has a
// [Reactor] do them, and settles how they went.
//
// It must not know any effect, any platform or vendor, or where the clock
// comes from: it imports the store's ports, the events and fault.
//
// The one idea: a job is claimed under a lease with a rising fence; that a
// call is about to be made is written down before it, how it went after it.
// So whoever comes next knows what is owed, what was sent, and what may have
// been: that last is looked up at the far side before it is sent again.
//
// Guarantees: an event is planned at least once, and a once job that was ever
// owed is never owed anew; events that an effect became are committed under
// the job's key before the job is settled; a lost lease settles nothing; no
// call is begun with less than 15 s of the lease left, and none takes longer
// than 10 s; what failed 8 times, or was told for an hour to come later, is
// parked and stands on the timeline until a
// person retries it; a panic in a reactor is an attempt, not a crash.
package worker
