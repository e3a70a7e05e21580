package store

import (
	"encoding/json"
	"reflect"

	"tocsin/incident"
)

// aliasBook is who was linked to whom, as one small record: it is read beside
// whatever holds persons, and they are resolved as it is read.
type aliasBook struct {
	raw  string
	root map[incident.PersonID]incident.PersonID // never a chain
}

// book reads the record of linked persons; the newest one read is kept parsed.
func (s *Store) book(raw []byte) (*aliasBook, error) {
	if len(raw) == 0 {
		return &aliasBook{}, nil
	}
	if b := s.aliases.Load(); b != nil && b.raw == string(raw) {
		return b, nil
	}
	b := &aliasBook{raw: string(raw)}
	if err := json.Unmarshal(raw, &b.root); err != nil {
		return nil, damaged(aliasesKey, err)
	}
	s.aliases.Store(b)
	return b, nil
}

// of is who a person is now.
func (b *aliasBook) of(p incident.PersonID) incident.PersonID {
	if to, linked := b.root[p]; linked {
		return to
	}
	return p
}

// selves lists every id under which a person is on record.
func (b *aliasBook) selves(p incident.PersonID) []incident.PersonID {
	p = b.of(p)
	out := []incident.PersonID{p}
	for from, to := range b.root {
		if to == p {
			out = append(out, from)
		}
	}
	return out
}

// resolve replaces linked persons inside *p.
func (b *aliasBook) resolve(p any) {
	if len(b.root) > 0 {
		b.walk(reflect.ValueOf(p))
	}
}

func (b *aliasBook) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			b.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				b.walk(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			b.walk(v.Index(i))
		}
	case reflect.String:
		if id, ok := reflect.TypeAssert[incident.PersonID](v); ok && v.CanSet() {
			v.SetString(string(b.of(id)))
		}
	default:
	}
}
