package pagerdutytest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// page cuts a list as PagerDuty does: 25 at a time, 100 at most, and nothing
// beyond the first 10,000.
func (c *call) page(name string, all []any) answer {
	limit, offset := 25, 0
	q := c.r.URL.Query()
	for what, into := range map[string]*int{"limit": &limit, "offset": &offset} {
		if v := q.Get(what); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 {
				return invalid(what + " must be a number")
			}
			*into = n
		}
	}
	if limit < 1 || limit > 100 || offset+limit > 10000 {
		return invalid("limit must be 1 to 100, and offset plus limit at most 10000")
	}
	from := min(offset, len(all))
	to := min(offset+limit, len(all))
	var total any
	if q.Get("total") == "true" {
		total = len(all)
	}
	return answer{status: http.StatusOK, body: object{
		name: append([]any{}, all[from:to]...), "limit": limit, "offset": offset, "more": to < len(all), "total": total,
	}}
}

// wants says whether a filter of a list lets one of the values through.
func (c *call) wants(filter string, values ...string) bool {
	only, there := c.r.URL.Query()[filter+"[]"]
	return !there || slices.ContainsFunc(values, func(v string) bool { return slices.Contains(only, v) })
}

func (c *call) includes(what string) bool {
	return slices.Contains(c.r.URL.Query()["include[]"], what)
}

// matches is the filter "query" of lists: a part of the name.
func (c *call) matches(names ...string) bool {
	want := strings.ToLower(c.r.URL.Query().Get("query"))
	return want == "" || slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(n), want) })
}

// window reads since and until.
func (c *call) window(since, until time.Time) (time.Time, time.Time, bool) {
	q, ok := c.r.URL.Query(), true
	for what, into := range map[string]*time.Time{"since": &since, "until": &until} {
		if v := q.Get(what); v != "" {
			at, err := time.Parse(time.RFC3339, v)
			*into, ok = at, ok && err == nil
		}
	}
	return since, until, ok && !until.Before(since)
}

func (c *call) listIncidents() answer {
	now := c.f.now()
	since, until, ok := c.window(now.AddDate(0, -1, 0), now.Add(time.Minute))
	if !ok || until.After(since.AddDate(0, 6, 1)) {
		return invalid("since and until must be moments, the first before the second, at most 6 months apart")
	}
	q := c.r.URL.Query()
	all := []any{}
	for _, i := range c.f.incidents {
		old := q.Get("date_range") != "all" && (i.Created.Before(since) || i.Created.After(until))
		key := q.Get("incident_key")
		if old || key != "" && i.Key != key || !c.wants("statuses", i.Status) || !c.wants("service_ids", i.Service) ||
			!c.wants("user_ids", i.Assigned...) || !c.wants("team_ids", c.f.service(i.Service).Teams...) || !c.wants("urgencies", i.Urgency) {
			continue
		}
		all = append(all, c.f.restIncident(i))
	}
	if strings.HasSuffix(q.Get("sort_by"), ":desc") {
		slices.Reverse(all)
	}
	return c.page("incidents", all)
}

func (c *call) getIncident() answer {
	i := c.f.incident(c.r.PathValue("id"))
	if i == nil {
		return missing()
	}
	return answer{status: http.StatusOK, body: object{"incident": c.f.restIncident(i)}}
}

func (c *call) listAlerts() answer {
	i := c.f.incident(c.r.PathValue("id"))
	if i == nil {
		return missing()
	}
	all := []any{}
	key := c.r.URL.Query().Get("alert_key")
	if i.ByEvents && (key == "" || key == i.Key) {
		all = append(all, c.f.restAlert(i))
	}
	return c.page("alerts", all)
}

func (c *call) listNotes() answer {
	i := c.f.incident(c.r.PathValue("id"))
	if i == nil {
		return missing()
	}
	all := []any{}
	for _, n := range i.Notes {
		all = append(all, c.f.restNote(n))
	}
	return answer{status: http.StatusOK, body: object{"notes": all}}
}

