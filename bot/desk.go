package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// How long the desk gives the store, and itself. A platform waits 3 s.
const (
	openWithin   = time.Second
	readWithin   = 2 * time.Second // timelines and lists
	commitWithin = 1500 * time.Millisecond
	decideUntil  = 2 * time.Second // conflicts are decided again until then
)

// Desk changes incidents: it reads, decides, appends and words the reply. It
// keeps the states that it committed last and then needs only the commit.
type Desk struct {
	o     DeskOptions
	kept  *kept
	turns *turns
	line  *line
	salt  []byte
	next  nextNumber
}

// DeskOptions is what a desk stands on.
type DeskOptions struct {
	Log    store.Log
	Ledger store.Ledger
	People store.People
	Policy func() incident.Policy
	Voice  func(ctx context.Context, in commands.Input) say.Voice
	Now    func() time.Time
	Salt   []byte // of fingerprints; the same for every replica on one store
	// Sole says that no other replica writes to this store, so that what the
	// desk keeps is the newest.
	Sole bool
	// Committed hands events on in process, after their commit.
	Committed func(events []incident.Recorded)
	// Later runs work that outlives its request, until the house stops.
	Later func(work func(ctx context.Context))
	// Counted hears how each commit went: "done", "repeat", "moved", "failed".
	Counted func(outcome string)
	// Changed says that something about a person was changed.
	Changed func()
	// Retried says that a job was made due again.
	Retried func()
	// Late delivers the outcome of a request whose answer was "not confirmed yet".
	Late func(ctx context.Context, in commands.Input, reply chat.Reply)
}

// NewDesk makes a desk.
func NewDesk(o DeskOptions) *Desk {
	return &Desk{o: o, kept: newKept(maxKept), turns: newTurns(), line: newLine(), salt: o.Salt}
}

var _ commands.Desk = (*Desk)(nil)

// change is a request on its way through the desk.
type change struct {
	in      commands.Input
	print   string
	streams []incident.Stream
	propose func(ctx context.Context, at []place) (proposal, error)
	settled func(ctx context.Context) error // what else must be true once the commit is there; may run again

	confirming bool // the first try's outcome is not known
	keyed      bool // the stream is made from the key: only the store knows whether it was settled
}

// place is a stream as a decision sees it.
type place struct {
	stream incident.Stream
	store.Opened
	guess bool // from memory: another replica may have moved on
}

// proposal is what a decision comes to.
type proposal struct {
	writes []store.Write
	number incident.Number
	reply  chat.Reply
	answer bool // the reply stands as it is and is not kept: it was answered before, in other ways
}

// settle takes a change through: open, decide, commit, and again when another
// replica was faster.
func (d *Desk) settle(ctx context.Context, c change) (chat.Reply, error) {
	if c.shares() {
		return d.inLine(ctx, c)
	}
	leave, err := d.turns.enter(ctx, c.streams...)
	if err != nil {
		return chat.Reply{}, notRecorded(err)
	}
	defer leave()
	return d.settleAlone(ctx, c)
}

func (d *Desk) decide(ctx context.Context, c change) (chat.Reply, error) {
	until := d.o.Now().Add(decideUntil)
	for {
		reply, err := d.try(ctx, c)
		if _, moved := errors.AsType[*store.Moved](err); !moved {
			return reply, err
		}
		if d.o.Now().After(until) || ctx.Err() != nil {
			return chat.Reply{}, fault.Wrap(fault.Unavailable, err, "Others are changing this at the same moment. Not recorded: try again.")
		}
	}
}

// try decides once. A *store.Moved asks to do so again.
func (d *Desk) try(ctx context.Context, c change) (chat.Reply, error) {
	at, met, err := d.open(ctx, c)
	if err != nil {
		return chat.Reply{}, err
	}
	if met != nil {
		return d.met(ctx, c, met)
	}
	p, err := c.propose(ctx, at)
	if d.guessed(c, at) && (err != nil || len(p.writes) == 0) {
		d.kept.forget(c.streams...) // no commit would hold it against the store: look before saying so
		return chat.Reply{}, c.moved(&store.Moved{Stream: c.streams[0]})
	}
	switch {
	case err != nil:
		p, err = d.refusal(ctx, c.in, err)
		if err != nil {
			return chat.Reply{}, err
		}
	case p.answer:
		return p.reply, nil
	}
	reply, err := d.commit(ctx, c, p)
	return reply, c.moved(err)
}

// guessed says that a decision stands on what was in memory and may be old.
func (d *Desk) guessed(c change, at []place) bool {
	return c.in.Guess.Made() && c.in.Guess.Room ||
		!d.o.Sole && slices.ContainsFunc(at, func(pl place) bool { return pl.guess })
}

// moved has a request begin anew that came here by what was in memory.
func (c change) moved(err error) error {
	if _, moved := errors.AsType[*store.Moved](err); moved && c.in.Guess.Made() {
		return &commands.Outdated{}
	}
	return err
}

// room is the room that led here from memory, to be held against the store.
func (c change) room() incident.Room {
	_, is := c.streams[0].Incident()
	if !is || c.keyed || !c.in.Guess.Made() || !c.in.Guess.Room {
		return incident.Room{}
	}
	p := c.in.Request.Place
	return incident.Room{Platform: p.Platform, ID: p.Room, Thread: p.Thread}
}

