package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/integrations"
	"tocsin/store"
)

// alerts is where monitors and deploys are heard, and where groups of alerts
// are looked up and changed.
//
// How a group's state is kept: each group of a source has a stream of its own,
// "alerts/<hash of source and group>", of a few small events: what was said
// that is new, what policy decided, which incident has it, who muted it. Its
// state is the fold of these ([incident.AlertGroup]), and lies beside them as
// the one mark "group", written in the same commit and followed by the events
// after it when it is read. Of each alert the fold keeps the newest of each
// thing that was said, so a delivery that is heard twice, late or out of order
// gives no events; the head of the stream is checked by each commit, so two
// replicas that hear the same give one. What follows from the events (rooms,
// cards, what the incident is told) is owed on the ledger as everything is,
// and is done under keys made from the event. All groups that one call is
// about are committed together: a storm costs one commit a call.
type alerts struct {
	desk   *Desk
	log    store.Log
	index  store.Index
	shelf  store.Shelf
	policy func() incident.Policy
	now    func() time.Time

	mu      sync.Mutex
	kept    map[incident.Stream]groupAt // as last read or committed; the commit checks the head
	placing sync.Mutex                  // one group finds its incident at a time
}

// groupAt is a group at a head of its stream.
type groupAt struct {
	incident.AlertGroup
	token string
}

const (
	maxGroups   = 1024 // kept in memory
	groupsAtOne = 50   // in one commit
	groupMark   = "group"
	groupCode   = 1 // of the code that folds groups; raise it when the fold changes
)

var _ AlertDesk = (*alerts)(nil)

func newAlerts(d *Desk, s *store.Store) *alerts {
	return &alerts{desk: d, log: s, index: s, shelf: s, policy: d.o.Policy, now: d.o.Now, kept: map[incident.Stream]groupAt{}}
}

// Hear takes alerts of a source; it returns when all are on record.
func (a *alerts) Hear(ctx context.Context, source string, _ time.Time, heard []integrations.Alert) error {
	by := map[incident.Stream][]incident.Alert{}
	var streams []incident.Stream
	for _, one := range heard {
		s := incident.AlertStream(source, one.Group)
		if _, met := by[s]; !met {
			streams = append(streams, s)
		}
		by[s] = append(by[s], alertOf(one))
	}
	muted, err := a.mutedRules(ctx)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(streams, groupsAtOne) {
		say := func(g incident.AlertGroup) []incident.Event {
			return g.Hear(source, by[g.Stream()], a.policy(), func(rule string) bool { _, is := muted[rule]; return is })
		}
		if err := a.append(ctx, source, some, say); err != nil {
			return err
		}
	}
	return nil
}

// alertOf is an alert in the language of the house.
func alertOf(a integrations.Alert) incident.Alert {
	state := incident.AlertFiring
	if a.State == integrations.Recovered {
		state = incident.AlertRecovered
	}
	return incident.Alert{
		Group: a.Group, Key: a.Key, Since: a.Since, State: state, Title: a.Title, Summary: a.Summary, Severity: a.Severity,
		Service: a.Service, Labels: a.Labels, Link: a.Link, Runbook: a.Runbook, Board: a.Board, At: a.At, Cut: a.Cut,
	}
}

// append has groups say what is new, in one commit; nothing new needs none.
func (a *alerts) append(ctx context.Context, source string, streams []incident.Stream, say func(incident.AlertGroup) []incident.Event) error {
	leave, err := a.desk.turns.enter(ctx, streams...)
	if err != nil {
		return notRecorded(err)
	}
	defer leave()
	for {
		err := a.appendOnce(ctx, source, streams, say)
		if _, moved := errors.AsType[*store.Moved](err); !moved {
			return err
		}
		a.forget(streams...)
		if ctx.Err() != nil {
			return notRecorded(err)
		}
	}
}

func (a *alerts) appendOnce(ctx context.Context, source string, streams []incident.Stream, say func(incident.AlertGroup) []incident.Event) error {
	c := store.Commit{Asker: incident.House, At: a.now()}
	key := []string{}
	var after []groupAt
	for _, s := range streams {
		g, err := a.read(ctx, s)
		if err != nil {
			return err
		}
		events := say(g.AlertGroup)
		if len(events) == 0 {
			continue
		}
		key = append(key, string(s), g.token)
		meta := incident.Meta{Recorded: c.At, Actor: incident.House, Account: source + " alert", Policy: a.policy().Hash}
		w, now := groupWrite(place{stream: s, Opened: store.Opened{Head: g.Version, Token: g.token}}, g.AlertGroup, events, meta)
		c.Writes, after = append(c.Writes, w), append(after, groupAt{AlertGroup: now})
	}
	if len(c.Writes) == 0 {
		return nil
	}
	c.Key = keyOf("alerts", key...) // the same heads are written on once
	for _, w := range c.Writes {
		for i := range w.Events {
			w.Events[i].Key = c.Key
		}
	}
	done, err := a.log.Commit(ctx, c)
	if err != nil {
		a.forget(streams...)
		return err
	}
	if done.Outcome.Repeat {
		return &store.Moved{Stream: streams[0]} // by a first try that was not confirmed: look what it wrote
	}
	var events []incident.Recorded
	for i, w := range c.Writes {
		after[i].token = done.Tokens[i]
		a.keep(w.Stream, after[i])
		events = append(events, w.Events...)
	}
	if a.desk.o.Committed != nil {
		a.desk.o.Committed(events)
	}
	return nil
}

