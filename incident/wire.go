package incident

import (
	"encoding/json"
	"strconv"
	"time"
)

// AppendJSON writes the state as encoding/json does, at a fraction of the
// cost: each commit writes one.
func (i *Incident) AppendJSON(b []byte) ([]byte, error) {
	w := wire{out: append(b, '{')}
	w.string("id", string(i.ID), true)
	w.number("head", int64(i.Head), true)
	w.number("number", int64(i.Number), true)
	w.text("title", i.Title, true)
	w.number("severity", int64(i.Severity), false)
	w.string("status", string(i.Status), true)
	listed(&w, "services", i.Services)
	w.text("impact", i.Impact, false)
	w.string("cause", i.Cause, false)
	listed(&w, "fields", i.Fields)
	w.yes("private", i.Private)
	w.yes("drill", i.Drill)
	w.yes("record_only", i.RecordOnly)
	w.string("declarer", string(i.Declarer), true)
	w.time("declared_at", i.DeclaredAt, true)
	if i.From != (Room{}) {
		w.name("from")
		w.room(i.From)
	}
	w.time("ended_at", i.EndedAt, false)
	w.string("ended_by", string(i.EndedBy), false)
	w.text("outcome", i.Outcome, false)
	w.string("reason", string(i.Reason), false)
	w.number("merged_into", int64(i.MergedInto), false)
	w.string("merged_id", string(i.MergedID), false)
	w.rooms(i.Rooms)
	listed(&w, "announcements", i.Announcements)
	w.string("call", i.Call, false)
	w.people(i)
	w.updates(i)
	w.work(i)
	w.time("touched", i.Touched, true)
	w.time("active", i.Active, true)
	w.yes("newer", i.Newer)
	return append(w.out, '}'), w.err
}

// AppendJSON writes the row as encoding/json does.
func (s *Summary) AppendJSON(b []byte) ([]byte, error) {
	w := wire{out: append(b, '{')}
	w.string("id", string(s.ID), true)
	w.number("head", int64(s.Head), true)
	w.number("number", int64(s.Number), true)
	w.text("title", s.Title, true)
	w.number("severity", int64(s.Severity), false)
	w.string("status", string(s.Status), true)
	w.yes("private", s.Private)
	w.yes("drill", s.Drill)
	w.yes("record_only", s.RecordOnly)
	listed(&w, "services", s.Services)
	w.string("commander", string(s.Commander), false)
	w.yes("acting", s.Acting)
	w.string("declarer", string(s.Declarer), true)
	w.rooms(s.Rooms)
	listed(&w, "members", s.Members)
	w.time("declared_at", s.DeclaredAt, true)
	w.time("ended_at", s.EndedAt, false)
	w.time("next_update", s.NextUpdate, false)
	w.time("updated_at", s.UpdatedAt, false)
	w.time("touched", s.Touched, true)
	w.number("merged_into", int64(s.MergedInto), false)
	return append(w.out, '}'), w.err
}

// wire writes the fields of an object in the middle of being written.
type wire struct {
	out []byte
	err error
}

// name begins a field.
func (w *wire) name(name string) {
	if w.out[len(w.out)-1] != '{' {
		w.out = append(w.out, ',')
	}
	w.out = append(append(append(w.out, '"'), name...), '"', ':')
}

// value writes what is rare the long way.
func (w *wire) value(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		w.err = err
	}
	w.out = append(w.out, b...)
}

// listed writes a field that is a list, unless it is empty.
func listed[T any](w *wire, name string, list []T) {
	if len(list) > 0 {
		w.name(name)
		w.value(list)
	}
}

func (w *wire) words(s string) {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			w.value(s)
			return
		}
	}
	w.out = append(append(append(w.out, '"'), s...), '"')
}

// The last argument of these says that the field is written when it is zero, too.

func (w *wire) string(name, s string, always bool) {
	if s != "" || always {
		w.name(name)
		w.words(s)
	}
}

func (w *wire) number(name string, n int64, always bool) {
	if n != 0 || always {
		w.name(name)
		w.out = strconv.AppendInt(w.out, n, 10)
	}
}

func (w *wire) yes(name string, is bool) {
	if is {
		w.name(name)
		w.out = append(w.out, "true"...)
	}
}

func (w *wire) time(name string, t time.Time, always bool) {
	if t.IsZero() && !always {
		return
	}
	w.name(name)
	if y := t.Year(); y < 0 || y > 9999 || t.Location() != time.UTC {
		w.value(t)
		return
	}
	w.out = append(t.AppendFormat(append(w.out, '"'), time.RFC3339Nano), '"')
}

