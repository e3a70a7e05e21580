package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// person reads one row as it stands, aliases not followed.
func (s *Store) person(ctx context.Context, id incident.PersonID) (p incident.Person, raw []byte, err error) {
	rows, err := s.d.Get(ctx, personKey(id))
	if err != nil || rows[0] == nil {
		return incident.Person{}, nil, err
	}
	if err := json.Unmarshal(rows[0], &p); err != nil {
		return incident.Person{}, nil, damaged(personKey(id), err)
	}
	return p, rows[0], nil
}

// root reads who a person is now.
func (s *Store) root(ctx context.Context, id incident.PersonID) (p incident.Person, raw []byte, err error) {
	for range 16 {
		p, raw, err = s.person(ctx, id)
		if err != nil || raw == nil || p.Alias == "" {
			return p, raw, err
		}
		id = p.Alias
	}
	return p, nil, fault.New(fault.Internal, "Person %s is linked in a circle.", id)
}

// Person implements [People].
func (s *Store) Person(ctx context.Context, id incident.PersonID) (p incident.Person, found bool, err error) {
	p, raw, err := s.root(ctx, id)
	return p, raw != nil, err
}

// ByAccount implements [People].
func (s *Store) ByAccount(ctx context.Context, a incident.Account) (p incident.Person, found bool, err error) {
	return s.personAt(ctx, accountKey(a))
}

// ByEmail implements [People]. Only e-mails that a platform vouched for are known.
func (s *Store) ByEmail(ctx context.Context, email string) (p incident.Person, found bool, err error) {
	return s.personAt(ctx, mailKey(email))
}

func (s *Store) personAt(ctx context.Context, key string) (p incident.Person, found bool, err error) {
	rows, err := s.d.Get(ctx, key)
	if err != nil || rows[0] == nil {
		return incident.Person{}, false, err
	}
	return s.Person(ctx, incident.PersonID(rows[0]))
}

// Meet implements [People].
func (s *Store) Meet(ctx context.Context, a incident.Account, seen Seen) (incident.Person, error) {
	seen.Email = strings.ToLower(strings.TrimSpace(seen.Email))
	if !seen.Vouched {
		seen.Email = ""
	}
	var met incident.Person
	var twin incident.PersonID
	err := s.change(ctx, func() (Batch, error) {
		var b Batch
		var err error
		met, twin, err = s.meet(ctx, &b, a, seen)
		return b, err
	})
	if err != nil || twin == "" {
		return met, err
	}
	if err := s.Link(ctx, met.ID, twin); err != nil {
		return incident.Person{}, err
	}
	met, _, err = s.Person(ctx, twin)
	return met, err
}

// meet drafts what a sight of an account changes. twin is another person with
// the same vouched e-mail, to whom this one, who had none, is to be linked.
func (s *Store) meet(ctx context.Context, b *Batch, a incident.Account, seen Seen) (p incident.Person, twin incident.PersonID, err error) {
	rows, err := s.d.Get(ctx, accountKey(a), mailKey(seen.Email))
	if err != nil {
		return p, "", err
	}
	known, mail := rows[0], rows[1]
	if seen.Email == "" {
		mail = nil
	}
	at := known
	if at == nil {
		at = mail
	}
	p, raw, err := s.personOrStranger(ctx, incident.PersonID(at))
	if err != nil {
		return p, "", err
	}
	if raw == nil {
		b.Ops = append(b.Ops, Op{Kind: OpAdd, Key: peopleSet, Member: string(p.ID)})
	}
	if known == nil || raw == nil {
		p.Accounts = append(p.Accounts, a)
		b.Checks = append(b.Checks, Check{Key: accountKey(a), Want: known})
		b.Ops = append(b.Ops, Op{Kind: OpPut, Key: accountKey(a), Value: []byte(p.ID)})
	}
	if mail != nil && incident.PersonID(mail) != p.ID {
		owner, found, err := s.Person(ctx, incident.PersonID(mail))
		if err != nil {
			return p, "", err
		}
		if found && owner.ID != p.ID {
			if p.Email == "" {
				twin = owner.ID
			}
			seen.Email = ""
		}
	}
	return p, twin, s.refresh(b, &p, raw, seen, mail)
}

// personOrStranger reads a person by id, or makes one when there is none.
func (s *Store) personOrStranger(ctx context.Context, id incident.PersonID) (p incident.Person, raw []byte, err error) {
	if id != "" {
		if p, raw, err = s.root(ctx, id); err != nil || raw != nil {
			return p, raw, err
		}
	}
	fresh, err := s.random(8)
	return incident.Person{ID: incident.PersonID("p" + hex.EncodeToString(fresh))}, nil, err
}

