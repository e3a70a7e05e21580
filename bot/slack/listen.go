package slack

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"tocsin/bot/chat"
)

// endLimit is how long what is being worked on may go on after the end.
const endLimit = 2 * time.Second

// intake is everything that comes in.
type intake struct {
	o     Options
	out   *caller
	slack *Slack

	house  atomic.Pointer[chat.House]
	crew   crew
	rooms  *queues
	seen   *recent // what is done with
	doubts *recent // words to the bot that may be in the inbox, though it did not say so
	owed   *owed
	homes  *homes
	ear    ear
	doubt  atomic.Int64 // until when a doubt about the way here was told, in Unix seconds

	mounting sync.Mutex
	mounted  *http.ServeMux
}

func newIntake(s *Slack) *intake {
	if s.o.Jitter == nil {
		s.o.Jitter = func() float64 { return 0.5 }
	}
	return &intake{
		o: s.o, out: s.out, slack: s, rooms: newQueues(), seen: newRecent(recentSize), doubts: newRecent(recentSize / 8),
		owed: newOwed(), homes: newHomes(),
	}
}

// Listen serves people until ctx ends: through sockets when there is an app
// token, at [Hook] when there is a signing secret. It ends early only when
// Slack refuses the sockets for good.
func (s *Slack) Listen(ctx context.Context, mux *http.ServeMux, h chat.House) error {
	in := s.in
	in.house.Store(&h)
	life, end := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	defer func() {
		end()
		tasks.Wait()
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
		defer cancel()
		_ = in.crew.settled(within) // what runs longer is in the inbox, or was answered "working on it"
	}()
	born := in.o.Now()
	tasks.Go(func() { in.meet(life) })
	tasks.Go(func() { in.owed.run(life, in.missed) })
	tasks.Go(func() { in.homes.run(life, in.publish) })
	in.crew.more() // not a task: a reply of it may take longer than the end does
	go func() {
		defer in.crew.leave()
		in.unfinished(life, born)
	}()
	if s.o.Config.SigningSecret != "" {
		in.mount(mux)
	}
	if h.Listening != nil {
		h.Listening()
	}
	if s.o.Config.AppToken == "" {
		in.owed.owe("", time.Time{}) // what was said while nobody listened
		<-ctx.Done()
		return nil
	}
	return newSockets(in).run(life)
}

// mount opens the door at which Slack calls, once a server.
func (in *intake) mount(mux *http.ServeMux) {
	in.mounting.Lock()
	defer in.mounting.Unlock()
	if in.mounted == mux {
		return
	}
	in.mounted = mux
	mux.Handle(Hook, newHook(in))
}

// meet learns which bot tocsin is here. Until then payloads are trusted to be
// of our workspace: they are signed, or come through our socket.
func (in *intake) meet(ctx context.Context) {
	said := false
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		within, cancel := context.WithTimeout(ctx, chat.CallLimit)
		_, err := in.out.me(within)
		cancel()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			return
		}
		if why, _, down := in.slack.Down(); down && !said {
			said = true
			in.count(countRevoked)
			in.o.Log.ErrorContext(ctx, "Slack does not take the bot token, so nothing can be posted", "why", why)
		} else if !said {
			in.o.Log.WarnContext(ctx, "Slack does not say yet who tocsin is there; it is asked again", "error", err)
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// missed tells the house of a gap: of every room of ours, also of the private
// ones that the bot is in.
func (in *intake) missed(ctx context.Context, m chat.Missed) error {
	tell := in.house.Load().Missed
	if tell == nil {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, chat.CallLimit)
	defer cancel()
	if err := tell(within, m); err != nil {
		return err
	}
	if m.Room != "" {
		return nil
	}
	rooms, err := in.out.privateRooms(ctx)
	if err != nil && hopeless(err) {
		return nil // without the scope there is no private room to read
	}
	if err != nil {
		in.o.Log.WarnContext(ctx, "which private channels the bot is in could not be asked; they are not read back for now", "error", err)
		return err
	}
	for _, room := range rooms {
		in.owed.owe(room, m.Since)
	}
	return nil
}
