package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/store"
)

// How long what is known of people may be old; other replicas change it too.
const (
	peopleFresh = 30 * time.Second
	maxPeople   = 10_000
)

// People knows who is behind an account, and keeps what it learned for a short while.
type People struct {
	store store.People
	now   func() time.Time

	mu       sync.Mutex
	met      map[incident.Account]acquaintance
	by       map[incident.PersonID]acquaintance
	everyone []incident.Person
	listed   time.Time
}

type acquaintance struct {
	person incident.Person
	seen   store.Seen
	at     time.Time
}

// NewPeople makes it.
func NewPeople(s store.People, now func() time.Time) *People {
	return &People{store: s, now: now, met: map[incident.Account]acquaintance{}, by: map[incident.PersonID]acquaintance{}}
}

// Meet finds the person behind a platform's user, or makes one at first sight.
func (p *People) Meet(ctx context.Context, u chat.User) (incident.Person, error) {
	account := incident.Account{Platform: u.Platform, Workspace: u.Workspace, ID: u.ID}
	seen := store.Seen{Name: u.Name, Email: u.Email, Zone: u.Zone, Vouched: u.Email != ""}
	p.mu.Lock()
	known, ok := p.met[account]
	p.mu.Unlock()
	if ok && known.seen == seen && p.now().Sub(known.at) < peopleFresh {
		return known.person, nil
	}
	person, err := p.store.Meet(ctx, account, seen)
	if err != nil {
		return incident.Person{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.met) >= maxPeople {
		clear(p.met)
	}
	if _, old := p.by[person.ID]; !old {
		p.listed = time.Time{}
	}
	p.met[account] = acquaintance{person, seen, p.now()}
	p.by[person.ID] = acquaintance{person: person, at: p.now()}
	return person, nil
}

// Person reads one person; an unknown id gives a person with that name.
func (p *People) Person(ctx context.Context, id incident.PersonID) incident.Person {
	switch id {
	case "":
		return incident.Person{Name: "somebody"}
	case incident.House:
		return incident.Person{ID: id, Name: "tocsin"}
	}
	p.mu.Lock()
	known, ok := p.by[id]
	p.mu.Unlock()
	if ok && p.now().Sub(known.at) < peopleFresh {
		return known.person
	}
	person, found, err := p.store.Person(ctx, id)
	switch {
	case err != nil && ok:
		return known.person
	case err != nil || !found:
		return incident.Person{ID: id, Name: string(id)}
	case person.Erased:
		person.Name = "somebody erased"
	}
	person.Name = cmp.Or(person.Name, person.Email, string(person.ID))
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.by) >= maxPeople {
		clear(p.by)
	}
	p.by[id] = acquaintance{person: person, at: p.now()}
	return person
}

// Forget drops what is kept of somebody: their zone or their accounts changed.
func (p *People) Forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.met)
	clear(p.by)
	p.listed = time.Time{}
}

// Everybody lists all persons.
func (p *People) Everybody(ctx context.Context) ([]incident.Person, error) {
	p.mu.Lock()
	all, at := p.everyone, p.listed
	p.mu.Unlock()
	if !at.IsZero() && p.now().Sub(at) < peopleFresh {
		return all, nil
	}
	all, err := p.store.Everybody(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.everyone, p.listed = all, p.now()
	return all, nil
}

// Find reads words such as "<@U123>", "@ann", "ann", "console:ann" or an
// e-mail, said on a platform. Whole matches win over first names, and those
// over beginnings; several matches are several persons.
func (p *People) Find(ctx context.Context, platform, words string) ([]incident.Person, error) {
	words = strings.TrimSpace(words)
	id, mention := strings.CutPrefix(words, "<@")
	if mention {
		id, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSuffix(id, ">"), "!"), "|")
	}
	words = strings.ToLower(strings.TrimPrefix(words, "@"))
	if words == "" {
		return nil, nil
	}
	all, err := p.Everybody(ctx)
	if err != nil {
		return nil, err
	}
	if mention {
		return matching(all, func(one incident.Person) bool { return hasAccount(one, platform, id) }), nil
	}
	tests := []func(incident.Person) bool{
		func(one incident.Person) bool { return hasAccount(one, platform, words) || named(one, words) },
		func(one incident.Person) bool { return strings.EqualFold(one.Email, words) },
		func(one incident.Person) bool { return strings.EqualFold(one.Name, words) },
		func(one incident.Person) bool {
			first, _, _ := strings.Cut(one.Name, " ")
			return strings.EqualFold(first, words)
		},
		func(one incident.Person) bool {
			return len(words) >= 3 && strings.HasPrefix(strings.ToLower(one.Name), words)
		},
	}
	for _, test := range tests {
		if found := matching(all, test); len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}

func matching(all []incident.Person, test func(incident.Person) bool) []incident.Person {
	return slices.DeleteFunc(slices.Clone(all), func(one incident.Person) bool { return !test(one) })
}

func hasAccount(p incident.Person, platform, id string) bool {
	return slices.ContainsFunc(p.Accounts, func(a incident.Account) bool {
		return a.Platform == platform && strings.EqualFold(a.ID, id)
	})
}

// named says whether "platform:id" is one of somebody's accounts.
func named(p incident.Person, words string) bool {
	platform, id, ok := strings.Cut(words, ":")
	return ok && hasAccount(p, platform, id)
}

// AccountOn is somebody's id on a platform; empty: they have none there.
func AccountOn(p incident.Person, platform string) string {
	for _, a := range p.Accounts {
		if a.Platform == platform {
			return a.ID
		}
	}
	return ""
}

// namesOf is by what a policy, or TOCSIN_ADMINS, may name somebody.
func namesOf(p incident.Person) []string {
	var names []string
	if p.Email != "" {
		names = append(names, p.Email)
	}
	for _, a := range p.Accounts {
		names = append(names, a.Platform+":"+a.ID)
		if a.Platform == consolePlatform {
			names = append(names, a.ID)
		}
	}
	return names
}
