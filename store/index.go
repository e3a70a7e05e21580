package store

import (
	"cmp"
	"context"
	"slices"

	"tocsin/incident"
)

// Summary implements [Index].
func (s *Store) Summary(ctx context.Context, id incident.ID) (sum incident.Summary, found bool, err error) {
	got, err := s.summaries(ctx, []string{string(id)})
	if err != nil || len(got) == 0 {
		return incident.Summary{}, false, err
	}
	return got[0], true, nil
}

// ByNumber implements [Index].
func (s *Store) ByNumber(ctx context.Context, n incident.Number) (sum incident.Summary, found bool, err error) {
	if id, known := s.numbers.get(n); known {
		return s.Summary(ctx, id)
	}
	sum, found, err = s.pointed(ctx, numKey(n))
	if err == nil && found {
		s.numbers.put(n, sum.ID)
	}
	return sum, found, err
}

// ByRoom implements [Index]. In a thread that is no incident's own, the room counts.
func (s *Store) ByRoom(ctx context.Context, platform, room, thread string) (sum incident.Summary, found bool, err error) {
	if thread == "" {
		return s.pointed(ctx, roomKey(platform, room, ""))
	}
	return s.pointed(ctx, roomKey(platform, room, thread), roomKey(platform, room, ""))
}

// pointed follows the first record of several that is there.
func (s *Store) pointed(ctx context.Context, keys ...string) (sum incident.Summary, found bool, err error) {
	rows, err := s.d.Get(ctx, keys...)
	if err != nil {
		return incident.Summary{}, false, err
	}
	for _, id := range rows {
		if id != nil {
			return s.Summary(ctx, incident.ID(id))
		}
	}
	return incident.Summary{}, false, nil
}

// PrivateCount implements [Index].
func (s *Store) PrivateCount(ctx context.Context) (int, error) {
	members, err := s.all(ctx, privateSet)
	return len(members), err
}

// List implements [Index].
func (s *Store) List(ctx context.Context, f Filter) ([]incident.Summary, error) {
	book, err := s.readBook(ctx)
	if err != nil {
		return nil, err
	}
	f.As = book.of(f.As)
	mine, err := s.mine(ctx, book, f)
	if err != nil {
		return nil, err
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		return s.listSpan(ctx, mine, f)
	}
	set := allSet
	if f.OnlyOpen {
		set = openSet
	}
	var out []incident.Summary
	err = s.pages(ctx, Range{Set: set, Min: least, Max: f.below(), Reverse: true}, func(page []Member) (bool, error) {
		// private ones that belong between the public ones of this page
		n := 0
		for n < len(mine) && mine[n].Score >= page[len(page)-1].Score {
			n++
		}
		page, mine = newestFirst(append(page, mine[:n]...)), mine[n:]
		var err error
		out, err = s.narrowed(ctx, out, page, f)
		return len(out) < f.limit(), err
	})
	if err == nil && len(out) < f.limit() {
		out, err = s.narrowed(ctx, out, mine, f)
	}
	return out, err
}

// listSpan lists what was declared in a span of time.
func (s *Store) listSpan(ctx context.Context, found []Member, f Filter) ([]incident.Summary, error) {
	q := Range{Set: whenSet, Min: least, Max: most}
	if !f.From.IsZero() {
		q.Min = millis(f.From)
	}
	if !f.To.IsZero() {
		q.Max = millis(f.To)
	}
	members, err := s.d.Range(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []incident.Summary
	limit := f.limit()
	f.Limit = len(found) + len(members) + 1 // cut only when they are in order
	if out, err = s.narrowed(ctx, out, append(members, found...), f); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b incident.Summary) int { return cmp.Compare(b.Number, a.Number) })
	return out[:min(len(out), limit)], nil
}

func newestFirst(m []Member) []Member {
	slices.SortStableFunc(m, func(a, b Member) int { return cmp.Compare(b.Score, a.Score) })
	return m
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return 100
	}
	return f.Limit
}

// below is the highest number that the filter lets through, as a score.
func (f Filter) below() int64 {
	if f.Before > 0 {
		return int64(f.Before) - 1
	}
	return most
}

