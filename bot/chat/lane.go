package chat

import "context"

// Lane orders calls of a platform that must wait for their turn: the first
// goes before the others.
type Lane int

// The lanes, in order. A call without one is made for a person who waits, and
// goes as one of ReplyLane.
const (
	UrgentLane Lane = iota + 1 // before everything else of its kind
	PageLane
	StateLane
	ReplyLane
	CardLane
	EchoLane
)

type laneKey struct{}

// WithLane puts calls into a lane. They are done for jobs, which can come
// again: instead of waiting long they are refused, with the time to come.
func WithLane(ctx context.Context, l Lane) context.Context {
	return context.WithValue(ctx, laneKey{}, l)
}

// LaneOf is the lane of a call; ok is false when it has none.
func LaneOf(ctx context.Context) (l Lane, ok bool) {
	l, ok = ctx.Value(laneKey{}).(Lane)
	return l, ok
}
