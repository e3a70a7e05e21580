package slack

import "sync"

// recentSize is how many keys are remembered. It saves work only: the house
// refuses every repeat by its key, also those of another life.
const recentSize = 8192

// recent remembers the newest keys of what is done with, each with a word.
type recent struct {
	mu   sync.Mutex
	keys map[string]string
	ring []string
	next int
}

func newRecent(size int) *recent {
	return &recent{keys: make(map[string]string, size), ring: make([]string, size)}
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
	_, fresh := r.first(key, "")
	return fresh
}

// first gives the word that a key was first remembered with; fresh: it is this.
func (r *recent) first(key, word string) (stands string, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if was, is := r.keys[key]; is {
		return was, false
	}
	if old := r.ring[r.next]; old != "" {
		delete(r.keys, old)
	}
	r.ring[r.next] = key
	r.next = (r.next + 1) % len(r.ring)
	r.keys[key] = word
	return word, true
}
