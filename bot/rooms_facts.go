package bot

import (
	"cmp"
	"context"
	"strings"

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
		if err != nil && !nowhere(err) {
			return out, err
		}
		out.Shared, name = out.Shared || at.Shared, cmp.Or(at.Name, name)
	}
	if announce := l.h.announcer.room(ctx, p.Platform); announce != "" {
		out.Announcement = announce == p.Room || strings.TrimPrefix(announce, "#") == name
	}
	if roles.Rooms == nil {
		return out, nil
	}
	users, err := roles.Rooms.Members(ctx, p.Room)
	if err != nil && !nowhere(err) {
		return out, err
	}
	out.Members, out.Names = people(users)
	return out, nil
}

// nowhere says that a room is not there, or not to be looked into.
func nowhere(err error) bool {
	k := fault.KindOf(err)
	return err != nil && (k == fault.NotFound || k == fault.Rejected)
}

// people counts those who are no bots, and names some.
func people(users []chat.User) (n int, names []string) {
	for _, u := range users {
		if u.Kind == chat.Machine {
			continue
		}
		n++
		if len(names) < maxNames && u.Name != "" {
			names = append(names, u.Name)
		}
	}
	return n, names
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
