package pagerdutytest

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// AddUser adds somebody; what is empty is filled in.
func (f *Fake) AddUser(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	fill(&u.ID, f.id("USER"))
	fill(&u.Name, "Somebody "+u.ID)
	fill(&u.TimeZone, "Etc/UTC")
	f.users = append(f.users, &u)
	return u
}

// AddTeam adds a team.
func (f *Fake) AddTeam(t Team) Team {
	f.mu.Lock()
	defer f.mu.Unlock()
	fill(&t.ID, f.id("TEAM"))
	f.teams = append(f.teams, &t)
	return t
}

// AddPolicy adds an escalation policy.
func (f *Fake) AddPolicy(p Policy) Policy {
	f.mu.Lock()
	defer f.mu.Unlock()
	fill(&p.ID, f.id("POLICY"))
	p.Levels = slices.Clone(p.Levels)
	for i := range p.Levels {
		if p.Levels[i].Delay == 0 {
			p.Levels[i].Delay = 30 * time.Minute
		}
	}
	f.policies = append(f.policies, &p)
	return p
}

// AddSchedule adds a schedule.
func (f *Fake) AddSchedule(s Schedule) Schedule {
	f.mu.Lock()
	defer f.mu.Unlock()
	fill(&s.ID, f.id("SCHED"))
	f.schedules = append(f.schedules, &s)
	return s
}

// SetShifts changes who is on call by a schedule.
func (f *Fake) SetShifts(schedule string, shifts ...Shift) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := find(f.schedules, func(s *Schedule) bool { return s.ID == schedule }); s != nil {
		s.Shifts = shifts
	}
}

// AddService adds a service.
func (f *Fake) AddService(s Service) Service {
	f.mu.Lock()
	defer f.mu.Unlock()
	fill(&s.ID, f.id("SERVICE"))
	f.count["key"]++
	fill(&s.RoutingKey, fmt.Sprintf("%032x", f.count["key"]))
	f.services = append(f.services, &s)
	return s
}

// SetAbilities says what the account may do from now on; at first it is
// "teams", "coordinated_responding", "urgencies" and "event_rules".
func (f *Fake) SetAbilities(all ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.abilities = map[string]bool{}
	for _, a := range all {
		f.abilities[a] = true
	}
}

// RemoveUser takes somebody out of the account: their e-mail is no valid From.
func (f *Fake) RemoveUser(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users = slices.DeleteFunc(f.users, func(u *User) bool { return u.ID == id })
}

// SetToken makes another token the good one.
func (f *Fake) SetToken(token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.o.Token = token
}

// Furnish fills the account with a small firm: a service that pages Ann and
// then Bob, one that pages nobody at first, a team and a bot user.
func (f *Fake) Furnish() World {
	var w World
	w.Ann = f.AddUser(User{Name: "Ann Ames", Email: "ann@acme.test", Phone: "+49 30 1234567"})
	w.Bob = f.AddUser(User{Name: "Bob Bell", Email: "bob@acme.test", Phone: "+1 555 0100"})
	w.Cy = f.AddUser(User{Name: "Cy Cole", Email: "cy@acme.test"})
	w.Bot = f.AddUser(User{Name: "Tocsin", Email: "tocsin@acme.test"})
	team := f.AddTeam(Team{Name: "Payments", Members: []string{w.Ann.ID, w.Bob.ID}})
	w.Team, w.TeamName = team.ID, team.Name
	w.Schedule = f.AddSchedule(Schedule{Name: "Checkout primary", Shifts: []Shift{{User: w.Ann.ID}}}).ID
	w.Schedule3 = f.AddSchedule(Schedule{Name: "Checkout secondary", V3: true, Shifts: []Shift{{User: w.Bob.ID}}}).ID
	policy := f.AddPolicy(Policy{Name: "Checkout on-call", Teams: []string{team.ID}, Levels: []Level{{Who: []string{w.Schedule}}, {Who: []string{w.Schedule3}}}})
	w.Policy, w.PolicyName = policy.ID, policy.Name
	service := f.AddService(Service{Name: "Checkout", Policy: policy.ID, Teams: []string{team.ID}})
	w.Service, w.ServiceName, w.RoutingKey = service.ID, service.Name, service.RoutingKey
	off := f.AddSchedule(Schedule{Name: "Attic, nobody yet"})
	attic := f.AddPolicy(Policy{Name: "Attic on-call", Levels: []Level{{Who: []string{off.ID}}, {Who: []string{w.Bob.ID}}}})
	empty := f.AddService(Service{Name: "Attic", Policy: attic.ID})
	w.Empty, w.EmptyName = empty.ID, empty.Name
	return w
}

