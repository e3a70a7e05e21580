package bot_test

import (
	"fmt"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/console"
	"tocsin/incident"
	"tocsin/incident/review"
	"tocsin/incident/review/reviewtest"
	"tocsin/incident/review/source"
	"tocsin/store"
	"tocsin/store/storetest"
)

// BenchmarkReview reads an incident of a long room out of a store, and drafts
// its review. Run it with -cpu 1: the budget is one core's, 500 ms and 100 MB
// for ten thousand messages and 8 s for a hundred thousand. "MB" is the most
// that was held at a time, beyond what the store in memory itself holds, and
// "cpu-ms" what one core worked for it, whatever else ran beside.
func BenchmarkReview(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		s, id := longRoom(b, n)
		inputs := bot.NewReviewInputs(s, bot.NewPeople(s, time.Now))
		var in source.Input
		b.Run(fmt.Sprintf("read %d messages", n), func(b *testing.B) {
			held(b, func() {
				var err error
				if in, err = inputs.Input(b.Context(), "", id); err != nil || len(in.Messages) != n {
					b.Fatalf("%d messages, %v", len(in.Messages), err)
				}
			})
		})
		b.Run(fmt.Sprintf("draft of %d messages", n), func(b *testing.B) {
			held(b, func() {
				if d := review.Make(in); len(d.Sections) == 0 {
					b.Fatal("no draft")
				}
			})
		})
	}
}

// held runs work, and reports the most memory that it held at a time.
func held(b *testing.B, work func()) {
	b.Helper()
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most uint64
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
			select {
			case <-tick.C:
			case <-end:
				return
			}
		}
	}()
	began := busyFor(b)
	for b.Loop() {
		work()
	}
	spent := busyFor(b) - began
	close(end)
	<-ended
	b.ReportMetric(float64(spent.Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(most-min(most, before.HeapAlloc))/1e6, "MB")
}

// busyFor is how long the processor has worked for this program.
func busyFor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// longRoom is a store with one incident and so many messages in its room.
func longRoom(b *testing.B, n int) (*store.Store, incident.ID) {
	b.Helper()
	said := reviewtest.Long(b, n)
	at := said.Messages[0].At
	now := func() time.Time { return at }
	s := store.New(storetest.NewMemory(now), store.Options{Now: now})
	people := map[string]incident.PersonID{}
	for _, p := range said.People {
		met, err := s.Meet(b.Context(), incident.Account{Platform: console.Platform, Workspace: "x", ID: p.ID}, store.Seen{Name: p.Name, Zone: p.Zone})
		if err != nil {
			b.Fatal(err)
		}
		people[p.ID] = met.ID
	}
	id := incident.IDFor("long")
	recs := incident.Record(id.Stream(), 0, incident.Meta{Recorded: at, Actor: people[said.People[0].ID]}, []incident.Event{
		incident.Declared{Number: 1, Title: incident.Text{Words: said.Title}},
		incident.RoomOpened{Room: incident.Room{Platform: console.Platform, ID: "long"}},
	})
	var inc incident.Incident
	for _, r := range recs {
		inc = inc.Apply(r)
	}
	_, err := s.Commit(b.Context(), store.Commit{Key: "long", At: at, Number: 1, Writes: []store.Write{{Stream: id.Stream(), Events: recs, After: inc}}})
	if err != nil {
		b.Fatal(err)
	}
	heard := make([]incident.Spoken, 0, n)
	for i, m := range said.Messages {
		heard = append(heard, incident.Spoken{
			Room: incident.Room{Platform: console.Platform, ID: "long"}, Message: strconv.Itoa(i), Thread: m.Thread, Author: people[m.Author],
			Bot: m.Bot, Text: incident.Text{Author: people[m.Author], Words: m.Text}, At: m.At,
		})
	}
	if err := s.Hear(b.Context(), id.Stream(), heard...); err != nil {
		b.Fatal(err)
	}
	return s, id
}
