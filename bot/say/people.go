package say

import (
	"tocsin/bot/chat"
	"tocsin/incident"
)

// Duties is what a role asks of who took it, for them alone.
func Duties(inc incident.Incident, role incident.Role, v Voice) chat.Message {
	m := chat.Message{Title: append(plain("You are "+RoleName(role, v)+" of "), chat.Strong(inc.Number.String()))}
	var list chat.List
	for _, r := range v.Policy.Roles {
		if r.Role != role {
			continue
		}
		for _, d := range r.Duties {
			list = append(list, plain(d))
		}
	}
	if list != nil {
		m.Parts = append(m.Parts, list)
	}
	m.Parts = append(m.Parts, small(chat.Plain("Hand it over with "), v.typed("handover @who"), chat.Plain(", or give it up with "),
		v.typed("release "+string(role)), chat.Plain(".")))
	m.Summary = chat.SpansText(m.Title, chat.Paper{})
	return m
}

// Joined answers who asked to come in: now they take part, or they did before.
// The way to the room is shown to both; an invitation is promised only where
// one is owed.
func Joined(inc incident.Incident, now bool, v Voice) chat.Message {
	how := " now"
	if !now {
		how = " already"
	}
	line := text(chat.Plain("You take part in "), chat.Strong(inc.Number.String()), chat.Plain(how))
	room, opened := v.room(inc)
	switch {
	case opened && now && v.invites(inc):
		line = append(line, chat.Plain(", and are being invited to its room, "), room, chat.Plain("."))
	case opened:
		line = append(line, chat.Plain(". Its room is "), room, chat.Plain("."))
	case inc.RecordOnly || !inc.Status.Open():
		line = append(line, chat.Plain(". It has no room."))
	default:
		line = append(line, chat.Plain(". You are invited to its room once it is open."))
	}
	return chat.Message{Parts: []chat.Part{line}, Summary: "You take part in " + inc.Number.String() + how}
}

// invites says whether members are invited to the room that the voice links
// to: a thread and an archived room take nobody in.
func (v Voice) invites(inc incident.Incident) bool {
	for _, r := range inc.Rooms {
		if !r.Archived {
			return r.Platform == v.Platform && r.Thread == ""
		}
	}
	return false
}

// HandoverOffer asks one person to take a role over; it mentions them.
func HandoverOffer(inc incident.Incident, o incident.Offer, v Voice) chat.Message {
	line := text(chat.Plain("🤝 "), Ping(o.To, v), chat.Plain(": "), Person(o.From, v),
		chat.Plain(" asks you to take over as "+RoleName(o.Role, v)+" of "+inc.Number.String()+". "), Person(o.From, v),
		chat.Plain(" stays until you accept."))
	m := chat.Message{Parts: []chat.Part{line}, Summary: chat.SpansText(line, chat.Paper{})}
	if !o.Note.Empty() {
		m.Parts = append(m.Parts, chat.Quote{said(o.Note)})
	}
	m.Actions = []chat.Action{
		primary(button(inc, "Accept", "handover", "accept", string(o.Role))),
		button(inc, "Decline", "handover", "decline", string(o.Role)),
	}
	return m
}
