package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tocsin/incident/fault"
)

func talkRoomKey(id string) string          { return "tr/" + part(id) }
func talkOpenedKey(key string) string       { return keyed("trk/", key) }
func talkMessageKey(room, id string) string { return "tm/" + part(room) + "/" + part(id) }
func talkSaidKey(room, key string) string   { return keyed("tk/"+part(room)+"/", key) }
func talkRoomSet(room string) string        { return "talk/" + part(room) }

// talkDraft is one change of the console. Every change takes the next position
// and checks that nobody else took it, so everything it read still stands when
// it is written.
type talkDraft struct {
	s     *Store
	at    int64
	batch Batch
}

// talk changes the console; fn may run again. A draft without writes is none.
func (s *Store) talk(ctx context.Context, fn func(d *talkDraft) error) error {
	release, err := s.turn(ctx, talkKey)
	if err != nil {
		return err
	}
	defer release()
	return s.change(ctx, func() (Batch, error) {
		raw, err := s.d.Get(ctx, talkKey)
		if err != nil {
			return Batch{}, err
		}
		at, err := position(raw[0])
		if err != nil {
			return Batch{}, err
		}
		d := talkDraft{s: s, at: at + 1}
		if err := fn(&d); err != nil || len(d.batch.Ops) == 0 {
			return Batch{}, err
		}
		d.batch.Checks = []Check{{Key: talkKey, Want: raw[0]}}
		d.batch.Ops = append(d.batch.Ops, Op{Kind: OpPut, Key: talkKey, Value: []byte(strconv.FormatInt(d.at, 10))})
		return d.batch, nil
	})
}

func position(raw []byte) (int64, error) {
	if raw == nil {
		return 0, nil
	}
	at, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0, damaged(talkKey, err)
	}
	return at, nil
}

// talkID is the id of what was made at a position: ids sort as strings.
func talkID(at int64) string { return fmt.Sprintf("%012d", at) }

func (d *talkDraft) put(key, set string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return damaged(key, err)
	}
	d.batch.Ops = append(d.batch.Ops, Op{Kind: OpPut, Key: key, Value: raw}, Op{Kind: OpAdd, Key: talkSet, Member: key, Score: d.at})
	if set != "" {
		d.batch.Ops = append(d.batch.Ops, Op{Kind: OpAdd, Key: set, Member: key, Score: d.at})
	}
	return nil
}

// read reads one row; there is false when it does not exist.
func (d *talkDraft) read(ctx context.Context, key string, v any) (there bool, err error) {
	rows, err := d.s.d.Get(ctx, key)
	if err != nil || rows[0] == nil {
		return false, err
	}
	if err := json.Unmarshal(rows[0], v); err != nil {
		return false, damaged(key, err)
	}
	return true, nil
}

// PutRoom implements [Talk]. Without an id it makes a new room, or finds the
// one that was opened with the same key.
func (s *Store) PutRoom(ctx context.Context, r TalkRoom) (TalkRoom, error) {
	asked := r
	err := s.talk(ctx, func(d *talkDraft) error {
		r = asked
		if r.ID == "" && r.Key != "" {
			rows, err := s.d.Get(ctx, talkOpenedKey(r.Key))
			if err != nil {
				return err
			}
			if rows[0] != nil {
				_, err := d.read(ctx, talkRoomKey(string(rows[0])), &r)
				return err
			}
		}
		if r.ID == "" {
			r.ID = "r" + talkID(d.at)
		}
		var before TalkRoom
		if _, err := d.read(ctx, talkRoomKey(r.ID), &before); err != nil {
			return err
		}
		r.Newest = max(r.Newest, before.Newest)
		if r.Key != "" {
			d.batch.Ops = append(d.batch.Ops, Op{Kind: OpPut, Key: talkOpenedKey(r.Key), Value: []byte(r.ID)})
		}
		d.batch.Ops = append(d.batch.Ops, Op{Kind: OpAdd, Key: roomsSet, Member: talkRoomKey(r.ID)})
		return d.put(talkRoomKey(r.ID), "", r)
	})
	return r, err
}

// TalkRooms implements [Talk].
func (s *Store) TalkRooms(ctx context.Context) ([]TalkRoom, error) {
	members, err := s.all(ctx, roomsSet)
	if err != nil {
		return nil, err
	}
	return readAll[TalkRoom](ctx, s, names(members))
}

func readAll[T any](ctx context.Context, s *Store, keys []string) ([]T, error) {
	rows, err := s.get(ctx, keys)
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, len(rows))
	for i, raw := range rows {
		if raw == nil {
			continue
		}
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, damaged(keys[i], err)
		}
		out = append(out, v)
	}
	return out, nil
}

func noSuchRoom(id string) error { return fault.New(fault.NotFound, "There is no room %q.", id) }

