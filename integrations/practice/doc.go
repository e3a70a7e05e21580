// Package practice is a pager that wakes nobody: it has on-call people of its
// own invention, rings, escalates by itself, can be acknowledged on its panel,
// and can be made to fail in the ways in which real pagers fail.
//
// It must not know chat, commands or stores; what it keeps lies on a [Shelf].
//
// The one idea: a page is one record, changed only by compare-and-set, so that
// any number of replicas may tend it and every change happens once. What is to
// be told of a change stands in the same record until it was told.
//
// Guarantees: one key is one page, however often it is sent and whatever
// failure was switched on; a restart loses nothing; every receipt says that it
// is practice.
package practice
