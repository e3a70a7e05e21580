package incident

import (
	"slices"
	"time"

	"tocsin/incident/fault"
)

// PostUpdate tells stakeholders something, and promises the next: at the
// moment asked for, else as the cadence says. Once resolved nothing is
// promised any more.
func (i Incident) PostUpdate(a Actor, text string, next time.Time, public bool, p Policy) ([]Event, error) {
	const try = "update we roll back, orders come in again"
	if err := i.may(a.Under(p), "update", untilClosed); err != nil {
		return nil, err
	}
	words, err := a.text(text, asked{what: "update", limit: MaxNote, try: try, lines: true})
	if err != nil {
		return nil, err
	}
	if public && i.Private {
		return nil, invalid("private off it is over and may be known", "%s is private; a public update would tell of it.", i.Number)
	}
	e := UpdatePosted{Update: i.Updates + 1, Text: words, Public: public}
	switch {
	case !next.IsZero():
		if err := coming(a, next, "next update", "update next:30m "+try[len("update "):]); err != nil {
			return nil, err
		}
		if !i.Status.Open() {
			return nil, invalid(try, "%s is %s; no further update can be promised.", i.Number, i.Status)
		}
		e.Next = next.UTC()
	case i.Status.Open():
		e.Next = p.NextUpdate(i.Cadence, a.At)
	}
	return []Event{e}, nil
}

// FixUpdate corrects the words of an update; before is how it reads now.
func (i Incident) FixUpdate(a Actor, n int, before Text, text string) ([]Event, error) {
	const try = "update fix orders come in again since 14:20"
	if err := i.may(a, "update", onRecord); err != nil {
		return nil, err
	}
	if i.Updates == 0 {
		return nil, fault.New(fault.NotFound, "%s has no update yet.", i.Number).WithExample("/incident update we are looking into it")
	}
	if n < 1 || n > i.Updates {
		return nil, fault.New(fault.NotFound, "%s has updates 1 to %d.", i.Number, i.Updates).WithExample("/incident " + try)
	}
	words, err := a.text(text, asked{what: "update", limit: MaxNote, try: try, lines: true})
	if err != nil {
		return nil, err
	}
	if words.Words == before.Words {
		return nil, unchanged("Update %d says that already.", n)
	}
	return []Event{UpdateFixed{Update: n, Text: words, Before: before}}, nil
}

// Follow asks for the updates without taking part. Guests may.
func (i Incident) Follow(a Actor, already bool) ([]Event, error) {
	if err := i.may(a, "follow", anyTime); err != nil {
		return nil, err
	}
	if already {
		return nil, unchanged("You follow %s already.", i.Number)
	}
	return []Event{Followed{Person: a.Person}}, nil
}

// Unfollow takes that back.
func (i Incident) Unfollow(a Actor, already bool) ([]Event, error) {
	if err := i.may(a, "unfollow", anyTime); err != nil {
		return nil, err
	}
	if already {
		return nil, unchanged("You do not follow %s.", i.Number)
	}
	return []Event{Unfollowed{Person: a.Person}}, nil
}

// Remind sets a reminder for the room.
func (i Incident) Remind(a Actor, at time.Time, what string) ([]Event, error) {
	const try = "remind 20m check the queue"
	if err := i.may(a, "remind", untilClosed); err != nil {
		return nil, err
	}
	if err := coming(a, at, "reminder", try); err != nil {
		return nil, err
	}
	words, err := a.text(what, asked{what: "reminder", limit: MaxLine, try: try, empty: true})
	if err != nil {
		return nil, err
	}
	if len(i.Waiting) >= MaxWaiting {
		return nil, invalid(try, "%d reminders are waiting in %s already, and more do not fit.", MaxWaiting, i.Number)
	}
	return []Event{ReminderSet{Reminder: i.Reminders + 1, At: at.UTC(), What: words, Person: a.Person}}, nil
}

// Nudges lists the names of the nudges that can be silenced.
func Nudges() []string {
	return []string{string(NoCommander), string(NoSeverity), string(NoUpdate), string(Stale)}
}

// Snooze silences a nudge until a moment, for good with a zero one; no name
// means all nudges.
func (i Incident) Snooze(a Actor, nudge string, until time.Time) ([]Event, error) {
	if err := i.may(a, "snooze", whileOpen); err != nil {
		return nil, err
	}
	if nudge != "" && !slices.Contains(Nudges(), nudge) {
		return nil, invalid("snooze 30m", "There is no such nudge. Nudges are %s.", list(Nudges(), "and"))
	}
	if !until.IsZero() {
		if err := coming(a, until, "end of the silence", "snooze 30m"); err != nil {
			return nil, err
		}
	}
	e := NudgeSnoozed{Nudge: nudge, Until: until.UTC()}
	if until.IsZero() {
		e.Until = time.Time{}
	}
	for _, s := range i.Snoozes {
		if s.Nudge == nudge {
			e.Had, e.Before = true, s.Until
		}
	}
	if e.Had && e.Before.Equal(e.Until) {
		return nil, unchanged("That nudge is silent already.")
	}
	return []Event{e}, nil
}
