package pagerduty

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// How long who is on call is believed.
const (
	freshRota   = time.Minute
	freshPhone  = 6 * time.Hour
	phonesAtOne = 40                 // numbers that are looked up for one question
	phonesAside = 4                  // at the same time
	ahead       = 7 * 24 * time.Hour // how far the next turn is looked for
)

// rota is who is on call.
type rota []turn

// turn is one person's, at one level of one policy.
type turn struct {
	policy ref
	level  int
	user   person
	from   time.Time // zero: since always
	until  time.Time // zero: for good
}

// on says whether it is their turn at a moment.
func (t turn) on(at time.Time) bool {
	return !t.from.After(at) && (t.until.IsZero() || t.until.After(at))
}

// OnCall says who would be woken, level by level, and whose turn is next. It
// asks for people on call, not for schedules, so that it sees every kind of
// schedule. A line is named as it was asked for, or by its escalation policy
// where there are several.
func (p *PagerDuty) OnCall(ctx context.Context, target string, at time.Time) ([]integrations.OnCall, error) {
	if !p.asks() {
		return nil, mute("say who is on call")
	}
	var policies []string
	if target != "" {
		there, err := p.find(ctx, target)
		if err != nil {
			return nil, err
		}
		for _, e := range there.policies {
			policies = append(policies, e.id)
		}
		if len(policies) == 0 {
			return nil, nil // a team that has nobody on call
		}
	}
	turns, err := p.rota(ctx, policies, at)
	if err != nil {
		return nil, err
	}
	numbers := p.numbers(ctx, turns)
	lines := make([]integrations.OnCall, 0, len(turns))
	for _, t := range turns {
		l := integrations.OnCall{Target: target, Level: t.level, Name: t.user.name, Email: t.user.email, Phone: numbers[t.user.id], From: t.from, Until: t.until}
		if len(policies) != 1 {
			l.Target = t.policy.name
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// rota is who is on call by these policies (none: by all) at a moment. What
// was true a while ago is told while PagerDuty cannot be asked, without those
// whose turn is over.
func (p *PagerDuty) rota(ctx context.Context, policies []string, at time.Time) (rota, error) {
	now := p.o.Now()
	slices.Sort(policies)
	policies = slices.Compact(policies)
	key := strings.Join(policies, " ")
	if !recent(at, now) {
		key += "@" + strconv.FormatInt(at.Unix()/60, 10)
	}
	if got, ok := p.duty.recall(key, now, freshRota); ok {
		return got, nil
	}
	got, err := p.askRota(ctx, policies, at, now)
	if err == nil {
		p.duty.keep(key, got, now)
		return got, nil
	}
	old, ok := p.duty.recall(key, now, stale)
	if !ok || fault.KindOf(err) != fault.Unavailable {
		return nil, err
	}
	if recent(at, now) {
		at = now
	}
	left := slices.DeleteFunc(slices.Clone(old), func(t turn) bool { return !t.until.IsZero() && !t.until.After(at) })
	if len(left) == 0 && len(old) > 0 {
		return nil, err
	}
	return left, nil
}

func (p *PagerDuty) askRota(ctx context.Context, policies []string, at, now time.Time) (rota, error) {
	if recent(at, now) {
		at = now
	}
	o := pdapi.ListOnCallOptions{
		Limit: perPage, Includes: []string{"users"}, EscalationPolicyIDs: policies, TimeZone: "UTC", Earliest: true,
		Since: at.UTC().Format(time.RFC3339), Until: at.UTC().Add(ahead).Format(time.RFC3339),
	}
	all, err := pages(ctx, "say who is on call", func(ctx context.Context, offset uint) ([]pdapi.OnCall, bool, error) {
		o.Offset = offset
		l, err := p.sdk.ListOnCallsWithContext(ctx, o)
		if err != nil {
			return nil, false, err
		}
		return l.OnCalls, l.More, nil
	})
	if err != nil {
		return nil, err
	}
	var on, next rota
	for _, one := range all {
		t := turn{
			policy: ref{one.EscalationPolicy.ID, named(one.EscalationPolicy.APIObject, one.EscalationPolicy.Name)},
			level:  int(min(one.EscalationLevel, 1000)), //nolint:gosec // bounded
			user:   person{one.User.ID, named(one.User.APIObject, one.User.Name), one.User.Email},
			from:   moment(one.Start), until: moment(one.End),
		}
		if t.user.email != "" {
			p.people.keep(t.user.id, t.user, now)
		}
		switch {
		case t.on(at):
			on = on.with(t)
		case t.from.After(at): // else it only touches the moment
			next = append(next, t)
		}
	}
	on = append(on, next.soonest()...)
	slices.SortStableFunc(on, func(a, b turn) int {
		return cmp.Or(cmp.Compare(a.policy.name, b.policy.name), cmp.Compare(a.policy.id, b.policy.id), cmp.Compare(a.level, b.level), a.from.Compare(b.from), cmp.Compare(a.user.name, b.user.name))
	})
	return on, nil
}

// soonest is the next turn at each level of each policy.
func (r rota) soonest() rota {
	type rung struct {
		policy string
		level  int
	}
	first := map[rung]time.Time{}
	for _, t := range r {
		at := rung{t.policy.id, t.level}
		if f, ok := first[at]; !ok || t.from.Before(f) {
			first[at] = t.from
		}
	}
	return slices.DeleteFunc(r, func(t turn) bool { return !t.from.Equal(first[rung{t.policy.id, t.level}]) })
}

// with adds a turn; of two of one person at one level the longer one stands.
func (r rota) with(t turn) rota {
	for i, one := range r {
		if one.policy.id == t.policy.id && one.level == t.level && one.user.id == t.user.id {
			if t.until.IsZero() || !one.until.IsZero() && t.until.After(one.until) {
				r[i].until = t.until
			}
			return r
		}
	}
	return append(r, t)
}

// numbers are the phones of who is on call, by user; who cannot be asked about
// has none.
func (p *PagerDuty) numbers(ctx context.Context, turns rota) map[string]string {
	known := map[string]string{}
	if !p.o.Config.Numbers {
		return known
	}
	now := p.o.Now()
	var unknown []string
	for _, t := range turns {
		id := t.user.id
		if n, ok := p.phones.recall(id, now, freshPhone); ok {
			known[id] = n
		} else if isID(id) && !slices.Contains(unknown, id) && len(unknown) < phonesAtOne {
			unknown = append(unknown, id)
		}
	}
	ctx, cancel := briefly(ctx)
	defer cancel()
	var all sync.WaitGroup
	var mu sync.Mutex
	turn := make(chan struct{}, phonesAside)
	for _, id := range unknown {
		all.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			n, ok := p.phone(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if ok {
				known[id] = n
			}
		})
	}
	all.Wait()
	return known
}

// phone looks a user's number up; an old one is better than none.
func (p *PagerDuty) phone(ctx context.Context, id string) (string, bool) {
	now := p.o.Now()
	list, err := ask(ctx, reading("look up a phone number"), func(ctx context.Context) (*pdapi.ListContactMethodsResponse, error) {
		return p.sdk.ListUserContactMethodsWithContext(ctx, id)
	})
	if err != nil {
		if fault.KindOf(err) != fault.Unavailable { // it may not be asked: not again for a while
			p.phones.keep(id, "", now)
		}
		return p.phones.recall(id, now, 30*stale)
	}
	number := ""
	for _, kind := range []string{"phone_contact_method", "sms_contact_method"} {
		for _, m := range list.ContactMethods {
			if m.Type == kind && number == "" {
				number = dialled(m.CountryCode, m.Address)
			}
		}
	}
	p.phones.keep(id, number, now)
	return number, true
}

// dialled is a number as it is dialled from anywhere.
func dialled(country int, address string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, address)
	if digits == "" {
		return ""
	}
	if country <= 0 {
		return digits
	}
	return "+" + strconv.Itoa(country) + " " + digits
}
