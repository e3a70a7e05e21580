package store

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// waitLimit is how long a job waits for its stream before it is due anyway.
const waitLimit = 2 * time.Minute

// ledgerRow is a job as it is kept.
type ledgerRow struct {
	Job
	Called   uint64           `json:"called,omitempty"`    // the fence under which a call was begun last
	Held     incident.Version `json:"held,omitempty"`      // Want when it was claimed
	OnStream bool             `json:"on_stream,omitempty"` // due when the stream grows, too
	Born     time.Time        `json:"born"`
}

// entry is a row of the ledger with what stood there when it was read.
type entry struct {
	member string // its name in sets; its record is "j/" + member
	raw    []byte
	before ledgerRow
	row    ledgerRow
}

func (e *entry) there() bool { return e.row.Key != "" }

// ledgerPage is the rows of the ledger that one change reads and writes.
type ledgerPage struct {
	entries []*entry
	byName  map[string]*entry
}

// page reads rows of the ledger by the names they have in sets.
func (s *Store) page(ctx context.Context, members []string) (*ledgerPage, error) {
	p := &ledgerPage{byName: make(map[string]*entry, len(members))}
	keys := make([]string, 0, len(members))
	for _, m := range members {
		if p.byName[m] != nil {
			continue
		}
		e := &entry{member: m}
		p.byName[m] = e
		p.entries = append(p.entries, e)
		keys = append(keys, "j/"+m)
	}
	rows, err := s.get(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, raw := range rows {
		e := p.entries[i]
		if e.raw = raw; raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, &e.before); err != nil {
			return nil, damaged(keys[i], err)
		}
		e.row = e.before
	}
	return p, nil
}

func memberOf(job string) string { return jobKey(job)[len("j/"):] }

func (p *ledgerPage) of(job string) *entry { return p.byName[memberOf(job)] }

// batch writes the rows that changed and moves them between the sets.
func (p *ledgerPage) batch() (Batch, error) {
	var b Batch
	for _, e := range p.entries {
		if !e.there() {
			continue
		}
		raw, err := json.Marshal(e.row)
		if err != nil {
			return b, damaged("j/"+e.member, err)
		}
		if bytes.Equal(raw, e.raw) {
			continue
		}
		b.Checks = append(b.Checks, Check{Key: "j/" + e.member, Want: e.raw})
		b.Ops = append(b.Ops, Op{Kind: OpPut, Key: "j/" + e.member, Value: raw})
		b.Ops = e.moves(b.Ops)
	}
	return b, nil
}

// place is where a row stands in a set.
type place struct {
	set    string
	member string
	score  int64
}

// places says where a row must stand.
func (r *ledgerRow) places(member string) []place {
	if r.Key == "" {
		return nil
	}
	out := []place{{jobsSet(r.Stream), member, millis(r.Born)}}
	switch r.State {
	case Owed:
		out = append(out, place{dueSet(r.Lane), member, r.dueAt()})
		if r.OnStream {
			out = append(out, place{waitsSet(r.Stream), member, millis(r.Waiting)})
		}
	case OnHold:
		out = append(out, place{parkedSet, member, millis(r.Settled)})
	case Finished, Unneeded, Buried:
	}
	return out
}

// dueAt is the score under which an owed row is found: a held one is due again
// when its lease ends.
func (r *ledgerRow) dueAt() int64 {
	if !r.Lease.IsZero() {
		return millisUp(r.Lease)
	}
	return millisUp(r.Due)
}

// moves takes the row out of the places where it was and puts it where it is now.
func (e *entry) moves(ops []Op) []Op {
	now := e.row.places(e.member)
	for _, was := range e.before.places(e.member) {
		stays := false
		for _, n := range now {
			stays = stays || n.set == was.set
		}
		if !stays {
			ops = append(ops, Op{Kind: OpRemove, Key: was.set, Member: e.member})
		}
	}
	if e.before.OnStream && !e.row.OnStream { // a commit may have woken it meanwhile
		ops = append(ops, Op{Kind: OpRemove, Key: wokenSet, Member: e.member})
	}
	before := e.before.places(e.member)
	for _, n := range now {
		known := false
		for _, was := range before {
			known = known || was == n
		}
		if !known {
			ops = append(ops, Op{Kind: OpAdd, Key: n.set, Member: n.member, Score: n.score})
		}
	}
	return ops
}

// release ends a lease.
func (r *ledgerRow) release() { r.Owner, r.Lease = "", time.Time{} }

// Owe implements [Ledger].
func (s *Store) Owe(ctx context.Context, now time.Time, jobs ...Job) error {
	for len(jobs) > 0 {
		n := min(getChunk, len(jobs))
		if err := s.owe(ctx, now, jobs[:n]); err != nil {
			return err
		}
		jobs = jobs[n:]
	}
	return nil
}

