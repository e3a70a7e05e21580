package reactors

import (
	"slices"
	"strings"

	"tocsin/bot/chat"
	"tocsin/incident"
)

// Chat is the chat platforms of the house, the first before the others.
type Chat struct{ sides []Side }

// Side is one platform and its announcement room.
type Side struct {
	Platform chat.Platform
	Announce func() string // id or name of the announcement room now; nil or "": none
	Shared   bool          // it may be one that other organisations read
	Asks     func() bool   // nobody has said yet where to announce; nil: somebody has
}

// announce is the announcement room now; empty: none.
func (s Side) announce() string {
	if s.Announce == nil {
		return ""
	}
	return s.Announce()
}

// NewChat makes the registry of platforms.
func NewChat(sides ...Side) Chat { return Chat{sides: slices.Clone(sides)} }

// On finds a platform by its name; nil: the house is not on it.
func (c Chat) On(name string) chat.Platform {
	for _, s := range c.sides {
		if s.Platform.Name() == name {
			return s.Platform
		}
	}
	return nil
}

// Home is the platform on which an incident gets its room: the one where it
// was declared, else the first that can open rooms.
func (c Chat) Home(declared string) (chat.Platform, bool) {
	if p := c.On(declared); p != nil && p.Roles().Rooms != nil {
		return p, true
	}
	for _, s := range c.sides {
		if s.Platform.Roles().Rooms != nil {
			return s.Platform, true
		}
	}
	return nil, false
}

// asks says that nobody has said yet where a platform announces.
func (c Chat) asks(platform string) bool {
	for _, s := range c.sides {
		if s.Platform.Name() == platform {
			return s.Asks != nil && s.Asks()
		}
	}
	return false
}

// mayShare says that announcements of a platform may be read by others.
func (c Chat) mayShare(platform string) bool {
	for _, s := range c.sides {
		if s.Platform.Name() == platform {
			return s.Shared
		}
	}
	return false
}

// Announce lists where an incident is announced: the announcement room of each
// platform, and the rooms that policy tells besides ("platform:room", or a
// room of the first platform).
func (c Chat) Announce(tell []string) []spot {
	var out []spot
	for _, s := range c.sides {
		if room := s.announce(); room != "" {
			out = append(out, spot{platform: s.Platform.Name(), room: room})
		}
	}
	for _, words := range tell {
		at := spot{}
		if p, room, ok := split(words, ":"); ok && c.On(p) != nil {
			at = spot{platform: p, room: room}
		} else if len(c.sides) > 0 {
			at = spot{platform: c.sides[0].Platform.Name(), room: words}
		}
		if at.room != "" && !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	return out
}

// reach finds where a person can be spoken to alone: on the platform preferred,
// else on any where they have an account.
func (c Chat) reach(p incident.Person, prefer string) (chat.Platform, string, bool) {
	if on := c.On(prefer); on != nil {
		if id := accountOn(p, prefer); id != "" {
			return on, id, true
		}
	}
	for _, s := range c.sides {
		if id := accountOn(p, s.Platform.Name()); id != "" {
			return s.Platform, id, true
		}
	}
	return nil, "", false
}

// spot is a room as a target of jobs.
type spot struct{ platform, room string }

func (s spot) String() string { return s.platform + ":" + s.room }

func spotOf(target string) spot {
	p, room, _ := split(target, ":")
	return spot{platform: p, room: room}
}

func split(s, sep string) (before, after string, ok bool) { return strings.Cut(s, sep) }

// live are the rooms in which an incident can be spoken of.
func live(inc incident.Incident) []incident.Room {
	var out []incident.Room
	for _, r := range inc.Rooms {
		if !r.Archived {
			out = append(out, r)
		}
	}
	return out
}

// mainRoom is the first of them.
func (c Chat) mainRoom(inc incident.Incident) (incident.Room, bool) {
	for _, r := range live(inc) {
		if c.On(r.Platform) != nil {
			return r, true
		}
	}
	return incident.Room{}, false
}

func roomAt(inc incident.Incident, s spot) (incident.Room, bool) {
	for _, r := range live(inc) {
		if r.Platform == s.platform && r.ID == s.room {
			return r, true
		}
	}
	return incident.Room{}, false
}
