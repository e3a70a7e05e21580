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
// Guarantees: the same events give the same state for ever; an event that was
// once written can always be read; words that people wrote lie beside the
// events (see [Text]), so that they can be erased while the event stays.
package incident
