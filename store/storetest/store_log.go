package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func logTests() []storeTest {
	return []storeTest{
		{"a stream that does not exist has head 0", func(t *testing.T, h *house) {
			o := h.open("incident/none")
			same(t, "opened", store.Opened{}, o)
			same(t, "events", []incident.Recorded(nil), h.load("incident/none"))
		}},
		{"events come back as they were, with their words and a chain of hashes", eventsComeBack},
		{"the state is the fold of the events, words put back", stateIsTheFold},
		{"a state of other code is rebuilt from events", stateRebuilt},
		{"a summary of other code is rebuilt, and kept", summaryRebuilt},
		{"an event of a newer tocsin is kept and marks the state", newerEvent},
		{"streams beside incidents keep events and no state", besideIncidents},
		{"a head that moved on refuses the whole commit", headMoved},
		{"a room that another incident took over refuses the whole commit", roomMoved},
		{"several streams are written together or not at all", severalStreams},
		{"a refusal is kept without events", refusalKept},
		{"numbers are given once and without a gap", numbers},
		{"a declare whose stream is there is told so", declaredBefore},
		{"marks keep the newest value of each key, in order", marks},
		{"words never stand in events, states, summaries", wordsBeside},
		{"every kind of event comes back", everyKind},
		{"load reads on from a version", loadFrom},
	}
}

func eventsComeBack(t *testing.T, h *house) {
	id := h.declare("checkout <is> \"failing\" über alles 🔥", services("checkout", "pay"))
	h.pass(time.Minute)
	want := h.does(bo, id.Stream(),
		incident.Dated{At: noon.Add(-time.Hour), Event: incident.NoteAdded{Text: text("", "it began\nearlier")}},
		incident.MessageCaptured{Message: incident.MessageRef{Platform: "slack", Room: "C1", ID: "1.2"}, Text: text(cy, "disk is full"), How: "pin"},
	).Events
	got := h.load(id.Stream())
	if len(got) != 3 {
		t.Fatalf("%d events, want 3", len(got))
	}
	prev := ""
	for i, r := range got {
		if (r.Prev == "") != (i == 0) || (i > 0 && r.Prev == prev) {
			t.Errorf("event %d has previous hash %q after %q", i+1, r.Prev, prev)
		}
		prev = r.Prev
	}
	for i, w := range want {
		g := got[i+1]
		g.Prev = ""
		g.Event = incident.MapTexts(g.Event, func(t *incident.Text) { t.Hash = "" })
		same(t, fmt.Sprintf("event %d", i+2), w, g)
	}
}

func stateIsTheFold(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	h.does(bo, id.Stream(), incident.ImpactSet{Impact: text("", "nobody can pay")})
	h.pass(time.Minute)
	w := h.does(ann, id.Stream(), incident.Renamed{Title: text("", "payments are failing"), Before: text(ann, "checkout is failing")})
	o := h.open(id.Stream())
	same(t, "state", w.After, o.State)
	same(t, "head", incident.Version(3), o.Head)
	same(t, "title", "payments are failing", o.State.Title.String())
	same(t, "impact", "nobody can pay", o.State.Impact.String())
	sum := w.After.Summary()
	same(t, "summary", sum, h.summary(id))
}

func stateRebuilt(t *testing.T, h *house) {
	id := h.declare("checkout is failing", services("checkout"))
	w := h.does(bo, id.Stream(), incident.SeveritySet{To: incident.Sev2, Why: text("", "many are hit")})
	ok(t, h.Driver().Apply(t.Context(), store.Batch{Ops: []store.Op{
		{Kind: store.OpPut, Key: "s/" + string(id.Stream()), Value: []byte(`999999 {"title":"of another tocsin"}`)},
	}}))
	same(t, "rebuilt state", w.After, h.open(id.Stream()).State)
	h.madeByOthers(id, true)
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "again")})
	h.madeByOthers(id, false)
}

