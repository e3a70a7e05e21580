package pagerduty

import (
	"context"
	"slices"
	"strings"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/integrations"
)

// What PagerDuty calls the states of an incident.
const (
	triggered    = "triggered"
	acknowledged = "acknowledged"
	resolved     = "resolved"
)

// Look finds out what became of a key: the open incident of it, else the
// newest. With a routing key alone it refuses.
func (p *PagerDuty) Look(ctx context.Context, key string) (integrations.Receipt, bool, error) {
	if !p.asks() {
		return integrations.Receipt{}, false, mute("look up a page")
	}
	inc, found, err := p.incident(ctx, key)
	if err != nil || !found {
		return integrations.Receipt{}, false, err
	}
	return p.receipt(ctx, key, inc), true, nil
}

// incident is the one of a key.
func (p *PagerDuty) incident(ctx context.Context, key string) (pdapi.Incident, bool, error) {
	far := FarKey(key)
	list, err := ask(ctx, reading("look up a page"), func(ctx context.Context) (*pdapi.ListIncidentsResponse, error) {
		return p.sdk.ListIncidentsWithContext(ctx, pdapi.ListIncidentsOptions{IncidentKey: far, DateRange: "all", Limit: perPage})
	})
	if err != nil {
		return pdapi.Incident{}, false, err
	}
	var got pdapi.Incident
	for _, one := range list.Incidents {
		// One that was made by events may go by another key, and is found by
		// the key of its alerts.
		if !isID(one.ID) || one.IncidentKey != far && one.IncidentKey != "" && one.AlertCounts.All == 0 {
			continue
		}
		if got.ID == "" || open(one) && !open(got) || open(one) == open(got) && moment(one.CreatedAt).After(moment(got.CreatedAt)) {
			got = one
		}
	}
	if got.ID == "" {
		return got, false, nil
	}
	p.keys.keep(got.ID, key, p.o.Now())
	return got, true, nil
}

func open(inc pdapi.Incident) bool { return inc.Status != resolved }

// receipt is what an incident says of a page.
func (p *PagerDuty) receipt(ctx context.Context, key string, inc pdapi.Incident) integrations.Receipt {
	r := integrations.Receipt{
		Key: key, State: integrations.Seen, ID: inc.ID, Whom: whom(inc), Link: link(inc.HTMLURL),
		At: moment(inc.LastStatusChangeAt),
	}
	if r.At.IsZero() {
		r.At = moment(inc.CreatedAt)
	}
	switch inc.Status {
	case acknowledged:
		r.State = integrations.Acknowledged
		if n := len(inc.Acknowledgements); n > 0 {
			r.By = p.user(ctx, inc.Acknowledgements[n-1].Acknowledger).called()
		}
	case resolved:
		r.State = integrations.Over
		r.By = p.changer(ctx, inc)
	}
	if open(inc) {
		r.Level = p.level(ctx, inc.EscalationPolicy.ID, assigned(inc))
	}
	return r
}

// changer is who brought an incident to where it is, when that was a person.
func (p *PagerDuty) changer(ctx context.Context, inc pdapi.Incident) string {
	if o := inc.LastStatusChangeBy; strings.HasPrefix(o.Type, "user") {
		return p.user(ctx, o).called()
	}
	return ""
}

func assigned(inc pdapi.Incident) []string {
	var ids []string
	for _, a := range inc.Assignments {
		ids = append(ids, a.Assignee.ID)
	}
	return ids
}

func whom(inc pdapi.Incident) string {
	var names []string
	for _, a := range inc.Assignments {
		names = append(names, a.Assignee.Summary)
	}
	return together(names)
}

func together(names []string) string {
	var out []string
	for _, n := range names {
		if n = plain(n, 100); n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return strings.Join(out, ", ")
}

// link is an address that may be shown, or nothing.
func link(s string) string {
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") || strings.ContainsAny(s, " \t\r\n<>|\"") {
		return ""
	}
	return s
}

// level is the lowest at which all of these people are on call; 0: not known.
func (p *PagerDuty) level(ctx context.Context, policy string, people []string) int {
	if !isID(policy) || len(people) == 0 || !p.asks() {
		return 0
	}
	ctx, cancel := briefly(ctx)
	defer cancel()
	now := p.o.Now()
	lines, err := p.rota(ctx, []string{policy}, now)
	if err != nil {
		return 0
	}
	at := map[int][]string{}
	for _, l := range lines {
		if l.on(now) {
			at[l.level] = append(at[l.level], l.user.id)
		}
	}
	best := 0
	for n, there := range at {
		every := !slices.ContainsFunc(people, func(id string) bool { return !slices.Contains(there, id) })
		if every && (best == 0 || n < best) {
			best = n
		}
	}
	return best
}

// recent says whether a moment is near enough to now to be asked for as now.
func recent(at, now time.Time) bool { return at.IsZero() || at.Sub(now).Abs() < time.Minute }
