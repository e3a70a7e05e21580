package commands_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// Look.

func (h *house) knows(in commands.Input, s incident.Summary) bool {
	return s.VisibleTo(in.Actor.Person)
}

func (h *house) Here(_ context.Context, in commands.Input) (incident.Summary, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.streams {
		for _, r := range s.state.Rooms {
			if r.ID == in.Request.Place.Room && (r.Thread == "" || r.Thread == in.Request.Place.Thread) && h.knows(in, s.state.Summary()) {
				return s.state.Summary(), true, h.down
			}
		}
	}
	return incident.Summary{}, false, h.down
}

func (h *house) ByNumber(_ context.Context, in commands.Input, n incident.Number) (incident.Summary, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.streams {
		if s.state.Number == n && h.knows(in, s.state.Summary()) {
			return s.state.Summary(), true, h.down
		}
	}
	return incident.Summary{}, false, h.down
}

func (h *house) Incident(_ context.Context, in commands.Input, id incident.ID) (incident.Incident, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[id]
	if s == nil || !h.knows(in, s.state.Summary()) {
		return incident.Incident{}, incident.NoSuch(0)
	}
	return s.state, h.down
}

func (h *house) List(_ context.Context, in commands.Input, f store.Filter) ([]incident.Summary, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []incident.Summary
	for _, id := range slices.Backward(h.order) {
		s := h.streams[id].state.Summary()
		if (!f.OnlyOpen || s.Status.Open()) && (f.Before == 0 || s.Number < f.Before) && h.knows(in, s) && (f.Limit == 0 || len(out) < f.Limit) {
			out = append(out, s)
		}
	}
	return out, h.down
}

func (h *house) Search(ctx context.Context, in commands.Input, words string, limit int) ([]incident.Summary, error) {
	all, err := h.List(ctx, in, store.Filter{})
	return slices.DeleteFunc(all, func(s incident.Summary) bool { return !strings.Contains(s.Title.Words, words) }), err
}

// Details.

func (h *house) Events(_ context.Context, id incident.ID, after incident.Version, limit int) ([]incident.Recorded, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []incident.Recorded
	for _, r := range h.streams[id].events {
		if r.Version > after && (limit == 0 || len(out) < limit) {
			out = append(out, r)
		}
	}
	return out, h.down
}

func (h *house) Item(ctx context.Context, id incident.ID, n incident.ItemID) (incident.Item, bool, error) {
	items, err := h.Items(ctx, id)
	for _, it := range items {
		if it.ID == n {
			return it, true, err
		}
	}
	return incident.Item{}, false, err
}

func (h *house) Items(_ context.Context, id incident.ID) ([]incident.Item, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.streams[id]
	var out []incident.Item
	for n := incident.ItemID(1); n <= s.state.Items; n++ {
		m, ok := s.marks[incident.ItemMark(n)]
		if !ok {
			continue
		}
		v, _ := m.MarkedVersion()
		var done *incident.Recorded
		if d, ok := s.marks[incident.DoneMark(n)]; ok {
			dv, _ := d.MarkedVersion()
			done = &s.events[dv-1]
		}
		out = append(out, incident.ItemOf(s.events[v-1], n, done))
	}
	return out, h.down
}

func (h *house) Mark(_ context.Context, id incident.ID, key string) (incident.Mark, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m, ok := h.streams[id].marks[key]
	return m, ok, h.down
}

func (h *house) Said(_ context.Context, _ incident.ID, room, message string) (incident.Spoken, bool, error) {
	m, ok := h.heard[room+"/"+message]
	return m, ok, h.down
}

func (h *house) Owed(_ context.Context, id incident.ID) ([]store.Job, error) {
	return h.jobs[id], h.down
}

// World.

func (h *house) Policy() incident.Policy { return h.policy }

func (h *house) Person(_ context.Context, id incident.PersonID) incident.Person {
	for _, p := range h.people {
		if p.ID == id {
			return p
		}
	}
	return incident.Person{ID: id, Name: string(id)}
}

func (h *house) FindPerson(_ context.Context, _ commands.Input, words string) ([]incident.Person, error) {
	words = strings.Trim(words, "<@!>")
	var out []incident.Person
	for _, p := range h.people {
		if p.Name == words || p.Email == words || p.Accounts[0].ID == words || words == "sam" && strings.HasPrefix(p.Name, "sam-") {
			out = append(out, p)
		}
	}
	return out, h.down
}

func (h *house) OnCall(ctx context.Context, team string, at time.Time) ([]integrations.OnCall, error) {
	if h.slow {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if lines, set := h.lines[team]; set {
		return lines, nil
	}
	if team == "web" {
		return nil, fault.New(fault.Unavailable, "The pager does not answer.")
	}
	if h.nobody {
		return nil, nil
	}
	return []integrations.OnCall{
		{Target: "payments", Level: 2, Name: "bo", Until: at.Add(time.Hour)}, {Target: "payments", Level: 1, Name: "cy", Until: at.Add(time.Hour)},
	}, nil
}

func (h *house) PagerFor(t incident.Target, _ bool) (string, bool) {
	name := t.Name
	if t.Kind == incident.ServiceTarget {
		s, _ := h.policy.ServiceFor(t.Name)
		name = s.Team
	}
	return "practice", h.pagers[name]
}

func (h *house) Health(context.Context) []integrations.Finding {
	return []integrations.Finding{
		{Level: "ok", What: "store"},
		{Level: "warn", What: "pager", Why: "it is the practice pager", Mend: "set TOCSIN_PAGERDUTY_TOKEN"},
		{Level: "fail", What: "clock", Why: "it is 90 s late", Mend: "start a time service"},
	}
}
