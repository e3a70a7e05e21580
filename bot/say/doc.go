// Package say puts an incident into words: the card, the announcement,
// updates, receipts, nudges, lists and the one line in the room for an event.
//
// It must not know how a message is drawn, sent, kept or asked for: no
// platform, no store calls, no clock, no network. It reads values and returns
// values.
//
// The one idea: everything that wording needs beside the incident stands in a
// [Voice], which is passed by value; the same incident in the same voice gives
// the same message.
//
// Guarantees: words that people wrote stand in spans that a platform escapes,
// so they can neither ping nor break a layout; nobody is pinged but where bad
// news or a duty calls for it; no message says that a thing was done before it
// is known; a message about a private incident holds what members may read,
// except those that say otherwise.
package say
