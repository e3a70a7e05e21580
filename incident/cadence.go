package incident

import (
	"slices"
	"time"
)

// NextUpdate is when the next update is due after a moment; zero when none is
// promised. A cadence of working hours counts only those: four hours from
// Friday 16:00 end on Monday at 12:00.
func (p Policy) NextUpdate(c Cadence, now time.Time) time.Time {
	switch {
	case c.Every <= 0:
		return time.Time{}
	case !c.Working || !p.Hours.usable():
		return now.Add(c.Every).UTC()
	}
	return p.Hours.after(c.Every, now).UTC()
}

func (h Hours) usable() bool {
	return h.From >= 0 && h.From < h.To && h.To <= 24*60 && len(h.Days) > 0
}

func (h Hours) zone() *time.Location {
	if zone, err := time.LoadLocation(h.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// after adds working time to a moment.
func (h Hours) after(work time.Duration, now time.Time) time.Time {
	at := now.In(h.zone())
	for range 4000 { // enough for any sane sum; a year of hours has some 260 working days
		from, to := h.day(at)
		if slices.Contains(h.Days, at.Weekday()) && at.Before(to) {
			if at.Before(from) {
				at = from
			}
			if left := to.Sub(at); work <= left {
				return at.Add(work)
			}
			work -= to.Sub(at)
		}
		at = time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, at.Location())
	}
	return now.Add(work)
}

// day is when work begins and ends on the day of a moment. Days on which a
// clock is changed are as long as their clock says.
func (h Hours) day(at time.Time) (from, to time.Time) {
	y, m, d := at.Date()
	from = time.Date(y, m, d, 0, h.From, 0, 0, at.Location())
	to = time.Date(y, m, d, 0, h.To, 0, 0, at.Location())
	return from, to
}

// WorkingAt says whether a moment lies in the working hours.
func (h Hours) WorkingAt(at time.Time) bool {
	if !h.usable() {
		return true
	}
	at = at.In(h.zone())
	from, to := h.day(at)
	return slices.Contains(h.Days, at.Weekday()) && !at.Before(from) && at.Before(to)
}

// sooner is the nearer of a promise that still stands and a new one; a zero
// new one lifts the promise.
func sooner(standing, fresh, now time.Time) time.Time {
	if fresh.IsZero() || standing.IsZero() || !standing.After(now) || fresh.Before(standing) {
		return fresh
	}
	return standing
}
