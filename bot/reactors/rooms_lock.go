package reactors

import (
	"context"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
)

// locks brings who sees the rooms in step with who may know of the incident.
func (x rooms) locks(t worker.Task) worker.Result {
	var targets []string
	for _, r := range live(t.State) {
		targets = append(targets, spot{r.Platform, r.ID}.String())
	}
	switch {
	case len(targets) > 0:
		return each(t, "lock", targets)
	case t.Waited() || t.State.RecordOnly || !t.State.Status.Open():
		return worker.NotNeeded("There is no room.")
	}
	return worker.Waits(t.State.Head, "The room is not open yet.")
}

// lock does so for one room. A room that is not the incident's own, or that
// the platform cannot close, stays as it is, and is told so.
func (x rooms) lock(ctx context.Context, t worker.Task) worker.Result {
	const what = "change who sees the room"
	room, ok := roomAt(t.State, spotOf(t.Job.Target))
	on := x.o.Chat.On(room.Platform)
	if !ok || on == nil {
		return worker.NotNeeded("The room is not there any more.")
	}
	doors := on.Roles().Locks
	if doors == nil || room.Adopted || room.Thread != "" {
		if !t.State.Private {
			return worker.NotNeeded("Everybody sees the room.")
		}
		words := say.StaysOpen(t.State, x.o.voice(ctx, room.Platform, t.Now))
		return x.o.once(ctx, t, x.o.inRoom(room, words, "tell the room that others see it"))
	}
	err := t.Call(ctx, func(ctx context.Context) error { return doors.Lock(ctx, room.ID, t.State.Private) })
	if err == nil && t.State.Private {
		err = x.clear(ctx, t, room)
	}
	if err != nil {
		return failed(err, t, what)
	}
	return worker.Done(nil)
}

// clear takes out of a room who may not know of its incident.
func (x rooms) clear(ctx context.Context, t worker.Task, room incident.Room) error {
	doors := x.o.Chat.On(room.Platform).Roles().Rooms
	if doors == nil {
		return nil
	}
	var users []chat.User
	err := t.Look(ctx, func(ctx context.Context) (err error) {
		users, err = doors.Members(ctx, room.ID)
		return err
	})
	if err != nil {
		return earlyError{err}
	}
	for _, u := range users {
		p, _, err := x.o.People.ByAccount(ctx, incident.Account{Platform: u.Platform, Workspace: u.Workspace, ID: u.ID})
		if err != nil {
			return earlyError{err}
		}
		if u.Kind == chat.Machine || t.State.VisibleTo(p.ID) {
			continue
		}
		if err := t.Call(ctx, func(ctx context.Context) error { return doors.Remove(ctx, room.ID, u.ID) }); err != nil {
			return err
		}
	}
	return nil
}
