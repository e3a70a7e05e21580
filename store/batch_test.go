package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tocsin/incident/fault"
	"tocsin/store"
)

func grow(stream string, version int64) store.Op {
	return store.Op{Kind: store.OpAppend, Key: stream, Score: version}
}

func TestFirstAppends(t *testing.T) {
	t.Parallel()
	drop := func(stream string) store.Op { return store.Op{Kind: store.OpDrop, Key: stream} }
	for name, c := range map[string]struct{ ops, want []store.Op }{
		"none":                    {[]store.Op{{Kind: store.OpPut, Key: "a"}}, []store.Op{}},
		"one stream, its first":   {[]store.Op{grow("a", 3), grow("a", 4)}, []store.Op{grow("a", 3)}},
		"two streams, interlaced": {[]store.Op{grow("a", 3), grow("b", 1), grow("a", 4)}, []store.Op{grow("a", 3), grow("b", 1)}},
		"dropped before":          {[]store.Op{drop("a"), grow("a", 1), grow("b", 1)}, []store.Op{grow("b", 1)}},
		"dropped after":           {[]store.Op{grow("a", 3), drop("a"), grow("a", 1)}, []store.Op{grow("a", 3)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, append([]store.Op{}, store.Batch{Ops: c.ops}.FirstAppends()...)); diff != "" {
				t.Errorf("first appends (-want +got):\n%s", diff)
			}
		})
	}
}

func TestABatchThatIsTooHeavy(t *testing.T) {
	t.Parallel()
	var b store.Batch
	for range store.MaxBatch/store.MaxValue + 1 {
		b.Ops = append(b.Ops, store.Op{Kind: store.OpPut, Key: "k", Value: make([]byte, store.MaxValue)})
	}
	if err := b.Validate(); fault.KindOf(err) != fault.Internal || err == nil {
		t.Errorf("Validate: %v, want it refused", err)
	}
	b.Ops = b.Ops[1:]
	b.Ops[0].Value = nil
	if err := b.Validate(); err != nil {
		t.Errorf("Validate of one that is just light enough: %v", err)
	}
}
