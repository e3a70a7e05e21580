package webhook

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/integrations"
)

// Everything is the word in TOCSIN_WEBHOOK_EVENTS for all events.
const Everything = "all"

// Wanted are the names of events that the listener is told of.
func (c Config) Wanted() []string {
	var out []string
	for one := range strings.SplitSeq(c.Events, ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// Listener tells the address what happens to incidents.
type Listener struct {
	*Pager
	wanted []string
}

var _ integrations.Listener = (*Listener)(nil)

// Listen makes the listener's side of the webhook: the pager, and the events
// that were asked for.
func Listen(o Options) (*Listener, error) {
	p, err := Open(o)
	if err != nil {
		return nil, err
	}
	return &Listener{Pager: p, wanted: o.Config.Wanted()}, nil
}

// Hears implements [integrations.Listener].
func (l *Listener) Hears(event string) bool {
	return slices.Contains(l.wanted, event) || slices.Contains(l.wanted, Everything)
}

// happening is what the listener reads of an event.
type happening struct {
	Name     string    `json:"name"`
	Version  uint64    `json:"version"`
	Incident string    `json:"incident"`
	Title    string    `json:"title"`
	Severity int       `json:"severity,omitempty"`
	Status   string    `json:"status"`
	Drill    bool      `json:"drill,omitempty"`
	By       string    `json:"by"`
	Words    string    `json:"words"`
	Link     string    `json:"link,omitempty"`
	Happened time.Time `json:"happened"`
}

// Tell implements [integrations.Listener].
func (l *Listener) Tell(ctx context.Context, h integrations.Happening) error {
	return l.sender.Send(ctx, Event{
		Key: h.Key, Kind: "event", At: l.sender.now(), What: "tell of " + h.Event,
		Body: happening{
			Name: h.Event, Version: h.Version, Incident: h.Incident, Title: h.Title, Severity: h.Severity, Status: h.Status,
			Drill: h.Drill, By: h.By, Words: h.Words, Link: h.Link, Happened: h.At.UTC(),
		},
	})
}
