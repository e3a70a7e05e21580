package bot

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"tocsin/commands"
	"tocsin/incident"
	"tocsin/store"
)

// announcer knows in which room of each platform incidents are announced: the
// one that a setting names, else the one chosen in chat, which is kept in the
// store for all replicas.
type announcer struct {
	shelf store.Shelf
	fixed map[string]fixedRoom // platform -> what a setting says
	now   func() time.Time

	mu     sync.Mutex
	chosen map[string]choice
	read   map[string]time.Time
}

// fixedRoom is a room that a setting names, by id or name. Without a setting it
// is where the platform announces until something else is chosen.
type fixedRoom struct{ setting, room string }

type choice struct {
	Chosen bool          `json:"chosen"`
	Room   incident.Room `json:"room,omitzero"`
}

// choiceFresh is how old a choice may be; another replica may have made another.
const choiceFresh = 15 * time.Second

var _ commands.Announcer = (*announcer)(nil)

func newAnnouncer(shelf store.Shelf, now func() time.Time, fixed map[string]fixedRoom) *announcer {
	return &announcer{shelf: shelf, now: now, fixed: fixed, chosen: map[string]choice{}, read: map[string]time.Time{}}
}

func announceKey(platform string) string { return "announce/" + platform }

// Announced says what was chosen for a platform.
func (a *announcer) Announced(ctx context.Context, platform string) (commands.Announced, error) {
	f := a.fixed[platform]
	named := incident.Room{Platform: platform, ID: f.room, Name: f.room}
	if f.setting != "" && f.room != "" {
		return commands.Announced{Chosen: true, Room: named, Fixed: f.setting}, nil
	}
	c, err := a.look(ctx, platform)
	if err == nil && !c.Chosen && f.room != "" {
		return commands.Announced{Chosen: true, Room: named}, nil
	}
	return commands.Announced{Chosen: c.Chosen, Room: c.Room}, readFault(err)
}

// Announce chooses the room for the platform that it names.
func (a *announcer) Announce(ctx context.Context, _ commands.Input, room incident.Room) error {
	key := announceKey(room.Platform)
	value, err := json.Marshal(choice{Chosen: true, Room: room})
	if err != nil {
		return err
	}
	for {
		old, err := a.shelf.Fetch(ctx, key)
		if err != nil {
			return notRecorded(err)
		}
		if string(old) == string(value) {
			return nil
		}
		err = a.shelf.Keep(ctx, key, old, value)
		if _, raced := asChanged(err); raced && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return commitFault(err)
		}
		a.keep(room.Platform, choice{Chosen: true, Room: room})
		return nil
	}
}

func (a *announcer) look(ctx context.Context, platform string) (choice, error) {
	a.mu.Lock()
	c, at := a.chosen[platform], a.read[platform]
	a.mu.Unlock()
	if !at.IsZero() && a.now().Sub(at) < choiceFresh {
		return c, nil
	}
	raw, err := a.shelf.Fetch(ctx, announceKey(platform))
	if err != nil {
		return choice{}, err
	}
	c = choice{}
	if raw != nil {
		if err := json.Unmarshal(raw, &c); err != nil {
			return choice{}, errors.New("what was chosen for announcements cannot be read")
		}
	}
	a.keep(platform, c)
	return c, nil
}

func (a *announcer) keep(platform string, c choice) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.chosen[platform], a.read[platform] = c, a.now()
}

// room is where a platform's incidents are announced now, by id or name; what
// cannot be read now is as it was last read.
func (a *announcer) room(ctx context.Context, platform string) string {
	f := a.fixed[platform]
	if f.setting != "" && f.room != "" {
		return f.room
	}
	c, err := a.look(ctx, platform)
	if err != nil {
		a.mu.Lock()
		c = a.chosen[platform]
		a.mu.Unlock()
	}
	if !c.Chosen {
		return f.room
	}
	return c.Room.ID
}

// asks says that nobody has said yet where a platform announces.
func (a *announcer) asks(ctx context.Context, platform string) bool {
	if a.fixed[platform].room != "" {
		return false
	}
	c, err := a.look(ctx, platform)
	return err == nil && !c.Chosen
}
