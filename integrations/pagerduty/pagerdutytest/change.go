package pagerdutytest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// The statuses of an incident.
const (
	triggered    = "triggered"
	acknowledged = "acknowledged"
	resolved     = "resolved"
)

// agent is who does something: a user, or an integration of a service.
type agent struct {
	user    *User
	service *Service
}

func (a agent) id() string {
	if a.user != nil {
		return a.user.ID
	}
	return ""
}

// start is an incident to be opened.
type start struct {
	service                            *Service
	policy                             *Policy // nil: the service's
	assigned                           []string
	key, title, details, urgency, prio string
	by                                 agent
	events                             bool
}

// open opens an incident; f.mu is held.
func (f *Fake) open(s start) *Incident {
	if s.policy == nil {
		s.policy = f.policy(s.service.Policy)
	}
	id := f.id("INCIDENT")
	i := &Incident{
		ID: id, Key: s.key, Title: s.title, Details: s.details, Number: f.count["INCIDENT"], Status: triggered,
		Service: s.service.ID, Urgency: s.urgency, Priority: s.prio, ByEvents: s.events,
		Created: f.now(), Changed: f.now(), Link: "https://acme.pagerduty.test/incidents/" + id, Triggers: 1,
	}
	fill(&i.Urgency, "high")
	fill(&i.Key, fmt.Sprintf("%032x", i.Number))
	if i.ByEvents && f.o.AlertKeys {
		i.OtherKey = fmt.Sprintf("%032x", 1<<40+i.Number)
	}
	if s.policy != nil {
		i.Policy = s.policy.ID
	}
	f.incidents = append(f.incidents, i)
	if len(s.assigned) > 0 {
		i.Assigned = s.assigned
		f.ring(i, "triggered", i.Assigned)
	} else {
		f.climb(i, 1, "triggered")
	}
	f.tell("incident.triggered", i, s.by, f.webhookIncident(i))
	return i
}

// shown is the key that PagerDuty shows of an incident.
func (i *Incident) shown() string {
	if i.OtherKey != "" {
		return i.OtherKey
	}
	return i.Key
}

// climb assigns an incident to a level, or to the first after it that has
// somebody on call; f.mu is held.
func (f *Fake) climb(i *Incident, level int, why string) {
	p := f.policy(i.Policy)
	if p == nil {
		return
	}
	for n := level; n <= len(p.Levels); n++ {
		if who := f.onLevel(p, n); len(who) > 0 {
			i.Level, i.Assigned = n, who
			f.ring(i, why, who)
			return
		}
	}
	i.Level, i.Assigned = min(max(level, 1), max(len(p.Levels), 1)), nil
}

