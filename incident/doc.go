// Package incident is the language of the house and its rules: what an
// incident is, what can happen to it, who may do what, and how the timeline
// reads.
//
// It must not know the outside: no chat, no store, no clock, no file, no
// network. It imports the standard library, fault and redact.
//
// The one idea: an incident is the fold of its events. Decisions are pure
// methods on the state that return events; a decision gets the actor and the
// moment handed in, and every right on an incident is checked in it.
//
// An event is added in four steps: its struct beside its like (events_*.go)
// and in the list below it, what it does to the state (fold_*.go), how it is
// told (tell_*.go), and, where it can be taken back, how (undo_events.go). Its
// frozen file is written by the test, with -update.
//
// Guarantees: the same events give the same state for ever; an event that was
// once written can always be read; words that people wrote lie beside the
// events (see [Text]), so that they can be erased while the event stays.
package incident
