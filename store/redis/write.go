package redis

import (
	"context"
	"crypto/sha1" // Redis names scripts by their SHA-1
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"tocsin/incident/fault"
	"tocsin/store"
)

// Apply implements [store.Driver].
func (d *Driver) Apply(ctx context.Context, b store.Batch) error {
	return d.gather.Apply(ctx, b)
}

// Tries are how often a group goes out again when Redis has begun none of it.
const (
	tries = 4
	pause = 50 * time.Millisecond
)

// write sends a group in one pipeline. The callers' contexts do not reach it:
// whose time is up leaves, the others stay; the group's own patience ends it.
//
// What the server has certainly not begun goes again: a server that has just
// started does not know the script, one of a Cluster may have handed its keys on.
func (d *Driver) write(batches []store.Batch) []error {
	ctx, cancel := context.WithTimeout(context.Background(), d.patience)
	defer cancel()
	g := &group{driver: d, batches: batches, answers: make([]error, len(batches))}
	left := make([]int, len(batches))
	for i := range left {
		left[i] = i
	}
	left = g.send(ctx, left, "EVALSHA", d.name)
	for try := 1; len(left) > 0 && try < tries; try++ {
		if g.moved {
			d.findHome(ctx)
		}
		// The first one brings the script along.
		unknown := g.send(ctx, left[:1], "EVAL", script)
		left = append(unknown, g.send(ctx, left[1:], "EVALSHA", d.name)...)
	}
	return g.answers
}

// group is what goes over together.
type group struct {
	driver  *Driver
	batches []store.Batch
	answers []error
	moved   bool // a server has said that it does not have our keys any more
}

// send sends the chosen batches and fills in their answers; it gives back
// those that the server has not begun and that may go again.
func (g *group) send(ctx context.Context, chosen []int, command, body string) (again []int) {
	if len(chosen) == 0 {
		return nil
	}
	var sent onWire
	pipe, err := g.driver.pipeline(ctx)
	if err != nil {
		for _, i := range chosen {
			g.answers[i] = writeFault(err, g.batches[i], false)
		}
		return nil
	}
	replies := make([]*goredis.Cmd, len(chosen))
	for n, i := range chosen {
		b := g.batches[i]
		args := make([]any, 0, 8+3*len(b.Checks)+4*len(b.Ops))
		args = append(args, command, body, 1, g.driver.tag)
		if n == 0 {
			args[2] = &sent
		}
		replies[n] = pipe.Do(ctx, g.driver.steps(args, b)...)
	}
	_, _ = pipe.Exec(ctx) // each command carries its own error
	for n, i := range chosen {
		reply, err := replies[n].Result()
		_, moved := goredis.IsMovedError(err)
		if moved || isNoScript(err) {
			again = append(again, i)
			g.moved = g.moved || moved
		}
		g.answers[i] = answer(g.batches[i], reply, err, sent.Load())
	}
	return again
}

// pipeline is one to the server that has our keys. The Cluster's own is not
// taken, because it sends a second time what it has no reply to.
func (d *Driver) pipeline(ctx context.Context) (goredis.Pipeliner, error) {
	c, ok := d.client.(*goredis.ClusterClient)
	if !ok {
		return d.client.Pipeline(), nil
	}
	master, err := c.MasterForKey(ctx, d.tag)
	if err != nil {
		return nil, err
	}
	return master.Pipeline(), nil
}

