package review

import (
	"strconv"
	"time"

	"tocsin/incident/review/mine"
	"tocsin/incident/review/source"
)

// moment is one of the five times with its names.
type moment struct {
	key, title string
	*mine.Moment
}

// moments names the five times, in order.
func moments(t mine.Times) []moment {
	return []moment{
		{"impact_start", "Impact start", t.ImpactStart},
		{"detection", "Detection", t.Detection},
		{"ack", "Acknowledged", t.Ack},
		{"mitigation", "Mitigation", t.Mitigation},
		{"resolution", "Resolution", t.Resolution},
	}
}

// Moments are an incident's five times by their names, which outside readers
// of a draft rely on; one that is not stated is nil.
func Moments(t mine.Times) map[string]*mine.Moment {
	out := map[string]*mine.Moment{}
	for _, m := range moments(t) {
		out[m.key] = m.Moment
	}
	return out
}

// times are the five moments and the declare, two candidates shown as two, and
// how long it was from one to the other.
func (m *maker) times() []Line {
	var lines []Line
	known := map[string]*mine.Moment{}
	for _, t := range moments(m.finds.Times) {
		key := string(Times) + "/" + t.key
		if t.Moment == nil || len(m.visible(t.Cites)) == 0 {
			lines = append(lines, Line{Key: key, Kind: Note, Text: t.title + ": not stated in the channel."})
			continue
		}
		known[t.key] = t.Moment
		lines = append(lines, m.momentLine(key, t.title, t.Moment))
		if o := t.Other; o != nil && len(m.visible(o.Cites)) > 0 {
			other := m.momentLine(key+"/other", "Or "+lowerFirst(t.title), o)
			other.Under = key
			lines = append(lines, other)
		}
	}
	for _, f := range m.in.Facts {
		if f.Kind == source.Declared && !f.Struck {
			lines = append(lines, Line{
				Key: m.key(Times, "declared"), Kind: Fact, At: f.At, Text: "Declared: " + clock(f.At) + " UTC", Cites: []string{f.ID}, Sure: true,
			})
			break
		}
	}
	return append(lines, m.spans(known)...)
}

func (m *maker) momentLine(key, title string, t *mine.Moment) Line {
	cites := m.visible(t.Cites)
	return Line{Key: key, Kind: Fact, At: t.At, Text: title + ": " + clock(t.At) + " UTC", Cites: cites, Sure: t.Sure}
}

// spans says how long it was from one moment to another, with the other choice
// where a moment has two candidates. Averages are none of a draft's business.
func (m *maker) spans(known map[string]*mine.Moment) []Line {
	var lines []Line
	for _, pair := range [...]struct{ from, to, text string }{
		{"impact_start", "detection", "Impact start until detection: "},
		{"detection", "ack", "Detection until acknowledged: "},
		{"impact_start", "mitigation", "Impact start until mitigation: "},
		{"impact_start", "resolution", "Impact start until resolution: "},
		{"detection", "resolution", "Detection until resolution: "},
	} {
		from, to := known[pair.from], known[pair.to]
		if pair.from == "detection" && pair.to == "resolution" && known["impact_start"] != nil || from == nil || to == nil {
			continue
		}
		key := string(Times) + "/" + pair.from + "-" + pair.to
		first, ok := m.span(key, pair.text, from, to)
		if !ok {
			continue
		}
		lines = append(lines, first)
		if from.Other == nil && to.Other == nil {
			continue
		}
		other, ok := m.span(key+"/other", "Or "+lowerFirst(pair.text), orOther(from), orOther(to))
		if ok && other.Text != "Or "+lowerFirst(first.Text) {
			other.Under = key
			lines = append(lines, other)
		}
	}
	return lines
}

func orOther(m *mine.Moment) *mine.Moment {
	if m.Other != nil {
		return m.Other
	}
	return m
}

func (m *maker) span(key, text string, from, to *mine.Moment) (Line, bool) {
	cites := m.visible(append(append([]string{}, from.Cites...), to.Cites...))
	d := to.At.Sub(from.At)
	if d < 0 || len(cites) == 0 || len(cites) == 1 && d == 0 { // of one and the same message there is nothing to say
		return Line{}, false
	}
	took := clock(from.At) + " until " + clock(to.At) + " UTC"
	if m.saidThen(from) && m.saidThen(to) {
		took = lasted(d)
	}
	return Line{Key: key, Kind: Fact, Text: text + took, Cites: cites, Sure: from.Sure && to.Sure}, true
}

// saidThen says that a moment is when one of its sources was said. How long it
// was from one moment to another is given as a figure only between such, else
// as two clocks: a figure of a draft stands in its sources.
func (m *maker) saidThen(t *mine.Moment) bool {
	for _, id := range m.visible(t.Cites) {
		if _, _, at := m.say(id); at.Sub(t.At).Abs() < time.Minute {
			return true
		}
	}
	return false
}

// lasted is a span in words: minutes below three hours, then hours and minutes.
func lasted(d time.Duration) string {
	minutes := int(d / time.Minute)
	switch {
	case minutes == 0:
		return "the same minute"
	case minutes == 1:
		return "1 minute"
	case minutes < 180:
		return strconv.Itoa(minutes) + " minutes"
	case minutes < 48*60:
		return strconv.Itoa(minutes/60) + "h " + strconv.Itoa(minutes%60) + "m"
	}
	return strconv.Itoa(minutes/60/24) + " days"
}
