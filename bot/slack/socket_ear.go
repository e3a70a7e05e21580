package slack

import (
	"sync"
	"time"
)

// gapMargin is added before a gap: Slack's clock and ours differ a little, and
// what was on its way when a socket broke was said before.
const gapMargin = 30 * time.Second

// ear knows from when on something may have gone unheard.
type ear struct {
	mu    sync.Mutex
	met   bool // a socket was open in this life
	open  int
	since time.Time // of a gap that was not told yet
}

// opened notes that a socket hears. It gives the gap before it, if there was
// one; the first of a life is a gap of unknown length.
func (r *ear) opened() (since time.Time, gap bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open++
	if !r.met {
		r.met = true
		return time.Time{}, true
	}
	since, r.since = r.since, time.Time{}
	return since, !since.IsZero()
}

// closed notes that a socket ended, when it last heard something, and whether
// a side had said goodbye. What went to one that broke may be lost although
// another hears; it is told when its successor hears.
func (r *ear) closed(heard time.Time, goodbye bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open--
	if r.open > 0 && goodbye {
		return
	}
	if at := heard.Add(-gapMargin); r.since.IsZero() || at.Before(r.since) {
		r.since = at
	}
}
