package practice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tocsin/incident/fault"
)

// Shelf keeps the practice pager's records. Keep sets a value when old is what
// stands there (nil: nothing), and else fails and changes nothing.
type Shelf interface {
	Fetch(ctx context.Context, key string) ([]byte, error)
	Keep(ctx context.Context, key string, old, value []byte) error
}

const (
	listKey  = "practice/pages"
	faultKey = "practice/fault"
	tries    = 50
	listed   = 60 // pages that the panel and the clockwork look at
)

func pageKey(key string) string {
	h := sha256.Sum256([]byte(key))
	return "practice/page/" + hex.EncodeToString(h[:12])
}

// change rewrites one record by compare-and-set. fn gets what stands there
// (zero and false: nothing) and says whether to write what it left in *v.
func change[T any](ctx context.Context, s Shelf, key string, fn func(v *T, there bool) (write bool)) (T, error) {
	var none T
	for range tries {
		old, err := s.Fetch(ctx, key)
		if err != nil {
			return none, fmt.Errorf("read the practice pager's record: %w", err)
		}
		v, err := read[T](old)
		if err != nil {
			return none, err
		}
		if !fn(&v, old != nil) {
			return v, nil
		}
		value, err := json.Marshal(v)
		if err != nil {
			return none, fmt.Errorf("encode the practice pager's record: %w", err)
		}
		if err = s.Keep(ctx, key, old, value); err == nil {
			return v, nil
		}
		// Somebody was faster, or the write was lost: what stands there tells.
		now, again := s.Fetch(ctx, key)
		if again != nil {
			return none, fmt.Errorf("write the practice pager's record: %w", err)
		}
		if bytes.Equal(now, value) {
			return v, nil
		}
		if bytes.Equal(now, old) {
			return none, fmt.Errorf("write the practice pager's record: %w", err)
		}
	}
	return none, fault.New(fault.Unavailable, "The practice pager is too busy. Try again.")
}

func read[T any](raw []byte) (T, error) {
	var v T
	if raw == nil {
		return v, nil
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("read the practice pager's record: %w", err)
	}
	return v, nil
}
