package bot

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/reactors"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
)

// maxNames is how many people of a room are named.
const maxNames = 10

// roomLook asks platforms about their rooms.
type roomLook struct{ h *House }

var _ commands.Rooms = roomLook{}

// Room says what is known of a room, or of the thread that the place names.
func (l roomLook) Room(ctx context.Context, p chat.Place) (commands.RoomFacts, error) {
	out := commands.RoomFacts{Shared: p.Shared}
	c := l.h.clients[p.Platform]
	if c == nil {
		return out, nil
	}
	roles := c.Roles()
	if roles.Reader != nil {
		out.Oldest = l.h.clock.Now().Add(-reactors.BackfillSpan)
	}
	name := p.Name
	if roles.Places != nil {
		at, err := roles.Places.Place(ctx, p.Room)
		if err != nil && fault.KindOf(err) != fault.NotFound && fault.KindOf(err) != fault.Rejected {
			return out, err
		}
		out.Shared = out.Shared || at.Shared
		if at.Name != "" {
			name = at.Name
		}
	}
	if announce := l.h.announcer.room(ctx, p.Platform); announce != "" {
		out.Announcement = announce == p.Room || announce == name || announce == "#"+name
	}
	if roles.Rooms == nil {
		return out, nil
	}
	users, err := roles.Rooms.Members(ctx, p.Room)
	if err != nil {
		if k := fault.KindOf(err); k == fault.NotFound || k == fault.Rejected {
			return out, nil
		}
		return out, err
	}
	for _, u := range users {
		if u.Kind == chat.Machine {
			continue
		}
		out.Members++
		if len(out.Names) < maxNames && u.Name != "" {
			out.Names = append(out.Names, u.Name)
		}
	}
	return out, nil
}

// Heard is a message as the house keeps it; where it stands in an incident's
// room, it is in that room's history then.
func (s *Sink) Heard(ctx context.Context, m chat.Said) (incident.Spoken, error) {
	stream, found, err := s.where(ctx, m.Place)
	if err != nil {
		return incident.Spoken{}, err
	}
	spoken, err := s.spoken(ctx, m)
	if err != nil {
		return incident.Spoken{}, missed(err)
	}
	if found {
		err = missed(s.history.Hear(ctx, stream, spoken))
	}
	return spoken, err
}
