package mine

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// stated is a moment that a message names.
type stated struct {
	at       time.Time
	from, to int  // where it stands in the text
	day      bool // the date stands with it
	stamp    bool // it is of the form that logs have
	ago      bool // it is told from the message's own moment: "20 minutes ago"
}

var (
	clockPattern = regexp.MustCompile(`(?i)(?:\b(\d{4})-(\d\d)-(\d\d)[ T]|\b)([01]?\d|2[0-3])[:h]([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?(?:\s?([ap]m)\b)?(?:\s?([+-]\d\d):?(\d\d)\b|\s?\(?(utc|gmt|z|cest|cet|bst|wet|west|eest|eet|msk|ist|jst|aest|aedt|acst|nzst|nzdt|pst|pdt|mst|mdt|cst|cdt|est|edt|pt|et)\b)?`)
	hourPattern  = regexp.MustCompile(`(?i)\b(1[0-2]|[1-9])\s?([ap]m)\b(?:\s?\(?(utc|gmt|cest|cet|bst|ist|pst|pdt|mst|mdt|cst|cdt|est|edt|pt|et)\b)?`)
	agoPattern   = regexp.MustCompile(`(?i)\b(?:for|last|past)?\s?(?:about |around |~|almost |over |at least )?(\d{1,3}|an?|one|two|three|half an)\s?(minutes?|mins?|m|hours?|hrs?|h)\b( ago| now)?`)
)

// offsets are the zones that people name by letters, with the minutes that
// their clocks are ahead of UTC.
const offsets = `utc 0 gmt 0 z 0 wet 0 west 60 cet 60 bst 60 cest 120 eet 120 eest 180 msk 180 ist 330 jst 540 acst 570 aest 600 aedt 660 nzst 720 nzdt 780
	edt -240 est -300 cdt -300 cst -360 mdt -360 mst -420 pdt -420 pst -480`

// offset is how far a zone's clock is ahead of UTC; false: no such zone.
func offset(zone string) (time.Duration, bool) {
	words := strings.Fields(offsets)
	for i := 0; i+1 < len(words); i += 2 {
		if strings.EqualFold(words[i], zone) {
			return time.Duration(number(words[i+1])) * time.Minute, true
		}
	}
	return 0, false
}

// zoneOf gives the zone of an IANA name or of "+02:00"; nil: none such.
func zoneOf(name string) *time.Location {
	if name == "" {
		return nil
	}
	if name[0] == '+' || name[0] == '-' {
		if at, err := time.Parse("-07:00", name); err == nil {
			_, seconds := at.Zone()
			return time.FixedZone(name, seconds)
		}
		return nil
	}
	where, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return where
}

// clock reads the times that people state.
type clock struct {
	room  *time.Location
	zones []*time.Location // by person; nil: not known
}

func (t *talk) clock() clock {
	c := clock{room: zoneOf(t.in.Zone), zones: make([]*time.Location, len(t.people))}
	if c.room == nil {
		c.room = time.UTC
	}
	known := map[string]*time.Location{}
	for i, p := range t.people {
		where, ok := known[p.Zone]
		if !ok {
			where = zoneOf(p.Zone)
			known[p.Zone] = where
		}
		c.zones[i] = where
	}
	return c
}

// reads gives the moments that a message names. A time of day without a zone
// is meant in its author's zone, or else the room's; without a date it is the
// last such time before the message.
func (c clock) reads(m *msg) []stated {
	text := m.src.Text
	if len(text) > 4000 {
		text = text[:4000]
	}
	if !strings.ContainsAny(text, "0123456789") && !strings.Contains(text, "hour") && !strings.Contains(text, "minute") {
		return nil
	}
	where := c.zones[m.author]
	if where == nil {
		where = c.room
	}
	var out []stated
	for _, x := range clockPattern.FindAllStringSubmatchIndex(text, -1) {
		if s, ok := readClock(text, x, m.when(), where); ok {
			out = append(out, s)
		}
	}
	for _, x := range hourPattern.FindAllStringSubmatchIndex(text, -1) {
		if s, ok := readHour(text, x, m.when(), where); ok {
			out = append(out, s)
		}
	}
	for _, x := range agoPattern.FindAllStringSubmatchIndex(text, -1) {
		if s, ok := readAgo(text, x, m.when()); ok {
			out = append(out, s)
		}
	}
	return out
}

