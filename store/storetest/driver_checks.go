package storetest

import (
	order "cmp"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tocsin/incident/fault"
	"tocsin/store"
)

func checkTests() []driverTest {
	return []driverTest{
		{"a check holds when the record is exactly so", checksHold},
		{"a mismatch says which check failed first and what stood there", mismatchTells},
		{"a mismatch leaves everything as it was", mismatchWritesNothing},
		{"checks look at what was there before the batch", checksComeFirst},
		{"a batch of checks alone is answered", checksAlone},
		{"a batch that no driver takes is refused", badBatches},
		{"writes happen in their order", inOrder},
		{"a big batch is written whole", bigBatch},
	}
}

func checksHold(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"), put("empty", ""))
	err := d.Apply(t.Context(), store.Batch{
		Checks: []store.Check{{Key: "a", Want: []byte("1")}, {Key: "none"}, {Key: "empty", Want: []byte{}}},
		Ops:    []store.Op{put("a", "2")},
	})
	if err != nil {
		t.Fatalf("Apply: %v", err)
	}
	wantRecord(t, d, "a", "2")
}

func mismatchTells(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"), put("empty", ""))
	for _, c := range []struct {
		name  string
		check store.Check
		found []byte
	}{
		{"another value", store.Check{Key: "a", Want: []byte("2")}, []byte("1")},
		{"a longer value", store.Check{Key: "a", Want: []byte("11")}, []byte("1")},
		{"wanted absent", store.Check{Key: "a"}, []byte("1")},
		{"wanted empty", store.Check{Key: "a", Want: []byte{}}, []byte("1")},
		{"wanted there", store.Check{Key: "none", Want: []byte("1")}, nil},
		{"wanted empty, is absent", store.Check{Key: "none", Want: []byte{}}, nil},
		{"wanted absent, is empty", store.Check{Key: "empty"}, []byte{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := d.Apply(t.Context(), store.Batch{Checks: []store.Check{
				{Key: "a", Want: []byte("1")}, c.check, {Key: "a", Want: []byte("also wrong")},
			}})
			wantMismatch(t, err, store.Mismatch{Index: 1, Key: c.check.Key, Found: c.found})
		})
	}
}

func mismatchWritesNothing(t *testing.T, d store.Driver) {
	apply(t, d, put("a", "1"), grow("s", 1, "one"), add("set", "m", 1))
	err := d.Apply(t.Context(), store.Batch{
		Checks: []store.Check{{Key: "a", Want: []byte("1")}, {Key: "b", Want: []byte("x")}},
		Ops: []store.Op{
			put("a", "2"), put("c", "3"), grow("s", 2, "two"), add("set", "m", 9), add("set", "n", 9),
			{Kind: store.OpClear, Key: "set"},
			{Kind: store.OpDrop, Key: "s"},
			remove("a"),
		},
	})
	wantMismatch(t, err, store.Mismatch{Index: 1, Key: "b"})
	wantRecord(t, d, "a", "1")
	wantAbsent(t, d, "c")
	wantEntries(t, d, "s", store.Entry{Version: 1, Value: []byte("one")})
	wantMembers(t, d, store.Range{Set: "set", Max: 10}, store.Member{Name: "m", Score: 1})
}

func checksComeFirst(t *testing.T, d store.Driver) {
	batch := store.Batch{Checks: []store.Check{{Key: "a"}}, Ops: []store.Op{put("a", "1")}}
	if err := d.Apply(t.Context(), batch); err != nil {
		t.Fatalf("Apply: %v", err)
	}
	wantMismatch(t, d.Apply(t.Context(), batch), store.Mismatch{Index: 0, Key: "a", Found: []byte("1")})
}

func checksAlone(t *testing.T, d store.Driver) {
	if err := d.Apply(t.Context(), store.Batch{}); err != nil {
		t.Errorf("an empty batch: %v", err)
	}
	if err := d.Apply(t.Context(), store.Batch{Checks: []store.Check{{Key: "none"}}}); err != nil {
		t.Errorf("a check that holds: %v", err)
	}
}

