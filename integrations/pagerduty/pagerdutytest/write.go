package pagerdutytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

type ref struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

type assignment struct {
	Assignee ref `json:"assignee"`
}

// enqueue is the Events API.
func (c *call) enqueue() answer {
	var e event
	bad := func(whys ...string) answer {
		for _, w := range whys {
			c.f.violations = append(c.f.violations, "POST /v2/enqueue: "+w)
		}
		return answer{status: http.StatusBadRequest, body: object{"status": "invalid event", "message": "Event object is invalid", "errors": whys}}
	}
	if err := c.read(&e); err != nil {
		return bad("the event cannot be read: " + err.Error())
	}
	if why := e.faultsOf(); len(why) > 0 {
		return bad(why...)
	}
	if find(c.f.services, func(s *Service) bool { return s.RoutingKey == e.RoutingKey }) == nil {
		return answer{status: http.StatusBadRequest, body: object{"status": "invalid event", "message": "Event object is invalid", "errors": []string{"'routing_key' is invalid (must be a valid routing key)"}}}
	}
	key := c.f.take(e)
	return answer{status: http.StatusAccepted, body: object{"status": "success", "message": "Event processed", "dedup_key": key}}
}

// enqueueChange takes a change event.
func (c *call) enqueueChange() answer {
	var e event
	if err := c.read(&e); err != nil {
		return invalid(err.Error())
	}
	s := find(c.f.services, func(s *Service) bool { return s.RoutingKey == e.RoutingKey })
	if s == nil || e.Payload.Summary == "" {
		return answer{status: http.StatusBadRequest, body: object{"status": "invalid event", "message": "Event object is invalid", "errors": []string{"'routing_key' is invalid or 'payload.summary' is missing"}}}
	}
	c.f.changes = append(c.f.changes, Change{Service: s.ID, Summary: e.Payload.Summary, At: c.f.now()})
	return answer{status: http.StatusAccepted, body: object{"status": "success", "message": "Change event processed"}}
}

// creation is an incident to be made.
type creation struct {
	Incident struct {
		Type, Title, Urgency string
		Service              *ref            `json:"service"`
		Key                  string          `json:"incident_key"`
		Policy               *ref            `json:"escalation_policy"`
		Assignments          []assignment    `json:"assignments"`
		Priority             json.RawMessage `json:"priority"`
		Body                 *struct {
			Type    string `json:"type"`
			Details any    `json:"details"`
		} `json:"body"`
	} `json:"incident"`
}

func (c *call) createIncident() answer {
	var in creation
	if err := c.read(&in); err != nil {
		return invalid(err.Error())
	}
	if no := c.stranger(); no != nil {
		return *no
	}
	n := in.Incident
	s, why := c.checkCreation(in)
	if len(why) > 0 {
		return invalid(why...)
	}
	open := func(i *Incident) bool {
		return n.Key != "" && i.Key == n.Key && i.Service == s.ID && i.Status != resolved
	}
	if n.Key != "" {
		c.f.counted(n.Key)
	}
	if find(c.f.incidents, open) != nil {
		return refuse(http.StatusBadRequest, 2002, "Arguments Caused Error", "Open incident with matching dedup key already exists on this service")
	}
	st := start{service: s, key: n.Key, title: n.Title, urgency: n.Urgency, by: agent{user: c.from}}
	if n.Body != nil {
		st.details = fmt.Sprint(n.Body.Details)
	}
	if n.Policy != nil {
		st.policy = c.f.policy(n.Policy.ID)
	}
	for _, a := range n.Assignments {
		st.assigned = append(st.assigned, a.Assignee.ID)
	}
	st.prio, _ = c.priority(n.Priority)
	return answer{status: http.StatusCreated, body: object{"incident": c.f.restIncident(c.f.open(st))}}
}

