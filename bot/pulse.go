package bot

import (
	"sync"
	"time"
)

// Requests within two beats that make a house busy, some 100 a second, and
// very busy, some 1,000; and for how long an effect gives way then.
const (
	beatLength = 100 * time.Millisecond
	busyBeats  = 20
	veryBusy   = 200
	busyStep   = 10 * time.Millisecond
	crowdStep  = 40 * time.Millisecond
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

// busy is how long an effect gives way after what came within the last two
// beats; 0: it need not.
func (p *pulse) busy(at time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn(at)
	switch n := p.now + p.before; {
	case n > veryBusy:
		return crowdStep
	case n > busyBeats:
		return busyStep
	}
	return 0
}

func (p *pulse) turn(at time.Time) {
	switch slot := at.UnixNano() / int64(beatLength); {
	case slot == p.slot+1:
		p.slot, p.before, p.now = slot, p.now, 0
	case slot != p.slot:
		p.slot, p.before, p.now = slot, 0, 0
	}
}
