package reactors

import (
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
	pageWithin = time.Minute     // this long without the pager's word
	answerIn   = 5 * time.Minute // this long without anybody's
	practiceUp = "no practice pager is set up, and drills go to no other"
	noPager    = "no pager is set up"
)

func (pages) Name() string { return "pages" }

func (pages) Leads(verb string) []incident.Event {
	switch verb {
	case "send":
		return []incident.Event{incident.PageAccepted{}, incident.PageAcknowledged{}, incident.PageFailed{}, incident.PageResolved{}, incident.MemberAdded{}}
	case "watch", "escalate":
		return []incident.Event{incident.PageFailed{}}
	case "resolve":
		return []incident.Event{incident.PageResolved{}}
	}
	return nil
}

func (pages) Plan(r incident.Recorded) []store.Job {
	switch e := r.Event.(type) {
	case incident.PageRequested:
		watch := pageJob(r, "watch", e.Page)
		watch.Due = r.Recorded.Add(pageWithin)
		return []store.Job{pageJob(r, "send", e.Page), watch, receipt(r, e.Page)}
	case incident.PageAccepted:
		unanswered := pageJob(r, "unanswered", e.Page)
		unanswered.Due = r.Recorded.Add(answerIn)
		return []store.Job{unanswered, receipt(r, e.Page)}
	case incident.PageFailed:
		return []store.Job{pageJob(r, "failed", e.Page), receipt(r, e.Page)}
	case incident.PageAcknowledged:
		return byPerson(r, "acknowledge", e.Page)
	case incident.PageEscalated:
		return byPerson(r, "escalate", e.Page)
	case incident.PageResolved: // by a person: called off
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

func receipt(r incident.Recorded, page incident.PageID) store.Job {
	j := worker.Kept(r, "pages", "receipt/"+string(page), store.ReplyLane, time.Second)
	j.Verb, j.Target = "receipt", string(page)
	return j
}

func (x pages) Do(ctx context.Context, t worker.Task) worker.Result {
	if t.Job.Verb == "over" {
		return x.over(t)
	}
	page, ok := pageOf(t.State, incident.PageID(t.Job.Target))
	if !ok {
		return worker.NotNeeded("The incident knows nothing of that page any more.")
	}
	switch t.Job.Verb {
	case "send":
		return x.send(ctx, t, page)
	case "watch":
		return x.watch(ctx, t, page)
	case "receipt":
		return x.receipt(ctx, t, page)
	case "failed", "unanswered":
		return x.alarm(ctx, t, page)
	}
	return x.act(ctx, t, page)
}

func pageOf(inc incident.Incident, id incident.PageID) (incident.Page, bool) {
	for _, p := range inc.Pages {
		if p.ID == id {
			return p, true
		}
	}
	return incident.Page{}, false
}

// watch makes a page bad news when the pager has not confirmed it in time,
// whatever keeps it.
func (x pages) watch(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	if p.State != incident.PageAsked || !t.State.Status.Open() {
		return worker.NotNeeded("The pager has answered, or the page is over.")
	}
	r := worker.Done(nil)
	r.Record = x.broken(ctx, t, p, "the pager has not confirmed it for a minute")
	return r
}

// broken puts on record that nobody is known to be woken, and whom to call.
func (x pages) broken(ctx context.Context, t worker.Task, p incident.Page, why string) func(incident.Incident) ([]incident.Event, error) {
	call := x.o.callInstead(ctx, p.Target, x.onCall(ctx, t, p))
	return func(inc incident.Incident) ([]incident.Event, error) {
		return inc.PageNews(incident.PageFailed{Page: p.ID, Why: why, Call: call})
	}
}

func (x pages) onCall(ctx context.Context, t worker.Task, p incident.Page) []integrations.OnCall {
	pager, ok := x.o.Pagers.For(p.Target, t.State.Drill)
	if !ok || p.Target.Kind == incident.PersonTarget {
		return nil
	}
	var lines []integrations.OnCall
	err := t.Look(ctx, func(ctx context.Context) error {
		lines = x.o.onCall(ctx, pager, x.o.pagerTarget(p.Target), t.Now)
		return nil
	})
	if err != nil {
		return nil
	}
	return lines
}

// receipt keeps the page's one message in the room in step.
func (x pages) receipt(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
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

// alarm is bad news: a new message that mentions the commander, in the room,
// or to them alone when there is none.
func (x pages) alarm(ctx context.Context, t worker.Task, p incident.Page) worker.Result {
	failed := t.Job.Verb == "failed"
	wanted := p.State == incident.PageBroken
	if !failed {
		wanted = p.State == incident.PageTaken || p.State == incident.PageRungOut
	}
	if !wanted || !t.State.Status.Open() {
		return worker.NotNeeded("It is news no more.")
	}
	words, what := say.PageUnanswered, "tell that nobody answers a page"
	if failed {
		words, what = say.PageFailed, "tell that a page failed"
	}
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

// leader is who has to know first: the commander, else the declarer.
func leader(inc incident.Incident) incident.PersonID {
	if h, ok := inc.Holder(incident.Commander); ok {
		return h.Person
	}
	return inc.Declarer
}

// over resolves at the pager what is still open when the incident ends.
func (x pages) over(t worker.Task) worker.Result {
	if t.State.Status.Open() {
		return worker.NotNeeded("The incident is open again.")
	}
	r := worker.Done(nil)
	for _, p := range t.State.Pages {
		if p.Pager != "" && p.State != incident.PageOver {
			j := worker.Sub(t.Job, "resolve", string(p.ID), t.Now)
			r.Owe = append(r.Owe, j)
		}
	}
	return r
}
