package storetest

import (
	"bytes"
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"tocsin/store"
)

// streamsEach is how many streams each writer of a benchmark goes round.
const streamsEach = 20

// payload is what one event weighs in the benchmarks.
const payload = 300

// Turns runs append b.N times from so many writers at once. Each call gets a
// stream of the writer's own and the version that comes next on it.
func Turns(b *testing.B, writers int, appendTo func(ctx context.Context, stream string, version uint64) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ResetTimer()
	for w := range writers {
		all.Go(func() {
			streams := make([]string, streamsEach)
			for i := range streams {
				streams[i] = strconv.Itoa(w) + "/" + strconv.Itoa(i)
			}
			for n := 0; left.Add(-1) >= 0; n++ {
				if err := appendTo(b.Context(), streams[n%streamsEach], uint64(n/streamsEach)+1); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
}

// BenchmarkDriver appends as the fixed comparisons do: the head is checked and
// moved, an event of 300 bytes is added, the feed and an index point at it.
func BenchmarkDriver(b *testing.B, d store.Driver, writers int, run string) {
	b.Helper()
	value := bytes.Repeat([]byte("0123456789"), payload/10)
	Turns(b, writers, func(ctx context.Context, stream string, version uint64) error {
		stream = run + stream
		head := store.Check{Key: stream}
		if version > 1 {
			head.Want = strconv.AppendUint(nil, version-1, 10)
		}
		now := strconv.AppendUint(nil, version, 10)
		return d.Apply(ctx, store.Batch{
			Checks: []store.Check{head},
			Ops: []store.Op{
				{Kind: store.OpAppend, Key: stream, Score: int64(version), Value: value},
				{Kind: store.OpAdd, Key: "feed", Member: stream + "/" + string(now), Score: int64(version)},
				{Kind: store.OpPut, Key: stream, Value: now},
				{Kind: store.OpAdd, Key: "index", Member: stream, Score: int64(version)},
			},
		})
	})
}
