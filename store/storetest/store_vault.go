package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func vaultTests() []storeTest {
	return []storeTest{
		{"a dump restored is the same, byte for byte", dumpRestore},
		{"a copy is the same, byte for byte", copyAll},
		{"only an empty store is restored into", restoreEmpty},
		{"a row of 4 MiB is dumped and restored", func(t *testing.T, h *house) {
			ok(t, h.Keep(t.Context(), "big", nil, make([]byte, store.MaxValue)))
			to := fresh(t, h)
			must(to.Restore(t.Context(), h.at, bytes.NewReader(dumped(t, h))))(t, "Restore")
			same(t, "bytes", store.MaxValue, len(must(to.Fetch(t.Context(), "big"))(t, "Fetch")))
		}},
		{"a damaged dump restores nothing", restoreDamaged},
		{"old pages are parked after a restore", restorePages},
		{"a dump taken while others wrote is put right", restoreTorn},
		{"verify finds what was changed behind our back", verifyFinds},
		{"rows may be left before their end", func(t *testing.T, h *house) {
			h.declare("checkout is failing")
			n := 0
			for _, err := range h.Rows(t.Context()) {
				ok(t, err)
				if n++; n == 3 {
					break
				}
			}
			same(t, "rows", 3, n)
		}},
		{"a sweep removes what is over and nothing else", func(t *testing.T, h *house) {
			id := h.declare("checkout is failing")
			h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "x")})
			before := len(rows(t, h.Store))
			same(t, "too early", 0, must(h.Sweep(t.Context(), h.at.Add(time.Hour)))(t, "Sweep"))
			same(t, "two outcomes", 2, must(h.Sweep(t.Context(), h.at.Add(8*24*time.Hour)))(t, "Sweep"))
			same(t, "rows", before-4, len(rows(t, h.Store)))
			same(t, "again", 0, must(h.Sweep(t.Context(), h.at.Add(8*24*time.Hour)))(t, "Sweep"))
		}},
	}
}

// lived fills a store with some of everything.
func lived(t *testing.T, h *house) incident.ID {
	t.Helper()
	_, id := busy(t, h)
	h.declare("secret", private)
	h.owe(once(pageKey, store.PageLane), keptJob(cardKey, 3))
	h.settle(h.one(store.CardLane), store.Settlement{Ending: store.Waits, Drawn: 0})
	must(h.Take(t.Context(), h.at, store.Delivery{Key: "pd/1", Source: "pagerduty", Body: []byte("\x00\xff")}))(t, "Take")
	ok(t, h.Keep(t.Context(), "practice", nil, []byte{}))
	return id
}

func dumped(t *testing.T, h *house) []byte {
	t.Helper()
	var b bytes.Buffer
	n := must(h.Dump(t.Context(), &b))(t, "Dump")
	same(t, "rows said", bytes.Count(b.Bytes(), []byte("\n"))-2, n)
	return b.Bytes()
}

// fresh is a house on an empty driver in memory.
func fresh(t *testing.T, h *house) *house {
	t.Helper()
	return &house{Store: store.New(NewMemory(func() time.Time { return h.at }), store.Options{}), t: t, at: h.at, n: h.n}
}

func dumpRestore(t *testing.T, h *house) {
	id := lived(t, h)
	want := rows(t, h.Store)
	to := fresh(t, h)
	n := must(to.Restore(t.Context(), h.at, bytes.NewReader(dumped(t, h))))(t, "Restore")
	same(t, "rows said", len(want), n)
	got := rows(t, to.Store)
	same(t, "moment of the restore", h.at.Format(time.RFC3339Nano), got["record shelf/"+store.RestoredKey])
	delete(got, "record shelf/"+store.RestoredKey)
	delete(got, "member shelf "+store.RestoredKey)
	same(t, "rows", want, got)
	same(t, "timeline", h.load(id.Stream()), to.load(id.Stream()))
	to.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "life goes on")})
	same(t, "broken at", incident.Version(0), must(to.Verify(t.Context(), id.Stream()))(t, "Verify"))
}