func badBatches(t *testing.T, d store.Driver) {
	long := strings.Repeat("k", store.MaxKey+1)
	for name, b := range map[string]store.Batch{
		"no key":                {Ops: []store.Op{put("", "1")}},
		"a key too long":        {Ops: []store.Op{put(long, "1")}},
		"a control character":   {Ops: []store.Op{put("a\nb", "1")}},
		"broken UTF-8":          {Ops: []store.Op{put("a\xff", "1")}},
		"a bad key to check":    {Checks: []store.Check{{Key: "a\x00"}}},
		"a member without name": {Ops: []store.Op{add("set", "", 1)}},
		"a score too big":       {Ops: []store.Op{add("set", "m", store.MaxScore+1)}},
		"no such write":         {Ops: []store.Op{{Kind: 99, Key: "a"}}},
		"version 0":             {Ops: []store.Op{grow("s", 0, "x")}},
		"versions that fall":    {Ops: []store.Op{grow("s", 2, "x"), grow("s", 1, "x")}},
		"a set into itself":     {Ops: []store.Op{{Kind: store.OpMove, Key: "set", Member: "set"}}},
		"too many writes":       {Ops: make([]store.Op, store.MaxOps+1)},
	} {
		t.Run(name, func(t *testing.T) {
			b.Ops = append([]store.Op{put("first", "1")}, b.Ops...)
			wantKind(t, d.Apply(t.Context(), b), fault.Internal)
			wantAbsent(t, d, "first")
		})
	}
}

func inOrder(t *testing.T, d store.Driver) {
	apply(t, d,
		put("a", "1"), remove("a"), put("b", "1"), put("b", "2"), remove("c"), put("c", "3"),
		grow("s", 7, "old"), store.Op{Kind: store.OpDrop, Key: "s"}, grow("s", 1, "new"), grow("s", 2, "newer"),
		add("x", "gone", 1), store.Op{Kind: store.OpClear, Key: "x"}, add("x", "stays", 2),
		add("y", "m", 1), store.Op{Kind: store.OpRemove, Key: "y", Member: "m"},
		add("from", "p", 1), store.Op{Kind: store.OpMove, Key: "from", Member: "to", Score: 5}, add("from", "q", 1),
	)
	wantAbsent(t, d, "a")
	wantRecord(t, d, "b", "2")
	wantRecord(t, d, "c", "3")
	wantEntries(t, d, "s", store.Entry{Version: 1, Value: []byte("new")}, store.Entry{Version: 2, Value: []byte("newer")})
	all := store.Range{Min: math.MinInt64, Max: math.MaxInt64}
	for set, want := range map[string][]store.Member{
		"x": {{Name: "stays", Score: 2}}, "y": nil, "from": {{Name: "q", Score: 1}}, "to": {{Name: "p", Score: 5}},
	} {
		all.Set = set
		wantMembers(t, d, all, want...)
	}
}

func bigBatch(t *testing.T, d store.Driver) {
	var ops []store.Op
	for i := range store.MaxOps / 4 {
		name := "n" + number(i)
		ops = append(ops, put(name, name), add("set", name, int64(i)), grow("s", uint64(i+1), name))
	}
	apply(t, d, ops...)
	if got := members(t, d, store.Range{Set: "set", Max: store.MaxScore}); len(got) != store.MaxOps/4 {
		t.Errorf("the set holds %d members, want %d", len(got), store.MaxOps/4)
	}
	if got := entries(t, d, "s"); len(got) != store.MaxOps/4 {
		t.Errorf("the stream holds %d entries, want %d", len(got), store.MaxOps/4)
	}
	apply(t, d, store.Op{Kind: store.OpMove, Key: "set", Member: "moved", Score: 3})
	if got := members(t, d, store.Range{Set: "moved", Min: 3, Max: 3}); len(got) != store.MaxOps/4 {
		t.Errorf("%d members were moved, want %d", len(got), store.MaxOps/4)
	}
}

func wholeTests() []driverTest {
	return []driverTest{
		{"records, streams and sets of one name are three things", shapesApart},
		{"a walk meets everything once", walkMeetsAll},
		{"a walk ends with the first error", walkStops},
		{"what is walked can be put back", walkRestores},
	}
}

