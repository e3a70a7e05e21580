package chat

import (
	"context"
	"time"
)

// Patience is how long people look at nothing before they are told that their
// request still runs.
const Patience = 2500 * time.Millisecond

// Patiently runs a handler and gives its reply; when that takes longer than
// [Patience] it gives [StillWorking], and the outcome goes to late. The
// handler runs on when ctx ends, because what it began must come to an outcome.
func Patiently(ctx context.Context, h Handler, r Request, late func(context.Context, Reply)) Reply {
	outcome := make(chan Reply) // unbuffered: exactly one side takes the outcome
	given := make(chan struct{})
	on := context.WithoutCancel(ctx)
	go func() {
		reply := h(on, r)
		select {
		case outcome <- reply:
		case <-given:
			late(on, reply)
		}
	}()
	timer := time.NewTimer(Patience)
	defer timer.Stop()
	select {
	case reply := <-outcome:
		return reply
	case <-timer.C:
	case <-ctx.Done():
	}
	close(given)
	return StillWorking()
}

// StillWorking is the reply to a request whose outcome is not known yet. It
// states none.
func StillWorking() Reply {
	return Reply{Message: Message{
		Parts:   []Part{Text{Plain("Working on it, not recorded yet. The outcome follows here; there is no need to send it again.")}},
		Summary: "Working on it, not recorded yet.",
	}}
}
