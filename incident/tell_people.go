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

// said is a target in a sentence.
func (t Target) said() []Part {
	if t.Kind == PersonTarget {
		return line(t.Person)
	}
	return line(string(t.Kind), " ", t.Name)
}

func (e PageRequested) tell(r Recorded) []Part {
	who := line(r.Actor, " asked to page ")
	if e.Drill {
		who = line(r.Actor, " asked to page, as a drill, ")
	}
	return line(who, e.Target.said(), " (", string(e.Page), ", ", e.Why, ")", after(": ", e.Text))
}

func (e PageAccepted) tell(Recorded) []Part {
	said := line("Page ", string(e.Page), " was taken by ", e.Pager)
	if e.Whom != "" {
		said = line(said, ", which calls ", e.Whom)
	}
	if e.MaybeTwo {
		said = line(said, "; may be a duplicate")
	}
	if e.Practice {
		said = line(said, "; PRACTICE, NOBODY WOKEN")
	}
	if e.Link != "" {
		said = line(said, " ", Address{Label: "page", URL: e.Link})
	}
	return said
}

func (e PageAcknowledged) tell(r Recorded) []Part {
	switch {
	case e.Person != "":
		return line(e.Person, " answered page ", string(e.Page))
	case e.Whom != "":
		return line(e.Whom, " answered page ", string(e.Page))
	}
	return line("Page ", string(e.Page), " was answered")
}

func (e PageEscalated) tell(r Recorded) []Part {
	level := strconv.Itoa(e.Level)
	if r.Actor != House {
		return line(r.Actor, " asked for level ", level, " of page ", string(e.Page))
	}
	said := line("Page ", string(e.Page), " went on to level ", level)
	if e.Whom != "" {
		said = line(said, ", ", e.Whom)
	}
	return said
}

func (e PageFailed) tell(Recorded) []Part {
	said := line("Page ", string(e.Page), " reached nobody: ", unstopped(e.Why))
	if e.Call != "" {
		said = line(said, "; call ", e.Call)
	}
	return said
}

func (e PageResolved) tell(r Recorded) []Part {
	if r.Actor != House {
		return line(r.Actor, " called page ", string(e.Page), " off")
	}
	return line("Page ", string(e.Page), " is over")
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
