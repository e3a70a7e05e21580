// Package store keeps everything that the house must not forget: the streams
// of events, the words people wrote, what is owed to the outside world and how
// it went, look-ups, people, what was said in rooms.
//
// It must not know a database (drivers know one each and import this package),
// nor chat, commands or effects: it imports incident and fault.
//
// The one idea: one concrete [Store] keeps every port on the narrow [Driver],
// and each change is one batch of checks and writes. Whatever must hold
// together stands in one batch; whatever may be read stale (members of sorted
// sets) is a hint, and the record that it points to is the truth.
//
// Guarantees:
//   - A commit happens as a whole or not at all, once for each key.
//   - Words that people wrote lie in rows of their own. No event, state,
//     summary or job holds them, so erasing the rows erases the words.
//   - The cost of a commit does not depend on how long its stream is.
//   - Private incidents stand in no set that is read without a person in hand.
//   - Errors are faults; what the driver says passes through with its kind.
package store
