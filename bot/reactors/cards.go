package reactors

import (
	"context"
	"time"

	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// cards keeps the incident's card in each of its rooms in step, and pins it
// when it is first posted.
type cards struct{ o Outside }

const cardGap = time.Second // least time between two draws of one card

func (cards) Name() string { return "cards" }

func (cards) Leads(string) []incident.Event { return nil }

func (cards) Plan(r incident.Recorded) []store.Job {
	switch e := r.Event.(type) {
	case incident.Declared, incident.AnnouncementPosted, incident.RoomArchived,
		incident.NoteAdded, incident.LinkAdded, incident.DecisionMade, incident.CaptureFollowed,
		incident.EntryEdited, incident.Undone, // a struck or restored entry may be a task, and those stand there
		incident.Followed, incident.Unfollowed, incident.ReminderSet, incident.ReminderDone, incident.NudgeSnoozed,
		incident.MemberAdded, incident.MemberRemoved, incident.ZoneSet, incident.Unknown,
		incident.AlertsAttached, incident.AlertsChanged:
		return nil // not on the card
	case incident.EffectParked:
		if ownJob(e.Job, "cards") {
			return nil // a card that cannot be drawn cannot tell of it
		}
	default:
	}
	if _, ok := r.Stream.Incident(); !ok {
		return nil
	}
	return []store.Job{worker.Kept(r, "cards", "card", store.CardLane, 0)}
}

func (x cards) Do(ctx context.Context, t worker.Task) worker.Result {
	switch t.Job.Verb {
	case "card":
		return x.spread(t)
	case "pin":
		return x.pin(ctx, t)
	}
	room, ok := roomAt(t.State, spotOf(t.Job.Target))
	if !ok || x.o.Chat.On(room.Platform) == nil {
		return worker.NotNeeded("That room is gone.")
	}
	card := say.Card(t.State, x.o.voice(ctx, room.Platform, t.Now))
	fresh := len(t.Job.Ref) == 0
	r := x.o.keep(ctx, t, x.o.inRoom(room, card, "post the card"))
	if next := t.State.NextUpdate; r.Ending == store.Done && t.State.Status.Open() && next.After(t.Now) {
		r.Again = next.Add(time.Second) // from then on it says OVERDUE
	}
	if ref := r.Ref; r.Ending == store.Done && fresh && x.o.Chat.On(room.Platform).Roles().Pins != nil {
		pin := worker.Sub(t.Job, "pin", "pin", t.Now)
		pin.Kept, pin.Gap, pin.Body = false, 0, ref
		r.Owe = append(r.Owe, pin)
	}
	return r
}

func (x cards) spread(t worker.Task) worker.Result {
	var targets []string
	for _, r := range live(t.State) {
		targets = append(targets, spot{r.Platform, r.ID}.String())
	}
	r := each(t, "draw", targets)
	for i := range r.Owe {
		r.Owe[i].Gap = cardGap
	}
	return r
}

func (x cards) pin(ctx context.Context, t worker.Task) worker.Result {
	ref, ok := decode[incident.MessageRef](t.Job.Body)
	on := x.o.Chat.On(ref.Platform)
	if !ok || on == nil {
		return worker.NotNeeded("There is no card to pin.")
	}
	pins := on.Roles().Pins
	if pins == nil {
		return worker.NotNeeded("The platform pins nothing, or lets the bot not.")
	}
	err := t.Call(ctx, func(ctx context.Context) error { return pins.Pin(ctx, chatRef(ref)) })
	if err != nil {
		return failed(err, t, "pin the card")
	}
	return worker.Done(nil)
}
