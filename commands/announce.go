package commands

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
)

func announceCommand() Command {
	return Command{
		Verb: chat.Verb{
			Name: "announce", Group: groupRest, Summary: "Where incidents are announced: here, or off; alone: where it is now.", Example: "announce here",
			Args: []chat.Arg{{Name: "where", Hint: "here: in this room; off: nowhere", Choices: []string{"here", "off"}}},
		},
		read: func(_ context.Context, c *Call) (Run, error) {
			switch {
			case c.Words.Len() == 0:
				return c.tellsWhere, nil
			case c.Words.Len() == 1 && c.Words.At(0) == "here":
				return c.announcesHere, nil
			case c.Words.Len() == 1 && c.Words.At(0) == "off":
				return c.announcesNowhere, nil
			}
			return nil, c.bad("`announce` takes here or off.")
		},
	}
}

// announced is what was chosen for the platform where this is said.
func (c *Call) announced(ctx context.Context) (Announced, error) {
	if c.Ports.Announce == nil {
		return Announced{}, fault.New(fault.Unavailable, "Where incidents are announced cannot be chosen here. Nothing was changed.")
	}
	return c.Ports.Announce.Announced(ctx, c.platform())
}

func (c *Call) platform() string {
	if p := c.Request.Place.Platform; p != "" {
		return p
	}
	return c.Request.User.Platform
}

func (c *Call) tellsWhere(ctx context.Context) (chat.Reply, error) {
	a, err := c.announced(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	v := c.speak(ctx)
	here := typed(v, "announce here")
	switch {
	case a.Room.ID != "" && a.Fixed != "":
		return answer("Incidents are announced in ", roomShown(a.Room), ". The setting ", chat.Code(a.Fixed), " says so."), nil
	case a.Room.ID != "":
		return answer("Incidents are announced in ", roomShown(a.Room), ". To move them, say in another room: ", here), nil
	case a.Chosen:
		return answer("Incidents are announced nowhere. To announce them in a room, say there: ", here), nil
	}
	return answer("Nobody has said yet where incidents are announced, so they are announced nowhere. In the room that shall have them, say: ", here), nil
}

func roomShown(r incident.Room) chat.Span { return chat.RoomLink{Room: r.ID, Name: r.Name} }

// announcesHere makes this the room where incidents are announced.
func (c *Call) announcesHere(ctx context.Context) (chat.Reply, error) {
	p := c.Request.Place
	switch {
	case p.Direct || p.Room == "":
		return chat.Reply{}, fault.New(fault.Rejected, "Nobody else reads this conversation. Say it in the room where incidents shall be announced.")
	case c.Has && inRoom(c.On, p):
		return chat.Reply{}, fault.New(fault.Rejected, "This is the room of %s. Say it in a room that stands for all incidents.", c.On.Number)
	}
	if c.Ports.Rooms != nil && !p.Shared {
		facts, err := c.Ports.Rooms.Room(ctx, p)
		if err != nil {
			return chat.Reply{}, fault.Wrap(fault.Unavailable, err, "I could not find out who reads this room, so nothing was changed. Try again in a moment.")
		}
		p.Shared = facts.Shared
	}
	if p.Shared {
		return chat.Reply{}, fault.New(fault.Rejected, "People of other organisations read this room, so incidents are not announced in it. Say it in another room.")
	}
	return c.announces(ctx, incident.Room{Platform: p.Platform, ID: p.Room, Name: p.Name})
}

func (c *Call) announcesNowhere(ctx context.Context) (chat.Reply, error) {
	return c.announces(ctx, incident.Room{Platform: c.platform()})
}

// announces keeps the choice. The first may be any full member's, so that the
// question at the start can be answered; to change it takes an admin.
func (c *Call) announces(ctx context.Context, room incident.Room) (chat.Reply, error) {
	was, err := c.announced(ctx)
	if err != nil {
		return chat.Reply{}, err
	}
	switch {
	case was.Fixed != "":
		return chat.Reply{}, fault.New(fault.Rejected, "The setting %s decides where incidents are announced. Nothing was changed; whoever runs tocsin can change it there.", was.Fixed)
	case was.Chosen && was.Room.ID == room.ID && room.ID != "":
		return answer("Incidents are announced here already."), nil
	case was.Chosen && was.Room.ID == room.ID:
		return answer("Incidents are announced nowhere already."), nil
	case was.Chosen && !c.Actor.Admin:
		return chat.Reply{}, fault.New(fault.Forbidden, "Where incidents are announced was chosen already; only an admin of tocsin can change it. Nothing was changed.")
	case !c.Actor.Admin && c.Actor.Standing != incident.Member:
		return chat.Reply{}, fault.New(fault.Forbidden, "Only full members of this workspace can say where incidents are announced. Nothing was changed.")
	}
	if err := c.Ports.Announce.Announce(ctx, c.Input, room); err != nil {
		return chat.Reply{}, err
	}
	v := c.speak(ctx)
	if room.ID == "" {
		return answer("Incidents are announced nowhere from now on. Everything else works. To announce them in a room, say there: ", typed(v, "announce here")), nil
	}
	return answer("From now on incidents are announced in ", roomShown(room), ": one message each, edited as things change, updates in its thread. Private incidents are never announced. To stop: ", typed(v, "announce off")), nil
}