func (s *Store) owe(ctx context.Context, now time.Time, jobs []Job) error {
	release, err := s.turn(ctx, string(jobs[0].Stream))
	if err != nil {
		return err
	}
	defer release()
	return s.change(ctx, func() (Batch, error) {
		p, err := s.page(ctx, membersOf(jobs))
		if err != nil {
			return Batch{}, err
		}
		if err := p.owe(now, jobs); err != nil {
			return Batch{}, err
		}
		return p.batch()
	})
}

func membersOf(jobs []Job) []string {
	members := make([]string, 0, len(jobs)+1)
	for _, j := range jobs {
		members = append(members, memberOf(j.Key))
	}
	return members
}

// owe adds jobs to rows that were read. A once job that was ever owed is left
// alone.
func (p *ledgerPage) owe(now time.Time, jobs []Job) error {
	for _, j := range jobs {
		if j.Key == "" || j.Lane < PageLane || j.Lane > EchoLane {
			return fault.New(fault.Internal, "The job %q in lane %d cannot be owed.", j.Key, j.Lane)
		}
		e := p.of(j.Key)
		if j.Due.Before(now) {
			j.Due = now
		}
		switch {
		case !e.there():
			e.row = ledgerRow{Job: Job{
				Key: j.Key, Stream: j.Stream, Reactor: j.Reactor, Verb: j.Verb, Target: j.Target, Lane: j.Lane,
				Kept: j.Kept, Want: j.Want, Gap: j.Gap, Due: j.Due, Body: j.Body, State: Owed,
			}, Born: now}
		case e.row.Kept && j.Kept:
			e.row.raise(now, j)
		}
	}
	return nil
}

// raise owes a kept job again, which is one version more to be drawn. While it
// is held, waits, or is backing off, only the wanted version rises.
func (r *ledgerRow) raise(now time.Time, j Job) {
	if j.Want >= r.Want {
		r.Body, r.Gap, r.Verb = j.Body, j.Gap, j.Verb
	}
	inStep := r.Done >= r.Want
	r.Want = max(r.Want, j.Want)
	if r.Want <= r.Done {
		return
	}
	due := later(later(now, j.Due), r.Settled.Add(r.Gap))
	switch r.State {
	case Finished, Unneeded, Buried, OnHold:
		r.again(due)
	case Owed: // in step and owed: it draws by the clock
		if inStep && r.Lease.IsZero() && !r.OnStream && due.Before(r.Due) {
			r.Due = due
		}
	}
}

// again makes a job that was over owed anew.
func (r *ledgerRow) again(due time.Time) {
	r.State, r.Due = Owed, due
	r.Attempts, r.First, r.Waiting, r.Why = 0, time.Time{}, time.Time{}, ""
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Retry implements [Ledger].
func (s *Store) Retry(ctx context.Context, now time.Time, key string) error {
	return s.change(ctx, func() (Batch, error) {
		p, err := s.page(ctx, []string{memberOf(key)})
		if err != nil {
			return Batch{}, err
		}
		e := p.of(key)
		switch {
		case !e.there():
			return Batch{}, fault.New(fault.NotFound, "No such effect is on record.")
		case e.row.State == OnHold || e.row.State == Buried:
			e.row.again(now)
		case e.row.State != Owed:
			return Batch{}, fault.New(fault.Conflict, "This effect is done; there is nothing to retry.")
		case e.row.Lease.IsZero():
			e.row.again(now)
			e.row.OnStream = false
		}
		return p.batch()
	})
}

// NextDue implements [Ledger].
func (s *Store) NextDue(ctx context.Context, lanes []Lane) (time.Time, error) {
	qs := []Range{{Set: wokenSet, Min: least, Max: most, Limit: 1}}
	for _, l := range lanes {
		qs = append(qs, Range{Set: dueSet(l), Min: least, Max: most, Limit: 1})
	}
	heads, err := s.ranges(ctx, qs)
	if err != nil {
		return time.Time{}, err
	}
	var first time.Time
	for _, m := range heads {
		if len(m) > 0 && (first.IsZero() || m[0].Score < millis(first)) {
			first = time.UnixMilli(m[0].Score).UTC()
		}
	}
	return first, nil
}

// String is the lane's name in logs and metrics.
func (l Lane) String() string {
	switch l {
	case PageLane:
		return "page"
	case StateLane:
		return "state"
	case ReplyLane:
		return "reply"
	case CardLane:
		return "card"
	case EchoLane:
		return "echo"
	}
	return "lane " + strconv.Itoa(int(l))
}
