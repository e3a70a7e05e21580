package incident

import "strconv"

func (e NoteAdded) tell(r Recorded) []Part { return line(r.Actor, " noted: ", e.Text) }

func (e MessageCaptured) tell(Recorded) []Part {
	said := line(e.Text.Author, " said: ", e.Text)
	if e.Text.Empty() {
		said = line(e.Text.Author, " sent")
	}
	for _, f := range e.Files {
		said = line(said, " ", Address{Label: f.Name, URL: f.URL})
	}
	if e.Message.Link != "" {
		said = line(said, " ", Address{Label: "message", URL: e.Message.Link})
	}
	return said
}

func (e CaptureFollowed) tell(Recorded) []Part {
	if e.Deleted {
		return line("The message of entry ", e.Entry.String(), " was deleted")
	}
	return line("The message of entry ", e.Entry.String(), " was edited: ", e.Text)
}

// String is the version in digits.
func (v Version) String() string { return strconv.FormatUint(uint64(v), 10) }

func (e DecisionMade) tell(r Recorded) []Part {
	if e.Message == (MessageRef{}) || e.Text.Author == r.Actor {
		return line(r.Actor, " recorded a decision: ", e.Text, messagePart(" ", e.Message))
	}
	return line(r.Actor, " recorded as a decision what ", e.Text.Author, " said: ", e.Text, messagePart(" ", e.Message))
}

func (e LinkAdded) tell(r Recorded) []Part {
	label := e.Label.String()
	if label == "" {
		label = e.URL
	}
	return line(r.Actor, " kept a link: ", Address{Label: label, URL: e.URL})
}

func (e EntryEdited) tell(r Recorded) []Part {
	return line(r.Actor, " edited entry ", e.Entry.String(), ": ", e.Text)
}

func (e EntryStruck) tell(r Recorded) []Part {
	return line(r.Actor, " struck entry ", e.Entry.String())
}

func (e EntryRestored) tell(r Recorded) []Part {
	return line(r.Actor, " restored entry ", e.Entry.String())
}

func (e Undone) tell(r Recorded) []Part { return line(r.Actor, " took back: ", e.What) }

func (n ItemID) said() string { return strconv.Itoa(int(n)) }

func (e TaskAdded) tell(r Recorded) []Part {
	said := line(r.Actor, " added task ", e.Item.said(), ": ", e.Text)
	if e.Who != "" {
		said = line(said, ", for ", e.Who)
	}
	return said
}

func (e ActionAdded) tell(r Recorded) []Part {
	said := line(r.Actor, " added action item ", e.Item.said(), ": ", e.Text)
	if e.Owner != "" {
		said = line(said, ", owned by ", e.Owner)
	}
	if !e.Due.IsZero() {
		said = line(said, ", due ", e.Due)
	}
	if e.Message != (MessageRef{}) && e.Text.Author != r.Actor {
		said = line(said, ", as ", e.Text.Author, " said")
	}
	return line(said, messagePart(" ", e.Message))
}

func (e ChecklistAdded) tell(r Recorded) []Part {
	return line(r.Actor, " put on the checklist ", e.Name, ", tasks ", e.First.said(), " to ", (e.First + ItemID(len(e.Lines)) - 1).said())
}

// kept is the number of an item with what it says.
func (n ItemID) kept(action bool, l TaskLine) []Part {
	what := "task "
	if action {
		what = "action item "
	}
	said := line(what, n.said())
	if l.Line != "" {
		return line(said, ": ", l.Line)
	}
	return line(said, after(": ", l.Text))
}

func (e ItemDone) tell(r Recorded) []Part {
	return line(r.Actor, " did ", e.Item.kept(e.Action, e.Line))
}

func (e ItemReopened) tell(r Recorded) []Part {
	return line(r.Actor, " put back ", e.Item.kept(e.Action, e.Line))
}
