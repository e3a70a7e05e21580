package pagerdutytest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// parcel is one webhook on its way to one subscription.
type parcel struct {
	to      *subscription
	id      string // X-Webhook-Id
	event   string
	about   *Incident
	body    []byte
	attempt int
	wrong   bool // signed with another secret
	copied  bool
}

// subscription is a receiver and what waits for it.
type subscription struct {
	Subscription
	queue   []*parcel
	running bool
	drops   int // one after the other
	asleep  time.Time
}

// mail is what is on its way, and what was.
type mail struct {
	idle    *sync.Cond
	all     []*subscription
	flying  int // parcels that are delayed or sent out of order
	held    []*parcel
	holding bool
	twists  []*Twist
	done    []Delivery
}

// Twist is what happens to webhooks on their way.
type Twist struct {
	Copies         int           // so many more arrive, with the same X-Webhook-Id
	Lost           bool          // the first attempt reaches nobody; it is sent again
	Delay          time.Duration // it arrives so much later; those behind it overtake it
	WrongSignature bool          // somebody else signed it
}

// TwistNext does this to the next n webhooks.
func (f *Fake) TwistNext(n int, t Twist) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.mail.twists = append(f.mail.twists, &t)
	}
}

// Subscribe adds a webhook subscription and gives its id.
func (f *Fake) Subscribe(s Subscription) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	fill(&s.ID, f.id("HOOK"))
	if len(s.Secrets) == 0 {
		s.Secrets = []string{"secret-of-the-fake"}
	}
	if len(s.Events) == 0 {
		s.Events = incidentEvents()
	}
	f.mail.all = append(f.mail.all, &subscription{Subscription: s})
	return s.ID
}

// SetSecrets changes what a subscription signs with.
func (f *Fake) SetSecrets(id string, secrets ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := find(f.mail.all, func(s *subscription) bool { return s.ID == id }); s != nil {
		s.Secrets = secrets
	}
}

// Unsubscribe takes a subscription away.
func (f *Fake) Unsubscribe(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mail.all = slices.DeleteFunc(f.mail.all, func(s *subscription) bool { return s.ID == id })
}

// Hold keeps webhooks back from now on.
func (f *Fake) Hold() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mail.holding = true
}

// Release delivers what was held, in order or the newest first, holds no
// longer, and gives how many that were.
func (f *Fake) Release(reversed bool) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	held := f.mail.held
	f.mail.held, f.mail.holding = nil, false
	if reversed {
		slices.Reverse(held)
	}
	for _, p := range held {
		f.queue(p)
	}
	return len(held)
}

// Settle waits until every webhook was delivered or given up, and every event
// that was taken became what it becomes.
func (f *Fake) Settle(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.mail.idle.Broadcast()
	})
	defer stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for ctx.Err() == nil && !f.closed && f.working() {
		f.mail.idle.Wait()
	}
	return ctx.Err()
}

func (f *Fake) working() bool {
	return f.events.running || f.mail.flying > 0 || slices.ContainsFunc(f.mail.all, func(s *subscription) bool { return s.running })
}

// Deliveries gives every attempt to deliver a webhook so far, oldest first.
func (f *Fake) Deliveries() []Delivery {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.mail.done)
}

// Again sends the newest webhook that was delivered once more, and returns
// when it was answered.
func (f *Fake) Again(ctx context.Context) (Delivery, error) {
	f.mu.Lock()
	if len(f.mail.done) == 0 {
		f.mu.Unlock()
		return Delivery{}, errNone
	}
	last := f.mail.done[len(f.mail.done)-1]
	f.mu.Unlock()
	return f.Redeliver(ctx, last.ID)
}
