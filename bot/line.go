package bot

import (
	"context"
	"slices"
	"sync"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// maxShared is how many commands of one incident share a commit at most.
const maxShared = 32

// line holds the commands that wait for their turn at an incident, so that
// whoever has the turn can settle those behind in the same commit.
type line struct {
	mu      sync.Mutex
	waiting map[incident.Stream][]*waiter
}

// waiter is one command in the line. Whoever has the turn writes the answer;
// the waiter reads it when it has the turn itself, or when settled is closed.
type waiter struct {
	change
	settled chan struct{} // closed once the answer stands
	taken   bool          // out of the line: somebody is at it, or was
	shared  bool          // the answer stands; else it is decided alone
	maybe   bool          // a commit with it was begun, and how that went is not known
	reply   chat.Reply
	err     error
}

func newLine() *line { return &line{waiting: map[incident.Stream][]*waiter{}} }

// join puts a command into the line.
func (l *line) join(c change) *waiter {
	w := &waiter{change: c, settled: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[c.streams[0]] = append(l.waiting[c.streams[0]], w)
	return w
}

// leave takes a command out of the line; false: somebody has taken it up.
func (l *line) leave(w *waiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.taken {
		return false
	}
	l.out(w.streams[0], []*waiter{w})
	return true
}

// next takes w and up to limit-1 others out of the line, in the order in which
// they came. None: somebody else has taken w up.
func (l *line) next(w *waiter, limit int) []*waiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.taken {
		return nil
	}
	all := l.waiting[w.streams[0]]
	mine := slices.Clone(all[:min(limit, len(all))])
	if !slices.Contains(mine, w) {
		mine = []*waiter{w}
	}
	l.out(w.streams[0], mine)
	return mine
}

// out drops some from the line.
func (l *line) out(s incident.Stream, some []*waiter) {
	for _, w := range some {
		w.taken = true
	}
	rest := slices.DeleteFunc(l.waiting[s], func(w *waiter) bool { return w.taken })
	if l.waiting[s] = rest; len(rest) == 0 {
		delete(l.waiting, s)
	}
}

// shares says that a change may share a commit: it changes one incident that
// is there, and nothing has to follow before the answer.
func (c change) shares() bool {
	if len(c.streams) != 1 || c.keyed || c.confirming || c.settled != nil {
		return false
	}
	_, is := c.streams[0].Incident()
	return is
}

// inLine settles a change in its turn, alone or together with others.
func (d *Desk) inLine(ctx context.Context, c change) (chat.Reply, error) {
	w := d.line.join(c)
	leave, err := d.turns.enter(ctx, c.streams...)
	if err != nil {
		if d.line.leave(w) {
			return chat.Reply{}, notRecorded(err)
		}
		<-w.settled // a commit is under way, which has a bound of its own
		switch {
		case w.shared:
			return w.reply, w.err
		case w.maybe:
			d.confirm(c)
			return chat.Reply{}, fault.Wrap(fault.Unknown, err, unconfirmed)
		}
		return chat.Reply{}, notRecorded(err)
	}
	defer leave()
	if together := d.line.next(w, maxShared); together != nil {
		defer func() {
			for _, one := range together {
				close(one.settled)
			}
		}()
		if len(together) > 1 {
			d.share(together)
		}
	}
	if w.shared {
		return w.reply, w.err
	}
	return d.settleAlone(ctx, c)
}

// settleAlone decides and commits one change, whose turn it is.
func (d *Desk) settleAlone(ctx context.Context, c change) (chat.Reply, error) {
	reply, err := d.decide(ctx, c)
	if fault.KindOf(err) == fault.Unknown {
		d.confirm(c)
	}
	return reply, err
}

// share settles as many of them as can go together in one commit: those that
// change something, on the state that this desk keeps, each after the one
// before. The others, and all of them when the commit does not come about,
// are decided alone: refusals, repeats, and whatever stands on an old state.
func (d *Desk) share(together []*waiter) {
	o, ok := d.kept.get(together[0].streams[0])
	if !ok {
		return
	}
	s := sharing{desk: d, at: place{stream: together[0].streams[0], Opened: o, guess: true}, keys: map[string]bool{}}
	for _, w := range together {
		s.add(w)
	}
	if len(s.riders) > 1 {
		s.commit()
	}
}

// sharing is a commit of several commands as it is put together.
type sharing struct {
	desk   *Desk
	at     place // after those that ride so far
	write  store.Write
	riders []rider
	room   incident.Room
	keys   map[string]bool
}

type rider struct {
	*waiter
	decided chat.Reply
	words   []byte
}

// add takes a command along if it can go along. What it throws, it throws
// again where it is decided alone.
func (s *sharing) add(w *waiter) {
	defer func() { _ = recover() }()
	room := w.room()
	if s.keys[w.in.Request.Key] || (len(s.riders) > 0 && room != s.room) {
		return
	}
	p, err := w.propose(context.Background(), []place{s.at})
	if err != nil || p.answer || p.number != 0 || len(p.writes) != 1 || len(p.writes[0].Events) == 0 {
		return
	}
	words, err := chat.EncodeReply(p.reply)
	if err != nil {
		return
	}
	one := p.writes[0]
	if len(s.riders) == 0 {
		s.write, s.room = one, room
	} else {
		s.write.Events = append(s.write.Events, one.Events...)
		s.write.Marks = append(s.write.Marks, one.Marks...)
		s.write.After = one.After
	}
	s.keys[w.in.Request.Key] = true
	s.at.Head, s.at.State = one.Events[len(one.Events)-1].Version, one.After
	s.riders = append(s.riders, rider{waiter: w, decided: p.reply, words: words})
}

// commit writes them all, and answers them all; or none.
func (s *sharing) commit() {
	d, now := s.desk, s.desk.o.Now()
	first := s.riders[0]
	c := store.Commit{
		Key: first.in.Request.Key, Print: first.print, Asker: first.in.Person.ID, At: now,
		Writes: []store.Write{s.write}, Room: s.room, Outcome: store.Outcome{Reply: first.words, At: now},
	}
	for _, r := range s.riders[1:] {
		c.Along = append(c.Along, store.Settles{
			Key: r.in.Request.Key, Print: r.print, Asker: r.in.Person.ID, Outcome: store.Outcome{Reply: r.words, At: now},
		})
	}
	within, cancel := context.WithTimeout(context.Background(), commitWithin)
	defer cancel()
	done, err := d.o.Log.Commit(within, c)
	if err != nil || done.Outcome.Repeat {
		d.kept.forget(s.at.stream)
		for _, r := range s.riders {
			r.maybe = err != nil && fault.KindOf(commitFault(err)) == fault.Unknown
		}
		return
	}
	d.keep(proposal{writes: c.Writes}, done)
	for _, r := range s.riders {
		d.count(done, nil)
		r.shared = true
		r.reply, r.err = given(r.decided, store.Outcome{Reply: r.words, At: now})
	}
}
