package chat

import (
	"fmt"
	"time"
)

// Moment draws a moment for this reader, the zone always with it.
func (p Paper) Moment(w When) string {
	if w.At.IsZero() {
		return "at no known time"
	}
	at := w.At.In(p.location(w))
	switch {
	case w.Style == Relative && !p.Now.IsZero():
		return Ago(w.At, p.Now)
	case w.Style == Clock:
		return at.Format("15:04 MST")
	case !p.Now.IsZero() && at.Year() == p.Now.In(at.Location()).Year():
		return at.Format("Mon 2 Jan 15:04 MST")
	}
	return at.Format("Mon 2 Jan 2006 15:04 MST")
}

func (p Paper) location(w When) *time.Location {
	for _, name := range []string{p.Zone, w.Zone} {
		if name == "" || name == "Local" {
			continue
		}
		if loc, err := time.LoadLocation(name); err == nil {
			return loc
		}
	}
	return time.UTC
}

// Ago is how far a moment is from now: "4 min ago", "in 20 min", "just now".
func Ago(at, now time.Time) string {
	d := now.Sub(at)
	switch {
	case d < 0 && d > -time.Minute:
		return "in a moment"
	case d < 0:
		return "in " + Lasting(-d)
	case d < time.Minute:
		return "just now"
	}
	return Lasting(d) + " ago"
}

// Lasting is a length of time in at most two units: "4 min", "1 h 20 min",
// "2 d 3 h".
func Lasting(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 24*time.Hour:
		return two(d/time.Hour, "h", d%time.Hour/time.Minute, "min")
	}
	return two(d/(24*time.Hour), "d", d%(24*time.Hour)/time.Hour, "h")
}

func two(a time.Duration, aUnit string, b time.Duration, bUnit string) string {
	if b == 0 {
		return fmt.Sprintf("%d %s", a, aUnit)
	}
	return fmt.Sprintf("%d %s %d %s", a, aUnit, b, bUnit)
}
