package commands

import (
	"strconv"
	"strings"
	"time"
)

// clock is a time of day.
type clock struct{ hour, minute, second int }

// date is a day of the calendar; the day may lie outside its month.
type date struct {
	year  int
	month time.Month
	day   int
}

// readClock reads "14:05", "14.05", "14h05", "2pm", "2:30 pm", "noon", "midnight".
func readClock(s string) (clock, bool) {
	switch s {
	case "noon":
		return clock{hour: 12}, true
	case "midnight":
		return clock{}, true
	}
	s, half := halfDay(s)
	parts := strings.Split(s, ":")
	if len(parts) == 1 && half == "" {
		return clock{}, false
	}
	if len(parts) > 3 {
		return clock{}, false
	}
	var n [3]int
	for i, p := range parts {
		v, ok := number(p, 2)
		if !ok || i > 0 && len(p) != 2 {
			return clock{}, false
		}
		n[i] = v
	}
	c := clock{n[0], n[1], n[2]}
	if half != "" && (c.hour < 1 || c.hour > 12) {
		return clock{}, false
	}
	return c.in(half), c.hour < 24 && c.minute < 60 && c.second < 60
}

// halfDay takes "am" or "pm" off the end: "a", "p" or neither.
func halfDay(s string) (rest, half string) {
	for _, end := range []string{"am", "pm", "a.m.", "p.m."} {
		if cut, ok := strings.CutSuffix(s, end); ok {
			return strings.TrimSpace(cut), end[:1]
		}
	}
	return s, ""
}

// in is the time of day that an hour from 1 to 12 means in a half of it.
func (c clock) in(half string) clock {
	if half != "" {
		c.hour %= 12
	}
	if half == "p" {
		c.hour += 12
	}
	return c
}

// readSpan reads a length of time: "20m", "1h30", "1h30m", "90 min", "2 hours", "1d".
func readSpan(s string) (time.Duration, bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, " and ", ""), " ", "")
	if s == "" || len(s) > 24 {
		return 0, false
	}
	var total, last time.Duration
	for s != "" {
		n := leading(s, func(b byte) bool { return b >= '0' && b <= '9' })
		v, ok := number(s[:n], 6)
		if !ok {
			return 0, false
		}
		s = s[n:]
		w := leading(s, func(b byte) bool { return b >= 'a' && b <= 'z' })
		unit, ok := unitOf(s[:w])
		if s == "" && last == time.Hour && v < 60 && n <= 2 { // "1h30"
			unit, ok = time.Minute, true
		}
		if !ok || last != 0 && unit >= last {
			return 0, false
		}
		total += time.Duration(v) * unit
		last, s = unit, s[w:]
		if total > farthest {
			return 0, false
		}
	}
	return total, total > 0
}

func unitOf(s string) (time.Duration, bool) {
	switch s {
	case "s", "sec", "secs", "second", "seconds":
		return time.Second, true
	case "m", "min", "mins", "minute", "minutes":
		return time.Minute, true
	case "h", "hr", "hrs", "hour", "hours":
		return time.Hour, true
	case "d", "day", "days":
		return 24 * time.Hour, true
	case "w", "week", "weeks":
		return 7 * 24 * time.Hour, true
	}
	return 0, false
}

