package bot

import (
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/reactors"
	"tocsin/incident"
	"tocsin/store"
)

// maxGapRooms is how many incidents one gap of a whole platform is read back for.
const maxGapRooms = 500

// Missed owes a back-fill for the incidents in whose rooms something may have
// been said that was not reported. A gap of a whole platform without a beginning
// began when the house last listened. Rooms of private incidents are not in any
// list; a platform names those that it is in.
func (s *Sink) Missed(ctx context.Context, m chat.Missed) error {
	now := s.now()
	if m.Room == "" && m.Since.IsZero() {
		last, err := s.awake.since(ctx)
		if err != nil {
			return missed(err)
		}
		if m.Since = last; last.IsZero() {
			return nil // this is the first life of the house
		}
	}
	var jobs []store.Job
	if m.Room != "" {
		sum, found, err := incidentOf(ctx, s.index, m.Platform, m.Room, "")
		if err != nil {
			return missed(err)
		}
		if found {
			jobs = gapsOf(sum, m, now)
		}
	} else {
		open, err := s.index.List(ctx, store.Filter{OnlyOpen: true, Limit: maxGapRooms})
		if err != nil {
			return missed(err)
		}
		for _, sum := range open {
			jobs = append(jobs, gapsOf(sum, m, now)...)
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if err := s.ledger.Owe(ctx, now, jobs...); err != nil {
		return missed(err)
	}
	s.owed()
	return nil
}

func gapsOf(sum incident.Summary, m chat.Missed, now time.Time) []store.Job {
	var jobs []store.Job
	for _, r := range sum.Rooms {
		if r.Platform == m.Platform && (m.Room == "" || r.ID == m.Room) && !r.Archived {
			jobs = append(jobs, reactors.Backfill(sum.ID.Stream(), r, m.Since, now))
		}
	}
	return jobs
}

// Hear keeps what was read back from a room: messages that were never heard,
// and the words of those that were edited since.
func (s *Sink) Hear(ctx context.Context, stream incident.Stream, said []chat.Said) error {
	for _, m := range said {
		if err := s.hear(ctx, stream, m); err != nil {
			return err
		}
		if m.EditedAt.IsZero() {
			continue
		}
		err := s.Edited(ctx, chat.Edited{Key: m.Key, User: m.User, Place: m.Place, ID: m.ID, Text: m.Text, At: m.EditedAt})
		if err != nil {
			return err
		}
	}
	return nil
}
