// Package sqlite keeps the store's records, streams and sorted sets in one
// SQLite file: the default of a bot that runs with nothing beside it.
//
// It must not know what the rows mean: it sees keys, values and scores, and
// imports the store's driver port and the SDK of the database.
//
// The one idea: one connection writes, and whoever waits to write shares its
// transaction (group commit), so that synchronous=FULL costs one fsync a
// crowd. Every batch is checked by reading before any of it is written, so a
// batch that fails leaves the others of its transaction alone. Because nobody
// else writes the file, what was written is also remembered: records, and
// which member of a set comes first. The log is written in one piece a commit,
// and copied back beside the writer.
//
// Guarantees: what Apply has answered with nil is on the disk. One running bot
// has the file; a second is refused with a sentence. What is deleted is
// overwritten in the file, and gone from the write-ahead log after
// [Driver.Checkpoint]. The layout grows by additions only: a file is copied
// before it is migrated, one that is one layout newer than this code is run as
// it is, and one that is newer still is refused.
package sqlite
