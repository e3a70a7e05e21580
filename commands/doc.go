// Package commands is what people can say: the verbs, how words are read, and
// the router from a request to its reply.
//
// It must not know the outside world: no platform, no vendor, no database, no
// clock. It reads and changes incidents through the interfaces in desk.go.
//
// The one idea: a verb is read before it is run. Reading finds out whether
// the words fit and changes nothing; only words that fit, said where they
// cannot be a title, run. Everything else is answered with what could have
// been meant, as buttons.
//
// A button, a form and a shortcut on a message end in the same read and the
// same run as what is typed, so they have a command's rights and no others.
//
// Guarantees: garbage changes nothing; a slip of a verb declares nothing; a
// reply that states an outcome comes from the [Desk], after the commit; of a
// private incident nobody but its members learns more than of a number that
// was never given. Rights stand in the domain; the only one asked here is
// whether an account may speak to tocsin at all.
package commands
