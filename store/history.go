package store

import (
	"context"
	"encoding/json"
	"time"

	"tocsin/incident"
)

// saidRow is a message of a room. Its words stand in it: the row goes as a
// whole, or stays without words.
type saidRow struct {
	Room      incident.Room     `json:"room"`
	Message   string            `json:"message"`
	Thread    string            `json:"thread,omitempty"`
	Author    incident.PersonID `json:"by,omitempty"`
	Bot       bool              `json:"bot,omitempty"`
	Words     string            `json:"words,omitempty"`
	Erased    bool              `json:"erased,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	EditedAt  time.Time         `json:"edited_at,omitzero"`
	DeletedAt time.Time         `json:"deleted_at,omitzero"`
	Link      string            `json:"link,omitempty"`
	Files     []incident.File   `json:"files,omitempty"`
	Early     bool              `json:"early,omitempty"` // an edit or deletion that came before its message
}

func saidFrom(m incident.Spoken) saidRow {
	return saidRow{
		Room: m.Room, Message: m.Message, Thread: m.Thread, Author: m.Author, Bot: m.Bot, Words: m.Text.Words,
		At: m.At, EditedAt: m.EditedAt, DeletedAt: m.DeletedAt, Link: m.Link, Files: m.Files,
	}
}

func (r saidRow) spoken(book *aliasBook) incident.Spoken {
	author := book.of(r.Author)
	return incident.Spoken{
		Room: r.Room, Message: r.Message, Thread: r.Thread, Author: author, Bot: r.Bot,
		Text: incident.Text{Author: author, Words: r.Words, Erased: r.Erased},
		At:   r.At, EditedAt: r.EditedAt, DeletedAt: r.DeletedAt, Link: r.Link, Files: r.Files,
	}
}

// wipe takes the words away and leaves that something was said.
func (r *saidRow) wipe() { r.Words, r.Erased, r.Files = "", true, nil }

// amend follows an edit or a deletion; older news than what is known changes
// nothing, and a deletion is the end.
func (r *saidRow) amend(m saidRow) {
	if !r.DeletedAt.IsZero() || r.Erased {
		return
	}
	if !m.DeletedAt.IsZero() {
		r.DeletedAt = m.DeletedAt
		r.wipe()
		return
	}
	if m.EditedAt.Before(r.EditedAt) {
		return
	}
	r.EditedAt, r.Words = m.EditedAt, m.Words
	if m.Files != nil {
		r.Files = m.Files
	}
}

// saidChange is one message in a change of history.
type saidChange struct {
	stream incident.Stream
	key    string
	raw    []byte
	row    saidRow
}

// files is how many files a message had before it lost its words.
func (c *saidChange) files() int {
	var before saidRow
	if c.raw == nil || json.Unmarshal(c.raw, &before) != nil {
		return 0
	}
	return len(before.Files)
}

func (c *saidChange) ops(b *Batch) error {
	if c.row.Erased {
		b.Ops = unpicture(b.Ops, c.key, c.files())
	}
	raw, err := json.Marshal(c.row)
	if err != nil {
		return damaged(c.key, err)
	}
	b.Checks = append(b.Checks, Check{Key: c.key, Want: c.raw})
	b.Ops = append(b.Ops, Op{Kind: OpPut, Key: c.key, Value: raw})
	if c.row.Author != "" {
		kind := OpAdd
		if c.row.Erased {
			kind = OpRemove
		}
		b.Ops = append(b.Ops, Op{Kind: kind, Key: authorSet(c.row.Author), Member: c.key, Score: millis(c.row.At)})
	}
	return nil
}

// Hear implements [History].
func (s *Store) Hear(ctx context.Context, stream incident.Stream, said ...incident.Spoken) error {
	for len(said) > 0 {
		n := min(getChunk, len(said))
		if err := s.hear(ctx, stream, said[:n]); err != nil {
			return err
		}
		said = said[n:]
	}
	return nil
}

func (s *Store) hear(ctx context.Context, stream incident.Stream, said []incident.Spoken) error {
	keys := make([]string, len(said))
	for i, m := range said {
		keys[i] = sayKey(stream, m.Room.ID, m.Message)
	}
	return s.change(ctx, func() (Batch, error) {
		rows, err := s.get(ctx, keys)
		if err != nil {
			return Batch{}, err
		}
		var b Batch
		seen := map[string]bool{}
		for i, m := range said {
			c := saidChange{stream: stream, key: keys[i], raw: rows[i], row: saidFrom(m)}
			if seen[c.key] {
				continue
			}
			seen[c.key] = true
			if c.raw != nil {
				var before saidRow
				if err := json.Unmarshal(c.raw, &before); err != nil {
					return Batch{}, damaged(c.key, err)
				}
				if !before.Early {
					continue
				}
				c.row.amend(before)
				b.Ops = append(b.Ops, Op{Kind: OpRemove, Key: expireSet, Member: c.key})
			}
			if !c.row.DeletedAt.IsZero() {
				c.row.wipe()
			}
			if err := c.ops(&b); err != nil {
				return Batch{}, err
			}
			b.Ops = append(b.Ops, Op{Kind: OpAdd, Key: saidSet(stream), Member: c.key, Score: millis(m.At)})
		}
		return b, nil
	})
}

// Amend implements [History].
func (s *Store) Amend(ctx context.Context, stream incident.Stream, m incident.Spoken) error {
	key := sayKey(stream, m.Room.ID, m.Message)
	return s.change(ctx, func() (Batch, error) {
		rows, err := s.d.Get(ctx, key)
		if err != nil {
			return Batch{}, err
		}
		var b Batch
		c := saidChange{stream: stream, key: key, raw: rows[0]}
		if c.raw == nil {
			c.row = saidFrom(m)
			c.row.Early = true
			if !c.row.DeletedAt.IsZero() {
				c.row.wipe()
			}
			at, err := s.clock(ctx)
			if err != nil {
				return Batch{}, err
			}
			b.Ops = append(b.Ops, Op{Kind: OpAdd, Key: expireSet, Member: key, Score: millis(at.Add(keepOutcome))})
			return b, c.ops(&b)
		}
		if err := json.Unmarshal(c.raw, &c.row); err != nil {
			return Batch{}, damaged(key, err)
		}
		c.row.amend(saidFrom(m))
		return b, c.ops(&b)
	})
}

// Messages implements [History].
func (s *Store) Messages(ctx context.Context, stream incident.Stream, after time.Time, limit int) ([]incident.Spoken, error) {
	from := int64(least)
	if !after.IsZero() {
		from = millis(after) // said in the same millisecond, but later
	}
	var out []incident.Spoken
	book, err := s.readBook(ctx)
	if err != nil {
		return nil, err
	}
	err = s.pages(ctx, Range{Set: saidSet(stream), Min: from, Max: most}, func(page []Member) (bool, error) {
		rows, err := s.get(ctx, names(page))
		if err != nil {
			return false, err
		}
		for i, raw := range rows {
			if raw == nil {
				continue
			}
			var r saidRow
			if err := json.Unmarshal(raw, &r); err != nil {
				return false, damaged(page[i].Name, err)
			}
			if r.At.After(after) && (limit <= 0 || len(out) < limit) {
				out = append(out, r.spoken(book))
			}
		}
		return limit <= 0 || len(out) < limit, nil
	})
	return out, err
}

// Message implements [History].
func (s *Store) Message(ctx context.Context, stream incident.Stream, room, message string) (m incident.Spoken, found bool, err error) {
	key := sayKey(stream, room, message)
	rows, err := s.d.Get(ctx, key, aliasesKey)
	if err != nil || rows[0] == nil {
		return incident.Spoken{}, false, err
	}
	book, err := s.book(rows[1])
	if err != nil {
		return incident.Spoken{}, false, err
	}
	var r saidRow
	if err := json.Unmarshal(rows[0], &r); err != nil {
		return incident.Spoken{}, false, damaged(key, err)
	}
	return r.spoken(book), !r.Early, nil
}

// Forget implements [History].
func (s *Store) Forget(ctx context.Context, stream incident.Stream, before time.Time) (int, error) {
	total := 0
	for {
		members, err := s.d.Range(ctx, Range{Set: saidSet(stream), Min: least, Max: millis(before) - 1, Limit: getChunk})
		if err != nil || len(members) == 0 {
			return total, err
		}
		if err := s.dropSaid(ctx, stream, names(members)); err != nil {
			return total, err
		}
		total += len(members)
	}
}

// dropSaid removes messages whole.
func (s *Store) dropSaid(ctx context.Context, stream incident.Stream, keys []string) error {
	rows, err := s.get(ctx, keys)
	if err != nil {
		return err
	}
	var ops []Op
	for i, raw := range rows {
		var r saidRow
		if raw != nil && json.Unmarshal(raw, &r) == nil && r.Author != "" {
			ops = append(ops, Op{Kind: OpRemove, Key: authorSet(r.Author), Member: keys[i]})
		}
		ops = unpicture(ops, keys[i], len(r.Files))
		ops = append(ops, Op{Kind: OpDelete, Key: keys[i]}, Op{Kind: OpRemove, Key: saidSet(stream), Member: keys[i]})
	}
	return s.write(ctx, ops)
}
