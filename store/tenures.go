package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"tocsin/incident"
)

// Tenure is the time for which a room is one incident's.
type Tenure struct {
	Since  time.Time // when it became its room; zero: not known
	Before time.Time // until when it was another's before; zero: it was nobody's
	Until  time.Time // when it became another's; zero: never
}

// overMark ends the member that says when an incident that had the room ended.
const overMark = "/over"

// tenureSet lists which incidents had a room, one after the other. Nobody can
// read out of it which they are.
func tenureSet(r incident.Room) string {
	return "tenures/" + part(r.Platform) + "/" + part(r.ID) + "/" + part(r.Thread)
}

// tenureOps follows who has a room, and until when somebody worked there.
func tenureOps(ops []Op, before []incident.Room, after *incident.Incident, ended bool) []Op {
	me := nameless(after.ID)
	for _, r := range after.Rooms {
		if !hasRoom(before, r) {
			ops = append(ops, Op{Kind: OpAdd, Key: tenureSet(r), Member: me, Score: millis(after.Touched)})
		}
		if ended || !hasRoom(before, r) && !after.EndedAt.IsZero() {
			ops = append(ops, memberOp(!after.EndedAt.IsZero(), tenureSet(r), me+overMark, millis(after.EndedAt)))
		}
	}
	for _, r := range before {
		if !hasRoom(after.Rooms, r) {
			ops = append(ops, Op{Kind: OpRemove, Key: tenureSet(r), Member: me}, Op{Kind: OpRemove, Key: tenureSet(r), Member: me + overMark})
		}
	}
	return ops
}

func hasRoom(rooms []incident.Room, r incident.Room) bool {
	return slices.ContainsFunc(rooms, func(o incident.Room) bool {
		return o.Platform == r.Platform && o.ID == r.ID && o.Thread == r.Thread
	})
}

// Tenure says for which time a room is an incident's. Stores that an older
// tocsin wrote know nothing of it.
func (s *Store) Tenure(ctx context.Context, r incident.Room, id incident.ID) (Tenure, error) {
	members, err := s.all(ctx, tenureSet(r))
	if err != nil {
		return Tenure{}, err
	}
	slices.SortStableFunc(members, func(a, b Member) int { return int(a.Score - b.Score) })
	me := nameless(id)
	ends := map[string]int64{}
	var turns []Member
	for _, m := range members {
		if who, over := strings.CutSuffix(m.Name, overMark); over {
			ends[who] = m.Score
			continue
		}
		turns = append(turns, m)
	}
	at := slices.IndexFunc(turns, func(m Member) bool { return m.Name == me })
	if at < 0 {
		return Tenure{}, nil
	}
	t := Tenure{Since: time.UnixMilli(turns[at].Score).UTC()}
	if at > 0 {
		over, ended := ends[turns[at-1].Name]
		if !ended || over > turns[at].Score {
			over = turns[at].Score
		}
		t.Before = time.UnixMilli(over).UTC()
	}
	if at+1 < len(turns) {
		t.Until = time.UnixMilli(turns[at+1].Score).UTC()
	}
	return t, nil
}
