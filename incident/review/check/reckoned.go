package check

import (
	"strconv"
	"strings"
	"time"
)

// reckoned says that a number follows from the sources without standing in
// one: how long it was from one cited moment to another, or the day of the
// month beside its month.
func reckoned(said []word, i int, sources []*evidence) bool {
	return duration(said, i, sources) || dayOfMonth(said, i, sources)
}

func duration(said []word, i int, sources []*evidence) bool {
	amount, unit, ok := amountOf(said, i)
	if !ok {
		return false
	}
	var at []time.Time
	for _, s := range sources {
		at = append(append(at, s.at), s.resolved...)
	}
	for a := range at {
		for b := a + 1; b < len(at); b++ {
			if fits(at[a].Sub(at[b]).Abs(), amount, unit, i > 0 && isHours(said[i-1].text)) {
				return true
			}
		}
	}
	return false
}

// fits allows for rounding up or down. The minutes after hours are those left over.
func fits(d time.Duration, amount int, unit time.Duration, afterHours bool) bool {
	if unit == time.Minute && afterHours {
		d %= time.Hour
	}
	whole := int(d / unit)
	return amount == whole || d%unit > 0 && amount == whole+1
}

// amountOf reads "12 minutes", "12m", "2h".
func amountOf(said []word, i int) (amount int, unit time.Duration, ok bool) {
	w := said[i].text
	digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")
	name := w[len(digits):]
	if name == "" && i+1 < len(said) {
		name = said[i+1].text
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, 0, false
	}
	unit = unitOf(name)
	return n, unit, unit > 0
}

func unitOf(name string) time.Duration {
	switch strings.TrimSuffix(name, "s") {
	case "":
		return time.Second
	case "sec", "second":
		return time.Second
	case "m", "min", "minute":
		return time.Minute
	case "h", "hr", "hour":
		return time.Hour
	case "d", "day":
		return 24 * time.Hour
	}
	return 0
}

func isHours(w string) bool {
	w = strings.TrimLeft(w, "0123456789")
	return unitOf(w) == time.Hour
}

func dayOfMonth(said []word, i int, sources []*evidence) bool {
	n, err := strconv.Atoi(said[i].text)
	if err != nil {
		return false
	}
	for _, s := range sources {
		month := strings.ToLower(s.at.UTC().Month().String())
		near := i > 0 && said[i-1].text == month || i+1 < len(said) && said[i+1].text == month
		if near && n == s.at.UTC().Day() {
			return true
		}
	}
	return false
}
