package incident

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// UndoWindow is how long a change can be taken back by who made it.
const UndoWindow = 15 * time.Minute

// Apply is the fold: the state after one more event of the stream. The
// receiver is left as it was; slices that change are copied.
func (i Incident) Apply(r Recorded) Incident {
	if id, ok := r.Stream.Incident(); ok {
		i.ID = id
	}
	i.Head, i.Touched = r.Version, r.Recorded
	r.Event.fold(&i, r)
	i.remember(r)
	i.slim()
	return i
}

// Fold applies events in their order.
func (i Incident) Fold(recs []Recorded) Incident {
	for _, r := range recs {
		i = i.Apply(r)
	}
	return i
}

// remember keeps the newest change of each person, for undo. What the events
// of one commit did is one change.
func (i *Incident) remember(r Recorded) {
	if r.Actor == "" || r.Actor == House {
		return
	}
	switch e := r.Event.(type) {
	case Undone:
		i.Changes = without(i.Changes, func(c Change) bool { return c.Person == r.Actor })
		return
	case MemberAdded:
		if e.How == Came {
			return
		}
	case Erased, ZoneSet, Unknown:
		return
	default:
	}
	c := Change{Person: r.Actor, First: r.Version, Last: r.Version, At: r.Recorded, Key: shortHash(r.Key)}
	if old, ok := i.LastChange(r.Actor); ok && old.Last+1 == r.Version && old.Key == c.Key && old.At.Equal(c.At) {
		c.First = old.First
	}
	kept := without(i.Changes, func(o Change) bool {
		return o.Person == r.Actor || r.Recorded.Sub(o.At) > UndoWindow
	})
	if len(kept) >= MaxChanges {
		kept = kept[1:]
	}
	i.Changes = with(kept, c)
}

func shortHash(key string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return fmt.Sprintf("%08x", h.Sum32())
}

// LastChange is what undo would take back for a person.
func (i Incident) LastChange(p PersonID) (Change, bool) {
	for _, c := range i.Changes {
		if c.Person == p {
			return c, true
		}
	}
	return Change{}, false
}

// with is a copy of list with one more at its end.
func with[T any](list []T, more ...T) []T { return append(slices.Clip(list), more...) }

// without is a copy of list without those that drop names; nil when none is left.
func without[T any](list []T, drop func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if !drop(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// newest are the last n of list.
func newest[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	return slices.Clone(list[len(list)-n:])
}
