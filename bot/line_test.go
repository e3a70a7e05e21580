package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"tocsin/bot"
	"tocsin/bot/chat"
	"tocsin/commands"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// queue has a first command held up at the store until so many others wait
// behind it, and gives what each was told, by its key.
func (o *office) queue(d *bot.Desk, id incident.ID, ins []commands.Input, decide func(in commands.Input) commands.Decision) map[string]string {
	o.t.Helper()
	gate := make(chan struct{})
	hold := func(ctx context.Context, b store.Batch) error {
		o.fussy.apply.Store(nil)
		<-gate
		return o.fussy.Driver.Apply(ctx, b)
	}
	o.fussy.apply.Store(&hold)
	var mu sync.Mutex
	told := map[string]string{}
	var all sync.WaitGroup
	for i, in := range append([]commands.Input{from("ann", "held", "note held up")}, ins...) {
		all.Go(func() {
			dec := noting(in, "held up")
			if i > 0 {
				dec = decide(in)
			}
			said := "it broke"
			defer func() {
				_ = recover()
				mu.Lock()
				defer mu.Unlock()
				told[fmt.Sprintf("%d %s", i, in.Request.Key)] = said
			}()
			r, err := d.Change(context.WithoutCancel(o.t.Context()), in, id, dec)
			said = toldOf(r, err)
		})
		synctest.Wait() // it stands in the line, behind the ones before
	}
	close(gate)
	all.Wait()
	return told
}

func toldOf(r chat.Reply, err error) string {
	if err != nil {
		return "error " + fault.KindOf(err).String()
	}
	var b strings.Builder
	if r.Kind != "" {
		b.WriteString(r.Kind + ": ")
	}
	for _, p := range r.Message.Parts {
		if t, is := p.(chat.Text); is {
			for _, s := range t {
				if plain, is := s.(chat.Plain); is {
					b.WriteString(string(plain))
				}
			}
		}
	}
	return b.String()
}

func notesOf(n int) []commands.Input {
	var ins []commands.Input
	for i := range n {
		ins = append(ins, from("bo", fmt.Sprintf("k%d", i+1), fmt.Sprintf("note %d", i+1)))
	}
	return ins
}

func notes(in commands.Input) commands.Decision { return noting(in, in.Request.Text) }

func TestCommandsThatWaitShareACommit(t *testing.T) {
	t.Parallel()
	for _, sole := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			d := o.desk(sole)
			id := o.declare(d, "k0", "checkout is failing")
			before := o.fussy.writes.Load()
			told := o.queue(d, id, notesOf(20), notes)
			for i := 1; i <= 20; i++ {
				if got, want := told[fmt.Sprintf("%d k%d", i, i)], fmt.Sprintf("noted as %d", i+2); got != want {
					t.Errorf("note %d is told %q, want %q", i, got, want)
				}
			}
			if n := o.fussy.writes.Load() - before; n != 2 {
				t.Errorf("it took %d commits, want 2: the one held up, and one for all who waited", n)
			}
			for i, r := range o.events(id)[2:] {
				if want := fmt.Sprintf("k%d", i+1); r.Key != want {
					t.Errorf("event %d has the key %s, want %s", r.Version, r.Key, want)
				}
			}
			for i, in := range notesOf(20) {
				again, err := d.Change(t.Context(), in, id, notes(in))
				if got := toldOf(again, err); !again.Repeat || got != fmt.Sprintf("noted as %d", i+3) {
					t.Errorf("the repeat of %s is told %q (repeat %v)", in.Request.Key, got, again.Repeat)
				}
			}
		})
	}
}

func TestWhatCannotShareIsDecidedAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		d := o.desk(true)
		id := o.declare(d, "k0", "checkout is failing")
		ins := []commands.Input{
			from("bo", "a", "note a"), from("bo", "a", "note a"), // sent twice
			from("cy", "refused", "resolve"), from("dee", "broken", "note broken"), from("bo", "b", "note b"),
		}
		told := o.queue(d, id, ins, func(in commands.Input) commands.Decision {
			switch in.Request.Key {
			case "refused":
				return commands.Decision{Decide: func(incident.Incident) ([]incident.Event, error) {
					return nil, fault.New(fault.Conflict, "no")
				}}
			case "broken":
				return commands.Decision{Decide: func(incident.Incident) ([]incident.Event, error) { panic("a bug") }}
			}
			return notes(in)
		})
		want := map[string]string{"0 held": "noted as 2", "1 a": "noted as 3", "2 a": "noted as 3", "4 broken": "it broke", "5 b": "noted as 4"}
		for who, words := range want {
			if told[who] != words {
				t.Errorf("%s is told %q, want %q", who, told[who], words)
			}
		}
		if !strings.HasPrefix(told["3 refused"], "conflict") {
			t.Errorf("who is refused is told %q", told["3 refused"])
		}
		if n := len(o.events(id)); n != 4 {
			t.Errorf("there are %d events, want 4", n)
		}
	})
}

// TestALostReplyOfASharedCommit loses the store's answer to a commit of many:
// everybody learns how it went, and nothing is there twice.
func TestALostReplyOfASharedCommit(t *testing.T) {
	t.Parallel()
	for name, happened := range map[string]bool{"it had happened": true, "it had not": false} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t)
			d := o.desk(false)
			id := o.declare(d, "k0", "checkout is failing")
			ins := notesOf(10)
			lost := false
			told := o.queue(d, id, ins, func(in commands.Input) commands.Decision {
				dec := notes(in)
				decide := dec.Decide
				dec.Decide = func(inc incident.Incident) ([]incident.Event, error) {
					if !lost && in.Request.Key == "k10" { // the last of those that ride
						lost = true
						once := func(ctx context.Context, b store.Batch) error {
							o.fussy.apply.Store(nil)
							if happened {
								if err := o.fussy.Driver.Apply(ctx, b); err != nil {
									return err
								}
							}
							return fault.New(fault.Unknown, "reply lost")
						}
						o.fussy.apply.Store(&once)
					}
					return decide(inc)
				}
				return dec
			})
			var numbers []string
			for i := range ins {
				numbers = append(numbers, told[fmt.Sprintf("%d k%d", i+1, i+1)])
			}
			slices.Sort(numbers)
			if n := len(slices.Compact(slices.Clone(numbers))); n != 10 || !strings.HasPrefix(numbers[0], "noted as") {
				t.Errorf("%s: they are told %q", name, numbers)
			}
			if n := len(o.events(id)); n != 12 {
				t.Errorf("%s: there are %d events, want 12", name, n)
			}
		})
	}
}

func TestWhoGivesUpInTheLineIsToldTheTruth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		d := o.desk(true)
		id := o.declare(d, "k0", "checkout is failing")
		gate := make(chan struct{})
		hold := func(ctx context.Context, b store.Batch) error {
			o.fussy.apply.Store(nil)
			<-gate
			return o.fussy.Driver.Apply(ctx, b)
		}
		o.fussy.apply.Store(&hold)
		var all sync.WaitGroup
		all.Go(func() {
			in := from("ann", "held", "note held up")
			_, _ = d.Change(t.Context(), in, id, noting(in, "held up"))
		})
		synctest.Wait()
		gone, leave := context.WithCancel(t.Context())
		var said string
		all.Go(func() {
			in := from("bo", "k1", "note x")
			r, err := d.Change(gone, in, id, noting(in, "x"))
			said = toldOf(r, err)
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		if said != "error unavailable" {
			t.Errorf("who gave up is told %q", said)
		}
		close(gate)
		all.Wait()
		if n := len(o.events(id)); n != 2 {
			t.Errorf("there are %d events, want 2", n)
		}
	})
}
