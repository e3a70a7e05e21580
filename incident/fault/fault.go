// Package fault is how the house says that something went wrong: one sentence
// for the person, and a kind that tells everybody else what to do next.
//
// It must not know what went wrong where: it imports the standard library only
// and every other package may import it.
//
// The one idea: the sentence is made where the knowledge is, never from a
// wrapped error. Chat, HTTP, exit codes and the worker each have one
// exhaustive table of [Kind].
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind classes a fault for people and for retries. The set is closed.
type Kind int

// The kinds. Their zero value is Internal, so that a forgotten kind is loud.
const (
	// Internal is a bug of ours; nothing was changed unless Unknown says so.
	Internal Kind = iota
	// Invalid is bad input; the sentence holds an example that works.
	Invalid
	// NotFound is a thing that does not exist, or that this person may not know of.
	NotFound
	// Conflict is a change that came too late: somebody was faster.
	Conflict
	// Forbidden is a right that is missing; the sentence names who has it.
	Forbidden
	// Unavailable means that nothing was sent or written: trying again is safe.
	Unavailable
	// Unknown means that it may have happened: only the same key may be tried again.
	Unknown
	// Rejected is a refusal by an outside service that trying again will not change.
	Rejected
)

// Kinds lists every kind, for tables that must not forget one.
func Kinds() []Kind {
	return []Kind{Internal, Invalid, NotFound, Conflict, Forbidden, Unavailable, Unknown, Rejected}
}

// String is the kind's name as the API and the logs write it.
func (k Kind) String() string {
	switch k {
	case Internal:
		return "internal"
	case Invalid:
		return "invalid"
	case NotFound:
		return "not_found"
	case Conflict:
		return "conflict"
	case Forbidden:
		return "forbidden"
	case Unavailable:
		return "unavailable"
	case Unknown:
		return "unknown"
	case Rejected:
		return "rejected"
	}
	return "internal"
}

// Error is an error that the house knows what to do with.
type Error struct {
	Kind  Kind
	Say   string        // one sentence, safe to show to the person who asked
	Try   string        // an example that works, e.g. "/incident severity sev2"; empty: none
	After time.Duration // with Unavailable: do not try again sooner; zero: no advice
	Err   error         // what was underneath; for logs, never for people
}

// Error implements error: the sentence, then what was underneath.
func (f *Error) Error() string {
	if f.Err == nil {
		return f.Say
	}
	return f.Say + ": " + f.Err.Error()
}

// Unwrap gives the error underneath.
func (f *Error) Unwrap() error { return f.Err }

// New makes a fault with a sentence for the person.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Say: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault around an error; say is the sentence for the person.
func Wrap(k Kind, err error, say string) *Error { return &Error{Kind: k, Say: say, Err: err} }

// WithExample returns a copy that shows an example that works.
func (f *Error) WithExample(try string) *Error {
	c := *f
	c.Try = try
	return &c
}

// KindOf finds the kind of an error; one that the house does not know is
// Internal. A nil error has no kind: do not ask.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Kind
	}
	return Internal
}

// Sentence is what to tell the person: the fault's own sentence, or a plain
// one that gives nothing away when the error is not one of ours.
func Sentence(err error) string {
	if f, ok := errors.AsType[*Error](err); ok && f.Say != "" {
		return f.Say
	}
	return "Something went wrong inside tocsin; it has been logged."
}
