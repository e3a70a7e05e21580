package console

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"tocsin/store"
)

// known are the rooms as the store had them at a position. There may be
// thousands and every page needs some, so only what changed since is read.
type known struct {
	mu       sync.Mutex
	byID     map[string]store.TalkRoom // nil: nothing is known yet
	position int64
}

// tooMuch is how many changes are worth following; after more, the rooms are
// read anew.
const tooMuch = 2000

// rooms gives every room as the store has it now, in the order of their ids.
func (c *Console) rooms(ctx context.Context) ([]store.TalkRoom, error) {
	if err := c.ensureRooms(ctx); err != nil {
		return nil, err
	}
	return c.known.all(ctx, c.talk)
}

func (c *Console) room(ctx context.Context, id string) (r store.TalkRoom, found bool, err error) {
	if err := c.ensureRooms(ctx); err != nil {
		return r, false, err
	}
	return c.known.one(ctx, c.talk, id)
}

func (k *known) all(ctx context.Context, talk store.Talk) ([]store.TalkRoom, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.follow(ctx, talk); err != nil {
		return nil, err
	}
	out := slices.Collect(maps.Values(k.byID))
	slices.SortFunc(out, func(a, b store.TalkRoom) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (k *known) one(ctx context.Context, talk store.Talk, id string) (r store.TalkRoom, found bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.follow(ctx, talk); err != nil {
		return r, false, err
	}
	r, found = k.byID[id]
	return r, found, nil
}

func (k *known) follow(ctx context.Context, talk store.Talk) error {
	if k.byID == nil {
		return k.load(ctx, talk)
	}
	for seen := 0; ; {
		changes, at, err := talk.Changes(ctx, k.position, 500)
		if err != nil {
			return err
		}
		if seen += len(changes); seen > tooMuch {
			return k.load(ctx, talk)
		}
		for _, ch := range changes {
			if ch.Room != nil {
				k.byID[ch.Room.ID] = *ch.Room
			}
		}
		k.position = at
		if len(changes) == 0 {
			return nil
		}
	}
}

func (k *known) load(ctx context.Context, talk store.Talk) error {
	_, at, err := talk.Changes(ctx, -1, 0)
	if err != nil {
		return err
	}
	all, err := talk.TalkRooms(ctx)
	if err != nil {
		return err
	}
	k.position, k.byID = at, make(map[string]store.TalkRoom, len(all))
	for _, r := range all {
		k.byID[r.ID] = r
	}
	return nil
}