func summaryRebuilt(t *testing.T, h *house) {
	id := h.declare("checkout is failing", services("checkout"))
	h.does(bo, id.Stream(), incident.SeveritySet{To: incident.Sev2})
	want := h.summary(id)
	raw := must(h.Driver().Get(t.Context(), "m/"+string(id), "s/"+string(id.Stream())))(t, "Get")
	ok(t, h.Driver().Apply(t.Context(), store.Batch{Ops: []store.Op{
		{Kind: store.OpPut, Key: "m/" + string(id), Value: []byte(`999999 {}`)},
		{Kind: store.OpPut, Key: "s/" + string(id.Stream()), Value: []byte(`999999 {}`)},
	}}))
	same(t, "rebuilt", []incident.Summary{want}, must(h.List(t.Context(), store.Filter{}))(t, "List"))
	same(t, "written back", raw, must(h.Driver().Get(t.Context(), "m/"+string(id), "s/"+string(id.Stream())))(t, "Get"))
}

// madeByOthers wants the kept state to be of other code, or not.
func (h *house) madeByOthers(id incident.ID, want bool) {
	h.t.Helper()
	raw := must(h.Driver().Get(h.t.Context(), "s/"+string(id.Stream())))(h.t, "Get")
	same(h.t, "the kept state is of other code", want, strings.HasPrefix(string(raw[0]), "999999"))
}

func newerEvent(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	raw := []byte(`{"colour":"red"}`)
	h.does(bo, id.Stream(), incident.Unknown{Type: "painted", Raw: raw})
	got := h.load(id.Stream())[1]
	same(t, "event", incident.Event(incident.Unknown{Type: "painted", Raw: raw}), got.Event)
	if !h.open(id.Stream()).State.Newer {
		t.Error("the state does not say that a newer tocsin wrote to it")
	}
	same(t, "broken at", incident.Version(0), must(h.Verify(t.Context(), id.Stream()))(t, "Verify"))
}

func besideIncidents(t *testing.T, h *house) {
	stream := incident.Stream("person/" + string(ann))
	h.does(ann, stream, incident.ZoneSet{Zone: "Europe/Berlin"})
	h.does(ann, stream, incident.ZoneSet{Zone: "Asia/Tokyo"})
	o := h.open(stream)
	same(t, "head", incident.Version(2), o.Head)
	same(t, "state", incident.Incident{}, o.State)
	same(t, "newest", incident.Event(incident.ZoneSet{Zone: "Asia/Tokyo"}), h.load(stream)[1].Event)
}

func headMoved(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	stale := h.open(id.Stream())
	h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "first")})
	before := rows(t, h.Store)
	c := h.commit(h.key(), ann)
	c.Writes = []store.Write{h.write(stale, id.Stream(), c.Key, ann, incident.NoteAdded{Text: text("", "second")})}
	_, err := h.Commit(t.Context(), c)
	refusal[*store.Moved](t, "a commit on an old head", err)
	same(t, "rows", before, rows(t, h.Store))

	c.Writes[0].Token = "7:forged"
	_, err = h.Commit(t.Context(), c)
	kind(t, "a token that is not of this head", fault.Internal, err)
}

func roomMoved(t *testing.T, h *house) {
	room := incident.Room{Platform: "slack", ID: "C1", Name: "war"}
	one, two := h.declare("checkout is failing"), h.declare("search is slow")
	h.does(ann, one.Stream(), incident.RoomOpened{Room: room})
	note := func(key string) error {
		c := h.commit(key, bo)
		c.Writes = []store.Write{h.write(h.open(one.Stream()), one.Stream(), key, bo, incident.NoteAdded{Text: text("", "in "+key)})}
		c.Room = room
		_, err := h.Commit(t.Context(), c)
		return err
	}
	ok(t, note("while it is one's"))
	h.does(ann, two.Stream(), incident.Adopted{Room: room})
	err := note("after")
	refusal[*store.Moved](t, "a commit by the room", err)
	same(t, "what moved", "stream "+string(one.Stream())+" has moved on", err.Error())
	same(t, "events", 3, len(h.load(one.Stream())))
}

