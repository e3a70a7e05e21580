package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// erasePerson takes everything away that a person wrote, under every id and
// account that was theirs, and then who they are.
func (s *Store) erasePerson(ctx context.Context, now time.Time, id incident.PersonID) (int, error) {
	p, raw, err := s.root(ctx, id)
	if err != nil {
		return 0, err
	}
	if raw == nil {
		return 0, fault.New(fault.NotFound, "This person is not known; nothing was erased.")
	}
	book, err := s.readBook(ctx)
	if err != nil {
		return 0, err
	}
	selves := book.selves(p.ID)
	n, touched, err := s.eraseWritten(ctx, now, p.ID, selves)
	if err != nil {
		return n, err
	}
	gone := func(o outcomeRow) bool {
		return slices.Contains(selves, o.Asker) || slices.ContainsFunc(o.Streams, func(st incident.Stream) bool { return slices.Contains(touched, st) })
	}
	if err := s.eraseOutcomes(ctx, gone); err != nil {
		return n, err
	}
	if err := s.eraseSpoken(ctx, p.Accounts); err != nil {
		return n, err
	}
	return n, s.forgetPerson(ctx, selves)
}

// eraseWritten erases the rows that their authors' sets lead to.
func (s *Store) eraseWritten(ctx context.Context, now time.Time, id incident.PersonID, selves []incident.PersonID) (n int, touched []incident.Stream, err error) {
	texts := map[incident.Stream][]string{}
	var said []string
	for _, self := range selves {
		members, err := s.all(ctx, authorSet(self))
		if err != nil {
			return 0, nil, err
		}
		for _, m := range members {
			rest, isText := strings.CutPrefix(m.Name, "t/")
			if !isText {
				said = append(said, m.Name)
				continue
			}
			stream := incident.Stream(rest[:max(strings.LastIndexByte(rest, '/'), 0)])
			texts[stream] = append(texts[stream], m.Name)
		}
	}
	if n, err = s.eraseSaid(ctx, said); err != nil {
		return n, nil, err
	}
	for stream, keys := range texts {
		got, err := s.eraseTexts(ctx, stream, keys)
		if err != nil {
			return n, nil, err
		}
		n, touched = n+got, append(touched, stream)
		if err := s.erased(ctx, now, stream, incident.Erased{Person: id, Texts: got}); err != nil {
			return n, nil, err
		}
	}
	return n, touched, nil
}

// eraseSpoken takes the words out of what accounts said in the console.
func (s *Store) eraseSpoken(ctx context.Context, accounts []incident.Account) error {
	var users []string
	for _, a := range accounts {
		if a.Platform == consolePlatform {
			users = append(users, a.ID)
		}
	}
	if len(users) == 0 {
		return nil
	}
	rooms, err := s.TalkRooms(ctx)
	if err != nil {
		return err
	}
	theirs := func(m TalkMessage) bool { return slices.Contains(users, m.User) || slices.Contains(users, m.Only) }
	for _, r := range rooms {
		if err := s.eraseTalk(ctx, r.ID, theirs); err != nil {
			return err
		}
	}
	return nil
}

// forgetPerson leaves an id without a name. The same account is somebody new
// when it is seen again.
func (s *Store) forgetPerson(ctx context.Context, selves []incident.PersonID) error {
	for _, id := range selves {
		err := s.change(ctx, func() (Batch, error) {
			p, raw, err := s.person(ctx, id)
			if err != nil || raw == nil {
				return Batch{}, err
			}
			var b Batch
			for _, a := range p.Accounts {
				b.Ops = append(b.Ops, Op{Kind: OpDelete, Key: accountKey(a)})
			}
			if p.Email != "" {
				b.Ops = append(b.Ops, Op{Kind: OpDelete, Key: mailKey(p.Email)})
			}
			p = incident.Person{ID: p.ID, Alias: p.Alias, Erased: true}
			return b, putPerson(&b, p, raw)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
