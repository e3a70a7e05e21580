package slacktest

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"sync"
	"time"
)

// parcel is one thing on its way to the app.
type parcel struct {
	kind    string // "events_api", "slash_commands", "interactive"
	event   string // type of the event, or of the interaction
	id      string
	body    []byte
	form    url.Values // over HTTP, instead of body
	attempt int        // 0: the first
	reason  string     // why the attempt before failed
	due     time.Time
}

// mail is what is on its way, and what was.
type mail struct {
	idle    *sync.Cond
	queue   []*parcel // caused by the app's own calls, in order
	running bool
	waiting int       // of them that wait for an acknowledgement
	retries []*parcel // in the order of their failures
	held    []*parcel
	holding bool
	twists  []*Twist
	done    []Delivered
	newest  *parcel // of a person's gesture
}

// What kept a delivery from being answered.
var (
	errSilent = errors.New("the app did not acknowledge in time")
	errNobody = errors.New("the app is not connected")
	errClosed = errors.New("the fake is closed")
	errHeld   = errors.New("it is held back")
	errLost   = errors.New("it was lost on its way")
	errBroken = errors.New("the connection broke before the acknowledgement")
)

// later queues what a call of the app caused; the mail goes out after the call.
// f.mu is held.
func (f *Fake) later(ps ...*parcel) {
	for _, p := range ps {
		if p == nil || f.closed {
			continue
		}
		if f.mail.holding {
			f.mail.held = append(f.mail.held, p)
			continue
		}
		f.mail.queue = append(f.mail.queue, p)
	}
	if len(f.mail.queue) > 0 && !f.mail.running && !f.closed {
		f.mail.running = true
		f.busy.Go(f.empty)
	}
}

// empty sends the queue until it is empty: in order, over sockets without
// waiting for acknowledgements.
func (f *Fake) empty() {
	for {
		f.mu.Lock()
		if f.closed || len(f.mail.queue) == 0 {
			f.mail.running = false
			f.mail.idle.Broadcast()
			f.mu.Unlock()
			return
		}
		p := f.mail.queue[0]
		f.mail.queue = f.mail.queue[1:]
		f.mail.waiting++
		overHTTP := f.hook != nil
		f.mu.Unlock()
		wait := f.launch(context.Background(), p)
		finish := func() {
			f.finish(context.Background(), p, wait())
			f.mu.Lock()
			f.mail.waiting--
			f.mail.idle.Broadcast()
			f.mu.Unlock()
		}
		if overHTTP {
			finish()
			continue
		}
		if !f.spawn(finish) {
			return
		}
	}
}

// Settle waits until everything that the app's calls caused was delivered.
func (f *Fake) Settle(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.mail.idle.Broadcast()
	})
	defer stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for ctx.Err() == nil && !f.closed && (f.mail.running || f.mail.waiting > 0) {
		f.mail.idle.Wait()
	}
	return ctx.Err()
}

// carry delivers what a person's gesture caused, one after the other, and gives
// the answer to the one that counts.
func (f *Fake) carry(ctx context.Context, counts int, ps ...*parcel) Answer {
	answer := Answer{Err: errors.New("the app hears nothing of this: it lacks the scope or the subscription, or is not there")}
	for i, p := range ps {
		if p == nil {
			continue
		}
		f.mu.Lock()
		held := f.mail.holding && p.kind == "events_api"
		if held {
			f.mail.held = append(f.mail.held, p)
		}
		if i == counts || counts < 0 {
			f.mail.newest = p
		}
		f.mu.Unlock()
		got := Answer{ID: p.id, Err: errHeld}
		if !held {
			got = f.deliver(ctx, p)
		}
		if i == counts || counts < 0 {
			answer = got
		}
	}
	return answer
}

// deliver makes the first attempt and, when it failed, the one that follows at once.
func (f *Fake) deliver(ctx context.Context, p *parcel) Answer {
	return f.finish(ctx, p, f.launch(ctx, p)())
}

// finish notes an answer, and repeats the parcel as Slack does.
func (f *Fake) finish(ctx context.Context, p *parcel, a Answer) Answer {
	for {
		f.mu.Lock()
		f.mail.done = append(f.mail.done, Delivered{Kind: p.kind, Event: p.event, ID: p.id, Attempt: p.attempt, Answer: a})
		again := f.schedule(p, a)
		now := again && !p.due.After(f.now()) && p.attempt == 1 && !errors.Is(a.Err, errLost) && ctx.Err() == nil && !f.closed
		if again && !now {
			f.mail.retries = append(f.mail.retries, p)
		}
		f.mu.Unlock()
		if !now {
			return a
		}
		a = f.launch(ctx, p)()
		a.Retries = p.attempt
	}
}