func shapesApart(t *testing.T, d store.Driver) {
	apply(t, d, put("k", "record"), grow("k", 1, "entry"), add("k", "member", 1))
	wantRecord(t, d, "k", "record")
	wantEntries(t, d, "k", store.Entry{Version: 1, Value: []byte("entry")})
	wantMembers(t, d, store.Range{Set: "k", Max: 9}, store.Member{Name: "member", Score: 1})
	apply(t, d, remove("k"))
	wantEntries(t, d, "k", store.Entry{Version: 1, Value: []byte("entry")})
	apply(t, d, store.Op{Kind: store.OpDrop, Key: "k"})
	wantMembers(t, d, store.Range{Set: "k", Max: 9}, store.Member{Name: "member", Score: 1})
	apply(t, d, store.Op{Kind: store.OpClear, Key: "k"})
	wantMembers(t, d, store.Range{Set: "k", Max: 9})
}

// walkable is more of everything than a driver reads at once.
func walkable() (ops []store.Op, rows []store.Row) {
	for i := range 700 {
		name, value := "n"+number(i), []byte("v"+number(i))
		stream, version, set := "s"+number(i%3), uint64(i/3+1), "z"+number(i%5)
		ops = append(ops, put(name, string(value)), grow(stream, version, string(value)), add(set, name, int64(i)))
		rows = append(rows,
			store.Row{Kind: "record", Key: name, Value: value},
			store.Row{Kind: "entry", Key: stream, Score: int64(version), Value: value},
			store.Row{Kind: "member", Key: set, Name: name, Score: int64(i)})
	}
	return append(ops, put("empty", "")), append(rows, store.Row{Kind: "record", Key: "empty", Value: []byte{}})
}

func byAll(a, b store.Row) bool {
	return order.Or(order.Compare(a.Kind, b.Kind), order.Compare(a.Key, b.Key), order.Compare(a.Name, b.Name), order.Compare(a.Score, b.Score)) < 0
}

func walked(t *testing.T, d store.Driver) []store.Row {
	t.Helper()
	var got []store.Row
	if err := d.Walk(t.Context(), func(r store.Row) error { got = append(got, r); return nil }); err != nil {
		t.Fatalf("Walk: %v", err)
	}
	return got
}

func walkMeetsAll(t *testing.T, d store.Driver) {
	if got := walked(t, d); len(got) != 0 {
		t.Errorf("an empty driver has %d rows", len(got))
	}
	ops, rows := walkable()
	apply(t, d, ops...)
	if diff := cmp.Diff(rows, walked(t, d), cmpopts.SortSlices(byAll)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func walkStops(t *testing.T, d store.Driver) {
	ops, _ := walkable()
	apply(t, d, ops...)
	met, enough := 0, errors.New("enough")
	err := d.Walk(t.Context(), func(store.Row) error {
		met++
		if met == 3 {
			return enough
		}
		_, err := d.Get(t.Context(), "empty") // a walk holds nothing that a read needs
		return err
	})
	if !errors.Is(err, enough) || met != 3 {
		t.Errorf("the walk met %d rows and ended with %v, want 3 and the error of the third", met, err)
	}
}

func walkRestores(t *testing.T, d store.Driver) {
	ops, rows := walkable()
	apply(t, d, ops...)
	before := walked(t, d)
	var undo []store.Op
	for _, o := range ops {
		undo = append(undo, store.Op{Kind: map[store.OpKind]store.OpKind{
			store.OpPut: store.OpDelete, store.OpAppend: store.OpDrop, store.OpAdd: store.OpClear,
		}[o.Kind], Key: o.Key})
	}
	apply(t, d, undo...)
	if left := walked(t, d); len(left) != 0 {
		t.Fatalf("%d rows are left after everything was taken out", len(left))
	}
	var again []store.Op
	for _, r := range before {
		switch r.Kind {
		case "record":
			again = append(again, store.Op{Kind: store.OpPut, Key: r.Key, Value: r.Value})
		case "entry":
			again = append(again, store.Op{Kind: store.OpAppend, Key: r.Key, Score: r.Score, Value: r.Value})
		case "member":
			again = append(again, add(r.Key, r.Name, r.Score))
		}
	}
	apply(t, d, again...)
	if diff := cmp.Diff(rows, walked(t, d), cmpopts.SortSlices(byAll)); diff != "" {
		t.Errorf("rows put back (-want +got):\n%s", diff)
	}
}
