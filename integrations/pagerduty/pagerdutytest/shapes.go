package pagerdutytest

import (
	"slices"
	"strconv"
	"strings"
)

// restIncident is an incident as the REST API shows it; f.mu is held.
func (f *Fake) restIncident(i *Incident) object {
	o := f.refIncident(i)
	s := f.service(i.Service)
	assignments, acks, teams := []any{}, []any{}, []any{}
	for _, id := range i.Assigned {
		if u := f.user(id); u != nil && i.Status != resolved {
			assignments = append(assignments, object{"at": stamp(i.Changed), "assignee": refUser(u)})
		}
	}
	for _, id := range i.Acknowledged {
		if u := f.user(id); u != nil && i.Status == acknowledged {
			acks = append(acks, object{"at": stamp(i.Changed), "acknowledger": refUser(u)})
		}
	}
	for _, id := range s.Teams {
		if t := f.team(id); t != nil {
			teams = append(teams, refTeam(t))
		}
	}
	o["type"], o["html_url"], o["summary"] = "incident", i.Link, "[#"+strconv.Itoa(i.Number)+"] "+i.Title
	for k, v := range (object{
		"incident_number": i.Number, "title": i.Title, "description": i.Title, "created_at": stamp(i.Created), "updated_at": stamp(i.Changed),
		"status": i.Status, "incident_key": i.shown(), "service": refService(s), "assignments": assignments, "acknowledgements": acks,
		"last_status_change_at": stamp(i.Changed), "last_status_change_by": f.changedBy(i, s), "assigned_via": "escalation_policy",
		"alert_counts": object{"all": 0, "triggered": 0, "resolved": 0}, "is_mergeable": true, "incident_type": object{"name": "incident_default"},
		"teams": teams, "pending_actions": []any{}, "priority": nil, "resolve_reason": nil, "urgency": i.Urgency,
		"resolved_at": nil,
	}) {
		o[k] = v
	}
	o["incidents_responders"], o["responder_requests"] = f.restResponders(i), f.restRequests(i)
	if i.Level == 0 {
		o["assigned_via"] = "direct_assignment"
	}
	if i.ByEvents {
		o["alert_counts"] = object{"all": 1, "triggered": 1, "resolved": 0}
	}
	if p := f.policy(i.Policy); p != nil {
		o["escalation_policy"] = refPolicy(p)
	}
	if n := slices.Index(f.priorities, i.Priority); n >= 0 {
		o["priority"] = f.restPriority(n)
	}
	if i.Status == resolved {
		o["resolved_at"] = stamp(i.Changed)
	}
	return o
}

func (f *Fake) changedBy(i *Incident, s *Service) object {
	who := i.ResolvedBy
	if i.Status == acknowledged && len(i.Acknowledged) > 0 {
		who = i.Acknowledged[len(i.Acknowledged)-1]
	}
	if u := f.user(who); u != nil {
		return refUser(u)
	}
	return refService(s)
}

// restRequest is a request for help to one or more; f.mu is held.
func (f *Fake) restRequest(i *Incident, to []Responder) object {
	targets := []any{}
	for _, r := range to {
		t := object{"type": "user", "id": r.User, "summary": "", "incidents_responders": f.restAsked(i, r)}
		if u := f.user(r.User); u != nil {
			t["summary"] = u.Name
		}
		if p := f.policy(r.Policy); p != nil {
			t["type"], t["id"], t["summary"] = "escalation_policy", p.ID, p.Name
		}
		targets = append(targets, object{"responder_request_target": t})
	}
	o := object{"incident": f.refIncident(i), "requested_at": stamp(to[0].At), "message": to[0].Message, "responder_request_targets": targets}
	if u := f.user(to[0].By); u != nil {
		o["requester"] = refUser(u)
	}
	return o
}

func (f *Fake) restRequests(i *Incident) []any {
	all := []any{}
	for _, r := range i.Responders {
		all = append(all, f.restRequest(i, []Responder{r}))
	}
	return all
}

func (f *Fake) restResponders(i *Incident) []any {
	all := []any{}
	for _, r := range i.Responders {
		all = append(all, f.restAsked(i, r)...)
	}
	return all
}

// restAsked are those whom a request for help reached.
func (f *Fake) restAsked(i *Incident, r Responder) []any {
	all := []any{}
	for _, id := range r.Asked {
		u := f.user(id)
		if u == nil {
			continue
		}
		o := object{
			"state": "pending", "user": refUser(u), "incident": f.refIncident(i), "updated_at": stamp(r.At), "message": r.Message, "requested_at": stamp(r.At),
		}
		if by := f.user(r.By); by != nil {
			o["requester"] = refUser(by)
		}
		all = append(all, o)
	}
	return all
}

func (f *Fake) restNote(n Note) object {
	o := object{
		"id": n.ID, "content": n.Text, "created_at": stamp(n.At),
		"channel": object{"summary": "The PagerDuty website or APIs"},
	}
	if u := f.user(n.User); u != nil {
		o["user"] = refUser(u)
	}
	return o
}

