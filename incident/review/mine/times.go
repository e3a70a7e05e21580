package mine

import (
	"slices"
	"strings"
	"time"
)

const (
	answerIn   = 25 * time.Minute // an alert that nobody answers for longer was not noticed
	beforeLong = 75 * time.Minute // how long before the detection a change can be its start
	tellLater  = 3 * time.Hour    // how long after it a start is told
	startsLong = 14 * time.Hour   // how long before it a start can be
	fixIn      = 15 * time.Minute // how long before the recovery the step that brought it can be
	closeIn    = time.Hour        // how long after the recovery it is declared over
)

// story is the course of an incident as it was observed.
type story struct {
	*talk
	at     []int // messages
	phase  []phase
	detect int // place in at; -1: none
}

// findTimes infers the five moments.
func (t *talk) findTimes() Times {
	s := story{talk: t, at: t.observed(), detect: -1}
	s.phase = t.course(s.at)
	var times Times
	s.detect = s.noticed(0)
	if s.detect < 0 {
		return times
	}
	first, spoken := s.detect, -1
	var unseen []int
	for s.detect >= 0 && !s.takenUp(s.at[s.detect]) {
		if s.msgs[s.at[s.detect]].bot {
			unseen = append(unseen, s.at[s.detect])
		} else if spoken < 0 {
			spoken = s.detect
		}
		s.detect = s.noticed(s.detect + 1)
	}
	switch {
	case s.detect >= 0:
	case spoken >= 0:
		s.detect = spoken
	default:
		s.detect, unseen = first, nil
	}
	det := &t.msgs[s.at[s.detect]]
	times.Detection = moment(det)
	times.ImpactStart = s.start(det, unseen)
	times.Ack = s.ack(det)
	times.Mitigation, times.Resolution = s.ends()
	return times
}

// noticed is the first sign of trouble from a place on, while it hurts; -1:
// there is none.
func (s story) noticed(from int) int {
	other := -1
	for k := from; k < len(s.phase); k++ {
		if s.phase[k] != impacted {
			continue
		}
		if hurts(&s.msgs[s.at[k]]) >= 0.7 {
			return s.louder(k)
		}
		if other < 0 {
			other = k
		}
	}
	return other
}

// takenUp says whether somebody went into a sign of trouble.
func (s story) takenUp(i int) bool {
	m := &s.msgs[i]
	if m.bot {
		return s.answered(i, answerIn)
	}
	return m.score >= 0.75 && m.near > 0.5 && hurts(m) >= 1.5 || s.answered(i, answerIn/2)
}

// louder is the plain report that soon follows somebody's first doubts, or the
// doubts themselves.
func (s story) louder(k int) int {
	first := &s.msgs[s.at[k]]
	if first.bot || hurts(first) >= 1.5 || first.cue(detect) >= 1.5 {
		return k
	}
	for j := k + 1; j < len(s.at) && s.phase[j] == impacted; j++ {
		m := &s.msgs[s.at[j]]
		if m.when().Sub(first.when()) > answerIn/2 {
			break
		}
		if !m.bot && m.cue(detect) >= 1.6 && hurts(m) >= 1.5 {
			return j
		}
	}
	return k
}

func moment(m *msg) *Moment { return &Moment{At: m.when(), Cites: []string{m.id()}} }

// start is when it began: as somebody or a log says, when the alert came that
// nobody saw, when the change was made that came just before, or at worst when
// it was noticed.
func (s story) start(det *msg, unseen []int) *Moment {
	told := s.toldStart(det)
	if len(unseen) > 0 {
		seen := moment(&s.msgs[unseen[0]])
		if told == nil {
			return seen
		}
		if told.At.Sub(seen.At).Abs() > sameMoment {
			told.Other = seen
		}
	}
	if told != nil {
		return told
	}
	for k := s.detect - 1; k >= 0; k-- {
		m := &s.msgs[s.at[k]]
		if det.when().Sub(m.when()) > beforeLong {
			break
		}
		if m.cue(action) >= 1 && m.cue(handover) == 0 {
			return moment(m)
		}
	}
	return moment(det)
}

// toldStart is the earliest start that somebody or a log names.
func (s story) toldStart(det *msg) *Moment {
	c := s.clock()
	var best *Moment
	for i := range s.msgs {
		m := &s.msgs[i]
		late := m.when().Sub(det.when())
		if late < -5*time.Minute || late > tellLater || m.score < 0.25 || m.twin >= 0 {
			continue
		}
		for _, x := range c.reads(m) {
			if early := det.when().Sub(x.at); early < -3*time.Minute || early > startsLong || !s.begins(m, x, det) {
				continue
			}
			if best == nil || x.at.Before(best.At) {
				best = &Moment{At: x.at.UTC(), Cites: []string{m.id()}}
			}
		}
	}
	return best
}

// begins says whether a time that a message names is one since which it is so.
func (s story) begins(m *msg, x stated, det *msg) bool {
	switch {
	case x.stamp:
		return (m.cue(broken) > 0 || logs(m.src.Text)) && det.when().Sub(x.at) <= 6*time.Hour && x.at.Before(det.when())
	case m.bot || m.cue(broken) == 0 && det.cue(broken) == 0:
		return false
	case x.ago:
		return m.cue(starts) > 0 || strings.HasPrefix(strings.ToLower(m.src.Text[x.from:x.to]), "for") && m.cue(broken) > 0
	}
	pre := strings.ToLower(strings.TrimRight(m.src.Text[max(0, x.from-30):x.from], " ~(:,"))
	pre = pre[strings.LastIndexByte(pre, ' ')+1:]
	return slices.Contains(strings.Fields(startWords), pre) && (m.cue(starts) >= 1 || m.cue(starts) >= 0.8 && pre != "at")
}

