package slack

import (
	"context"
	"time"
)

// Settled waits until nothing that came in is being worked on.
func (s *Slack) Settled(ctx context.Context) error { return s.in.crew.settled(ctx) }

// Met waits until the adapter knows which bot it is.
func (s *Slack) Met(ctx context.Context) bool {
	for s.out.ids.known().User == "" {
		if !pause(ctx, time.Millisecond) {
			return false
		}
	}
	return true
}

// ReadFrame reads a message of a socket, for fuzzing.
func ReadFrame(raw []byte) (envelope string, ok bool) {
	f, ok := readFrame(raw)
	return string(f.Envelope), ok
}

// Intake is an adapter's decoder, for fuzzing: whatever comes, it is read
// without a panic, and says whether it could be.
func (s *Slack) Intake(kind string, raw []byte) bool {
	e := envelope{Raw: raw, Received: time.Unix(1764122400, 0)}
	switch kind {
	case "form":
		e.Kind, e.Form = command, true
	case "slash":
		e.Kind = command
	case "event":
		e.Kind = event
	case "interaction":
		e.Kind = interaction
	}
	_, ok := s.in.read(e)
	return ok
}

// Waits are how long a slot waits before each of n attempts that fail.
func Waits(n int, crowded bool, jitter float64) []time.Duration {
	var p backoff
	var out []time.Duration
	for range n {
		if crowded {
			p.crowded()
		} else {
			p.failed()
		}
		out = append(out, p.wait(func() float64 { return jitter }))
	}
	return out
}

// Listening says whether the adapter serves a house.
func (s *Slack) Listening() bool {
	s.in.mounting.Lock()
	defer s.in.mounting.Unlock()
	return s.in.house.Load() != nil && (s.o.Config.SigningSecret == "" || s.in.mounted != nil)
}
