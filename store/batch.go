package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tocsin/incident/fault"
)

// What a driver takes at most. A bigger batch is the caller's to cut.
const (
	MaxKey   = 512
	MaxValue = 4 << 20
	MaxScore = 1 << 53
	MaxOps   = 20_000
	MaxBatch = 64 << 20 // bytes of keys and values in one batch
)

// Validate says whether the batch is one that every driver takes. A batch that
// is not is a bug of ours, so its fault is Internal and nothing was written.
func (b Batch) Validate() error {
	if n := len(b.Checks) + len(b.Ops); n > MaxOps {
		return fault.New(fault.Internal, "A batch of %d checks and writes is more than the %d that the store takes.", n, MaxOps)
	}
	for _, c := range b.Checks {
		if err := validKey(c.Key); err != nil {
			return err
		}
	}
	last := map[string]int64{}
	for _, o := range b.Ops {
		if err := o.validate(last); err != nil {
			return err
		}
	}
	if size := b.size(); size > MaxBatch {
		return fault.New(fault.Internal, "A batch of %d bytes is more than the %d that the store takes.", size, MaxBatch)
	}
	return nil
}

// validate checks one write; last holds the newest version appended so far to each stream.
func (o Op) validate(last map[string]int64) error {
	if err := validKey(o.Key); err != nil {
		return err
	}
	if len(o.Value) > MaxValue {
		return fault.New(fault.Internal, "A value of %d bytes is more than the %d that the store takes.", len(o.Value), MaxValue)
	}
	if o.Score > MaxScore || o.Score < -MaxScore {
		return fault.New(fault.Internal, "The score %d cannot be kept exactly.", o.Score)
	}
	switch o.Kind {
	case OpPut, OpDelete, OpClear:
		return nil
	case OpDrop:
		delete(last, o.Key)
		return nil
	case OpAppend:
		if o.Score <= last[o.Key] {
			return fault.New(fault.Internal, "Version %d cannot follow version %d.", o.Score, last[o.Key])
		}
		last[o.Key] = o.Score
		return nil
	case OpMove:
		if o.Key == o.Member {
			return fault.New(fault.Internal, "A set cannot be moved into itself.")
		}
		return validKey(o.Member)
	case OpAdd, OpRemove:
		return validKey(o.Member)
	}
	return fault.New(fault.Internal, "There is no write of kind %d.", o.Kind)
}

// validKey checks a key or a member's name.
func validKey(key string) error {
	if key == "" || len(key) > MaxKey {
		return fault.New(fault.Internal, "A key of %d bytes cannot be kept; it must have 1 to %d.", len(key), MaxKey)
	}
	if !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return fault.New(fault.Internal, "The key %s cannot be kept.", fmt.Sprintf("%.40q", key))
	}
	return nil
}

// Stale is the fault of an append whose version is not beyond the stream's
// last; the checks of the batch should have seen it.
func Stale(stream string, version int64) error {
	return fault.New(fault.Internal, "Version %d of %s was written before; nothing was changed.", version, stream)
}

// FirstAppends lists, for each stream that the batch appends to before it
// drops it, the first version: drivers hold it against what is there before
// they write anything.
func (b Batch) FirstAppends() []Op {
	var firsts []Op
	met := map[string]bool{}
	for _, o := range b.Ops {
		if o.Kind != OpAppend && o.Kind != OpDrop || met[o.Key] {
			continue
		}
		met[o.Key] = true
		if o.Kind == OpAppend {
			firsts = append(firsts, o)
		}
	}
	return firsts
}
