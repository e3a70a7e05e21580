package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
	"tocsin/integrations"
)

// Bounds of working off.
const (
	hookInHand  = 4096             // deliveries of a source in memory
	hookBytes   = 32 << 20         // and their bodies together
	hookBatch   = 500              // deliveries worked off together
	hookAlerts  = 2000             // alerts handed over together, give or take one delivery's
	hookWithin  = 20 * time.Second // for handing over
	hookLooks   = 5 * time.Second  // between two looks for what was left behind
	hookLeft    = 30 * time.Second // after which whoever took it is not at it any more
	hookAgain   = 30 * time.Second // until what could not be handed over is tried again
	hookAsks    = 2 * time.Minute  // for which a vendor is asked for what it left out
	hookKept    = 7 * 24 * time.Hour
	hookOrphans = time.Hour // between two looks for what nobody will ever work off
)

// caller is one outside service that calls, with what of it is in hand.
type caller struct {
	hook    integrations.Hook
	queue   chan held
	waiting atomic.Int64 // taken by this replica and not worked off

	mu    sync.Mutex
	inPos map[string]bool      // keys in the queue or at work
	bytes int                  // of their bodies
	later map[string]time.Time // keys that failed, and when they are due again
}

// held is a delivery in hand.
type held struct {
	key string
	integrations.Delivery
}

func newCaller(h integrations.Hook) *caller {
	return &caller{hook: h, queue: make(chan held, hookInHand), inPos: map[string]bool{}, later: map[string]time.Time{}}
}

func (s *caller) name() string { return s.hook.Name() }

// alarms says that a delivery holds alerts or changes.
func (s *caller) alarms(d integrations.Delivery) bool {
	n, err := s.read(d)
	return err == nil && len(n.Alerts)+len(n.Changes) > 0
}

// hand puts a delivery into the queue, if there is room; what finds none lies
// in the store and is found there.
func (s *caller) hand(d held) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inPos[d.key] || s.bytes+len(d.Body) > hookBytes {
		return false
	}
	select {
	case s.queue <- d:
		s.inPos[d.key] = true
		s.bytes += len(d.Body)
		return true
	default:
		return false
	}
}

// letGo takes deliveries out of hand; those with a moment are due again then.
func (s *caller) letGo(batch []held, again time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range batch {
		if s.inPos[d.key] {
			delete(s.inPos, d.key)
			s.bytes -= len(d.Body)
		}
		if !again.IsZero() {
			s.later[d.key] = again
		}
	}
}

// free says that a delivery found in the store is not in hand, and due.
func (s *caller) free(key string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if due, failed := s.later[key]; failed {
		if now.Before(due) {
			return false
		}
		delete(s.later, key)
	}
	return !s.inPos[key]
}

// busy is how many deliveries a look must see beyond.
func (s *caller) busy() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.inPos) + len(s.later)
}

// read asks the hook what a delivery means; what breaks it cannot be read.
func (s *caller) read(d integrations.Delivery) (n integrations.News, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			n, err = integrations.News{}, fault.Wrap(fault.Invalid, fmt.Errorf("%v\n%s", broken, debug.Stack()), "The delivery broke its reader.")
		}
	}()
	return s.hook.Read(d)
}

// keep works off what outside services left, until ctx ends.
func (k *hooks) keep(ctx context.Context) {
	var tables sync.WaitGroup
	for _, s := range k.sources {
		tables.Go(func() { k.work(ctx, s) })
		tables.Go(func() { k.collect(ctx, s) })
	}
	tables.Go(func() {
		for {
			k.clear(ctx)
			if !pause(ctx, hookOrphans) {
				return
			}
		}
	})
	tables.Wait()
}

// work takes what waits, as much as there is at once: the slower the handing
// over, the more goes in one.
func (k *hooks) work(ctx context.Context, s *caller) {
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-s.queue:
			k.workOff(ctx, s, s.gather(first))
		}
	}
}

func (s *caller) gather(first held) []held {
	batch := []held{first}
	for len(batch) < hookBatch {
		select {
		case d := <-s.queue:
			batch = append(batch, d)
		default:
			return batch
		}
	}
	return batch
}

