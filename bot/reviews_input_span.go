package bot

import (
	"context"
	"slices"
	"time"

	"tocsin/incident"
)

// reach is the part of a history that belongs to one incident.
type reach struct {
	read  time.Time               // what is read begins after this
	rooms map[incident.Room]bound // by room, without what may change of it
	early map[spot]bool           // said before, but captured
}

// bound is the same for one room.
type bound struct{ from, until time.Time } // a zero until is no end

// bare is a room without what may change of it.
func bare(r incident.Room) incident.Room { return incident.Room{Platform: r.Platform, ID: r.ID} }

// reach finds it: in each room from the lead-in of the declare to the moment
// at which another incident took the room over, and what was captured before.
// What was said while a room was another incident's belongs to that one.
func (r *reviewInputs) reach(ctx context.Context, inc incident.Incident, recs []incident.Recorded) (reach, error) {
	begin := inc.DeclaredAt.Add(-leadIn)
	out := reach{read: begin, rooms: map[incident.Room]bound{}, early: map[spot]bool{}}
	for _, rec := range recs {
		if c, is := rec.Event.(incident.MessageCaptured); is && rec.Happened.Before(begin) {
			out.early[spot{c.Message.Platform, c.Message.Room, c.Message.ID}] = true
			if !rec.Happened.After(out.read) {
				out.read = rec.Happened.Add(-time.Millisecond)
			}
		}
	}
	for _, room := range inc.Rooms {
		t, err := r.store.Tenure(ctx, room, inc.ID)
		if err != nil {
			return reach{}, err
		}
		b := bound{from: begin, until: t.Until}
		if t.Before.After(begin) {
			b.from = t.Before
		}
		out.rooms[bare(room)] = b
	}
	return out, nil
}

// narrow keeps what belongs to the incident.
func (w reach) narrow(said []incident.Spoken) []incident.Spoken {
	return slices.DeleteFunc(said, func(m incident.Spoken) bool {
		if w.early[spot{m.Room.Platform, m.Room.ID, m.Message}] {
			return false
		}
		b, known := w.rooms[bare(m.Room)]
		if !known {
			return m.At.Before(w.read)
		}
		return !m.At.After(b.from) || !b.until.IsZero() && !m.At.Before(b.until)
	})
}
