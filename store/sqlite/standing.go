package sqlite

import "tocsin/store"

// standing remembers what the writer knows of sets, so that a write that would
// change nothing asks no database: the words of an incident are looked up
// again and again, and mostly nobody waits. Only the writer uses it.
type standing struct {
	young, old map[place]int64 // the score of a member; old: what was young before
	rounds     map[string]int  // how often all members of a set changed at once
	empty      map[string]bool // sets without a member
}

// place is a member of a set, as long as the set's members change one by one.
type place struct {
	set, member string
	round       int
}

const (
	standingMembers = 16 << 10 // of the young ones
	standingSets    = 4 << 10  // sets that are known to be empty, or to have changed as a whole
)

func (s *standing) place(set, member string) place { return place{set, member, s.rounds[set]} }

// idle says that a write is known to change nothing.
func (s *standing) idle(o store.Op) bool {
	switch o.Kind {
	case store.OpAdd:
		at := s.place(o.Key, o.Member)
		score, known := s.young[at]
		if !known {
			if score, known = s.old[at]; known {
				s.remember(at, score)
			}
		}
		return known && score == o.Score
	case store.OpMove, store.OpClear:
		return s.empty[o.Key]
	case store.OpPut, store.OpDelete, store.OpAppend, store.OpDrop, store.OpRemove:
	}
	return false
}

func (s *standing) remember(at place, score int64) {
	if len(s.young) >= standingMembers || s.young == nil {
		s.young, s.old = map[place]int64{}, s.young
	}
	s.young[at] = score
}

// wrote takes note of a write. Whether a set that lost a member is empty, it
// does not know.
func (s *standing) wrote(o store.Op) {
	switch o.Kind {
	case store.OpAdd:
		s.remember(s.place(o.Key, o.Member), o.Score)
		delete(s.empty, o.Key)
	case store.OpRemove:
		delete(s.young, s.place(o.Key, o.Member))
		delete(s.old, s.place(o.Key, o.Member))
	case store.OpMove:
		s.turned(o.Member)
		delete(s.empty, o.Member)
		s.emptied(o.Key)
	case store.OpClear:
		s.emptied(o.Key)
	case store.OpPut, store.OpDelete, store.OpAppend, store.OpDrop:
	}
}

// emptied takes note that a set has no member.
func (s *standing) emptied(set string) {
	s.turned(set)
	if s.empty == nil {
		s.empty = map[string]bool{}
	}
	s.empty[set] = true
}

// turned takes note that all members of a set may have changed.
func (s *standing) turned(set string) {
	if len(s.rounds) >= standingSets || len(s.empty) >= standingSets {
		s.forget()
	}
	if s.rounds == nil {
		s.rounds = map[string]int{}
	}
	s.rounds[set]++
}

// forget is for when a transaction did not come about.
func (s *standing) forget() { *s = standing{} }
