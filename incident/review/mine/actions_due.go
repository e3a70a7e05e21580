package mine

import (
	"strings"
	"time"
)

// zoneOf is where the author of a message lives; UTC when that is not known.
func (l *listener) zoneOf(m *msg) *time.Location {
	if name := l.people[m.author].Zone; name != "" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.UTC
}

// dueOf is the day by which a text says that something is to be done, as noon
// of that day in UTC; zero: it names none. "Next week" names no day.
func dueOf(text string, said time.Time, zone *time.Location) time.Time {
	day := said.In(zone)
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\n.,;:!?()", r) })
	for i, w := range words {
		before := ""
		if i > 0 {
			before = words[i-1]
		}
		switch w {
		case "today", "eod", "tonight":
			if before != "not" {
				return noon(day)
			}
		case "tomorrow":
			return noon(day.AddDate(0, 0, 1))
		case "eow":
			return noon(next(day, time.Friday, true))
		}
		if wd, ok := weekday(w); ok && before != "since" && before != "last" && before != "on-call" {
			return noon(next(day, wd, false))
		}
		if of, err := time.Parse(time.DateOnly, w); err == nil && of.After(said) {
			return noon(of)
		}
	}
	return time.Time{}
}

func noon(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, time.UTC)
}

// next is the coming day of a name; today counts when it may.
func next(day time.Time, wd time.Weekday, today bool) time.Time {
	ahead := (int(wd) - int(day.Weekday()) + 7) % 7
	if ahead == 0 && !today {
		ahead = 7
	}
	return day.AddDate(0, 0, ahead)
}

func weekday(w string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if w == strings.ToLower(d.String()) {
			return d, true
		}
	}
	return 0, false
}
