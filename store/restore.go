package store

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

const (
	// RestoredKey is the shelf's key under which the moment of the newest
	// restore is kept, as RFC 3339.
	RestoredKey = "store/restored"
	oldPage     = 15 * time.Minute
	fillingKey  = "filling" // record: rows are being brought in
	fillBytes   = 4 << 20
)

// Restore implements [Vault].
func (s *Store) Restore(ctx context.Context, now time.Time, r io.ReadSeeker) (rows int, err error) {
	if err := verified(r); err != nil {
		return 0, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, fault.Wrap(fault.Unavailable, err, "The backup cannot be read again; nothing was restored.")
	}
	d, err := openDump(r)
	if err != nil {
		return 0, err
	}
	rows, err = s.Fill(ctx, func(yield func(Row, error) bool) {
		for {
			row, err := d.next()
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil {
				return
			}
		}
	})
	if err != nil {
		return rows, err
	}
	if err := s.parkOldPages(ctx, now); err != nil {
		return rows, err
	}
	return rows, s.write(ctx, []Op{
		{Kind: OpPut, Key: shelfPrefix + RestoredKey, Value: []byte(now.UTC().Format(time.RFC3339Nano))},
		{Kind: OpAdd, Key: shelfSet, Member: RestoredKey},
	})
}

// verified reads a dump once, to its end.
func verified(r io.Reader) error {
	d, err := openDump(r)
	for err == nil {
		_, err = d.next()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// Fill brings the rows of another store into this one, which must be empty.
// Rows that were read while others wrote are put right.
func (s *Store) Fill(ctx context.Context, rows iter.Seq2[Row, error]) (n int, err error) {
	if err := s.empty(ctx); err != nil {
		return 0, err
	}
	f := filler{s: s, heads: map[incident.Stream]string{}, ends: map[incident.Stream]string{}}
	f.ops = []Op{{Kind: OpPut, Key: fillingKey, Value: []byte("rows are being brought in")}}
	for row, err := range rows {
		if err != nil {
			return f.rows, err
		}
		if err := f.add(ctx, row); err != nil {
			return f.rows, err
		}
	}
	if err := f.flush(ctx); err != nil {
		return f.rows, err
	}
	if err := f.mend(ctx); err != nil {
		return f.rows, err
	}
	return f.rows, s.write(ctx, []Op{{Kind: OpDelete, Key: fillingKey}})
}

func (s *Store) empty(ctx context.Context) error {
	for row, err := range s.Rows(ctx) {
		if err != nil {
			return err
		}
		if row.Key == fillingKey {
			return fault.New(fault.Conflict, "This store holds half of a restore that was broken off. Nothing was restored; empty it first.")
		}
		return fault.New(fault.Conflict, "This store is not empty. Nothing was restored; a restore needs an empty one.")
	}
	return nil
}

// filler writes rows in batches and remembers where streams end.
type filler struct {
	s     *Store
	ops   []Op
	bytes int
	rows  int
	heads map[incident.Stream]string // as the head records say
	ends  map[incident.Stream]string // as the entries say
}

func (f *filler) add(ctx context.Context, row Row) error {
	o, err := rowOp(row)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "A row cannot be restored.")
	}
	if row.Kind == "record" && row.Key == fillingKey {
		return nil
	}
	f.rows++
	f.ops = append(f.ops, o)
	f.bytes += len(o.Key) + len(o.Member) + len(o.Value)
	switch {
	case row.Kind == "entry":
		v, _ := readHead(f.ends[incident.Stream(row.Key)])
		if at := incident.Version(row.Score); at > v {
			f.ends[incident.Stream(row.Key)] = writeHead(at, link(row.Value))
		}
	case row.Kind == "record" && strings.HasPrefix(row.Key, "h/"):
		f.heads[incident.Stream(row.Key[len("h/"):])] = string(row.Value)
	}
	if len(f.ops) >= opChunk || f.bytes >= fillBytes {
		return f.flush(ctx)
	}
	return nil
}

func (f *filler) flush(ctx context.Context) error {
	slices.SortFunc(f.ops, func(a, b Op) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Score, b.Score), strings.Compare(a.Member, b.Member))
	})
	err := f.s.write(ctx, f.ops)
	f.ops, f.bytes = nil, 0
	return err
}

// mend puts streams right whose head and events were read at two moments.
func (f *filler) mend(ctx context.Context) error {
	for stream, end := range f.ends {
		if f.heads[stream] != end {
			if err := f.s.remake(ctx, stream, f.heads[stream], end); err != nil {
				return err
			}
		}
	}
	for stream := range f.heads {
		if f.ends[stream] == "" {
			if err := f.s.write(ctx, []Op{{Kind: OpDelete, Key: headKey(stream)}}); err != nil {
				return err
			}
		}
	}
	return nil
}

// remake makes everything anew that follows from a stream's events. Events
// beyond the head are put on the feed; to plan one again owes nothing new.
func (s *Store) remake(ctx context.Context, stream incident.Stream, was, end string) error {
	from, _ := readHead(was)
	head, _ := readHead(end)
	ops := []Op{{Kind: OpPut, Key: headKey(stream), Value: []byte(end)}}
	recs, err := s.Load(ctx, stream, from, 0)
	if err != nil {
		return err
	}
	d := draft{store: s}
	for _, r := range recs {
		d.add(feedSet, feedMember(stream, r.Version), millis(r.Recorded))
		for _, m := range incident.Marks(r) {
			d.mark(stream, m)
		}
	}
	ops = append(ops, d.batch.Ops...)
	if id, ok := stream.Incident(); ok {
		inc, err := s.fold(ctx, stream, head)
		if err != nil {
			return err
		}
		state, err := kept(&inc)
		if err != nil {
			return err
		}
		sum := inc.Summary()
		row, err := kept(&sum)
		if err != nil {
			return err
		}
		ops = append(ops, Op{Kind: OpPut, Key: stateKey(stream), Value: state}, Op{Kind: OpPut, Key: summaryKey(id), Value: row})
		ops = indexOps(ops, &incident.Incident{}, &inc, &sum)
	}
	return s.write(ctx, ops)
}

// parkOldPages keeps a restored store from waking people for what is over.
func (s *Store) parkOldPages(ctx context.Context, now time.Time) error {
	due, err := s.d.Range(ctx, Range{Set: dueSet(PageLane), Min: least, Max: millis(now)})
	if err != nil {
		return err
	}
	for len(due) > 0 {
		n := min(getChunk, len(due))
		err := s.change(ctx, func() (Batch, error) {
			p, err := s.page(ctx, names(due[:n]))
			if err != nil {
				return Batch{}, err
			}
			for _, e := range p.entries {
				if r := &e.row; r.State == Owed && r.Born.Before(now.Add(-oldPage)) {
					r.release()
					r.State, r.Settled, r.OnStream = OnHold, now, false
					r.Why = "it was older than 15 minutes when the backup was restored"
				}
			}
			return p.batch()
		})
		if err != nil {
			return err
		}
		due = due[n:]
	}
	return nil
}
