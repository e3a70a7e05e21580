package incident

import (
	"strconv"
	"time"
)

func (e RoleTaken) tell(r Recorded) []Part {
	role := roleName(e.Role)
	if e.Acting {
		role = "acting " + role
	}
	from := line()
	if e.Before != "" && e.Before != e.Person {
		from = line(", after ", e.Before)
	}
	if e.Person == r.Actor {
		return line(r.Actor, " became ", role, from)
	}
	return line(r.Actor, " made ", e.Person, " ", role, from)
}

func (e RoleReleased) tell(r Recorded) []Part {
	if e.Person == r.Actor {
		return line(r.Actor, " is no longer ", roleName(e.Role))
	}
	return line(r.Actor, " released ", e.Person, " as ", roleName(e.Role))
}

func (e HandoverOffered) tell(Recorded) []Part {
	return line(e.From, " offered ", e.To, " to be ", roleName(e.Role), after(": ", e.Note))
}

func (e HandoverAccepted) tell(Recorded) []Part {
	return line(e.To, " took over from ", e.From, " as ", roleName(e.Role))
}

func (e HandoverDeclined) tell(Recorded) []Part {
	if e.Withdrawn {
		return line(e.From, " withdrew the offer to ", e.To, " to be ", roleName(e.Role))
	}
	return line(e.To, " declined to be ", roleName(e.Role), "; ", e.From, " stays")
}

func (e MemberAdded) tell(r Recorded) []Part {
	switch e.How {
	case Came:
		return line(e.Person, " came into the room")
	case ByPage:
		return line(e.Person, " takes part, having answered a page")
	case ByPolicy:
		return line(e.Person, " takes part, as the policy wants")
	case Invited:
	}
	if r.Actor == e.Person {
		return line(e.Person, " joined")
	}
	return line(r.Actor, " invited ", e.Person)
}

func (e MemberRemoved) tell(r Recorded) []Part {
	if e.Person == r.Actor {
		return line(e.Person, " left")
	}
	return line(r.Actor, " removed ", e.Person)
}

func (e UpdatePosted) tell(r Recorded) []Part {
	kind := " posted update "
	if e.Public {
		kind = " posted public update "
	}
	return line(r.Actor, kind, strconv.Itoa(e.Update), ": ", e.Text, promise(e.Next))
}

func (e UpdateFixed) tell(r Recorded) []Part {
	return line(r.Actor, " corrected update ", strconv.Itoa(e.Update), ": ", e.Text)
}

func (e Followed) tell(Recorded) []Part { return line(e.Person, " follows") }

func (e Unfollowed) tell(Recorded) []Part { return line(e.Person, " follows no more") }

func (e ReminderSet) tell(r Recorded) []Part {
	return line(r.Actor, " set a reminder for ", e.At, after(": ", e.What))
}

func (e ReminderDone) tell(r Recorded) []Part {
	n := strconv.Itoa(e.Reminder)
	switch {
	case e.Off:
		return line(r.Actor, " took reminder ", n, " back")
	case e.Late >= time.Minute:
		return line("Reminder ", n, " was given, ", strconv.Itoa(int(e.Late.Minutes())), " min late")
	}
	return line("Reminder ", n, " was given")
}

func (e NudgeSnoozed) tell(r Recorded) []Part {
	what := "all nudges"
	if e.Nudge != "" {
		what = "the nudge about " + e.Nudge
	}
	switch {
	case e.Lifted:
		return line(r.Actor, " lets ", what, " speak again")
	case e.Until.IsZero():
		return line(r.Actor, " stopped ", what)
	}
	return line(r.Actor, " silenced ", what, " until ", e.Until)
}
