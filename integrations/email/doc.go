// Package email is a pager that sends mail, for when the pager proper cannot be
// reached: policy names it as a fallback.
//
// It must not know chat, commands or stores, nor who is in a team: a target is
// a list of addresses.
//
// The one idea: a mail server's word is read as a stage. Before the end of the
// message was sent nothing was; after it was sent and not answered, it may
// have been; a code says the rest.
//
// Guarantees: one key is one Message-ID, so that a mailbox may recognise what
// comes twice; no header holds a line break of somebody else's; a password is
// sent over TLS only; a call ends when its context does. Mail cannot be asked
// whether it was read, nor told that somebody is on it: Look and Act refuse.
package email
