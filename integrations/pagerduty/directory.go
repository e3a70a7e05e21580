package pagerduty

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
)

// How long what PagerDuty said of itself is believed: as long as it is fresh,
// and for a day while PagerDuty cannot be asked.
const (
	freshPlace  = 10 * time.Minute
	freshAbsent = time.Minute
	stale       = 24 * time.Hour
)

// ref is a thing of PagerDuty's by id and name.
type ref struct{ id, name string }

// place is where a page can go.
type place struct {
	kind     string // "service", "policy", "team"; empty: there is none of that name
	service  service
	policies []ref    // one, or those of a team
	services []string // of a policy, by id
	alike    []string // names that resemble one that there is not
}

// service is one of PagerDuty's.
type service struct {
	ref

	policy ref
	keys   []string // routing keys of its integrations
	known  bool     // the keys are all of them
}

// person is a user of PagerDuty's; no id: there is none.
type person struct{ id, name, email string }

func (u person) called() string {
	if u.email != "" {
		return u.email
	}
	return u.name
}

// find knows what a target is: a service, an escalation policy or a team, by
// name or id, in this order.
func (p *PagerDuty) find(ctx context.Context, target string) (place, error) {
	now, key := p.o.Now(), fold(target)
	if got, ok := p.places.recall(key, now, freshPlace); ok && got.kind != "" {
		return got, nil
	}
	if got, ok := p.places.recall(key, now, freshAbsent); ok {
		return got, absent(target, got)
	}
	got, err := p.seek(ctx, strings.TrimSpace(target))
	if err != nil {
		if old, ok := p.places.recall(key, now, stale); ok && old.kind != "" && fault.KindOf(err) == fault.Unavailable {
			return old, nil
		}
		return place{}, err
	}
	p.places.keep(key, got, now)
	return got, absent(target, got)
}

// absent is the fault of a target that PagerDuty does not know.
func absent(target string, got place) error {
	if got.kind != "" {
		return nil
	}
	f := fault.New(fault.NotFound, "PagerDuty knows no service, escalation policy or team called %q.", target)
	if len(got.alike) > 0 {
		f.Say += " It knows " + strings.Join(got.alike, ", ") + "."
	}
	return f
}

// seek asks for a target under each of its kinds at once.
func (p *PagerDuty) seek(ctx context.Context, target string) (place, error) {
	look := []func(context.Context, string) (place, error){p.seekService, p.seekPolicy, p.seekTeam}
	found, errs := make([]place, len(look)), make([]error, len(look))
	var all sync.WaitGroup
	for i, one := range look {
		all.Go(func() { found[i], errs[i] = one(ctx, target) })
	}
	all.Wait()
	none := place{}
	for i, got := range found {
		// An account without teams, or a token that may not see them, has none.
		if errs[i] != nil && (i < len(look)-1 || fault.KindOf(errs[i]) != fault.Rejected) {
			return place{}, errs[i]
		}
		if got.kind != "" {
			return got, nil
		}
		none.alike = append(none.alike, got.alike...)
	}
	none.alike = slices.Compact(slices.Sorted(slices.Values(none.alike)))
	none.alike = none.alike[:min(len(none.alike), 5)]
	return none, nil
}

// among picks what a target names out of a list; alike are the names of the rest.
func among[T any](list []T, target string, name func(T) ref) (one T, ok bool, alike []string) {
	for _, t := range list {
		if n := name(t); fold(n.name) == fold(target) || n.id == target {
			return t, true, nil
		}
		alike = append(alike, name(t).name)
	}
	return one, false, alike
}

// missing says that a fault only means that there is no such thing.
func missing(err error) bool { return err != nil && fault.KindOf(err) == fault.NotFound }

func (p *PagerDuty) seekService(ctx context.Context, target string) (place, error) {
	list, err := ask(ctx, reading("look up a service"), func(ctx context.Context) (*pdapi.ListServiceResponse, error) {
		return p.sdk.ListServicesWithContext(ctx, pdapi.ListServiceOptions{Query: target, Limit: perPage, Includes: []string{"integrations"}})
	})
	if err != nil {
		return place{}, err
	}
	s, ok, alike := among(list.Services, target, func(s pdapi.Service) ref { return ref{s.ID, s.Name} })
	if !ok && isID(target) {
		got, err := ask(ctx, reading("look up a service"), func(ctx context.Context) (*pdapi.Service, error) {
			return p.sdk.GetServiceWithContext(ctx, target, &pdapi.GetServiceOptions{Includes: []string{"integrations"}})
		})
		if err != nil && !missing(err) {
			return place{}, err
		}
		if ok = err == nil; ok {
			s = *got
		}
	}
	if !ok {
		return place{alike: alike}, nil
	}
	return serviceOf(s), nil
}

func serviceOf(s pdapi.Service) place {
	one := service{ref: ref{s.ID, s.Name}, policy: ref{s.EscalationPolicy.ID, named(s.EscalationPolicy.APIObject, s.EscalationPolicy.Name)}, known: s.Integrations != nil}
	for _, i := range s.Integrations {
		if i.IntegrationKey != "" {
			one.keys = append(one.keys, i.IntegrationKey)
		} else if i.IntegrationEmail == "" {
			one.known = false // one whose key this token may not see
		}
	}
	return place{kind: "service", service: one, policies: []ref{one.policy}}
}

func named(o pdapi.APIObject, name string) string {
	if name != "" {
		return name
	}
	return o.Summary
}

