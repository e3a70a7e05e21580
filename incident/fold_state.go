package incident

import (
	"slices"
	"time"
)

func (e Declared) fold(i *Incident, r Recorded) {
	i.Number, i.Title, i.Severity, i.Status = e.Number, e.Title, e.Severity, Triage
	i.Services, i.From = e.Services, e.From
	i.Private, i.Drill, i.RecordOnly = e.Private, e.Drill, e.RecordOnly
	i.Declarer, i.DeclaredAt, i.Active = r.Actor, r.Happened, r.Recorded
	i.Cadence, i.NextUpdate = e.Cadence, e.Next
	i.join(r.Actor)
	if e.Commander != "" {
		i.Holders = with(i.Holders, Holder{Role: Commander, Person: e.Commander, Acting: true, Since: r.Happened})
		i.join(e.Commander)
	}
	i.Milestones.Started = r.Happened
	if !e.Started.IsZero() {
		i.Milestones.Started = e.Started
	}
	if !e.RecordOnly { // when it was noticed is not known of the past
		i.Milestones.Detected = r.Happened
	}
}

func (e RoomOpened) fold(i *Incident, _ Recorded) { i.Rooms = with(i.Rooms, e.Room) }

func (e Adopted) fold(i *Incident, _ Recorded) {
	e.Room.Adopted = true
	i.Rooms = with(i.Rooms, e.Room)
}

func (e RoomArchived) fold(i *Incident, _ Recorded) {
	if at := i.roomAt(e.Room); at >= 0 {
		i.Rooms = slices.Clone(i.Rooms)
		i.Rooms[at].Archived = true
	}
}

func (i Incident) roomAt(room Room) int {
	return slices.IndexFunc(i.Rooms, func(r Room) bool {
		return r.Platform == room.Platform && r.ID == room.ID && r.Thread == room.Thread
	})
}

func (e AnnouncementPosted) fold(i *Incident, _ Recorded) {
	i.Announcements = with(i.Announcements, e.Message)
}

func (e Renamed) fold(i *Incident, _ Recorded) { i.Title = e.Title }

func (e SeveritySet) fold(i *Incident, r Recorded) {
	i.Severity, i.Cadence, i.NextUpdate = e.To, e.Cadence, e.Next
	i.stir(r)
}

// stir notes that a person moved things on, which resets the nudges.
func (i *Incident) stir(r Recorded) {
	if r.Actor != House {
		i.Active = r.Recorded
	}
}

func (e StatusSet) fold(i *Incident, r Recorded) {
	i.Status = e.To
	i.measure(func(m *Milestones) {
		switch {
		case e.To != Monitoring:
			m.Mitigated = time.Time{}
		case !e.Mitigated.IsZero():
			m.Mitigated = e.Mitigated
		case m.Mitigated.IsZero():
			m.Mitigated = r.Happened
		}
	})
}

func (e ServiceAdded) fold(i *Incident, _ Recorded) {
	i.Services = with(without(i.Services, isService(e.Service.Name)), e.Service)
}

func (e ServiceRemoved) fold(i *Incident, _ Recorded) {
	i.Services = without(i.Services, isService(e.Name))
}

func isService(name string) func(Service) bool {
	return func(s Service) bool { return s.Name == name }
}

func (e ImpactSet) fold(i *Incident, _ Recorded) { i.Impact = e.Impact }

func (e CauseSet) fold(i *Incident, _ Recorded) { i.Cause = e.Tag }

func (e PrivacySet) fold(i *Incident, _ Recorded) { i.Private = e.Private }

func (e FieldSet) fold(i *Incident, _ Recorded) {
	i.Fields = without(i.Fields, func(f Field) bool { return f.Name == e.Field })
	if !e.Value.Empty() {
		i.Fields = with(i.Fields, Field{Name: e.Field, Value: e.Value})
		slices.SortFunc(i.Fields, func(a, b Field) int { return compare(a.Name, b.Name) })
	}
}

func (e CallSet) fold(i *Incident, _ Recorded) { i.Call = e.URL }

func (e Resolution) fold(i *Incident, r Recorded) {
	i.end(Resolved, e.By, e.How, r)
	i.measure(func(m *Milestones) {
		m.Resolved = r.Happened
		if !e.Mitigated.IsZero() {
			m.Mitigated = e.Mitigated
		}
	})
}

// end is what all ends have in common. An end that returns because a re-open
// was taken back keeps who it was that ended it.
func (i *Incident) end(s Status, by PersonID, words Text, r Recorded) {
	if by == "" {
		by = r.Actor
	}
	i.Status, i.EndedAt, i.EndedBy, i.Outcome = s, r.Happened, by, words
	i.NextUpdate = time.Time{}
}

func (e Reopened) fold(i *Incident, r Recorded) {
	i.Status = e.To
	if !e.To.Open() { // a close was taken back
		return
	}
	i.EndedAt, i.EndedBy, i.Outcome, i.Reason = time.Time{}, "", Text{}, ""
	i.MergedInto, i.MergedID = 0, ""
	i.Cadence, i.NextUpdate = e.Cadence, e.Next
	i.measure(func(m *Milestones) {
		m.Resolved = time.Time{}
		if e.To != Monitoring {
			m.Mitigated = time.Time{}
		}
	})
	i.stir(r)
}

func (e Cancellation) fold(i *Incident, r Recorded) {
	i.end(Cancelled, e.By, e.Note, r)
	i.Reason = e.Reason
}

func (e MergedInto) fold(i *Incident, r Recorded) {
	i.end(Merged, "", Text{}, r)
	i.MergedInto, i.MergedID = e.Number, e.Into
}

func (MergeReceived) fold(*Incident, Recorded) {}

func (Closure) fold(i *Incident, _ Recorded) { i.Status = Closed }

func (e EffectParked) fold(i *Incident, _ Recorded) {
	i.Parked = newest(with(without(i.Parked, isJob(e.Job)), Parked(e)), maxParked)
}

func (e EffectRetried) fold(i *Incident, _ Recorded) { i.Parked = without(i.Parked, isJob(e.Job)) }

func isJob(job string) func(Parked) bool { return func(p Parked) bool { return p.Job == job } }

func (ZoneSet) fold(*Incident, Recorded) {}

func (e Erased) fold(i *Incident, _ Recorded) {
	i.ownSlices()
	EachText(i, func(t *Text) {
		if e.Person == "" || t.Author == e.Person {
			t.Words, t.Erased = "", true
		}
	})
}

// ownSlices copies the lists that hold texts, so that they may be changed.
func (i *Incident) ownSlices() {
	i.Fields, i.Offers, i.Pages = slices.Clone(i.Fields), slices.Clone(i.Offers), slices.Clone(i.Pages)
	i.OpenTasks, i.Edited = slices.Clone(i.OpenTasks), slices.Clone(i.Edited)
}
