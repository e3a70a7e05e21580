package pagerduty

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/integrations/rest"
)

// event is one of the Events API v2. It is not sent through the library, which
// throws away what the API says is wrong.
type event struct {
	RoutingKey string   `json:"routing_key"`
	Action     string   `json:"event_action"`
	Key        string   `json:"dedup_key"`
	Client     string   `json:"client,omitempty"`
	ClientURL  string   `json:"client_url,omitempty"`
	Payload    *payload `json:"payload,omitempty"`
	Links      []href   `json:"links,omitempty"`
}

type payload struct {
	Summary  string            `json:"summary"`
	Source   string            `json:"source"`
	Severity string            `json:"severity"`
	Details  map[string]string `json:"custom_details,omitempty"`
}

type href struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

// trigger asks for help by an event.
func (p *PagerDuty) trigger(ctx context.Context, page integrations.Page, key string) (integrations.Receipt, error) {
	e := event{
		RoutingKey: key, Action: "trigger", Key: FarKey(page.Key), Client: "tocsin", ClientURL: link(page.Link),
		Payload: &payload{Summary: title(page), Source: "tocsin", Severity: alarm(page.Severity), Details: map[string]string{"asked for": plain(page.Target, 200)}},
	}
	if e.ClientURL != "" {
		e.Links = []href{{e.ClientURL, "The incident in tocsin"}}
	}
	if err := p.enqueue(ctx, e, "page "+plain(page.Target, 80)); err != nil {
		return integrations.Receipt{}, err
	}
	return integrations.Receipt{Key: page.Key, State: integrations.Accepted, ID: e.Key, At: p.o.Now().UTC()}, nil
}

// alarm is a severity that rings: PagerDuty lets "warning" and below wait until
// morning, and somebody asked for people now.
func alarm(severity int) string {
	if severity == 1 {
		return "critical"
	}
	return "error"
}

func (p *PagerDuty) enqueue(ctx context.Context, e event, what string) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The event for PagerDuty could not be written.")
	}
	c := &call{what: what, repeat: true, sent: true, write: true}
	c.answer, c.fault = p.rest.Send(ctx, rest.Request{
		Method: http.MethodPost, URL: p.events + "/v2/enqueue", Body: body, What: what, Repeatable: true,
		Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}},
	})
	if c.fault == nil {
		return nil
	}
	if c.answer.Status == http.StatusBadRequest {
		return fault.Wrap(fault.Rejected, c.fault, "PagerDuty refused to "+what+". Look at TOCSIN_PAGERDUTY_ROUTING_KEY: it may be wrong.")
	}
	return judge(c)
}

// tell acknowledges or resolves by an event, where nothing can be asked.
// PagerDuty drops what comes too late, so that it opens nothing again.
func (p *PagerDuty) tell(ctx context.Context, key string, a integrations.PageAct) (integrations.Receipt, error) {
	r := integrations.Receipt{Key: key, ID: FarKey(key), By: by(a), At: p.o.Now().UTC()}
	switch a.Verb {
	case "acknowledge":
		r.State = integrations.Acknowledged
	case "resolve":
		r.State = integrations.Over
	default:
		return integrations.Receipt{}, mute(a.Verb + " a page")
	}
	// Which key the page went by is not known; the others drop it.
	for _, route := range slices.Compact(slices.Sorted(maps.Values(p.routes))) {
		if err := p.enqueue(ctx, event{RoutingKey: route, Action: a.Verb, Key: r.ID}, a.Verb+" the page"); err != nil {
			return integrations.Receipt{}, err
		}
	}
	return r, nil
}

// by is who did something, in words; an e-mail where known.
func by(a integrations.PageAct) string {
	if a.Email != "" {
		return a.Email
	}
	return plain(a.By, 100)
}

// since reads a time of PagerDuty's; now, when there is none.
func (p *PagerDuty) since(s string) time.Time {
	if at := moment(s); !at.IsZero() {
		return at
	}
	return p.o.Now().UTC()
}