func (f *Fake) restUser(u *User, contacts bool) object {
	o := refUser(u)
	o["type"], o["name"], o["email"], o["time_zone"], o["role"] = "user", u.Name, u.Email, u.TimeZone, "user"
	o["color"], o["description"], o["job_title"], o["invitation_sent"] = "green", nil, "Engineer", false
	teams := []any{}
	for _, id := range f.teamsOf(u) {
		teams = append(teams, refTeam(f.team(id)))
	}
	o["teams"], o["notification_rules"] = teams, []any{}
	all := restContacts(u)
	if !contacts {
		for n, c := range all {
			one := c.(object)
			all[n] = object{"id": one["id"], "type": one["type"].(string) + "_reference", "summary": one["summary"], "self": one["self"], "html_url": nil}
		}
	}
	o["contact_methods"] = all
	return o
}

func restContacts(u *User) []any {
	base := "https://api.pagerduty.test/users/" + u.ID + "/contact_methods/"
	mail := object{
		"id": "PMAIL" + u.ID, "type": "email_contact_method", "summary": "Default", "self": base + "PMAIL" + u.ID, "html_url": nil,
		"label": "Default", "address": u.Email, "send_short_email": false,
	}
	all := []any{mail}
	if u.Phone == "" {
		return all
	}
	code, number, _ := strings.Cut(strings.TrimPrefix(u.Phone, "+"), " ")
	country, err := strconv.Atoi(code)
	if err != nil {
		country, number = 1, u.Phone
	}
	return append(all, object{
		"id": "PTEL" + u.ID, "type": "phone_contact_method", "summary": "Mobile", "self": base + "PTEL" + u.ID, "html_url": nil,
		"label": "Mobile", "address": strings.ReplaceAll(number, " ", ""), "country_code": country, "enabled": true, "blacklisted": false,
	})
}

func (f *Fake) teamsOf(u *User) []string {
	var out []string
	for _, t := range f.teams {
		if slices.Contains(t.Members, u.ID) {
			out = append(out, t.ID)
		}
	}
	return out
}

func (f *Fake) restService(s *Service, integrations bool) object {
	o := refService(s)
	teams := []any{}
	for _, id := range s.Teams {
		if t := f.team(id); t != nil {
			teams = append(teams, refTeam(t))
		}
	}
	o["type"], o["name"], o["status"], o["teams"], o["description"] = "service", s.Name, "active", teams, ""
	o["alert_creation"], o["created_at"] = "create_alerts_and_incidents", "2020-01-01T00:00:00Z"
	o["integrations"] = []any{reference("events_api_v2_inbound_integration_reference", "services/"+s.ID+"/integrations", "PINT"+s.ID, "Events API v2")}
	if integrations {
		one := reference("events_api_v2_inbound_integration", "services/"+s.ID+"/integrations", "PINT"+s.ID, "Events API v2")
		one["name"], one["integration_key"], one["service"], one["created_at"], one["vendor"] = "Events API v2", s.RoutingKey, refService(s), "2020-01-01T00:00:00Z", nil
		o["integrations"] = []any{one}
	}
	if s.Disabled {
		o["status"] = "disabled"
	}
	if p := f.policy(s.Policy); p != nil {
		o["escalation_policy"] = refPolicy(p)
	}
	return o
}

func (f *Fake) restPolicy(p *Policy) object {
	o := refPolicy(p)
	rules, services, teams := []any{}, []any{}, []any{}
	for n, l := range p.Levels {
		targets := []any{}
		for _, who := range l.Who {
			if u := f.user(who); u != nil {
				targets = append(targets, refUser(u))
			} else if s := f.schedule(who); s != nil {
				targets = append(targets, refSchedule(s))
			}
		}
		rules = append(rules, object{"id": p.ID + "L" + strconv.Itoa(n+1), "escalation_delay_in_minutes": int(l.Delay.Minutes()), "targets": targets})
	}
	for _, s := range f.services {
		if s.Policy == p.ID {
			services = append(services, refService(s))
		}
	}
	for _, id := range p.Teams {
		if t := f.team(id); t != nil {
			teams = append(teams, refTeam(t))
		}
	}
	o["type"], o["name"], o["num_loops"], o["escalation_rules"] = "escalation_policy", p.Name, p.Repeat, rules
	o["services"], o["teams"], o["on_call_handoff_notifications"] = services, teams, "if_has_services"
	return o
}

// restAlert is the alert of an incident that events made.
func (f *Fake) restAlert(i *Incident) object {
	s := f.service(i.Service)
	o := reference("alert", "alerts", "PALERT"+i.ID, i.Title)
	o["alert_key"], o["status"], o["service"], o["incident"], o["suppressed"] = i.Key, triggered, refService(s), f.refIncident(i), false
	o["created_at"], o["severity"] = stamp(i.Created), "critical"
	if i.Status == resolved {
		o["status"] = resolved
	}
	return o
}

func restTeam(t *Team) object {
	o := refTeam(t)
	o["type"], o["name"], o["description"] = "team", t.Name, ""
	return o
}

func (f *Fake) restPriority(n int) object {
	o := reference("priority", "priorities", "PPRIO"+strconv.Itoa(n+1), f.priorities[n])
	o["name"], o["description"] = f.priorities[n], ""
	return o
}

func refSchedule(s *Schedule) object {
	if s.V3 {
		return reference("schedule_v3_reference", "v3/schedules", s.ID, s.Name)
	}
	return reference("schedule_reference", "schedules", s.ID, s.Name)
}