// duty is one line of /oncalls.
type duty struct {
	policy *Policy
	level  int
	user   *User
	sched  *Schedule
	shift  Shift
}

// duties lists who is on call in a time; f.mu is held.
func (f *Fake) duties(since, until time.Time) []duty {
	var out []duty
	for _, p := range f.policies {
		for n, level := range p.Levels {
			for _, who := range level.Who {
				if u := f.user(who); u != nil {
					out = append(out, duty{p, n + 1, u, nil, Shift{}})
					continue
				}
				s := f.schedule(who)
				if s == nil {
					continue
				}
				for _, shift := range s.Shifts {
					if u := f.user(shift.User); u != nil && !shift.From.After(until) && (shift.Until.IsZero() || shift.Until.After(since)) {
						out = append(out, duty{p, n + 1, u, s, shift})
					}
				}
			}
		}
	}
	return out
}

// listOnCalls shows layer-based and shift-based schedules alike.
func (c *call) listOnCalls() answer {
	now := c.f.now()
	since, until, ok := c.window(now, now)
	if !ok || until.Sub(now) > 90*24*time.Hour+time.Minute {
		return invalid("since and until must be moments, the first before the second, at most 90 days ahead")
	}
	all := []any{}
	seen := map[string]bool{}
	list := c.f.duties(since, until)
	slices.SortStableFunc(list, func(a, b duty) int { return a.shift.From.Compare(b.shift.From) })
	for _, d := range list {
		schedules := []string{}
		if d.sched != nil {
			schedules = append(schedules, d.sched.ID)
		}
		if !c.wants("escalation_policy_ids", d.policy.ID) || !c.wants("user_ids", d.user.ID) || !c.wants("schedule_ids", schedules...) {
			continue
		}
		once := d.policy.ID + " " + strconv.Itoa(d.level) + " " + d.user.ID
		if c.r.URL.Query().Get("earliest") == "true" && seen[once] {
			continue
		}
		seen[once] = true
		all = append(all, c.restDuty(d))
	}
	return c.page("oncalls", all)
}

func (c *call) restDuty(d duty) object {
	o := object{"escalation_policy": refPolicy(d.policy), "escalation_level": d.level, "user": refUser(d.user), "schedule": nil, "start": nil, "end": nil}
	if c.includes("users") {
		o["user"] = c.f.restUser(d.user, false)
	}
	if c.includes("escalation_policies") {
		o["escalation_policy"] = c.f.restPolicy(d.policy)
	}
	if d.sched != nil {
		o["schedule"] = refSchedule(d.sched)
	}
	if !d.shift.From.IsZero() {
		o["start"] = stamp(d.shift.From)
	}
	if !d.shift.Until.IsZero() {
		o["end"] = stamp(d.shift.Until)
	}
	return o
}

func (c *call) listUsers() answer {
	all := []any{}
	for _, u := range c.f.users {
		if c.matches(u.Name, u.Email) && c.wants("team_ids", c.f.teamsOf(u)...) {
			all = append(all, c.f.restUser(u, c.includes("contact_methods")))
		}
	}
	return c.page("users", all)
}

// me is the user of the token; the fake's belongs to the account, as an API
// key of PagerDuty's does, which has no user.
func (c *call) me() answer {
	return refuse(http.StatusBadRequest, 2001, "This endpoint cannot be used with an account-level access token")
}

func (c *call) getUser() answer {
	u := c.f.user(c.r.PathValue("id"))
	if u == nil {
		return missing()
	}
	return answer{status: http.StatusOK, body: object{"user": c.f.restUser(u, c.includes("contact_methods"))}}
}

func (c *call) contactMethods() answer {
	u := c.f.user(c.r.PathValue("id"))
	if u == nil {
		return missing()
	}
	return answer{status: http.StatusOK, body: object{"contact_methods": restContacts(u)}}
}

