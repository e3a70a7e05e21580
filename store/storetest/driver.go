package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tocsin/incident/fault"
	"tocsin/store"
)

// RunDriver holds a driver to all that [store.Driver] promises. Each call of
// open gives an empty driver that the test closes.
func RunDriver(t *testing.T, open func(t *testing.T) store.Driver) {
	t.Helper()
	for _, part := range []struct {
		name  string
		tests []driverTest
	}{
		{"records", recordTests()},
		{"checks", checkTests()},
		{"streams", streamTests()},
		{"sets", setTests()},
		{"whole", wholeTests()},
		{"crowds", crowdTests()},
		{"times", timeTests()},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			for _, test := range part.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					d := open(t)
					t.Cleanup(func() {
						if err := d.Close(); err != nil {
							t.Errorf("closing the driver: %v", err)
						}
					})
					test.run(t, d)
				})
			}
		})
	}
}

type driverTest struct {
	name string
	run  func(t *testing.T, d store.Driver)
}

func recordTests() []driverTest {
	return []driverTest{
		{"a record is read back until it is deleted", recordLives},
		{"records come in the order asked for", recordsInOrder},
		{"an empty value is not an absent one", emptyValue},
		{"every byte is kept", everyByte},
		{"4 MiB is kept, a byte more is refused", bigValue},
		{"odd keys are kept apart", oddKeys},
		{"what was given may be changed afterwards", ownCopies},
	}
}

func recordLives(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"))
	apply(t, d, put("a", "2"), put("b", "x"))
	wantRecord(t, d, "a", "2")
	apply(t, d, remove("a"), remove("never"))
	wantAbsent(t, d, "a")
	wantRecord(t, d, "b", "x")
}