// groupWrite writes events of a group with the state after them.
func groupWrite(at place, g incident.AlertGroup, events []incident.Event, meta incident.Meta) (store.Write, incident.AlertGroup) {
	w := writeOf(at, events, meta)
	w.Before, w.After = incident.Incident{}, incident.Incident{}
	for _, r := range w.Events {
		g = g.Apply(r)
	}
	raw, err := json.Marshal(g)
	if err == nil { // without it the group is folded from its events
		w.Marks = append(w.Marks, incident.Mark{Key: groupMark, Value: strconv.Itoa(groupCode) + " " + string(raw)})
	}
	return w, g
}

// read is a group as it was last seen here, else as it stands.
func (a *alerts) read(ctx context.Context, s incident.Stream) (groupAt, error) {
	a.mu.Lock()
	g, ok := a.kept[s]
	a.mu.Unlock()
	if ok {
		return g, nil
	}
	return a.look(ctx, s)
}

// look reads a group as it stands.
func (a *alerts) look(ctx context.Context, s incident.Stream) (groupAt, error) {
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	o, err := a.log.Open(within, "", s)
	if err != nil {
		return groupAt{}, notRecorded(err)
	}
	g, err := a.at(within, s, o.Head)
	if err != nil {
		return groupAt{}, err
	}
	out := groupAt{AlertGroup: g, token: o.Token}
	a.keep(s, out)
	return out, nil
}

// at is a group at a head: its kept state, and the events after that.
func (a *alerts) at(ctx context.Context, s incident.Stream, head incident.Version) (incident.AlertGroup, error) {
	id, _ := s.Alerts()
	g := incident.AlertGroup{ID: id}
	if head == 0 {
		return g, nil
	}
	mark, found, err := a.log.Mark(ctx, s, groupMark)
	if err != nil {
		return g, notRecorded(err)
	}
	code, raw, _ := strings.Cut(mark.Value, " ")
	if found && code == strconv.Itoa(groupCode) {
		var kept incident.AlertGroup
		if json.Unmarshal([]byte(raw), &kept) == nil && kept.ID == id {
			g = kept
		}
	}
	if g.Version > head {
		return g, &store.Moved{Stream: s}
	}
	if g.Version == head {
		return g, nil
	}
	recs, err := a.log.Load(ctx, s, g.Version, int(head-g.Version))
	if err != nil {
		return g, notRecorded(err)
	}
	for _, r := range recs {
		g = g.Apply(r)
	}
	if g.Version != head {
		return g, fault.New(fault.Internal, "The stream %s ends before its head.", s)
	}
	return g, nil
}

func (a *alerts) keep(s incident.Stream, g groupAt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.kept) >= maxGroups {
		clear(a.kept)
	}
	a.kept[s] = g
}

func (a *alerts) forget(streams ...incident.Stream) {
	a.desk.kept.forget(streams...)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range streams {
		delete(a.kept, s)
	}
}

// mutes are the rules that people muted, by name.
type mutes map[string]time.Time

const mutesKey = "alerts/muted"

func (a *alerts) mutedRules(ctx context.Context) (mutes, error) {
	raw, err := a.shelf.Fetch(ctx, mutesKey)
	if err != nil {
		return nil, notRecorded(err)
	}
	m := mutes{}
	if raw == nil {
		return m, nil
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "What rules are muted cannot be read.")
	}
	return m, nil
}

// muteRule mutes a rule for all its alerts, or lifts that.
func (a *alerts) muteRule(ctx context.Context, rule string, on bool) error {
	return onShelf(ctx, a.shelf, mutesKey, func(m *mutes) bool {
		if *m == nil {
			*m = mutes{}
		}
		_, is := (*m)[rule]
		if on {
			(*m)[rule] = a.now().UTC()
		} else {
			delete(*m, rule)
		}
		return is != on
	})
}

// onShelf changes a value of the shelf; change says whether it did, and may run again.
func onShelf[T any](ctx context.Context, shelf store.Shelf, key string, change func(*T) bool) error {
	for {
		old, err := shelf.Fetch(ctx, key)
		if err != nil {
			return notRecorded(err)
		}
		var v T
		if old != nil && json.Unmarshal(old, &v) != nil {
			var none T
			v = none
		}
		if !change(&v) {
			return nil
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "A fact could not be written down.")
		}
		err = shelf.Keep(ctx, key, old, raw)
		if _, raced := asChanged(err); raced && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return commitFault(err)
		}
		return nil
	}
}