// onLevel gives the ids of who is on call at a level now; f.mu is held.
func (f *Fake) onLevel(p *Policy, level int) []string {
	var out []string
	for _, who := range p.Levels[level-1].Who {
		if f.user(who) != nil {
			out = append(out, who)
		} else if s := f.schedule(who); s != nil {
			for _, shift := range s.Shifts {
				if shift.covers(f.now()) && f.user(shift.User) != nil {
					out = append(out, shift.User)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s Shift) covers(at time.Time) bool {
	return !at.Before(s.From) && (s.Until.IsZero() || at.Before(s.Until))
}

// ring rings phones; f.mu is held.
func (f *Fake) ring(i *Incident, why string, who []string) {
	for _, u := range who {
		f.rings = append(f.rings, Notification{Incident: i.ID, Key: i.Key, User: u, Why: why, Level: i.Level, At: f.now()})
	}
}

// What an incident refuses, with PagerDuty's codes.
var (
	errOver   = errors.New("Incident Already Resolved")
	errTaken  = errors.New("Incident Already Acknowledged")
	errHigh   = errors.New("escalation_level is not a level of the escalation policy")
	errNobody = errors.New("there is nobody to assign it to")
)

// acknowledge marks that somebody has it. What is resolved is opened again and
// is theirs, as documented; f.mu is held.
func (f *Fake) acknowledge(i *Incident, by agent) error {
	if i.Status == acknowledged && (by.user == nil || slices.Contains(i.Acknowledged, by.id())) {
		return errTaken
	}
	if i.Status == resolved {
		f.reopen(i, by, []string{by.id()})
	}
	i.Status, i.Changed = acknowledged, f.now()
	if by.user != nil {
		i.Acknowledged = append(i.Acknowledged, by.id())
	}
	f.tell("incident.acknowledged", i, by, f.webhookIncident(i))
	return nil
}

// reopen opens what was resolved again; f.mu is held.
func (f *Fake) reopen(i *Incident, by agent, assigned []string) {
	i.Status, i.ResolvedBy, i.Acknowledged, i.Changed = triggered, "", nil, f.now()
	i.Reopened++
	if len(assigned) > 0 {
		i.Level, i.Assigned = 0, assigned
		f.ring(i, "reopened", assigned)
	} else {
		f.climb(i, 1, "reopened")
	}
	f.tell("incident.reopened", i, by, f.webhookIncident(i))
}

// trigger takes an acknowledgement back, or opens what was resolved again;
// f.mu is held.
func (f *Fake) trigger(i *Incident, by agent) {
	switch i.Status {
	case resolved:
		f.reopen(i, by, nil)
	case acknowledged:
		i.Status, i.Acknowledged, i.Changed = triggered, nil, f.now()
		f.tell("incident.unacknowledged", i, by, f.webhookIncident(i))
	}
}

// resolve ends it; f.mu is held.
func (f *Fake) resolve(i *Incident, by agent) error {
	if i.Status == resolved {
		return errOver
	}
	i.Status, i.ResolvedBy, i.Changed = resolved, by.id(), f.now()
	f.tell("incident.resolved", i, by, f.webhookIncident(i))
	return nil
}

// escalate asks a level; f.mu is held.
func (f *Fake) escalate(i *Incident, level int, by agent) error {
	if i.Status == resolved {
		return errOver
	}
	p := f.policy(i.Policy)
	if p == nil || level < 1 || level > len(p.Levels) {
		return errHigh
	}
	i.Status, i.Acknowledged, i.Changed = triggered, nil, f.now()
	f.climb(i, level, "escalated")
	f.tell("incident.escalated", i, by, f.webhookIncident(i))
	return nil
}

// reassign gives it to people; f.mu is held.
func (f *Fake) reassign(i *Incident, to []string, by agent) error {
	if i.Status == resolved {
		return errOver
	}
	if len(to) == 0 {
		return errNobody
	}
	i.Level, i.Assigned = 0, to
	i.Status, i.Acknowledged, i.Changed = triggered, nil, f.now()
	f.ring(i, "reassigned", to)
	f.tell("incident.reassigned", i, by, f.webhookIncident(i))
	return nil
}

// delegate gives it to another escalation policy; f.mu is held.
func (f *Fake) delegate(i *Incident, to *Policy, by agent) error {
	if i.Status == resolved {
		return errOver
	}
	i.Policy, i.Status, i.Acknowledged, i.Changed = to.ID, triggered, nil, f.now()
	f.climb(i, 1, "reassigned")
	f.tell("incident.delegated", i, by, f.webhookIncident(i))
	return nil
}

// annotate writes a note; f.mu is held.
func (f *Fake) annotate(i *Incident, text string, by agent) Note {
	n := Note{ID: f.id("NOTE"), User: by.id(), Text: text, At: f.now()}
	i.Notes = append(i.Notes, n)
	f.tell("incident.annotated", i, by, object{
		"incident": f.refIncident(i), "id": n.ID, "content": n.Text, "trimmed": false, "type": "incident_note",
	})
	return n
}

// prioritise sets the priority; f.mu is held.
func (f *Fake) prioritise(i *Incident, name string, by agent) {
	if i.Priority == name {
		return
	}
	i.Priority, i.Changed = name, f.now()
	f.tell("incident.priority_updated", i, by, f.webhookIncident(i))
}

// summon asks people to help; f.mu is held.
func (f *Fake) summon(i *Incident, r Responder, by agent) {
	r.Asked = []string{r.User}
	about := object{"incident": f.refIncident(i), "user": nil, "escalation_policy": nil, "message": r.Message, "state": "pending", "type": "incident_responder"}
	if p := f.policy(r.Policy); p != nil {
		r.Asked = nil
		if len(p.Levels) > 0 {
			r.Asked = f.onLevel(p, 1)
		}
		about["escalation_policy"] = refPolicy(p)
	}
	if u := f.user(r.User); u != nil {
		about["user"] = refUser(u)
	}
	i.Responders = append(i.Responders, r)
	f.ring(i, "responder", r.Asked)
	f.tell("incident.responder.added", i, by, about)
}

// webhookIncident is an incident as webhooks show it; f.mu is held.
func (f *Fake) webhookIncident(i *Incident) object {
	assignees, teams := []any{}, []any{}
	for _, id := range i.Assigned {
		if u := f.user(id); u != nil {
			assignees = append(assignees, refUser(u))
		}
	}
	s := f.service(i.Service)
	for _, id := range s.Teams {
		if t := f.team(id); t != nil {
			teams = append(teams, refTeam(t))
		}
	}
	out := object{
		"id": i.ID, "type": "incident", "self": "https://api.pagerduty.test/incidents/" + i.ID, "html_url": i.Link,
		"number": i.Number, "status": i.Status, "incident_key": i.shown(), "created_at": stamp(i.Created), "title": i.Title,
		"incident_type": object{"name": "incident_default"}, "service": refService(s), "assignees": assignees,
		"escalation_policy": nil, "teams": teams, "priority": nil, "urgency": i.Urgency,
		"conference_bridge": nil, "resolve_reason": nil,
	}
	if i.Reopened > 0 {
		out["reopened_at"] = stamp(i.Changed)
	}
	if p := f.policy(i.Policy); p != nil {
		out["escalation_policy"] = refPolicy(p)
	}
	if n := slices.Index(f.priorities, i.Priority); n >= 0 {
		out["priority"] = reference("priority_reference", "priorities", "PPRIO"+strconv.Itoa(n+1), i.Priority)
	}
	return out
}

// stamp is a moment as PagerDuty writes it in bodies.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

func reference(kind, path, id, summary string) object {
	return object{
		"id": id, "type": kind, "summary": summary, "self": "https://api.pagerduty.test/" + path + "/" + id,
		"html_url": "https://acme.pagerduty.test/" + path + "/" + id,
	}
}

func refUser(u *User) object { return reference("user_reference", "users", u.ID, u.Name) }

func refTeam(t *Team) object { return reference("team_reference", "teams", t.ID, t.Name) }

func refPolicy(p *Policy) object {
	return reference("escalation_policy_reference", "escalation_policies", p.ID, p.Name)
}

func refService(s *Service) object { return reference("service_reference", "services", s.ID, s.Name) }

func (f *Fake) refIncident(i *Incident) object {
	return reference("incident_reference", "incidents", i.ID, i.Title)
}
