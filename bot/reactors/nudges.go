package reactors

import (
	"context"
	"strconv"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// nudges keeps the one message in the room that says what is missing and who
// can mend it. It is one job for the life of the incident, kept in step with
// it and with the time: each look at the newest state says when to look next.
// A late look shows what is missing then; what was missed is not made up for.
type nudges struct{ o Outside }

// standing is what the job remembers between two looks.
type standing struct {
	Message incident.MessageRef `json:"message,omitzero"` // zero: none stands
	Kind    say.NudgeKind       `json:"kind,omitempty"`
	Stage   int                 `json:"stage,omitempty"`
	Posted  int                 `json:"posted,omitempty"` // messages so far
	Given   bool                `json:"given,omitempty"`  // the severity was asked for
	Alone   bool                `json:"alone,omitempty"`  // the declarer was asked
	Base    time.Time           `json:"base,omitzero"`    // re-opened, or raised from where there are none
	Quiet   bool                `json:"quiet,omitempty"`
}

func (nudges) Name() string { return "nudges" }

func (nudges) Leads(string) []incident.Event { return nil }

func (nudges) Plan(r incident.Recorded) []store.Job {
	switch e := r.Event.(type) {
	case incident.Declared:
		if e.Drill || e.RecordOnly {
			return nil
		}
	case incident.RoomOpened, incident.Adopted, incident.SeveritySet, incident.RoleTaken, incident.RoleReleased,
		incident.HandoverAccepted, incident.UpdatePosted, incident.MessageCaptured, incident.NudgeSnoozed,
		incident.Resolution, incident.Cancellation, incident.MergedInto, incident.Closure, incident.Reopened:
	default:
		return nil
	}
	return []store.Job{worker.Kept(r, "nudges", "room", store.ReplyLane, time.Second)}
}

func (x nudges) Do(ctx context.Context, t worker.Task) worker.Result {
	if t.Job.Verb == "alone" {
		return x.alone(ctx, t)
	}
	was, _ := decode[standing](t.Job.Ref)
	room, ok := x.o.Chat.mainRoom(t.State)
	if !ok {
		return worker.NotNeeded("There is no room.")
	}
	now := was
	if now.Quiet = quiet(t.State); was.Quiet && !now.Quiet {
		now.Base = t.Now
	}
	base := later(later(t.State.DeclaredAt, t.State.Active), now.Base)
	asked := was.Given && was.Kind != say.NudgeSeverity
	out := lookOut(t.State, x.o.Policy(), base, t.Now, asked)
	if err := x.show(ctx, t, room, &now, out.stands); err != nil {
		return failed(err, t, "show what is missing")
	}
	r := worker.Drawn(t.State.Head, nil)
	if out.alone && !now.Alone {
		now.Alone = true
		j := worker.Sub(t.Job, "alone", "alone", t.Now)
		j.Kept, j.Gap = false, 0
		r.Owe = []store.Job{j}
	}
	r.Ref, r.Again = encode(now), out.next
	return r
}

// show makes the room's nudge what should stand: posted, edited, or edited
// into what says that it is done with.
func (x nudges) show(ctx context.Context, t worker.Task, room incident.Room, now *standing, want call) error {
	if want.kind == now.Kind && want.stage == now.Stage {
		return nil
	}
	v := x.o.voice(ctx, room.Platform, t.Now)
	stands := now.Message.ID != ""
	switch {
	case want.kind == "" && stands:
		if err := x.edit(ctx, t, now.Message, say.NudgeDone(now.Kind, t.State, v)); err != nil {
			return err
		}
		now.Message = incident.MessageRef{}
	case want.kind == "":
	case stands:
		if err := x.edit(ctx, t, now.Message, say.Nudge(want.kind, t.State, v)); err != nil {
			return err
		}
	default:
		ref, err := x.post(ctx, t, room, now.Posted+1, say.Nudge(want.kind, t.State, v))
		if err != nil {
			return err
		}
		now.Message, now.Posted = ref, now.Posted+1
	}
	now.Kind, now.Stage = want.kind, want.stage
	now.Given = now.Given || want.kind == say.NudgeSeverity
	return nil
}

// edit changes the nudge; one that somebody took away is let go.
func (x nudges) edit(ctx context.Context, t worker.Task, m incident.MessageRef, words chat.Message) error {
	on := x.o.Chat.On(m.Platform)
	if on == nil {
		return nil
	}
	err := t.Call(ctx, func(ctx context.Context) error { return on.Edit(ctx, chatRef(m), words) })
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

func (x nudges) post(ctx context.Context, t worker.Task, room incident.Room, n int, words chat.Message) (incident.MessageRef, error) {
	m := x.o.inRoom(room, words, "show what is missing")
	m.post.Key = t.Job.Key + "/" + strconv.Itoa(n)
	ref, err := x.o.send(ctx, t, m)
	if err != nil {
		return incident.MessageRef{}, err
	}
	if t.Job.Unsure { // it may be what an earlier try posted, with other words
		err = x.edit(ctx, t, refOf(ref), words)
	}
	return refOf(ref), err
}

// alone asks the declarer, once, when still nobody commands.
func (x nudges) alone(ctx context.Context, t worker.Task) worker.Result {
	if quiet(t.State) || !leaderless(t.State) {
		return worker.NotNeeded("Somebody commands.")
	}
	return x.o.tell(ctx, t, t.State.Declarer, "ask the declarer for a commander", func(platform string) chat.Message {
		return say.NudgeAlone(t.State, x.o.voice(ctx, platform, t.Now))
	})
}
