package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func keyTests() []storeTest {
	return []storeTest{
		{"a repeat gives the first outcome, byte for byte", repeatEqual},
		{"the same key at once gives one outcome to all", sameKeyAtOnce},
		{"a key used for other words is refused", keyReused},
		{"a job's key is kept for ever and has no reply", jobKeyKept},
		{"request keys are kept seven days", keysExpire},
		{"request and job keys do not meet", keysApart},
		{"requests that go along are settled each under its own key", along},
		{"a key of those that go along that was met before refuses the whole commit", alongMet},
		{"a commit needs a key", func(t *testing.T, h *house) {
			_, err := h.Commit(t.Context(), store.Commit{At: h.at})
			kind(t, "a commit without a key", fault.Internal, err)
		}},
		{"keys of any shape are kept", oddRequestKeys},
	}
}

func repeatEqual(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	o := h.open(id.Stream())
	c := h.commit(h.key(), bo)
	c.Outcome.Reply = []byte("{\"a\": 1}\n\x00\xff two lines\n")
	c.Writes = []store.Write{h.write(o, id.Stream(), c.Key, bo, incident.NoteAdded{Text: text("", "once")})}
	must(h.Commit(t.Context(), c))(t, "first")
	again := c
	again.Outcome = store.Outcome{Reply: []byte("another reply"), At: h.at.Add(time.Hour)}
	got := must(h.Commit(t.Context(), again))(t, "repeat")
	same(t, "outcome", store.Outcome{Reply: c.Outcome.Reply, At: c.Outcome.At, Repeat: true}, got.Outcome)
	opened := must(h.Open(t.Context(), c.Key, id.Stream()))(t, "Open")
	same(t, "opened outcome", got.Outcome, *opened.Outcome)
	same(t, "print", c.Print, opened.Print)
	same(t, "head", incident.Version(2), h.open(id.Stream()).Head)
}

// shared is a commit of three requests, a note each.
func (h *house) shared(id incident.ID) store.Commit {
	c := h.commit(h.key(), bo)
	c.Outcome.Reply = []byte("first")
	w := h.write(h.open(id.Stream()), id.Stream(), c.Key, bo, incident.NoteAdded{Text: text("", "first")})
	for _, words := range []string{"second", "third"} {
		key := h.key()
		after := store.Opened{Head: w.Head + incident.Version(len(w.Events)), State: w.After}
		next := h.write(after, id.Stream(), key, cy, incident.NoteAdded{Text: text("", words)})
		w.Events, w.Marks, w.After = append(w.Events, next.Events...), append(w.Marks, next.Marks...), next.After
		c.Along = append(c.Along, store.Settles{Key: key, Print: "print of " + words, Asker: cy, Outcome: store.Outcome{Reply: []byte(words), At: h.at}})
	}
	c.Writes = []store.Write{w}
	return c
}

func along(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	c := h.shared(id)
	must(h.Commit(t.Context(), c))(t, "three at once")
	same(t, "head", incident.Version(4), h.open(id.Stream()).Head)
	recs := h.load(id.Stream())
	for i, a := range c.Along {
		met := must(h.Open(t.Context(), a.Key, id.Stream()))(t, "Open")
		if met.Outcome == nil {
			t.Fatalf("the key of %s is not known", a.Outcome.Reply)
		}
		same(t, "reply", string(a.Outcome.Reply), string(met.Outcome.Reply))
		same(t, "print", a.Print, met.Print)
		same(t, "key of its event", a.Key, recs[i+2].Key)
	}
	again := must(h.Commit(t.Context(), c))(t, "the same again")
	same(t, "repeat", true, again.Outcome.Repeat)
	same(t, "head", incident.Version(4), h.open(id.Stream()).Head)
	twice := h.shared(id)
	twice.Along[1].Key = twice.Along[0].Key
	_, err := h.Commit(t.Context(), twice)
	kind(t, "one key twice", fault.Internal, err)
	same(t, "head", incident.Version(4), h.open(id.Stream()).Head)
}

