package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// consolePlatform is the platform whose messages lie in this store.
const consolePlatform = "console"

// Erase implements [Vault]. What is erased stays as an event, a message or a
// reply without words. A run that was broken off may be run again.
func (s *Store) Erase(ctx context.Context, now time.Time, e Erasure) (texts int, err error) {
	texts, err = s.erase(ctx, now, e)
	if k, ok := s.d.(Shredder); ok && err == nil {
		err = k.Checkpoint(ctx)
	}
	return texts, err
}

// Shredder is a driver whose files can still hold what was removed until it
// is told to let go of it.
type Shredder interface {
	Checkpoint(ctx context.Context) error
}

func (s *Store) erase(ctx context.Context, now time.Time, e Erasure) (texts int, err error) {
	switch {
	case e.Stream != "":
		if texts, err = s.eraseStream(ctx, now, e.Stream); err == nil {
			texts, err = s.eraseReview(ctx, now, e.Stream, texts)
		}
	case e.Person == "":
		return 0, fault.New(fault.Invalid, "Say whose words are to be erased.")
	}
	if err != nil || e.Person == "" {
		return texts, err
	}
	n, err := s.erasePerson(ctx, now, e.Person)
	return texts + n, err
}

// eraseReview erases what was written of an incident's review, when it has one.
func (s *Store) eraseReview(ctx context.Context, now time.Time, of incident.Stream, texts int) (int, error) {
	id, is := of.Incident()
	if !is {
		return texts, nil
	}
	o, err := s.Open(ctx, "", id.ReviewStream())
	if err != nil || o.Head == 0 {
		return texts, err
	}
	n, err := s.eraseStream(ctx, now, id.ReviewStream())
	return texts + n, err
}

