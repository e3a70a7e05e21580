package store

import (
	"context"
	"slices"
	"time"

	"tocsin/incident/fault"
)

// Claim implements [Ledger].
func (s *Store) Claim(ctx context.Context, c Claim) ([]Job, error) {
	if c.Limit <= 0 || c.Lease <= 0 {
		return nil, fault.New(fault.Internal, "A claim needs a limit and a lease.")
	}
	lanes := slices.Clone(c.Lanes)
	slices.Sort(lanes)
	due, err := s.dueNow(ctx, c, lanes)
	if err != nil {
		return nil, err
	}
	var jobs []Job
	for i, lane := range lanes {
		if len(jobs) == c.Limit {
			break
		}
		if len(due[i]) == 0 {
			continue
		}
		got, err := s.claimLane(ctx, c, lane, c.Limit-len(jobs), due[i])
		jobs = append(jobs, got...)
		if err != nil {
			if len(jobs) > 0 { // these are ours and are worked on; the next claim meets the error again
				return jobs, nil
			}
			return nil, err
		}
	}
	return jobs, nil
}

// dueNow reads what is due in each lane, once what was woken is due too.
func (s *Store) dueNow(ctx context.Context, c Claim, lanes []Lane) ([][]Member, error) {
	qs := make([]Range, 0, len(lanes)+1)
	for _, lane := range lanes {
		qs = append(qs, Range{Set: dueSet(lane), Min: least, Max: millis(c.Now), Limit: c.Limit})
	}
	found, err := s.ranges(ctx, append(qs, Range{Set: wokenSet, Min: least, Max: most, Limit: 1}))
	if err != nil || len(found[len(lanes)]) == 0 {
		return found, err
	}
	if err := s.wake(ctx, c.Now); err != nil {
		return nil, err
	}
	return s.ranges(ctx, qs)
}

// claimLane leases due jobs of one lane; seen are those that were due a moment
// ago. Members of the set that are not due after all are hints that were left
// behind; they are put right.
func (s *Store) claimLane(ctx context.Context, c Claim, lane Lane, limit int, seen []Member) ([]Job, error) {
	var jobs []Job
	for {
		var stale, n int
		err := s.change(ctx, func() (Batch, error) {
			jobs, stale = nil, 0
			members, err := seen, error(nil)
			if members == nil {
				members, err = s.d.Range(ctx, Range{Set: dueSet(lane), Min: least, Max: millis(c.Now), Limit: limit})
			}
			if err != nil {
				return Batch{}, err
			}
			members, seen = members[:min(limit, len(members))], nil
			n = len(members)
			p, err := s.page(ctx, names(members))
			if err != nil {
				return Batch{}, err
			}
			var mend Batch
			for _, e := range p.entries {
				if e.row.claimable(c.Now, lane) {
					e.row.claim(c)
					jobs = append(jobs, e.row.Job)
					continue
				}
				stale++
				mend = e.mend(mend, dueSet(lane))
			}
			b, err := p.batch()
			b.Checks, b.Ops = append(b.Checks, mend.Checks...), append(b.Ops, mend.Ops...)
			return b, err
		})
		if err != nil {
			return nil, err
		}
		if len(jobs) > 0 || stale == 0 || n < limit {
			return jobs, nil
		}
	}
}

func names(members []Member) []string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.Name
	}
	return out
}

// claimable says whether a row may be leased now.
func (r *ledgerRow) claimable(now time.Time, lane Lane) bool {
	if r.Key == "" || r.State != Owed || r.Lane != lane {
		return false
	}
	if !r.Lease.IsZero() {
		return !r.Lease.After(now)
	}
	return !r.Due.After(now)
}

func (r *ledgerRow) claim(c Claim) {
	r.Fence++
	r.Owner, r.Lease = c.Owner, c.Now.Add(c.Lease)
	r.Held, r.OnStream = r.Want, false
}

// mend puts a member of a set where its row says it stands.
func (e *entry) mend(b Batch, set string) Batch {
	op := Op{Kind: OpRemove, Key: set, Member: e.member}
	for _, p := range e.row.places(e.member) {
		if p.set == set {
			op = Op{Kind: OpAdd, Key: set, Member: e.member, Score: p.score}
		}
	}
	b.Checks = append(b.Checks, Check{Key: "j/" + e.member, Want: e.raw})
	b.Ops = append(b.Ops, op)
	return b
}

// wake makes jobs due whose stream has grown while they waited for it, those
// of all lanes, so that none hides behind others.
func (s *Store) wake(ctx context.Context, now time.Time) error {
	const rounds, some = 40, 256
	for range rounds {
		seen := 0
		err := s.change(ctx, func() (Batch, error) {
			members, err := s.d.Range(ctx, Range{Set: wokenSet, Min: least, Max: most, Limit: some})
			seen = len(members)
			if err != nil || seen == 0 {
				return Batch{}, err
			}
			p, err := s.page(ctx, names(members))
			if err != nil {
				return Batch{}, err
			}
			var left Batch
			for _, e := range p.entries {
				if e.row.OnStream {
					e.row.OnStream, e.row.Due = false, now
					continue
				}
				left = e.mend(left, wokenSet)
			}
			b, err := p.batch()
			b.Checks, b.Ops = append(b.Checks, left.Checks...), append(b.Ops, left.Ops...)
			return b, err
		})
		if err != nil || seen < some {
			return err
		}
	}
	return nil
}

// Attempt implements [Ledger].
func (s *Store) Attempt(ctx context.Context, now time.Time, j Job) (Job, error) {
	var begun Job
	err := s.change(ctx, func() (Batch, error) {
		p, err := s.page(ctx, []string{memberOf(j.Key)})
		if err != nil {
			return Batch{}, err
		}
		r := &p.of(j.Key).row
		if r.State != Owed || r.Fence != j.Fence || !r.Lease.After(now) {
			return Batch{}, &Lost{Key: j.Key}
		}
		r.Attempts++
		r.Began, r.Called, r.Unsure = now, r.Fence, true
		if r.First.IsZero() {
			r.First = now
		}
		begun = r.Job
		return p.batch()
	})
	if err != nil {
		return j, err
	}
	return begun, nil
}
