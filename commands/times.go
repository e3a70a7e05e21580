package commands

import (
	"strings"
	"time"

	"tocsin/incident/fault"
)

// Direction says on which side of now a moment lies that was not given in full.
type Direction int

// The directions. Due is Next, but a day without a clock means its evening.
const (
	Past Direction = iota + 1
	Next
	Due
)

// Hours that stand for a day without a clock.
const (
	morning = 9
	evening = 17
)

// farthest is how far a moment may lie from now; what lies farther is a slip.
const farthest = 3660 * 24 * time.Hour

// ReadTime reads words for a moment: "20m", "in 1h30", "14:05", "2pm",
// "tomorrow 9:00", "friday", "yesterday 23:10", "25 Nov 14:05",
// "2026-11-25 14:05". Words are read in zone (nil: UTC) and at now, the
// request's own time. Past gives the latest such moment not after now, Next
// and Due the next one after it. A weekday that is today is in a week. An
// hour that a change of the clocks doubles is the first one; one that it
// skips moves forward.
func ReadTime(words string, now time.Time, zone *time.Location, d Direction) (time.Time, error) {
	if zone == nil {
		zone = time.UTC
	}
	r := timeReader{said: strings.TrimSpace(words), now: now, zone: zone, dir: d}
	at, ok := r.read()
	if !ok {
		return time.Time{}, r.unreadable()
	}
	if gap := at.Sub(now).Abs(); gap > farthest {
		return time.Time{}, fault.New(fault.Invalid, "%q is more than ten years away.", r.said)
	}
	if d == Past && at.After(now) {
		return time.Time{}, fault.New(fault.Invalid, "%s is in the future; a moment in the past is needed here.", moment(at, zone))
	}
	if d != Past && !at.After(now) {
		return time.Time{}, fault.New(fault.Invalid, "%s is in the past; a moment to come is needed here.", moment(at, zone))
	}
	return at.UTC().Truncate(time.Second), nil
}

// moment is how a reply repeats a moment that it read: date, time and zone.
func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 2006 15:04 MST")
}

type timeReader struct {
	said string
	now  time.Time
	zone *time.Location
	dir  Direction
}

func (r *timeReader) unreadable() error {
	like := "20m, 14:05, tomorrow 9:00 or friday"
	if r.dir == Past {
		like = "14:05, yesterday 23:10 or 20m ago"
	}
	return fault.New(fault.Invalid, "I cannot read %q as a time. Times look like %s.", short(r.said, 40), like)
}

// read tries the shapes from the plainest to the fullest.
func (r *timeReader) read() (time.Time, bool) {
	if len(r.said) > 60 || r.said == "" {
		return time.Time{}, false
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(r.said)); err == nil {
		return at, true
	}
	words := strings.Fields(strings.ToLower(strings.NewReplacer(",", " ", "uhr", "").Replace(r.said)))
	if len(words) == 1 && words[0] == "now" && r.dir == Past {
		return r.now, true
	}
	if at, ok := r.span(words); ok {
		return at, true
	}
	words = r.ownZone(words)
	if len(words) > 0 && (words[0] == "at" || words[0] == "on") {
		words = words[1:]
	}
	return r.calendar(words)
}

// span reads a distance from now.
func (r *timeReader) span(words []string) (time.Time, bool) {
	before := r.dir == Past
	switch {
	case len(words) > 1 && words[0] == "in":
		words, before = words[1:], false
	case len(words) > 1 && words[len(words)-1] == "ago":
		words, before = words[:len(words)-1], true
	}
	d, ok := readSpan(strings.Join(words, " "))
	if !ok {
		return time.Time{}, false
	}
	if before {
		d = -d
	}
	return r.now.Add(d), true
}

// ownZone takes a zone off the end of the words ("14:05 UTC",
// "9:00 Europe/Berlin") and reads the rest in it.
func (r *timeReader) ownZone(words []string) []string {
	if len(words) < 2 {
		return words
	}
	last := words[len(words)-1]
	if last == "utc" || last == "gmt" || last == "z" {
		r.zone = time.UTC
		return words[:len(words)-1]
	}
	if strings.Contains(last, "/") {
		if zone, ok := ReadZone(last); ok {
			r.zone = zone
			return words[:len(words)-1]
		}
	}
	return words
}

// calendar reads a day, a clock, or both in this or the other order.
func (r *timeReader) calendar(words []string) (time.Time, bool) {
	if len(words) == 0 || len(words) > 5 {
		return time.Time{}, false
	}
	if c, ok := readClock(strings.Join(words, " ")); ok {
		return r.atClock(c)
	}
	if d, ok := r.readDay(words); ok {
		return r.onDay(d, r.wholeDay())
	}
	for n := 1; n <= 2 && n < len(words); n++ { // the clock may be "2 pm"
		head, tail := words[:len(words)-n], words[len(words)-n:]
		if at, ok := r.dayAndClock(head, tail); ok {
			return at, true
		}
		if at, ok := r.dayAndClock(words[n:], words[:n]); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

func (r *timeReader) dayAndClock(day, clock []string) (time.Time, bool) {
	if len(day) > 1 && day[len(day)-1] == "at" {
		day = day[:len(day)-1]
	}
	if len(day) > 1 && day[0] == "on" {
		day = day[1:]
	}
	c, ok := readClock(strings.Join(clock, " "))
	if !ok {
		return time.Time{}, false
	}
	d, ok := r.readDay(day)
	if !ok {
		return time.Time{}, false
	}
	return r.onDay(d, c)
}

// wholeDay is the clock of a day that was given without one.
func (r *timeReader) wholeDay() clock {
	switch r.dir {
	case Next:
		return clock{hour: morning}
	case Due:
		return clock{hour: evening}
	case Past:
		return clock{}
	}
	return clock{}
}

// atClock finds the nearest day on which a clock time lies on the right side of now.
func (r *timeReader) atClock(c clock) (time.Time, bool) {
	today := r.now.In(r.zone)
	y, m, day := today.Date()
	if r.dir == Past {
		for back := range 3 {
			if at := localMoment(date{y, m, day - back}, c, r.zone); !at.After(r.now) {
				return at, true
			}
		}
		return time.Time{}, false
	}
	for on := range 3 {
		if at := localMoment(date{y, m, day + on}, c, r.zone); at.After(r.now) {
			return at, true
		}
	}
	return time.Time{}, false
}
