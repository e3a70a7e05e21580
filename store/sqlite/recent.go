package sqlite

import (
	"bytes"
	"maps"
	"sync"
)

// recent remembers records as they stand in the file, so that most checks and
// many reads ask no database. This process alone writes the file, and all of
// it through one writer, which says what it wrote: what is remembered is true,
// not a guess. A record that is just being committed is asked for in the file.
type recent struct {
	mu         sync.Mutex
	young, old map[string]remembered // old: what was young before; forgotten next
	open       map[string]bool       // what the transaction that is being committed writes
	size       int                   // of young, in bytes
	turn       uint64                // how often young has become old
	closed     bool
}

// remembered is one record; value is nil when there is none.
type remembered struct {
	value []byte
	big   bool // it is not kept here: ask the file
}

const (
	recentSize = 2 << 20  // of the young ones
	recentBig  = 32 << 10 // a value that is not remembered
	recentRow  = 100      // about what a row weighs besides
)

func newRecent() *recent {
	return &recent{young: map[string]remembered{}, old: map[string]remembered{}}
}

// get gives copies of records if it knows all of them, as of one moment;
// else it gives the turn to hand to learn after the file was read.
func (r *recent) get(keys ...string) (values [][]byte, turn uint64, all bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, r.turn, false
	}
	values = make([][]byte, len(keys))
	for i, k := range keys {
		row, known := r.find(k)
		if !known || row.big || r.open[k] {
			return nil, r.turn, false
		}
		values[i] = bytes.Clone(row.value)
	}
	return values, r.turn, true
}

// has is get of one record for the writer, which does not change it.
func (r *recent) has(key string) (value []byte, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, known := r.find(key)
	return row.value, known && !row.big
}

func (r *recent) find(key string) (remembered, bool) {
	if row, known := r.young[key]; known {
		return row, true
	}
	row, known := r.old[key]
	if known {
		r.put(key, row)
	}
	return row, known
}

// learn remembers what was read from the file. What was written meanwhile is
// among the young or the old, and newer; if more has been forgotten since the
// reading began than that, nothing is learned.
func (r *recent) learn(turn uint64, keys []string, values [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, k := range keys {
		if r.turn > turn+1 {
			return
		}
		if _, known := r.find(k); !known && !r.open[k] {
			r.put(k, remembered{value: bytes.Clone(values[i])})
		}
	}
}

func (r *recent) put(key string, row remembered) {
	if len(row.value) > recentBig {
		row = remembered{big: true}
	}
	if r.size > recentSize {
		r.young, r.old = map[string]remembered{}, r.young
		r.turn, r.size = r.turn+1, 0
	}
	r.young[key] = row
	r.size += len(key) + len(row.value) + recentRow
}

// committing says that a transaction with these records is about to be
// committed: until it is, nobody knows which of the two values the file shows.
func (r *recent) committing(written map[string][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = make(map[string]bool, len(written))
	for k := range written {
		r.open[k] = true
	}
}

// committed remembers what the transaction wrote; nil: the record is gone.
func (r *recent) committed(written map[string][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = nil
	for k, v := range written {
		r.put(k, remembered{value: v})
	}
}

// failed forgets what the transaction would have written.
func (r *recent) failed(written map[string][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = nil
	forget := func(k string, _ remembered) bool { _, was := written[k]; return was }
	maps.DeleteFunc(r.young, forget)
	maps.DeleteFunc(r.old, forget)
}

// close ends it: a driver that is closed answers nothing.
func (r *recent) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
}

func (r *recent) shut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}
