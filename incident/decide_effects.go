package incident

import (
	"slices"
	"time"

	"tocsin/incident/fault"
)

// What follows is recorded by the house: outcomes of effects. Each gives no
// events when it is on record already, since a job may be done twice.

// OpenRoom records that the incident has a room.
func (i Incident) OpenRoom(room Room) ([]Event, error) {
	if i.Newer || room.ID == "" || i.roomAt(room) >= 0 || len(i.Rooms) >= MaxRooms {
		return nil, nil
	}
	room.Adopted, room.Archived = false, false
	return []Event{RoomOpened{Room: room.short()}}, nil
}

// ArchiveRoom records that a room was archived.
func (i Incident) ArchiveRoom(room Room) ([]Event, error) {
	at := i.roomAt(room)
	if i.Newer || at < 0 || i.Rooms[at].Archived {
		return nil, nil
	}
	return []Event{RoomArchived{Room: i.Rooms[at]}}, nil
}

// Announced records that the announcement was first posted in a room.
func (i Incident) Announced(m MessageRef) ([]Event, error) {
	known := slices.ContainsFunc(i.Announcements, func(o MessageRef) bool { return o.Platform == m.Platform && o.Room == m.Room })
	if i.Newer || m.ID == "" || known || len(i.Announcements) >= MaxRooms {
		return nil, nil
	}
	return []Event{AnnouncementPosted{Message: m}}, nil
}

// link keeps a vendor's link only when it is one of sane length.
func link(said string) string {
	to, err := address(said, "")
	if err != nil || len(to) > MaxTitle {
		return ""
	}
	return to
}

// ReminderGiven records that a reminder was given, and how late.
func (i Incident) ReminderGiven(n int, late time.Duration) ([]Event, error) {
	if i.Newer || !slices.Contains(i.Waiting, n) {
		return nil, nil
	}
	return []Event{ReminderDone{Reminder: n, Late: max(0, late)}}, nil
}

// Park records that an effect was given up until somebody retries it.
func (i Incident) Park(e EffectParked) ([]Event, error) {
	e.What, e.Why = short(e.What, maxWhat), short(e.Why, maxWhat)
	if i.Newer || e.Job == "" || slices.Contains(i.Parked, Parked(e)) {
		return nil, nil
	}
	return []Event{e}, nil
}

// RetryEffect asks for an effect again that was given up. What the far side
// refused for good only an admin may ask for again.
func (i Incident) RetryEffect(a Actor, job string) ([]Event, error) {
	if err := i.may(a, "pending", anyTime); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(i.Parked, isJob(job))
	if at < 0 {
		return nil, unchanged("Nothing of that kind is given up in %s any more.", i.Number)
	}
	p := i.Parked[at]
	if p.Buried && !a.Admin && a.Person != House {
		return nil, fault.New(fault.Forbidden, "The other side refused this for good (%s). Only an admin of tocsin can ask for it again.", p.Why)
	}
	return []Event{EffectRetried{Job: p.Job, What: p.What}}, nil
}