// ChangeRoom implements [Talk].
func (s *Store) ChangeRoom(ctx context.Context, id string, fn func(*TalkRoom)) (TalkRoom, error) {
	var r TalkRoom
	err := s.talk(ctx, func(d *talkDraft) error {
		r = TalkRoom{}
		there, err := d.read(ctx, talkRoomKey(id), &r)
		if err != nil {
			return err
		}
		if !there {
			return noSuchRoom(id)
		}
		fn(&r)
		r.ID = id
		return d.put(talkRoomKey(id), "", r)
	})
	return r, err
}

// Say implements [Talk].
func (s *Store) Say(ctx context.Context, m TalkMessage) (said TalkMessage, made bool, err error) {
	err = s.talk(ctx, func(d *talkDraft) error {
		said, made = m, true
		var room TalkRoom
		there, err := d.read(ctx, talkRoomKey(m.Room), &room)
		if err != nil {
			return err
		}
		if !there {
			return noSuchRoom(m.Room)
		}
		if m.Key != "" {
			rows, err := s.d.Get(ctx, talkSaidKey(m.Room, m.Key))
			if err != nil {
				return err
			}
			if rows[0] != nil {
				made = false
				said = TalkMessage{}
				_, err := d.read(ctx, talkMessageKey(m.Room, string(rows[0])), &said)
				return err
			}
		}
		said.ID = talkID(d.at)
		if m.Key != "" {
			d.batch.Ops = append(d.batch.Ops, Op{Kind: OpPut, Key: talkSaidKey(m.Room, m.Key), Value: []byte(said.ID)})
		}
		room.Newest = said.ID
		if err := d.put(talkRoomKey(room.ID), "", room); err != nil {
			return err
		}
		return d.put(talkMessageKey(said.Room, said.ID), talkRoomSet(said.Room), said)
	})
	return said, made && err == nil, err
}

// Change implements [Talk].
func (s *Store) Change(ctx context.Context, room, id string, fn func(*TalkMessage)) (TalkMessage, error) {
	var m TalkMessage
	err := s.talk(ctx, func(d *talkDraft) error {
		m = TalkMessage{}
		there, err := d.read(ctx, talkMessageKey(room, id), &m)
		if err != nil {
			return err
		}
		if !there {
			return fault.New(fault.NotFound, "There is no such message in this room.")
		}
		fn(&m)
		m.Room, m.ID = room, id
		return d.put(talkMessageKey(room, id), "", m)
	})
	return m, err
}

// TalkMessages implements [Talk].
func (s *Store) TalkMessages(ctx context.Context, room, before string, limit int) ([]TalkMessage, error) {
	high := int64(most)
	if before != "" {
		at, err := strconv.ParseInt(before, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%q is no message id.", before)
		}
		high = at - 1
	}
	members, err := s.d.Range(ctx, Range{Set: talkRoomSet(room), Min: least, Max: high, Limit: limit, Reverse: true})
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(members))
	for i, m := range members {
		keys[len(members)-1-i] = m.Name
	}
	return readAll[TalkMessage](ctx, s, keys)
}

// Changes implements [Talk]. Each thing that changed is given once, as it is now.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (c []TalkChange, at int64, err error) {
	if after < 0 {
		raw, err := s.d.Get(ctx, talkKey)
		if err != nil {
			return nil, 0, err
		}
		at, err := position(raw[0])
		return nil, at, err
	}
	members, err := s.d.Range(ctx, Range{Set: talkSet, Min: after + 1, Max: most, Limit: limit})
	if err != nil || len(members) == 0 {
		return nil, after, err
	}
	// One change may touch a room and a message: never stop between the two.
	if limit > 0 && len(members) == limit {
		last := members[len(members)-1].Score
		rest, err := s.d.Range(ctx, Range{Set: talkSet, Min: last, Max: last})
		if err != nil {
			return nil, after, err
		}
		for len(members) > 0 && members[len(members)-1].Score == last {
			members = members[:len(members)-1]
		}
		members = append(members, rest...)
	}
	rows, err := s.get(ctx, names(members))
	if err != nil {
		return nil, after, err
	}
	for i, m := range members {
		at = max(at, m.Score)
		change, err := talkChange(m, rows[i])
		if err != nil {
			return nil, after, err
		}
		if rows[i] != nil {
			c = append(c, change)
		}
	}
	return c, max(at, after), nil
}

func talkChange(m Member, raw []byte) (TalkChange, error) {
	c := TalkChange{Position: m.Score}
	if raw == nil {
		return c, nil
	}
	var into any
	if strings.HasPrefix(m.Name, "tr/") {
		c.Room = &TalkRoom{}
		into = c.Room
	} else {
		c.Message = &TalkMessage{}
		into = c.Message
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return c, damaged(m.Name, err)
	}
	return c, nil
}
