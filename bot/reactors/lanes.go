package reactors

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/worker"
	"tocsin/store"
)

// laned lets a platform see how urgent the job is for which it is called.
type laned struct{ worker.Reactor }

func inLanes(rs ...worker.Reactor) []worker.Reactor {
	out := make([]worker.Reactor, len(rs))
	for i, r := range rs {
		out[i] = laned{r}
	}
	return out
}

func (l laned) Do(ctx context.Context, t worker.Task) worker.Result {
	return l.Reactor.Do(chat.WithLane(ctx, laneOf(t.Job.Lane)), t)
}

func laneOf(l store.Lane) chat.Lane {
	switch l {
	case store.PageLane:
		return chat.PageLane
	case store.StateLane:
		return chat.StateLane
	case store.ReplyLane:
		return chat.ReplyLane
	case store.CardLane:
		return chat.CardLane
	case store.EchoLane:
		return chat.EchoLane
	}
	return chat.EchoLane
}
