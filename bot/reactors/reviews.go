package reactors

import (
	"context"
	"slices"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// Reviews are reviews and the incidents that they are about.
type Reviews interface {
	// Stands reads a review with its incident.
	Stands(ctx context.Context, id incident.ID) (inc incident.Incident, v incident.Review, err error)
	// Propose asks for a review as policy wants it: once for a key.
	Propose(ctx context.Context, key string, id incident.ID) error
	// Finds are what somebody may be asked about, oldest first.
	Finds(ctx context.Context, as incident.PersonID, id incident.ID) ([]say.ReviewFound, error)
	// Out is the newest version that was published.
	Out(ctx context.Context, id incident.ID) (out ReviewOut, found bool, err error)
	// Link leads to a review.
	Link(n incident.Number) string
}

// ReviewOut is a version that was published: its first sentences, and what
// goes to the services that keep documents.
type ReviewOut struct {
	Document integrations.Document
	Lines    []string
}

// reviews follow an incident after its end: a review is proposed, one message
// in the room shows how it stands, whose it is gets asked and reminded, and
// what is published goes where documents are kept. Each message is one,
// edited. Nothing comes while people work.
type reviews struct{ o Outside }

func (reviews) Name() string { return "reviews" }

func (reviews) Leads(string) []incident.Event { return nil }

func (x reviews) Plan(r incident.Recorded) []store.Job {
	if _, is := r.Stream.Review(); is {
		return x.planReview(r)
	}
	switch r.Event.(type) {
	case incident.Resolution:
		return []store.Job{worker.Kept(r, "reviews", "propose", store.StateLane, 0)}
	case incident.PrivacySet:
		return x.documents(r, "publish")
	default:
	}
	return nil
}

func (x reviews) planReview(r incident.Recorded) []store.Job {
	room := worker.Kept(r, "reviews", "room", store.CardLane, 0)
	remind := worker.Kept(r, "reviews", "remind", store.EchoLane, 0)
	finds := worker.Kept(r, "reviews", "finds", store.EchoLane, 0)
	switch e := r.Event.(type) {
	case incident.ReviewProposed:
		return []store.Job{room, remind, finds}
	case incident.ReviewStarted:
		return append(x.yours(r, e.Assignee), room, remind, finds)
	case incident.ReviewAssigned:
		return append(x.yours(r, e.Assignee), room, remind, finds)
	case incident.ReviewDueSet, incident.ReviewMoved:
		return []store.Job{room, remind}
	case incident.ReviewSkipped:
		return []store.Job{room, remind, finds}
	case incident.ReviewSuggestionTaken, incident.ReviewSuggestionDropped:
		return []store.Job{finds}
	case incident.ReviewPublished:
		return append(x.documents(r, "publish"), room, remind, worker.Once(r, "reviews", "out", "", store.ReplyLane))
	case incident.Erased:
		return x.documents(r, "renew")
	default:
	}
	return nil
}

// yours tells somebody that a review is theirs, when another gave it to them.
func (x reviews) yours(r incident.Recorded, who incident.PersonID) []store.Job {
	if who == "" || who == r.Actor {
		return nil
	}
	return []store.Job{worker.Once(r, "reviews", "yours", string(who), store.EchoLane)}
}

// documents owe the newest version to each place where documents are kept. It
// is owed for the incident, whose people see there what could not be done.
func (x reviews) documents(r incident.Recorded, verb string) []store.Job {
	var jobs []store.Job
	for _, d := range x.o.Documents {
		j := worker.Once(r, "reviews", verb, d.Name(), store.EchoLane)
		if id, of := r.Stream.Review(); of {
			j.Stream = id.Stream()
		}
		jobs = append(jobs, j)
	}
	return jobs
}

func (x reviews) Do(ctx context.Context, t worker.Task) worker.Result {
	if x.o.Reviews == nil {
		return worker.NotNeeded("Reviews are not kept here.")
	}
	id, of := t.Job.Stream.Review()
	if !of {
		id, _ = t.Job.Stream.Incident()
	}
	inc, v, err := x.o.Reviews.Stands(ctx, id)
	if err != nil {
		return failed(earlyError{err}, t, "follow the review")
	}
	t.State = inc
	switch t.Job.Verb {
	case "propose":
		return x.propose(ctx, t, v)
	case "room":
		return x.room(ctx, t, v)
	case "remind":
		return x.remind(ctx, t, v)
	case "finds":
		return x.finds(ctx, t, v)
	case "yours":
		return x.isYours(ctx, t, v)
	case "out":
		return x.out(ctx, t, v)
	}
	return x.publish(ctx, t)
}

// propose asks for a review once the delay of policy is over.
func (x reviews) propose(ctx context.Context, t worker.Task, v incident.Review) worker.Result {
	ended := t.State.Status == incident.Resolved || t.State.Status == incident.Closed
	if !ended || v.State != "" {
		return worker.NotNeeded("No review is to be proposed now.")
	}
	if due := t.State.EndedAt.Add(x.o.Policy().Review.After); t.Now.Before(due) {
		r := worker.Drawn(t.Job.Want, nil)
		r.Again = due
		return r
	}
	if err := x.o.Reviews.Propose(ctx, t.Job.Key+"/"+t.Job.Want.String(), t.State.ID); err != nil {
		return timed(worker.FailLook(err, "propose a review"), err, t)
	}
	return worker.Drawn(t.Job.Want, nil)
}

// room keeps the one message about the review in step.
func (x reviews) room(ctx context.Context, t worker.Task, v incident.Review) worker.Result {
	room, ok := x.o.Chat.mainRoom(t.State)
	if !ok || v.State == "" {
		return worker.NotNeeded("There is no room.")
	}
	words := say.ReviewProposed(t.State, v, x.o.Reviews.Link(t.State.Number), x.o.voice(ctx, room.Platform, t.Now))
	return inStep(x.o.keep(ctx, t, x.o.inRoom(room, words, "show the review")), t)
}

// inStep settles a job that stands in step with the review's stream.
func inStep(r worker.Result, t worker.Task) worker.Result {
	if r.Ending == store.Done {
		r.Drawn = t.Job.Want
	}
	return r
}

// isYours tells somebody that the review is theirs.
func (x reviews) isYours(ctx context.Context, t worker.Task, v incident.Review) worker.Result {
	who := incident.PersonID(t.Job.Target)
	if v.Assignee != who || !v.Wanted() || !t.State.VisibleTo(who) {
		return worker.NotNeeded("It is not theirs any more.")
	}
	return x.o.tell(ctx, t, who, "say whose the review is", func(platform string) chat.Message {
		return say.ReviewYours(t.State, v, x.o.voice(ctx, platform, t.Now))
	})
}

// out tells the room of a version that was published.
func (x reviews) out(ctx context.Context, t worker.Task, v incident.Review) worker.Result {
	room, ok := x.o.Chat.mainRoom(t.State)
	at := slices.IndexFunc(v.Versions, func(o incident.ReviewOut) bool { return o.Version == t.Job.Want })
	if !ok || at < 0 {
		return worker.NotNeeded("There is no room.")
	}
	if at < len(v.Versions)-1 {
		return worker.NotNeeded("A newer version is published.")
	}
	newest, _, err := x.o.Reviews.Out(ctx, t.State.ID)
	if err != nil {
		return failed(earlyError{err}, t, "tell of the review")
	}
	words := say.ReviewOut(t.State, v.Versions[at], newest.Lines, x.o.Reviews.Link(t.State.Number), x.o.voice(ctx, room.Platform, t.Now))
	return x.o.once(ctx, t, x.o.inRoom(room, words, "tell of the review"))
}

// publish puts the newest version where documents are kept, or takes it away
// from there: what is private leaves the house only where policy says so.
func (x reviews) publish(ctx context.Context, t worker.Task) worker.Result {
	at := slices.IndexFunc(x.o.Documents, func(d integrations.Documents) bool { return d.Name() == t.Job.Target })
	if len(t.Job.Ref) > 0 {
		return worker.Done(nil)
	}
	if at < 0 {
		return worker.NotNeeded("No documents are kept there any more.")
	}
	what := "publish the review to " + t.Job.Target
	newest, found, err := x.o.Reviews.Out(ctx, t.State.ID)
	d := newest.Document
	switch {
	case err != nil:
		return failed(earlyError{err}, t, what)
	case !found:
		return worker.NotNeeded("No version is published.")
	}
	wanted := x.o.Policy().Review.Publishes(t.Job.Target, t.State.Private)
	if !wanted && !t.State.Private {
		return worker.NotNeeded("Policy publishes reviews elsewhere.")
	}
	if !wanted || t.Job.Verb == "renew" { // words that were erased since must not stay there
		if err := t.Call(ctx, func(ctx context.Context) error { return x.o.Documents[at].Withdraw(ctx, d.Key) }); err != nil {
			return failed(err, t, "withdraw the review from "+t.Job.Target)
		}
	}
	var ref integrations.Ref
	if !wanted {
		return worker.Done(encode(ref))
	}
	err = t.Call(ctx, func(ctx context.Context) error {
		ref, err = x.o.Documents[at].Publish(ctx, d)
		return err
	})
	if err != nil {
		return failed(err, t, what)
	}
	return worker.Done(encode(ref))
}
