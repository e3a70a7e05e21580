package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tocsin/incident/fault"
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
func (s *Store) Finish(ctx context.Context, now time.Time, key string) error {
	key = deliveryKey(key)
	return s.change(ctx, func() (Batch, error) {
		rows, err := s.d.Get(ctx, key)
		if err != nil {
			return Batch{}, err
		}
		var r deliveryRow
		if rows[0] == nil {
			return Batch{}, fault.New(fault.NotFound, "No such delivery is on record.")
		}
		if err := json.Unmarshal(rows[0], &r); err != nil {
			return Batch{}, damaged(key, err)
		}
		if !r.Finished.IsZero() {
			return Batch{}, nil
		}
		r.Finished, r.Body = now, nil
		raw, err := json.Marshal(r)
		return Batch{
			Checks: []Check{{Key: key, Want: rows[0]}},
			Ops: []Op{
				{Kind: OpPut, Key: key, Value: raw},
				{Kind: OpRemove, Key: inboxSet, Member: key},
				{Kind: OpAdd, Key: expireSet, Member: key, Score: millis(now.Add(keepOutcome))},
			},
		}, err
	})
}

// Unfinished implements [Inbox].
func (s *Store) Unfinished(ctx context.Context, before time.Time, limit int) ([]Delivery, error) {
	members, err := s.d.Range(ctx, Range{Set: inboxSet, Min: least, Max: millisUp(before) - 1, Limit: limit})
	if err != nil {
		return nil, err
	}
	rows, err := s.get(ctx, names(members))
	if err != nil {
		return nil, err
	}
	out := make([]Delivery, 0, len(rows))
	for i, raw := range rows {
		var r deliveryRow
		if raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, &r); err != nil {
			return nil, damaged(members[i].Name, err)
		}
		out = append(out, r.Delivery)
	}
	return out, nil
}