func (f Filter) admits(sum incident.Summary) bool {
	switch {
	case f.OnlyOpen && !sum.Status.Open(),
		f.Before > 0 && sum.Number >= f.Before,
		!f.From.IsZero() && sum.DeclaredAt.Before(f.From),
		!f.To.IsZero() && sum.DeclaredAt.After(f.To):
		return false
	}
	return sum.VisibleTo(f.As)
}

// mine reads which private incidents a person may know of, newest first. It
// reads nothing without a person.
func (s *Store) mine(ctx context.Context, book *aliasBook, f Filter) ([]Member, error) {
	if f.As == "" {
		return nil, nil
	}
	var found []Member
	for _, p := range book.selves(f.As) {
		members, err := s.d.Range(ctx, Range{Set: mineSet(p), Min: least, Max: f.below()})
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			if !slices.Contains(found, m) {
				found = append(found, m)
			}
		}
	}
	return newestFirst(found), nil
}

// narrowed appends the summaries of members that the filter admits. The sets
// are hints; the summary says what may be shown.
func (s *Store) narrowed(ctx context.Context, out []incident.Summary, members []Member, f Filter) ([]incident.Summary, error) {
	for len(members) > 0 && len(out) < f.limit() {
		n := min(getChunk, len(members))
		sums, err := s.summaries(ctx, names(members[:n]))
		if err != nil {
			return nil, err
		}
		for _, sum := range sums {
			if f.admits(sum) && len(out) < f.limit() {
				out = append(out, sum)
			}
		}
		members = members[n:]
	}
	return out, nil
}

// summaries reads some, with their words, in the order asked for. Those that
// are not there are left out.
func (s *Store) summaries(ctx context.Context, ids []string) ([]incident.Summary, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]string, 0, len(ids)+1)
	for _, id := range ids {
		keys = append(keys, summaryKey(incident.ID(id)))
	}
	rows, err := s.get(ctx, append(keys, aliasesKey))
	if err != nil {
		return nil, err
	}
	book, err := s.book(rows[len(ids)])
	if err != nil {
		return nil, err
	}
	out := make([]incident.Summary, 0, len(ids))
	for i, raw := range rows[:len(ids)] {
		if raw == nil {
			continue
		}
		var sum incident.Summary
		if !readKept(raw, &sum) {
			if sum, err = s.resummed(ctx, incident.ID(ids[i])); err != nil {
				return nil, err
			}
		}
		out = append(out, sum)
	}
	var l lying
	for i := range out {
		book.resolve(&out[i])
		l.inState(out[i].ID.Stream(), &out[i])
	}
	return out, s.fill(ctx, &l)
}

// resummed makes a summary anew that other code had made, and writes it back,
// so that a list after an upgrade is slow once and not until each incident
// changes. A store that cannot be written to is only read.
func (s *Store) resummed(ctx context.Context, id incident.ID) (incident.Summary, error) {
	rows, err := s.d.Get(ctx, headKey(id.Stream()), stateKey(id.Stream()))
	if err != nil {
		return incident.Summary{}, err
	}
	head, _ := readHead(string(rows[0]))
	inc, err := s.state(ctx, id.Stream(), head, rows[1])
	if err != nil {
		return incident.Summary{}, err
	}
	sum := inc.Summary()
	state, err := kept(&inc)
	if err != nil {
		return sum, err
	}
	row, err := kept(&sum)
	if err != nil {
		return sum, err
	}
	_ = s.d.Apply(ctx, Batch{ // the next reading makes it again
		Checks: []Check{{Key: headKey(id.Stream()), Want: rows[0]}},
		Ops:    []Op{{Kind: OpPut, Key: stateKey(id.Stream()), Value: state}, {Kind: OpPut, Key: summaryKey(id), Value: row}},
	})
	return sum, nil
}

func (s *Store) readBook(ctx context.Context) (*aliasBook, error) {
	raw, err := s.d.Get(ctx, aliasesKey)
	if err != nil {
		return nil, err
	}
	return s.book(raw[0])
}
