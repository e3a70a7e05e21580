package slack

import (
	"context"
	"slices"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// line lets one after the other through, as many as its limit says.
type line struct {
	limit
	now func() time.Time

	mu      sync.Mutex
	went    []time.Time // the last that went, as many as matter
	paused  time.Time   // none goes before
	seq     uint64
	waiting []*waiter
	told    []turn // who was told to come again, and when
	timer   *time.Timer
	armed   time.Time
}

type asking struct {
	lane     chat.Lane
	call     call
	patience time.Duration
}

// turn is a place in the line.
type turn struct {
	lane    chat.Lane
	seq     uint64
	subject string
	due     time.Time
}

func (t turn) before(o turn) bool { return t.lane < o.lane || t.lane == o.lane && t.seq < o.seq }

type waiter struct {
	turn
	gone chan struct{}
}

// A turn counts as long as its owner may still come for it; then it keeps its
// place for a while, and others go first.
const (
	turnHolds = 5 * time.Second
	turnKept  = time.Minute
	turnsMost = 2000 // whoever comes after so many has no place, only a time
)

// earliest is when the nth call from t on may go in a lane.
func (l *line) earliest(n int, lane chat.Lane, t time.Time) time.Time {
	calls := l.calls
	if lane <= chat.PageLane {
		calls += l.spare
	}
	i := len(l.went) + n - 1 - calls // the call that must lie a stretch back
	at := t
	for i >= len(l.went) { // it has not gone yet: those before it fill a stretch
		i, at = i-calls, at.Add(l.within)
	}
	if i >= 0 {
		if free := l.went[i].Add(l.within).Add(at.Sub(t)); free.After(at) {
			at = free
		}
	}
	if open := l.paused.Add(at.Sub(t)); open.After(at) {
		at = open
	}
	return at
}

// take notes that a call goes.
func (l *line) take(t time.Time) {
	if most := l.calls + l.spare; len(l.went) >= most {
		l.went = slices.Delete(l.went, 0, len(l.went)-most+1)
	}
	l.went = append(l.went, t)
}

func (l *line) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.untake()
}

func (l *line) untake() {
	if len(l.went) > 0 {
		l.went = l.went[:len(l.went)-1]
	}
}

func (l *line) pause(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.now().Add(d); l.paused.Before(until) {
		l.paused = until
	}
}

func (l *line) rests() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = slices.DeleteFunc(l.told, l.forgotten(l.now()))
	last := l.paused
	if len(l.went) > 0 {
		last = l.went[len(l.went)-1].Add(l.within)
	}
	return len(l.waiting) == 0 && len(l.told) == 0 && last.Before(l.now())
}

// admit is [pace.admit] for one line.
func (l *line) admit(ctx context.Context, a asking) error {
	l.mu.Lock()
	t := l.now()
	me := l.place(t, a)
	if !l.earliest(l.ahead(me, t, t)+1, me.lane, t).After(t) {
		l.take(t)
		l.mu.Unlock()
		return nil
	}
	me.due = l.earliest(l.ahead(me, t, l.horizon())+1, me.lane, t)
	if wait := me.due.Sub(t); wait > a.patience {
		if len(l.told) < turnsMost {
			l.told = append(l.told, me)
		}
		l.mu.Unlock()
		return later(a.call, wait)
	}
	w := &waiter{turn: me, gone: make(chan struct{})}
	at, _ := slices.BinarySearchFunc(l.waiting, w, func(o, w *waiter) int {
		if o.before(w.turn) {
			return -1
		}
		return 1
	})
	l.waiting = slices.Insert(l.waiting, at, w)
	l.arm(t)
	l.mu.Unlock()
	return l.wait(ctx, w, a)
}

// horizon is beyond every turn that was told.
func (l *line) horizon() time.Time {
	var last time.Time
	for _, t := range l.told {
		if t.due.After(last) {
			last = t.due
		}
	}
	return last
}

// place is the place that a call had in the line, or one at its end.
func (l *line) place(t time.Time, a asking) turn {
	l.told = slices.DeleteFunc(l.told, l.forgotten(t))
	l.seq++
	me := turn{lane: a.lane, seq: l.seq, subject: a.call.subject}
	for i, o := range l.told {
		if o.subject != "" && o.subject == me.subject {
			me.seq = o.seq
			l.told = slices.Delete(l.told, i, i+1)
			break
		}
	}
	return me
}

func (*line) forgotten(t time.Time) func(turn) bool {
	return func(o turn) bool { return o.due.Add(turnKept).Before(t) }
}

// ahead counts who goes before: those who wait, and those whose turn is at or
// before a moment and who may still come for it.
func (l *line) ahead(me turn, t, until time.Time) int {
	n := 0
	for _, w := range l.waiting {
		if w.before(me) {
			n++
		}
	}
	for _, o := range l.told {
		if o.before(me) && !o.due.After(until) && !o.due.Add(turnHolds).Before(t) {
			n++
		}
	}
	return n
}

// wait is for those in the line whose turn comes soon.
func (l *line) wait(ctx context.Context, w *waiter, a asking) error {
	enough := time.NewTimer(a.patience + time.Second/2)
	defer enough.Stop()
	select {
	case <-w.gone:
		return nil
	case <-ctx.Done():
	case <-enough.C:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, w)
	if i < 0 { // it was let through at the same moment
		l.untake()
		return later(a.call, l.gap())
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	t := l.now()
	return later(a.call, max(l.earliest(1, w.lane, t).Sub(t), l.gap()))
}

// gap is how far calls lie apart when many wait.
func (l *line) gap() time.Duration { return l.within / time.Duration(l.calls) }

// arm sets the timer for the first in the line.
func (l *line) arm(t time.Time) {
	if len(l.waiting) == 0 {
		return
	}
	l.armed = l.waiting[0].due
	if e := l.earliest(1, l.waiting[0].lane, t); l.armed.Before(e) {
		l.armed = e
	}
	d := max(l.armed.Sub(t), 0)
	if l.timer == nil {
		l.timer = time.AfterFunc(d, l.release)
		return
	}
	l.timer.Reset(d)
}

// release lets through whose turn has come.
func (l *line) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.now()
	if t.Before(l.armed) { // the clock is moved by hand; the time has passed all the same
		t = l.armed
	}
	for len(l.waiting) > 0 && !l.waiting[0].due.After(t) && !l.earliest(1, l.waiting[0].lane, t).After(t) {
		l.take(t)
		close(l.waiting[0].gone)
		l.waiting = l.waiting[1:]
	}
	l.arm(t)
}

// later is the refusal of a call whose turn is too far off.
func later(k call, wait time.Duration) error {
	f := fault.New(fault.Unavailable, "Slack lets tocsin %s no faster; it is tried again.", k.what)
	f.After = max(wait, 10*time.Millisecond)
	return f
}
