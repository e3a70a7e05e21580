package reactors

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/say"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// announcements tells those outside: one message for the life of the incident,
// edited; updates threaded under it; and a new message only when it is raised
// to sev1 or sev2, resolved or re-opened. A private incident has none; one that
// becomes private takes all of it back.
type announcements struct{ o Outside }

const announceGap = 2 * time.Second // least time between two edits of one announcement

func (announcements) Name() string { return "announcements" }

func (announcements) Leads(verb string) []incident.Event {
	if verb == "first" {
		return []incident.Event{incident.AnnouncementPosted{}}
	}
	return nil
}

func (announcements) Plan(r incident.Recorded) []store.Job {
	once := func(verb string, lane store.Lane) store.Job { return worker.Once(r, "announcements", verb, "", lane) }
	kept := func(verb, target string) store.Job {
		j := worker.Kept(r, "announcements", verb+"/"+target, store.ReplyLane, 0)
		j.Verb, j.Target = verb, target
		return j
	}
	if _, ok := r.Stream.Incident(); !ok {
		return nil
	}
	text := worker.Kept(r, "announcements", "text", store.CardLane, 0)
	var jobs []store.Job
	if _, ok := say.HeadlineOf(r); ok {
		jobs = append(jobs, kept("news", version(r.Version)))
	}
	switch e := r.Event.(type) {
	case incident.Declared:
		if !e.RecordOnly && !e.Private {
			jobs = append(jobs, once("post", store.StateLane))
		}
	case incident.SeveritySet:
		jobs = append(jobs, once("post", store.StateLane), text)
	case incident.PrivacySet:
		jobs = append(jobs, text, once("sweep", store.StateLane))
		if e.Private {
			jobs = append(jobs, once("withdrawal", store.ReplyLane))
		} else {
			jobs = append(jobs, once("post", store.StateLane))
		}
	case incident.UpdatePosted:
		jobs = append(jobs, kept("update", strconv.Itoa(e.Update)), text)
	case incident.UpdateFixed:
		jobs = append(jobs, kept("update", strconv.Itoa(e.Update)), text)
	case incident.AnnouncementPosted, incident.RoomOpened, incident.Adopted, incident.Renamed, incident.StatusSet,
		incident.ServiceAdded, incident.ServiceRemoved, incident.ImpactSet, incident.RoleTaken, incident.RoleReleased,
		incident.HandoverAccepted, incident.Resolution, incident.Reopened, incident.Cancellation, incident.MergedInto,
		incident.Closure, incident.Erased:
		jobs = append(jobs, text)
	default:
	}
	return jobs
}

func (x announcements) Do(ctx context.Context, t worker.Task) worker.Result {
	switch t.Job.Verb {
	case "post":
		return x.post(ctx, t)
	case "first":
		return x.first(ctx, t)
	case "text", "update", "news":
		return x.spread(t)
	case "draw":
		return x.draw(ctx, t)
	case "thread":
		return x.thread(ctx, t)
	case "headline":
		return x.headline(ctx, t)
	case "sweep":
		return x.sweep(ctx, t)
	case "ask":
		return x.ask(ctx, t)
	}
	return x.withdrawal(ctx, t)
}

// post owes the first message in each room that is told. Its keys carry no
// version: a room gets one announcement of an incident, whatever is asked for.
func (x announcements) post(ctx context.Context, t worker.Task) worker.Result {
	if t.State.Private || t.State.RecordOnly || !t.State.Status.Open() {
		return worker.NotNeeded("It is not announced.")
	}
	r := worker.Done(nil)
	r.Owe = x.question(t)
	for _, s := range x.o.Chat.Announce(x.o.Policy().SeverityRule(t.State.Severity).Tell) {
		s, err := x.placed(ctx, t, s)
		if err != nil {
			return failed(earlyError{err}, t, "post the announcement")
		}
		if _, posted := announcedAt(t.State, s); posted {
			continue
		}
		j := worker.Sub(t.Job, "first", s.String(), t.Now)
		j.Key = string(t.Job.Stream) + "/announcements/first/" + j.Target
		r.Owe = append(r.Owe, j)
	}
	return r
}

// placed is a spot with the platform's own id of its room. One that is not
// there stays as it was named: posting to it fails, and says so.
func (x announcements) placed(ctx context.Context, t worker.Task, s spot) (spot, error) {
	on := x.o.Chat.On(s.platform)
	if on == nil || on.Roles().Places == nil {
		return s, nil
	}
	var at chat.Place
	err := t.Look(ctx, func(ctx context.Context) (err error) {
		at, err = on.Roles().Places.Place(ctx, s.room)
		return err
	})
	if k := fault.KindOf(err); err != nil && (k == fault.NotFound || k == fault.Rejected) {
		return s, nil
	}
	if err == nil && at.Room != "" {
		s.room = at.Room
	}
	return s, err
}