func leading(s string, is func(byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

// number reads 1 to width digits.
func number(s string, width int) (int, bool) {
	if s == "" || len(s) > width || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// dayFound is a day as it was said: in full, or one of several that a
// direction has to choose from.
type dayFound struct {
	date
	weekly bool // a weekday: any week
	yearly bool // day and month: any year
}

func (r *timeReader) readDay(words []string) (dayFound, bool) {
	y, m, d := r.now.In(r.zone).Date()
	switch len(words) {
	case 1:
		switch words[0] {
		case "today":
			return dayFound{date: date{y, m, d}}, true
		case "tomorrow":
			return dayFound{date: date{y, m, d + 1}}, true
		case "yesterday":
			return dayFound{date: date{y, m, d - 1}}, true
		}
		if wd, ok := weekday(words[0]); ok {
			ahead := (int(wd) - int(time.Date(y, m, d, 12, 0, 0, 0, time.UTC).Weekday()) + 7) % 7
			return dayFound{date: date{y, m, d + ahead}, weekly: true}, true
		}
		return isoDay(words[0])
	case 2, 3:
		return r.namedDay(words)
	}
	return dayFound{}, false
}

func isoDay(s string) (dayFound, bool) {
	at, err := time.Parse("2006-01-02", s)
	if err != nil {
		return dayFound{}, false
	}
	y, m, d := at.Date()
	return dayFound{date: date{y, m, d}}, true
}

// namedDay reads "25 nov", "nov 25", "25 november 2026".
func (r *timeReader) namedDay(words []string) (dayFound, bool) {
	day, name := words[0], words[1]
	if _, ok := month(day); ok {
		day, name = name, day
	}
	for _, end := range []string{"st", "nd", "rd", "th", "."} {
		day = strings.TrimSuffix(day, end)
	}
	m, ok := month(name)
	if !ok {
		return dayFound{}, false
	}
	d, ok := number(day, 2)
	if !ok || d < 1 || d > 31 {
		return dayFound{}, false
	}
	year, yearly := r.now.In(r.zone).Year(), true
	if len(words) == 3 {
		if year, ok = number(words[2], 4); !ok || len(words[2]) != 4 {
			return dayFound{}, false
		}
		yearly = false
	}
	return dayFound{date: date{year, m, d}, yearly: yearly}, inCalendar(date{year, m, d}) || yearly && m == time.February && d == 29
}

// inCalendar says whether the calendar has the day.
func inCalendar(d date) bool {
	return time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC).Day() == d.day
}

func weekday(s string) (time.Weekday, bool) {
	for wd := time.Sunday; wd <= time.Saturday; wd++ {
		name := strings.ToLower(wd.String())
		if s == name || s == name[:3] || len(s) > 3 && len(s) < 6 && strings.HasPrefix(name, s) {
			return wd, true
		}
	}
	return 0, false
}

func month(s string) (time.Month, bool) {
	s = strings.TrimSuffix(s, ".")
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if s == name || s == name[:3] || s == "sept" && m == time.September {
			return m, true
		}
	}
	return 0, false
}

// onDay places a clock on a day, in the week or year that the direction asks for.
func (r *timeReader) onDay(d dayFound, c clock) (time.Time, bool) {
	at := localMoment(d.date, c, r.zone)
	switch {
	case d.weekly && r.dir == Past:
		for at.After(r.now) {
			d.day -= 7
			at = localMoment(d.date, c, r.zone)
		}
	case d.weekly:
		if y, m, day := r.now.In(r.zone).Date(); d.date == (date{y, m, day}) || !at.After(r.now) {
			d.day += 7
			at = localMoment(d.date, c, r.zone)
		}
	case d.yearly:
		return r.inYear(d.date, c)
	}
	return at, true
}

// inYear finds the year nearest to now, on the right side, that has the day.
func (r *timeReader) inYear(d date, c clock) (time.Time, bool) {
	step := 1
	if r.dir == Past {
		step = -1
	}
	for range 10 { // 29 February may be eight years away
		at := localMoment(d, c, r.zone)
		if inCalendar(d) && (r.dir == Past && !at.After(r.now) || r.dir != Past && at.After(r.now)) {
			return at, true
		}
		d.year += step
	}
	return time.Time{}, false
}

// localMoment is the moment at which clocks in a zone show a date and time:
// the first, when they show it twice; when they never do, the moment that
// clocks not yet put forward would show it.
func localMoment(d date, c clock, zone *time.Location) time.Time {
	naive := time.Date(d.year, d.month, d.day, c.hour, c.minute, c.second, 0, time.UTC)
	_, before := naive.Add(-26 * time.Hour).In(zone).Zone()
	_, after := naive.Add(26 * time.Hour).In(zone).Zone()
	first, second := max(before, after), min(before, after) // a larger offset comes first
	for _, offset := range []int{first, second} {
		at := naive.Add(-time.Duration(offset) * time.Second)
		if _, now := at.In(zone).Zone(); now == offset {
			return at
		}
	}
	return naive.Add(-time.Duration(before) * time.Second)
}

// ReadZone finds a zone by its IANA name, or by a city of it, in any case.
func ReadZone(words string) (*time.Location, bool) {
	words = strings.TrimSpace(words)
	if words == "" || len(words) > 40 || strings.EqualFold(words, "local") || strings.ContainsAny(words, ".\\:") {
		return nil, false
	}
	if strings.EqualFold(words, "utc") || strings.EqualFold(words, "gmt") {
		return time.UTC, true
	}
	name := zoneCase(words)
	tries := []string{words, name}
	if !strings.Contains(name, "/") {
		tries = nil
		for _, area := range []string{"Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian"} {
			tries = append(tries, area+"/"+name)
		}
	}
	for _, try := range tries {
		if zone, err := time.LoadLocation(try); err == nil {
			return zone, true
		}
	}
	return nil, false
}

// zoneCase writes a zone's name as the database does: "new york" -> "New_York".
func zoneCase(s string) string {
	b := []byte(strings.ToLower(strings.ReplaceAll(s, " ", "_")))
	for i := range b {
		if (i == 0 || b[i-1] == '/' || b[i-1] == '_' || b[i-1] == '-') && b[i] >= 'a' && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}
