package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"tocsin/incident/fault"
)

const (
	socketCount  = 2                // while one is renewed, the other hears
	lingerFor    = 10 * time.Second // an old socket is read on for, once its successor hears
	stableAfter  = time.Minute      // a socket that lasted so long is no failure
	lastsDefault = 2 * time.Hour    // where Slack does not say how long it keeps one
	endWait      = time.Second      // for acknowledgements at the end
)

// Slack's reasons to end a socket, from its documents.
const (
	reasonWarning  = "warning"
	reasonRefresh  = "refresh_requested"
	reasonCrowded  = "too_many_websockets"
	reasonDisabled = "link_disabled"
)

// sockets keeps two sockets open, out of phase.
type sockets struct {
	in    *intake
	lines sync.WaitGroup // being read
}

func newSockets(in *intake) *sockets { return &sockets{in: in} }

// run keeps the sockets until ctx ends, or Slack refuses them for good.
func (s *sockets) run(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer s.lines.Wait()
	defer end()
	refused := make(chan error, socketCount)
	var slots sync.WaitGroup
	for n := range socketCount {
		slots.Go(func() { refused <- s.keep(ctx, n) })
	}
	var err error
	for range socketCount {
		if e := <-refused; e != nil && err == nil {
			err = e
			end()
		}
	}
	slots.Wait()
	return err
}

// keep keeps one socket open: its successor is connected before it is left.
func (s *sockets) keep(ctx context.Context, slot int) error {
	var p backoff
	for first := true; ; first = false {
		if !pause(ctx, p.wait(s.in.o.Jitter)) {
			return nil
		}
		l, err := s.in.connect(ctx)
		if ctx.Err() != nil {
			if l != nil {
				l.leave()
			}
			return nil
		}
		if err != nil {
			if err := s.failed(ctx, &p, err); err != nil {
				return err
			}
			continue
		}
		s.read(ctx, l)
		reason, err := s.watch(ctx, l, &p, s.life(l, first && slot > 0))
		if err != nil || ctx.Err() != nil {
			s.end(ctx, l)
			return err
		}
		s.lines.Go(func() { s.linger(ctx, l, reason) })
	}
}

// failed notes an attempt that came to nothing. An error is for good.
func (s *sockets) failed(ctx context.Context, p *backoff, err error) error {
	if f, is := errors.AsType[*farewell](err); is {
		return s.told(ctx, p, f.reason)
	}
	if fault.KindOf(err) == fault.Rejected {
		return err
	}
	p.failed()
	if f, is := errors.AsType[*fault.Error](err); is {
		p.atLeast(f.After)
	}
	s.in.o.Log.WarnContext(ctx, "a socket to Slack could not be opened; it is tried again", "error", err, "failures", p.failures)
	return nil
}

// read begins to take what comes on a socket, and keeps count of gaps.
func (s *sockets) read(ctx context.Context, l *socket) {
	s.in.count(countConnected)
	s.in.o.Log.InfoContext(ctx, "a socket to Slack is open", "lasts", l.lasts)
	if since, gap := s.in.ear.opened(); gap {
		s.in.owed.owe("", since)
	}
	s.lines.Go(func() {
		l.read(context.WithoutCancel(ctx))
		heard := time.Unix(0, l.heard.Load()).UTC()
		if !l.left.Load() {
			s.in.count(countBroken)
		}
		s.in.ear.closed(heard, l.left.Load())
	})
}

// life is how long a socket is kept. The second slot's first is short, so that
// the two are never renewed at the same time.
func (s *sockets) life(l *socket, short bool) time.Duration {
	lasts := l.lasts
	if lasts <= 0 {
		lasts = lastsDefault
	}
	share := 0.85 + 0.1*s.in.o.Jitter()
	if short {
		share /= 2
	}
	return time.Duration(float64(lasts) * share)
}

// watch returns when a socket is to be replaced, and why; "": it is over, or
// old. An error is for good.
func (s *sockets) watch(ctx context.Context, l *socket, p *backoff, life time.Duration) (string, error) {
	stable, old := time.NewTimer(stableAfter), time.NewTimer(life)
	defer stable.Stop()
	defer old.Stop()
	lasted := false
	for {
		select {
		case <-ctx.Done():
			return "", nil
		case <-stable.C:
			lasted = true
			p.reset()
		case <-old.C:
			p.reset()
			return reasonRefresh, nil
		case reason := <-l.notice:
			if lasted && reason != reasonCrowded {
				s.noticed(ctx, reason)
				return reason, disabled(reason)
			}
			return reason, s.told(ctx, p, reason)
		case <-l.over:
			select {
			case reason := <-l.notice:
				return reason, s.told(ctx, p, reason)
			default:
			}
			if !lasted {
				p.failed()
			}
			return "", nil
		}
	}
}

// told notes why Slack ended a socket before its time. An error is for good.
func (s *sockets) told(ctx context.Context, p *backoff, reason string) error {
	s.noticed(ctx, reason)
	if reason == reasonCrowded {
		p.crowded()
	} else {
		p.failed()
	}
	return disabled(reason)
}

func disabled(reason string) error {
	if reason != reasonDisabled {
		return nil
	}
	return fault.New(fault.Rejected, "Socket Mode is switched off for the Slack app, so nothing from Slack arrives. Switch it on under Socket Mode in the app's settings, or set TOCSIN_SLACK_SIGNING_SECRET and let Slack call %s.", Hook)
}

// noticed counts and logs why Slack wants a socket left.
func (s *sockets) noticed(ctx context.Context, reason string) {
	in := s.in
	switch reason {
	case reasonWarning:
		in.count(countWarning)
	case reasonRefresh:
		in.count(countRefresh)
	case reasonCrowded:
		in.count(countCrowded)
		in.o.Log.WarnContext(ctx, "Slack holds too many sockets of this app (10 are allowed, each tocsin keeps 2); tried again later")
		return
	case reasonDisabled:
		in.count(countDisabled)
		in.o.Log.ErrorContext(ctx, "Socket Mode is switched off for the Slack app")
		return
	default:
		in.count(countOtherReason)
	}
	in.o.Log.InfoContext(ctx, "Slack asked to leave a socket", "reason", reason)
}

// linger reads an old socket on for what is on its way, then leaves it.
func (s *sockets) linger(ctx context.Context, l *socket, reason string) {
	if reason == reasonWarning || reason == reasonRefresh {
		timer := time.NewTimer(lingerFor)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-l.over:
		case <-ctx.Done():
		}
	}
	l.leave()
}

// end leaves a socket at the end, once what is being worked on is answered.
func (s *sockets) end(ctx context.Context, l *socket) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWait)
	defer cancel()
	_ = s.in.crew.settled(within) // what runs longer is repeated to the next life
	l.leave()
}