// checkCreation says what is wrong with an incident to be made.
func (c *call) checkCreation(in creation) (*Service, []string) {
	n := in.Incident
	var why []string
	if n.Type != "incident" {
		why = append(why, "incident.type must be incident")
	}
	if n.Title == "" {
		why = append(why, "Title cannot be empty.")
	}
	if n.Service == nil {
		return nil, append(why, "Service cannot be empty.")
	}
	s := c.f.service(n.Service.ID)
	if s == nil || s.Disabled {
		return nil, append(why, "Service not found or disabled.")
	}
	if n.Body != nil && n.Body.Type != "incident_body" {
		why = append(why, "body.type must be incident_body")
	}
	if n.Policy != nil && c.f.policy(n.Policy.ID) == nil {
		why = append(why, "Escalation policy not found.")
	}
	if n.Policy != nil && len(n.Assignments) > 0 {
		why = append(why, "An incident cannot be assigned to both users and an escalation policy.")
	}
	for _, a := range n.Assignments {
		if c.f.user(a.Assignee.ID) == nil {
			why = append(why, "Assignee not found.")
		}
	}
	if _, ok := c.priority(n.Priority); !ok {
		why = append(why, "Priority not found.")
	}
	return s, why
}

// priority finds a priority: none, an object with an id, or a name.
func (c *call) priority(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 {
		return "", true
	}
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return name, slices.Contains(c.f.priorities, name)
	}
	var r ref
	if json.Unmarshal(raw, &r) != nil || len(r.ID) < 6 {
		return "", false
	}
	n, err := strconv.Atoi(r.ID[len("PPRIO"):])
	if err != nil || n < 1 || n > len(c.f.priorities) {
		return "", false
	}
	return c.f.priorities[n-1], true
}

// update is what PUT says of one incident.
type update struct {
	ID, Type, Status, Title, Urgency, Resolution string

	Level       int             `json:"escalation_level"`
	Assignments []assignment    `json:"assignments"`
	Policy      *ref            `json:"escalation_policy"`
	Priority    json.RawMessage `json:"priority"`
}

func (c *call) manageIncidents() answer {
	var in struct {
		Incidents []update `json:"incidents"`
	}
	if err := c.read(&in); err != nil {
		return invalid(err.Error())
	}
	if no := c.stranger(); no != nil {
		return *no
	}
	if len(in.Incidents) > 250 {
		return refuse(http.StatusRequestEntityTooLarge, 2001, "Request Entity Too Large")
	}
	out := []any{}
	for _, u := range in.Incidents {
		i, no := c.update(u)
		if no != nil {
			return *no
		}
		out = append(out, c.f.restIncident(i))
	}
	return answer{status: http.StatusOK, body: object{"incidents": out, "limit": 25, "offset": 0, "more": false, "total": nil}}
}

func (c *call) putIncident() answer {
	var in struct {
		Incident update `json:"incident"`
	}
	if err := c.read(&in); err != nil {
		return invalid(err.Error())
	}
	if no := c.stranger(); no != nil {
		return *no
	}
	in.Incident.ID = c.r.PathValue("id")
	i, no := c.update(in.Incident)
	if no != nil {
		return *no
	}
	return answer{status: http.StatusOK, body: object{"incident": c.f.restIncident(i)}}
}

// update changes one incident.
func (c *call) update(u update) (*Incident, *answer) {
	no := func(a answer) (*Incident, *answer) { return nil, &a }
	if u.Type != "incident" && u.Type != "incident_reference" {
		return no(invalid("type must be incident or incident_reference"))
	}
	i := c.f.incident(u.ID)
	if i == nil {
		return no(missing())
	}
	priority, ok := c.priority(u.Priority)
	if !ok {
		return no(invalid("Priority not found."))
	}
	if err := c.change(i, u); err != nil {
		switch {
		case errors.Is(err, errOver):
			return no(refuse(http.StatusBadRequest, 1001, err.Error()))
		case errors.Is(err, errTaken):
			return no(refuse(http.StatusBadRequest, 1002, err.Error()))
		}
		return no(invalid(err.Error()))
	}
	if priority != "" {
		c.f.prioritise(i, priority, agent{user: c.from})
	}
	if u.Title != "" {
		i.Title = u.Title
	}
	if u.Urgency != "" {
		i.Urgency = u.Urgency
	}
	return i, nil
}