// foreign says that others than this house's people read a room, and that
// nothing was said about announcing there.
func (x announcements) foreign(ctx context.Context, t worker.Task, s spot) (bool, error) {
	on := x.o.Chat.On(s.platform)
	if on.Roles().Places == nil || x.o.Chat.mayShare(s.platform) {
		return false, nil
	}
	var at chat.Place
	err := t.Look(ctx, func(ctx context.Context) (err error) {
		at, err = on.Roles().Places.Place(ctx, s.room)
		return err
	})
	if k := fault.KindOf(err); err != nil && (k == fault.NotFound || k == fault.Rejected) {
		return false, nil // posting says what is wrong
	}
	return at.Shared, err
}

func announcedAt(inc incident.Incident, s spot) (incident.MessageRef, bool) {
	for _, m := range inc.Announcements {
		if m.Platform == s.platform && m.Room == s.room {
			return m, true
		}
	}
	return incident.MessageRef{}, false
}

func (x announcements) first(ctx context.Context, t worker.Task) worker.Result {
	s := spotOf(t.Job.Target)
	on := x.o.Chat.On(s.platform)
	ref, done := decode[incident.MessageRef](t.Job.Ref)
	if !done {
		if _, posted := announcedAt(t.State, s); posted || t.State.Private || on == nil {
			return worker.NotNeeded("It is announced there, or is private.")
		}
		shared, err := x.foreign(ctx, t, s)
		switch {
		case err != nil:
			return failed(earlyError{err}, t, "post the announcement")
		case shared:
			return worker.Fail(fault.New(fault.Rejected, "Other organisations read that channel, so nothing is announced there. To announce there all the same, set TOCSIN_%s_ANNOUNCE_SHARED=true.", strings.ToUpper(s.platform)), "post the announcement")
		}
		words := say.Announcement(t.State, x.o.voice(ctx, s.platform, t.Now))
		m := message{on: on, what: "post the announcement", post: chat.Post{Room: s.room, Message: words}}
		r := x.o.once(ctx, t, m)
		if ref, done = decode[incident.MessageRef](r.Ref); r.Ending != store.Done || !done {
			return r
		}
		// The room is remembered as the house named it: that is how it is found again.
		ref.Room = s.room
	}
	r := worker.Done(encode(ref))
	r.Record = func(inc incident.Incident) ([]incident.Event, error) { return inc.Announced(ref) }
	return r
}

// spread owes one job for each announcement. An update or headline that finds
// none waits for it; after that it is for those who find it in the room.
func (x announcements) spread(t worker.Task) worker.Result {
	if len(t.State.Announcements) == 0 {
		if t.Job.Verb == "text" || t.State.Private || t.State.RecordOnly || t.Waited() || len(x.o.Chat.Announce(nil)) == 0 {
			return worker.NotNeeded("There is no announcement.")
		}
		return worker.Waits(t.State.Head, "The announcement is not posted yet.")
	}
	verb := map[string]string{"text": "draw", "update": "thread", "news": "headline"}[t.Job.Verb]
	var targets []string
	for _, m := range t.State.Announcements {
		targets = append(targets, spot{m.Platform, m.Room}.String())
	}
	r := each(t, verb, targets)
	for i := range r.Owe {
		r.Owe[i].Gap = announceGap
		r.Owe[i].Body = []byte(t.Job.Target)
	}
	return r
}

func (x announcements) draw(ctx context.Context, t worker.Task) worker.Result {
	s := spotOf(t.Job.Target)
	m, posted := announcedAt(t.State, s)
	on := x.o.Chat.On(s.platform)
	if !posted || on == nil {
		return worker.NotNeeded("There is no announcement.")
	}
	v := x.o.voice(ctx, s.platform, t.Now)
	words := say.Announcement(t.State, v)
	if t.State.Private {
		words = say.Withdrawn(v)
	}
	err := t.Call(ctx, func(ctx context.Context) error { return on.Edit(ctx, chatRef(m), words) })
	if err != nil {
		return failed(err, t, "edit the announcement")
	}
	return worker.Drawn(t.State.Head, nil)
}

// thread keeps one update in step under one announcement.
func (x announcements) thread(ctx context.Context, t worker.Task) worker.Result {
	const what = "post the update"
	n, bad := strconv.Atoi(string(t.Job.Body))
	mark, found, err := x.o.Log.Mark(ctx, t.Job.Stream, incident.UpdateMark(n))
	if err != nil {
		return failed(earlyError{err}, t, what)
	}
	v, known := mark.MarkedVersion()
	if bad != nil || !found || !known {
		return worker.NotNeeded("That update is not on the timeline.")
	}
	r, err := x.o.update(ctx, t, v)
	if err != nil {
		return failed(earlyError{err}, t, what)
	}
	return x.under(ctx, t, what, func(v say.Voice) chat.Message { return say.Update(t.State, r, v) })
}

