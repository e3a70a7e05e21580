package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"tocsin/incident"
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

// Verify implements [Vault]. It walks the chain of hashes, holds the words
// that are still there against theirs, and the end against the head.
func (s *Store) Verify(ctx context.Context, stream incident.Stream) (broken incident.Version, err error) {
	rows, err := s.d.Get(ctx, headKey(stream))
	if err != nil {
		return 0, err
	}
	head, hash := readHead(string(rows[0]))
	var at incident.Version
	prev := ""
	for {
		entries, err := s.d.Entries(ctx, string(stream), uint64(at), getChunk)
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			r, err := s.codec.Decode(e.Value)
			if err != nil || r.Stream != stream || r.Version != at+1 || incident.Version(e.Version) != at+1 || r.Prev != prev {
				return at + 1, nil //nolint:nilerr // an entry that cannot be read is where the chain breaks
			}
			at, prev = at+1, link(e.Value)
			whole, err := s.wordsHold(ctx, r)
			if err != nil || !whole {
				return at, err
			}
			if at == head && prev != hash {
				return at, nil
			}
		}
		if len(entries) == 0 {
			break
		}
	}
	if at < head {
		return at + 1, nil
	}
	if at > head {
		return head + 1, nil
	}
	return 0, nil
}

// wordsHold says whether the words beside an event are those that its hashes
// were made of. Erased ones are.
func (s *Store) wordsHold(ctx context.Context, r incident.Recorded) (bool, error) {
	hashes := map[string]string{}
	var keys []string
	if _, odd := r.Event.(incident.Unknown); odd {
		return true, nil
	}
	incident.MapTexts(r.Event, func(t *incident.Text) {
		key := textKey(r.Stream, t.Ref)
		hashes[key] = t.Hash
		keys = append(keys, key)
	})
	rows, err := s.get(ctx, keys)
	if err != nil {
		return false, err
	}
	for i, raw := range rows {
		var row textRow
		if raw == nil {
			continue
		}
		if json.Unmarshal(raw, &row) != nil || saltedHash(row.Salt, row.Words) != hashes[keys[i]] {
			return false, nil
		}
	}
	return true, nil
}
