package say

import (
	"errors"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Owed lists what is owed to the outside world for an incident, what failed,
// and how to retry it. Jobs that are done are left out, and so are clocks that
// only watch whether something will have to be said.
func Owed(inc incident.Incident, jobs []store.Job, v Voice) chat.Message {
	m := chat.Message{Title: heading("Owed outside for ", inc)}
	var list chat.List
	parked := map[string]bool{}
	for _, p := range inc.Parked {
		parked[p.Job] = true
		list = append(list, []chat.Span{chat.Plain("⏸ given up: "), chat.Strong(p.What), chat.Plain(": " + p.Why)})
		if p.Buried {
			list[len(list)-1] = []chat.Span{chat.Plain("✗ refused for good: "), chat.Strong(p.What), chat.Plain(": " + p.Why)}
		}
		m.Actions = append(m.Actions, button(inc, "Retry: "+p.What, "pending", "retry", p.Job))
	}
	for _, j := range jobs {
		if line := jobLine(j, v); line != nil && !parked[j.Key] {
			list = append(list, line)
		}
	}
	if list == nil {
		m.Parts = append(m.Parts, text(chat.Plain("Nothing is owed: all that was to be done outside is done.")))
		return m
	}
	m.Parts = append(m.Parts, list)
	return m
}

func jobLine(j store.Job, v Voice) []chat.Span {
	what := chat.Strong(effect(j))
	why := func(line []chat.Span) []chat.Span {
		if j.Why != "" {
			line = append(line, chat.Plain(": "+j.Why))
		}
		return line
	}
	switch j.State {
	case store.Owed:
		if watches(j, v) {
			return nil
		}
		return why(append(owedSince(j, v), what))
	case store.Buried:
		return why([]chat.Span{chat.Plain("✗ refused for good: "), what})
	case store.OnHold:
		return why([]chat.Span{chat.Plain("⏸ given up: "), what})
	case store.Finished, store.Unneeded:
	}
	return nil
}

// effect names in words what a job is about; a kind that has no words here is
// named as the ledger names it.
func effect(j store.Job) string {
	switch j.Reactor {
	case "pages":
		return strings.TrimSpace("page " + j.Target + " (" + j.Verb + ")")
	case "announcements":
		return "the announcement (" + j.Verb + ")"
	case "followers":
		return "messages to followers"
	case "cards":
		return "the card"
	case "rooms":
		return "the room (" + j.Verb + ")"
	case "echoes":
		return "a line in the room"
	case "nudges":
		return "the nudge"
	case "reminders":
		return "a reminder"
	case "handovers":
		return "the offer to hand over"
	case "welcomes":
		return "a welcome"
	case "archives":
		return "archiving the room"
	case "checklists":
		return "a checklist"
	}
	return strings.TrimSpace(j.Reactor + " " + j.Verb + " " + j.Target)
}

// watches holds for a timer that was never tried and that nobody asked for.
func watches(j store.Job, v Voice) bool {
	return j.Due.After(v.Now) && j.Attempts == 0 && !j.Unsure && j.Waiting.IsZero() && j.Reactor != "reminders"
}

func owedSince(j store.Job, v Voice) []chat.Span {
	switch {
	case j.Unsure:
		return plain("? not confirmed, being looked up: ")
	case !j.Waiting.IsZero():
		return plain("… waits for the room: ")
	case j.Due.After(v.Now):
		return []chat.Span{chat.Plain("⏰ due "), v.at(j.Due), chat.Plain(": ")}
	}
	return plain("… under way: ")
}

// Parked tells the room that an effect was given up, and what to do instead.
func Parked(inc incident.Incident, p incident.Parked, v Voice) chat.Message {
	line := text(chat.Plain("❗ "))
	line = append(line, v.commander(inc)...)
	line = append(line, chat.Plain("could not "), chat.Strong(p.What), chat.Plain(": "+strings.TrimSuffix(p.Why, ".")+". It was not done."))
	retry := button(inc, "Retry", "pending", "retry", p.Job)
	return chat.Message{
		Tone:    chat.Bad,
		Parts:   []chat.Part{line, small(chat.Plain("Do it by hand, or try again: "), v.typed(command(inc.Number, "pending")))},
		Actions: []chat.Action{retry},
		Summary: chat.SpansText(line, chat.Paper{}),
	}
}

// Problem is an error for the person who asked: what was wrong and an example
// that works.
func Problem(err error, v Voice) chat.Message {
	words := v.withNames(fault.Sentence(err))
	m := chat.Message{Tone: chat.Bad, Parts: []chat.Part{text(chat.Plain(words))}, Summary: words}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Try != "" {
		m.Parts = append(m.Parts, text(chat.Plain("For example: "), chat.Code(v.example(f.Try))))
	}
	return m
}

// withNames puts names where the rules, which know none, left tokens.
func (v Voice) withNames(s string) string {
	return incident.ReplaceNames(s, func(id incident.PersonID) string { return v.face(id).Name })
}

// example puts the house's own command where a fault's example says "/incident".
func (v Voice) example(try string) string {
	if rest, ok := strings.CutPrefix(try, "/incident "); ok {
		return v.full(rest)
	}
	return try
}
