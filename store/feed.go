package store

import (
	"context"
	"strings"
	"time"

	"tocsin/incident"
)

// Unplanned implements [Feed].
func (s *Store) Unplanned(ctx context.Context, before time.Time, limit int) ([]incident.Recorded, error) {
	members, err := s.d.Range(ctx, Range{Set: feedSet, Min: least, Max: millis(before), Limit: limit})
	if err != nil || len(members) == 0 {
		return nil, err
	}
	wanted := map[incident.Stream][]incident.Version{}
	var streams []incident.Stream
	var order []string
	for _, m := range members {
		stream, v, ok := readFeedMember(m.Name)
		if !ok {
			continue
		}
		if wanted[stream] == nil {
			streams = append(streams, stream)
		}
		wanted[stream] = append(wanted[stream], v)
		order = append(order, m.Name)
	}
	entries := map[string]Entry{}
	for _, stream := range streams {
		if err := s.pick(ctx, stream, wanted[stream], entries); err != nil {
			return nil, err
		}
	}
	found := make([]Entry, 0, len(order))
	var gone []Op
	for _, name := range order {
		if e, there := entries[name]; there {
			found = append(found, e)
			continue
		}
		gone = append(gone, Op{Kind: OpRemove, Key: feedSet, Member: name})
	}
	if err := s.write(ctx, gone); err != nil {
		return nil, err
	}
	return s.unseal(ctx, found)
}

// pick reads some versions of a stream, those near each other in one read.
func (s *Store) pick(ctx context.Context, stream incident.Stream, versions []incident.Version, into map[string]Entry) error {
	const near = 32
	low, high := versions[0], versions[0]
	read := func() error {
		got, err := s.d.Entries(ctx, string(stream), uint64(low)-1, int(high-low)+1)
		for _, e := range got {
			into[feedMember(stream, incident.Version(e.Version))] = e
		}
		return err
	}
	for _, v := range versions[1:] {
		if v+near >= low && v <= high+near {
			low, high = min(low, v), max(high, v)
			continue
		}
		if err := read(); err != nil {
			return err
		}
		low, high = v, v
	}
	return read()
}

// Planned implements [Feed]. A job that is owed twice is owed once, so a
// crash between two of its writes only plans an event again.
func (s *Store) Planned(ctx context.Context, now time.Time, events []incident.Recorded, jobs []Job) error {
	if len(events) == 0 {
		return s.Owe(ctx, now, jobs...)
	}
	for _, r := range events {
		if err := s.followed(ctx, r); err != nil {
			return err
		}
	}
	return s.planned(ctx, now, events, jobs)
}

func (s *Store) planned(ctx context.Context, now time.Time, events []incident.Recorded, jobs []Job) error {
	words, total := wordsOfEach(events)
	if len(events) > 1 && (total > mostPlanned || len(jobs)+len(events) > getChunk) {
		return s.plannedInParts(ctx, now, events, jobs)
	}
	release, err := s.turn(ctx, string(events[0].Stream))
	if err != nil {
		return err
	}
	defer release()
	return s.change(ctx, func() (Batch, error) {
		p, err := s.page(ctx, membersOf(jobs))
		if err != nil {
			return Batch{}, err
		}
		if err := p.owe(now, jobs); err != nil {
			return Batch{}, err
		}
		b, err := p.batch()
		if err != nil {
			return Batch{}, err
		}
		if err := s.wordsOps(ctx, &b, words); err != nil {
			return Batch{}, err
		}
		for _, r := range events {
			b.Ops = append(b.Ops, Op{Kind: OpRemove, Key: feedSet, Member: feedMember(r.Stream, r.Version)})
		}
		return b, nil
	})
}

// mostPlanned bounds how many words are made searchable in one write.
const mostPlanned = 4000

// plannedInParts owes all jobs first, so that no event leaves the feed before
// what it owes is owed.
func (s *Store) plannedInParts(ctx context.Context, now time.Time, events []incident.Recorded, jobs []Job) error {
	if err := s.Owe(ctx, now, jobs...); err != nil {
		return err
	}
	half := len(events) / 2
	if err := s.planned(ctx, now, events[:half], nil); err != nil {
		return err
	}
	return s.planned(ctx, now, events[half:], nil)
}

// followed does what the store itself owes to an event: words move when an
// incident becomes private or public, and go when a captured message was
// deleted.
func (s *Store) followed(ctx context.Context, r incident.Recorded) error {
	switch e := r.Event.(type) {
	case incident.PrivacySet:
		return s.reword(ctx, r.Stream)
	case incident.CaptureFollowed:
		if e.Deleted {
			return s.forgetCapture(ctx, r.Stream, e.Entry, r.Version)
		}
	default:
	}
	return nil
}

// incidentWords are words under which one incident is to be found.
type incidentWords struct {
	id    incident.ID
	words []string
}

// wordsOfEach collects the words of events, each once for its incident.
func wordsOfEach(events []incident.Recorded) (found []incidentWords, total int) {
	at := map[incident.ID]int{}
	seen := map[string]bool{}
	for _, r := range events {
		id, ok := foundBy(r.Stream)
		if !ok {
			continue
		}
		for _, w := range wordsOf(r) {
			if seen[string(id)+" "+w] {
				continue
			}
			seen[string(id)+" "+w] = true
			total++
			n, known := at[id]
			if !known {
				n = len(found)
				at[id] = n
				found = append(found, incidentWords{id: id})
			}
			found[n].words = append(found[n].words, w)
		}
	}
	return found, total
}

// wordsOps makes words searchable: those of a public incident for everybody,
// those of a private one in rows of its own.
func (s *Store) wordsOps(ctx context.Context, b *Batch, found []incidentWords) error {
	ids := make([]incident.ID, len(found))
	for i, f := range found {
		ids[i] = f.id
	}
	stands, err := s.standings(ctx, ids)
	if err != nil {
		return err
	}
	for i, f := range found {
		if stands[i].raw == nil {
			continue
		}
		b.Checks = append(b.Checks, Check{Key: standKey(f.id), Want: stands[i].raw})
		for _, w := range f.words {
			b.Ops = append(b.Ops, stands[i].wordOp(f.id, w))
		}
	}
	return nil
}

// stand is where an incident's words may be looked for.
type stand struct {
	raw     []byte
	private bool
	number  int64
}

func (s *Store) standings(ctx context.Context, ids []incident.ID) ([]stand, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = standKey(id)
	}
	rows, err := s.get(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := make([]stand, len(ids))
	for i, raw := range rows {
		kind, number, _ := strings.Cut(string(raw), " ")
		out[i] = stand{raw: raw, private: kind != "public", number: numberIn(number)}
	}
	return out, nil
}

func (st stand) wordOp(id incident.ID, word string) Op {
	if st.private {
		return Op{Kind: OpPut, Key: privateWord(id, word), Value: []byte{}}
	}
	return Op{Kind: OpAdd, Key: wordSet(word), Member: string(id), Score: st.number}
}

// unwordOp takes a word out of where it does not belong.
func (st stand) unwordOp(id incident.ID, word string) Op {
	if st.private {
		return Op{Kind: OpRemove, Key: wordSet(word), Member: string(id)}
	}
	return Op{Kind: OpDelete, Key: privateWord(id, word)}
}
