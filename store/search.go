package store

import (
	"cmp"
	"context"
	"slices"

	"tocsin/incident"
)

// mostFound bounds how many incidents one word is followed to: the newest.
const mostFound = 20_000

// Search implements [Index].
func (s *Store) Search(ctx context.Context, words string, f Filter) ([]incident.Summary, error) {
	asked := Words(words)
	if len(asked) == 0 {
		return nil, nil
	}
	found, err := s.publicWith(ctx, asked, f)
	if err != nil {
		return nil, err
	}
	book, err := s.readBook(ctx)
	if err != nil {
		return nil, err
	}
	f.As = book.of(f.As)
	mine, err := s.mine(ctx, book, f)
	if err != nil {
		return nil, err
	}
	with, err := s.privateWith(ctx, mine, asked)
	if err != nil {
		return nil, err
	}
	found = append(found, with...)
	slices.SortFunc(found, func(a, b Member) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name)) })
	var out []incident.Summary
	for len(found) > 0 && len(out) < f.limit() {
		n := min(pageSize, len(found))
		if out, err = s.narrowed(ctx, out, found[:n], f); err != nil {
			return nil, err
		}
		found = found[n:]
	}
	return out, nil
}

// publicWith finds public incidents that every word leads to.
func (s *Store) publicWith(ctx context.Context, words []string, f Filter) ([]Member, error) {
	var found []Member
	for i, w := range words {
		members, err := s.d.Range(ctx, Range{Set: wordSet(w), Min: least, Max: f.below(), Limit: mostFound, Reverse: true})
		if err != nil {
			return nil, err
		}
		if i == 0 {
			found = members
			continue
		}
		has := make(map[string]bool, len(members))
		for _, m := range members {
			has[m.Name] = true
		}
		found = slices.DeleteFunc(found, func(m Member) bool { return !has[m.Name] })
		if len(found) == 0 {
			return nil, nil
		}
	}
	return found, nil
}

// privateWith narrows private incidents to those that hold every word.
func (s *Store) privateWith(ctx context.Context, mine []Member, words []string) ([]Member, error) {
	keys := make([]string, 0, len(mine)*len(words))
	for _, m := range mine {
		for _, w := range words {
			keys = append(keys, privateWord(incident.ID(m.Name), w))
		}
	}
	rows, err := s.get(ctx, keys)
	if err != nil {
		return nil, err
	}
	var found []Member
	for i, m := range mine {
		if !slices.ContainsFunc(rows[i*len(words):(i+1)*len(words)], func(r []byte) bool { return r == nil }) {
			found = append(found, m)
		}
	}
	return found, nil
}