func (c *call) listServices() answer {
	all := []any{}
	for _, s := range c.f.services {
		if c.matches(s.Name) && c.wants("team_ids", s.Teams...) && (c.r.URL.Query().Get("name") == "" || c.r.URL.Query().Get("name") == s.Name) {
			all = append(all, c.f.restService(s, c.includes("integrations")))
		}
	}
	return c.page("services", all)
}

func (c *call) getService() answer {
	s := c.f.service(c.r.PathValue("id"))
	if s == nil {
		return missing()
	}
	return answer{status: http.StatusOK, body: object{"service": c.f.restService(s, c.includes("integrations"))}}
}

func (c *call) listPolicies() answer {
	all := []any{}
	for _, p := range c.f.policies {
		if c.matches(p.Name) && c.wants("team_ids", p.Teams...) {
			all = append(all, c.f.restPolicy(p))
		}
	}
	return c.page("escalation_policies", all)
}

func (c *call) getPolicy() answer {
	p := c.f.policy(c.r.PathValue("id"))
	if p == nil {
		return missing()
	}
	return answer{status: http.StatusOK, body: object{"escalation_policy": c.f.restPolicy(p)}}
}

// listSchedules shows the layer-based ones only.
func (c *call) listSchedules() answer {
	all := []any{}
	for _, s := range c.f.schedules {
		if !s.V3 && c.matches(s.Name) {
			o := refSchedule(s)
			o["type"], o["name"], o["time_zone"] = "schedule", s.Name, "Etc/UTC"
			all = append(all, o)
		}
	}
	return c.page("schedules", all)
}

// listSchedules3 shows the shift-based ones only.
func (c *call) listSchedules3() answer {
	all := []any{}
	for _, s := range c.f.schedules {
		if s.V3 {
			all = append(all, refSchedule(s))
		}
	}
	return c.page("schedules", all)
}

func (c *call) listTeams() answer {
	all := []any{}
	for _, t := range c.f.teams {
		if c.matches(t.Name) {
			all = append(all, restTeam(t))
		}
	}
	return c.page("teams", all)
}

func (c *call) getTeam() answer {
	t := c.f.team(c.r.PathValue("id"))
	if t == nil {
		return missing()
	}
	return answer{status: http.StatusOK, body: object{"team": restTeam(t)}}
}

func (c *call) listPriorities() answer {
	all := []any{}
	for n := range c.f.priorities {
		all = append(all, c.f.restPriority(n))
	}
	return c.page("priorities", all)
}

func (c *call) listAbilities() answer {
	all := []string{}
	for a := range c.f.abilities {
		all = append(all, a)
	}
	slices.Sort(all)
	return answer{status: http.StatusOK, body: object{"abilities": all}}
}

func (c *call) testAbility() answer {
	if !c.f.abilities[c.r.PathValue("id")] {
		return refuse(http.StatusPaymentRequired, 2014, "Account does not have the abilities to perform the action")
	}
	return answer{status: http.StatusNoContent}
}

func (c *call) listSubscriptions() answer {
	all := []any{}
	for _, s := range c.f.mail.all {
		filter := object{"type": "account_reference"}
		if c.f.service(s.Filter) != nil {
			filter = object{"type": "service_reference", "id": s.Filter}
		} else if c.f.team(s.Filter) != nil {
			filter = object{"type": "team_reference", "id": s.Filter}
		}
		all = append(all, object{
			"id": s.ID, "type": "webhook_subscription", "active": !s.Off, "description": "", "events": s.Events, "filter": filter,
			"delivery_method": object{
				"id": "PM" + s.ID, "type": "http_delivery_method", "url": s.URL, "secret": nil, "custom_headers": []any{},
				"temporarily_disabled": c.f.now().Before(s.asleep),
			},
		})
	}
	return c.page("webhook_subscriptions", all)
}