// met answers from the outcome that the key has already. When this is the
// request's own first try, asked again, what goes with it is brought to an end.
func (d *Desk) met(ctx context.Context, c change, o *store.Opened) (chat.Reply, error) {
	if c.confirming && c.settled != nil {
		if err := c.settled(ctx); err != nil {
			return chat.Reply{}, fault.Wrap(fault.Unknown, err, unconfirmed)
		}
	}
	return repeated(o, c.print), nil
}

// open gives the streams as they stand, or the outcome that this key has already.
func (d *Desk) open(ctx context.Context, c change) ([]place, *store.Opened, error) {
	at := make([]place, len(c.streams))
	for i, s := range c.streams {
		if o, ok := d.kept.get(s); ok && !c.keyed {
			at[i] = place{stream: s, Opened: o, guess: true}
			continue
		}
		within, cancel := context.WithTimeout(ctx, openWithin)
		o, err := d.o.Log.Open(within, c.in.Request.Key, s)
		cancel()
		if err != nil {
			return nil, nil, notRecorded(err)
		}
		if o.Outcome != nil {
			return nil, &o, checkPrint(o.Print, c.print)
		}
		at[i] = place{stream: s, Opened: o}
	}
	return at, nil, nil
}

// commit writes a proposal. The request's own end does not stop it: what has
// begun is brought to an outcome.
func (d *Desk) commit(ctx context.Context, c change, p proposal) (chat.Reply, error) {
	words, err := chat.EncodeReply(p.reply)
	if err != nil {
		return chat.Reply{}, fault.Wrap(fault.Internal, err, "The reply could not be written down; nothing was changed.")
	}
	now := d.o.Now()
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitWithin)
	defer cancel()
	done, err := d.o.Log.Commit(within, store.Commit{
		Key: c.in.Request.Key, Print: c.print, Asker: c.in.Person.ID, At: now,
		Writes: p.writes, Number: p.number, Room: c.room(), Outcome: store.Outcome{Reply: words, At: now},
	})
	d.count(done, err)
	if err != nil {
		d.kept.forget(c.streams...)
		d.next.forget()
		return chat.Reply{}, commitFault(err)
	}
	if done.Outcome.Repeat {
		d.kept.forget(c.streams...)
	} else {
		d.keep(p, done)
	}
	if c.settled != nil {
		if err := c.settled(within); err != nil {
			return chat.Reply{}, fault.Wrap(fault.Unknown, err, unconfirmed)
		}
	}
	return given(p.reply, done.Outcome)
}

func (d *Desk) count(done store.Committed, err error) {
	if d.o.Counted == nil {
		return
	}
	_, moved := errors.AsType[*store.Moved](err)
	switch {
	case moved:
		d.o.Counted("moved")
	case err != nil:
		d.o.Counted("failed")
	case done.Outcome.Repeat:
		d.o.Counted("repeat")
	default:
		d.o.Counted("done")
	}
}

// keep remembers what a commit made, and hands its events on.
func (d *Desk) keep(p proposal, done store.Committed) {
	var events []incident.Recorded
	for i, w := range p.writes {
		if i < len(done.Tokens) && len(w.Events) > 0 {
			head := w.Events[len(w.Events)-1].Version
			d.kept.put(w.Stream, store.Opened{Head: head, State: w.After, Token: done.Tokens[i]})
			if len(w.After.Rooms) > len(w.Before.Rooms) {
				d.kept.learn(w.Stream, w.After.Rooms[len(w.Before.Rooms):]...)
			}
		}
		events = append(events, w.Events...)
	}
	if p.number > 0 {
		d.next.set(p.number + 1)
	}
	if len(events) > 0 && d.o.Committed != nil {
		d.o.Committed(events)
	}
}

// refusal turns an error of a decision into a proposal without events. What
// is no answer to the request (a bug, a store that is away) stays an error.
func (d *Desk) refusal(ctx context.Context, in commands.Input, err error) (proposal, error) {
	if _, reused := errors.AsType[*store.Reused](err); reused {
		return proposal{}, err // kept under this key, it would stand in the way of whose key it is
	}
	switch kind := fault.KindOf(err); kind {
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Rejected:
		reply := chat.Reply{Message: say.Problem(err, d.o.Voice(ctx, in)), Kind: kind.String()}
		return proposal{reply: reply}, nil
	case fault.Internal, fault.Unavailable, fault.Unknown:
	}
	return proposal{}, err
}

// confirm asks again with the same key in the background until the store
// knows how it went, and delivers that late.
func (d *Desk) confirm(c change) {
	if d.o.Later == nil {
		return
	}
	d.o.Later(func(ctx context.Context) {
		for wait := 250 * time.Millisecond; ; wait = min(2*wait, 15*time.Second) {
			if !pause(ctx, wait) {
				return
			}
			reply, err := d.again(ctx, c)
			switch kind := fault.KindOf(err); {
			case err != nil && (kind == fault.Unknown || kind == fault.Unavailable):
				continue
			case err != nil:
				reply = chat.Reply{Message: say.Problem(err, d.o.Voice(ctx, c.in)), Kind: kind.String()}
			}
			if d.o.Late != nil {
				d.o.Late(ctx, c.in, reply)
			}
			return
		}
	})
}

func (d *Desk) again(ctx context.Context, c change) (chat.Reply, error) {
	leave, err := d.turns.enter(ctx, c.streams...)
	if err != nil {
		return chat.Reply{}, notRecorded(err)
	}
	defer leave()
	d.kept.forget(c.streams...)
	c.confirming, c.in.Guess = true, nil
	return d.decide(ctx, c)
}

// pause waits; false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
