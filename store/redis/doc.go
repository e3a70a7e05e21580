// Package redis keeps the store's records, streams and sorted sets in Redis
// or Valkey: alone, behind Sentinel, or in a Cluster.
//
// It must not know what the rows mean: it sees keys, values and scores, and
// imports the store's driver port and the SDK of the database.
//
// The one idea: one Lua script is the whole of writing. It makes every check
// first and can fail only before its first write, because Redis does not roll
// back. All keys carry one hash tag, so in a Cluster one script reaches
// everything, and each shape has a prefix of its own, so that no write can
// meet a key of the wrong type.
//
// Guarantees: a call ends when its context does. An error of kind Unavailable
// means that not a byte of the batch was sent, or that Redis refused it before
// the first write; after sending, a lost reply is Unknown. Nothing is ever
// sent twice by itself. How much a power cut or a crash of Redis may take is
// Redis' own setting: [Driver.Check] says what is set wrong.
package redis
