// Package slack is Slack as a platform of the house: it serves what people do
// there, and says what the house has to say. It alone imports slack-go.
//
// It must not know incidents, commands or stores: it sees [chat.House] and
// nothing behind it.
//
// The one idea: there is one path in and one path out. In: a socket and a
// signed POST both become an envelope (an id, a kind, the bytes as they came);
// an envelope becomes a gesture with a key that every retry shares. Out: every
// call of the Web API passes one caller that paces it by method, channel and
// lane, and sorts its failure into what surely did not happen, what may have
// happened, and what never will.
//
// Guarantees: Slack is told that a delivery arrived only when it is on record
// or answered, or can be read back; a delivery that cannot be read is told so
// too, counted and survived; nothing is retried inside a call; a message is
// recognised again by an opaque id in its metadata, a room by its name.
package slack
