package storetest

import (
	"math"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tocsin/incident/fault"
	"tocsin/store"
)

func streamTests() []driverTest {
	return []driverTest{
		{"a stream is read in its order, from a version on", streamReads},
		{"a long stream is read whole", longStream},
		{"a version that was written before is refused", staleVersion},
		{"a dropped stream begins anew", droppedStream},
	}
}

func streamReads(t *testing.T, d store.Driver) {
	if got := entries(t, d, "none"); len(got) != 0 {
		t.Errorf("a stream that is not there has %d entries", len(got))
	}
	apply(t, d, grow("s", 1, "one"), grow("s", 2, "two"), grow("other", 1, "x"))
	apply(t, d, grow("s", 10, "ten"))
	one, two, ten := store.Entry{Version: 1, Value: []byte("one")}, store.Entry{Version: 2, Value: []byte("two")}, store.Entry{Version: 10, Value: []byte("ten")}
	for _, c := range []struct {
		name  string
		after uint64
		limit int
		want  []store.Entry
	}{
		{"all", 0, 0, []store.Entry{one, two, ten}},
		{"after the first", 1, 0, []store.Entry{two, ten}},
		{"after a version that is not there", 5, 0, []store.Entry{ten}},
		{"two at most", 0, 2, []store.Entry{one, two}},
		{"more than there are", 0, 9, []store.Entry{one, two, ten}},
		{"after the last", 10, 0, nil},
		{"far beyond the last", math.MaxUint64, 5, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := d.Entries(t.Context(), "s", c.after, c.limit)
			if err != nil {
				t.Fatalf("Entries: %v", err)
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
		})
	}
}

func longStream(t *testing.T, d store.Driver) {
	const long = 3500
	var ops []store.Op
	for v := range uint64(long) {
		ops = append(ops, grow("s", v+1, "v"+number(int(v+1))))
	}
	apply(t, d, ops...)
	for _, c := range []struct{ after, limit, want int }{{0, 0, long}, {700, 0, long - 700}, {700, 2500, 2500}} {
		got, err := d.Entries(t.Context(), "s", uint64(c.after), c.limit)
		if err != nil {
			t.Fatalf("Entries: %v", err)
		}
		if len(got) != c.want {
			t.Fatalf("after %d with limit %d: %d entries, want %d", c.after, c.limit, len(got), c.want)
		}
		for i, e := range got {
			if v := c.after + i + 1; e.Version != uint64(v) || string(e.Value) != "v"+number(v) {
				t.Fatalf("entry %d is version %d with %q", i, e.Version, e.Value)
			}
		}
	}
}

func staleVersion(t *testing.T, d store.Driver) {
	apply(t, d, grow("s", 1, "one"), grow("s", 3, "three"), grow("r", 5, "five"))
	for name, ops := range map[string][]store.Op{
		"the last one again":      {put("a", "1"), grow("s", 3, "x"), put("b", "1")},
		"one between":             {put("a", "1"), grow("s", 2, "x")},
		"beside a stream that is": {put("a", "1"), grow("new", 1, "x"), grow("s", 3, "x")},
		"before one that is":      {grow("s", 3, "x"), grow("new", 1, "x"), put("a", "1")},
		"two streams":             {grow("s", 4, "x"), grow("r", 5, "x"), put("a", "1")},
		"and dropped afterwards":  {grow("s", 3, "x"), {Kind: store.OpDrop, Key: "s"}, put("a", "1")},
	} {
		t.Run(name, func(t *testing.T) {
			wantKind(t, d.Apply(t.Context(), store.Batch{Ops: ops}), fault.Internal)
			wantAbsent(t, d, "a")
			wantAbsent(t, d, "b")
			wantEntries(t, d, "new")
			wantEntries(t, d, "s", store.Entry{Version: 1, Value: []byte("one")}, store.Entry{Version: 3, Value: []byte("three")})
			wantEntries(t, d, "r", store.Entry{Version: 5, Value: []byte("five")})
		})
	}
	apply(t, d, grow("r", 6, "six"), grow("s", 4, "four"), grow("new", 1, "one"))
}

func droppedStream(t *testing.T, d store.Driver) {
	apply(t, d, grow("s", 5, "x"))
	apply(t, d, store.Op{Kind: store.OpDrop, Key: "s"}, store.Op{Kind: store.OpDrop, Key: "none"})
	wantEntries(t, d, "s")
	apply(t, d, grow("s", 1, "y"))
	wantEntries(t, d, "s", store.Entry{Version: 1, Value: []byte("y")})
}

func setTests() []driverTest {
	return []driverTest{
		{"a member has one score, the newest", oneScore},
		{"a range is by score, both ends included", rangeByScore},
		{"equal scores are ordered by the bytes of the name", equalScores},
		{"scores are exact to both ends", exactScores},
		{"a set moves into another", setMoves},
		{"members and sets go", membersGo},
	}
}

func oneScore(t *testing.T, d store.Driver) {
	apply(t, d, add("z", "a", 1), add("z", "b", 2), add("z", "a", 3))
	apply(t, d, add("z", "b", -4))
	wantMembers(t, d, store.Range{Set: "z", Min: -10, Max: 10}, store.Member{Name: "b", Score: -4}, store.Member{Name: "a", Score: 3})
}

