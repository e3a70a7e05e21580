package store

import (
	"context"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
)

// Settle implements [Ledger].
func (s *Store) Settle(ctx context.Context, now time.Time, j Job, end Settlement) error {
	release, err := s.turn(ctx, string(j.Stream))
	if err != nil {
		return err
	}
	defer release()
	var lost error
	err = s.change(ctx, func() (Batch, error) {
		p, err := s.page(ctx, append(membersOf(end.Owe), memberOf(j.Key)))
		if err != nil {
			return Batch{}, err
		}
		e := p.of(j.Key)
		lost = nil
		switch {
		case !e.there():
			return Batch{}, fault.New(fault.NotFound, "No such effect is on record.")
		case e.row.Fence != j.Fence:
			lost = &Lost{Key: j.Key}
			e.row.evidence(end)
			return p.batch()
		case e.row.Lease.IsZero(): // the same settlement again, after a reply that was lost
			return Batch{}, nil
		}
		head, err := s.settle(ctx, e, now, end)
		if err != nil {
			return Batch{}, err
		}
		if err := p.owe(now, end.Owe); err != nil {
			return Batch{}, err
		}
		b, err := p.batch()
		if head != nil {
			b.Checks = append(b.Checks, *head)
		}
		return b, err
	})
	if err != nil {
		return err
	}
	return lost
}

// evidence keeps what a holder of an older lease has done after all, for
// whoever holds the job next. A once job that left no reference gets a word in
// its place.
func (r *ledgerRow) evidence(end Settlement) {
	if end.Ending != Done || len(r.Ref) > 0 {
		return
	}
	r.Ref = end.Ref
	if len(r.Ref) == 0 && !r.Kept {
		r.Ref = []byte("done")
	}
}

// settle ends the attempt. A job that waits gives a check that its stream is
// still where the job looked: a commit between the two would not wake it.
func (s *Store) settle(ctx context.Context, e *entry, now time.Time, end Settlement) (head *Check, err error) {
	r := &e.row
	r.release()
	if end.Ref != nil {
		r.Ref = end.Ref
	}
	if end.Ending == Waits {
		return s.wait(ctx, r, now, end)
	}
	r.Waiting, r.Why, r.Settled = time.Time{}, end.Why, now
	switch end.Ending {
	case Done, NotNeeded:
		r.ended(now, end)
	case Rejected:
		r.State, r.Unsure = Buried, false
		r.Done = r.drawn(end)
	case NotSent:
		if r.Called == r.Fence { // what was unsure before was looked up, or the call would not have been made
			r.Unsure = false
		}
		r.Settled, r.Due = e.before.Settled, later(now, end.Again)
	case Unsure:
		r.Unsure = true
		r.Settled, r.Due = e.before.Settled, later(now, end.Again)
	case Park:
		r.State = OnHold
	case Waits:
	default:
		return nil, fault.New(fault.Internal, "There is no ending %d.", end.Ending)
	}
	return nil, nil
}

// drawn is the version that a kept job has reached.
func (r *ledgerRow) drawn(end Settlement) incident.Version {
	switch {
	case !r.Kept:
		return r.Done
	case end.Drawn > 0:
		return max(r.Done, end.Drawn)
	default:
		return max(r.Done, r.Held)
	}
}

// ended is the good end of an attempt. A kept job stays owed while more is
// wanted than was drawn, or when it asked for another time.
func (r *ledgerRow) ended(now time.Time, end Settlement) {
	r.Unsure, r.State = false, Finished
	if end.Ending == NotNeeded {
		r.State = Unneeded
	}
	if !r.Kept {
		r.Body = nil
		return
	}
	r.Attempts, r.First, r.Began = 0, time.Time{}, time.Time{}
	r.Done = r.drawn(end)
	switch {
	case r.Want > r.Done:
		r.State, r.Due = Owed, now.Add(r.Gap)
	case !end.Again.IsZero():
		r.State, r.Due = Owed, later(now, end.Again)
	}
}

// wait puts a job by until its stream grows beyond what it looked at, at the
// latest until Again, or two minutes after it began to wait.
func (s *Store) wait(ctx context.Context, r *ledgerRow, now time.Time, end Settlement) (*Check, error) {
	raw, err := s.d.Get(ctx, headKey(r.Stream))
	if err != nil {
		return nil, err
	}
	if r.Waiting.IsZero() {
		r.Waiting = now
	}
	r.Why, r.Due, r.OnStream = end.Why, r.Waiting.Add(waitLimit), true
	switch {
	case !end.Again.IsZero():
		r.Due = end.Again
	case !r.Due.After(now):
		r.Due = now.Add(waitLimit)
	}
	if v, _ := readHead(string(raw[0])); v > end.Drawn {
		r.Due, r.OnStream = now, false
	}
	return &Check{Key: headKey(r.Stream), Want: raw[0]}, nil
}

// Jobs implements [Ledger].
func (s *Store) Jobs(ctx context.Context, f JobFilter) ([]Job, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	var sets []string
	switch {
	case f.Key != "":
		return s.jobs(ctx, []string{memberOf(f.Key)}, f)
	case f.Stream != "":
		sets = []string{jobsSet(f.Stream)}
	case f.State == OnHold:
		sets = []string{parkedSet}
	case f.State == Owed:
		for _, l := range Lanes() {
			sets = append(sets, dueSet(l))
		}
	default:
		return nil, fault.New(fault.Internal, "Settled jobs are listed for one stream only.")
	}
	var out []Job
	for _, set := range sets {
		err := s.pages(ctx, Range{Set: set, Min: least, Max: most}, func(members []Member) (bool, error) {
			got, err := s.jobs(ctx, names(members), f)
			out = append(out, got...)
			return len(out) < f.Limit, err
		})
		if err != nil {
			return nil, err
		}
	}
	return out[:min(len(out), f.Limit)], nil
}

func (s *Store) jobs(ctx context.Context, members []string, f JobFilter) ([]Job, error) {
	p, err := s.page(ctx, members)
	if err != nil {
		return nil, err
	}
	var out []Job
	for _, e := range p.entries {
		r := &e.row
		if e.there() && (f.State == "" || r.State == f.State) && (f.Stream == "" || r.Stream == f.Stream) {
			out = append(out, r.Job)
		}
	}
	return out, nil
}
