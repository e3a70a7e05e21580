package bot

import (
	"context"
	"strings"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/store"
)

// roomsFresh is how long the list of the console's rooms is believed.
const roomsFresh = time.Second

// roomNames finds the console's rooms for scripts, which may name them.
type roomNames struct {
	talk store.Talk
	now  func() time.Time

	mu    sync.Mutex
	read  time.Time
	named map[string]chat.Place // by id and by name in small letters
}

// find reads a room's id or name; one that nobody knows is a place without an
// incident. A room that was opened within the last second may not be known by
// its name yet; its id is enough everywhere.
func (r *roomNames) find(ctx context.Context, words string) (chat.Place, error) {
	r.mu.Lock()
	named, fresh := r.named, r.named != nil && r.now().Sub(r.read) < roomsFresh
	r.mu.Unlock()
	if !fresh {
		var err error
		if named, err = r.again(ctx); err != nil {
			return chat.Place{}, err
		}
	}
	if p, known := named[words]; known {
		return p, nil
	}
	if p, known := named[strings.ToLower(words)]; known {
		return p, nil
	}
	return chat.Place{Platform: console.Platform, Room: words, Name: words}, nil
}

func (r *roomNames) again(ctx context.Context) (map[string]chat.Place, error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	at := r.now()
	rooms, err := r.talk.TalkRooms(within)
	if err != nil {
		return nil, err
	}
	named := make(map[string]chat.Place, 2*len(rooms))
	for _, room := range rooms {
		p := chat.Place{Platform: console.Platform, Room: room.ID, Name: room.Name, Direct: room.Direct}
		named[room.ID] = p
		if name := strings.ToLower(room.Name); named[name] == (chat.Place{}) {
			named[name] = p
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read, r.named = at, named
	return named, nil
}
