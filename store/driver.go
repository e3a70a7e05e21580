package store

import (
	"context"
	"fmt"
	"time"
)

// Driver is what a database must do to carry the house: three plain shapes
// (records, streams, sorted sets) and one atomic, checked write. Everything
// that the ports promise is built on it once, in this package, so two
// databases cannot differ in anything but speed.
//
// Keys are UTF-8 without control characters, at most 512 bytes. Values are at most 4 MiB.
// Errors are faults: Unavailable when nothing was sent (dial refused, pool
// exhausted, disk full, read-only), Unknown when a write may have happened
// (reply lost, time-out after sending), a *[Mismatch] when a check failed.
type Driver interface {
	// Apply checks, then writes, all or nothing. When a check fails nothing is
	// written and the error is a *Mismatch naming the first that failed.
	Apply(ctx context.Context, b Batch) error
	// Get reads records; a missing one is nil at its place.
	Get(ctx context.Context, keys ...string) ([][]byte, error)
	// Entries reads a stream after a version, oldest first; limit 0: all.
	Entries(ctx context.Context, stream string, after uint64, limit int) ([]Entry, error)
	// Range reads members of a sorted set.
	Range(ctx context.Context, q Range) ([]Member, error)
	// Walk hands over everything that is kept, in any order, for dumps. It
	// need not be a snapshot while others write.
	Walk(ctx context.Context, fn func(Row) error) error
	// Now is the database's own clock.
	Now(ctx context.Context) (time.Time, error)
	Close() error
}

// Ranger is a driver that reads several sets in one round trip. Each is read
// by itself; together they need not be of one moment.
type Ranger interface {
	Ranges(ctx context.Context, qs []Range) ([][]Member, error)
}

// Batch is one atomic write.
type Batch struct {
	Checks []Check
	Ops    []Op
}

// Check holds when the record has exactly this value; a nil Want holds when it is absent.
type Check struct {
	Key  string
	Want []byte
}

// OpKind is what an [Op] does.
type OpKind uint8

// The kinds of write.
const (
	OpPut    OpKind = iota + 1 // set record Key to Value
	OpDelete                   // remove record Key
	OpAppend                   // append Value to stream Key at version Score; the caller's checks make it the next
	OpDrop                     // remove stream Key
	OpAdd                      // put Member into set Key with Score, replacing its score
	OpRemove                   // take Member out of set Key
	OpMove                     // move all members of set Key into set Member, each with Score
	OpClear                    // remove set Key
)

// Op is one write of a batch.
type Op struct {
	Kind   OpKind
	Key    string
	Member string
	Score  int64 // exact up to 2^53
	Value  []byte
}

// Entry is one value of a stream.
type Entry struct {
	Version uint64
	Value   []byte
}

// Member is one member of a sorted set.
type Member struct {
	Name  string
	Score int64
}

// Range asks for members with Min <= score <= Max, by score, then by name
// (bytewise); Reverse turns the order round. Limit 0: all.
type Range struct {
	Set      string
	Min, Max int64
	Limit    int
	Reverse  bool
}

// Row is one thing a driver keeps, for dumps: a record (Stream and Set empty),
// an entry of a stream or a member of a set.
type Row struct {
	Kind  string // "record", "entry", "member"
	Key   string // record key, stream or set
	Name  string // member's name
	Score int64  // member's score, or the entry's version
	Value []byte
}

// Mismatch says which check of a batch failed, and what stood there.
type Mismatch struct {
	Index int
	Key   string
	Found []byte // nil: absent
}

// Error implements error.
func (m *Mismatch) Error() string { return fmt.Sprintf("check %d on %q did not hold", m.Index, m.Key) }

// Finding is what a check of the settings found: for doctor.
type Finding struct {
	Level string // "ok", "warn", "fail"
	What  string // "redis: maxmemory-policy is allkeys-lru"
	Why   string // what goes wrong with it
	Mend  string // what to do: "CONFIG SET maxmemory-policy noeviction"
}

// Checker is a driver that can tell whether its database is set up well.
type Checker interface {
	Check(ctx context.Context) []Finding
}