// schedule says whether a parcel comes again, and when: at once, after a
// minute, after five. Only events do. f.mu is held.
func (f *Fake) schedule(p *parcel, a Answer) bool {
	if a.Acked || p.kind != "events_api" || p.attempt >= 3 || a.noRetry {
		return false
	}
	p.reason = a.reason
	p.due = f.now().Add([]time.Duration{0, time.Minute, 5 * time.Minute}[p.attempt])
	p.attempt++
	return true
}

// launch sends a parcel on its way; what it gives waits for the answer.
func (f *Fake) launch(ctx context.Context, p *parcel) (wait func() Answer) {
	f.mu.Lock()
	hook, over := f.hook, f.closed
	t := f.twisted(p)
	f.mu.Unlock()
	answered := func(a Answer) func() Answer { return func() Answer { return a } }
	switch {
	case over:
		return answered(Answer{ID: p.id, Err: errClosed})
	case t.Lost:
		return answered(Answer{ID: p.id, Err: errLost, reason: "http_timeout"})
	}
	send := func(p *parcel) func() Answer {
		if hook != nil {
			return f.post(ctx, hook, p)
		}
		return f.envelope(ctx, p)
	}
	if t.Delay > 0 {
		return func() Answer {
			if !f.wait(ctx, t.Delay) {
				return Answer{ID: p.id, Err: errSilent}
			}
			return send(p)()
		}
	}
	first := send(p)
	return func() Answer {
		a := first()
		for range t.Copies {
			other := *p
			if t.NewIDs {
				other = *f.renamed(p)
			}
			again := send(&other)()
			f.mu.Lock()
			f.mail.done = append(f.mail.done, Delivered{Kind: other.kind, Event: other.event, ID: other.id, Answer: again})
			f.mu.Unlock()
		}
		return a
	}
}

// twisted takes the twist of a parcel's first attempt. f.mu is held.
func (f *Fake) twisted(p *parcel) Twist {
	if p.kind != "events_api" || p.attempt > 0 || len(f.mail.twists) == 0 {
		return Twist{}
	}
	t := f.mail.twists[0]
	f.mail.twists = f.mail.twists[1:]
	return *t
}

// Due delivers again what was not acknowledged and whose time has come, and
// gives how many that were.
func (f *Fake) Due(ctx context.Context) int {
	f.mu.Lock()
	now := f.now()
	var due []*parcel
	f.mail.retries = slices.DeleteFunc(f.mail.retries, func(p *parcel) bool {
		if p.due.After(now) {
			return false
		}
		due = append(due, p)
		return true
	})
	f.mu.Unlock()
	for _, p := range due {
		f.deliver(ctx, p)
	}
	return len(due)
}

// Run does what time brings: retries that are due, and pings through sockets.
// It returns when ctx ends.
func (f *Fake) Run(ctx context.Context) {
	for n := 1; f.wait(ctx, time.Second); n++ {
		f.Due(ctx)
		if n%10 == 0 {
			f.PingSockets()
		}
	}
}

// Again delivers the newest delivery of a person's gesture once more, as Slack
// does when it heard no answer: the same event id, and a retry's number.
func (f *Fake) Again(ctx context.Context) (Answer, error) {
	f.mu.Lock()
	p := f.mail.newest
	if p == nil {
		f.mu.Unlock()
		return Answer{}, errors.New("nobody did anything yet")
	}
	other := *p
	f.mu.Unlock()
	other.attempt, other.reason = 1, "http_timeout"
	a := f.launch(ctx, &other)()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mail.done = append(f.mail.done, Delivered{Kind: other.kind, Event: other.event, ID: other.id, Attempt: 1, Answer: a})
	return a, nil
}

// TwistNext does this to the next n events.
func (f *Fake) TwistNext(n int, t Twist) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.mail.twists = append(f.mail.twists, &t)
	}
}

// Hold keeps events back from now on; gestures return at once.
func (f *Fake) Hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mail.holding = true
}

// Release delivers what was held, in order or the newest first, and holds no longer.
func (f *Fake) Release(reversed bool) []Answer {
	f.mu.Lock()
	held := f.mail.held
	f.mail.held, f.mail.holding = nil, false
	f.mu.Unlock()
	if reversed {
		slices.Reverse(held)
	}
	var out []Answer
	for _, p := range held {
		out = append(out, f.deliver(context.Background(), p))
	}
	return out
}

// Deliveries gives every attempt to deliver so far, oldest first.
func (f *Fake) Deliveries() []Delivered {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.mail.done)
}

// Twist is what happens to deliveries of events on their way.
type Twist struct {
	Copies int           // so many more arrive
	NewIDs bool          // the copies have event ids of their own
	Lost   bool          // the first attempt reaches nobody; Due and Run deliver the retry
	Delay  time.Duration // it arrives so much later
}