func (p *PagerDuty) seekPolicy(ctx context.Context, target string) (place, error) {
	list, err := ask(ctx, reading("look up an escalation policy"), func(ctx context.Context) (*pdapi.ListEscalationPoliciesResponse, error) {
		return p.sdk.ListEscalationPoliciesWithContext(ctx, pdapi.ListEscalationPoliciesOptions{Query: target, Limit: perPage})
	})
	if err != nil {
		return place{}, err
	}
	e, ok, alike := among(list.EscalationPolicies, target, func(e pdapi.EscalationPolicy) ref { return ref{e.ID, e.Name} })
	if !ok && isID(target) {
		got, err := p.policy(ctx, target)
		if err != nil && !missing(err) {
			return place{}, err
		}
		if ok = err == nil; ok {
			e = *got
		}
	}
	if !ok {
		return place{alike: alike}, nil
	}
	got := place{kind: "policy", policies: []ref{{e.ID, e.Name}}}
	for _, s := range e.Services {
		got.services = append(got.services, s.ID)
	}
	return got, nil
}

func (p *PagerDuty) policy(ctx context.Context, id string) (*pdapi.EscalationPolicy, error) {
	if !isID(id) {
		return nil, fault.New(fault.NotFound, "PagerDuty has no such escalation policy.")
	}
	return ask(ctx, reading("look up an escalation policy"), func(ctx context.Context) (*pdapi.EscalationPolicy, error) {
		return p.sdk.GetEscalationPolicyWithContext(ctx, id, nil)
	})
}

func (p *PagerDuty) seekTeam(ctx context.Context, target string) (place, error) {
	list, err := ask(ctx, reading("look up a team"), func(ctx context.Context) (*pdapi.ListTeamResponse, error) {
		return p.sdk.ListTeamsWithContext(ctx, pdapi.ListTeamOptions{Query: target, Limit: perPage})
	})
	if err != nil {
		return place{}, err
	}
	t, ok, alike := among(list.Teams, target, func(t pdapi.Team) ref { return ref{t.ID, t.Name} })
	if !ok && isID(target) {
		got, err := ask(ctx, reading("look up a team"), func(ctx context.Context) (*pdapi.Team, error) { return p.sdk.GetTeamWithContext(ctx, target) })
		if err != nil && !missing(err) {
			return place{}, err
		}
		if ok = err == nil; ok {
			t = *got
		}
	}
	if !ok {
		return place{alike: alike}, nil
	}
	theirs, err := pages(ctx, "look up a team's escalation policies", func(ctx context.Context, offset uint) ([]pdapi.EscalationPolicy, bool, error) {
		l, err := p.sdk.ListEscalationPoliciesWithContext(ctx, pdapi.ListEscalationPoliciesOptions{TeamIDs: []string{t.ID}, Limit: perPage, Offset: offset})
		if err != nil {
			return nil, false, err
		}
		return l.EscalationPolicies, l.More, nil
	})
	if err != nil {
		return place{}, err
	}
	got := place{kind: "team"}
	for _, e := range theirs {
		got.policies = append(got.policies, ref{e.ID, e.Name})
		for _, s := range e.Services {
			got.services = append(got.services, s.ID)
		}
	}
	return got, nil
}

// somebody finds a user by e-mail, or by name when only one has it. PagerDuty
// promises to find by name alone, so that the name is tried for an e-mail too.
func (p *PagerDuty) somebody(ctx context.Context, who, name string) (person, error) {
	now, key := p.o.Now(), fold(who)
	if got, ok := p.people.recall(key, now, freshPlace); ok && got.id != "" {
		return got, nil
	}
	if got, ok := p.people.recall(key, now, freshAbsent); ok {
		return got, nil
	}
	var got person
	for _, query := range []string{who, name} {
		if query == "" || got.id != "" {
			continue
		}
		list, err := ask(ctx, reading("look up a user"), func(ctx context.Context) (*pdapi.ListUsersResponse, error) {
			return p.sdk.ListUsersWithContext(ctx, pdapi.ListUsersOptions{Query: query, Limit: perPage})
		})
		if err != nil {
			if old, ok := p.people.recall(key, now, stale); ok && fault.KindOf(err) == fault.Unavailable {
				return old, nil
			}
			return person{}, err
		}
		if got, err = pick(list.Users, who); err != nil {
			return person{}, err
		}
	}
	p.people.keep(key, got, now)
	return got, nil
}

func pick(users []pdapi.User, who string) (person, error) {
	var got person
	for _, u := range users {
		one := person{u.ID, u.Name, u.Email}
		if fold(u.Email) == fold(who) {
			return one, nil
		}
		if fold(u.Name) != fold(who) {
			continue
		}
		if got.id != "" {
			return person{}, fault.New(fault.Rejected, "PagerDuty knows more than one person called %q. Say their e-mail.", who)
		}
		got = one
	}
	return got, nil
}

// user is somebody by id; when PagerDuty does not say who, only the name that
// it was mentioned with is known.
func (p *PagerDuty) user(ctx context.Context, o pdapi.APIObject) person {
	known := person{id: o.ID, name: o.Summary}
	if !p.asks() || !isID(o.ID) {
		return known
	}
	now := p.o.Now()
	if got, ok := p.people.recall(o.ID, now, stale); ok {
		return got
	}
	ctx, cancel := briefly(ctx)
	defer cancel()
	u, err := ask(ctx, reading("look up a user"), func(ctx context.Context) (*pdapi.User, error) {
		return p.sdk.GetUserWithContext(ctx, o.ID, pdapi.GetUserOptions{})
	})
	if err != nil {
		return known
	}
	got := person{u.ID, u.Name, u.Email}
	p.people.keep(o.ID, got, now)
	return got
}
