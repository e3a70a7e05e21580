package incident

import "strings"

// The sentences of the timeline. They name who did it, except where the house
// itself did.

func (e Declared) tell(r Recorded) []Part {
	how := " declared "
	switch {
	case e.RecordOnly:
		how = " put on record "
	case e.Drill:
		how = " started a drill, "
	}
	said := line(r.Actor, how, e.Number.String(), ": ", e.Title)
	if e.Severity != SevUnset {
		said = line(said, " (", e.Severity.String(), ")")
	}
	if len(e.Services) > 0 {
		said = line(said, ", touching ", serviceNames(e.Services))
	}
	if e.Private {
		said = line(said, "; private")
	}
	return line(said, promise(e.Next))
}

func serviceNames(all []Service) string {
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	return list(names, "and")
}

func (e RoomOpened) tell(Recorded) []Part { return line("Room ", e.Room, " opened") }

func (e RoomArchived) tell(Recorded) []Part { return line("Room ", e.Room, " archived") }

func (e AnnouncementPosted) tell(Recorded) []Part {
	if e.Message.Link == "" {
		return line("Announced on ", e.Message.Platform)
	}
	return line("Announced on ", e.Message.Platform, ": ", Address{Label: "announcement", URL: e.Message.Link})
}

func (e Adopted) tell(r Recorded) []Part {
	return line(r.Actor, " made ", e.Room, " a room of the incident")
}

func (e Renamed) tell(r Recorded) []Part {
	return line(r.Actor, " renamed it to ", e.Title, after(", from ", e.Before))
}

func (e SeveritySet) tell(r Recorded) []Part {
	said := line(r.Actor, " set the severity to ", e.To.String())
	switch {
	case e.To == SevUnset:
		said = line(r.Actor, " took the severity back, it was ", e.From.String())
	case e.From != SevUnset && e.To < e.From:
		said = line(r.Actor, " raised the severity from ", e.From.String(), " to ", e.To.String())
	case e.From != SevUnset:
		said = line(r.Actor, " lowered the severity from ", e.From.String(), " to ", e.To.String())
	}
	return line(said, after(": ", e.Why), promise(e.Next))
}

func (e StatusSet) tell(r Recorded) []Part {
	return line(r.Actor, " moved it from ", string(e.From), " to ", string(e.To), after(": ", e.Note))
}

func (e ServiceAdded) tell(r Recorded) []Part {
	said := line(r.Actor, " added the service ", e.Service.Name)
	if !e.Service.Known {
		said = line(said, ", which the policy does not know")
	}
	return said
}

func (e ServiceRemoved) tell(r Recorded) []Part {
	return line(r.Actor, " took the service ", e.Name, " off")
}

func (e ImpactSet) tell(r Recorded) []Part {
	if e.Impact.Empty() {
		return line(r.Actor, " took the impact off")
	}
	return line(r.Actor, " described the impact: ", e.Impact)
}

func (e CauseSet) tell(r Recorded) []Part {
	if e.Tag == "" {
		return line(r.Actor, " took the cause off", after(": ", e.Note))
	}
	return line(r.Actor, " named the cause: ", e.Tag, after(", ", e.Note))
}

func (e MilestoneSet) tell(r Recorded) []Part {
	if e.At.IsZero() {
		return line(r.Actor, " took back the corrected time at which it ", e.Milestone.said())
	}
	return line(r.Actor, " corrected the time at which it ", e.Milestone.said(), ": ", e.At)
}

func (m Milestone) said() string {
	if m == Started {
		return "started"
	}
	return "was " + string(m)
}

func (e PrivacySet) tell(r Recorded) []Part {
	return line(r.Actor, " made it ", secrecy(e.Private), after(": ", e.Why))
}

func (e FieldSet) tell(r Recorded) []Part {
	if e.Value.Empty() {
		return line(r.Actor, " cleared ", e.Field)
	}
	return line(r.Actor, " set ", e.Field, " to ", e.Value)
}

func (e CallSet) tell(r Recorded) []Part {
	if e.URL == "" {
		return line(r.Actor, " took the call link off")
	}
	return line(r.Actor, " gave the call link: ", Address{Label: "call", URL: e.URL})
}

func (e Resolution) tell(r Recorded) []Part {
	if e.By != "" && e.By != r.Actor {
		return line("Resolved again, as ", e.By, " had done", after(": ", e.How))
	}
	return line(r.Actor, " resolved it", after(": ", e.How))
}

func (e Reopened) tell(r Recorded) []Part {
	switch {
	case e.To == Resolved:
		return line(r.Actor, " took the close back")
	case e.Why.Empty():
		return line(r.Actor, " took the end back; it is in ", string(e.To), " again", promise(e.Next))
	}
	return line(r.Actor, " re-opened it", after(": ", e.Why), promise(e.Next))
}

func (e Cancellation) tell(r Recorded) []Part {
	return line(r.Actor, " cancelled it (", string(e.Reason), ")", after(": ", e.Note))
}

func (e MergedInto) tell(r Recorded) []Part {
	return line(r.Actor, " merged it into ", e.Number.String())
}

func (e MergeReceived) tell(r Recorded) []Part {
	return line(r.Actor, " merged ", e.Number.String(), " into this: ", e.Title)
}

func (e Closure) tell(r Recorded) []Part { return line(r.Actor, " closed it", after(": ", e.Note)) }

func (e EffectParked) tell(Recorded) []Part {
	how := "Gave up for now: "
	if e.Buried {
		how = "Refused by the other side: "
	}
	return line(how, e.What, because(e.Why))
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + unstopped(why) + ")"
}

// unstopped is a sentence without its full stop, to go inside another one.
func unstopped(s string) string { return strings.TrimRight(s, ".") }

func (e EffectRetried) tell(r Recorded) []Part { return line(r.Actor, " asked for it again: ", e.What) }

func (e ZoneSet) tell(r Recorded) []Part { return line(r.Actor, " reads times in ", e.Zone) }

func (e Erased) tell(Recorded) []Part {
	if e.Person == "" {
		return line("All words were erased")
	}
	return line("The words of ", e.Person, " were erased")
}
