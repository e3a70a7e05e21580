package console

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tocsin/store"
)

// pollEvery is how soon a change made by another replica is seen here.
const pollEvery = 400 * time.Millisecond

// hub hands what changed in the store to everyone who watches. A change of our
// own is looked for at once, one of another replica within pollEvery. While
// nobody watches it reads nothing.
type hub struct {
	talk store.Talk
	log  *slog.Logger
	kick chan struct{}

	mu       sync.Mutex
	watchers map[*watcher]struct{}
	position int64 // last read; -1: unknown
	ended    bool
}

// watcher is one open stream. Its channel is closed when it was too slow, or
// when the console ends: the browser then asks anew and is brought up to date.
type watcher struct{ changes chan store.TalkChange }

func newHub(t store.Talk, log *slog.Logger) *hub {
	return &hub{talk: t, log: log, kick: make(chan struct{}, 1), watchers: map[*watcher]struct{}{}, position: -1}
}

// stir says that something was written.
func (h *hub) stir() {
	select {
	case h.kick <- struct{}{}:
	default:
	}
}

// watch begins to collect changes; what is read from the store after it
// returns misses none.
func (h *hub) watch(ctx context.Context) (*watcher, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := &watcher{changes: make(chan store.TalkChange, 256)}
	if h.ended {
		close(w.changes)
		return w, nil
	}
	if h.position < 0 {
		_, at, err := h.talk.Changes(ctx, -1, 0)
		if err != nil {
			return nil, err
		}
		h.position = at
	}
	h.watchers[w] = struct{}{}
	h.stir()
	return w, nil
}

func (h *hub) leave(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(w)
	if len(h.watchers) == 0 {
		h.position = -1
	}
}

func (h *hub) drop(w *watcher) {
	if _, there := h.watchers[w]; there {
		delete(h.watchers, w)
		close(w.changes)
	}
}

// run polls until ctx ends. prepare is tried until it succeeds.
func (h *hub) run(ctx context.Context, prepare func() error) {
	defer h.end()
	prepared := false
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if !prepared {
			prepared = prepare() == nil
		}
		if err := h.poll(ctx); err != nil && ctx.Err() == nil {
			h.log.WarnContext(ctx, "the console cannot read what changed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-h.kick:
		case <-tick.C:
		}
	}
}

func (h *hub) poll(ctx context.Context) error {
	for {
		h.mu.Lock()
		at := h.position
		h.mu.Unlock()
		if at < 0 {
			return nil
		}
		changes, next, err := h.talk.Changes(ctx, at, 200)
		if err != nil {
			return err
		}
		h.hand(at, next, changes)
		if len(changes) == 0 {
			return nil
		}
	}
}

func (h *hub) hand(from, to int64, changes []store.TalkChange) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.position != from { // everybody left meanwhile, and somebody came
		return
	}
	h.position = to
	for _, ch := range changes {
		for w := range h.watchers {
			select {
			case w.changes <- ch:
			default:
				h.drop(w)
			}
		}
	}
}

func (h *hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for w := range h.watchers {
		h.drop(w)
	}
}