func fill(s *string, def string) {
	if *s == "" {
		*s = def
	}
}

func find[T any](all []*T, is func(*T) bool) *T {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i]
	}
	return nil
}

func (f *Fake) user(id string) *User {
	return find(f.users, func(u *User) bool { return u.ID == id })
}

func (f *Fake) userByMail(email string) *User {
	return find(f.users, func(u *User) bool { return u.Email == email && email != "" })
}

func (f *Fake) policy(id string) *Policy {
	return find(f.policies, func(p *Policy) bool { return p.ID == id })
}

func (f *Fake) schedule(id string) *Schedule {
	return find(f.schedules, func(s *Schedule) bool { return s.ID == id })
}

func (f *Fake) service(id string) *Service {
	return find(f.services, func(s *Service) bool { return s.ID == id })
}

func (f *Fake) team(id string) *Team {
	return find(f.teams, func(t *Team) bool { return t.ID == id })
}

func (f *Fake) incident(id string) *Incident {
	return find(f.incidents, func(i *Incident) bool { return i.ID == id })
}

// newest gives the newest incident of a key, or of an id; f.mu is held.
func (f *Fake) newest(key string) (*Incident, error) {
	for i := len(f.incidents) - 1; i >= 0; i-- {
		if in := f.incidents[i]; in.Key == key || in.ID == key {
			return in, nil
		}
	}
	return nil, errNone
}

var errNone = errors.New("there is no incident of this key")

// person finds somebody by id or e-mail; f.mu is held.
func (f *Fake) person(who string) (*User, error) {
	if u := f.user(who); u != nil {
		return u, nil
	}
	if u := f.userByMail(who); u != nil {
		return u, nil
	}
	return nil, fmt.Errorf("there is no user %q", who)
}

// Incidents counts the incidents that a key ever made.
func (f *Fake) Incidents(key string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, i := range f.incidents {
		if i.Key == key {
			n++
		}
	}
	return n
}

// Pages counts how often people were called to work by a key: each time that
// an incident was opened, or opened again.
func (f *Fake) Pages(key string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, i := range f.incidents {
		if i.Key == key {
			n += 1 + i.Reopened
		}
	}
	return n
}

// Triggers counts the requests to page that a key was taken with, doubles too.
func (f *Fake) Triggers(key string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.events.triggers[key]
}

// Incident gives the newest incident of a key, or the one with that id.
func (f *Fake) Incident(key string) (Incident, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i, err := f.newest(key)
	if err != nil {
		return Incident{}, false
	}
	return i.copied(), true
}

// All gives every incident, oldest first.
func (f *Fake) All() []Incident {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Incident
	for _, i := range f.incidents {
		out = append(out, i.copied())
	}
	return out
}

func (i *Incident) copied() Incident {
	c := *i
	c.Assigned, c.Acknowledged = slices.Clone(i.Assigned), slices.Clone(i.Acknowledged)
	c.Responders, c.Notes = slices.Clone(i.Responders), slices.Clone(i.Notes)
	return c
}

// Notifications gives every ring of a phone for a key ("": for all), oldest first.
func (f *Fake) Notifications(key string) []Notification {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Notification
	for _, n := range f.rings {
		if key == "" || n.Key == key {
			out = append(out, n)
		}
	}
	return out
}

// Changes gives the change events that were taken.
func (f *Fake) Changes() []Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.changes)
}
