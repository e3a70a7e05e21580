package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// RunStore holds the ports to their promises on one driver. Each call of open
// gives a store on an empty driver; the one who opens closes.
func RunStore(t *testing.T, open func(t *testing.T) *store.Store) {
	t.Helper()
	for _, part := range []struct {
		name  string
		tests []storeTest
	}{
		{"log", logTests()},
		{"keys", keyTests()},
		{"crowd", crowdedTests()},
		{"feed", feedTests()},
		{"ledger", ledgerTests()},
		{"settling", settleTests()},
		{"kept in step", keptTests()},
		{"waiting", waitTests()},
		{"index", indexTests()},
		{"private", privateTests()},
		{"search", searchTests()},
		{"reviews", reviewTests()},
		{"pictures", pictureTests()},
		{"history", historyTests()},
		{"people", peopleTests()},
		{"inbox and shelf", inboxTests()},
		{"talk", talkTests()},
		{"erasure", eraseTests()},
		{"vault", vaultTests()},
		{"trouble", troubleTests()},
		{"all at once", linearTests()},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			for _, test := range part.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(t, &house{Store: open(t), t: t, at: noon})
				})
			}
		})
	}
}

type storeTest struct {
	name string
	run  func(t *testing.T, h *house)
}

// noon is when every test begins.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// The people of the tests.
const (
	ann incident.PersonID = "p-ann"
	bo  incident.PersonID = "p-bo"
	cy  incident.PersonID = "p-cy"
)

// house is a store with a clock, and with the steps that a desk would take.
type house struct {
	*store.Store
	t  *testing.T
	at time.Time
	n  int // keys given so far
}

// twin is another replica on the same database.
func (h *house) twin() *house {
	return &house{Store: store.New(h.Driver(), store.Options{}), t: h.t, at: h.at, n: h.n + 1000}
}

func (h *house) pass(d time.Duration) time.Time {
	h.at = h.at.Add(d)
	return h.at
}

func (h *house) key() string {
	h.n++
	return fmt.Sprintf("console/tests/%d", h.n)
}

func text(author incident.PersonID, words string) incident.Text {
	return incident.Text{Author: author, Words: words}
}

// declare makes an incident with a title.
func (h *house) declare(title string, more ...func(*incident.Declared)) incident.ID {
	h.t.Helper()
	key := h.key()
	id := incident.IDFor(key)
	for {
		n, err := h.NextNumber(h.t.Context())
		if err != nil {
			h.t.Fatalf("NextNumber: %v", err)
		}
		d := incident.Declared{Number: n, Title: text("", title), Commander: ann}
		for _, f := range more {
			f(&d)
		}
		c := h.commit(key, ann)
		c.Number = n
		c.Writes = []store.Write{h.write(store.Opened{}, id.Stream(), key, ann, d)}
		_, err = h.Commit(h.t.Context(), c)
		if _, moved := errors.AsType[*store.Moved](err); moved {
			continue
		}
		if err != nil {
			h.t.Fatalf("declare %q: %v", title, err)
		}
		return id
	}
}

func private(d *incident.Declared) { d.Private = true }

func services(names ...string) func(*incident.Declared) {
	return func(d *incident.Declared) {
		for _, n := range names {
			d.Services = append(d.Services, incident.Service{Name: n})
		}
	}
}

func (h *house) commit(key string, by incident.PersonID) store.Commit {
	return store.Commit{
		Key: key, Print: "print of " + key, Asker: by, At: h.at,
		Outcome: store.Outcome{Reply: []byte("reply to " + key), At: h.at},
	}
}

// write turns events into what a commit does to a stream.
func (h *house) write(o store.Opened, s incident.Stream, key string, by incident.PersonID, events ...incident.Event) store.Write {
	meta := incident.Meta{Recorded: h.at, Actor: by, Account: "console:console:" + string(by), Key: key, Policy: "default"}
	w := store.Write{
		Stream: s, Head: o.Head, Token: o.Token, Before: o.State, After: o.State,
		Events: incident.Record(s, o.Head, meta, events),
	}
	for _, r := range w.Events {
		w.After = w.After.Apply(r)
		w.Marks = append(w.Marks, incident.Marks(r)...)
	}
	if _, ok := s.Incident(); !ok {
		w.Before, w.After = incident.Incident{}, incident.Incident{}
	}
	return w
}

func (h *house) open(s incident.Stream) store.Opened {
	h.t.Helper()
	o, err := h.Open(h.t.Context(), "", s)
	if err != nil {
		h.t.Fatalf("open %s: %v", s, err)
	}
	return o
}

// does appends events to a stream, deciding again when it moved on.
func (h *house) does(by incident.PersonID, s incident.Stream, events ...incident.Event) store.Write {
	h.t.Helper()
	key := h.key()
	for {
		o := h.open(s)
		c := h.commit(key, by)
		w := h.write(o, s, key, by, events...)
		c.Writes = []store.Write{w}
		_, err := h.Commit(h.t.Context(), c)
		if _, moved := errors.AsType[*store.Moved](err); moved {
			continue
		}
		if err != nil {
			h.t.Fatalf("%s appends to %s: %v", by, s, err)
		}
		return w
	}
}

func (h *house) load(s incident.Stream) []incident.Recorded {
	h.t.Helper()
	recs, err := h.Load(h.t.Context(), s, 0, 0)
	if err != nil {
		h.t.Fatalf("load %s: %v", s, err)
	}
	return recs
}

// plan takes everything off the feed, owing nothing.
func (h *house) plan() {
	h.t.Helper()
	recs := must(h.Unplanned(h.t.Context(), h.at.Add(time.Hour), 1000))(h.t, "Unplanned")
	ok(h.t, h.Planned(h.t.Context(), h.at, recs, nil))
}

func (h *house) summary(id incident.ID) incident.Summary {
	h.t.Helper()
	s, found, err := h.Summary(h.t.Context(), id)
	if err != nil || !found {
		h.t.Fatalf("summary of %s: found %v, %v", id, found, err)
	}
	return s
}

// must gives a result, or ends the test.
func must[T any](v T, err error) func(t *testing.T, doing string) T {
	return func(t *testing.T, doing string) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", doing, err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.EquateErrors()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// refusal wants an error that is a T.
func refusal[T error](t *testing.T, what string, err error) {
	t.Helper()
	if _, is := errors.AsType[T](err); !is {
		var want T
		t.Errorf("%s: %v, want %T", what, err, want)
	}
}

func kind(t *testing.T, what string, want fault.Kind, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("%s: %v, want a fault of kind %s", what, err, want)
	}
}

// rows reads everything kept, as lines.
func rows(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	for r, err := range s.Rows(t.Context()) {
		ok(t, err)
		key := r.Kind + " " + r.Key
		switch r.Kind {
		case "entry":
			key += fmt.Sprintf(" @%d", r.Score)
			out[key] = string(r.Value)
		case "member":
			out[key+" "+r.Name] = fmt.Sprint(r.Score)
		default:
			out[key] = string(r.Value)
		}
	}
	return out
}