// startWords stand right before the time since which something is so.
const startWords = `since started starting began begun broken failure first around about from at after until today yesterday`

// logs says whether a text has lines of a log that tell of trouble.
func logs(text string) bool {
	return strings.Contains(text, "ERROR") || strings.Contains(text, "error") || strings.Contains(text, "FATAL") || strings.Contains(text, "Traceback") || strings.Contains(text, "ailed")
}

// ack is the first word of a person who takes it up.
func (s story) ack(det *msg) *Moment {
	for i := det.at + 1; i < len(s.msgs); i++ {
		m := &s.msgs[i]
		if m.bot || m.twin >= 0 || m.kin < -0.3 && m.score < 0.3 || m.when().Sub(det.when()) > 6*time.Hour {
			continue
		}
		if taken := m.cue(looking) > 0 && m.score > 0.1 || m.score > 0.3; taken && (m.author != det.author || m.cue(action)+m.cue(looking) > 0) {
			return moment(m)
		}
	}
	return nil
}

// ends are the moments from which it hurt no more, and from which it was over.
func (s story) ends() (mitigation, resolution *Moment) {
	last, first := s.detect, -1
	for k := s.detect; k < len(s.at); {
		to := k + 1
		for to < len(s.at) && s.phase[to] == s.phase[k] {
			to++
		}
		switch s.phase[k] {
		case impacted:
			if first < 0 || s.relapse(k, to) {
				last = to - 1
			}
		case mitigated:
			if first < 0 {
				first = s.recovery(k, to, 1)
			}
		default:
		}
		k = to
	}
	step := s.lastStep(s.detect, len(s.at))
	if first >= 0 {
		step = s.lastStep(s.detect, first)
		mitigation = s.either(first, step, fixIn)
	} else if step >= 0 {
		mitigation = moment(&s.msgs[s.at[step]])
	}
	if over := s.over(last); over >= 0 {
		resolution = s.either(over, s.recovery(last+1, over, 1.2), closeIn)
	}
	return mitigation, resolution
}

// either is the moment of one message, with another that is not long before it
// as the other candidate.
func (s story) either(k, other int, within time.Duration) *Moment {
	m := moment(&s.msgs[s.at[k]])
	if other >= 0 {
		if gap := m.At.Sub(s.msgs[s.at[other]].when()); gap > sameMoment && gap <= within {
			m.Other = moment(&s.msgs[s.at[other]])
		}
	}
	return m
}

// recovery is the first message between two places that says that it works
// again; -1: none.
func (s story) recovery(from, to int, least float64) int {
	for k := from; k < to; k++ {
		if recovers(&s.msgs[s.at[k]]) >= least {
			return k
		}
	}
	return -1
}

// relapse says whether signs of trouble after a recovery are one: somebody
// says that it is back, or several people speak of it. One who tells of what
// is left over alone does not open it again.
func (s story) relapse(from, to int) bool {
	voices := map[int]bool{}
	for _, i := range s.at[from:to] {
		m := &s.msgs[i]
		if m.cue(reopen) >= 1 && m.score >= 0.35 || m.bot && m.cue(severe) >= 1 && m.score >= 0.6 {
			return true
		}
		if !m.bot && s.voice(i) >= 0.4 && m.near > 0 {
			voices[m.author] = true
		}
	}
	return len(voices) > 1
}

// over is where it is said to be over: the first recovery after the last sign
// of trouble, or the declaration that follows it, rather a person's than a
// machine's; else the last hope or the last step.
func (s story) over(last int) int {
	first, machine := -1, -1
	for k := last + 1; k < len(s.at); k++ {
		m := &s.msgs[s.at[k]]
		good := recovers(m)
		if first < 0 && good >= 1.2 {
			first = k
		}
		if first < 0 || good == 0 || m.cue(declaredOver) == 0 || m.cue(comms) >= 1.2 || m.when().Sub(s.msgs[s.at[first]].when()) > closeIn {
			continue
		}
		if !m.bot {
			return k
		}
		if machine < 0 {
			machine = k
		}
	}
	switch {
	case machine >= 0:
		return machine
	case first >= 0:
		return first
	}
	if hope := s.lastHope(); hope >= 0 {
		return hope
	}
	return s.lastStep(last, len(s.at))
}

// lastHope is where somebody last hoped that it is over; -1: nowhere.
func (s story) lastHope() int {
	for k := len(s.at) - 1; k > s.detect; k-- {
		if m := &s.msgs[s.at[k]]; !m.bot && m.cue(hoped) > 0 && m.cue(asking) == 0 {
			return k
		}
	}
	return -1
}

// lastStep is the last step that was taken between two places; -1: none.
func (s story) lastStep(from, to int) int {
	for k := to - 1; k > from; k-- {
		if m := &s.msgs[s.at[k]]; !m.bot && m.cue(action) >= 1 && m.cue(follow) < 1.2 {
			return k
		}
	}
	return -1
}
