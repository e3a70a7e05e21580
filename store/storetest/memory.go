package storetest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"tocsin/store"
)

// Memory is a [store.Driver] that keeps everything in maps, for tests. It
// copies what it is given and what it gives, as a database would.
type Memory struct {
	now func() time.Time

	mu      sync.Mutex
	closed  bool
	records map[string][]byte
	streams map[string][]store.Entry
	sets    map[string]*memorySet
}

// NewMemory makes an empty driver whose clock is now.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{
		now:     now,
		records: map[string][]byte{},
		streams: map[string][]store.Entry{},
		sets:    map[string]*memorySet{},
	}
}

// Apply implements [store.Driver].
func (m *Memory) Apply(ctx context.Context, b store.Batch) error {
	if err := b.Validate(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	for i, c := range b.Checks {
		found, there := m.records[c.Key]
		if there != (c.Want != nil) || !bytes.Equal(found, c.Want) {
			return &store.Mismatch{Index: i, Key: c.Key, Found: bytes.Clone(found)}
		}
	}
	for _, first := range b.FirstAppends() {
		if s := m.streams[first.Key]; len(s) > 0 && s[len(s)-1].Version >= uint64(first.Score) {
			return store.Stale(first.Key, first.Score)
		}
	}
	for _, o := range b.Ops {
		m.write(o)
	}
	return nil
}

func (m *Memory) write(o store.Op) {
	switch o.Kind {
	case store.OpPut:
		m.records[o.Key] = copied(o.Value)
	case store.OpDelete:
		delete(m.records, o.Key)
	case store.OpAppend:
		m.streams[o.Key] = append(m.streams[o.Key], store.Entry{Version: uint64(o.Score), Value: copied(o.Value)})
	case store.OpDrop:
		delete(m.streams, o.Key)
	case store.OpAdd:
		m.set(o.Key).add(o.Member, o.Score)
	case store.OpRemove:
		m.set(o.Key).remove(o.Member)
	case store.OpMove:
		for _, member := range m.set(o.Key).sorted {
			m.set(o.Member).add(member.Name, o.Score)
		}
		delete(m.sets, o.Key)
	case store.OpClear:
		delete(m.sets, o.Key)
	}
}

// Get implements [store.Driver].
func (m *Memory) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	values := make([][]byte, len(keys))
	for i, k := range keys {
		values[i] = bytes.Clone(m.records[k])
	}
	return values, nil
}

// Entries implements [store.Driver].
func (m *Memory) Entries(ctx context.Context, stream string, after uint64, limit int) ([]store.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	kept := m.streams[stream]
	from, _ := slices.BinarySearchFunc(kept, after, func(e store.Entry, v uint64) int {
		if e.Version <= v {
			return -1
		}
		return 1
	})
	kept = kept[from:]
	if limit > 0 && len(kept) > limit {
		kept = kept[:limit]
	}
	entries := make([]store.Entry, 0, len(kept))
	for _, e := range kept {
		entries = append(entries, store.Entry{Version: e.Version, Value: copied(e.Value)})
	}
	return entries, nil
}

// Range implements [store.Driver].
func (m *Memory) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	var sorted []store.Member
	if s := m.sets[q.Set]; s != nil {
		sorted = s.sorted
	}
	from, _ := slices.BinarySearchFunc(sorted, store.Member{Score: q.Min}, byScoreAndName)
	var found []store.Member
	for _, member := range sorted[from:] {
		if member.Score > q.Max {
			break
		}
		if q.Limit > 0 && len(found) == q.Limit && !q.Reverse {
			break
		}
		found = append(found, member)
	}
	if q.Reverse {
		slices.Reverse(found)
	}
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	return found, nil
}

// Walk implements [store.Driver]; fn may use the driver.
func (m *Memory) Walk(ctx context.Context, fn func(store.Row) error) error {
	rows, err := m.rows(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

func (m *Memory) rows(ctx context.Context) ([]store.Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	var rows []store.Row
	for k, v := range m.records {
		rows = append(rows, store.Row{Kind: "record", Key: k, Value: copied(v)})
	}
	for k, entries := range m.streams {
		for _, e := range entries {
			rows = append(rows, store.Row{Kind: "entry", Key: k, Score: int64(e.Version), Value: copied(e.Value)})
		}
	}
	for k, s := range m.sets {
		for _, member := range s.sorted {
			rows = append(rows, store.Row{Kind: "member", Key: k, Name: member.Name, Score: member.Score})
		}
	}
	return rows, nil
}

// Now implements [store.Driver].
func (m *Memory) Now(ctx context.Context) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return time.Time{}, err
	}
	return m.now(), nil
}

// Close implements [store.Driver].
func (m *Memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}

func (m *Memory) usable(ctx context.Context) error {
	if m.closed {
		return store.Closed()
	}
	if err := ctx.Err(); err != nil {
		return store.NotBegun(err)
	}
	return nil
}

func (m *Memory) set(key string) *memorySet {
	s := m.sets[key]
	if s == nil {
		s = &memorySet{scores: map[string]int64{}}
		m.sets[key] = s
	}
	return s
}

// memorySet is one sorted set: members by name, and in order.
type memorySet struct {
	scores map[string]int64
	sorted []store.Member
}

func (s *memorySet) add(name string, score int64) {
	s.remove(name)
	s.scores[name] = score
	at, _ := slices.BinarySearchFunc(s.sorted, store.Member{Name: name, Score: score}, byScoreAndName)
	s.sorted = slices.Insert(s.sorted, at, store.Member{Name: name, Score: score})
}

func (s *memorySet) remove(name string) {
	score, there := s.scores[name]
	if !there {
		return
	}
	delete(s.scores, name)
	at, _ := slices.BinarySearchFunc(s.sorted, store.Member{Name: name, Score: score}, byScoreAndName)
	s.sorted = slices.Delete(s.sorted, at, at+1)
}

func byScoreAndName(a, b store.Member) int {
	return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Name, b.Name))
}

// copied is never nil, so that an empty value differs from an absent one.
func copied(v []byte) []byte { return append([]byte{}, v...) }
