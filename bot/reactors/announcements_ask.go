package reactors

import (
	"context"

	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/store"
)

// question owes the question where to announce, in the room of the first
// incident on a platform for which nobody has said. Its key is the platform's,
// so that it is asked once.
func (x announcements) question(t worker.Task) []store.Job {
	on := home(t.State)
	if t.State.Drill || !x.o.Chat.asks(on) {
		return nil
	}
	j := worker.Sub(t.Job, "ask", on, t.Now)
	j.Key, j.Lane = "announcements/ask/"+on, store.EchoLane
	return []store.Job{j}
}

func (x announcements) ask(ctx context.Context, t worker.Task) worker.Result {
	if !x.o.Chat.asks(t.Job.Target) || t.State.Private {
		return worker.NotNeeded("Somebody has said where.")
	}
	room, ok := x.o.Chat.mainRoom(t.State)
	switch {
	case ok:
		return x.o.once(ctx, t, x.o.inRoom(room, say.WhereToAnnounce(x.o.voice(ctx, room.Platform, t.Now)), ""))
	case t.Waited():
		return worker.NotNeeded("There is no room to ask in.")
	}
	return worker.Waits(t.State.Head, "The room is not open yet.")
}
