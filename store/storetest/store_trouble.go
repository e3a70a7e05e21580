package storetest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// lossy is a driver that writes the next batches and loses the replies.
type lossy struct {
	store.Driver
	lose atomic.Int32
}

func (d *lossy) Apply(ctx context.Context, b store.Batch) error {
	err := d.Driver.Apply(ctx, b)
	if err == nil && d.lose.Add(-1) >= 0 {
		return fault.New(fault.Unknown, "The reply was lost.")
	}
	return err
}

// away is a driver whose database cannot be reached.
type away struct{ store.Driver }

func gone() error { return fault.New(fault.Unavailable, "The database is away.") }

func (away) Apply(context.Context, store.Batch) error                   { return gone() }
func (away) Get(context.Context, ...string) ([][]byte, error)           { return nil, gone() }
func (away) Range(context.Context, store.Range) ([]store.Member, error) { return nil, gone() }
func (away) Walk(context.Context, func(store.Row) error) error          { return gone() }
func (away) Now(context.Context) (time.Time, error)                     { return time.Time{}, gone() }

func (away) Entries(context.Context, string, uint64, int) ([]store.Entry, error) {
	return nil, gone()
}

func troubleTests() []storeTest {
	return []storeTest{
		{"a commit whose reply was lost is found again by its key", lostCommit},
		{"a settlement whose reply was lost is not settled twice", lostSettlement},
		{"what the database says passes through with its kind", kindsPass},
		{"a context that has ended changes nothing", func(t *testing.T, h *house) {
			id := h.declare("checkout is failing")
			before := rows(t, h.Store)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			c := h.commit(h.key(), bo)
			c.Writes = []store.Write{h.write(h.open(id.Stream()), id.Stream(), c.Key, bo, incident.NoteAdded{Text: text("", "x")})}
			_, err := h.Commit(ctx, c)
			kind(t, "commit", fault.Unavailable, err)
			kind(t, "owe", fault.Unavailable, h.Owe(ctx, h.at, once(pageKey, store.PageLane)))
			same(t, "rows", before, rows(t, h.Store))
		}},
		{"texts of many words are planned in writes of bounded size", manyWords},
	}
}

func lostCommit(t *testing.T, h *house) {
	d := &lossy{Driver: h.Driver()}
	h.Store = store.New(d, store.Options{})
	id := h.declare("checkout is failing")
	c := h.commit(h.key(), bo)
	c.Writes = []store.Write{h.write(h.open(id.Stream()), id.Stream(), c.Key, bo, incident.NoteAdded{Text: text("", "once")})}
	d.lose.Store(1)
	_, err := h.Commit(t.Context(), c)
	kind(t, "the first try", fault.Unknown, err)
	got := must(h.Commit(t.Context(), c))(t, "the same again")
	if !got.Outcome.Repeat || !bytes.Equal(got.Outcome.Reply, c.Outcome.Reply) {
		t.Errorf("outcome %+v, want the one that was written", got.Outcome)
	}
	same(t, "events", 2, len(h.load(id.Stream())))
}

func lostSettlement(t *testing.T, h *house) {
	d := &lossy{Driver: h.Driver()}
	h.Store = store.New(d, store.Options{})
	h.owe(once(pageKey, store.PageLane))
	j := h.attempt(h.one(store.PageLane))
	end := store.Settlement{Ending: store.NotSent, Again: h.at.Add(time.Minute), Owe: []store.Job{once("incident/a/1/echoes/say", store.EchoLane)}}
	d.lose.Store(1)
	kind(t, "the first try", fault.Unknown, h.Settle(t.Context(), h.at, j, end))
	h.pass(time.Second)
	end.Again = h.at.Add(time.Hour)
	h.settle(j, end)
	same(t, "due as settled first", noon.Add(time.Minute), h.job(pageKey).Due)
}

