// Package redact keeps secrets from being seen: a type for those the house
// holds itself, and a scrubber for credentials that people paste into chat.
//
// It must not know anything else of the house; it imports the standard
// library only.
//
// The one idea: what must not be seen is taken out before it is written down,
// whole, and what was taken out is named by kind, never by value.
//
// Guarantees: a Secret prints as dots everywhere; scrubbing never fails, never
// leaves a part of what it found, and leaves ordinary words alone.
package redact