func copyAll(t *testing.T, h *house) {
	from := fresh(t, h)
	lived(t, from)
	n := must(h.Fill(t.Context(), from.Rows(t.Context())))(t, "Fill")
	same(t, "rows said", len(rows(t, from.Store)), n)
	same(t, "rows", rows(t, from.Store), rows(t, h.Store))
	back := fresh(t, h)
	must(back.Fill(t.Context(), h.Rows(t.Context())))(t, "Fill")
	same(t, "rows after the way back", rows(t, from.Store), rows(t, back.Store))
}

func restoreEmpty(t *testing.T, h *house) {
	h.declare("checkout is failing")
	dump := dumped(t, h)
	before := rows(t, h.Store)
	_, err := h.Restore(t.Context(), h.at, bytes.NewReader(dump))
	kind(t, "a restore into a store that is not empty", fault.Conflict, err)
	same(t, "rows", before, rows(t, h.Store))
}

func restoreDamaged(t *testing.T, h *house) {
	from := fresh(t, h)
	from.declare("checkout is failing")
	dump := dumped(t, from)
	lines := bytes.SplitAfter(dump, []byte("\n"))
	swapped := bytes.Join(append([][]byte{lines[0], lines[2], lines[1]}, lines[3:]...), nil)
	for what, damaged := range map[string][]byte{
		"nothing":        {},
		"no dump":        []byte("{\"dump\":\"other\",\"format\":1}\n"),
		"a newer format": bytes.Replace(dump, []byte(`"format":1`), []byte(`"format":2`), 1),
		"cut off":        dump[:len(dump)-20],
		"without end":    bytes.Join(lines[:len(lines)-2], nil),
		"one bit":        flipped(dump, len(dump)/2),
		"lines swapped":  swapped,
		"more behind":    append(bytes.Clone(dump), "{}\n"...),
	} {
		if _, err := h.Restore(t.Context(), h.at, bytes.NewReader(damaged)); err == nil || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want it refused", what, err)
		}
	}
	same(t, "rows", map[string]string{}, rows(t, h.Store))
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 1
	return b
}

func restorePages(t *testing.T, h *house) {
	from := fresh(t, h)
	old := once("incident/a/1/pages/send", store.PageLane)
	from.owe(old, keptJob(cardKey, 1))
	timer := once("incident/a/1/pages/escalate", store.PageLane)
	timer.Due = noon.Add(40 * time.Minute)
	from.owe(timer)
	from.pass(20 * time.Minute)
	recent := once("incident/a/2/pages/send", store.PageLane)
	from.owe(recent)
	h.pass(30 * time.Minute)
	must(h.Restore(t.Context(), h.at, bytes.NewReader(dumped(t, from))))(t, "Restore")
	same(t, "parked", []string{old.Key}, keysOf(must(h.Jobs(t.Context(), store.JobFilter{State: store.OnHold}))(t, "Jobs")))
	same(t, "sent", []string{recent.Key, cardKey}, keysOf(h.claim(store.Lanes()...)))
	h.pass(10 * time.Minute)
	same(t, "later", true, len(h.claim(store.PageLane)) > 0)
}

