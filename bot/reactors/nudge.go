package reactors

import (
	"time"

	"tocsin/bot/say"
	"tocsin/incident"
)

// When nudges come. Measured from the declare or from the newest update,
// capture, role or severity: whatever shows that people are at it resets them.
const (
	commanderFirst = 5 * time.Minute
	commanderAgain = 15 * time.Minute
	commanderAlone = 30 * time.Minute // then once to the declarer, alone
	severityOnce   = 10 * time.Minute
	updateBefore   = 5 * time.Minute
	staleAfter     = 24 * time.Hour
	mostCadences   = 2000 // of an update that never comes
)

// call is one nudge at the moment at which it comes.
type call struct {
	kind  say.NudgeKind
	stage int // rises as the same thing stays missing
	at    time.Time
}

// outlook is what nudges look like at a moment: the one that stands (kind
// empty: none), whether the declarer is to be asked alone, and when to look
// again (zero: not before something happens).
type outlook struct {
	stands call
	alone  bool
	next   time.Time
}

// lookOut decides the room's nudge. base is the moment that everything is
// measured from; given says that the nudge for a severity has been given.
func lookOut(inc incident.Incident, p incident.Policy, base, now time.Time, given bool) outlook {
	var out outlook
	if quiet(inc) {
		return out
	}
	for _, c := range calls(inc, p, base, now, given) {
		switch {
		case c.at.After(now):
			out.next = sooner(out.next, c.at)
		case inc.Active.After(c.at) || inc.Snoozed(string(c.kind), now):
		case out.stands.kind == "" || c.at.After(out.stands.at):
			out.stands = c
		}
	}
	for _, s := range inc.Snoozes {
		if s.Until.After(now) {
			out.next = sooner(out.next, s.Until)
		}
	}
	if alone := base.Add(commanderAlone); leaderless(inc) && !inc.Snoozed(string(say.NudgeCommander), now) {
		if out.alone = !alone.After(now); !out.alone {
			out.next = sooner(out.next, alone)
		}
	}
	return out
}

// quiet incidents get no nudges at all.
func quiet(inc incident.Incident) bool {
	return inc.Drill || inc.RecordOnly || !inc.Status.Open() || inc.Severity > incident.Sev3
}

// leaderless says that nobody commands, or only for the time being.
func leaderless(inc incident.Incident) bool {
	h, ok := inc.Holder(incident.Commander)
	return !ok || h.Acting
}

// calls lists for each kind the newest call that has come and the next one.
func calls(inc incident.Incident, p incident.Policy, base, now time.Time, given bool) []call {
	var out []call
	if leaderless(inc) {
		out = append(out, call{say.NudgeCommander, 1, base.Add(commanderFirst)}, call{say.NudgeCommander, 2, base.Add(commanderAgain)})
	}
	if inc.Severity == incident.SevUnset && !given {
		out = append(out, call{say.NudgeSeverity, 1, base.Add(severityOnce)})
	}
	out = append(out, updateCalls(inc, p, now)...)
	return append(out, staleCalls(inc, p, now)...)
}

func updateCalls(inc incident.Incident, p incident.Policy, now time.Time) []call {
	due := inc.NextUpdate
	if due.IsZero() {
		return nil
	}
	out := []call{{say.NudgeUpdate, 1, due.Add(-updateBefore)}}
	for stage := 2; stage < mostCadences && !due.IsZero(); stage++ {
		out = append(out, call{say.NudgeUpdate, stage, due})
		if due.After(now) {
			break
		}
		due = p.NextUpdate(inc.Cadence, due)
	}
	return out
}

// staleCalls come once a working day.
func staleCalls(inc incident.Incident, p incident.Policy, now time.Time) []call {
	var out []call
	at := inc.Touched
	for stage := 1; stage < mostCadences; stage++ {
		at = at.Add(staleAfter)
		if !p.Hours.WorkingAt(at) {
			at = p.NextUpdate(incident.Cadence{Every: time.Minute, Working: true}, at)
		}
		out = append(out, call{say.NudgeStale, stage, at})
		if at.After(now) {
			break
		}
	}
	return out
}

// sooner is the earlier of two moments, of which either may be zero for none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
