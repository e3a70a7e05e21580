package reactors

import (
	"context"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// archives puts rooms away some time after the end, as policy says. Its timer
// is never too late: a room is archived whenever it is found due.
type archives struct{ o Outside }

func (archives) Name() string { return "archives" }

func (archives) Leads(verb string) []incident.Event {
	if verb == "archive" {
		return []incident.Event{incident.RoomArchived{}}
	}
	return nil
}

func (archives) Plan(r incident.Recorded) []store.Job {
	switch r.Event.(type) {
	case incident.Closure, incident.Cancellation, incident.MergedInto:
		return []store.Job{worker.Once(r, "archives", "plan", "", store.EchoLane)}
	default:
		return nil
	}
}

func (x archives) Do(ctx context.Context, t worker.Task) worker.Result {
	after := x.o.Policy().Archive
	if after <= 0 || !over(t.State) {
		return worker.NotNeeded("The room stays.")
	}
	if t.Job.Verb == "plan" {
		r := worker.Done(nil)
		j := worker.Sub(t.Job, "archive", "archive", t.Job.Due.Add(after))
		r.Owe = []store.Job{j}
		return r
	}
	var gone []incident.Room
	for _, r := range live(t.State) {
		on := x.o.Chat.On(r.Platform)
		if r.Adopted || r.Thread != "" || on == nil || on.Roles().Rooms == nil {
			continue
		}
		err := t.Call(ctx, func(ctx context.Context) error { return on.Roles().Rooms.Archive(ctx, r.ID) })
		if err != nil {
			return failed(err, t, "archive the room")
		}
		gone = append(gone, r)
	}
	res := worker.Done(nil)
	res.Record = func(inc incident.Incident) ([]incident.Event, error) {
		var out []incident.Event
		for _, r := range gone {
			events, err := inc.ArchiveRoom(r)
			if err != nil {
				return nil, err
			}
			out = append(out, events...)
		}
		return out, nil
	}
	return res
}

// over says that nobody works in the room any more. A resolved incident is
// not over: its review is.
func over(inc incident.Incident) bool {
	return inc.Status == incident.Closed || inc.Status == incident.Cancelled || inc.Status == incident.Merged
}
