package pagerduty

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// message is a webhook's event. What a kind of event does not have stays empty.
type message struct {
	ID    string `json:"id"`
	Kind  string `json:"event_type"`
	At    string `json:"occurred_at"`
	Agent thing  `json:"agent"`
	Data  data   `json:"data"`
}

// thing is a reference to something of PagerDuty's.
type thing struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Summary string `json:"summary"`
	Link    string `json:"html_url"`
}

func (t thing) object() pdapi.APIObject {
	return pdapi.APIObject{ID: t.ID, Type: t.Type, Summary: t.Summary}
}

// data is an incident, or what belongs to one.
type data struct {
	ID        string  `json:"id"`
	Type      string  `json:"type"`
	Link      string  `json:"html_url"`
	Number    int     `json:"number"`
	Status    string  `json:"status"`
	Key       string  `json:"incident_key"`
	Created   string  `json:"created_at"`
	Reopened  string  `json:"reopened_at"`
	Title     string  `json:"title"`
	Service   thing   `json:"service"`
	Assignees []thing `json:"assignees"`
	Policy    thing   `json:"escalation_policy"`
	Priority  thing   `json:"priority"`
	Urgency   string  `json:"urgency"`

	Incident thing  `json:"incident"` // of a note, a responder
	Content  string `json:"content"`  // of a note
	User     thing  `json:"user"`     // of a responder
	Answer   string `json:"state"`    // of a responder
}

// parse reads a webhook of version 3. Of kinds that nothing is made of, only
// the kind is read: their data may be of any shape.
func parse(body []byte) (message, error) {
	var env struct {
		Event *struct {
			message

			Data json.RawMessage `json:"data"`
		} `json:"event"`
	}
	if err := json.Unmarshal(body, &env); err != nil {
		return message{}, fault.Wrap(fault.Invalid, err, "The webhook is no JSON of PagerDuty's.")
	}
	if env.Event == nil || env.Event.Kind == "" {
		return message{}, fault.New(fault.Invalid, "The webhook is not one of PagerDuty's version 3. Make a v3 subscription under Integrations, Generic Webhooks.")
	}
	m := env.Event.message
	if len(env.Event.Data) > 0 && strings.HasPrefix(m.Kind, "incident.") {
		if err := json.Unmarshal(env.Event.Data, &m.Data); err != nil {
			return message{}, fault.Wrap(fault.Invalid, err, "What the webhook says of the incident cannot be read.")
		}
	}
	return m, nil
}

// about is the id of the incident that a message is about; empty: of none.
func (m message) about() string {
	id := m.Data.Incident.ID
	if m.whole() {
		id = m.Data.ID
	}
	if !isID(id) {
		return ""
	}
	return id
}

// whole says whether the message shows the incident itself.
func (m message) whole() bool { return m.Data.Type == "incident" }

func (m message) byUser() bool { return strings.HasPrefix(m.Agent.Type, "user") && m.Agent.ID != "" }

// pages is what a message says about a page of ours.
func (m message) pages(key string) integrations.News {
	r := integrations.Receipt{Key: key, ID: m.about(), Link: link(m.Data.Link), At: moment(m.At)}
	if !m.whole() {
		r.Link = link(m.Data.Incident.Link)
	}
	var names []string
	for _, a := range m.Data.Assignees {
		names = append(names, a.Summary)
	}
	r.Whom = together(names)
	if m.byUser() {
		r.By = plain(m.Agent.Summary, 100)
	}
	if !m.happened(&r) {
		return integrations.News{}
	}
	return integrations.News{Pages: []integrations.Receipt{r}}
}

// happened puts into a receipt what the kind of a message means.
func (m message) happened(r *integrations.Receipt) bool {
	r.State = integrations.Noted
	switch m.Kind {
	case "incident.triggered":
		r.State, r.By = integrations.Seen, ""
	case "incident.acknowledged":
		r.State = integrations.Acknowledged
	case "incident.escalated":
		r.State = integrations.Escalated
	case "incident.reassigned", "incident.delegated":
		r.State = integrations.Reassigned
	case "incident.resolved":
		r.State = integrations.Over
	default:
		r.Note = m.remark()
		return r.Note != ""
	}
	return true
}

// remark is what changed at PagerDuty that leaves the page as it is; empty:
// nothing that has to be told.
func (m message) remark() string {
	switch m.Kind {
	case "incident.annotated":
		if !signed(m.Data.Content) {
			return strings.TrimSpace(m.Data.Content)
		}
	case "incident.priority_updated":
		if p := plain(m.Data.Priority.Summary, 50); p != "" {
			return "priority " + p
		}
		return "no priority any more"
	case "incident.unacknowledged":
		return "nobody has it any more, and it rings again"
	case "incident.reopened":
		return "it was opened again"
	case "incident.responder.replied":
		if who := plain(m.Data.User.Summary, 100); who != "" && m.Data.Answer != "" {
			return who + " was asked for help: " + plain(m.Data.Answer, 50)
		}
	}
	return ""
}

// alerts is what a message says about an incident that is none of ours.
func (m message) alerts(heard time.Time) integrations.News {
	if !m.whole() || m.about() == "" {
		return integrations.News{}
	}
	at := moment(m.At)
	if at.IsZero() {
		at = heard
	}
	since := moment(m.Data.Created)
	if again := moment(m.Data.Reopened); again.After(since) && !again.After(at) {
		since = again
	}
	a := integrations.Alert{
		Group: "pd/" + m.Data.ID, Key: m.Data.ID, Since: since, State: integrations.Firing, At: at,
		Title: plain(m.Data.Title, 300), Service: plain(m.Data.Service.Summary, 200), Link: link(m.Data.Link),
		Severity: fold(m.Data.Urgency), Labels: map[string]string{},
	}
	if a.Title == "" {
		a.Title = "PagerDuty incident " + m.Data.ID
	}
	if m.Data.Status == resolved || m.Kind == "incident.resolved" {
		a.State = integrations.Recovered
	}
	label := func(name, value string) {
		if value = plain(value, 200); value != "" {
			a.Labels[name] = value
		}
	}
	if s := fold(m.Data.Priority.Summary); s != "" {
		a.Severity = s
	}
	label("urgency", m.Data.Urgency)
	label("priority", m.Data.Priority.Summary)
	label("policy", m.Data.Policy.Summary)
	if m.Data.Number > 0 {
		label("number", strconv.Itoa(m.Data.Number))
	}
	return integrations.News{Alerts: []integrations.Alert{a}}
}
