package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
	"tocsin/store/storetest"
)

// fussy is a driver that can be told to behave badly.
type fussy struct {
	store.Driver
	reads  atomic.Int64
	writes atomic.Int64
	// apply, when set, stands in for the next writes.
	apply atomic.Pointer[func(ctx context.Context, b store.Batch) error]
	away  atomic.Bool // reads are refused at once
	down  atomic.Bool // nothing gets through, and it says so only when time is up
}

func (f *fussy) Apply(ctx context.Context, b store.Batch) error {
	f.writes.Add(1)
	if f.down.Load() {
		<-ctx.Done()
		return fault.Wrap(fault.Unknown, ctx.Err(), "no answer")
	}
	if fn := f.apply.Load(); fn != nil {
		return (*fn)(ctx, b)
	}
	return f.Driver.Apply(ctx, b)
}

func (f *fussy) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	if f.away.Load() {
		return nil, fault.New(fault.Unavailable, "away")
	}
	return f.Driver.Range(ctx, q)
}

func (f *fussy) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	f.reads.Add(1)
	if f.away.Load() {
		return nil, fault.New(fault.Unavailable, "away")
	}
	if f.down.Load() {
		<-ctx.Done()
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "no answer")
	}
	return f.Driver.Get(ctx, keys...)
}

// office is a store with one desk or several at it.
type office struct {
	t     *testing.T
	fussy *fussy
	store *store.Store

	late  chan chat.Reply
	work  sync.WaitGroup
	ctx   context.Context
	close context.CancelFunc
}

func newOffice(t *testing.T) *office {
	t.Helper()
	f := &fussy{Driver: storetest.NewMemory(time.Now)}
	o := &office{t: t, fussy: f, store: store.New(f, store.Options{Now: time.Now}), late: make(chan chat.Reply, 16)}
	o.ctx, o.close = context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(func() {
		o.close()
		o.work.Wait()
	})
	return o
}

func (o *office) desk(sole bool) *bot.Desk { return o.deskWith(sole, o.store) }

func (o *office) deskWith(sole bool, l store.Ledger) *bot.Desk {
	return bot.NewDesk(bot.DeskOptions{
		Log: o.store, Ledger: l, People: o.store, Policy: incident.DefaultPolicy, Now: time.Now, Salt: []byte("salt"), Sole: sole,
		Voice: func(context.Context, commands.Input) say.Voice {
			return say.Voice{Command: "/incident", Face: func(id incident.PersonID) say.Face { return say.Face{Name: "<" + string(id) + ">"} }}
		},
		Later: func(work func(context.Context)) { o.work.Go(func() { work(o.ctx) }) },
		Late:  func(_ context.Context, _ commands.Input, r chat.Reply) { o.late <- r },
	})
}

// from is a request of somebody.
func from(who, key, text string) commands.Input {
	return commands.Input{
		Request: chat.Request{
			Key: key, User: chat.User{Platform: "console", Workspace: "console", ID: who}, Text: text,
			Place: chat.Place{Platform: "console", Room: "general"}, At: time.Now(),
		},
		Person: incident.Person{ID: incident.PersonID(who), Name: who},
		Actor:  incident.Actor{Person: incident.PersonID(who), Account: "console:console:" + who, At: time.Now(), Zone: time.UTC, Reader: true},
	}
}

func words(text string) chat.Reply {
	return chat.Reply{Message: chat.Message{Parts: []chat.Part{chat.Text{chat.Plain(text)}}}}
}

// declaring is the decision of a plain declare.
func declaring(in commands.Input, d incident.Declaration) commands.Decision {
	return commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) {
			return incident.Declare(in.Actor, inc.Number, d, incident.DefaultPolicy())
		},
		Reply: func(after incident.Incident, _ []incident.Recorded) chat.Reply {
			return words(fmt.Sprintf("%s: %s", after.Number, after.Title.Words))
		},
	}
}

func noting(in commands.Input, text string) commands.Decision {
	return commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) { return inc.Note(in.Actor, text, time.Time{}) },
		Reply: func(after incident.Incident, done []incident.Recorded) chat.Reply {
			return words(fmt.Sprintf("noted as %d", done[0].Version))
		},
	}
}

func resolving(in commands.Input) commands.Decision {
	return commands.Decision{
		Decide: func(inc incident.Incident) ([]incident.Event, error) { return inc.Resolve(in.Actor, "fixed") },
		Reply:  func(after incident.Incident, _ []incident.Recorded) chat.Reply { return words("resolved") },
	}
}

// declare declares as ann, and gives the incident's id.
func (o *office) declare(d *bot.Desk, key string, title string) incident.ID {
	o.t.Helper()
	in := from("ann", key, "declare "+title)
	if _, err := d.Declare(o.t.Context(), in, declaring(in, incident.Declaration{Title: title})); err != nil {
		o.t.Fatalf("declare %s: %v", title, err)
	}
	return incident.IDFor(key)
}

// told is a reply's words and kind, and whether it was a repeat.
func told(t *testing.T, r chat.Reply, err error) string {
	t.Helper()
	if err != nil {
		return "error " + fault.KindOf(err).String() + ": " + fault.Sentence(err)
	}
	s := chat.Plaintext(r.Message, chat.Paper{})
	if r.Kind != "" {
		s = r.Kind + ": " + s
	}
	if r.Repeat {
		s = "again: " + s
	}
	return s
}

func bytesOf(t *testing.T, r chat.Reply) string {
	t.Helper()
	r.Repeat = false
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// events reads a whole stream.
func (o *office) events(id incident.ID) []incident.Recorded {
	o.t.Helper()
	recs, err := o.store.Load(o.t.Context(), id.Stream(), 0, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	for i, r := range recs {
		if r.Version != incident.Version(i+1) {
			o.t.Fatalf("version %d stands at place %d", r.Version, i+1)
		}
	}
	return recs
}
