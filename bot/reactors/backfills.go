package reactors

import (
	"context"
	"strconv"
	"time"

	"tocsin/bot/chat"
	"tocsin/bot/worker"
	"tocsin/incident"
	"tocsin/store"
)

// BackfillSpan is how far back a room is read when an incident takes it over.
const BackfillSpan = 24 * time.Hour

// backfills reads back what a platform did not report: what was said in a room
// before an incident took it over, and in the gaps that a platform owns up to.
// A page a job, so that a kill repeats a page at most, and a long room keeps
// nobody waiting. What is known already stays as it is.
type backfills struct{ o Outside }

// gap is what a back-fill reads next.
type gap struct {
	Room  incident.Room `json:"room"`
	Since time.Time     `json:"since,omitzero"` // zero: since the incident was declared
	Page  string        `json:"page,omitempty"`
	Read  int           `json:"read,omitempty"` // pages read before
}

// maxPages bounds a back-fill; the newest messages of a page come last, so
// what is beyond is the newest, and the next gap reads on from there.
const maxPages = 200

// Backfill is the job that reads a gap of one room of an incident.
func Backfill(s incident.Stream, room incident.Room, since, now time.Time) store.Job {
	return store.Job{
		Key:    string(s) + "/backfills/read/" + room.Platform + "/" + room.ID + "/" + strconv.FormatInt(since.Unix(), 10) + "/" + strconv.FormatInt(now.Unix(), 10),
		Stream: s, Reactor: "backfills", Verb: "read", Lane: store.EchoLane, Due: now, State: store.Owed,
		Body: encode(gap{Room: room, Since: since}),
	}
}

func (backfills) Name() string { return "backfills" }

func (backfills) Leads(string) []incident.Event { return nil }

func (backfills) Plan(r incident.Recorded) []store.Job {
	e, ok := r.Event.(incident.Adopted)
	if !ok {
		return nil
	}
	j := worker.Once(r, "backfills", "read", "", store.EchoLane)
	j.Body = encode(gap{Room: e.Room, Since: r.Happened.Add(-BackfillSpan)})
	return []store.Job{j}
}

func (x backfills) Do(ctx context.Context, t worker.Task) worker.Result {
	g, ok := decode[gap](t.Job.Body)
	if !ok || x.o.Hear == nil {
		return worker.NotNeeded("There is nothing to read.")
	}
	on := x.o.Chat.On(g.Room.Platform)
	if on == nil || on.Roles().Reader == nil {
		return worker.NotNeeded("The platform cannot be read back.")
	}
	if g.Since.IsZero() {
		g.Since = t.State.DeclaredAt
	}
	var said []chat.Said
	var next string
	err := t.Call(ctx, func(ctx context.Context) (err error) {
		at := chat.Place{Platform: g.Room.Platform, Room: g.Room.ID, Name: g.Room.Name, Thread: g.Room.Thread}
		said, next, err = on.Roles().Reader.Read(ctx, at, g.Since, g.Page)
		return err
	})
	if err != nil {
		return failed(err, t, "read back what was said in the room")
	}
	if err := x.o.Hear(ctx, t.Job.Stream, said); err != nil {
		return failed(earlyError{err}, t, "keep what was said in the room")
	}
	r := worker.Done(nil)
	if g.Page, g.Read = next, g.Read+1; next != "" && g.Read < maxPages {
		more := worker.Sub(t.Job, "read", strconv.Itoa(g.Read), t.Now)
		more.Key = firstKey(t.Job.Key, g.Read-1) + "/" + strconv.Itoa(g.Read)
		more.Body = encode(g)
		r.Owe = []store.Job{more}
	}
	return r
}

// firstKey is the key of a back-fill's first page, so that those of its pages
// stay short.
func firstKey(key string, read int) string {
	if read == 0 {
		return key
	}
	return key[:len(key)-len("/"+strconv.Itoa(read))]
}
