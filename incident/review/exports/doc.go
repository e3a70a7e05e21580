// Package exports reads what other programs, and tocsin itself, write of an
// incident's talk into files, as the input of a review.
//
// It must not know where files lie or what is made of the input: it is handed
// a file system and gives a [source.Input].
//
// The one idea: what a file says is taken as it is said, and what it does not
// say stays empty; nothing is guessed but the form of the file.
//
// Guarantees: it never fails inside, whatever the bytes; what it gives is in
// order of time, with ids that are unique and threads that lead to a message.
// What it cannot read is refused in one sentence with an example that works.
// Credentials are taken out.
package exports
