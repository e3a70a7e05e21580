package redis

import (
	"context"
	"crypto/sha1" //nolint:gosec // Redis names scripts by their SHA-1
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"

	sdk "github.com/redis/go-redis/v9"

	"tocsin/incident/fault"
	"tocsin/store"
)

// Apply implements [store.Driver].
func (d *Driver) Apply(ctx context.Context, b store.Batch) error {
	return d.gather.Apply(ctx, b)
}

// write sends a group in one pipeline. The callers' contexts do not reach it:
// whose time is up leaves, the others stay; the time-outs of the client end it.
func (d *Driver) write(batches []store.Batch) []error {
	answers := make([]error, len(batches))
	all := make([]int, len(batches))
	for i := range all {
		all[i] = i
	}
	unknown := d.send(batches, all, "EVALSHA", d.name, answers)
	if len(unknown) > 0 {
		// A server that has just started does not know the script, and has
		// done nothing with these: they go again with the script itself, once.
		unknown = d.send(batches, unknown[:1], "EVAL", script(), answers)
		rest := d.send(batches, missing(answers), "EVALSHA", d.name, answers)
		unknown = append(unknown, rest...)
	}
	for _, i := range unknown {
		answers[i] = fault.New(fault.Unavailable, "Redis keeps forgetting the script; nothing was recorded.")
	}
	for i, err := range answers {
		if errors.Is(err, errRecorded) {
			answers[i] = nil
		}
	}
	return answers
}

// errRecorded marks a batch that was written, while others of its group are sent again.
var errRecorded = errors.New("recorded")

// missing lists the batches without an answer.
func missing(answers []error) []int {
	var left []int
	for i, err := range answers {
		if err == nil {
			left = append(left, i)
		}
	}
	return left
}

// send sends the chosen batches and fills in their answers; it gives back
// those that the server did not know the script for.
func (d *Driver) send(batches []store.Batch, chosen []int, command, body string, answers []error) (noScript []int) {
	if len(chosen) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), d.patience)
	defer cancel()
	var sent onWire
	pipe := d.client.Pipeline()
	replies := make([]*sdk.Cmd, len(chosen))
	for n, i := range chosen {
		args := make([]any, 0, 8+3*len(batches[i].Checks)+4*len(batches[i].Ops))
		args = append(args, command, body, 1, d.tag)
		if n == 0 {
			args[2] = &sent
		}
		replies[n] = pipe.Do(ctx, d.steps(args, batches[i])...)
	}
	_, _ = pipe.Exec(ctx) //nolint:errcheck // each command carries its own error
	for n, i := range chosen {
		reply, err := replies[n].Result()
		if isNoScript(err) {
			noScript = append(noScript, i)
			continue
		}
		answers[i] = d.answer(batches[i], reply, err, sent.Load())
	}
	return noScript
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
func (d *Driver) answer(b store.Batch, reply any, err error, sent bool) error {
	if err != nil {
		return writeFault(err, b, sent)
	}
	pair, mismatch := reply.([]any)
	if !mismatch {
		return errRecorded
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
	for i, o := range b.Ops {
		if i != early {
			args = d.step(args, o)
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
		return append(args, "p", d.record(o.Key), present(o.Value))
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
	sum := sha1.Sum([]byte(script())) //nolint:gosec // Redis names scripts by their SHA-1
	return hex.EncodeToString(sum[:])
}

func isNoScript(err error) bool {
	return err != nil && strings.HasPrefix(err.Error(), "NOSCRIPT")
}
