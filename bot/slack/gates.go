package slack

import (
	"sync"
	"time"

	"tocsin/incident/fault"
)

// gates hold calls back that cannot go well: those to a host that fails, and
// all of them while the token is worth nothing.
type gates struct {
	now func() time.Time

	mu     sync.Mutex
	hosts  map[string]*gate
	code   string    // why the token is worth nothing; empty: it is good
	askAt  time.Time // when to find out again
	locked time.Time
}

// gate is a breaker of one host.
type gate struct {
	fails int       // one after the other
	until time.Time // closed until then
}

// A host that fails so often in a row is left alone, longer each time.
const (
	failsLimit = 5
	restFirst  = 2 * time.Second
	restLast   = time.Minute
	askLimit   = 12 * time.Second // who finds out has so long before somebody else may
)

func newGates(now func() time.Time) *gates {
	return &gates{now: now, hosts: make(map[string]*gate)}
}

// closed says whether a call must be held back, and with which fault; ask: it
// is this caller's turn to find out whether that is over.
func (g *gates) closed(host string, appToken bool) (ask bool, f *fault.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.now()
	if g.code != "" && !appToken && host == apiHost {
		if t.Before(g.askAt) {
			f = fault.New(fault.Unavailable, "%s", downSentence(g.code))
			f.After = g.askAt.Sub(t)
			return false, f
		}
		g.askAt = t.Add(askLimit)
		f = fault.New(fault.Unavailable, "%s", downSentence(g.code))
		f.After = askLimit
		return true, f
	}
	b := g.hosts[host]
	if b == nil || b.fails < failsLimit {
		return false, nil
	}
	f = fault.New(fault.Unavailable, "Slack failed %d times in a row and is left alone for a moment; nothing was sent.", b.fails)
	if t.Before(b.until) {
		f.After = b.until.Sub(t)
		return false, f
	}
	b.until = t.Add(askLimit)
	f.After = restFirst
	return true, f
}

// fine says that a host answered.
func (g *gates) fine(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.hosts, host)
}

// unlock says that the token is taken.
func (g *gates) unlock() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.code = ""
}

// failed says that a host did not answer, or with an error of its own.
func (g *gates) failed(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.hosts[host]
	if b == nil {
		b = new(gate)
		g.hosts[host] = b
	}
	b.fails++
	if over := b.fails - failsLimit; over >= 0 {
		b.until = g.now().Add(min(restFirst<<min(over, 5), restLast))
	}
}

// lock says that the token is worth nothing.
func (g *gates) lock(code string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.code == "" {
		g.locked = g.now()
	}
	g.code, g.askAt = code, g.now().Add(probeEvery)
}

// state is why the token is worth nothing, and since when; empty: it is good.
func (g *gates) state() (code string, since time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.code, g.locked
}
