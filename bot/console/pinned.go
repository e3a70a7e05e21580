package console

import (
	"net/http"
	"slices"
	"sync"

	"tocsin/store"
)

// pinned remembers pinned messages, which lie anywhere in their rooms, so that
// a room is walked once for each of them. A few words in a menu may be old.
type pinned struct{ byID sync.Map }

// pinnedIn draws what is pinned in a room, newest pin first.
func (c *Console) pinnedIn(r *http.Request, rd reader, room store.TalkRoom) []messageView {
	if err := c.walkPins(r, room); err != nil {
		c.log.WarnContext(r.Context(), "pins could not be read", "room", room.ID, "error", err)
	}
	var out []messageView
	for _, id := range slices.Backward(room.Pinned) {
		if m, ok := c.pinned.byID.Load(room.ID + "/" + id); ok {
			if m := m.(store.TalkMessage); visible(m, rd.User) {
				out = append(out, rd.message(room, m))
			}
		}
	}
	return out
}

func (c *Console) walkPins(r *http.Request, room store.TalkRoom) error {
	oldest := ""
	for _, id := range room.Pinned {
		if _, known := c.pinned.byID.Load(room.ID + "/" + id); !known && (oldest == "" || id < oldest) {
			oldest = id
		}
	}
	if oldest == "" {
		return nil
	}
	return c.back(r.Context(), room.ID, func(m store.TalkMessage) bool {
		if slices.Contains(room.Pinned, m.ID) {
			c.pinned.byID.Store(room.ID+"/"+m.ID, m)
		}
		return m.ID > oldest
	})
}
