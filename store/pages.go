package store

import "context"

// ranges reads members of several sets, in one round trip where the driver can.
func (s *Store) ranges(ctx context.Context, qs []Range) ([][]Member, error) {
	if r, can := s.d.(Ranger); can {
		return r.Ranges(ctx, qs)
	}
	out := make([][]Member, len(qs))
	for i, q := range qs {
		var err error
		if out[i], err = s.d.Range(ctx, q); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pageSize is how many members of a set are read at a time.
const pageSize = 200

// pages reads a set page by page until fn has seen enough. Members that share
// a score across a page's end are neither missed nor given twice, as long as
// the set stands still.
func (s *Store) pages(ctx context.Context, q Range, fn func([]Member) (more bool, err error)) error {
	given := map[string]bool{} // of the score at which the last page ended
	edge := int64(0)
	for {
		q.Limit = pageSize + len(given)
		members, err := s.d.Range(ctx, q)
		if err != nil {
			return err
		}
		last := len(members) < q.Limit
		fresh := members[:0:0]
		for _, m := range members {
			if m.Score != edge || !given[m.Name] {
				fresh = append(fresh, m)
			}
		}
		if len(fresh) > 0 {
			more, err := fn(fresh)
			if err != nil || !more {
				return err
			}
		}
		if last {
			return nil
		}
		at := members[len(members)-1].Score
		if at != edge {
			clear(given)
		}
		edge = at
		for _, m := range fresh {
			if m.Score == at {
				given[m.Name] = true
			}
		}
		if q.Reverse {
			q.Max = at
		} else {
			q.Min = at
		}
	}
}
