package store

import (
	"sync"

	"tocsin/incident"
)

// mostNumbers bounds what is remembered of numbers.
const mostNumbers = 4096

// numbers remembers which incident a number was given to: it is given once
// and never changes.
type numbers struct {
	mu sync.Mutex
	of map[incident.Number]incident.ID
}

func (n *numbers) get(number incident.Number) (incident.ID, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, known := n.of[number]
	return id, known
}

func (n *numbers) put(number incident.Number, id incident.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil || len(n.of) >= mostNumbers {
		n.of = map[incident.Number]incident.ID{}
	}
	n.of[number] = id
}
