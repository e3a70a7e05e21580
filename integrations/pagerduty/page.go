package pagerduty

import (
	"context"
	"net/http"
	"slices"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// longestTitle is PagerDuty's limit of what is read first on a phone.
const longestTitle = 1024

// Page asks for help, by the way that the package's comment says. The Events
// API has then taken it (Accepted); the REST API shows that it is there (Seen).
func (p *PagerDuty) Page(ctx context.Context, page integrations.Page) (integrations.Receipt, error) {
	switch {
	case page.Key == "" || page.Target == "" && page.Person == "":
		return integrations.Receipt{}, fault.New(fault.Rejected, "A page needs a key and somebody to call.")
	case page.Drill:
		return integrations.Receipt{}, fault.New(fault.Rejected, "PagerDuty is not asked in a drill: it would wake people.")
	case page.Person != "":
		return p.pagePerson(ctx, page)
	case !p.asks():
		return p.pageBlind(ctx, page)
	}
	key, own := p.routes[fold(page.Target)]
	low := page.Level <= 1 // an event cannot begin further up
	if own && low {
		return p.trigger(ctx, page, key)
	}
	every := own
	if !own {
		key, every = p.routes[""]
	}
	there, err := p.whereTo(ctx, page.Target, every)
	switch {
	case every && err != nil, every && low && there.by(key):
		// What cannot be found out now, or is a name of tocsin's own, goes
		// where everything goes.
		return p.trigger(ctx, page, key)
	case err != nil:
		return integrations.Receipt{}, refusing(err)
	}
	return p.pagePlace(ctx, page, there)
}

// pageBlind sends a page by a routing key, where nothing can be asked.
func (p *PagerDuty) pageBlind(ctx context.Context, page integrations.Page) (integrations.Receipt, error) {
	key, ok := p.routes[fold(page.Target)]
	if !ok {
		key, ok = p.routes[""]
	}
	if !ok {
		return integrations.Receipt{}, fault.New(fault.Rejected, "There is no routing key of PagerDuty for %q. Add it to TOCSIN_PAGERDUTY_ROUTING_KEY, or set TOCSIN_PAGERDUTY_TOKEN.", page.Target)
	}
	return p.trigger(ctx, page, key)
}

// whereTo finds a target; with another way to go it does not wait for long.
func (p *PagerDuty) whereTo(ctx context.Context, target string, otherwise bool) (place, error) {
	if otherwise {
		brief, cancel := briefly(ctx)
		defer cancel()
		ctx = brief
	}
	return p.find(ctx, target)
}

// by says whether a routing key leads to this place, as far as is known.
func (there place) by(key string) bool {
	if there.kind != "service" {
		return false
	}
	return !there.service.known || slices.Contains(there.service.keys, key)
}

// refusing makes a refusal of what does not exist: trying again changes nothing.
func refusing(err error) error {
	if !missing(err) {
		return err
	}
	return fault.Wrap(fault.Rejected, err, fault.Sentence(err))
}

// pagePlace makes a REST incident where the target says.
func (p *PagerDuty) pagePlace(ctx context.Context, page integrations.Page, there place) (integrations.Receipt, error) {
	if len(there.policies) != 1 {
		var names []string
		for _, e := range there.policies {
			names = append(names, e.name)
		}
		if len(names) == 0 {
			return integrations.Receipt{}, fault.New(fault.Rejected, "The PagerDuty team %q has no escalation policy. Page a service or a person instead.", page.Target)
		}
		return integrations.Receipt{}, fault.New(fault.Rejected, "The PagerDuty team %q has several escalation policies. Page one of them: %s.", page.Target, together(names))
	}
	create := newIncident(page)
	create.Service = &pdapi.APIReference{ID: there.service.id, Type: "service_reference"}
	if there.kind != "service" {
		home, err := p.home(ctx, there.services)
		if err != nil {
			return integrations.Receipt{}, err
		}
		create.Service.ID = home
		create.Policy = &pdapi.APIReference{ID: there.policies[0].id, Type: "escalation_policy_reference"}
	}
	if page.Level > 1 {
		who, err := p.atLevel(ctx, there.policies[0], page.Level)
		if err != nil {
			return integrations.Receipt{}, err
		}
		create.Policy, create.Assignments = nil, who
	}
	return p.create(ctx, page, create)
}

// atLevel is who is on call at a level, to be asked instead of the first.
func (p *PagerDuty) atLevel(ctx context.Context, policy ref, level int) ([]pdapi.Assignee, error) {
	now := p.o.Now()
	turns, err := p.rota(ctx, []string{policy.id}, now)
	if err != nil {
		return nil, err
	}
	var who []pdapi.Assignee
	for _, t := range turns {
		if t.level == level && t.on(now) {
			who = append(who, assignee(t.user.id))
		}
	}
	if len(who) == 0 {
		return nil, fault.New(fault.Rejected, "Nobody is on call at level %d of %s.", level, policy.name)
	}
	return who, nil
}

func assignee(id string) pdapi.Assignee {
	return pdapi.Assignee{Assignee: pdapi.APIObject{ID: id, Type: "user_reference"}}
}

// pagePerson makes a REST incident that is assigned to one person.
func (p *PagerDuty) pagePerson(ctx context.Context, page integrations.Page) (integrations.Receipt, error) {
	if !p.asks() {
		return integrations.Receipt{}, mute("page one person")
	}
	who, err := p.somebody(ctx, page.Person, "")
	if err != nil {
		return integrations.Receipt{}, err
	}
	if who.id == "" {
		return integrations.Receipt{}, fault.New(fault.Rejected, "PagerDuty knows nobody called %q. Page their team, or add them to PagerDuty.", page.Person)
	}
	home, err := p.home(ctx, nil)
	if err != nil {
		return integrations.Receipt{}, err
	}
	create := newIncident(page)
	create.Service = &pdapi.APIReference{ID: home, Type: "service_reference"}
	create.Assignments = []pdapi.Assignee{assignee(who.id)}
	return p.create(ctx, page, create)
}

// home is the service that carries a page which has none: the one in the
// settings, the first of those that come into question, the only one there is.
func (p *PagerDuty) home(ctx context.Context, candidates []string) (string, error) {
	if p.o.Config.Service != "" {
		there, err := p.find(ctx, p.o.Config.Service)
		switch {
		case err != nil:
			return "", refusing(err)
		case there.kind != "service":
			return "", fault.New(fault.Rejected, "%q is no service at PagerDuty, so nobody can be paged on it. Look at TOCSIN_PAGERDUTY_SERVICE.", p.o.Config.Service)
		}
		return there.service.id, nil
	}
	for _, id := range candidates {
		if isID(id) {
			return id, nil
		}
	}
	now := p.o.Now()
	if got, ok := p.house.recall("", now, freshPlace); ok {
		return got.id, nil
	}
	list, err := ask(ctx, reading("look up the services"), func(ctx context.Context) (*pdapi.ListServiceResponse, error) {
		return p.sdk.ListServicesWithContext(ctx, pdapi.ListServiceOptions{Limit: 2})
	})
	if err != nil {
		return "", err
	}
	if len(list.Services) != 1 || list.More {
		return "", fault.New(fault.Rejected, "PagerDuty needs a service to page a person on. Set TOCSIN_PAGERDUTY_SERVICE to one of its services, such as Incidents.")
	}
	got := serviceOf(list.Services[0]).service
	p.house.keep("", got, now)
	return got.id, nil
}

// creation is what the library cannot say: it sends a priority of null.
type creation struct {
	Type        string              `json:"type"`
	Title       string              `json:"title"`
	Service     *pdapi.APIReference `json:"service"`
	Urgency     string              `json:"urgency"`
	Key         string              `json:"incident_key"`
	Body        *pdapi.APIDetails   `json:"body,omitempty"`
	Policy      *pdapi.APIReference `json:"escalation_policy,omitempty"`
	Assignments []pdapi.Assignee    `json:"assignments,omitempty"`
}

// newIncident is urgent whatever the severity: a person asked for people.
func newIncident(page integrations.Page) creation {
	c := creation{Type: "incident", Title: title(page), Urgency: "high", Key: FarKey(page.Key)}
	if words := details(page); words != "" {
		c.Body = &pdapi.APIDetails{Type: "incident_body", Details: words}
	}
	return c
}

func title(page integrations.Page) string {
	if s := plain(page.Summary, longestTitle); s != "" {
		return s
	}
	return "You are needed in an incident."
}

func details(page integrations.Page) string {
	if l := link(page.Link); l != "" {
		return "The incident: " + l
	}
	return ""
}

// create makes the incident. A key that is open there already is the same page.
func (p *PagerDuty) create(ctx context.Context, page integrations.Page, c creation) (integrations.Receipt, error) {
	var got struct {
		Incident pdapi.Incident `json:"incident"`
	}
	made := &call{what: "page " + plain(page.Target+page.Person, 80), repeat: true}
	err := p.send(ctx, made, byHand{
		method: http.MethodPost, path: "/incidents", from: p.o.Config.From,
		body: struct {
			Incident creation `json:"incident"`
		}{c}, into: &got,
	})
	if made.answer.Status == http.StatusBadRequest {
		if inc, found, lost := p.incident(ctx, page.Key); lost == nil && found && open(inc) {
			return p.receipt(ctx, page.Key, inc), nil
		}
	}
	if err != nil {
		return integrations.Receipt{}, err
	}
	if !isID(got.Incident.ID) {
		return integrations.Receipt{}, fault.New(fault.Unknown, "PagerDuty took the page, but its answer names no incident.")
	}
	p.keys.keep(got.Incident.ID, page.Key, p.o.Now())
	inc := got.Incident
	return integrations.Receipt{
		Key: page.Key, State: integrations.Seen, ID: inc.ID, Whom: whom(inc), Link: link(inc.HTMLURL), At: p.since(inc.CreatedAt),
	}, nil
}
