package store

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"tocsin/incident"
)

// textRow is words that a person wrote, in a row of their own.
type textRow struct {
	Author incident.PersonID `json:"by,omitempty"`
	Words  string            `json:"words"`
	Salt   string            `json:"salt"`
}

// saltSize makes a hash say nothing of its words to who does not have the salt.
const saltSize = 12

func saltedHash(salt, words string) string {
	h := sha256.New()
	h.Write([]byte(salt))
	h.Write([]byte{0})
	h.Write([]byte(words))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

// besides is what lies beside an event: words.
type besides struct {
	key string
	row textRow
}

// setAside takes the words out of an event: the event that is returned holds
// hashes where they stood.
func (s *Store) setAside(stream incident.Stream, e incident.Event) (incident.Event, []besides, error) {
	if _, odd := e.(incident.Unknown); odd {
		return e, nil, nil
	}
	var rows []besides
	var failed error
	e = incident.MapTexts(e, func(t *incident.Text) {
		t.Hash = ""
		if t.Words == "" || t.Erased {
			return
		}
		salt, err := s.random(saltSize)
		if err != nil {
			failed = err
			return
		}
		row := textRow{Author: t.Author, Words: strings.ToValidUTF8(t.Words, "\uFFFD"), Salt: base64.RawURLEncoding.EncodeToString(salt)}
		t.Hash = saltedHash(row.Salt, row.Words)
		rows = append(rows, besides{key: textKey(stream, t.Ref), row: row})
	})
	return e, rows, failed
}

// lying collects texts whose words lie in rows, to read them in one go.
type lying struct {
	texts []*incident.Text
	keys  []string
}

// in collects the texts inside *p, which belongs to a stream.
func (l *lying) in(stream incident.Stream, p any) {
	incident.EachText(p, func(t *incident.Text) {
		l.texts = append(l.texts, t)
		l.keys = append(l.keys, textKey(stream, t.Ref))
	})
}

// inState is in, for what is folded from events: whether it was folded now or
// read as it was kept must make no difference.
func (l *lying) inState(stream incident.Stream, p any) {
	before := len(l.texts)
	l.in(stream, p)
	for _, t := range l.texts[before:] {
		t.Hash = ""
	}
}

// fill puts the words back. A row that is not there was erased.
func (s *Store) fill(ctx context.Context, l *lying) error {
	rows, err := s.get(ctx, l.keys)
	if err != nil {
		return err
	}
	for i, raw := range rows {
		t := l.texts[i]
		if raw == nil {
			t.Words, t.Erased = "", true
			continue
		}
		var row textRow
		if err := json.Unmarshal(raw, &row); err != nil {
			return damaged(l.keys[i], err)
		}
		t.Words, t.Erased = row.Words, false
	}
	return nil
}
