package incident

import "strconv"

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
	level := ""
	if e.Level > 1 {
		level = ", level " + strconv.Itoa(e.Level)
	}
	return line(who, e.Target.said(), " (", string(e.Page), level, ", ", e.Why, ")", after(": ", e.Text))
}

func (e PageAccepted) tell(Recorded) []Part {
	said := line("Page ", string(e.Page), taken(e.Pager, e.Whom))
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

// taken says which way a page went, in words that follow its name.
func taken(pager, whom string) string {
	to := ""
	if whom != "" {
		to = " to " + whom
	}
	switch pager {
	case "email":
		return " went out by e-mail" + to
	case "webhook":
		return " went out by webhook" + to
	case "direct message":
		return " went out as a direct message" + to
	}
	if whom != "" {
		whom = ", which calls " + whom
	}
	return " was taken by " + PagerName(pager) + whom
}

func (e PageSeen) tell(Recorded) []Part {
	said := line("Page ", string(e.Page), " is at ", PagerName(e.Pager))
	if e.Whom != "" {
		said = line(said, ", which calls ", e.Whom)
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

func (e PageReassigned) tell(r Recorded) []Part {
	switch {
	case r.Actor != House:
		return line(r.Actor, " asked to hand page ", string(e.Page), " to ", e.To.said())
	case e.Whom == "":
		return line("Page ", string(e.Page), " was handed to somebody else")
	}
	return line("Page ", string(e.Page), " is with ", e.Whom, " now")
}

func (e ResponderAsked) tell(r Recorded) []Part {
	return line(r.Actor, " asked for ", e.To.said(), " to help with page ", string(e.Page))
}

func (e PageNoted) tell(r Recorded) []Part {
	switch {
	case r.Actor != House:
		return line(r.Actor, " noted on page ", string(e.Page), ": ", e.Text)
	case e.Text.Author != "" && e.Text.Author != House:
		return line(e.Text.Author, " noted on page ", string(e.Page), ", at the pager: ", e.Text)
	case e.Whom != "":
		return line(e.Whom, " noted on page ", string(e.Page), ", at the pager: ", e.Text)
	}
	return line("On page ", string(e.Page), ", at the pager: ", e.Text)
}

func (e PageFailed) tell(Recorded) []Part {
	said := line("Page ", string(e.Page), " reached nobody: ", unstopped(e.Why))
	if e.Unsure {
		said = line("Page ", string(e.Page), " could not be confirmed, and may ring all the same: ", unstopped(e.Why))
	}
	if e.Next > 0 {
		said = line(said, "; somebody is on call at level ", strconv.Itoa(e.Next))
	}
	if e.Call != "" {
		said = line(said, "; call ", e.Call)
	}
	return said
}

func (e PageResolved) tell(r Recorded) []Part {
	switch {
	case r.Actor != House:
		return line(r.Actor, " called page ", string(e.Page), " off")
	case e.Person != "":
		return line(e.Person, " ended page ", string(e.Page), " at the pager")
	case e.Whom != "":
		return line(e.Whom, " ended page ", string(e.Page), " at the pager")
	}
	return line("Page ", string(e.Page), " is over")
}
