package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tocsin/incident/fault"
	"tocsin/store"
)

func crowdTests() []driverTest {
	return []driverTest{
		{"three hundred writers of streams of their own", manyStreams},
		{"a hundred and twenty writers of one stream", oneStream},
		{"one batch that fails leaves the others alone", failuresAlone},
		{"readers see whole batches", wholeBatches},
		{"any batches leave what the memory driver would", likeMemory},
	}
}

// crowd runs fn n times at once and fails the test with the errors.
func crowd(t *testing.T, n int, fn func(i int) error) {
	t.Helper()
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() { errs[i] = fn(i) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func manyStreams(t *testing.T, d store.Driver) {
	const writers, each = 300, 5
	crowd(t, writers, func(i int) error {
		for v := uint64(1); v <= each; v++ {
			if err := appendNext(t.Context(), d, "s"+number(i), v); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range writers {
		if got := entries(t, d, "s"+number(i)); len(got) != each {
			t.Errorf("stream %d has %d entries, want %d", i, len(got), each)
		}
	}
	if got := members(t, d, store.Range{Set: "newest", Min: each, Max: each}); len(got) != writers {
		t.Errorf("%d streams are at version %d, want %d", len(got), each, writers)
	}
}

// appendNext is a commit as the house makes it: the head is checked and
// moved, the stream grows, a set points at it.
func appendNext(ctx context.Context, d store.Driver, stream string, v uint64) error {
	head := store.Check{Key: "head/" + stream}
	if v > 1 {
		head.Want = strconv.AppendUint(nil, v-1, 10)
	}
	return d.Apply(ctx, store.Batch{
		Checks: []store.Check{head},
		Ops: []store.Op{
			put("head/"+stream, strconv.FormatUint(v, 10)),
			grow(stream, v, fmt.Sprintf("%s at %d", stream, v)),
			add("newest", stream, int64(v)),
		},
	})
}

func oneStream(t *testing.T, d store.Driver) {
	const writers = 120
	var lost atomic.Int64
	crowd(t, writers, func(int) error {
		v := uint64(1)
		for {
			err := appendNext(t.Context(), d, "s", v)
			m, ok := errors.AsType[*store.Mismatch](err)
			if !ok {
				return err
			}
			lost.Add(1)
			head, err := strconv.ParseUint(string(m.Found), 10, 64)
			if err != nil || head < v {
				return fmt.Errorf("a mismatch at version %d found %q", v, m.Found)
			}
			v = head + 1
		}
	})
	got := entries(t, d, "s")
	if len(got) != writers {
		t.Fatalf("the stream has %d entries, want one of each of %d writers", len(got), writers)
	}
	for i, e := range got {
		if e.Version != uint64(i+1) {
			t.Fatalf("entry %d has version %d: the stream is not dense", i, e.Version)
		}
	}
	wantRecord(t, d, "head/s", number(writers))
	t.Logf("%d attempts came too late", lost.Load())
}

func failuresAlone(t *testing.T, d store.Driver) {
	apply(t, d, put("taken", "x"), grow("old", 9, "x"))
	const writers = 240
	crowd(t, writers, func(i int) error {
		b := store.Batch{Ops: []store.Op{put("w"+number(i), "1"), add("z", "w"+number(i), 1)}}
		switch i % 4 {
		case 1:
			b.Checks = []store.Check{{Key: "taken"}}
		case 2:
			b.Ops = append(b.Ops, grow("old", 9, "again"))
		case 3:
			b.Ops = append(b.Ops, put("bad\x01key", "1"))
		}
		err := d.Apply(t.Context(), b)
		_, mismatch := errors.AsType[*store.Mismatch](err)
		switch {
		case i%4 == 0 && err != nil:
			return fmt.Errorf("writer %d: %w", i, err)
		case i%4 == 1 && !mismatch:
			return fmt.Errorf("writer %d: %w, want a mismatch", i, err)
		case i%4 > 1 && (err == nil || fault.KindOf(err) != fault.Internal):
			return fmt.Errorf("writer %d: %w, want a refusal", i, err)
		}
		return nil
	})
	if got := members(t, d, store.Range{Set: "z", Max: 1}); len(got) != writers/4 {
		t.Errorf("%d batches were written, want the %d that were right", len(got), writers/4)
	}
}

func wholeBatches(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "0"), put("b", "0"))
	crowd(t, 8, func(i int) error {
		for n := range 40 {
			if i < 2 {
				v := number(i*1000 + n)
				if err := d.Apply(t.Context(), store.Batch{Ops: []store.Op{put("a", v), put("b", v)}}); err != nil {
					return err
				}
				continue
			}
			both, err := d.Get(t.Context(), "a", "b")
			if err != nil {
				return err
			}
			if string(both[0]) != string(both[1]) {
				return fmt.Errorf("one read saw half a batch: %q and %q", both[0], both[1])
			}
		}
		return nil
	})
}

// likeMemory compares the driver with the memory driver over random batches.
func likeMemory(t *testing.T, d store.Driver) {
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		prefix := "r" + number(round) + "/"
		model := NewMemory(nil)
		for range rapid.IntRange(1, 12).Draw(r, "batches") {
			b := drawBatch(r, prefix)
			want, got := model.Apply(t.Context(), b), d.Apply(t.Context(), b)
			if diff := cmp.Diff(answer(want), answer(got)); diff != "" {
				r.Fatalf("answer to %+v (-memory +driver):\n%s", b, diff)
			}
		}
		for i := range 4 {
			key := prefix + number(i)
			for _, reverse := range []bool{false, true} {
				q := store.Range{Set: key, Min: -3, Max: 3, Reverse: reverse}
				if diff := cmp.Diff(members(t, model, q), members(t, d, q), cmpopts.EquateEmpty()); diff != "" {
					r.Fatalf("set %s (-memory +driver):\n%s", key, diff)
				}
			}
			if diff := cmp.Diff(entries(t, model, key), entries(t, d, key), cmpopts.EquateEmpty()); diff != "" {
				r.Fatalf("stream %s (-memory +driver):\n%s", key, diff)
			}
			if diff := cmp.Diff(get(t, model, key), get(t, d, key)); diff != "" {
				r.Fatalf("record %s (-memory +driver):\n%s", key, diff)
			}
		}
	})
}

func drawBatch(r *rapid.T, prefix string) store.Batch {
	key := rapid.Map(rapid.IntRange(0, 3), func(i int) string { return prefix + number(i) })
	value := rapid.SampledFrom([]string{"", "1", "2"})
	var b store.Batch
	for range rapid.IntRange(0, 2).Draw(r, "checks") {
		c := store.Check{Key: key.Draw(r, "key")}
		if rapid.Bool().Draw(r, "there") {
			c.Want = []byte(value.Draw(r, "want"))
		}
		b.Checks = append(b.Checks, c)
	}
	for range rapid.IntRange(0, 6).Draw(r, "ops") {
		o := store.Op{
			Kind:  rapid.SampledFrom([]store.OpKind{store.OpPut, store.OpDelete, store.OpAppend, store.OpDrop, store.OpAdd, store.OpRemove, store.OpMove, store.OpClear}).Draw(r, "kind"),
			Key:   key.Draw(r, "key"),
			Score: int64(rapid.IntRange(-3, 3).Draw(r, "score")),
		}
		switch o.Kind {
		case store.OpPut:
			o.Value = []byte(value.Draw(r, "value"))
		case store.OpAppend:
			o.Score += 4
			o.Value = []byte(value.Draw(r, "value"))
		case store.OpAdd, store.OpRemove, store.OpMove:
			o.Member = key.Draw(r, "member")
		case store.OpDelete, store.OpDrop, store.OpClear:
		}
		b.Ops = append(b.Ops, o)
	}
	return b
}

// answer reduces an error to what the port promises of it.
func answer(err error) any {
	if err == nil {
		return nil
	}
	if m, ok := errors.AsType[*store.Mismatch](err); ok {
		return *m
	}
	return fault.KindOf(err)
}

func timeTests() []driverTest {
	return []driverTest{
		{"a context that has ended gets nothing done", endedContext},
		{"contexts that end meanwhile leave whole batches", endingContexts},
		{"the clock does not run backwards", clockRuns},
		{"a closed driver says so", closedDriver},
	}
}

func endedContext(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"))
	ctx := ended(t)
	wantKind(t, d.Apply(ctx, store.Batch{Ops: []store.Op{put("b", "1")}}), fault.Unavailable)
	_, err := d.Get(ctx, "a")
	wantKind(t, err, fault.Unavailable)
	_, err = d.Entries(ctx, "s", 0, 0)
	wantKind(t, err, fault.Unavailable)
	_, err = d.Range(ctx, store.Range{Set: "z"})
	wantKind(t, err, fault.Unavailable)
	_, err = d.Now(ctx)
	wantKind(t, err, fault.Unavailable)
	wantKind(t, d.Walk(ctx, func(store.Row) error { return nil }), fault.Unavailable)
	wantAbsent(t, d, "b")
}

func endingContexts(t *testing.T, d store.Driver) {
	const writers = 120
	kinds := make([]error, writers)
	crowd(t, writers, func(i int) error {
		ctx, cancel := context.WithCancel(t.Context())
		if i%2 == 0 {
			go cancel()
		}
		defer cancel()
		kinds[i] = d.Apply(ctx, store.Batch{Ops: []store.Op{put("a"+number(i), "1"), put("b"+number(i), "1")}})
		return nil
	})
	// The batches of those that were told "unknown" may still be on their way; one more
	// write comes after them.
	apply(t, d, put("last", "1"))
	for i, err := range kinds {
		a, b := get(t, d, "a"+number(i)), get(t, d, "b"+number(i))
		if (a == nil) != (b == nil) {
			t.Errorf("batch %d was written by half", i)
		}
		switch {
		case err == nil && a == nil:
			t.Errorf("batch %d was acknowledged and is not there", i)
		case err != nil && fault.KindOf(err) == fault.Unavailable && a != nil:
			t.Errorf("batch %d was said not to be written, and is there", i)
		case err != nil && fault.KindOf(err) != fault.Unavailable && fault.KindOf(err) != fault.Unknown:
			t.Errorf("batch %d: %v, want unavailable or unknown", i, err)
		}
	}
}

func clockRuns(t *testing.T, d store.Driver) {
	first, err := d.Now(t.Context())
	if err != nil || first.IsZero() {
		t.Fatalf("Now = %v, %v", first, err)
	}
	apply(t, d, put("a", "1"))
	second, err := d.Now(t.Context())
	if err != nil || second.Before(first) {
		t.Errorf("Now = %v, %v after %v", second, err, first)
	}
}

func closedDriver(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"))
	for range 2 {
		if err := d.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	wantKind(t, d.Apply(t.Context(), store.Batch{Ops: []store.Op{put("b", "1")}}), fault.Unavailable)
	_, err := d.Get(t.Context(), "a")
	wantKind(t, err, fault.Unavailable)
}
