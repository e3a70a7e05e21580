package policy

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"tocsin/incident"
)

// Kept is the policy that stands, and the file that it came from. It is safe
// for use by many goroutines.
type Kept struct {
	path  string
	now   atomic.Pointer[incident.Policy]
	state atomic.Pointer[fileState]
}

// fileState is how the file looked when it was last read.
type fileState struct {
	at    time.Time
	size  int64
	fault string // why it was not taken; empty: it was
}

// Open reads the file; an empty path stands for the defaults.
func Open(path string) (*Kept, error) {
	k := &Kept{path: path}
	p := incident.DefaultPolicy()
	if path != "" {
		var err error
		seen := look(path)
		if p, err = Load(path); err != nil {
			return nil, err
		}
		k.state.Store(&seen)
	}
	k.now.Store(&p)
	return k, nil
}

// Policy is the policy that stands.
func (k *Kept) Policy() incident.Policy { return *k.now.Load() }

// Standing is the policy that stands, not to be changed; another one has
// another address.
func (k *Kept) Standing() *incident.Policy { return k.now.Load() }

// Fault says why the file as it is now was not taken; empty: it was.
func (k *Kept) Fault() string {
	if s := k.state.Load(); s != nil {
		return s.fault
	}
	return ""
}

// Reread reads the file again. A wrong file changes nothing but [Kept.Fault].
func (k *Kept) Reread() (changed bool, err error) {
	if k.path == "" {
		return false, nil
	}
	seen := look(k.path)
	p, err := Load(k.path)
	if err != nil {
		seen.fault = err.Error()
		k.state.Store(&seen)
		return false, err
	}
	k.state.Store(&seen)
	changed = p.Hash != k.Policy().Hash
	k.now.Store(&p)
	return changed, nil
}

// Stale says that the file looks different from when it was last read.
func (k *Kept) Stale() bool {
	if k.path == "" {
		return false
	}
	now, then := look(k.path), k.state.Load()
	return then == nil || !now.at.Equal(then.at) || now.size != then.size
}

// Watch reads the file again when it has changed, and on each word from
// again, until ctx ends. tell hears of each new policy and each fault.
func (k *Kept) Watch(ctx context.Context, every time.Duration, again <-chan os.Signal, tell func(changed bool, err error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again:
		case <-tick.C:
			if !k.Stale() {
				continue
			}
		}
		if changed, err := k.Reread(); changed || err != nil {
			tell(changed, err)
		}
	}
}

func look(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{}
	}
	return fileState{at: info.ModTime(), size: info.Size()}
}
