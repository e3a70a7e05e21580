package say

import (
	"tocsin/bot/chat"
	"tocsin/incident"
)

// List is incidents, one line each.
func List(heading string, sums []incident.Summary, more More, v Voice) chat.Message {
	m := chat.Message{Title: plain(heading)}
	if len(sums) == 0 {
		m.Parts = append(m.Parts, text(chat.Plain("None. Declare one: "), v.typed("checkout is failing")))
		return m
	}
	list := make(chat.List, len(sums))
	for i, s := range sums {
		list[i] = ListLine(s, v)
	}
	m.Parts = append(append(m.Parts, list), moreLine(more, v)...)
	return m
}

// ListLine is an incident in one line.
func ListLine(s incident.Summary, v Voice) []chat.Span {
	line := named(s.Number, s.Title, s.Private, s.Drill)
	line = append(line, chat.Plain(" · "+v.severity(s.Severity)+" · "+string(s.Status)))
	if s.Severity == incident.SevUnset {
		line[len(line)-1] = chat.Plain(" · severity not set · " + string(s.Status))
	}
	if s.Status == incident.Merged {
		line = append(line, chat.Plain(" into "+s.MergedInto.String()))
	}
	if s.Commander != "" {
		line = append(line, chat.Plain(" · "), Person(s.Commander, v))
		if s.Acting {
			line = append(line, chat.Plain(" (acting)"))
		}
	}
	if room, ok := v.roomOf(s.Rooms); ok && s.Status.Open() {
		line = append(line, chat.Plain(" · "), room)
	}
	return append(line, when(s, v)...)
}

func when(s incident.Summary, v Voice) []chat.Span {
	switch {
	case !s.Status.Open() && !s.EndedAt.IsZero():
		return []chat.Span{chat.Plain(" · ended "), v.ago(s.EndedAt)}
	case s.Status.Open() && !s.NextUpdate.IsZero() && s.NextUpdate.Before(v.Now):
		return []chat.Span{chat.Plain(" · "), chat.Strong("update OVERDUE")}
	}
	return []chat.Span{chat.Plain(" · declared "), v.ago(s.DeclaredAt)}
}

// Show is the incident in full, for the asker alone.
func Show(inc incident.Incident, v Voice) chat.Message {
	m := Card(inc, v)
	foot := m.Parts[len(m.Parts)-1]
	m.Parts = append(m.Parts[:len(m.Parts)-1], milestones(inc, v), foot, counts(inc))
	if inc.Status.Open() {
		m.Actions = append(m.Actions, button(inc, "Follow", "follow"))
	}
	m.Actions = append(m.Actions, chat.Action{Label: "Show here", Command: command(inc.Number, "show", "here"), Seen: uint64(inc.Head)})
	return m
}

func milestones(inc incident.Incident, v Voice) chat.Part {
	var f chat.Fields
	add := func(label string, m chat.When) {
		if !m.At.IsZero() {
			m.Zone, m.Style = v.Zone, chat.DateTime
			f = append(f, chat.Field{Label: label, Value: []chat.Span{m}})
		}
	}
	ms := inc.Milestones
	add("Impact started", chat.When{At: ms.Started})
	add("Detected", chat.When{At: ms.Detected})
	add("Acknowledged", chat.When{At: ms.Acknowledged})
	add("Mitigated", chat.When{At: ms.Mitigated})
	add("Resolved", chat.When{At: ms.Resolved})
	return f
}

func counts(inc incident.Incident) chat.Part {
	words := count(inc.Updates, "update") + " · " + count(inc.Followers, "follower") + " · " +
		count(inc.Captures, "capture") + " · " + count(inc.PageN, "page") + " · " + count(len(inc.Members), "member")
	return small(chat.Plain(words))
}

// Roles says who holds what, and what is open.
func Roles(inc incident.Incident, v Voice) chat.Message {
	m := chat.Message{Title: heading("Roles in ", inc)}
	var f chat.Fields
	for _, role := range v.roles(inc) {
		h, held := holder(inc, role)
		if !held {
			f = append(f, chat.Field{Label: label(RoleName(role, v)), Value: plain("nobody")})
			if inc.Status.Open() {
				m.Actions = append(m.Actions, button(inc, "Take "+RoleName(role, v), "take", string(role)))
			}
			continue
		}
		f = append(f, chat.Field{Label: label(RoleName(role, v)), Value: append(v.holder(h), chat.Plain(" since "), v.at(h.Since))})
	}
	m.Parts = append(m.Parts, f)
	for _, o := range inc.Offers {
		m.Parts = append(m.Parts, small(chat.Plain(label(RoleName(o.Role, v))+" is offered to "), Person(o.To, v),
			chat.Plain(", not answered yet")))
	}
	return m
}

// Home is what waits for one person: their incidents.
func Home(sums []incident.Summary, v Voice) chat.Message {
	m := List("Your open incidents", sums, More{}, v)
	m.Actions = append(m.Actions, chat.Action{Label: "Declare an incident", Command: "declare", Style: chat.Primary},
		chat.Action{Label: "All open incidents", Command: "list"})
	return m
}
