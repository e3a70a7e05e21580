package web

import (
	"net/http"
	"strconv"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Limits of a listing.
const (
	defaultLimit = 50
	maxLimit     = 500
)

// person is somebody in an answer.
type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// line is an incident in a listing.
type line struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Title      string    `json:"title"`
	Severity   string    `json:"severity"`
	Status     string    `json:"status"`
	Private    bool      `json:"private"`
	Drill      bool      `json:"drill"`
	RecordOnly bool      `json:"record_only"`
	Services   []string  `json:"services"`
	Commander  *person   `json:"commander,omitempty"`
	Rooms      []place   `json:"rooms"`
	DeclaredAt time.Time `json:"declared_at"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	UpdatedAt  time.Time `json:"updated_at,omitzero"`
	NextUpdate time.Time `json:"next_update,omitzero"`
	MergedInto string    `json:"merged_into,omitempty"`
}

type place struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Name     string `json:"name"`
}

func (a *api) line(r *http.Request, s incident.Summary) line {
	l := line{
		ID: string(s.ID), Number: s.Number.String(), Title: s.Title.String(), Severity: s.Severity.String(),
		Status: string(s.Status), Private: s.Private, Drill: s.Drill, RecordOnly: s.RecordOnly,
		Services: append([]string{}, s.Services...), Rooms: []place{},
		DeclaredAt: s.DeclaredAt, EndedAt: s.EndedAt, UpdatedAt: s.UpdatedAt, NextUpdate: s.NextUpdate,
	}
	if s.Commander != "" {
		l.Commander = &person{ID: string(s.Commander), Name: a.Reads.Name(r.Context(), s.Commander)}
	}
	for _, room := range s.Rooms {
		l.Rooms = append(l.Rooms, place{Platform: room.Platform, ID: room.ID, Name: room.Name})
	}
	if s.MergedInto != 0 {
		l.MergedInto = s.MergedInto.String()
	}
	return l
}

func (a *api) incidents(w http.ResponseWriter, r *http.Request) {
	as, err := a.People.As(r.Context(), r.FormValue("as"))
	if err != nil {
		a.fail(w, r, err)
		return
	}
	f := store.Filter{As: as, Limit: defaultLimit, OnlyOpen: r.FormValue("open") == "1"}
	if f.Limit, err = number(r, "limit", defaultLimit, maxLimit); err == nil {
		var before int
		before, err = number(r, "after", 0, 1<<31)
		f.Before = incident.Number(before)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	found, err := a.Reads.Incidents(r.Context(), f)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out := struct {
		Incidents []line `json:"incidents"`
		After     int    `json:"after,omitempty"` // ask on with this; absent: this was the last page
	}{Incidents: []line{}}
	for _, s := range found {
		out.Incidents = append(out.Incidents, a.line(r, s))
	}
	if len(found) == f.Limit {
		out.After = int(found[len(found)-1].Number)
	}
	write(w, http.StatusOK, out)
}

// number reads a whole number from the query.
func number(r *http.Request, name string, otherwise, most int) (int, error) {
	s := r.FormValue(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, fault.New(fault.Invalid, "%s must be a whole number from 1.", name).WithExample("?" + name + "=20")
	}
	return min(n, most), nil
}

// known finds the incident of the path for the eyes of `as`. One that they
// may not know of is answered as one that never was.
func (a *api) known(r *http.Request) (incident.Incident, error) {
	as, err := a.People.As(r.Context(), r.FormValue("as"))
	if err != nil {
		return incident.Incident{}, err
	}
	inc, found, err := a.Reads.Incident(r.Context(), as, r.PathValue("id"))
	if err != nil {
		return incident.Incident{}, err
	}
	if !found {
		return incident.Incident{}, fault.New(fault.NotFound, "There is no such incident.").WithExample("/api/v1/incidents")
	}
	return inc, nil
}

// whole is one incident.
type whole struct {
	line
	Impact     string               `json:"impact,omitempty"`
	Cause      string               `json:"cause,omitempty"`
	Outcome    string               `json:"outcome,omitempty"`
	Call       string               `json:"call,omitempty"`
	Declarer   person               `json:"declarer"`
	Roles      []held               `json:"roles"`
	Milestones map[string]time.Time `json:"milestones"`
	LastUpdate string               `json:"last_update,omitempty"`
	OpenTasks  int                  `json:"open_tasks"`
	Actions    int                  `json:"open_actions"`
	Version    uint64               `json:"version"`
}

type held struct {
	Role   string `json:"role"`
	Person person `json:"person"`
	Acting bool   `json:"acting"`
}

func (a *api) incident(w http.ResponseWriter, r *http.Request) {
	inc, err := a.known(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out := whole{
		line: a.line(r, inc.Summary()), Impact: inc.Impact.String(), Cause: inc.Cause, Outcome: inc.Outcome.String(),
		Call: inc.Call, Declarer: a.person(r, inc.Declarer), Roles: []held{}, Milestones: milestones(inc.Milestones),
		LastUpdate: inc.LastUpdate.String(), OpenTasks: inc.TasksOpen, Actions: inc.ActionsN, Version: uint64(inc.Head),
	}
	for _, h := range inc.Holders {
		out.Roles = append(out.Roles, held{Role: string(h.Role), Person: a.person(r, h.Person), Acting: h.Acting})
	}
	write(w, http.StatusOK, out)
}

func (a *api) person(r *http.Request, id incident.PersonID) person {
	return person{ID: string(id), Name: a.Reads.Name(r.Context(), id)}
}

func milestones(m incident.Milestones) map[string]time.Time {
	out := map[string]time.Time{}
	for name, at := range map[incident.Milestone]time.Time{
		incident.Started: m.Started, incident.Detected: m.Detected, incident.Acknowledged: m.Acknowledged,
		incident.Mitigated: m.Mitigated, incident.ResolvedAt: m.Resolved,
	} {
		if !at.IsZero() {
			out[string(name)] = at
		}
	}
	return out
}

// entry is one line of a timeline.
type entry struct {
	Entry      uint64    `json:"entry"`
	HappenedAt time.Time `json:"happened_at"`
	RecordedAt time.Time `json:"recorded_at"`
	Actor      person    `json:"actor"`
	Through    string    `json:"through,omitempty"`
	Event      string    `json:"event"`
	Text       string    `json:"text"`
	Struck     bool      `json:"struck,omitempty"`
	Edited     bool      `json:"edited,omitempty"`
	Deleted    bool      `json:"deleted,omitempty"`
}

func (a *api) timeline(w http.ResponseWriter, r *http.Request) {
	inc, err := a.known(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	entries, err := a.Reads.Timeline(r.Context(), inc.ID)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	out := struct {
		Incident string  `json:"incident"`
		Timeline []entry `json:"timeline"`
	}{Incident: inc.Number.String(), Timeline: []entry{}}
	for _, e := range entries {
		out.Timeline = append(out.Timeline, entry{
			Entry: uint64(e.Version), HappenedAt: e.Happened, RecordedAt: e.Recorded, Actor: a.person(r, e.Actor),
			Through: e.Account, Event: incident.NameOf(e.Event), Text: a.Reads.Sentence(r.Context(), e),
			Struck: e.Struck, Edited: e.Edited, Deleted: e.Deleted,
		})
	}
	write(w, http.StatusOK, out)
}
