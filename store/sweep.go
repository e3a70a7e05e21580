package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// Sweep implements [Vault].
func (s *Store) Sweep(ctx context.Context, now time.Time) (removed int, err error) {
	for {
		members, err := s.d.Range(ctx, Range{Set: expireSet, Min: least, Max: millis(now), Limit: getChunk})
		if err != nil || len(members) == 0 {
			return removed, err
		}
		if err := s.sweep(ctx, names(members)); err != nil {
			return removed, err
		}
		removed += len(members)
	}
}

// sweep removes rows whose time is over. An edit that waited for its message
// may have met it meanwhile; then the row is checked again.
func (s *Store) sweep(ctx context.Context, keys []string) error {
	return s.change(ctx, func() (Batch, error) {
		rows, err := s.get(ctx, keys)
		if err != nil {
			return Batch{}, err
		}
		var b Batch
		for i, key := range keys {
			b.Ops = append(b.Ops, Op{Kind: OpRemove, Key: expireSet, Member: key})
			if strings.HasPrefix(key, "say/") {
				var r saidRow
				if rows[i] == nil || json.Unmarshal(rows[i], &r) != nil || !r.Early {
					continue
				}
				b.Checks = append(b.Checks, Check{Key: key, Want: rows[i]})
				if r.Author != "" {
					b.Ops = append(b.Ops, Op{Kind: OpRemove, Key: authorSet(r.Author), Member: key})
				}
			}
			b.Ops = append(b.Ops, Op{Kind: OpDelete, Key: key})
		}
		return b, nil
	})
}
