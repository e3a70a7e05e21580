package say

import (
	"strconv"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Timeline is entries of the timeline, each with the number that edit and
// strike take.
func Timeline(inc incident.Incident, entries []incident.Entry, more More, v Voice) chat.Message {
	m := chat.Message{Title: append(heading("Timeline of ", inc), chat.Plain(": "), said(inc.Title))}
	if len(entries) == 0 {
		m.Parts = append(m.Parts, text(chat.Plain("Nothing is on the timeline here.")))
	} else {
		m.Parts = append(m.Parts, entryLines(entries, v))
	}
	m.Parts = append(m.Parts, moreLine(more, v)...)
	return m
}

func entryLines(entries []incident.Entry, v Voice) chat.List {
	list := make(chat.List, len(entries))
	for i, e := range entries {
		list[i] = entryLine(e, v)
	}
	return list
}

func entryLine(e incident.Entry, v Voice) []chat.Span {
	line := []chat.Span{chat.Code(strconv.FormatUint(uint64(e.Version), 10)), chat.Plain(" "), v.at(e.Happened), chat.Plain(" ")}
	words := Spans(e.Sentence, v)
	if e.Struck {
		words = struckOut(words, v)
	}
	line = append(line, words...)
	if e.Edited {
		line = append(line, chat.Plain(" (edited)"))
	}
	if e.Deleted {
		line = append(line, chat.Plain(" (the message was deleted)"))
	}
	if e.Recorded.Sub(e.Happened) > time.Minute {
		line = append(line, chat.Plain(" (recorded "), v.at(e.Recorded), chat.Plain(")"))
	}
	return line
}

func moreLine(more More, v Voice) []chat.Part {
	if more.Command == "" {
		return nil
	}
	words := "More: "
	if more.Left > 0 {
		words = strconv.Itoa(more.Left) + " more: "
	}
	return []chat.Part{small(chat.Plain(words), v.typed(more.Command))}
}

// latest is how many entries a catch-up shows.
const latest = 8

// CatchUp is what somebody needs who comes in late: where it stands, who does
// what, what was decided, and what happened last.
func CatchUp(inc incident.Incident, entries []incident.Entry, v Voice) chat.Message {
	m := chat.Message{Title: title(inc), Tone: tone(inc), Summary: summary(inc, v)}
	m.Parts = append(m.Parts, text(
		chat.Plain("Open for "), chat.Strong(chat.Lasting(lasted(inc, v))), chat.Plain(" · "), chat.Strong(inc.Status),
		chat.Plain(" · severity "), chat.Strong(v.severity(inc.Severity))))
	if !inc.Status.Open() {
		m.Parts[0] = text(chat.Plain("It is "), chat.Strong(inc.Status), chat.Plain(" after "+chat.Lasting(lasted(inc, v))+"."))
	}
	m.Parts = append(m.Parts, catchUpFields(inc, v))
	for _, p := range []chat.Part{outcome(inc, v), updates(inc, v)} {
		if p != nil {
			m.Parts = append(m.Parts, p)
		}
	}
	decided, last := digest(entries)
	if len(decided) > 0 {
		m.Parts = append(m.Parts, text(chat.Strong("Decided")), entryLines(decided, v))
	}
	if len(last) > 0 {
		m.Parts = append(m.Parts, text(chat.Strong("Lately")), entryLines(last, v))
	}
	m.Parts = append(m.Parts, small(chat.Plain("All of it: "), v.typed(command(inc.Number, "timeline"))))
	if inc.Status.Open() {
		m.Actions = []chat.Action{button(inc, "Follow", "follow")}
	}
	return m
}

func lasted(inc incident.Incident, v Voice) time.Duration {
	end := inc.EndedAt
	if end.IsZero() {
		end = v.Now
	}
	return max(end.Sub(inc.DeclaredAt), 0)
}

func catchUpFields(inc incident.Incident, v Voice) chat.Fields {
	var f chat.Fields
	if !inc.Impact.Empty() {
		f = append(f, chat.Field{Label: "Impact", Value: []chat.Span{said(inc.Impact)}})
	}
	f = append(f, roleFields(inc, v)...)
	if room, ok := v.room(inc); ok {
		f = append(f, chat.Field{Label: "Room", Value: []chat.Span{room}})
	}
	if inc.Call != "" {
		f = append(f, chat.Field{Label: "Call", Value: []chat.Span{chat.Link{Label: "join the call", URL: inc.Call}}})
	}
	return f
}

// digest picks the decisions, and the newest entries that are no chatter.
func digest(entries []incident.Entry) (decided, last []incident.Entry) {
	for _, e := range entries {
		if e.Struck || e.Deleted {
			continue
		}
		if _, ok := e.Event.(incident.DecisionMade); ok {
			decided = append(decided, e)
			continue
		}
		if telling(e.Event) {
			last = append(last, e)
		}
	}
	return decided[max(0, len(decided)-latest):], last[max(0, len(last)-latest):]
}

// telling holds for events that tell a newcomer something.
func telling(e incident.Event) bool {
	switch e.(type) {
	case incident.MessageCaptured, incident.PageRequested, incident.PageAcknowledged, incident.PageFailed, incident.Declared:
		return true
	case incident.FieldSet, incident.MemberRemoved, incident.ItemReopened, incident.UpdateFixed, incident.UpdatePosted, incident.Undone:
		return false
	default:
		return inRoom(e)
	}
}
