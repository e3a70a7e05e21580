package store

import (
	"context"
	"encoding/json"

	"tocsin/incident"
)

// Verify implements [Vault]. It walks the chain of hashes, holds the words
// that are still there against theirs, and the end against the head.
func (s *Store) Verify(ctx context.Context, stream incident.Stream) (broken incident.Version, err error) {
	rows, err := s.d.Get(ctx, headKey(stream))
	if err != nil {
		return 0, err
	}
	head, hash := readHead(string(rows[0]))
	c := chain{s: s, stream: stream}
	for {
		entries, err := s.d.Entries(ctx, string(stream), uint64(c.at), getChunk)
		if err != nil {
			return 0, err
		}
		if len(entries) == 0 {
			break
		}
		broken, err := c.walk(ctx, entries, head, hash)
		if err != nil || broken > 0 {
			return broken, err
		}
	}
	switch {
	case c.at < head:
		return c.at + 1, nil
	case c.at > head:
		return head + 1, nil
	}
	return 0, nil
}

// chain is a walk along a stream.
type chain struct {
	s      *Store
	stream incident.Stream
	at     incident.Version
	prev   string
	hashes []string // of the words of the entries walked last
	keys   []string
}

// walk follows some entries. An entry that cannot be read breaks the chain.
func (c *chain) walk(ctx context.Context, entries []Entry, head incident.Version, hash string) (broken incident.Version, err error) {
	c.hashes, c.keys = c.hashes[:0], c.keys[:0]
	var owners []incident.Version
	for _, e := range entries {
		if !c.follows(e) {
			return c.at + 1, nil
		}
		c.at, c.prev = c.at+1, link(e.Value)
		if c.at == head && c.prev != hash {
			return c.at, nil
		}
		for len(owners) < len(c.keys) {
			owners = append(owners, c.at)
		}
	}
	rows, err := c.s.get(ctx, c.keys)
	if err != nil {
		return 0, err
	}
	for i, raw := range rows {
		if raw != nil && !wordsHold(raw, c.hashes[i]) { // none: erased
			return owners[i], nil
		}
	}
	return 0, nil
}

// follows says whether an entry is the next of the chain, and collects its words.
func (c *chain) follows(e Entry) bool {
	r, err := c.s.codec.Decode(e.Value)
	if err != nil || r.Stream != c.stream || r.Version != c.at+1 || incident.Version(e.Version) != c.at+1 || r.Prev != c.prev {
		return false
	}
	if _, odd := r.Event.(incident.Unknown); odd {
		return true
	}
	incident.MapTexts(r.Event, func(t *incident.Text) {
		c.keys = append(c.keys, textKey(c.stream, t.Ref))
		c.hashes = append(c.hashes, t.Hash)
	})
	return true
}

// wordsHold says whether a row holds the words that a hash was made of.
func wordsHold(raw []byte, hash string) bool {
	var row textRow
	return json.Unmarshal(raw, &row) == nil && saltedHash(row.Salt, row.Words) == hash
}