func alongMet(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	c := h.shared(id)
	alone := h.commit(c.Along[1].Key, cy)
	alone.Writes = []store.Write{h.write(h.open(id.Stream()), id.Stream(), alone.Key, cy, incident.NoteAdded{Text: text("", "third")})}
	must(h.Commit(t.Context(), alone))(t, "one of them by itself")
	w := h.shared(id).Writes[0] // on the head as it is now
	c.Writes[0].Head, c.Writes[0].Token, c.Writes[0].Before, c.Writes[0].After = w.Head, w.Token, w.Before, w.After
	for i := range c.Writes[0].Events {
		c.Writes[0].Events[i].Version++
	}
	_, err := h.Commit(t.Context(), c)
	if m, moved := errors.AsType[*store.Moved](err); !moved || m.Stream != id.Stream() {
		t.Fatalf("committed with a key that was met: %v", err)
	}
	same(t, "head", incident.Version(2), h.open(id.Stream()).Head)
	if o := must(h.Open(t.Context(), c.Along[0].Key, id.Stream()))(t, "Open"); o.Outcome != nil {
		t.Error("a request of a refused commit is settled")
	}
}

func sameKeyAtOnce(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	key := h.key()
	var crowd sync.WaitGroup
	replies := make([]string, 24)
	firsts := make([]bool, len(replies))
	for i := range replies {
		crowd.Go(func() {
			for {
				o, err := h.Open(t.Context(), key, id.Stream())
				if err != nil {
					t.Error(err)
					return
				}
				if o.Outcome != nil {
					replies[i] = string(o.Outcome.Reply)
					return
				}
				c := h.commit(key, bo)
				c.Outcome.Reply = fmt.Appendf(nil, "reply %d", i)
				c.Writes = []store.Write{h.write(o, id.Stream(), key, bo, incident.NoteAdded{Text: text("", "once")})}
				done, err := h.Commit(t.Context(), c)
				if _, moved := errors.AsType[*store.Moved](err); moved {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				replies[i], firsts[i] = string(done.Outcome.Reply), !done.Outcome.Repeat
				return
			}
		})
	}
	crowd.Wait()
	n := 0
	for i := range replies {
		if firsts[i] {
			n++
		}
		if replies[i] != replies[0] {
			t.Errorf("answer %d is %q, answer 0 is %q", i, replies[i], replies[0])
		}
	}
	same(t, "commits that were the first", 1, n)
	same(t, "events", 2, len(h.load(id.Stream())))
}

func keyReused(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	c := h.commit(h.key(), bo)
	o := h.open(id.Stream())
	c.Writes = []store.Write{h.write(o, id.Stream(), c.Key, bo, incident.NoteAdded{Text: text("", "mine")})}
	must(h.Commit(t.Context(), c))(t, "first")
	c.Print = "another user, room or text"
	_, err := h.Commit(t.Context(), c)
	refusal[*store.Reused](t, "the same key for another request", err)
}

func jobKeyKept(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	key := string(id.Stream()) + "/1/rooms/open"
	c := store.Commit{Key: key, Job: true, At: h.at}
	c.Writes = []store.Write{h.write(h.open(id.Stream()), id.Stream(), key, incident.House, incident.RoomOpened{Room: incident.Room{Platform: "console", ID: "r1"}})}
	must(h.Commit(t.Context(), c))(t, "first")
	must(h.Sweep(t.Context(), h.pass(400*24*time.Hour)))(t, "Sweep")
	c.Writes = []store.Write{h.write(h.open(id.Stream()), id.Stream(), key, incident.House, incident.RoomOpened{Room: incident.Room{Platform: "console", ID: "r2"}})}
	got := must(h.Commit(t.Context(), c))(t, "repeat after a year")
	if !got.Outcome.Repeat || got.Outcome.Reply != nil {
		t.Errorf("outcome %+v, want a repeat without reply", got.Outcome)
	}
	same(t, "events", 2, len(h.load(id.Stream())))
	if o := must(h.Open(t.Context(), key, id.Stream()))(t, "Open"); o.Outcome == nil {
		t.Error("Open does not know the job's key")
	}
}

func keysExpire(t *testing.T, h *house) {
	c := h.commit(h.key(), bo)
	must(h.Commit(t.Context(), c))(t, "first")
	must(h.Sweep(t.Context(), h.at.Add(7*24*time.Hour-time.Second)))(t, "Sweep")
	if o := must(h.Open(t.Context(), c.Key, "incident/x"))(t, "Open"); o.Outcome == nil {
		t.Error("the outcome is gone before seven days")
	}
	same(t, "swept", 1, must(h.Sweep(t.Context(), h.at.Add(7*24*time.Hour)))(t, "Sweep"))
	if o := must(h.Open(t.Context(), c.Key, "incident/x"))(t, "Open"); o.Outcome != nil {
		t.Error("the outcome is there after seven days")
	}
	same(t, "rows left", map[string]string{}, rows(t, h.Store))
}

func keysApart(t *testing.T, h *house) {
	c := h.commit("incident/x/1/pages/send", bo)
	must(h.Commit(t.Context(), c))(t, "a request with a job's key")
	got := must(h.Commit(t.Context(), store.Commit{Key: c.Key, Job: true, At: h.at}))(t, "the job")
	same(t, "the job is a repeat", false, got.Outcome.Repeat)
}

func oddRequestKeys(t *testing.T, h *house) {
	for _, key := range []string{"a b", "with\nnewline", "\xff\xfe broken", strings.Repeat("k", 3000), "~tilde", "k/", "ünï"} {
		c := h.commit(key, bo)
		same(t, "first is a repeat", false, must(h.Commit(t.Context(), c))(t, key).Outcome.Repeat)
		same(t, "second is a repeat", true, must(h.Commit(t.Context(), c))(t, key).Outcome.Repeat)
	}
}

func crowdedTests() []storeTest {
	return []storeTest{
		{"hundreds of writers on one stream lose nothing", manyWriters},
		{"two replicas decide again when the other was faster", twoReplicas},
		{"declares at once get one number each", manyDeclares},
	}
}

func manyWriters(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	const writers = 200
	var crowd sync.WaitGroup
	gate := make(chan struct{}, 8) // as a desk lets one of its own at a time; the rest are other replicas
	for i := range writers {
		crowd.Go(func() {
			key := fmt.Sprintf("writer/%d", i)
			for {
				gate <- struct{}{}
				o, err := h.Open(t.Context(), key, id.Stream())
				if err == nil && o.Outcome == nil {
					c := h.commit(key, bo)
					c.Writes = []store.Write{h.write(o, id.Stream(), key, bo, incident.NoteAdded{Text: text("", key)})}
					_, err = h.Commit(t.Context(), c)
				}
				<-gate
				if _, moved := errors.AsType[*store.Moved](err); moved {
					continue
				}
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
				return
			}
		})
	}
	crowd.Wait()
	seen := map[string]bool{}
	for i, r := range h.load(id.Stream()) {
		if r.Version != incident.Version(i+1) {
			t.Fatalf("event %d has version %d", i+1, r.Version)
		}
		if n, is := r.Event.(incident.NoteAdded); is {
			if n.Text.Words != r.Key || seen[r.Key] {
				t.Errorf("note %q under key %q, seen before: %v", n.Text.Words, r.Key, seen[r.Key])
			}
			seen[r.Key] = true
		}
	}
	same(t, "notes", writers, len(seen))
	same(t, "broken at", incident.Version(0), must(h.Verify(t.Context(), id.Stream()))(t, "Verify"))
}

func twoReplicas(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	var both sync.WaitGroup
	for _, replica := range []*house{h.twin(), {Store: h.Store, t: t, at: h.at, n: 5000}} {
		both.Go(func() {
			for range 30 {
				replica.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "from one of two")})
			}
		})
	}
	both.Wait()
	same(t, "events", 61, len(h.load(id.Stream())))
	same(t, "head", incident.Version(61), h.open(id.Stream()).State.Head)
}

func manyDeclares(t *testing.T, h *house) {
	var crowd sync.WaitGroup
	for i := range 20 {
		crowd.Go(func() {
			one := &house{Store: h.Store, t: t, at: h.at, n: 100 * (i + 1)}
			one.declare(fmt.Sprintf("incident of %d", i))
		})
	}
	crowd.Wait()
	list := must(h.List(t.Context(), store.Filter{Limit: 50}))(t, "List")
	seen := map[incident.Number]bool{}
	for _, s := range list {
		seen[s.Number] = true
	}
	same(t, "numbers", 20, len(seen))
	same(t, "next", incident.Number(21), must(h.NextNumber(t.Context()))(t, "NextNumber"))
}
