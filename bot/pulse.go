package bot

import (
	"sync"
	"time"
)

// Requests within two beats that make a house busy: some 100 a second.
const (
	beatLength = 100 * time.Millisecond
	busyBeats  = 20
)

// pulse counts requests, so that effects give way while many people ask at once.
type pulse struct {
	mu          sync.Mutex
	slot        int64
	now, before int
}

// beat counts one request.
func (p *pulse) beat(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(at)
	p.now++
}

// busy says whether many requests came within the last two beats.
func (p *pulse) busy(at time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(at)
	return p.now+p.before > busyBeats
}

func (p *pulse) turn(at time.Time) {
	switch slot := at.UnixNano() / int64(beatLength); {
	case slot == p.slot+1:
		p.slot, p.before, p.now = slot, p.now, 0
	case slot != p.slot:
		p.slot, p.before, p.now = slot, 0, 0
	}
}
