package slack

import (
	"context"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// recordLimit is how long a delivery may take to get on record before Slack,
// which waits 3 s, is answered without.
const recordLimit = 2 * time.Second

// matter is what is to be put on record.
type matter struct {
	id    string    // by its nature; a repeat has the same
	room  string    // read back when it was acknowledged without a record; empty: it cannot be
	since time.Time // from where
}

// record reports a matter to the house and waits until it is on record. What
// can be read back is acknowledged also without, and its room is marked;
// anything else is left to Slack's repeats.
func (in *intake) record(ctx context.Context, m matter, put func(ctx context.Context, to chat.Sink) error) answer {
	if in.seen.has(m.id) {
		in.count(countRepeat)
		return answer{}
	}
	within, cancel := context.WithTimeout(ctx, recordLimit)
	defer cancel()
	err := in.putWithin(within, put)
	if err == nil {
		in.seen.claim(m.id)
		return answer{}
	}
	in.o.Log.WarnContext(ctx, "something said or done in Slack could not be put on record", "error", err, "read_back", m.room != "")
	switch {
	case hopeless(err):
		in.count(countRefused)
		return answer{Final: true}
	case m.room != "":
		in.count(countUnrecorded)
		in.owed.owe(m.room, m.since)
		return answer{}
	}
	in.count(countUnrecorded)
	return refused()
}

// putWithin reports until ctx ends, also when the house does not look at ctx.
func (in *intake) putWithin(ctx context.Context, put func(ctx context.Context, to chat.Sink) error) error {
	if ctx.Err() != nil {
		return fault.Wrap(fault.Unavailable, ctx.Err(), "It could not be put on record in time.")
	}
	done := make(chan error, 1)
	go func() {
		defer func() {
			if broken := recover(); broken != nil {
				in.broke(broken)
				done <- fault.New(fault.Internal, "Something went wrong inside tocsin; it has been logged.")
			}
		}()
		done <- put(ctx, in.house.Load().Sink)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, ctx.Err(), "It could not be put on record in time.")
	}
}

// hopeless says whether trying again would change nothing.
func hopeless(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Rejected:
		return true
	case fault.Internal, fault.Unavailable, fault.Unknown:
		return false
	}
	return false
}

// owed keeps gaps that the house was not told of yet. They live no longer than
// the process: the next one reports everything since this house last heard.
type owed struct {
	mu   sync.Mutex
	gaps map[string]time.Time // room -> since; "": every room
	stir chan struct{}
}

func newOwed() *owed {
	return &owed{gaps: map[string]time.Time{}, stir: make(chan struct{}, 1)}
}

// owe marks a room from a moment on; the earlier moment wins.
func (o *owed) owe(room string, since time.Time) {
	o.mu.Lock()
	if stood, is := o.gaps[room]; !is || since.Before(stood) {
		o.gaps[room] = since
	}
	o.mu.Unlock()
	select {
	case o.stir <- struct{}{}:
	default:
	}
}

// next takes one gap off.
func (o *owed) next() (chat.Missed, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for room, since := range o.gaps {
		delete(o.gaps, room)
		return chat.Missed{Platform: Name, Room: room, Since: since}, true
	}
	return chat.Missed{}, false
}

// run tells the house of every gap until ctx ends.
func (o *owed) run(ctx context.Context, tell func(ctx context.Context, m chat.Missed) error) {
	wait := time.Second
	for {
		gap, is := o.next()
		if !is {
			select {
			case <-o.stir:
				continue
			case <-ctx.Done():
				return
			}
		}
		if err := tell(ctx, gap); err == nil {
			wait = time.Second
			continue
		}
		o.owe(gap.Room, gap.Since)
		if !pause(ctx, wait) {
			return
		}
		wait = min(2*wait, 30*time.Second)
	}
}

// pause waits, and says whether ctx still runs.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