func (s *Store) eraseStream(ctx context.Context, now time.Time, stream incident.Stream) (int, error) {
	var keys []string
	var rooms []incident.Room
	err := s.events(ctx, stream, func(recs []incident.Recorded) error {
		for _, r := range recs {
			keys = append(keys, textsOf(r)...)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if _, ok := stream.Incident(); ok {
		o, err := s.Open(ctx, "", stream)
		if err != nil {
			return 0, err
		}
		if o.Head == 0 {
			return 0, fault.New(fault.NotFound, "There is no such incident; nothing was erased.")
		}
		rooms = o.State.Rooms
	}
	if err := s.eraseRooms(ctx, rooms); err != nil {
		return 0, err
	}
	said, err := s.eraseSaidIn(ctx, stream)
	if err != nil {
		return 0, err
	}
	n, err := s.eraseTexts(ctx, stream, keys)
	if err != nil {
		return n, err
	}
	if id, ok := stream.Incident(); ok {
		more, err := s.eraseStream(ctx, now, id.ReviewStream())
		if n += more; err != nil {
			return n, err
		}
	}
	gone := func(o outcomeRow) bool { return slices.Contains(o.Streams, stream) }
	if err := s.eraseOutcomes(ctx, gone); err != nil {
		return n, err
	}
	return n + said, s.erased(ctx, now, stream, incident.Erased{Texts: n})
}

// textsOf are the keys of the rows that hold an event's words.
func textsOf(r incident.Recorded) []string {
	if _, odd := r.Event.(incident.Unknown); odd {
		return nil
	}
	var keys []string
	incident.MapTexts(r.Event, func(t *incident.Text) { keys = append(keys, textKey(r.Stream, t.Ref)) })
	return keys
}

// eraseTexts deletes rows of words of one stream, and makes the stream not
// found by them any more.
func (s *Store) eraseTexts(ctx context.Context, stream incident.Stream, keys []string) (n int, err error) {
	rows, err := s.get(ctx, keys)
	if err != nil {
		return 0, err
	}
	words := map[string]bool{}
	var ops []Op
	for i, raw := range rows {
		var row textRow
		if raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, &row); err != nil {
			return 0, damaged(keys[i], err)
		}
		n++
		ops = append(ops, Op{Kind: OpDelete, Key: keys[i]})
		if row.Author != "" {
			ops = append(ops, Op{Kind: OpRemove, Key: authorSet(row.Author), Member: keys[i]})
		}
		for _, w := range Words(row.Words) {
			words[w] = true
		}
	}
	if err := s.write(ctx, ops); err != nil {
		return n, err
	}
	return n, s.unword(ctx, stream, words)
}

// eraseSaidIn takes the words out of everything that was said in the rooms of
// an incident, heard or not.
func (s *Store) eraseSaidIn(ctx context.Context, stream incident.Stream) (int, error) {
	members, err := s.all(ctx, saidSet(stream))
	if err != nil {
		return 0, err
	}
	keys := names(members)
	expiring, err := s.all(ctx, expireSet)
	if err != nil {
		return 0, err
	}
	for _, m := range expiring {
		if strings.HasPrefix(m.Name, "say/"+string(stream)+"/") {
			keys = append(keys, m.Name)
		}
	}
	return s.eraseSaid(ctx, keys)
}

// eraseSaid leaves that something was said, so that reading the room again
// does not bring it back.
func (s *Store) eraseSaid(ctx context.Context, keys []string) (n int, err error) {
	for len(keys) > 0 {
		some := keys[:min(getChunk, len(keys))]
		keys = keys[len(some):]
		wiped := 0
		err := s.change(ctx, func() (Batch, error) {
			rows, err := s.get(ctx, some)
			if err != nil {
				return Batch{}, err
			}
			var b Batch
			wiped = 0
			for i, raw := range rows {
				c := saidChange{key: some[i], raw: raw}
				if raw == nil {
					continue
				}
				if err := json.Unmarshal(raw, &c.row); err != nil {
					return Batch{}, damaged(c.key, err)
				}
				if c.row.Erased {
					continue
				}
				wiped++
				c.row.wipe()
				if err := c.ops(&b); err != nil {
					return Batch{}, err
				}
			}
			return b, nil
		})
		n += wiped
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// eraseOutcomes takes replies away. Their keys stay, so a repeat is still one.
func (s *Store) eraseOutcomes(ctx context.Context, gone func(outcomeRow) bool) error {
	return s.pages(ctx, Range{Set: expireSet, Min: least, Max: most}, func(page []Member) (bool, error) {
		var keys []string
		for _, m := range page {
			if strings.HasPrefix(m.Name, "k/") {
				keys = append(keys, m.Name)
			}
		}
		rows, err := s.get(ctx, keys)
		if err != nil {
			return false, err
		}
		var ops []Op
		for i, raw := range rows {
			if raw == nil {
				continue
			}
			o, err := readOutcome(raw)
			if err != nil {
				return false, damaged(keys[i], err)
			}
			if o.Erased || !gone(o) {
				continue
			}
			o.reply, o.Erased = nil, true
			if raw, err = o.bytes(); err != nil {
				return false, err
			}
			ops = append(ops, Op{Kind: OpPut, Key: keys[i], Value: raw})
		}
		return true, s.write(ctx, ops)
	})
}

// eraseRooms takes the words out of the console's messages in rooms.
func (s *Store) eraseRooms(ctx context.Context, rooms []incident.Room) error {
	for _, r := range rooms {
		if r.Platform == consolePlatform {
			if err := s.eraseTalk(ctx, r.ID, func(TalkMessage) bool { return true }); err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseTalk takes the words out of some of the console's messages in a room.
func (s *Store) eraseTalk(ctx context.Context, room string, whose func(TalkMessage) bool) error {
	members, err := s.all(ctx, talkRoomSet(room))
	if err != nil {
		return err
	}
	messages, err := readAll[TalkMessage](ctx, s, names(members))
	if err != nil {
		return err
	}
	for _, m := range messages {
		if m.Text == "" && m.Body == nil || !whose(m) {
			continue
		}
		_, err := s.Change(ctx, room, m.ID, func(m *TalkMessage) { m.Text, m.Body, m.Deleted = "", nil, true })
		if err != nil {
			return err
		}
	}
	return nil
}

// erased puts on the record that words were erased.
func (s *Store) erased(ctx context.Context, now time.Time, stream incident.Stream, e incident.Erased) error {
	_, own := stream.Incident()
	if _, review := stream.Review(); !own && !review {
		return nil
	}
	salt, err := s.random(8)
	if err != nil {
		return err
	}
	key := "erase/" + digest(string(stream)+string(salt))
	for range maxTries {
		o, err := s.Open(ctx, "", stream)
		if err != nil || o.Head == 0 {
			return err
		}
		meta := incident.Meta{Recorded: now, Actor: incident.House, Account: string(incident.House), Key: key}
		w := Write{
			Stream: stream, Head: o.Head, Token: o.Token, Before: o.State, After: o.State,
			Events: incident.Record(stream, o.Head, meta, []incident.Event{e}),
		}
		for _, r := range w.Events {
			if own {
				w.After = w.After.Apply(r)
			}
			w.Marks = append(w.Marks, incident.Marks(r)...)
		}
		_, err = s.Commit(ctx, Commit{Key: key, Job: true, At: now, Writes: []Write{w}})
		if _, moved := errors.AsType[*Moved](err); !moved {
			return err
		}
	}
	return fault.New(fault.Unavailable, "The words were erased, but too many are changing the incident to put it on record.")
}

// forgetCapture erases what was captured of a message that was deleted, in
// every version of it.
func (s *Store) forgetCapture(ctx context.Context, stream incident.Stream, entry, upTo incident.Version) error {
	if entry == 0 || entry >= upTo {
		return nil
	}
	var keys []string
	for after := entry - 1; after < upTo; {
		recs, err := s.Load(ctx, stream, after, int(min(upTo-after, 500)))
		if err != nil {
			return err
		}
		if len(recs) == 0 {
			break
		}
		for _, r := range recs {
			if about(r, entry) {
				keys = append(keys, textsOf(r)...)
			}
			after = r.Version
		}
	}
	_, err := s.eraseTexts(ctx, stream, keys)
	return err
}

// about says whether an event holds words of a captured message.
func about(r incident.Recorded, entry incident.Version) bool {
	switch e := r.Event.(type) {
	case incident.MessageCaptured:
		return r.Version == entry
	case incident.CaptureFollowed:
		return e.Entry == entry
	case incident.EntryEdited:
		return e.Entry == entry
	default:
		return false
	}
}