// change is what an update does to who has an incident, and to its status.
func (c *call) change(i *Incident, u update) error {
	by := agent{user: c.from}
	switch {
	case u.Policy != nil:
		p := c.f.policy(u.Policy.ID)
		if p == nil {
			return fmt.Errorf("Escalation policy not found.") //nolint:staticcheck // PagerDuty's words
		}
		return c.f.delegate(i, p, by)
	case len(u.Assignments) > 0:
		var to []string
		for _, a := range u.Assignments {
			if c.f.user(a.Assignee.ID) == nil {
				return fmt.Errorf("Assignee not found.") //nolint:staticcheck // PagerDuty's words
			}
			to = append(to, a.Assignee.ID)
		}
		return c.f.reassign(i, to, by)
	case u.Level != 0:
		return c.f.escalate(i, u.Level, by)
	}
	switch u.Status {
	case "":
		return nil
	case acknowledged:
		return c.f.acknowledge(i, by)
	case resolved:
		if err := c.f.resolve(i, by); err != nil {
			return err
		}
		if u.Resolution != "" {
			i.Notes = append(i.Notes, Note{ID: c.f.id("NOTE"), User: by.id(), Text: u.Resolution, At: c.f.now()})
		}
		return nil
	case triggered:
		c.f.trigger(i, by)
		return nil
	}
	return fmt.Errorf("status must be resolved, acknowledged or triggered")
}

func (c *call) createNote() answer {
	var in struct {
		Note struct{ Content string }
	}
	if err := c.read(&in); err != nil {
		return invalid(err.Error())
	}
	if no := c.stranger(); no != nil {
		return *no
	}
	i := c.f.incident(c.r.PathValue("id"))
	if i == nil {
		return missing()
	}
	if in.Note.Content == "" {
		return invalid("Content cannot be empty.")
	}
	return answer{status: http.StatusOK, body: object{"note": c.f.restNote(c.f.annotate(i, in.Note.Content, agent{user: c.from}))}}
}

// requestResponders asks people to help; the account must be able to.
func (c *call) requestResponders() answer {
	var in struct {
		Requester string `json:"requester_id"`
		Message   string `json:"message"`
		Targets   []struct {
			Target ref `json:"responder_request_target"`
		} `json:"responder_request_targets"`
	}
	if err := c.read(&in); err != nil {
		return invalid(err.Error())
	}
	if !c.f.abilities["coordinated_responding"] {
		return refuse(http.StatusPaymentRequired, 2014, "Account does not have the abilities to perform the action")
	}
	i := c.f.incident(c.r.PathValue("id"))
	if i == nil {
		return missing()
	}
	who := c.f.user(in.Requester)
	if who == nil {
		return refuse(http.StatusBadRequest, 1008, "Requester User Not Found")
	}
	if len(in.Targets) == 0 {
		return invalid("responder_request_targets cannot be empty.")
	}
	if i.Status == resolved {
		return refuse(http.StatusBadRequest, 1001, errOver.Error())
	}
	var all []Responder
	for _, t := range in.Targets {
		r := Responder{By: who.ID, Message: in.Message, At: c.f.now()}
		switch {
		case t.Target.Type == "user_reference" && c.f.user(t.Target.ID) != nil:
			r.User = t.Target.ID
		case t.Target.Type == "escalation_policy_reference" && c.f.policy(t.Target.ID) != nil:
			r.Policy = t.Target.ID
		default:
			return invalid("Responder request target not found.")
		}
		all = append(all, r)
	}
	for _, r := range all {
		c.f.summon(i, r, agent{user: who})
	}
	return answer{status: http.StatusOK, body: object{"responder_request": c.f.restRequest(i, i.Responders[len(i.Responders)-len(all):])}}
}
