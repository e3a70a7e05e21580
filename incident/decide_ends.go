package incident

import (
	"slices"

	"tocsin/incident/fault"
)

// Resolve ends the incident with a fix.
func (i Incident) Resolve(a Actor, how string) ([]Event, error) {
	if err := i.may(a, "resolve", whileOpen); err != nil {
		return nil, err
	}
	text, err := a.text(how, asked{what: "text", limit: MaxNote, try: "resolve rolled back to build 41", empty: true, lines: true})
	if err != nil {
		return nil, err
	}
	return []Event{Resolution{How: text, From: i.Status, Promised: i.NextUpdate}}, nil
}

// Reopen takes an end back: work goes on.
func (i Incident) Reopen(a Actor, why string, p Policy) ([]Event, error) {
	if err := i.may(a.Under(p), "reopen", anyTime); err != nil {
		return nil, err
	}
	if i.Status.Open() {
		return nil, unchanged("%s is open already.", i.Number)
	}
	if i.RecordOnly {
		return nil, invalid("declare checkout is failing again", "%s is only on record. If it came back, declare a new one.", i.Number)
	}
	text, err := a.text(why, asked{what: "reason", limit: MaxLine, try: "reopen errors are back since 15:10"})
	if err != nil {
		return nil, err
	}
	e := i.reopened(Investigating)
	e.Why, e.Next = text, p.NextUpdate(i.Cadence, a.At)
	return []Event{e}, nil
}

// reopened is a re-open with everything that it takes away.
func (i Incident) reopened(to Status) Reopened {
	return Reopened{
		From: i.Status, To: to, Cadence: i.Cadence, EndedAt: i.EndedAt, EndedBy: i.EndedBy,
		How: i.Outcome, Reason: i.Reason, Mitigated: i.measured().Mitigated,
	}
}

// Reasons lists why an incident may be cancelled.
func Reasons() []Reason { return []Reason{FalseAlarm, Duplicate, Expected, Other} }

// Cancel ends the incident without a fix.
func (i Incident) Cancel(a Actor, r Reason, note string) ([]Event, error) {
	if err := i.may(a, "cancel", whileOpen); err != nil {
		return nil, err
	}
	if !slices.Contains(Reasons(), r) {
		return nil, invalid("cancel false alarm", "Say why: false alarm, duplicate, expected or other.")
	}
	text, err := a.text(note, asked{what: "text", limit: MaxNote, try: "cancel false alarm the probe was wrong", empty: true, lines: true})
	if err != nil {
		return nil, err
	}
	return []Event{Cancellation{Reason: r, Note: text, From: i.Status, Promised: i.NextUpdate}}, nil
}

// Close says that nothing is left to do.
func (i Incident) Close(a Actor, note string) ([]Event, error) {
	if err := i.may(a, "close", untilClosed); err != nil {
		return nil, err
	}
	if i.Status.Open() {
		return nil, fault.New(fault.Conflict, "%s is not resolved yet. Resolve or cancel it first.", i.Number).WithExample("/incident resolve rolled back")
	}
	text, err := a.text(note, asked{what: "text", limit: MaxNote, try: "close", empty: true, lines: true})
	if err != nil {
		return nil, err
	}
	return []Event{Closure{Note: text}}, nil
}

// MergeInto ends this incident because another one covers it: mine are the
// events of this stream, theirs those of the other. Who knows of a private one
// takes part in the other as well.
func (i Incident) MergeInto(a Actor, other Incident) (mine, theirs []Event, err error) {
	if err := i.may(a, "merge", untilClosed); err != nil {
		return nil, nil, err
	}
	if err := other.may(a, "merge", anyTime); err != nil {
		return nil, nil, err
	}
	if err := i.covers(a, other); err != nil {
		return nil, nil, err
	}
	mine = []Event{MergedInto{Into: other.ID, Number: other.Number, From: i.Status}}
	theirs = []Event{MergeReceived{Other: i.ID, Number: i.Number, Title: i.Title}}
	if !i.Private {
		return mine, theirs, nil
	}
	for _, p := range i.knowers() {
		if other.member(p) {
			continue
		}
		if len(other.Members)+len(theirs) > MaxMembers {
			return nil, nil, invalid("remove @ann", "Together they have more than %d members, and a private incident takes no more.", MaxMembers)
		}
		theirs = append(theirs, MemberAdded{Person: p, How: Invited})
	}
	return mine, theirs, nil
}

// covers refuses what cannot be merged.
func (i Incident) covers(a Actor, other Incident) error {
	const try = "merge into INC-7"
	switch {
	case other.ID == i.ID:
		return invalid(try, "%s cannot be merged into itself.", i.Number)
	case other.Status == Merged || other.Status == Cancelled:
		return fault.New(fault.Conflict, "%s. Name the incident that goes on.", other.ended(a.At)).WithExample("/incident " + try)
	case i.Drill != other.Drill:
		return invalid(try, "A drill and a real incident are not merged.")
	case i.Private != other.Private:
		return invalid("private off it may be known now", "One of the two is private and the other is not; a merge would tell of it. Make them alike first.")
	}
	return nil
}

// Adopt makes an existing room or thread the incident's room.
func (i Incident) Adopt(a Actor, room Room) ([]Event, error) {
	if err := i.may(a, "adopt", whileOpen); err != nil {
		return nil, err
	}
	if room.Platform == "" || room.ID == "" {
		return nil, invalid("adopt", "Say it in the room or thread that is to become the incident's.")
	}
	if i.roomAt(room) >= 0 {
		return nil, unchanged("This is a room of %s already.", i.Number)
	}
	if len(i.Rooms) >= MaxRooms {
		return nil, invalid("adopt", "%s has %d rooms already, and more do not fit.", i.Number, MaxRooms)
	}
	room.Adopted, room.Archived = true, false
	return []Event{Adopted{Room: room.short()}}, nil
}

// short cuts names that a platform gave.
func (r Room) short() Room {
	r.Name = short(r.Name, MaxName)
	return r
}
