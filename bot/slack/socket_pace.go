package slack

import "time"

// The back-off of one slot.
const (
	waitFirst   = time.Second
	waitMost    = time.Minute
	crowdedWait = 30 * time.Second
	crowdedMost = 2 * time.Minute
)

// backoff is how soon a slot may try again to connect. Slack allows some 50
// attempts a minute, and a client that does not wait makes thousands.
type backoff struct {
	failures int
	full     bool          // Slack holds too many sockets
	least    time.Duration // as Slack asked
}

func (p *backoff) failed() {
	p.failures++
	p.full = false
}

func (p *backoff) crowded() {
	p.failures++
	p.full = true
}

func (p *backoff) atLeast(d time.Duration) { p.least = max(p.least, d) }

func (p *backoff) reset() { *p = backoff{} }

// wait is how long to wait now: nothing after a socket that lasted; else longer
// each time, and never the same for two.
func (p *backoff) wait(jitter func() float64) time.Duration {
	if p.failures == 0 {
		return 0
	}
	d, factor, most := waitFirst, 3, waitMost
	if p.full {
		d, factor, most = crowdedWait, 2, crowdedMost
	}
	for range p.failures - 1 {
		d = min(time.Duration(factor)*d, most)
	}
	d = max(d, p.least)
	p.least = 0
	return d + time.Duration(float64(d)*jitter()/4)
}
