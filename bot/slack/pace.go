package slack

import (
	"context"
	"slices"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident/fault"
)

// pace lets calls through as fast as Slack takes them: a line a method, and
// one a channel for messages. Who must wait long and can come again is told
// when, and keeps their place in the line.
type pace struct {
	now   func() time.Time
	mu    sync.Mutex
	lines map[lineKey]*line
}

type lineKey struct{ method, room string }

func newPace(now func() time.Time) *pace {
	return &pace{now: now, lines: make(map[lineKey]*line)}
}

// Bounds of waiting.
const (
	jobPatience = time.Second     // how long a call for a job waits: it can come again
	callNeeds   = 2 * time.Second // of the context's time are kept for the call itself
	manyLines   = 1000            // then those that rest are forgotten
)

// limit is how fast one line goes.
type limit struct {
	every time.Duration
	burst int
}

// limitOf is 0.8 of the method's tier, with bursts such that a minute never
// holds more than the tier allows.
func limitOf(method string) limit {
	perMinute := func(n int) limit {
		return limit{every: time.Minute * 10 / time.Duration(n*8), burst: max(1, n/5)}
	}
	switch method {
	case "conversations.create", "conversations.archive", "conversations.setTopic", "conversations.setPurpose",
		"conversations.list", "pins.add", "bookmarks.add", "bookmarks.edit", "users.list", "usergroups.list", "usergroups.users.list":
		return perMinute(20)
	case "chat.update", "conversations.invite", "conversations.kick", "conversations.join", "conversations.open", "conversations.info",
		"conversations.history", "conversations.replies", "users.conversations", "bookmarks.list", "reactions.add", "apps.connections.open",
		"bots.info":
		return perMinute(50)
	case "chat.postMessage":
		return limit{every: time.Minute / 240, burst: 40} // of the workspace; each channel has its own besides
	}
	return perMinute(100)
}

// writes says which methods change something.
func writes(method string) bool {
	switch method {
	case "conversations.list", "users.list", "usergroups.list", "usergroups.users.list", "conversations.info", "conversations.history",
		"conversations.replies", "conversations.members", "users.conversations", "users.info", "bookmarks.list", "apps.connections.open",
		"bots.info", "auth.test":
		return false
	}
	return true
}

// ofRoom is how fast messages go into one channel.
func ofRoom() limit { return limit{every: time.Second, burst: 3} }

// admit lets a call through at its turn, or refuses it with the time to come
// again when that is too far off.
func (p *pace) admit(ctx context.Context, k call) error {
	lane, job := chat.LaneOf(ctx)
	if !job {
		lane = chat.ReplyLane
	}
	patience := p.patience(ctx, lane, job)
	if k.room != "" {
		if err := p.line(lineKey{k.method, k.room}, ofRoom()).admit(ctx, asking{lane, k, patience}); err != nil {
			return err
		}
	}
	err := p.line(lineKey{method: k.method}, limitOf(k.method)).admit(ctx, asking{lane, k, patience})
	if err != nil && k.room != "" {
		p.line(lineKey{k.method, k.room}, ofRoom()).giveBack()
	}
	return err
}

// patience is how long a call may wait for its turn.
func (p *pace) patience(ctx context.Context, lane chat.Lane, job bool) time.Duration {
	most := chat.CallLimit
	if job && lane > chat.PageLane {
		most = jobPatience
	}
	if until, ok := ctx.Deadline(); ok {
		most = min(most, until.Sub(p.now())-callNeeds)
	}
	return max(most, 0)
}

// pause holds back exactly what Slack asked to: one method, and for messages
// only those into one channel.
func (p *pace) pause(k call, d time.Duration) {
	l := limitOf(k.method)
	if k.room != "" {
		l = ofRoom()
	}
	p.line(lineKey{k.method, k.room}, l).pause(d)
}

func (p *pace) line(key lineKey, of limit) *line {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.lines[key]
	if !ok {
		if len(p.lines) >= manyLines {
			p.forget()
		}
		l = &line{limit: of, now: p.now}
		p.lines[key] = l
	}
	return l
}

// forget drops lines in which nobody stands and that are as fast as new ones.
func (p *pace) forget() {
	for key, l := range p.lines {
		if l.rests() {
			delete(p.lines, key)
		}
	}
}

// line lets one after the other through: a burst at once, then one at a time.
type line struct {
	limit
	now func() time.Time

	mu      sync.Mutex
	full    time.Time // when the whole burst is to be had again
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
	go_ chan struct{}
}

// A turn counts as long as its owner may still come for it; then it keeps its
// place for a while, and others go first.
const (
	turnHolds = 3 * time.Second
	turnKept  = time.Minute
)

// earliest is when the nth call from now on may go.
func (l *line) earliest(n int) time.Time {
	return l.full.Add(time.Duration(n-l.burst) * l.every)
}

// take uses up one call.
func (l *line) take(t time.Time) {
	if l.full.Before(t) {
		l.full = t
	}
	l.full = l.full.Add(l.every)
}

func (l *line) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.full = l.full.Add(-l.every)
}

func (l *line) pause(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := l.now().Add(d + time.Duration(l.burst-1)*l.every)
	if l.full.Before(until) {
		l.full = until
	}
}

func (l *line) rests() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting) == 0 && len(l.told) == 0 && l.full.Before(l.now())
}

// admit is [pace.admit] for one line.
func (l *line) admit(ctx context.Context, a asking) error {
	l.mu.Lock()
	t := l.now()
	if l.full.Before(t) {
		l.full = t
	}
	me := l.place(t, a)
	if !l.earliest(l.ahead(me, t, t) + 1).After(t) {
		l.take(t)
		l.mu.Unlock()
		return nil
	}
	me.due = l.earliest(l.ahead(me, t, l.horizon()) + 1)
	if wait := me.due.Sub(t); wait > a.patience {
		l.told = append(l.told, me)
		l.mu.Unlock()
		return later(a.call, wait)
	}
	w := &waiter{turn: me, go_: make(chan struct{})}
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
	l.told = slices.DeleteFunc(l.told, func(o turn) bool { return o.due.Add(turnKept).Before(t) })
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
	case <-w.go_:
		return nil
	case <-ctx.Done():
	case <-enough.C:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.waiting, w)
	if i < 0 { // it was let through at the same moment
		l.full = l.full.Add(-l.every)
		return later(a.call, l.every)
	}
	l.waiting = slices.Delete(l.waiting, i, i+1)
	return later(a.call, max(l.earliest(1).Sub(l.now()), l.every))
}

// arm sets the timer for the first in the line.
func (l *line) arm(t time.Time) {
	if len(l.waiting) == 0 {
		return
	}
	l.armed = l.waiting[0].due
	if e := l.earliest(1); l.armed.Before(e) {
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
	for len(l.waiting) > 0 && !l.waiting[0].due.After(t) && !l.earliest(1).After(t) {
		l.take(t)
		close(l.waiting[0].go_)
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