func kindsPass(t *testing.T, h *house) {
	s, ctx := store.New(away{h.Driver()}, store.Options{}), t.Context()
	one := func(_ any, err error) error { return err }
	two := func(_ any, _ any, err error) error { return err }
	for what, err := range map[string]error{
		"Open":         one(s.Open(ctx, "k", "incident/a")),
		"Commit":       one(s.Commit(ctx, store.Commit{Key: "k", At: noon})),
		"Load":         one(s.Load(ctx, "incident/a", 0, 0)),
		"NextNumber":   one(s.NextNumber(ctx)),
		"Marks":        one(s.Marks(ctx, "incident/a", "item/")),
		"all marks":    one(s.Marks(ctx, "incident/a", "")),
		"Mark":         two(s.Mark(ctx, "incident/a", "item/1")),
		"Unplanned":    one(s.Unplanned(ctx, noon, 1)),
		"Planned":      s.Planned(ctx, noon, []incident.Recorded{{Stream: "incident/a", Version: 1, Event: incident.NoteAdded{}}}, nil),
		"Owe":          s.Owe(ctx, noon, once(pageKey, store.PageLane)),
		"Claim":        one(s.Claim(ctx, store.Claim{Now: noon, Lanes: store.Lanes(), Lease: time.Second, Limit: 1})),
		"Attempt":      one(s.Attempt(ctx, noon, once(pageKey, store.PageLane))),
		"Settle":       s.Settle(ctx, noon, once(pageKey, store.PageLane), store.Settlement{Ending: store.Done}),
		"Jobs":         one(s.Jobs(ctx, store.JobFilter{State: store.Owed})),
		"Retry":        s.Retry(ctx, noon, pageKey),
		"NextDue":      one(s.NextDue(ctx, store.Lanes())),
		"Summary":      two(s.Summary(ctx, "a")),
		"ByNumber":     two(s.ByNumber(ctx, 1)),
		"ByRoom":       two(s.ByRoom(ctx, "slack", "C1", "")),
		"List":         one(s.List(ctx, store.Filter{As: ann})),
		"Search":       one(s.Search(ctx, "word", store.Filter{As: ann})),
		"PrivateCount": one(s.PrivateCount(ctx)),
		"Hear":         s.Hear(ctx, "incident/a", said("1", "x", noon)),
		"Amend":        s.Amend(ctx, "incident/a", said("1", "x", noon)),
		"Messages":     one(s.Messages(ctx, "incident/a", noon, 1)),
		"Message":      two(s.Message(ctx, "incident/a", "C1", "1")),
		"Forget":       one(s.Forget(ctx, "incident/a", noon)),
		"Meet":         one(s.Meet(ctx, slackUser("U1"), store.Seen{})),
		"Person":       two(s.Person(ctx, ann)),
		"ByAccount":    two(s.ByAccount(ctx, slackUser("U1"))),
		"ByEmail":      two(s.ByEmail(ctx, "a@example.org")),
		"Everybody":    one(s.Everybody(ctx)),
		"Link":         s.Link(ctx, ann, bo),
		"SetZone":      s.SetZone(ctx, ann, "UTC"),
		"Take":         one(s.Take(ctx, noon, store.Delivery{Key: "k"})),
		"Finish":       s.Finish(ctx, noon, "k"),
		"Unfinished":   one(s.Unfinished(ctx, noon, 1)),
		"PutRoom":      one(s.PutRoom(ctx, store.TalkRoom{ID: "a"})),
		"TalkRooms":    one(s.TalkRooms(ctx)),
		"Say":          two(s.Say(ctx, store.TalkMessage{Room: "a"})),
		"TalkMessages": one(s.TalkMessages(ctx, "a", "", 1)),
		"Changes":      two(s.Changes(ctx, 0, 1)),
		"newest":       two(s.Changes(ctx, -1, 1)),
		"Fetch":        one(s.Fetch(ctx, "k")),
		"Keep":         s.Keep(ctx, "k", nil, nil),
		"Listed":       one(s.Listed(ctx, "k")),
		"Dump":         one(s.Dump(ctx, &bytes.Buffer{})),
		"Fill":         one(s.Fill(ctx, h.Rows(ctx))),
		"Erase":        one(s.Erase(ctx, noon, store.Erasure{Person: ann})),
		"erase stream": one(s.Erase(ctx, noon, store.Erasure{Stream: "incident/a"})),
		"Sweep":        one(s.Sweep(ctx, noon)),
		"Verify":       one(s.Verify(ctx, "incident/a")),
	} {
		kind(t, what, fault.Unavailable, err)
	}
}

func manyWords(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	var jobs []store.Job
	for i := range 60 {
		var b strings.Builder
		for j := range 350 {
			fmt.Fprintf(&b, "w%dx%d ", i, j)
		}
		h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", b.String())})
		jobs = append(jobs, once(fmt.Sprintf("%s/%d/echoes/say", id.Stream(), i), store.EchoLane))
	}
	recs := must(h.Unplanned(t.Context(), h.at, 0))(t, "Unplanned")
	ok(t, h.Planned(t.Context(), h.at, recs, jobs))
	same(t, "left", 0, len(must(h.Unplanned(t.Context(), h.at, 0))(t, "Unplanned")))
	same(t, "found by the last word of the last", 1, len(h.search("w59x349 w0x0", store.Filter{})))
	same(t, "jobs", 60, len(must(h.Claim(t.Context(), store.Claim{Now: h.at, Lanes: store.Lanes(), Owner: "a", Lease: time.Minute, Limit: 100}))(t, "Claim")))
}