// collect finds what an earlier life, another replica or a failure left in the
// store.
func (k *hooks) collect(ctx context.Context, s *caller) {
	old := hookLeft
	if k.sole {
		old = 0 // whoever took it before this start is gone
	}
	for {
		now := k.now()
		found, err := k.inbox.Unfinished(ctx, now.Add(-old), hookBatch+s.busy(), hookPrefix+s.name()+"/")
		if err != nil && ctx.Err() == nil {
			k.log.WarnContext(ctx, "what outside services left cannot be looked through", "source", s.name(), "error", err)
		}
		for _, d := range found {
			if !s.free(d.Key, now) {
				continue
			}
			one := held{key: d.Key}
			if err := json.Unmarshal(d.Body, &one.Delivery); err != nil {
				k.log.ErrorContext(ctx, "a delivery in the store cannot be read; it is given up", "source", s.name(), "error", err)
				k.count(s.name(), hookGivenUp)
				k.finish(ctx, s, []held{one})
				continue
			}
			if !s.hand(one) {
				break // no room now
			}
		}
		old = hookLeft
		if !pause(ctx, hookLooks) {
			return
		}
	}
}

// clear gives up what is older than anything is kept, whosever it was.
func (k *hooks) clear(ctx context.Context) {
	for ctx.Err() == nil {
		old, err := k.inbox.Unfinished(ctx, k.now().Add(-hookKept), hookBatch, hookPrefix)
		if err != nil || len(old) == 0 {
			return
		}
		var keys []string
		for _, d := range old {
			keys = append(keys, d.Key)
		}
		k.log.WarnContext(ctx, "deliveries that could not be worked off in 7 days are given up", "number", len(old))
		if err := k.inbox.Finish(ctx, k.now(), keys...); err != nil {
			return
		}
	}
}

// finish marks deliveries as worked off. What cannot be marked is found again,
// and hearing it twice changes nothing.
func (k *hooks) finish(ctx context.Context, s *caller, batch []held) {
	if len(batch) == 0 {
		return
	}
	var keys []string
	for _, d := range batch {
		keys = append(keys, d.key)
	}
	if err := k.inbox.Finish(ctx, k.now(), keys...); err != nil {
		if ctx.Err() == nil {
			k.log.WarnContext(ctx, "deliveries that were worked off could not be marked so", "source", s.name(), "error", err)
		}
		s.letGo(batch, k.now().Add(hookAgain))
		return
	}
	s.letGo(batch, time.Time{})
	if left := s.waiting.Add(-int64(len(batch))); left < 0 {
		s.waiting.CompareAndSwap(left, 0) // some were taken by others
	}
}

// again reports whether a failure may pass.
func again(err error) bool {
	switch fault.KindOf(err) {
	case fault.Unavailable, fault.Unknown, fault.Conflict:
		return true
	case fault.Internal:
		return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Rejected:
	}
	return false
}

// understood is what one delivery means.
type understood struct {
	held
	news integrations.News
}

// workOff reads a batch and hands over what it means, then marks it.
func (k *hooks) workOff(ctx context.Context, s *caller, batch []held) {
	var done, later []held
	var news []understood
	for _, d := range batch {
		n, err := s.read(d.Delivery)
		if err == nil {
			n, err = k.complete(ctx, s, d, n)
		}
		switch {
		case err == nil:
			news = append(news, understood{d, n})
		case again(err):
			later = append(later, d)
		default:
			k.count(s.name(), hookUnreadable)
			k.log.WarnContext(ctx, "a delivery cannot be understood; nothing follows from it", "source", s.name(), "path", d.Path, "type", d.Type, "error", err)
			done = append(done, d)
		}
	}
	for len(news) > 0 {
		n := portion(news)
		ok, failed := k.handOver(ctx, s, news[:n])
		done, later, news = append(done, ok...), append(later, failed...), news[n:]
	}
	k.finish(ctx, s, done)
	if len(later) > 0 {
		for range later {
			k.count(s.name(), hookDelayed)
		}
		s.letGo(later, k.now().Add(hookAgain))
	}
}

