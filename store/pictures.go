package store

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// Limits of the pictures that are kept.
const (
	MaxPicture   = 2 << 20  // bytes of one
	MaxPictures  = 20 << 20 // bytes of an incident's
	picturesEach = 10       // of one message
)

// Picture is a picture of a message of an incident's room.
type Picture struct {
	Stream incident.Stream `json:"stream"`
	Kind   string          `json:"kind"` // "image/png"
	Bytes  []byte          `json:"bytes"`
}

// PictureName is what the picture of a message's n-th file is called, n from 0.
func PictureName(s incident.Stream, room, message string, n int) string {
	return pictureName(sayKey(s, room, message), n)
}

func pictureName(said string, n int) string { return "p" + digest(said + "#" + strconv.Itoa(n))[:24] }

func pictureKey(name string) string        { return keyed("pic/", name) }
func picturesSet(s incident.Stream) string { return "pics/" + string(s) }
func streamOfSaid(key string) incident.Stream { // "say/incident/<id>/<room>/<message>"
	parts := strings.SplitN(strings.TrimPrefix(key, "say/"), "/", 3)
	if len(parts) < 3 {
		return ""
	}
	return incident.Stream(parts[0] + "/" + parts[1])
}

// KeepPicture keeps the picture of the n-th file of a message, with the message
// and no longer. Rejected: it is too large, the incident has as many as are
// kept, or the message is gone. Kept twice, it is kept once.
func (s *Store) KeepPicture(ctx context.Context, room, message string, n int, p Picture) (name string, err error) {
	said := sayKey(p.Stream, room, message)
	name = pictureName(said, n)
	if len(p.Bytes) > MaxPicture || n < 0 || n >= picturesEach {
		return "", fault.New(fault.Rejected, "The picture is larger than what is kept, or one too many of its message.")
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return "", damaged(name, err)
	}
	return name, s.change(ctx, func() (Batch, error) {
		rows, err := s.d.Get(ctx, pictureKey(name), said)
		if err != nil || rows[0] != nil {
			return Batch{}, err
		}
		var row saidRow
		if rows[1] == nil || json.Unmarshal(rows[1], &row) != nil || row.Erased || !row.DeletedAt.IsZero() {
			return Batch{}, fault.New(fault.Rejected, "The message of the picture is gone.")
		}
		kept, err := s.all(ctx, picturesSet(p.Stream))
		if err != nil {
			return Batch{}, err
		}
		total := int64(len(p.Bytes))
		for _, m := range kept {
			total += m.Score
		}
		if total > MaxPictures {
			return Batch{}, fault.New(fault.Rejected, "The incident has as many pictures as are kept.")
		}
		return Batch{
			Checks: []Check{{Key: pictureKey(name)}, {Key: said, Want: rows[1]}},
			Ops: []Op{
				{Kind: OpPut, Key: pictureKey(name), Value: raw},
				{Kind: OpAdd, Key: picturesSet(p.Stream), Member: name, Score: int64(len(p.Bytes))},
			},
		}, nil
	})
}

// Picture reads a kept picture of an incident by its name.
func (s *Store) Picture(ctx context.Context, stream incident.Stream, name string) (p Picture, found bool, err error) {
	rows, err := s.d.Get(ctx, pictureKey(name))
	if err != nil || rows[0] == nil {
		return Picture{}, false, err
	}
	if err := json.Unmarshal(rows[0], &p); err != nil {
		return Picture{}, false, damaged(name, err)
	}
	if p.Stream != stream {
		return Picture{}, false, nil
	}
	return p, true, nil
}

// Pictures are the names of those that are kept of an incident.
func (s *Store) Pictures(ctx context.Context, stream incident.Stream) (map[string]bool, error) {
	members, err := s.all(ctx, picturesSet(stream))
	out := make(map[string]bool, len(members))
	for _, m := range members {
		out[m.Name] = true
	}
	return out, err
}

// unpicture takes the pictures of a message away.
func unpicture(ops []Op, said string, files int) []Op {
	for n := range min(files, picturesEach) {
		name := pictureName(said, n)
		ops = append(ops, Op{Kind: OpDelete, Key: pictureKey(name)}, Op{Kind: OpRemove, Key: picturesSet(streamOfSaid(said)), Member: name})
	}
	return ops
}