func severalStreams(t *testing.T, h *house) {
	a, b := h.declare("checkout is failing"), h.declare("payments are failing")
	oa, ob := h.open(a.Stream()), h.open(b.Stream())
	h.does(cy, b.Stream(), incident.NoteAdded{Text: text("", "meanwhile")})
	key := h.key()
	c := h.commit(key, ann)
	mine := incident.MergedInto{Into: b, Number: 2, From: incident.Triage}
	theirs := incident.MergeReceived{Other: a, Number: 1, Title: text("", "checkout is failing")}
	c.Writes = []store.Write{h.write(oa, a.Stream(), key, ann, mine), h.write(ob, b.Stream(), key, ann, theirs)}
	_, err := h.Commit(t.Context(), c)
	refusal[*store.Moved](t, "a merge into one that moved on", err)
	if moved, is := errors.AsType[*store.Moved](err); is && moved.Stream != b.Stream() {
		t.Errorf("moved on: %s, want %s", moved.Stream, b.Stream())
	}
	same(t, "head of the first", incident.Version(1), h.open(a.Stream()).Head)

	ob = h.open(b.Stream())
	c.Writes[1] = h.write(ob, b.Stream(), key, ann, theirs)
	done := must(h.Commit(t.Context(), c))(t, "merge")
	same(t, "status", incident.Merged, h.open(a.Stream()).State.Status)
	same(t, "tokens", []string{h.open(a.Stream()).Token, h.open(b.Stream()).Token}, done.Tokens)
	same(t, "title in the other stream", "checkout is failing", h.load(b.Stream())[2].Event.(incident.MergeReceived).Title.Words)
}

func refusalKept(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	o := h.open(id.Stream())
	c := h.commit(h.key(), bo)
	c.Writes = []store.Write{{Stream: id.Stream(), Head: o.Head, Token: o.Token, Before: o.State, After: o.State}}
	done := must(h.Commit(t.Context(), c))(t, "refusal")
	same(t, "token", []string{o.Token}, done.Tokens)
	same(t, "head", incident.Version(1), h.open(id.Stream()).Head)
	again := must(h.Open(t.Context(), c.Key, id.Stream()))(t, "Open")
	if again.Outcome == nil || string(again.Outcome.Reply) != string(c.Outcome.Reply) || !again.Outcome.Repeat {
		t.Errorf("outcome of the repeat: %+v", again.Outcome)
	}
	alone := h.commit(h.key(), bo) // of no stream at all
	must(h.Commit(t.Context(), alone))(t, "a refusal without a stream")
}

func numbers(t *testing.T, h *house) {
	same(t, "first", incident.Number(1), must(h.NextNumber(t.Context()))(t, "NextNumber"))
	for i := range 5 {
		id := h.declare(fmt.Sprintf("incident %d", i+1))
		same(t, "number", incident.Number(i+1), h.open(id.Stream()).State.Number)
	}
	key := h.key()
	c := h.commit(key, ann)
	c.Number = 3
	d := incident.Declared{Number: 3, Title: text("", "late")}
	c.Writes = []store.Write{h.write(store.Opened{}, incident.IDFor(key).Stream(), key, ann, d)}
	_, err := h.Commit(t.Context(), c)
	if moved, is := errors.AsType[*store.Moved](err); !is || moved.Stream != store.NumberStream {
		t.Errorf("a number that was taken: %v, want *store.Moved of %q", err, store.NumberStream)
	}
	same(t, "next", incident.Number(6), must(h.NextNumber(t.Context()))(t, "NextNumber"))
}

func declaredBefore(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	key := h.load(id.Stream())[0].Key
	must(h.Sweep(t.Context(), h.pass(8*24*time.Hour)))(t, "Sweep")
	o := must(h.Open(t.Context(), key, id.Stream()))(t, "Open")
	if o.Outcome != nil || o.Head != 1 || o.State.Number != 1 {
		t.Fatalf("after the key was swept: outcome %v, head %d, number %d; want the stream to answer from", o.Outcome, o.Head, o.State.Number)
	}
	c := h.commit(key, ann)
	c.Number = 2
	c.Writes = []store.Write{h.write(store.Opened{}, id.Stream(), key, ann, incident.Declared{Number: 2, Title: text("", "checkout is failing")})}
	_, err := h.Commit(t.Context(), c)
	if moved, is := errors.AsType[*store.Moved](err); !is || moved.Stream != id.Stream() {
		t.Errorf("declaring it again: %v, want *store.Moved of its stream", err)
	}
	same(t, "next number", incident.Number(2), must(h.NextNumber(t.Context()))(t, "NextNumber"))
}

