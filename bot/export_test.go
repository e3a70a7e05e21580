package bot

import (
	"context"
	"io"
	"log/slog"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/redact"
	"tocsin/integrations"
	"tocsin/store"
)

// Turns shows the queue before incidents to the tests.
type Turns struct{ t *turns }

// NewTurns makes one.
func NewTurns() Turns { return Turns{newTurns()} }

// Enter waits for its turn.
func (t Turns) Enter(ctx context.Context, streams ...incident.Stream) (func(), error) {
	return t.t.enter(ctx, streams...)
}

// Open is how many turns are held or waited for.
func (t Turns) Open() int {
	t.t.mu.Lock()
	defer t.t.mu.Unlock()
	return len(t.t.open)
}

// Kept shows the states kept in memory to the tests.
type Kept struct{ k *kept }

// NewKept makes one.
func NewKept(limit int) Kept { return Kept{newKept(limit)} }

// Put keeps a state.
func (k Kept) Put(s incident.Stream, o store.Opened) { k.k.put(s, o) }

// Get reads one.
func (k Kept) Get(s incident.Stream) (store.Opened, bool) { return k.k.get(s) }

// Forget drops some.
func (k Kept) Forget(streams ...incident.Stream) { k.k.forget(streams...) }

// ForgetAll drops all.
func (k Kept) ForgetAll() { k.k.forgetAll() }

// NewDoor makes a door.
func NewDoor(p *People, policy func() incident.Policy, admins []string) *Door {
	return &Door{people: p, policy: policy, admins: admins, command: "/incident", now: p.now}
}

// NewLook makes what looks incidents up.
func NewLook(index store.Index, d *Desk) *Look { return &Look{index: index, desk: d} }

// NewDetails makes what reads beside the state.
func NewDetails(s *store.Store) *Details { return &Details{log: s, history: s, ledger: s} }

// NewSink makes what platforms report to.
func NewSink(s *store.Store, p *People, door *Door, d *Desk, handle chat.Handler) *Sink {
	return &Sink{index: s, history: s, people: p, door: door, desk: d, log: s, handle: handle, ledger: s, now: door.now, owed: func() {}, awake: &awake{shelf: s, now: door.now}, captures: Config{Capture: Words{"pushpin"}}.captures}
}

// Clock shows the corrected clock to the tests.
type Clock struct{ *clock }

// NewClock makes one.
func NewClock(machine func() time.Time) Clock { return Clock{newClock(machine)} }

// Correct compares with the store once.
func (c Clock) Correct(ctx context.Context, theirs func(context.Context) (time.Time, error)) {
	c.correct(ctx, theirs)
}

// NewLog makes the log of the house.
func NewLog(w io.Writer, c Config) *slog.Logger { return newLog(w, c) }

// SinkOf is where a house hears what people say and do.
func SinkOf(h *House) chat.Sink { return h.sink }

// Scene is one step of the demo, as the tests see it.
type Scene struct {
	Who, Text string
	After     time.Duration
}

// Tour is the demo's script.
func Tour() []Scene {
	var out []Scene
	for _, s := range tour() {
		out = append(out, Scene{Who: s.who, Text: s.text, After: s.after})
	}
	return out
}

// NewInbox is the store's inbox as platforms see it.
func NewInbox(s *store.Store, now func() time.Time) chat.Inbox { return inbox{store: s, now: now} }

// Announcer keeps where a platform's incidents are announced.
type Announcer struct{ *announcer }

// NewAnnouncer makes one; setting and room are what is fixed for "slack".
func NewAnnouncer(s store.Shelf, now func() time.Time, setting, room string) Announcer {
	return Announcer{newAnnouncer(s, now, map[string]fixedRoom{"slack": {setting, room}})}
}

// RoomNow is where a platform's incidents are announced.
func (a Announcer) RoomNow(ctx context.Context, platform string) string { return a.room(ctx, platform) }

// KeepAwake notes that the house listens, until ctx ends.
func KeepAwake(ctx context.Context, s store.Shelf, now func() time.Time) {
	(&awake{shelf: s, now: now}).keep(ctx)
}

// MissedBy tells a sink of a gap.
func MissedBy(ctx context.Context, s *Sink, m chat.Missed) error { return s.Missed(ctx, m) }

// Captures says whether a reaction puts its message on the timeline.
func Captures(c Config, emoji string) bool { return c.captures(emoji) }

// Hooks is the door for outside services, as the tests see it.
type Hooks struct{ *hooks }

// HooksOf are what a door is made of.
type HooksOf struct {
	Inbox  store.Inbox
	Now    func() time.Time
	Log    io.Writer
	Count  func(source, what string)
	Pages  integrations.PageNews
	Alerts AlertDesk
	Sole   bool
	List   []integrations.Hook
}

// NewHooks makes one.
func NewHooks(o HooksOf) Hooks {
	k := &hooks{
		sources: map[string]*caller{}, inbox: o.Inbox, now: o.Now, log: slog.New(slog.NewTextHandler(o.Log, nil)), count: o.Count,
		took: func(string, time.Duration) {}, clean: redact.Scrub, pages: func(string) integrations.PageNews { return o.Pages },
		alerts: func() AlertDesk { return o.Alerts }, places: make(chan struct{}, hookPlaces), sole: o.Sole,
	}
	for _, one := range o.List {
		k.sources[one.Name()] = newCaller(one)
	}
	return Hooks{k}
}

// Keep works off what was left, until ctx ends.
func (k Hooks) Keep(ctx context.Context) { k.keep(ctx) }

// Fill leaves no place at the door.
func (k Hooks) Fill() {
	for range hookPlaces {
		k.places <- struct{}{}
	}
}