// group is a part of what a pattern found; empty: not there.
func group(text string, x []int, n int) string {
	if x[2*n] < 0 {
		return ""
	}
	return text[x[2*n]:x[2*n+1]]
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func readClock(text string, x []int, said time.Time, where *time.Location) (stated, bool) {
	if within(text, x) {
		return stated{}, false
	}
	hour := halved(number(group(text, x, 4)), group(text, x, 7))
	minute, second := number(group(text, x, 5)), number(group(text, x, 6))
	where = zoneIn(group(text, x, 8), group(text, x, 9), group(text, x, 10), where)
	s := stated{from: x[0], to: x[1], day: x[2] >= 0, stamp: x[2] >= 0 && x[12] >= 0}
	if s.day {
		s.at = time.Date(number(group(text, x, 1)), time.Month(number(group(text, x, 2))), number(group(text, x, 3)), hour, minute, second, 0, where)
		return s, true
	}
	s.at = lastBefore(said, hour, minute, second, where)
	if loose := x[9]-x[8] == 1 && x[14] < 0 && hour < 12; loose && said.Sub(s.at) > 12*time.Hour {
		s.at = s.at.Add(12 * time.Hour)
	}
	return s, true
}

// within says that what looks like a time is a part of something longer.
func within(text string, x []int) bool {
	if before := x[0] - 1; before >= 0 && strings.IndexByte(".:-/#=_", text[before]) >= 0 {
		return true
	}
	return x[1] < len(text) && (text[x[1]] == ':' || isASCIIWord(text[x[1]]))
}

// halved is the hour of the day, given the half of it.
func halved(hour int, half string) int {
	if half == "" {
		return hour
	}
	hour %= 12
	if strings.EqualFold(half, "pm") {
		hour += 12
	}
	return hour
}

// zoneIn gives the zone that stands with a time, or the one that is meant
// otherwise.
func zoneIn(hours, minutes, name string, otherwise *time.Location) *time.Location {
	if hours != "" {
		if where := zoneOf(hours + ":" + minutes); where != nil {
			return where
		}
	}
	switch strings.ToLower(name) {
	case "":
		return otherwise
	case "pt":
		return orElse(zoneOf("America/Los_Angeles"), otherwise)
	case "et":
		return orElse(zoneOf("America/New_York"), otherwise)
	}
	if ahead, ok := offset(name); ok {
		return time.FixedZone(name, int(ahead/time.Second))
	}
	return otherwise
}

func orElse(where, otherwise *time.Location) *time.Location {
	if where == nil {
		return otherwise
	}
	return where
}

// lastBefore is the last such time of day before something was said, or two
// minutes after it at most: clocks differ.
func lastBefore(said time.Time, hour, minute, second int, where *time.Location) time.Time {
	y, mo, d := said.In(where).Date()
	at := time.Date(y, mo, d, hour, minute, second, 0, where)
	if at.After(said.Add(2 * time.Minute)) {
		at = time.Date(y, mo, d-1, hour, minute, second, 0, where)
	}
	return at
}

func readHour(text string, x []int, said time.Time, where *time.Location) (stated, bool) {
	if before := x[0] - 1; before >= 0 && strings.IndexByte(".:-/", text[before]) >= 0 {
		return stated{}, false
	}
	hour := halved(number(group(text, x, 1)), group(text, x, 2))
	where = zoneIn("", "", group(text, x, 3), where)
	return stated{at: lastBefore(said, hour, 0, 0, where), from: x[0], to: x[1]}, true
}

// readAgo reads "20 minutes ago" and "for an hour".
func readAgo(text string, x []int, said time.Time) (stated, bool) {
	found := strings.ToLower(strings.TrimSpace(text[x[0]:x[1]]))
	if !strings.HasSuffix(found, " ago") && !strings.HasPrefix(found, "for") && !strings.HasPrefix(found, "last") && !strings.HasPrefix(found, "past") {
		return stated{}, false
	}
	n := number(group(text, x, 1))
	unit := time.Minute
	if strings.HasPrefix(strings.ToLower(group(text, x, 2)), "h") {
		unit = time.Hour
	}
	switch strings.ToLower(group(text, x, 1)) {
	case "a", "an", "one":
		n = 1
	case "two":
		n = 2
	case "three":
		n = 3
	case "half an":
		n, unit = 30, time.Minute
	}
	if n == 0 {
		return stated{}, false
	}
	return stated{at: said.Add(-time.Duration(n) * unit), from: x[0], to: x[1], ago: true}, true
}