// refresh takes over what the platform says of a person, and writes the row
// when that changes it.
func (s *Store) refresh(b *Batch, p *incident.Person, raw []byte, seen Seen, mail []byte) error {
	if seen.Name != "" {
		p.Name = seen.Name
	}
	if seen.Zone != "" {
		p.Zone = seen.Zone
	}
	if seen.Email != "" && seen.Email != p.Email {
		if p.Email != "" {
			b.Ops = append(b.Ops, Op{Kind: OpDelete, Key: mailKey(p.Email)})
		}
		p.Email = seen.Email
	}
	if seen.Email != "" && mail == nil {
		b.Checks = append(b.Checks, Check{Key: mailKey(seen.Email)})
		b.Ops = append(b.Ops, Op{Kind: OpPut, Key: mailKey(seen.Email), Value: []byte(p.ID)})
	}
	return putPerson(b, *p, raw)
}

func putPerson(b *Batch, p incident.Person, before []byte) error {
	row, err := json.Marshal(p)
	if err != nil {
		return damaged(personKey(p.ID), err)
	}
	if same(row, before) {
		return nil
	}
	b.Checks = append(b.Checks, Check{Key: personKey(p.ID), Want: before})
	b.Ops = append(b.Ops, Op{Kind: OpPut, Key: personKey(p.ID), Value: row})
	return nil
}

// Everybody implements [People].
func (s *Store) Everybody(ctx context.Context) ([]incident.Person, error) {
	members, err := s.all(ctx, peopleSet)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(members))
	for i, m := range members {
		keys[i] = personKey(incident.PersonID(m.Name))
	}
	rows, err := s.get(ctx, keys)
	if err != nil {
		return nil, err
	}
	var out []incident.Person
	for i, raw := range rows {
		var p incident.Person
		if raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, damaged(keys[i], err)
		}
		if p.Alias == "" && !p.Erased {
			out = append(out, p)
		}
	}
	return out, nil
}

// Link implements [People].
func (s *Store) Link(ctx context.Context, from, to incident.PersonID) error {
	return s.change(ctx, func() (Batch, error) {
		was, wasRaw, err := s.root(ctx, from)
		if err != nil {
			return Batch{}, err
		}
		is, isRaw, err := s.root(ctx, to)
		if err != nil {
			return Batch{}, err
		}
		if wasRaw == nil || isRaw == nil {
			return Batch{}, fault.New(fault.NotFound, "One of the two persons is not known; nothing was linked.")
		}
		if was.ID == is.ID {
			return Batch{}, nil
		}
		var b Batch
		for _, a := range was.Accounts {
			if !slices.Contains(is.Accounts, a) {
				is.Accounts = append(is.Accounts, a)
			}
			b.Ops = append(b.Ops, Op{Kind: OpPut, Key: accountKey(a), Value: []byte(is.ID)})
		}
		if was.Email != "" {
			b.Ops = append(b.Ops, Op{Kind: OpPut, Key: mailKey(was.Email), Value: []byte(is.ID)})
		}
		if is.Email == "" {
			is.Email = was.Email
		}
		if is.Zone == "" {
			is.Zone = was.Zone
		}
		alias := incident.Person{ID: was.ID, Alias: is.ID, Email: was.Email} // the e-mail, so that erasing finds it
		if err := putPerson(&b, alias, wasRaw); err != nil {
			return Batch{}, err
		}
		if err := putPerson(&b, is, isRaw); err != nil {
			return Batch{}, err
		}
		return b, s.linkOps(ctx, &b, was.ID, is.ID)
	})
}

// linkOps writes the alias into the record that every read resolves from.
func (s *Store) linkOps(ctx context.Context, b *Batch, from, to incident.PersonID) error {
	rows, err := s.d.Get(ctx, aliasesKey)
	if err != nil {
		return err
	}
	root := map[incident.PersonID]incident.PersonID{}
	if rows[0] != nil {
		if err := json.Unmarshal(rows[0], &root); err != nil {
			return damaged(aliasesKey, err)
		}
	}
	for k, v := range root {
		if v == from {
			root[k] = to
		}
	}
	root[from] = to
	raw, err := json.Marshal(root)
	if err != nil {
		return damaged(aliasesKey, err)
	}
	b.Checks = append(b.Checks, Check{Key: aliasesKey, Want: rows[0]})
	b.Ops = append(b.Ops, Op{Kind: OpPut, Key: aliasesKey, Value: raw})
	return nil
}

// SetZone implements [People].
func (s *Store) SetZone(ctx context.Context, id incident.PersonID, zone string) error {
	return s.change(ctx, func() (Batch, error) {
		p, raw, err := s.root(ctx, id)
		if err != nil {
			return Batch{}, err
		}
		if raw == nil {
			return Batch{}, fault.New(fault.NotFound, "This person is not known.")
		}
		p.Zone = zone
		var b Batch
		return b, putPerson(&b, p, raw)
	})
}
