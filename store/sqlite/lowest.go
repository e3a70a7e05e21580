package sqlite

import (
	"cmp"
	"sync"

	"tocsin/store"
)

// lowest remembers of sets that are asked from their low end, again and
// again, which member stands there: what is due next, and whether anything is.
// Most of what is written to a set leaves it standing.
type lowest struct {
	mu   sync.Mutex
	sets map[string]*lowEnd
	busy bool // a transaction is being committed
}

// lowEnd is what is remembered of one set.
type lowEnd struct {
	known bool
	first *store.Member // nil: the set is empty
	stamp uint64        // rises with each change that made it unknown
	open  bool          // such a change is being committed
}

const (
	lowSets  = 512 // sets remembered at a time
	lowLimit = 256 // a question for more is not one for the low end
)

// asksLow says whether a question is one for the low end.
func asksLow(q store.Range) bool {
	return q.Min <= -store.MaxScore && !q.Reverse && q.Limit > 0 && q.Limit <= lowLimit
}

// answer answers a question if what is remembered is enough for it; else it
// gives what to hand to learn, after the file was asked for the low end.
func (l *lowest) answer(q store.Range) (members []store.Member, ask *lowEnd, stamp uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	end := l.sets[q.Set]
	switch {
	case end == nil && l.busy: // the file may be older than the set is by then: nothing is to be learned
		return nil, &lowEnd{}, 0
	case end == nil:
		if l.sets == nil || len(l.sets) >= lowSets {
			l.sets = map[string]*lowEnd{}
		}
		end = &lowEnd{}
		l.sets[q.Set] = end
	case !end.known:
	case end.first == nil || end.first.Score > q.Max:
		return nil, nil, 0
	case q.Limit == 1:
		return []store.Member{*end.first}, nil, 0
	}
	return nil, end, end.stamp
}

// learn remembers what the file gave for a set from its low end, unless it was
// changed meanwhile.
func (l *lowest) learn(end *lowEnd, stamp uint64, members []store.Member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if end.stamp != stamp || end.open {
		return
	}
	end.known, end.first = true, nil
	if len(members) > 0 {
		first := members[0]
		end.first = &first
	}
}

// committing forgets the low ends that a transaction's writes may move, until
// it is committed or has failed.
func (l *lowest) committing(writes []store.Op) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = true
	for _, o := range writes {
		l.touch(o.Key, o)
		if o.Kind == store.OpMove {
			l.touch(o.Member, o)
		}
	}
}

func (l *lowest) touch(set string, o store.Op) {
	end := l.sets[set]
	if end == nil || end.known && !end.moved(o) {
		return
	}
	end.known, end.open = false, true
	end.stamp++
}

// moved says whether a write may change which member is the lowest.
func (e *lowEnd) moved(o store.Op) bool {
	switch {
	case o.Kind == store.OpAdd && e.first != nil:
		return o.Member == e.first.Name || cmp.Or(cmp.Compare(o.Score, e.first.Score), cmp.Compare(o.Member, e.first.Name)) < 0
	case o.Kind == store.OpRemove || o.Kind == store.OpClear:
		return e.first != nil && (o.Kind == store.OpClear || o.Member == e.first.Name)
	}
	return true
}

// ended closes what committing opened. Who reads from now on sees the outcome.
func (l *lowest) ended(writes []store.Op) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
	end := func(set string) {
		if e := l.sets[set]; e != nil && e.open {
			e.open = false
			e.stamp++
		}
	}
	for _, o := range writes {
		end(o.Key)
		end(o.Member)
	}
}
