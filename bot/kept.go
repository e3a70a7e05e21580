package bot

import (
	"container/list"
	"sync"

	"tocsin/incident"
	"tocsin/store"
)

// maxKept is how many incidents' states the desk keeps in memory.
const maxKept = 512

// kept holds the states that this replica committed or read last, so that the
// next command needs only its commit. They are guesses: the commit checks
// the head, and whoever decides on an old one decides again.
type kept struct {
	mu    sync.Mutex
	limit int
	by    map[incident.Stream]*list.Element
	order *list.List // newest used in front
	rooms map[roomAt]incident.Stream
}

// maxRooms is of how many rooms it is remembered whose they are.
const maxRooms = 4096

// roomAt is where a room is.
type roomAt struct{ platform, room, thread string }

type keptState struct {
	stream incident.Stream
	opened store.Opened
}

func newKept(limit int) *kept {
	return &kept{limit: limit, by: map[incident.Stream]*list.Element{}, order: list.New(), rooms: map[roomAt]incident.Stream{}}
}

func (k *kept) get(s incident.Stream) (store.Opened, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.by[s]
	if !ok {
		return store.Opened{}, false
	}
	k.order.MoveToFront(e)
	return e.Value.(*keptState).opened, true
}

// inRoom is the incident that had a room last, as far as it is kept.
func (k *kept) inRoom(platform, room, thread string) (store.Opened, bool) {
	k.mu.Lock()
	s, ok := k.rooms[roomAt{platform, room, thread}]
	k.mu.Unlock()
	if !ok {
		return store.Opened{}, false
	}
	return k.get(s)
}

func (k *kept) put(s incident.Stream, o store.Opened) {
	o.Outcome, o.Print = nil, ""
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.by[s]; ok {
		if state := e.Value.(*keptState); state.opened.Head <= o.Head { // a slow read does not overtake a commit
			state.opened = o
		}
		k.order.MoveToFront(e)
		return
	}
	k.by[s] = k.order.PushFront(&keptState{stream: s, opened: o})
	if k.order.Len() > k.limit {
		last := k.order.Back()
		k.order.Remove(last)
		delete(k.by, last.Value.(*keptState).stream)
	}
}

// learn remembers whose some rooms are. Another incident may take one over
// without this one changing, so a commit that rests on it checks that too.
func (k *kept) learn(s incident.Stream, rooms ...incident.Room) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.rooms) >= maxRooms {
		clear(k.rooms)
	}
	for _, r := range rooms {
		k.rooms[roomAt{r.Platform, r.ID, r.Thread}] = s
	}
}

func (k *kept) forget(streams ...incident.Stream) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range streams {
		if e, ok := k.by[s]; ok {
			k.order.Remove(e)
			delete(k.by, s)
		}
	}
}

// forgetAll is for what changes states beside their streams, as erasing does.
func (k *kept) forgetAll() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.by)
	clear(k.rooms)
	k.order.Init()
}
