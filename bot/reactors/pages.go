package reactors

import (
	"cmp"
	"context"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/integrations"
	"tocsin/store"
)

// pages calls for help and follows each call until it is over. Its timers run
// however late they are: bad news does not get better.
type pages struct{ o Outside }

// When a page is bad news.
const (
	pageTries  = 3               // failed calls, or
	pageWithin = time.Minute     // this long without the pager's word, unless a setting says otherwise
	answerIn   = 5 * time.Minute // this long without anybody's, unless a setting says otherwise
	repeatFor  = 5 * time.Minute // how long what may have been sent is sent again
	practiceUp = "no practice pager is set up, and drills go to no other"
	noPager    = "no pager is set up"
)

// patience is how long the pager may take before the room is told, so that it
// has been told when that time is up.
func (o Outside) patience() time.Duration { return cmp.Or(o.Patience, pageWithin) * 11 / 12 }

func (o Outside) answerIn() time.Duration { return cmp.Or(o.Answer, answerIn) }

func (pages) Name() string { return "pages" }

func (pages) Leads(verb string) []incident.Event {
	told := []incident.Event{
		incident.PageSeen{},
		incident.PageAcknowledged{},
		incident.PageEscalated{},
		incident.PageFailed{},
		incident.PageResolved{},
		incident.MemberAdded{},
	}
	switch verb {
	case "send":
		return append(told, incident.PageAccepted{})
	case "look":
		return append(told, incident.PageReassigned{})
	case "watch":
		return []incident.Event{incident.PageFailed{}}
	case "fallback":
		return []incident.Event{incident.PageRequested{}}
	case "unanswered", "next":
		return []incident.Event{incident.PageRequested{}, incident.PageEscalated{}}
	case "acknowledge", "escalate", "reassign", "add", "note":
		return append(told, incident.PageReassigned{}, incident.PageNoted{})
	case "resolve":
		return []incident.Event{incident.PageResolved{}}
	}
	return nil
}

func (x pages) Plan(r incident.Recorded) []store.Job {
	switch e := r.Event.(type) {
	case incident.PageRequested:
		return []store.Job{pageJob(r, "send", e.Page), x.later(r, "watch", e.Page, x.o.patience()), receipt(r, e.Page)}
	case incident.PageAccepted:
		return []store.Job{x.later(r, "unanswered", e.Page, x.o.answerIn()), receipt(r, e.Page)}
	case incident.PageSeen:
		return []store.Job{receipt(r, e.Page)}
	case incident.PageFailed:
		return []store.Job{x.later(r, "failed", e.Page, 0), x.later(r, "fallback", e.Page, 0), receipt(r, e.Page)}
	case incident.PageAcknowledged:
		return byPerson(r, "acknowledge", e.Page)
	case incident.PageEscalated:
		next := x.later(r, "next", e.Page, x.o.answerIn())
		if r.Actor == incident.House {
			return []store.Job{pageJob(r, "ring", e.Page), next, receipt(r, e.Page)}
		}
		return append(byPerson(r, "escalate", e.Page), next)
	case incident.PageReassigned:
		return byPerson(r, "reassign", e.Page)
	case incident.ResponderAsked:
		return byPerson(r, "add", e.Page)
	case incident.PageNoted:
		return byPerson(r, "note", e.Page)
	case incident.PageResolved: // by a person: called off
		if r.Actor == incident.House {
			return []store.Job{receipt(r, e.Page), x.later(r, "ended", e.Page, 0)}
		}
		return byPerson(r, "resolve", e.Page)
	case incident.Resolution, incident.Cancellation, incident.MergedInto:
		return []store.Job{worker.Once(r, "pages", "over", "", store.StateLane)}
	default:
		return nil
	}
}

// byPerson tells the pager what somebody did in chat; what the pager itself
// reported, the house put on record, and nothing is told back.
func byPerson(r incident.Recorded, verb string, page incident.PageID) []store.Job {
	jobs := []store.Job{receipt(r, page)}
	if r.Actor != incident.House {
		jobs = append(jobs, pageJob(r, verb, page))
	}
	return jobs
}

func pageJob(r incident.Recorded, verb string, page incident.PageID) store.Job {
	return worker.Once(r, "pages", verb, string(page), store.PageLane)
}

// later is what the house does for a page by itself. It calls no pager, and
// has workers of its own, so that one that hangs never keeps bad news back.
func (pages) later(r incident.Recorded, verb string, page incident.PageID, after time.Duration) store.Job {
	j := worker.Once(r, "pages", verb, string(page), store.StateLane)
	j.Due = r.Recorded.Add(after)
	return j
}

func receipt(r incident.Recorded, page incident.PageID) store.Job {
	j := worker.Kept(r, "pages", "receipt/"+string(page), store.ReplyLane, receiptGap)
	j.Verb, j.Target = "receipt", string(page)
	return j
}

const receiptGap = 500 * time.Millisecond

func (x pages) Do(ctx context.Context, t worker.Task) worker.Result {
	if t.Job.Verb == "over" {
		return x.over(t)
	}
	page, ok := t.State.PageOf(incident.PageID(t.Job.Target))
	if !ok {
		return worker.NotNeeded("The incident knows nothing of that page any more.")
	}
	switch t.Job.Verb {
	case "send":
		return x.send(ctx, t, page)
	case "look":
		return x.look(ctx, t, page)
	case "watch":
		return x.watch(ctx, t, page)
	case "receipt":
		return x.receipt(ctx, t, page)
	case "failed":
		return x.failed(ctx, t, page)
	case "fallback":
		return x.fallback(ctx, t, page)
	case "unanswered", "next":
		return x.unanswered(ctx, t, page)
	case "ended":
		return x.endedThere(ctx, t, page)
	case "ring":
		return x.ring(ctx, t, page)
	}
	return x.act(ctx, t, page)
}

