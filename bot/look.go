package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// Look reads for people. It is the one place where what a person may not know
// of is narrowed away, before any verb sees it.
type Look struct {
	index store.Index
	desk  *Desk
	given sync.Map // incident.Number -> incident.ID: a number is given once
}

var _ commands.Look = (*Look)(nil)

// mayKnow says whether an asker may know of an incident: not of a private one
// that they are no member of, and guests and outsiders only of the one in
// whose room they speak, unless policy takes guests for full members.
func mayKnow(in commands.Input, s incident.Summary) bool {
	if !s.VisibleTo(in.Person.ID) {
		return false
	}
	switch in.Actor.Standing {
	case incident.Member, incident.Machine:
		return true
	case incident.Guest:
		if in.Actor.Guests {
			return true
		}
	case incident.Outsider:
	}
	return in.Actor.Reader && slices.ContainsFunc(s.Rooms, func(r incident.Room) bool {
		return r.Platform == in.Request.Place.Platform && r.ID == in.Request.Place.Room
	})
}

// Here is the incident whose room this is.
func (l *Look) Here(ctx context.Context, in commands.Input) (s incident.Summary, found bool, err error) {
	p := in.Request.Place
	if p.Room == "" {
		return incident.Summary{}, false, nil
	}
	if in.Guess != nil {
		if o, kept := l.desk.kept.inRoom(p.Platform, p.Room, p.Thread); kept {
			in.Guess.Room, in.Guess.Incident = true, !l.desk.o.Sole
			return narrow(in, o.State.Summary(), true, nil)
		}
	}
	s, found, err = incidentOf(ctx, l.index, p.Platform, p.Room, p.Thread)
	if err == nil && found {
		l.learn(s, p)
	}
	return narrow(in, s, found, err)
}

// learn has the desk remember whose room this is.
func (l *Look) learn(s incident.Summary, p chat.Place) {
	for _, r := range s.Rooms {
		if r.Platform == p.Platform && r.ID == p.Room && r.Thread == p.Thread {
			l.desk.kept.learn(s.ID.Stream(), r)
		}
	}
}

// incidentOf is the incident of a room: a thread that is one itself comes first.
func incidentOf(ctx context.Context, index store.Index, platform, room, thread string) (s incident.Summary, found bool, err error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	if thread != "" {
		if s, found, err = index.ByRoom(within, platform, room, thread); err != nil || found {
			return s, found, err
		}
	}
	return index.ByRoom(within, platform, room, "")
}

func narrow(in commands.Input, s incident.Summary, found bool, err error) (incident.Summary, bool, error) {
	if err != nil || !found || !mayKnow(in, s) {
		return incident.Summary{}, false, readFault(err)
	}
	return s, true, nil
}

// readFault is the answer when a look-up failed; looking changes nothing.
func readFault(err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Unknown && f.Kind != fault.Unavailable {
		return err
	}
	return fault.Wrap(fault.Unavailable, err, "I cannot read the incidents at this moment. Nothing was recorded: try again.")
}

// ByNumber finds an incident by its number.
func (l *Look) ByNumber(ctx context.Context, in commands.Input, n incident.Number) (s incident.Summary, found bool, err error) {
	if s, found := l.inHand(in, n); found {
		return narrow(in, s, true, nil)
	}
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	s, found, err = l.index.ByNumber(within, n)
	if err == nil && found {
		l.given.Store(n, s.ID)
	}
	return narrow(in, s, found, err)
}

// inHand is an incident whose state the desk keeps: where nobody else writes
// to the store that is surely the newest, and elsewhere it is a guess.
func (l *Look) inHand(in commands.Input, n incident.Number) (incident.Summary, bool) {
	sole := l.desk.o.Sole
	if !sole && in.Guess == nil {
		return incident.Summary{}, false
	}
	id, known := l.given.Load(n)
	if !known {
		return incident.Summary{}, false
	}
	o, kept := l.desk.kept.get(id.(incident.ID).Stream())
	if kept && !sole {
		in.Guess.Incident = true
	}
	return o.State.Summary(), kept
}

// Incident reads the newest state.
func (l *Look) Incident(ctx context.Context, in commands.Input, id incident.ID) (incident.Incident, error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	inc, err := l.desk.State(within, id.Stream())
	if err != nil {
		return incident.Incident{}, readFault(err)
	}
	if !inc.VisibleTo(in.Person.ID) || !mayKnow(in, inc.Summary()) {
		return incident.Incident{}, incident.NoSuch(inc.Number)
	}
	return inc, nil
}

// List lists incidents, newest first.
func (l *Look) List(ctx context.Context, in commands.Input, f store.Filter) ([]incident.Summary, error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	f.As = in.Person.ID
	all, err := l.index.List(within, f)
	return narrowAll(in, all, err)
}

// Search finds incidents whose words hold every word asked for.
func (l *Look) Search(ctx context.Context, in commands.Input, words string, limit int) ([]incident.Summary, error) {
	within, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	all, err := l.index.Search(within, words, store.Filter{As: in.Person.ID, Limit: limit})
	return narrowAll(in, all, err)
}

