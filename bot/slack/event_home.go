package slack

import (
	"context"
	"sync"
	"time"

	"tocsin/bot/chat"
)

// homeGap is how soon a home is drawn again after something changed.
const homeGap = 2 * time.Second

// homesKept is how many people's homes are kept in step; of others, a home is
// drawn when it is opened.
const homesKept = 2000

// homeWork draws somebody's home when they open it.
func (in *intake) homeWork(_ envelope, c callback) work {
	h := c.Event
	if h.User == "" || h.Tab != "" && h.Tab != "home" || in.house.Load().Home == nil {
		return in.ignored(countIgnored)
	}
	return work{do: func(context.Context) (answer, after) {
		return answer{}, func(ctx context.Context) {
			within, cancel := context.WithTimeout(ctx, lookLimit)
			user := in.person(within, h.asker(c))
			cancel()
			in.homes.open(user)
			in.publish(ctx, user)
		}
	}}
}

// publish draws a home.
func (in *intake) publish(ctx context.Context, u chat.User) {
	home := in.house.Load().Home
	if home == nil {
		return
	}
	within, cancel := context.WithTimeout(ctx, chat.CallLimit)
	defer cancel()
	if err := in.out.publishHome(within, u.ID, drawHome(home(within, u))); err != nil {
		in.count(countLost)
		in.o.Log.WarnContext(ctx, "a home could not be drawn; it is drawn when it is opened again", "error", err)
	}
}

// homes remembers whose home was opened, and which of them changed.
type homes struct {
	mu     sync.Mutex
	opened map[string]chat.User
	stale  map[string]bool
	stir   chan struct{}
}

func newHomes() *homes {
	return &homes{opened: map[string]chat.User{}, stale: map[string]bool{}, stir: make(chan struct{}, 1)}
}

func (o *homes) open(u chat.User) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.opened) >= homesKept {
		for id := range o.opened { // any one: it is drawn when it is opened again
			delete(o.opened, id)
			break
		}
	}
	o.opened[u.ID] = u
}

// touch marks somebody's home after they changed something.
func (o *homes) touch(u chat.User, r chat.Reply) {
	if r.Kind != "" || r.Repeat || r.Incident == "" {
		return
	}
	o.mu.Lock()
	_, is := o.opened[u.ID]
	if is {
		o.stale[u.ID] = true
	}
	o.mu.Unlock()
	if is {
		select {
		case o.stir <- struct{}{}:
		default:
		}
	}
}

func (o *homes) take() []chat.User {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []chat.User
	for id := range o.stale {
		if u, is := o.opened[id]; is {
			out = append(out, u)
		}
	}
	clear(o.stale)
	return out
}

// run draws homes that changed, a while after the first change, until ctx ends.
func (o *homes) run(ctx context.Context, publish func(ctx context.Context, u chat.User)) {
	for {
		select {
		case <-o.stir:
		case <-ctx.Done():
			return
		}
		if !pause(ctx, homeGap) {
			return
		}
		for _, u := range o.take() {
			publish(ctx, u)
		}
	}
}