// watch makes a page bad news when the pager has not confirmed it in time,
// whatever keeps it.
func (x pages) watch(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if p.State != incident.PageAsked || !t.State.Status.Open() {
		return worker.NotNeeded("The pager has answered, or the page is over.")
	}
	r := worker.Done(nil)
	why := "the pager has not confirmed it for " + spanOf(cmp.Or(x.o.Patience, pageWithin))
	r.Record = x.broken(ctx, t, p, incident.PageFailed{Why: why, Unsure: true})
	return r
}

// spanOf is a length of time in words.
func spanOf(d time.Duration) string {
	if d == time.Minute {
		return "a minute"
	}
	return d.String()
}

// broken puts on record that nobody is known to be woken, and whom to call.
func (x pages) broken(ctx context.Context, t worker.Task, p incident.Page, e incident.PageFailed) decision {
	e.Page, e.Call = p.ID, x.o.callInstead(ctx, p.Target, x.onCall(ctx, t, p))
	return news(e)
}

// receipt keeps the page's one message in the room in step. A page that
// follows another is shown under the first.
func (x pages) receipt(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if first := t.State.RootPage(p); first.ID != p.ID {
		r := worker.Drawn(t.State.Head, nil)
		r.Owe = []store.Job{keptJob(t, "receipt", string(first.ID), store.ReplyLane)}
		r.Owe[0].Gap = receiptGap
		return r
	}
	room, ok := x.o.Chat.mainRoom(t.State)
	switch {
	case ok:
	case t.Waited() || t.State.RecordOnly || !t.State.Status.Open():
		return worker.NotNeeded("There is no room; the timeline has it.")
	default:
		return worker.Waits(t.State.Head, "The room is not open yet.")
	}
	words := say.PageReceipt(t.State, p, x.o.voice(ctx, room.Platform, t.Now))
	return x.o.keep(ctx, t, x.o.inRoom(room, words, "show how far the page came"))
}

// keptJob is a kept-in-step job of a page, owed by another job.
func keptJob(t worker.Task, verb, page string, lane store.Lane) store.Job {
	return store.Job{
		Key: string(t.Job.Stream) + "/pages/" + verb + "/" + page, Stream: t.Job.Stream, Reactor: "pages", Verb: verb, Target: page,
		Lane: lane, Kept: true, Want: t.State.Head, Due: t.Now, State: store.Owed,
	}
}

// failed is bad news at once. That a fallback failed too is news when there is
// no other.
func (x pages) failed(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if p.State != incident.PageBroken || !t.State.Status.Open() || t.State.Answered(p) {
		return worker.NotNeeded("It is news no more.")
	}
	if _, _, more := x.nextWay(ctx, t, p); more && p.Turn > 0 {
		return worker.NotNeeded("Another way is being tried.")
	}
	return x.alarm(ctx, t, p, say.PageFailed, "tell that a page failed")
}

type badNews = func(incident.Incident, incident.Page, []integrations.OnCall, say.Voice) chat.Message

// alarm is a new message that mentions the commander, in the room, or to them
// alone when there is none.
func (x pages) alarm(ctx context.Context, t worker.Task, p incident.Page, words badNews, what string) worker.Result {
	lines := x.onCall(ctx, t, p)
	if room, ok := x.o.Chat.mainRoom(t.State); ok {
		return x.o.once(ctx, t, x.o.inRoom(room, words(t.State, p, lines, x.o.voice(ctx, room.Platform, t.Now)), what))
	}
	if !t.Waited() {
		return worker.Waits(t.State.Head, "The room is not open yet.")
	}
	return x.o.tell(ctx, t, leader(t.State), what, func(platform string) chat.Message {
		return words(t.State, p, lines, x.o.voice(ctx, platform, t.Now))
	})
}

// endedThere is a page that somebody resolved at the pager. That never
// resolves the incident: the room is asked.
func (x pages) endedThere(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	room, ok := x.o.Chat.mainRoom(t.State)
	if !ok || p.State != incident.PageOver || !t.State.Status.Open() {
		return worker.NotNeeded("There is nothing to ask, or nowhere.")
	}
	words := say.PageOverAsks(t.State, p, x.o.voice(ctx, room.Platform, t.Now))
	return x.o.once(ctx, t, x.o.inRoom(room, words, "ask whether it is over"))
}

// leader is who has to know first: the commander, else the declarer.
func leader(inc incident.Incident) incident.PersonID {
	if h, ok := inc.Holder(incident.Commander); ok {
		return h.Person
	}
	return inc.Declarer
}

// over resolves at the pager what is still open there, or may be, when the
// incident ends.
func (x pages) over(t worker.Task) worker.Result {
	if t.State.Status.Open() {
		return worker.NotNeeded("The incident is open again.")
	}
	r := worker.Done(nil)
	for _, p := range t.State.Pages {
		if p.State != incident.PageOver && (p.Pager != "" || p.Open() || p.MayRing()) {
			r.Owe = append(r.Owe, inLane(worker.Sub(t.Job, "resolve", string(p.ID), t.Now), store.PageLane))
		}
	}
	return r
}

func inLane(j store.Job, l store.Lane) store.Job {
	j.Lane = l
	return j
}
