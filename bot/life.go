package bot

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/console"
	"tocsin/bot/web"
	"tocsin/commands"
	"tocsin/incident/redact"
	"tocsin/integrations/all"
)

// Times of a house's life.
const (
	stopWithin   = 5 * time.Second // running requests get this long to end
	beatEvery    = 5 * time.Second
	stuckAfter   = time.Minute // without a beat the process is stuck
	sweepEvery   = time.Hour
	policyEvery  = 5 * time.Second
	onCallEvery  = time.Minute
	headerWithin = 10 * time.Second
)

// Doors are the addresses a house serves on. Own is the console's when it
// stands apart; nil otherwise.
type Doors struct {
	Public, Own net.Listener
}

// Run serves people on the doors until ctx ends, then stops: no new requests,
// running ones get 5 s, leases are given back. ready is called once a command
// can be taken; again makes it read the policy file anew.
func (h *House) Run(ctx context.Context, doors Doors, token redact.Secret, again <-chan os.Signal, ready func()) error {
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopServing()
	listening, stopListening := context.WithCancel(serving)
	defer stopListening()
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	public, own := h.mount(web.Handler(h.webOptions(token)))
	servers, failed := h.serve(serving, doors, public, own)
	var platforms, rest sync.WaitGroup
	heard := h.listen(listening, public, &platforms)
	rest.Go(func() { h.worker.Run(working) })
	rest.Go(func() { h.keepHouse(working, again) })
	h.meetConsole(ctx)
	heard()
	h.ready.Store(true)
	ready()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	h.ready.Store(false)
	h.finish(ctx, servers, stopListening, &platforms)
	stopServing()
	stopWorking()
	rest.Wait()
	h.end()
	h.tasks.Wait()
	return err
}

// serve answers HTTP on the doors.
func (h *House) serve(ctx context.Context, doors Doors, public, own http.Handler) ([]*http.Server, <-chan error) {
	failed := make(chan error, 2)
	var servers []*http.Server
	start := func(l net.Listener, handler http.Handler) {
		s := &http.Server{
			Handler: handler, ReadHeaderTimeout: headerWithin, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
			BaseContext: func(net.Listener) context.Context { return ctx },
		}
		servers = append(servers, s)
		go func() {
			if err := s.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		}()
	}
	if doors.Public != nil {
		start(doors.Public, public)
	}
	if doors.Own != nil {
		start(doors.Own, own)
	}
	return servers, failed
}

// listen has every platform serve people. heard waits until those that are
// called over HTTP can be, or a second is over.
func (h *House) listen(ctx context.Context, mux *http.ServeMux, platforms *sync.WaitGroup) (heard func()) {
	var doors sync.WaitGroup
	house := chat.House{
		Command: h.p.Config.Command, Verbs: commands.Verbs(), Handle: h.Handle, Sink: h.sink,
		Complete: h.router.Complete, Home: h.router.Home, Opens: h.router.Opens, Captures: h.captures,
		Inbox: inbox{store: h.p.Store, now: h.clock.Now}, Missed: h.sink.Missed,
	}
	for _, c := range h.clients {
		house := house
		if c.Name() != console.Platform {
			house = (&greeting{h: h, c: c}).wrapped(house)
			doors.Add(1)
			house.Listening = sync.OnceFunc(doors.Done)
		}
		platforms.Go(func() {
			for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, time.Minute) {
				err := c.Listen(ctx, mux, house)
				if ctx.Err() != nil {
					return
				}
				h.p.Log.WarnContext(ctx, "a platform stopped listening", "platform", c.Name(), "error", err)
				h.down.Add(1)
				pause(ctx, wait)
				h.down.Add(-1)
			}
		})
	}
	open := make(chan struct{})
	go func() {
		doors.Wait()
		close(open)
	}()
	return func() {
		late := time.NewTimer(time.Second)
		defer late.Stop()
		select {
		case <-open:
		case <-late.C:
		case <-ctx.Done():
		}
	}
}

// finish ends the serving: no new requests, running ones get their time. The
// platforms end their streams once nobody waits for a reply in them.
func (h *House) finish(ctx context.Context, servers []*http.Server, stopListening func(), platforms *sync.WaitGroup) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	h.reviews.close()
	var closing sync.WaitGroup
	for _, s := range servers {
		closing.Go(func() {
			if err := s.Shutdown(within); err != nil {
				_ = s.Close() // what does not end in time is cut off
			}
		})
	}
	for _, c := range h.clients {
		_ = c.Wait(within)
	}
	stopListening()
	closing.Wait()
	platforms.Wait()
}

// keepHouse does what must be done from time to time.
func (h *House) keepHouse(ctx context.Context, again <-chan os.Signal) {
	var chores sync.WaitGroup
	chores.Go(func() { h.clock.keep(ctx, h.p.Store.Driver().Now) })
	chores.Go(func() { h.awake.keep(ctx) })
	chores.Go(func() { h.hooks.keep(ctx) })
	chores.Go(func() { h.p.Policy.Watch(ctx, policyEvery, again, h.policyNews(ctx)) })
	for _, s := range h.services {
		if r, is := s.(all.Runner); is {
			chores.Go(func() { h.runService(ctx, r) })
		}
	}
	chores.Go(func() {
		for {
			h.beat.Store(h.clock.Now().Unix())
			if !pause(ctx, beatEvery) {
				return
			}
		}
	})
	chores.Go(func() {
		for h.effects.FreshenOnCall(ctx, h.clock.Now()); pause(ctx, onCallEvery); {
			h.effects.FreshenOnCall(ctx, h.clock.Now())
		}
	})
	chores.Go(func() {
		for pause(ctx, sweepEvery) {
			if _, err := h.p.Store.Sweep(ctx, h.clock.Now()); err != nil && ctx.Err() == nil {
				h.p.Log.WarnContext(ctx, "what is past its time could not be swept out", "error", err)
			}
		}
	})
	chores.Wait()
}

// runService keeps an outside service's own work going.
func (h *House) runService(ctx context.Context, r all.Runner) {
	for wait := time.Second; ctx.Err() == nil; wait = min(2*wait, time.Minute) {
		err := r.Run(ctx)
		if ctx.Err() != nil {
			return
		}
		h.p.Log.ErrorContext(ctx, "an outside service stopped", "service", r.Name(), "error", err)
		pause(ctx, wait)
	}
}

func (h *House) policyNews(ctx context.Context) func(changed bool, err error) {
	return func(changed bool, err error) {
		switch {
		case err != nil:
			h.p.Log.ErrorContext(ctx, "the policy file is wrong; the policy that stood before stands", "error", err)
		case changed:
			h.p.Log.InfoContext(ctx, "a new policy stands", "policy", h.p.Policy.Policy().Hash)
		}
	}
}

// meetConsole makes persons of everybody whom the console can speak as, so
// that they can be named before they ever spoke.
func (h *House) meetConsole(ctx context.Context) {
	for _, u := range h.console.Cast() {
		if _, err := h.people.Meet(ctx, u); err != nil {
			h.p.Log.WarnContext(ctx, "the console's people could not be introduced", "error", err)
			return
		}
	}
}
