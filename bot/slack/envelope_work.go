package slack

import (
	"context"
	"runtime/debug"
	"sync"

	"tocsin/bot/chat"
)

// work is what a delivery asks for.
type work struct {
	order string // the room whose works go one after another; empty: none
	do    func(ctx context.Context) (answer, after)
}

// after is what is left to do once a delivery is answered; nil: nothing.
type after func(ctx context.Context)

// task is a work that was taken on.
type task struct {
	work
	wait  <-chan struct{} // closed when the room's work before has ended
	leave func()
}

// take takes a delivery on. It is called in the order in which they came, and
// waits for nothing. Not ok: there is too much to do already.
func (in *intake) take(e envelope) (task, bool) {
	if !in.crew.enter() {
		in.count(countOverload)
		return task{}, false
	}
	if e.Retry > 0 {
		in.count(countRetry)
	}
	w, ok := in.read(e)
	if !ok {
		in.count(countUnreadable)
		in.o.Log.Warn("a delivery of Slack could not be read; it was acknowledged", "envelope", e.ID, "bytes", len(e.Raw))
		w = work{do: func(context.Context) (answer, after) { return answer{Final: true}, nil }}
	}
	wait, leave := in.rooms.queue(w.order)
	return task{work: w, wait: wait, leave: leave}, true
}

// read finds out what a delivery asks for; not ok: it cannot be read.
func (in *intake) read(e envelope) (w work, ok bool) {
	defer func() {
		if broken := recover(); broken != nil {
			in.broke(broken)
			ok = false
		}
	}()
	switch e.Kind {
	case command:
		return in.slashWork(e)
	case event:
		return in.eventWork(e)
	case interaction:
		return in.interactionWork(e)
	case unreadable:
		return work{}, false
	}
	return work{}, false
}

// run does a task to its answer.
func (in *intake) run(ctx context.Context, t task) (a answer, next after) {
	defer t.leave()
	defer func() {
		if broken := recover(); broken != nil {
			in.broke(broken)
			a, next = answer{Final: true}, nil
		}
	}()
	if t.order == "" {
		return t.do(ctx)
	}
	// Waiting for the room's work before is part of the time that Slack gives.
	within, cancel := context.WithTimeout(ctx, recordLimit)
	defer cancel()
	select {
	case <-t.wait:
	case <-within.Done():
		in.count(countSlow)
	}
	return t.do(within)
}

// finish does what is left of a task after its answer, and lets it go.
func (in *intake) finish(ctx context.Context, next after) {
	defer in.crew.leave()
	if next == nil {
		return
	}
	defer func() {
		if broken := recover(); broken != nil {
			in.broke(broken)
		}
	}()
	next(ctx)
}

func (in *intake) broke(broken any) {
	in.count(countPanic)
	in.o.Log.Error("a delivery of Slack failed inside", "panic", broken, "stack", string(debug.Stack()))
}

// safely is a handler that answers also when the house breaks.
func (in *intake) safely(h chat.Handler) chat.Handler {
	return func(ctx context.Context, r chat.Request) (reply chat.Reply) {
		defer func() {
			if broken := recover(); broken != nil {
				in.broke(broken)
				reply = insideReply()
			}
		}()
		return h(ctx, r)
	}
}

// busyLimit is how much is worked at a time; more is left to Slack's repeats. A
// command counts twice: as a delivery, and until its outcome was told.
const busyLimit = 2048

// crew counts what is being worked on.
type crew struct {
	mu   sync.Mutex
	busy int
	idle chan struct{} // closed when busy falls to 0; nil: nobody waits
}

// enter takes one more on, unless there are too many.
func (c *crew) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy >= busyLimit {
		return false
	}
	c.busy++
	return true
}

// more takes on what belongs to something that is worked on already.
func (c *crew) more() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy++
}

func (c *crew) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy--
	if c.busy == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
}

// settled waits until nothing is worked on, or ctx ends.
func (c *crew) settled(ctx context.Context) error {
	c.mu.Lock()
	if c.busy == 0 {
		c.mu.Unlock()
		return nil
	}
	if c.idle == nil {
		c.idle = make(chan struct{})
	}
	idle := c.idle
	c.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// queues lets the works of a room go one after another, in the order in which
// they were queued.
type queues struct {
	mu   sync.Mutex
	free chan struct{} // closed: for whom nobody is ahead
	last map[string]chan struct{}
}

func newQueues() *queues {
	q := &queues{free: make(chan struct{}), last: map[string]chan struct{}{}}
	close(q.free)
	return q
}

// queue takes the next place of a room: when to begin, and how to leave.
func (q *queues) queue(room string) (wait <-chan struct{}, leave func()) {
	if room == "" {
		return q.free, func() {}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	before := q.last[room]
	if before == nil {
		before = q.free
	}
	mine := make(chan struct{})
	q.last[room] = mine
	return before, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		close(mine)
		if q.last[room] == mine {
			delete(q.last, room)
		}
	}
}
