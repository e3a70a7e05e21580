package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tocsin/incident/fault"
)

const (
	mostFinished   = 100      // deliveries marked at a time
	fewUnfinished  = 16       // deliveries read at a time while their size is not known
	mostUnfinished = 16 << 20 // bytes of bodies, beyond which no more are read
)

type deliveryRow struct {
	Delivery
	Finished time.Time `json:"finished,omitzero"`
}

func deliveryKey(key string) string { return keyed("in/", key) }

// Take implements [Inbox].
func (s *Store) Take(ctx context.Context, now time.Time, d Delivery) (fresh bool, err error) {
	if d.Key == "" {
		return false, fault.New(fault.Internal, "A delivery without a key cannot be told from its repeat.")
	}
	if d.At.IsZero() {
		d.At = now
	}
	key := deliveryKey(d.Key)
	raw, err := json.Marshal(deliveryRow{Delivery: d})
	if err != nil {
		return false, damaged(key, err)
	}
	err = s.d.Apply(ctx, Batch{
		Checks: []Check{{Key: key}},
		Ops: []Op{
			{Kind: OpPut, Key: key, Value: raw},
			{Kind: OpAdd, Key: inboxSet, Member: key, Score: millis(now)},
		},
	})
	if _, known := errors.AsType[*Mismatch](err); known {
		return false, nil
	}
	return err == nil, err
}

// Finish implements [Inbox].
func (s *Store) Finish(ctx context.Context, now time.Time, keys ...string) error {
	for len(keys) > 0 {
		n := min(mostFinished, len(keys))
		if err := s.finish(ctx, now, keys[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

func (s *Store) finish(ctx context.Context, now time.Time, keys []string) error {
	stored := make([]string, len(keys))
	for i, key := range keys {
		stored[i] = deliveryKey(key)
	}
	slices.Sort(stored)
	stored = slices.Compact(stored)
	return s.change(ctx, func() (Batch, error) {
		rows, err := s.d.Get(ctx, stored...)
		if err != nil {
			return Batch{}, err
		}
		var b Batch
		for i, key := range stored {
			var r deliveryRow
			if rows[i] == nil {
				return Batch{}, fault.New(fault.NotFound, "No such delivery is on record.")
			}
			if err := json.Unmarshal(rows[i], &r); err != nil {
				return Batch{}, damaged(key, err)
			}
			if !r.Finished.IsZero() {
				continue
			}
			r.Finished, r.Body = now, nil
			raw, err := json.Marshal(r)
			if err != nil {
				return Batch{}, err
			}
			b.Checks = append(b.Checks, Check{Key: key, Want: rows[i]})
			b.Ops = append(
				b.Ops,
				Op{Kind: OpPut, Key: key, Value: raw},
				Op{Kind: OpRemove, Key: inboxSet, Member: key},
				Op{Kind: OpAdd, Key: expireSet, Member: key, Score: millis(now.Add(keepOutcome))},
			)
		}
		return b, nil
	})
}

// Unfinished implements [Inbox].
func (s *Store) Unfinished(ctx context.Context, before time.Time, limit int, begin ...string) ([]Delivery, error) {
	q := Range{Set: inboxSet, Min: least, Max: millisUp(before) - 1}
	if len(begin) == 0 {
		q.Limit = limit
	}
	members, err := s.d.Range(ctx, q)
	if err != nil {
		return nil, err
	}
	keys := slices.DeleteFunc(names(members), func(key string) bool {
		return len(begin) > 0 && !slices.ContainsFunc(begin, func(b string) bool { return strings.HasPrefix(key, deliveryKey("")+b) })
	})
	if limit > 0 {
		keys = keys[:min(limit, len(keys))]
	}
	var out []Delivery
	step := fewUnfinished
	for size := 0; len(keys) > 0 && size < mostUnfinished; {
		n := min(step, len(keys))
		rows, err := s.d.Get(ctx, keys[:n]...)
		if err != nil {
			return nil, err
		}
		for i, raw := range rows {
			var r deliveryRow
			if raw == nil {
				continue
			}
			if err := json.Unmarshal(raw, &r); err != nil {
				return nil, damaged(keys[i], err)
			}
			size += len(r.Body)
			out = append(out, r.Delivery)
		}
		keys = keys[n:]
		if size < mostUnfinished/16 {
			step = min(4*step, getChunk) // small ones: many at a time
		}
	}
	return out, nil
}
