// Package reactors holds what follows from what: one file a kind of effect,
// each a [worker.Reactor].
//
// It must not know how a job is claimed, retried or settled, which platforms
// and vendors there are, or how a message is worded: it reaches rooms through
// [Chat], pagers through [Pagers], and words through package say.
//
// The one idea: Plan reads one event and owes jobs by plain names; Do asks the
// newest state whether the job is still wanted, and owes one more job for each
// room or person that it finds there.
//
// Guarantees: nothing is said outside about a private incident but that it is
// one; what may have been sent is looked up before it is sent again, and where
// that is impossible a page is sent again and marked, while chatter is not;
// every message that changes is one message, edited.
package reactors
