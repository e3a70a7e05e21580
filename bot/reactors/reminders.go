package reactors

import (
	"context"
	"strconv"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// reminders gives what somebody asked to be reminded of, once. A late one is
// given all the same and says how late it is.
type reminders struct{ o Outside }

func (reminders) Name() string { return "reminders" }

func (reminders) Leads(string) []incident.Event { return []incident.Event{incident.ReminderDone{}} }

func (reminders) Plan(r incident.Recorded) []store.Job {
	e, ok := r.Event.(incident.ReminderSet)
	if !ok {
		return nil
	}
	return []store.Job{worker.Timer(r, "reminders", "give", strconv.Itoa(e.Reminder), e.At)}
}

func (x reminders) Do(ctx context.Context, t worker.Task) worker.Result {
	const what = "give a reminder"
	rec, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, what)
	}
	e, ok := rec.Event.(incident.ReminderSet)
	if !ok {
		return failed(fault.New(fault.Internal, "There is no reminder where one should be."), t, what)
	}
	if t.State.Private && !t.State.VisibleTo(e.Person) {
		return worker.NotNeeded("They may not know of the incident any more.")
	}
	late := worker.Late(e.At, t.Now)
	r := x.give(ctx, t, e, what, func(platform string) chat.Message {
		return say.Reminder(t.State, e, late, x.o.voice(ctx, platform, t.Now))
	})
	if r.Ending == store.Done {
		r.Record = func(inc incident.Incident) ([]incident.Event, error) { return inc.ReminderGiven(e.Reminder, late) }
	}
	return r
}

// give reminds in the room, where others can step in; else the person alone.
func (x reminders) give(ctx context.Context, t worker.Task, e incident.ReminderSet, what string, words func(string) chat.Message) worker.Result {
	if room, ok := x.o.Chat.mainRoom(t.State); ok {
		return x.o.once(ctx, t, x.o.inRoom(room, words(room.Platform), what))
	}
	return x.o.tell(ctx, t, e.Person, what, words)
}