func rangeByScore(t *testing.T, d store.Driver) {
	a, b, c, e := store.Member{Name: "a", Score: -5}, store.Member{Name: "b", Score: 0}, store.Member{Name: "c", Score: 7}, store.Member{Name: "e", Score: 9}
	for _, m := range []store.Member{c, a, e, b} {
		apply(t, d, add("z", m.Name, m.Score))
	}
	for _, r := range []struct {
		name string
		q    store.Range
		want []store.Member
	}{
		{"all", store.Range{Min: math.MinInt64, Max: math.MaxInt64}, []store.Member{a, b, c, e}},
		{"all, turned round", store.Range{Min: math.MinInt64, Max: math.MaxInt64, Reverse: true}, []store.Member{e, c, b, a}},
		{"both ends", store.Range{Min: -5, Max: 7}, []store.Member{a, b, c}},
		{"between", store.Range{Min: -4, Max: 6}, []store.Member{b}},
		{"one score", store.Range{Min: 7, Max: 7}, []store.Member{c}},
		{"the first two", store.Range{Min: -5, Max: 9, Limit: 2}, []store.Member{a, b}},
		{"the last two", store.Range{Min: -5, Max: 9, Limit: 2, Reverse: true}, []store.Member{e, c}},
		{"the last two below", store.Range{Min: math.MinInt64, Max: 8, Limit: 2, Reverse: true}, []store.Member{c, b}},
		{"more than there are", store.Range{Min: 1, Max: 9, Limit: 50}, []store.Member{c, e}},
		{"none", store.Range{Min: 10, Max: 20}, nil},
		{"ends the wrong way round", store.Range{Min: 9, Max: -5}, nil},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.q.Set = "z"
			wantMembers(t, d, r.q, r.want...)
		})
	}
	wantMembers(t, d, store.Range{Set: "none", Max: 100})
}

func equalScores(t *testing.T, d store.Driver) {
	names := []string{" ", "1", "10", "2", "A", "B", "a", "a ", "a-b", "aa", "b", "z", "Ä", "ä", "日", "😀"}
	var want []store.Member
	for i := range names {
		apply(t, d, add("z", names[(i*7)%len(names)], 5))
		want = append(want, store.Member{Name: names[i], Score: 5})
	}
	wantMembers(t, d, store.Range{Set: "z", Min: 5, Max: 5}, want...)
	wantMembers(t, d, store.Range{Set: "z", Min: 0, Max: 9, Limit: 3}, want[:3]...)
	last := len(want) - 1
	wantMembers(t, d, store.Range{Set: "z", Min: 0, Max: 9, Limit: 2, Reverse: true}, want[last], want[last-1])
}

func exactScores(t *testing.T, d store.Driver) {
	scores := []int64{-store.MaxScore, -store.MaxScore + 1, -1, 0, 1, 1764112049123, store.MaxScore - 1, store.MaxScore}
	var want []store.Member
	for i, s := range scores {
		want = append(want, store.Member{Name: "m" + number(i), Score: s})
		apply(t, d, add("z", want[i].Name, s))
	}
	wantMembers(t, d, store.Range{Set: "z", Min: math.MinInt64, Max: math.MaxInt64}, want...)
	for _, m := range want {
		wantMembers(t, d, store.Range{Set: "z", Min: m.Score, Max: m.Score}, m)
	}
}

func setMoves(t *testing.T, d store.Driver) {
	apply(t, d, add("from", "a", 1), add("from", "b", 2), add("to", "b", 50), add("to", "c", 60))
	apply(t, d, store.Op{Kind: store.OpMove, Key: "from", Member: "to", Score: 7})
	wantMembers(t, d, store.Range{Set: "from", Max: 100})
	want := []store.Member{{Name: "a", Score: 7}, {Name: "b", Score: 7}, {Name: "c", Score: 60}}
	wantMembers(t, d, store.Range{Set: "to", Max: 100}, want...)
	apply(t, d, store.Op{Kind: store.OpMove, Key: "nothing", Member: "to", Score: 1})
	wantMembers(t, d, store.Range{Set: "to", Max: 100}, want...)
}

func membersGo(t *testing.T, d store.Driver) {
	apply(t, d, add("z", "a", 1), add("z", "b", 2), add("y", "a", 1))
	apply(t, d, store.Op{Kind: store.OpRemove, Key: "z", Member: "a"}, store.Op{Kind: store.OpRemove, Key: "z", Member: "none"},
		store.Op{Kind: store.OpRemove, Key: "none", Member: "a"})
	wantMembers(t, d, store.Range{Set: "z", Max: 9}, store.Member{Name: "b", Score: 2})
	apply(t, d, store.Op{Kind: store.OpClear, Key: "z"}, store.Op{Kind: store.OpClear, Key: "none"})
	wantMembers(t, d, store.Range{Set: "z", Max: 9})
	wantMembers(t, d, store.Range{Set: "y", Max: 9}, store.Member{Name: "a", Score: 1})
}

func number(i int) string { return strconv.Itoa(i) }
