package reactors

import (
	"context"
	"strings"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// echoes says one line in the room for a change that others see, and tells it
// plainly what was given up. An echo that cannot be said is not told of: the
// timeline has the change.
type echoes struct{ o Outside }

func (echoes) Name() string { return "echoes" }

func (echoes) Leads(string) []incident.Event { return nil }

func (echoes) Plan(r incident.Recorded) []store.Job {
	lane, verb := store.EchoLane, "line"
	switch e := r.Event.(type) {
	case incident.Declared, incident.RoomOpened, incident.RoomArchived, incident.AnnouncementPosted,
		incident.PageRequested, incident.PageAccepted, incident.PageEscalated, incident.PageFailed, incident.PageResolved,
		incident.HandoverOffered, incident.Followed, incident.Unfollowed, incident.ReminderSet, incident.ReminderDone,
		incident.NudgeSnoozed, incident.MessageCaptured, incident.CaptureFollowed, incident.EffectRetried,
		incident.ZoneSet, incident.Erased, incident.Unknown, incident.AlertsAttached, incident.AlertsChanged:
		return nil // the card, a receipt or a message of its own tells of it
	case incident.EffectParked:
		if ownJob(e.Job, "echoes") {
			return nil
		}
		lane, verb = store.ReplyLane, "parked"
	default:
	}
	if _, ok := r.Stream.Incident(); !ok {
		return nil
	}
	return []store.Job{worker.Once(r, "echoes", verb, "", lane)}
}

// ownJob says that a job's key is one of a reactor.
func ownJob(key, reactor string) bool { return strings.Contains(key, "/"+reactor+"/") }

func (x echoes) Do(ctx context.Context, t worker.Task) worker.Result {
	if t.Job.Verb == "line" || t.Job.Verb == "parked" {
		targets := make([]string, 0, 1)
		for _, r := range live(t.State) {
			targets = append(targets, spot{r.Platform, r.ID}.String())
		}
		if len(targets) == 0 {
			return worker.NotNeeded("There is no room; the card and the timeline have it.")
		}
		return each(t, "say-"+t.Job.Verb, targets)
	}
	room, ok := roomAt(t.State, spotOf(t.Job.Target))
	if !ok || x.o.Chat.On(room.Platform) == nil {
		return worker.NotNeeded("That room is gone.")
	}
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "")
	}
	words, ok := x.words(t, r, x.o.voice(ctx, room.Platform, t.Now))
	if !ok {
		return worker.NotNeeded("There is nothing to say about it in the room.")
	}
	return x.o.once(ctx, t, x.o.inRoom(room, words, ""))
}

func (x echoes) words(t worker.Task, r incident.Recorded, v say.Voice) (chat.Message, bool) {
	if e, ok := r.Event.(incident.EffectParked); ok {
		return say.Parked(t.State, incident.Parked(e), v), true
	}
	return say.Line(t.State, r, v)
}