func narrowAll(in commands.Input, all []incident.Summary, err error) ([]incident.Summary, error) {
	if err != nil {
		return nil, readFault(err)
	}
	return slices.DeleteFunc(all, func(s incident.Summary) bool { return !mayKnow(in, s) }), nil
}

// Details reads what lies beside an incident's state.
type Details struct {
	log     store.Log
	history store.History
	ledger  store.Ledger
}

var _ commands.Details = (*Details)(nil)

// Events reads the stream after a version; limit 0: all.
func (d *Details) Events(ctx context.Context, id incident.ID, after incident.Version, limit int) ([]incident.Recorded, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	recs, err := d.log.Load(ctx, id.Stream(), after, limit)
	return recs, readFault(err)
}

// Item reads one task or action item.
func (d *Details) Item(ctx context.Context, id incident.ID, n incident.ItemID) (it incident.Item, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	added, found, err := d.pointed(ctx, id, fmt.Sprintf("item/%06d", n))
	if err != nil || !found {
		return incident.Item{}, false, readFault(err)
	}
	done, isDone, err := d.pointed(ctx, id, fmt.Sprintf("done/%06d", n))
	if err != nil {
		return incident.Item{}, false, readFault(err)
	}
	if !isDone {
		return incident.ItemOf(added, n, nil), true, nil
	}
	return incident.ItemOf(added, n, &done), true, nil
}

// pointed reads the event that a mark points to.
func (d *Details) pointed(ctx context.Context, id incident.ID, key string) (incident.Recorded, bool, error) {
	m, found, err := d.log.Mark(ctx, id.Stream(), key)
	if err != nil || !found {
		return incident.Recorded{}, false, err
	}
	v, _ := strconv.ParseUint(m.Value, 10, 64) // a mark without a version points nowhere
	if v == 0 {
		return incident.Recorded{}, false, nil
	}
	recs, err := d.log.Load(ctx, id.Stream(), incident.Version(v-1), 1)
	if err != nil || len(recs) == 0 {
		return incident.Recorded{}, false, err
	}
	return recs[0], true, nil
}

// Items reads all tasks and action items, in the order of their numbers.
func (d *Details) Items(ctx context.Context, id incident.ID) ([]incident.Item, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	added, err := d.versions(ctx, id, "item/")
	if err != nil {
		return nil, readFault(err)
	}
	done, err := d.versions(ctx, id, "done/")
	if err != nil {
		return nil, readFault(err)
	}
	var wanted []incident.Version
	for _, v := range added {
		wanted = append(wanted, v)
	}
	for _, v := range done {
		wanted = append(wanted, v)
	}
	events, err := d.at(ctx, id, wanted)
	if err != nil {
		return nil, readFault(err)
	}
	var items []incident.Item
	for n, v := range added {
		var over *incident.Recorded
		if r, ok := events[done[n]]; ok {
			over = &r
		}
		if r, ok := events[v]; ok {
			items = append(items, incident.ItemOf(r, n, over))
		}
	}
	slices.SortFunc(items, func(a, b incident.Item) int { return int(a.ID - b.ID) })
	return items, nil
}

// versions reads marks of numbered things: number -> version.
func (d *Details) versions(ctx context.Context, id incident.ID, prefix string) (map[incident.ItemID]incident.Version, error) {
	marks, err := d.log.Marks(ctx, id.Stream(), prefix)
	if err != nil {
		return nil, err
	}
	out := make(map[incident.ItemID]incident.Version, len(marks))
	for _, m := range marks {
		n, err1 := strconv.Atoi(m.Key[len(prefix):])
		v, err2 := strconv.ParseUint(m.Value, 10, 64)
		if err1 == nil && err2 == nil {
			out[incident.ItemID(n)] = incident.Version(v)
		}
	}
	return out, nil
}

// at reads the events of some versions, in windows, so that many that lie
// close together cost one read.
func (d *Details) at(ctx context.Context, id incident.ID, versions []incident.Version) (map[incident.Version]incident.Recorded, error) {
	const window = 128
	slices.Sort(versions)
	out := make(map[incident.Version]incident.Recorded, len(versions))
	for _, v := range slices.Compact(versions) {
		if _, ok := out[v]; ok || v == 0 {
			continue
		}
		recs, err := d.log.Load(ctx, id.Stream(), v-1, window)
		if err != nil {
			return nil, err
		}
		for _, r := range recs {
			out[r.Version] = r
		}
	}
	return out, nil
}

// Mark reads one mark.
func (d *Details) Mark(ctx context.Context, id incident.ID, key string) (m incident.Mark, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	m, found, err = d.log.Mark(ctx, id.Stream(), key)
	return m, found, readFault(err)
}

// Said reads a message of the room by the platform's id of it.
func (d *Details) Said(ctx context.Context, id incident.ID, room, message string) (m incident.Spoken, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	m, found, err = d.history.Message(ctx, id.Stream(), room, message)
	return m, found, readFault(err)
}

// Owed lists effects that are owed, parked or lately settled for an incident.
func (d *Details) Owed(ctx context.Context, id incident.ID) ([]store.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	jobs, err := d.ledger.Jobs(ctx, store.JobFilter{Stream: id.Stream(), Limit: 200})
	return jobs, readFault(err)
}