// restoreTorn gives rows as a walk would that was overtaken by commits.
func restoreTorn(t *testing.T, h *house) {
	from := fresh(t, h)
	a, b := from.declare("grows after its head was read"), from.declare("head read after its events")
	from.plan()
	var before, after []store.Row
	for r, err := range from.Rows(t.Context()) {
		ok(t, err)
		before = append(before, r)
	}
	w := from.does(bo, a.Stream(), incident.NoteAdded{Text: text("", "late")}, incident.SeveritySet{To: incident.Sev1})
	from.does(bo, b.Stream(), incident.NoteAdded{Text: text("", "lost")})
	for r, err := range from.Rows(t.Context()) {
		ok(t, err)
		after = append(after, r)
	}
	isNew := func(r store.Row, s incident.Stream) bool {
		return r.Kind == "entry" && r.Key == string(s) && r.Score > 1
	}
	_, err := h.Fill(t.Context(), func(yield func(store.Row, error) bool) {
		for _, r := range before {
			if r.Key != "h/"+string(b.Stream()) && r.Key != "s/"+string(b.Stream()) && !yield(r, nil) {
				return
			}
		}
		for _, r := range after {
			late := isNew(r, a.Stream()) || strings.HasPrefix(r.Key, "t/") || r.Key == "h/"+string(b.Stream()) || r.Key == "s/"+string(b.Stream())
			if late && !yield(r, nil) {
				return
			}
		}
	})
	ok(t, err)
	same(t, "state of the first", w.After, h.open(a.Stream()).State)
	same(t, "summary of the first", w.After.Summary(), h.summary(a))
	same(t, "head of the second", incident.Version(1), h.open(b.Stream()).Head)
	var left []string
	for _, r := range must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned") {
		left = append(left, fmt.Sprintf("%s@%d", r.Stream, r.Version))
	}
	same(t, "unplanned", []string{fmt.Sprintf("%s@2", a.Stream()), fmt.Sprintf("%s@3", a.Stream())}, left)
	for _, id := range []incident.ID{a, b} {
		same(t, "broken at", incident.Version(0), must(h.Verify(t.Context(), id.Stream()))(t, "Verify"))
		h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", "life goes on")})
	}
}

func verifyFinds(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	for i := range 4 {
		h.does(bo, id.Stream(), incident.NoteAdded{Text: text("", fmt.Sprintf("note %d", i))})
	}
	s := id.Stream()
	check := func(what string, want incident.Version, ops ...store.Op) {
		t.Helper()
		to := fresh(t, h)
		var late []store.Row
		for r, err := range h.Rows(t.Context()) {
			ok(t, err)
			late = append(late, r)
		}
		must(to.Fill(t.Context(), func(yield func(store.Row, error) bool) {
			for _, r := range late {
				if !yield(r, nil) {
					return
				}
			}
		}))(t, "Fill")
		ok(t, to.Driver().Apply(t.Context(), store.Batch{Ops: ops}))
		same(t, what, want, must(to.Verify(t.Context(), s))(t, "Verify"))
	}
	entries := must(h.Driver().Entries(t.Context(), string(s), 0, 0))(t, "Entries")
	again := func(change func(v uint64, value []byte) []byte) []store.Op {
		ops := []store.Op{{Kind: store.OpDrop, Key: string(s)}}
		for _, e := range entries {
			if v := change(e.Version, e.Value); v != nil {
				ops = append(ops, store.Op{Kind: store.OpAppend, Key: string(s), Score: int64(e.Version), Value: v})
			}
		}
		return ops
	}
	check("nothing changed", 0)
	check("words changed", 3, store.Op{Kind: store.OpPut, Key: "t/" + string(s) + "/3.0", Value: []byte(`{"by":"p-bo","words":"forged","salt":"x"}`)})
	check("an actor changed", 4, again(func(v uint64, b []byte) []byte {
		if v == 3 {
			return bytes.Replace(b, []byte(`"actor":"p-bo"`), []byte(`"actor":"p-cy"`), 1)
		}
		return b
	})...)
	check("the last one changed", 5, again(func(v uint64, b []byte) []byte {
		if v == 5 {
			return bytes.Replace(b, []byte(`"actor":"p-bo"`), []byte(`"actor":"p-cy"`), 1)
		}
		return b
	})...)
	check("the last one taken", 5, again(func(v uint64, b []byte) []byte {
		if v == 5 {
			return nil
		}
		return b
	})...)
	check("one in the middle taken", 2, again(func(v uint64, b []byte) []byte {
		if v == 2 {
			return nil
		}
		return b
	})...)
	check("one that is no event", 3, again(func(v uint64, b []byte) []byte {
		if v == 3 {
			return []byte("{")
		}
		return b
	})...)
}
