package bot_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/store"
	"tocsin/store/storetest"
)

// trips counts how often a database is asked.
type trips struct {
	store.Driver
	n atomic.Int64
}

func (t *trips) Apply(ctx context.Context, b store.Batch) error {
	t.n.Add(1)
	return t.Driver.Apply(ctx, b)
}

func (t *trips) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	t.n.Add(1)
	return t.Driver.Get(ctx, keys...)
}

func (t *trips) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	t.n.Add(1)
	return t.Driver.Entries(ctx, stream, after, limit)
}

func (t *trips) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	t.n.Add(1)
	return t.Driver.Range(ctx, q)
}

// BenchmarkHandle takes notes through the whole house but its platform: the
// processor's time and the round trips to the store that one command costs,
// for who names the incident and for who speaks in its room, where one
// replica has the store to itself and where it has not. No worker runs.
//
//	go test -run '^$' -bench Handle -benchtime 10000x -benchmem ./bot
func BenchmarkHandle(b *testing.B) {
	drivers := benchDrivers(b)
	delete(drivers, "sqlite")
	drivers["memory"] = func(*testing.B) store.Driver { return storetest.NewMemory(time.Now) }
	for name, open := range drivers {
		for _, sole := range []bool{true, false} {
			for _, where := range []string{"named", "in_its_room"} {
				b.Run(fmt.Sprintf("%s/sole=%t/%s", name, sole, where), func(b *testing.B) {
					d := &trips{Driver: open(b)}
					benchHandle(b, d, sole, where == "named")
				})
			}
		}
	}
}

func benchHandle(b *testing.B, d *trips, sole, named bool) {
	b.Helper()
	h := benchHouse(b, d, func(p *bot.Parts) { p.Sole = sole })
	h.declareAnother()
	say := "note "
	if named {
		say += h.number + " "
	} else {
		h.place.Room = h.room
	}
	h.do(say+"to begin with", "")
	before, spent := d.n.Load(), processorTime(b)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		h.do(say+"the queue on node "+strconv.Itoa(i)+" is full again, looking at the consumer", "")
	}
	b.StopTimer()
	b.ReportMetric(float64((processorTime(b)-spent).Microseconds())/float64(b.N), "cpu_µs/op")
	b.ReportMetric(float64(d.n.Load()-before)/float64(b.N), "trips/op")
}

// processorTime is what this process has used so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
