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

// followers tells those who follow an incident, each alone, of updates and of
// what makes a headline. Whoever caused it is not told.
type followers struct{ o Outside }

func (followers) Name() string { return "followers" }

func (followers) Leads(string) []incident.Event { return nil }

func (followers) Plan(r incident.Recorded) []store.Job {
	_, news := say.HeadlineOf(r)
	if _, update := r.Event.(incident.UpdatePosted); !update && !news {
		return nil
	}
	return []store.Job{worker.Once(r, "followers", "all", "", store.ReplyLane)}
}

func (x followers) Do(ctx context.Context, t worker.Task) worker.Result {
	if t.Job.Verb == "all" {
		return x.all(ctx, t)
	}
	who := incident.PersonID(t.Job.Target)
	_, follows, err := x.o.Log.Mark(ctx, t.Job.Stream, incident.FollowerMark(who))
	if err != nil {
		return failed(earlyError{err}, t, "tell a follower")
	}
	if !follows || (t.State.Private && !t.State.VisibleTo(who)) {
		return worker.NotNeeded("They follow it no more.")
	}
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "tell a follower")
	}
	return x.o.tell(ctx, t, who, "tell a follower", func(platform string) chat.Message {
		v := x.o.voice(ctx, platform, t.Now)
		if h, ok := say.HeadlineOf(r); ok {
			return say.FollowerNews(h, t.State, v)
		}
		return say.FollowerUpdate(t.State, r, v)
	})
}

func (x followers) all(ctx context.Context, t worker.Task) worker.Result {
	marks, err := x.o.Log.Marks(ctx, t.Job.Stream, "follower/")
	if err != nil {
		return failed(earlyError{err}, t, "tell the followers")
	}
	r, err := x.o.event(ctx, t, t.Job.Want)
	if err != nil {
		return failed(earlyError{err}, t, "tell the followers")
	}
	var targets []string
	for _, m := range marks {
		if who := strings.TrimPrefix(m.Key, "follower/"); who != string(r.Actor) {
			targets = append(targets, who)
		}
	}
	return each(t, "one", targets)
}