func recordsInOrder(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"), put("b", "2"), put("c", "3"))
	got, err := d.Get(t.Context(), "c", "none", "a", "c", "b")
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	want := [][]byte{[]byte("3"), nil, []byte("1"), []byte("3"), []byte("2")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if none, err := d.Get(t.Context()); err != nil || len(none) != 0 {
		t.Errorf("Get of no keys: %v, %v; want nothing", none, err)
	}
}

func emptyValue(t *testing.T, d store.Driver) {
	apply(t, d, store.Op{Kind: store.OpPut, Key: "nil"}, put("empty", ""),
		store.Op{Kind: store.OpAppend, Key: "s", Score: 1})
	for _, key := range []string{"nil", "empty"} {
		if got := get(t, d, key); got == nil || len(got) != 0 {
			t.Errorf("record %q = %#v, want an empty value that is there", key, got)
		}
	}
	wantEntries(t, d, "s", store.Entry{Version: 1, Value: []byte{}})
	if _, err := d.Get(t.Context(), "nil", "empty"); err != nil {
		t.Errorf("Get: %v", err)
	}
	both, err := d.Get(t.Context(), "nil", "empty")
	if err != nil || both[0] == nil || both[1] == nil {
		t.Errorf("both records = %#v, %v; want empty values that are there", both, err)
	}
}

func everyByte(t *testing.T, d store.Driver) {
	value := make([]byte, 512)
	for i := range value {
		value[i] = byte(i)
	}
	apply(t, d, store.Op{Kind: store.OpPut, Key: "k", Value: value},
		store.Op{Kind: store.OpAppend, Key: "s", Score: 1, Value: value})
	if got := get(t, d, "k"); !bytes.Equal(got, value) {
		t.Errorf("the record came back as %x", got)
	}
	wantEntries(t, d, "s", store.Entry{Version: 1, Value: value})
	if err := d.Apply(t.Context(), store.Batch{Checks: []store.Check{{Key: "k", Want: value}}}); err != nil {
		t.Errorf("the check of the same bytes: %v", err)
	}
}

func bigValue(t *testing.T, d store.Driver) {
	value := bytes.Repeat([]byte("0123456789abcdef"), store.MaxValue/16)
	apply(t, d, store.Op{Kind: store.OpPut, Key: "k", Value: value},
		store.Op{Kind: store.OpAppend, Key: "s", Score: 1, Value: value})
	if got := get(t, d, "k"); !bytes.Equal(got, value) {
		t.Errorf("the record came back with %d bytes, not as it was", len(got))
	}
	if got := entries(t, d, "s"); len(got) != 1 || !bytes.Equal(got[0].Value, value) {
		t.Errorf("the entry did not come back as it was")
	}
	err := d.Apply(t.Context(), store.Batch{Ops: []store.Op{put("small", "1"), {Kind: store.OpPut, Key: "k", Value: append(value, 'x')}}})
	wantKind(t, err, fault.Internal)
	wantAbsent(t, d, "small")
}

func oddKeys(t *testing.T, d store.Driver) {
	long := string(bytes.Repeat([]byte("k"), store.MaxKey))
	keys := []string{
		"a", "a ", " a", "A", "a:b", "a/b", "{a}", "{a", "a*", "a?", "[a]", `a\b`, `"a"`, "'a'", "a%00", "ä", "日本", "-", "+", "(a", "[a", "0", long,
	}
	var ops []store.Op
	for i, k := range keys {
		ops = append(ops, put(k, k), add("set", k, int64(i)), add(k, "member", int64(i)), grow(k, uint64(i+1), k))
	}
	apply(t, d, ops...)
	for i, k := range keys {
		wantRecord(t, d, k, k)
		wantMembers(t, d, store.Range{Set: k, Max: 1000}, store.Member{Name: "member", Score: int64(i)})
		wantEntries(t, d, k, store.Entry{Version: uint64(i + 1), Value: []byte(k)})
	}
	if got := members(t, d, store.Range{Set: "set", Max: 1000}); len(got) != len(keys) {
		t.Errorf("the set holds %d members, want %d", len(got), len(keys))
	}
}

func ownCopies(t *testing.T, d store.Driver) {
	value := []byte("before")
	apply(t, d, store.Op{Kind: store.OpPut, Key: "k", Value: value}, store.Op{Kind: store.OpAppend, Key: "s", Score: 1, Value: value})
	copy(value, "after!")
	got := get(t, d, "k")
	copy(got, "after!")
	copy(entries(t, d, "s")[0].Value, "after!")
	wantRecord(t, d, "k", "before")
	wantEntries(t, d, "s", store.Entry{Version: 1, Value: []byte("before")})
}

// The helpers below speak the suite's few words.

func put(key, value string) store.Op {
	return store.Op{Kind: store.OpPut, Key: key, Value: []byte(value)}
}
func remove(key string) store.Op { return store.Op{Kind: store.OpDelete, Key: key} }
func grow(stream string, version uint64, value string) store.Op {
	return store.Op{Kind: store.OpAppend, Key: stream, Score: int64(version), Value: []byte(value)}
}

func add(set, member string, score int64) store.Op {
	return store.Op{Kind: store.OpAdd, Key: set, Member: member, Score: score}
}

func apply(t *testing.T, d store.Driver, ops ...store.Op) {
	t.Helper()
	if err := d.Apply(t.Context(), store.Batch{Ops: ops}); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

func get(t *testing.T, d store.Driver, key string) []byte {
	t.Helper()
	got, err := d.Get(t.Context(), key)
	if err != nil || len(got) != 1 {
		t.Fatalf("Get %q: %d values, %v; want one", key, len(got), err)
	}
	return got[0]
}

func wantRecord(t *testing.T, d store.Driver, key, want string) {
	t.Helper()
	if got := get(t, d, key); got == nil || string(got) != want {
		t.Errorf("record %q = %q (there: %t), want %q", key, got, got != nil, want)
	}
}

func wantAbsent(t *testing.T, d store.Driver, key string) {
	t.Helper()
	if got := get(t, d, key); got != nil {
		t.Errorf("record %q = %q, want it absent", key, got)
	}
}

func entries(t *testing.T, d store.Driver, stream string) []store.Entry {
	t.Helper()
	got, err := d.Entries(t.Context(), stream, 0, 0)
	if err != nil {
		t.Fatalf("Entries of %q: %v", stream, err)
	}
	return got
}

func wantEntries(t *testing.T, d store.Driver, stream string, want ...store.Entry) {
	t.Helper()
	if diff := cmp.Diff(want, entries(t, d, stream), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("stream %q (-want +got):\n%s", stream, diff)
	}
}

func members(t *testing.T, d store.Driver, q store.Range) []store.Member {
	t.Helper()
	got, err := d.Range(t.Context(), q)
	if err != nil {
		t.Fatalf("Range %+v: %v", q, err)
	}
	if r, can := d.(store.Ranger); can {
		several, err := r.Ranges(t.Context(), []store.Range{{Set: "no such set", Min: q.Min, Max: q.Max}, q})
		if err != nil || len(several) != 2 || len(several[0]) != 0 || !slices.Equal(several[1], got) {
			t.Fatalf("members of %s beside another set: %v (%v), want %v", q.Set, several, err, got)
		}
	}
	return got
}

func wantMembers(t *testing.T, d store.Driver, q store.Range, want ...store.Member) {
	t.Helper()
	if diff := cmp.Diff(want, members(t, d, q), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("range %+v (-want +got):\n%s", q, diff)
	}
}

func wantKind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("there was no error, want one of kind %s", want)
	}
	if got := fault.KindOf(err); got != want {
		t.Errorf("error of kind %s (%v), want %s", got, err, want)
	}
}

func wantMismatch(t *testing.T, err error, want store.Mismatch) {
	t.Helper()
	m, ok := errors.AsType[*store.Mismatch](err)
	if !ok {
		t.Fatalf("error = %v, want a mismatch", err)
	}
	if diff := cmp.Diff(want, *m); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

func ended(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
