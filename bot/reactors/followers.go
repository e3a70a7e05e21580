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
	return x.tell(ctx, t, who, func(platform string) chat.Message {
		v := x.o.voice(ctx, platform, t.Now)
		if h, ok := say.HeadlineOf(r); ok {
			return say.FollowerNews(h, t.State, v)
		}
		return say.FollowerUpdate(t.State, r, v)
	})
}

// tell speaks to one follower, in one thread an incident: the first message
// opens it, and the shelf keeps which that was.
func (x followers) tell(ctx context.Context, t worker.Task, who incident.PersonID, words func(platform string) chat.Message) worker.Result {
	const what = "tell a follower"
	if len(t.Job.Ref) > 0 {
		return worker.Done(nil)
	}
	m, ok, err := x.o.alone(ctx, t, who, words)
	if err != nil {
		return failed(err, t, what)
	}
	if !ok {
		return worker.NotNeeded("They have no account where tocsin could reach them.")
	}
	m.what = what
	key := string(t.Job.Stream) + "/followers/" + string(who)
	kept, err := x.o.Shelf.Fetch(ctx, key)
	if err != nil {
		return failed(earlyError{err}, t, what)
	}
	first, begun := decode[incident.MessageRef](kept)
	if begun = begun && first.Platform == m.on.Name() && first.Room == m.post.Room; begun {
		m.post.Thread = first.ID
	}
	r := x.o.once(ctx, t, m)
	if r.Ending == store.Done && !begun {
		// Another message may have opened it meanwhile, and a store that is away
		// now keeps nothing: the next message opens a thread again.
		_ = x.o.Shelf.Keep(ctx, key, kept, r.Ref)
	}
	return r
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
