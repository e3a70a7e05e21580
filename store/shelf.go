package store

import (
	"context"
	"errors"
	"strings"

	"tocsin/incident/fault"
)

const shelfPrefix = "shelf/"

// Fetch implements [Shelf].
func (s *Store) Fetch(ctx context.Context, key string) ([]byte, error) {
	rows, err := s.d.Get(ctx, shelfPrefix+key)
	if err != nil {
		return nil, err
	}
	return rows[0], nil
}

// Keep implements [Shelf]; a nil value takes the key away.
func (s *Store) Keep(ctx context.Context, key string, old, value []byte) error {
	if key == "" {
		return fault.New(fault.Internal, "A fact without a key cannot be kept.")
	}
	b := Batch{Checks: []Check{{Key: shelfPrefix + key, Want: old}}}
	if value == nil {
		b.Ops = []Op{{Kind: OpDelete, Key: shelfPrefix + key}, {Kind: OpRemove, Key: shelfSet, Member: key}}
	} else {
		b.Ops = []Op{{Kind: OpPut, Key: shelfPrefix + key, Value: value}, {Kind: OpAdd, Key: shelfSet, Member: key}}
	}
	err := s.d.Apply(ctx, b)
	if _, moved := errors.AsType[*Mismatch](err); moved {
		return &Changed{Key: key}
	}
	return err
}

// Listed implements [Shelf].
func (s *Store) Listed(ctx context.Context, prefix string) ([]string, error) {
	members, err := s.all(ctx, shelfSet)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range members {
		if strings.HasPrefix(m.Name, prefix) {
			out = append(out, m.Name)
		}
	}
	return out, nil
}