// findHome has the Cluster's map read anew, and gives it a moment.
func (d *Driver) findHome(ctx context.Context) {
	c, ok := d.client.(*goredis.ClusterClient)
	if !ok {
		return
	}
	c.ReloadState(ctx)
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// onWire is the number of keys, which is always 1; that it was asked for its
// bytes shows that the group was being written to a connection.
type onWire struct{ atomic.Bool }

// MarshalBinary implements encoding.BinaryMarshaler.
func (w *onWire) MarshalBinary() ([]byte, error) {
	w.Store(true)
	return []byte("1"), nil
}

// answer reads the script's reply.
func answer(b store.Batch, reply any, err error, sent bool) error {
	if err != nil {
		return writeFault(err, b, sent)
	}
	pair, mismatch := reply.([]any)
	if !mismatch {
		return nil
	}
	index, ok := pair[0].(int64)
	if !ok || int(index) >= len(b.Checks) {
		return fault.New(fault.Unknown, "Redis gave an answer that cannot be read; it may have been recorded.")
	}
	m := &store.Mismatch{Index: int(index), Key: b.Checks[index].Key}
	if len(pair) > 1 {
		if found, ok := pair[1].(string); ok {
			m.Found = []byte(found)
		}
	}
	return m
}

// steps writes the batch down as the script reads it. The first append comes
// before everything else that writes, because it is the one that may fail; the
// appends to further streams are held against what is there beforehand.
func (d *Driver) steps(args []any, b store.Batch) []any {
	for _, c := range b.Checks {
		if c.Want == nil {
			args = append(args, "!", d.record(c.Key))
		} else {
			args = append(args, "=", d.record(c.Key), c.Want)
		}
	}
	firsts := b.FirstAppends()
	early := -1
	if len(firsts) > 0 {
		for _, o := range firsts[1:] {
			args = append(args, "?", d.stream(o.Key), o.Score)
		}
		o := firsts[0]
		early = indexOf(b.Ops, o)
		args = append(args, ">", d.stream(o.Key), entryID(o.Score), present(o.Value))
	}
	// Records are put together. They may be moved over everything but a
	// deletion of records.
	var puts []store.Op
	for i, o := range b.Ops {
		switch {
		case i == early:
		case o.Kind == store.OpPut:
			puts = append(puts, o)
		case o.Kind == store.OpDelete:
			args, puts = d.step(d.puts(args, puts), o), nil
		default:
			args = d.step(args, o)
		}
	}
	return d.puts(args, puts)
}

// mostPuts is how many records go in one step, because Lua has no more room.
const mostPuts = 1000

func (d *Driver) puts(args []any, ops []store.Op) []any {
	for part := range slices.Chunk(ops, mostPuts) {
		args = append(args, "p", len(part))
		for _, o := range part {
			args = append(args, d.record(o.Key), present(o.Value))
		}
	}
	return args
}

// indexOf finds the op: no other append to its stream has its version.
func indexOf(ops []store.Op, first store.Op) int {
	for i, o := range ops {
		if o.Kind == store.OpAppend && o.Key == first.Key && o.Score == first.Score {
			return i
		}
	}
	return -1
}

func (d *Driver) step(args []any, o store.Op) []any {
	switch o.Kind {
	case store.OpPut:
		return d.puts(args, []store.Op{o})
	case store.OpDelete:
		return append(args, "d", d.record(o.Key))
	case store.OpAppend:
		return append(args, "x", d.stream(o.Key), entryID(o.Score), present(o.Value))
	case store.OpDrop:
		return append(args, "X", d.stream(o.Key))
	case store.OpAdd:
		return append(args, "z", d.set(o.Key), o.Score, o.Member)
	case store.OpRemove:
		return append(args, "r", d.set(o.Key), o.Member)
	case store.OpMove:
		return append(args, "m", d.set(o.Key), d.set(o.Member), o.Score)
	case store.OpClear:
		return append(args, "c", d.set(o.Key))
	}
	return args
}

func entryID(version int64) string { return strconv.FormatInt(version, 10) + "-0" }

func present(v []byte) []byte {
	if v == nil {
		return []byte{}
	}
	return v
}

func scriptName() string {
	sum := sha1.Sum([]byte(script)) // Redis names scripts by their SHA-1
	return hex.EncodeToString(sum[:])
}

func isNoScript(err error) bool {
	return err != nil && strings.HasPrefix(err.Error(), "NOSCRIPT")
}
