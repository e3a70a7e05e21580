// Package storetest holds every store to the same behaviour: one suite for
// what a database must do ([RunDriver] and its kin), and one for the ports
// that the house uses.
//
// It must not know how a database does it: a new driver is a folder and a
// few lines that call the suites.
//
// The one idea: [Memory] is the promise written down as plainly as it can be;
// whatever else passes the same suite differs only in speed and in what
// survives.
//
// Guarantees: it is the only place under store that imports testing; nothing
// of it is in the binary.
package storetest
