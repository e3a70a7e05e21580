package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

// drain is a driver that takes every batch, counts its bytes and keeps nothing.
type drain struct {
	store.Driver
	bytes, ops int
}

func (d *drain) Apply(_ context.Context, b store.Batch) error {
	d.bytes, d.ops = 0, len(b.Ops)
	for _, c := range b.Checks {
		d.bytes += len(c.Key) + len(c.Want)
	}
	for _, o := range b.Ops {
		d.bytes += len(o.Key) + len(o.Member) + len(o.Value)
	}
	return nil
}

// life is the mix of events that the speed of commits is promised for: 70 %
// notes, 15 % captures, 5 % action items, 10 % others.
func life(n int) incident.Event {
	said := func(what string) incident.Text {
		return incident.Text{Words: fmt.Sprintf("%s %d: the replica lags and the queue of payments grows", what, n)}
	}
	switch {
	case n%20 < 14:
		return incident.NoteAdded{Text: said("note")}
	case n%20 < 17:
		return incident.MessageCaptured{
			Message: incident.MessageRef{Platform: "slack", Room: "C0123", ID: fmt.Sprintf("17.%d", n), Link: "https://example.org/archives/C0123/p17"},
			Text:    said("capture"), How: "pin",
		}
	case n%20 < 18:
		return incident.ActionAdded{Item: incident.ItemID(n/20 + 1), Text: said("action"), Owner: "p-bo"}
	case n%20 < 19:
		return incident.UpdatePosted{Update: n/20 + 1, Text: said("update"), Next: noon.Add(time.Duration(n) * time.Minute)}
	default:
		return incident.StatusSet{From: incident.Investigating, To: incident.Identified}
	}
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// BenchmarkCommit measures what a commit costs before the database: the second
// must not be more than 1.3 times the first, in time and in bytes.
func BenchmarkCommit(b *testing.B) {
	for _, length := range []int{10, 10_000} {
		b.Run(fmt.Sprintf("at event %d", length), func(b *testing.B) {
			id := incident.IDFor("bench")
			var inc incident.Incident
			next := func(n int, e incident.Event) store.Write {
				at := noon.Add(time.Duration(n) * time.Second)
				meta := incident.Meta{Recorded: at, Actor: "p-ann", Account: "slack:T1:U1", Key: fmt.Sprintf("slack/T1/%d", n), Policy: "default"}
				w := store.Write{Stream: id.Stream(), Head: inc.Head, Before: inc, After: inc, Events: incident.Record(id.Stream(), inc.Head, meta, []incident.Event{e})}
				if inc.Head > 0 {
					w.Token = fmt.Sprintf("%d:hashhashhashhash", inc.Head)
				}
				for _, r := range w.Events {
					w.After = w.After.Apply(r)
					w.Marks = append(w.Marks, incident.Marks(r)...)
				}
				return w
			}
			inc = next(0, incident.Declared{Number: 1, Title: incident.Text{Words: "checkout is failing"}, Severity: incident.Sev2, Commander: "p-ann"}).After
			for n := 1; n < length; n++ {
				inc = next(n, life(n)).After
			}
			d := &drain{}
			s := store.New(d, store.Options{})
			var writes []store.Write
			for n := range 20 {
				writes = append(writes, next(length+n, life(length+n)))
			}
			reply := make([]byte, 900)
			bytes, ops := 0, 0
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c := store.Commit{Key: fmt.Sprintf("slack/T1/%d", i), Print: "0123456789abcdef", Asker: "p-ann", At: noon, Writes: writes[i%20 : i%20+1], Outcome: store.Outcome{Reply: reply, At: noon}}
				if _, err := s.Commit(b.Context(), c); err != nil {
					b.Fatal(err)
				}
				if i < 20 {
					bytes, ops = bytes+d.bytes, ops+d.ops
				}
			}
			b.ReportMetric(float64(bytes)/20, "bytes/commit")
			b.ReportMetric(float64(ops)/20, "writes/commit")
		})
	}
}