func marks(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	put := func(ms ...incident.Mark) {
		key := h.key()
		o := h.open(id.Stream())
		c := h.commit(key, ann)
		w := h.write(o, id.Stream(), key, ann, incident.NoteAdded{Text: text("", "x")})
		w.Marks = ms
		c.Writes = []store.Write{w}
		must(h.Commit(t.Context(), c))(t, "marks")
	}
	odd := "capture/slack/C1/\x01\n" + strings.Repeat("long", 200)
	put(incident.Mark{Key: "item/000002", Value: "2"}, incident.Mark{Key: "item/000001", Value: "1"}, incident.Mark{Key: "follower/p-bo"}, incident.Mark{Key: odd[:17] + "x", Value: "9"})
	put(incident.Mark{Key: "item/000002", Value: "22"}, incident.Mark{Key: "follower/p-bo", Delete: true}, incident.Mark{Key: "done/000001", Value: "3"})
	same(t, "items", []incident.Mark{{Key: "item/000001", Value: "1"}, {Key: "item/000002", Value: "22"}}, must(h.Marks(t.Context(), id.Stream(), "item/"))(t, "Marks"))
	same(t, "one item", []incident.Mark{{Key: "item/000002", Value: "22"}}, must(h.Marks(t.Context(), id.Stream(), "item/000002"))(t, "Marks"))
	same(t, "followers", []incident.Mark(nil), must(h.Marks(t.Context(), id.Stream(), "follower/"))(t, "Marks"))
	same(t, "all", 4, len(must(h.Marks(t.Context(), id.Stream(), ""))(t, "Marks")))
	m, found, err := h.Mark(t.Context(), id.Stream(), "done/000001")
	ok(t, err)
	same(t, "mark", incident.Mark{Key: "done/000001", Value: "3"}, m)
	same(t, "found", true, found)
	_, found, err = h.Mark(t.Context(), id.Stream(), "follower/p-bo")
	ok(t, err)
	same(t, "a mark that was taken away", false, found)
}

func wordsBeside(t *testing.T, h *house) {
	id := h.declare("zebrafish")
	h.does(bo, id.Stream(), incident.UpdatePosted{Update: 1, Text: text("", "quokkas"), Public: true})
	h.does(bo, id.Stream(), incident.TaskAdded{Item: 1, Text: text("", "wombats")})
	h.plan()
	for key, value := range rows(t, h.Store) {
		for _, word := range []string{"zebrafish", "quokkas", "wombats"} {
			inside := strings.Contains(value, word)
			mayHold := strings.HasPrefix(key, "record t/")
			if inside && !mayHold {
				t.Errorf("row %q holds the word %q: %s", key, word, value)
			}
		}
	}
}

func everyKind(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	var sent []incident.Event
	for _, k := range incident.Kinds() {
		if _, again := k.Zero.(incident.Declared); !again {
			sent = append(sent, k.Zero)
		}
	}
	w := h.does(bo, id.Stream(), sent...)
	got := h.load(id.Stream())[1:]
	for i, r := range got {
		same(t, "event "+incident.NameOf(sent[i]), w.Events[i].Event, r.Event)
	}
	same(t, "events", len(sent), len(got))
}

func loadFrom(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	for i := range 6 {
		h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", fmt.Sprintf("note %d", i+2))})
	}
	got := must(h.Load(t.Context(), id.Stream(), 3, 2))(t, "Load")
	if len(got) != 2 || got[0].Version != 4 || got[1].Event.(incident.NoteAdded).Text.Words != "note 5" {
		t.Errorf("two events after version 3: %+v", got)
	}
}
