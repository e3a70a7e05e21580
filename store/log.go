package store

import (
	"context"
	"strconv"
	"strings"

	"tocsin/incident"
)

// Open implements [Log].
func (s *Store) Open(ctx context.Context, key string, stream incident.Stream) (Opened, error) {
	keys := []string{headKey(stream), stateKey(stream), aliasesKey}
	if key != "" {
		keys = append(keys, requestKey(key), keyed("kj/", key))
	}
	rows, err := s.d.Get(ctx, keys...)
	if err != nil {
		return Opened{}, err
	}
	if key != "" {
		for _, raw := range rows[3:] {
			if raw == nil {
				continue
			}
			met, err := readOutcome(raw)
			if err != nil {
				return Opened{}, damaged(key, err)
			}
			return Opened{Outcome: &Outcome{Reply: met.reply, At: met.At, Repeat: true}, Print: met.Print}, nil
		}
	}
	if rows[0] == nil {
		return Opened{}, nil
	}
	o := Opened{Token: string(rows[0])}
	o.Head, _ = readHead(o.Token)
	if _, ok := stream.Incident(); !ok {
		return o, nil
	}
	book, err := s.book(rows[2])
	if err != nil {
		return Opened{}, err
	}
	if o.State, err = s.state(ctx, stream, o.Head, rows[1]); err != nil {
		return Opened{}, err
	}
	book.resolve(&o.State)
	var l lying
	l.inState(stream, &o.State)
	return o, s.fill(ctx, &l)
}

// Load implements [Log].
func (s *Store) Load(ctx context.Context, stream incident.Stream, after incident.Version, limit int) ([]incident.Recorded, error) {
	entries, err := s.d.Entries(ctx, string(stream), uint64(after), limit)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return s.unseal(ctx, entries)
}

// unseal reads entries and puts their words back.
func (s *Store) unseal(ctx context.Context, entries []Entry) ([]incident.Recorded, error) {
	raw, err := s.d.Get(ctx, aliasesKey)
	if err != nil {
		return nil, err
	}
	book, err := s.book(raw[0])
	if err != nil {
		return nil, err
	}
	opened := make([]unsealed, len(entries))
	var l lying
	for i, e := range entries {
		if opened[i], err = s.codec.open(e.Value); err != nil {
			return nil, err
		}
		u := &opened[i]
		u.rec.Actor = book.of(u.rec.Actor)
		if u.event.IsValid() {
			book.resolve(u.event.Interface())
			l.in(u.rec.Stream, u.event.Interface())
		}
	}
	if err := s.fill(ctx, &l); err != nil {
		return nil, err
	}
	recs := make([]incident.Recorded, len(opened))
	for i := range opened {
		recs[i] = opened[i].recorded()
	}
	return recs, nil
}

// NextNumber implements [Log].
func (s *Store) NextNumber(ctx context.Context) (incident.Number, error) {
	raw, err := s.d.Get(ctx, numberKey)
	if err != nil || raw[0] == nil {
		return 1, err
	}
	n, err := strconv.Atoi(string(raw[0]))
	if err != nil {
		return 0, damaged(numberKey, err)
	}
	return incident.Number(n + 1), nil
}

// Marks implements [Log].
func (s *Store) Marks(ctx context.Context, stream incident.Stream, prefix string) ([]incident.Mark, error) {
	var sets []string
	if kind, _, whole := strings.Cut(prefix, "/"); whole {
		sets = []string{markSet(stream, kind)}
	} else {
		kinds, err := s.all(ctx, kindSet(stream))
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			sets = append(sets, markSet(stream, k.Name))
		}
	}
	var keys []string
	for _, set := range sets {
		members, err := s.all(ctx, set)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			if strings.HasPrefix(m.Name, prefix) || strings.HasPrefix(m.Name, "~") {
				keys = append(keys, "mk/"+string(stream)+"/"+m.Name)
			}
		}
	}
	values, err := s.get(ctx, keys)
	if err != nil {
		return nil, err
	}
	var marks []incident.Mark
	for _, v := range values {
		if m, there := readMark(v); there && strings.HasPrefix(m.Key, prefix) {
			marks = append(marks, m)
		}
	}
	return marks, nil
}

// A mark's row holds its key too, because a key that no driver takes is hashed.
func markRow(m incident.Mark) []byte { return []byte(m.Key + "\n" + m.Value) }

func readMark(row []byte) (m incident.Mark, there bool) {
	key, value, there := strings.Cut(string(row), "\n")
	return incident.Mark{Key: key, Value: value}, there
}

// all reads a whole set.
func (s *Store) all(ctx context.Context, set string) ([]Member, error) {
	return s.d.Range(ctx, Range{Set: set, Min: least, Max: most})
}

// Mark implements [Log].
func (s *Store) Mark(ctx context.Context, stream incident.Stream, key string) (m incident.Mark, found bool, err error) {
	raw, err := s.d.Get(ctx, markKey(stream, key))
	if err != nil {
		return incident.Mark{}, false, err
	}
	m, found = readMark(raw[0])
	return m, found, nil
}