// portion is how many deliveries go over together.
func portion(news []understood) int {
	alerts := 0
	for i, one := range news {
		alerts += len(one.news.Alerts) + len(one.news.Changes)
		if alerts > hookAlerts && i > 0 {
			return i
		}
	}
	return len(news)
}

// complete asks a vendor for what it left out, as long as the delivery is new.
func (k *hooks) complete(ctx context.Context, s *caller, d held, n integrations.News) (integrations.News, error) {
	c, is := s.hook.(integrations.Completer)
	if !is {
		return n, nil
	}
	within, cancel := context.WithTimeout(ctx, hookWithin)
	defer cancel()
	full, err := c.Complete(within, d.Delivery, n)
	switch {
	case err == nil:
		return full, nil
	case ctx.Err() != nil:
		return n, fault.Wrap(fault.Unavailable, ctx.Err(), "tocsin is stopping.")
	case again(err) && k.now().Sub(d.At) < hookAsks:
		return n, err
	}
	k.log.WarnContext(ctx, "what a delivery left out cannot be asked for; it is taken as it came", "source", s.name(), "error", err)
	return n, nil
}

// handOver tells the house what deliveries mean. What fails in company is
// tried alone, so that one bad delivery takes no others with it.
func (k *hooks) handOver(ctx context.Context, s *caller, news []understood) (done, later []held) {
	var err error
	for wait := 250 * time.Millisecond; ; wait *= 2 {
		if err = k.tell(ctx, s, news); err == nil {
			for _, one := range news {
				k.count(s.name(), hookWorked)
				done = append(done, one.held)
			}
			return done, nil
		}
		if !again(err) || wait > 2*time.Second || !pause(ctx, wait) {
			break
		}
	}
	switch {
	case again(err) || ctx.Err() != nil:
		if ctx.Err() == nil {
			k.log.WarnContext(ctx, "what outside services said cannot be put on record now; it is tried again", "source", s.name(), "deliveries", len(news), "error", err)
		}
		for _, one := range news {
			later = append(later, one.held)
		}
		return nil, later
	case len(news) > 1:
		for _, one := range news {
			ok, failed := k.handOver(ctx, s, []understood{one})
			done, later = append(done, ok...), append(later, failed...)
		}
		return done, later
	}
	k.count(s.name(), hookGivenUp)
	k.log.ErrorContext(ctx, "a delivery was refused by the house; it is given up", "source", s.name(), "path", news[0].Path, "error", err)
	return []held{news[0].held}, nil
}

// tell hands over pages one by one, and alerts and changes all at once.
func (k *hooks) tell(ctx context.Context, s *caller, news []understood) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fault.Wrap(fault.Internal, fmt.Errorf("%v\n%s", broken, debug.Stack()), "It broke what it was handed to.")
		}
	}()
	within, cancel := context.WithTimeout(ctx, hookWithin)
	defer cancel()
	var alerts []integrations.Alert
	var changes []integrations.Change
	var newest time.Time
	for _, one := range news {
		for _, r := range one.news.Pages {
			if err := k.pages(s.name())(within, r); err != nil {
				return err
			}
		}
		for _, a := range one.news.Alerts {
			a.Heard = one.At
			alerts = append(alerts, a)
		}
		changes = append(changes, one.news.Changes...)
		newest = slices.MaxFunc([]time.Time{newest, one.At}, time.Time.Compare)
		if one.news.Test {
			k.count(s.name(), hookTest)
			k.log.InfoContext(ctx, "an outside service's test arrived; nothing follows from it", "source", s.name())
		}
	}
	desk := k.alerts()
	if desk == nil && len(alerts)+len(changes) > 0 {
		return fault.New(fault.Unavailable, "Alerts are not taken yet.")
	}
	newest = cmp.Or(newest, k.now())
	if len(alerts) > 0 {
		if err := desk.Hear(within, s.name(), newest, alerts); err != nil {
			return err
		}
	}
	if len(changes) > 0 {
		return desk.Changed(within, s.name(), changes)
	}
	return nil
}