// headline keeps one piece of news in step beside one announcement.
func (x announcements) headline(ctx context.Context, t worker.Task) worker.Result {
	v, err := strconv.ParseUint(string(t.Job.Body), 10, 64)
	if err != nil || t.State.Drill {
		return worker.NotNeeded("A drill is no news.")
	}
	const what = "tell the announcement room"
	r, err := x.o.event(ctx, t, incident.Version(v))
	if err != nil {
		return failed(earlyError{err}, t, what)
	}
	if len(t.Job.Ref) == 0 {
		told, err := x.announcedAfter(ctx, t, r.Version)
		if err != nil {
			return failed(earlyError{err}, t, what)
		}
		if told {
			return worker.NotNeeded("The announcement came later and says so.")
		}
	}
	h, _ := say.HeadlineOf(r)
	return x.under(ctx, t, what, func(v say.Voice) chat.Message { return say.News(h, t.State, v) })
}

// announcedAfter says that the announcement of a room was first posted after a
// version: whoever reads it needs no headline from before.
func (x announcements) announcedAfter(ctx context.Context, t worker.Task, v incident.Version) (bool, error) {
	recs, err := x.o.Log.Load(ctx, t.Job.Stream, v, aWhile)
	if err != nil {
		return false, err
	}
	for _, r := range recs {
		if e, ok := r.Event.(incident.AnnouncementPosted); ok && (spot{e.Message.Platform, e.Message.Room}).String() == t.Job.Target {
			return true, nil
		}
	}
	return false, nil
}

// aWhile is how many events an announcement may take to be posted.
const aWhile = 200

// under draws a message that belongs to an announcement. Words of a private
// incident are those of something taken back, and are only put where
// something stood.
func (x announcements) under(ctx context.Context, t worker.Task, what string, words func(say.Voice) chat.Message) worker.Result {
	s := spotOf(t.Job.Target)
	first, posted := announcedAt(t.State, s)
	on := x.o.Chat.On(s.platform)
	if !posted || on == nil || (t.State.Private && len(t.Job.Ref) == 0) {
		return worker.NotNeeded("It is not announced there.")
	}
	v := x.o.voice(ctx, s.platform, t.Now)
	m := message{on: on, what: what, post: chat.Post{Room: s.room, Message: say.Withdrawn(v)}}
	if !t.State.Private {
		m.post.Message = words(v)
	}
	if t.Job.Verb == "thread" {
		m.post.Thread = first.ID
	}
	return x.o.keep(ctx, t, m)
}

// sweep draws everything that was said under the announcements once more,
// because the incident became private or is so no longer.
func (x announcements) sweep(ctx context.Context, t worker.Task) worker.Result {
	recs, err := x.o.Log.Load(ctx, t.Job.Stream, 0, 0)
	if err != nil {
		return failed(earlyError{err}, t, "take back what was announced")
	}
	r := worker.Done(nil)
	for _, rec := range recs {
		for _, j := range (announcements{}).Plan(rec) {
			if j.Verb == "update" || j.Verb == "news" {
				j.Want, j.Due = t.State.Head, t.Now
				r.Owe = append(r.Owe, j)
			}
		}
	}
	return r
}

// withdrawal tells the room that the announcement was taken back, and who may
// have seen it.
func (x announcements) withdrawal(ctx context.Context, t worker.Task) worker.Result {
	room, ok := x.o.Chat.mainRoom(t.State)
	if !ok || !t.State.Private || len(t.State.Announcements) == 0 {
		return worker.NotNeeded("Nothing was announced.")
	}
	words := say.Withdrawal(t.State, x.readers(ctx, t), x.o.voice(ctx, room.Platform, t.Now))
	return x.o.once(ctx, t, x.o.inRoom(room, words, "tell the room who saw the announcement"))
}

// tooMany readers are not named one by one.
const tooMany = 50

// readers are who could read the announcements; nil when that cannot be known.
func (x announcements) readers(ctx context.Context, t worker.Task) []incident.PersonID {
	var out []incident.PersonID
	for _, m := range t.State.Announcements {
		on := x.o.Chat.On(m.Platform)
		if on == nil || on.Roles().Rooms == nil {
			return nil
		}
		var users []chat.User
		err := t.Look(ctx, func(ctx context.Context) (err error) {
			users, err = on.Roles().Rooms.Members(ctx, m.Room)
			return err
		})
		if err != nil || len(out)+len(users) > tooMany {
			return nil
		}
		for _, u := range users {
			p, found, err := x.o.People.ByAccount(ctx, incident.Account{Platform: u.Platform, Workspace: u.Workspace, ID: u.ID})
			if err != nil {
				return nil
			}
			if found {
				out = append(out, p.ID)
			}
		}
	}
	return out
}

func version(v incident.Version) string { return strconv.FormatUint(uint64(v), 10) }
