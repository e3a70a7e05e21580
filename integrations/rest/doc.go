// Package rest is manners for talking to vendors over HTTP: bounds on time and
// size, no redirect that repeats a write, and one reading of what an answer
// means for trying again.
//
// It must not know any vendor, nor what is asked for.
//
// The one idea: whether anything was sent is watched on the connection itself,
// so that Unavailable (nothing was sent, again is safe) and Unknown (it may
// have happened) are never guessed from the words of an error.
//
// Guarantees: every error is a fault; no error holds a query, a header, a
// credential, or more of an answer than a line with credentials taken out.
package rest