func (w *wire) text(name string, t Text, always bool) {
	if t == (Text{}) && !always {
		return
	}
	w.name(name)
	w.out = append(w.out, '{')
	w.string("ref", t.Ref, false)
	w.string("by", string(t.Author), false)
	w.string("hash", t.Hash, false)
	w.out = append(w.out, '}')
}

func (w *wire) room(r Room) {
	w.out = append(w.out, '{')
	w.string("platform", r.Platform, true)
	w.string("id", r.ID, true)
	w.string("name", r.Name, false)
	w.string("thread", r.Thread, false)
	w.yes("adopted", r.Adopted)
	w.yes("archived", r.Archived)
	w.out = append(w.out, '}')
}

func (w *wire) rooms(all []Room) {
	w.each("rooms", len(all), func(k int) { w.room(all[k]) })
}

// each writes a field that is a list of n objects, unless it is empty.
func (w *wire) each(name string, n int, write func(k int)) {
	if n == 0 {
		return
	}
	w.name(name)
	for k := range n {
		w.out = append(w.out, "[,"[min(k, 1)])
		write(k)
	}
	w.out = append(w.out, ']')
}

func (w *wire) people(i *Incident) {
	w.each("holders", len(i.Holders), func(k int) {
		h := i.Holders[k]
		w.out = append(w.out, '{')
		w.string("role", string(h.Role), true)
		w.string("person", string(h.Person), true)
		w.yes("acting", h.Acting)
		w.time("since", h.Since, true)
		w.out = append(w.out, '}')
	})
	listed(w, "offers", i.Offers)
	w.each("members", len(i.Members), func(k int) { w.words(string(i.Members[k])) })
	listed(w, "pages", i.Pages)
	w.number("page_n", int64(i.PageN), false)
}

func (w *wire) updates(i *Incident) {
	if i.Cadence != (Cadence{}) {
		w.name("cadence")
		w.value(i.Cadence)
	}
	w.number("updates", int64(i.Updates), false)
	w.text("last_update", i.LastUpdate, false)
	w.time("updated_at", i.UpdatedAt, false)
	w.string("updated_by", string(i.UpdatedBy), false)
	w.time("next_update", i.NextUpdate, false)
	w.number("followers", int64(i.Followers), false)
	w.name("milestones")
	w.milestones(i.Milestones)
	if m := i.Measured; m.Corrected != nil || m.Started != (time.Time{}) || m.Detected != (time.Time{}) ||
		m.Acknowledged != (time.Time{}) || m.Mitigated != (time.Time{}) || m.Resolved != (time.Time{}) {
		w.name("measured")
		w.milestones(m)
	}
}

func (w *wire) milestones(m Milestones) {
	w.out = append(w.out, '{')
	w.time("started", m.Started, false)
	w.time("detected", m.Detected, false)
	w.time("acknowledged", m.Acknowledged, false)
	w.time("mitigated", m.Mitigated, false)
	w.time("resolved", m.Resolved, false)
	listed(w, "corrected", m.Corrected)
	w.out = append(w.out, '}')
}

func (w *wire) work(i *Incident) {
	w.number("items", int64(i.Items), false)
	listed(w, "open_tasks", i.OpenTasks)
	w.number("tasks_open", int64(i.TasksOpen), false)
	w.number("actions_n", int64(i.ActionsN), false)
	w.number("captures", int64(i.Captures), false)
	if len(i.OpenItems) > 0 {
		w.name("open_items")
		w.value(i.OpenItems)
	}
	listed(w, "checklists", i.Checklists)
	w.number("reminders", int64(i.Reminders), false)
	listed(w, "waiting", i.Waiting)
	listed(w, "snoozes", i.Snoozes)
	listed(w, "parked", i.Parked)
	listed(w, "alerts", i.Alerts)
	w.number("alerts_more", int64(i.AlertsMore), false)
	listed(w, "struck", i.Struck)
	listed(w, "edited", i.Edited)
	w.each("changes", len(i.Changes), func(k int) {
		c := i.Changes[k]
		w.out = append(w.out, '{')
		w.string("person", string(c.Person), true)
		w.number("first", int64(c.First), true)
		w.number("last", int64(c.Last), true)
		w.time("at", c.At, true)
		w.string("key", c.Key, false)
		w.out = append(w.out, '}')
	})
}
