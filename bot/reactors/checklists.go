package reactors

import (
	"context"
	"strings"

	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// checklists puts on an incident what policy wants there by itself: at a
// severity or worse, for all services or for one. Each goes on once.
type checklists struct{ o Outside }

func (checklists) Name() string { return "checklists" }

func (checklists) Leads(verb string) []incident.Event {
	if verb == "add" {
		return []incident.Event{incident.ChecklistAdded{}}
	}
	return nil
}

func (checklists) Plan(r incident.Recorded) []store.Job {
	switch e := r.Event.(type) {
	case incident.Declared:
		if e.RecordOnly {
			return nil
		}
	case incident.SeveritySet, incident.ServiceAdded:
	default:
		return nil
	}
	return []store.Job{worker.Once(r, "checklists", "pick", "", store.StateLane)}
}

func (x checklists) Do(_ context.Context, t worker.Task) worker.Result {
	if !t.State.Status.Open() || t.State.RecordOnly {
		return worker.NotNeeded("It needs no checklist any more.")
	}
	if t.Job.Verb == "pick" {
		return x.pick(t)
	}
	r := worker.Done(nil)
	r.Record = func(inc incident.Incident) ([]incident.Event, error) {
		return inc.AddChecklist(incident.ByHouse(t.Now), t.Job.Target, x.o.Policy())
	}
	return r
}

// pick owes one job for each checklist, under keys without a version, so that
// a second event does not put it on again.
func (x checklists) pick(t worker.Task) worker.Result {
	r := worker.Done(nil)
	for _, c := range x.o.Policy().Checklists {
		if c.Severity == incident.SevUnset || !wants(t.State, c) {
			continue
		}
		j := worker.Sub(t.Job, "add", c.Name, t.Now)
		j.Key = string(t.Job.Stream) + "/checklists/add/" + slug(c.Name)
		r.Owe = append(r.Owe, j)
	}
	return r
}

func wants(inc incident.Incident, c incident.Checklist) bool {
	if inc.Severity == incident.SevUnset || inc.Severity > c.Severity {
		return false
	}
	if c.Service == "" {
		return true
	}
	for _, s := range inc.Services {
		if strings.EqualFold(s.Name, c.Service) {
			return true
		}
	}
	return false
}
