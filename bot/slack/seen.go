package slack

import "sync"

// recentSize is how many keys are remembered. It saves work only: the house
// refuses every repeat by its key, also those of another life.
const recentSize = 8192

// recent remembers the newest keys of what is done with.
type recent struct {
	mu   sync.Mutex
	keys map[string]struct{}
	ring []string
	next int
}

func newRecent(size int) *recent {
	return &recent{keys: make(map[string]struct{}, size), ring: make([]string, size)}
}

// has says whether a key is remembered.
func (r *recent) has(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, is := r.keys[key]
	return is
}

// claim remembers a key, and says whether it was new.
func (r *recent) claim(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, is := r.keys[key]; is {
		return false
	}
	if old := r.ring[r.next]; old != "" {
		delete(r.keys, old)
	}
	r.ring[r.next] = key
	r.next = (r.next + 1) % len(r.ring)
	r.keys[key] = struct{}{}
	return true
}

// release forgets a key: what it stands for was not done after all.
func (r *recent) release(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.keys, key)
}
