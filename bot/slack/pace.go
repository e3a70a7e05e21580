package slack

import (
	"context"
	"sync"
	"time"

	"tocsin/bot/chat"
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

// limit is how fast one line goes: so many calls in any stretch of time. A
// few more are kept for what is urgent.
type limit struct {
	calls, spare int
	within       time.Duration
}

// limitOf is 0.8 of the method's tier, and the whole tier with what is kept for
// pages and sev1. What a minute allows may go at once: that is how incidents
// come, and Slack lets such bursts through.
func limitOf(method string) limit {
	tier := func(perMinute int) limit {
		return limit{calls: perMinute * 4 / 5, spare: perMinute / 5, within: time.Minute}
	}
	switch method {
	case "conversations.create", "conversations.archive", "conversations.setTopic", "conversations.setPurpose",
		"conversations.list", "pins.add", "bookmarks.add", "bookmarks.edit", "users.list", "usergroups.list":
		return tier(20)
	case "chat.update": // a steady stream: nobody waits a minute for a card
		return limit{calls: 10, spare: 2, within: 15 * time.Second}
	case "conversations.invite", "conversations.kick", "conversations.join", "conversations.open", "conversations.info",
		"conversations.history", "conversations.replies", "users.conversations", "bookmarks.list", "reactions.add", "apps.connections.open",
		"bots.info":
		return tier(50)
	case "chat.postMessage":
		return limit{calls: 60, spare: 15, within: 15 * time.Second} // of the workspace; each channel has its own besides
	}
	return tier(100)
}

// writes says which methods change something.
func writes(method string) bool {
	switch method {
	case "conversations.list", "users.list", "usergroups.list", "conversations.info", "conversations.history",
		"conversations.replies", "conversations.members", "users.conversations", "users.info", "bookmarks.list", "apps.connections.open",
		"bots.info", "files.info", "auth.test", "auth.teams.list":
		return false
	}
	return true
}

// ofRoom is how fast messages go into one channel.
func ofRoom() limit { return limit{calls: 3, within: 3 * time.Second} }

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
