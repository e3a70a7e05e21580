package pagerduty

import (
	"context"

	pdapi "github.com/PagerDuty/go-pagerduty"
)

// keyOf is our key of the incident that a message is about, when the message
// does not name it: a note names only the incident, and an incident that events
// made may go by a key of PagerDuty's, with ours on its alerts. Empty: it is
// none of ours.
func (p *PagerDuty) keyOf(ctx context.Context, m message) (string, error) {
	id := m.about()
	if id == "" || !p.asks() {
		return "", nil
	}
	now := p.o.Now()
	if key, ok := p.keys.recall(id, now, stale); ok {
		return key, nil
	}
	if m.whole() && len(p.routes) == 0 {
		return "", nil // what we make goes by our key
	}
	key, err := p.askKey(ctx, id, m.whole())
	if err != nil {
		if missing(err) {
			err = nil // gone; and nothing is remembered of it
		}
		return "", err
	}
	p.keys.keep(id, key, now)
	return key, nil
}

func (p *PagerDuty) askKey(ctx context.Context, id string, whole bool) (string, error) {
	if !whole {
		inc, err := ask(ctx, reading("look up an incident"), func(ctx context.Context) (*pdapi.Incident, error) {
			return p.sdk.GetIncidentWithContext(ctx, id)
		})
		if err != nil {
			return "", err
		}
		if key, our := nearKey(inc.IncidentKey); our {
			return key, nil
		}
		if len(p.routes) == 0 || inc.AlertCounts.All == 0 {
			return "", nil
		}
	}
	list, err := ask(ctx, reading("look up an incident's alerts"), func(ctx context.Context) (*pdapi.ListAlertsResponse, error) {
		return p.sdk.ListIncidentAlertsWithContext(ctx, id, pdapi.ListIncidentAlertsOptions{Limit: perPage})
	})
	if err != nil {
		return "", err
	}
	for _, a := range list.Alerts {
		if key, our := nearKey(a.AlertKey); our {
			return key, nil
		}
	}
	return "", nil
}
