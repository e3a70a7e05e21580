package reactors

import (
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// bookmarks keeps the links that responders need at the top of the incident's
// own room: the call, and each service's runbook, dashboard and logs. Links of
// an adopted room are not the incident's business.
type bookmarks struct{ o Outside }

func (bookmarks) Name() string { return "bookmarks" }

func (bookmarks) Leads(string) []incident.Event { return nil }

func (bookmarks) Plan(r incident.Recorded) []store.Job {
	switch r.Event.(type) {
	case incident.RoomOpened, incident.ServiceAdded, incident.CallSet:
		return []store.Job{worker.Kept(r, "bookmarks", "shelf", store.EchoLane, 2*time.Second)}
	default:
		return nil
	}
}

func (x bookmarks) Do(ctx context.Context, t worker.Task) worker.Result {
	for _, r := range live(t.State) {
		on := x.o.Chat.On(r.Platform)
		if r.Adopted || r.Thread != "" || on == nil || on.Roles().Bookmarks == nil {
			continue
		}
		for _, l := range links(t.State) {
			err := t.Call(ctx, func(ctx context.Context) error {
				return on.Roles().Bookmarks.Put(ctx, r.ID, l.Label, l.URL)
			})
			if err != nil && fault.KindOf(err) != fault.Rejected { // what the room will never take, it goes without
				return failed(err, t, "keep links at the top of the room")
			}
		}
	}
	return worker.Drawn(t.State.Head, nil)
}

// links are what responders need at hand.
func links(inc incident.Incident) []chat.Link {
	var out []chat.Link
	add := func(label, url string) {
		if chat.SafeURL(url) {
			out = append(out, chat.Link{Label: label, URL: url})
		}
	}
	add("Call", inc.Call)
	for _, s := range inc.Services {
		add("Runbook: "+s.Name, s.Runbook)
		add("Dashboard: "+s.Name, s.Dashboard)
		add("Logs: "+s.Name, s.Logs)
	}
	return out
}
