package storetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

func indexTests() []storeTest {
	return []storeTest{
		{"one is found by id, number and room", findOne},
		{"lists are newest first, and paged by number", listPages},
		{"open ones are listed apart", listOpen},
		{"lists are narrowed to a span of time", listSpan},
		{"a room follows its incident", roomFollows},
		{"summaries follow every change", func(t *testing.T, h *house) {
			id := h.declare("checkout is failing")
			w := h.does(bo, id.Stream(), incident.SeveritySet{To: incident.Sev1}, incident.RoleTaken{Role: incident.Commander, Person: bo})
			same(t, "summary", w.After.Summary(), h.summary(id))
		}},
	}
}

func titles(sums []incident.Summary) []string {
	var out []string
	for _, s := range sums {
		out = append(out, s.Title.String())
	}
	return out
}

func (h *house) list(f store.Filter) []string {
	h.t.Helper()
	return titles(must(h.List(h.t.Context(), f))(h.t, "List"))
}

func findOne(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	h.does(incident.House, id.Stream(), incident.RoomOpened{Room: incident.Room{Platform: "slack", ID: "C/1 ~%", Name: "inc-1"}})
	want := h.summary(id)
	same(t, "title", "checkout is failing", want.Title.Words)
	for what, find := range map[string]func() (incident.Summary, bool, error){
		"by number":      func() (incident.Summary, bool, error) { return h.ByNumber(t.Context(), 1) },
		"by room":        func() (incident.Summary, bool, error) { return h.ByRoom(t.Context(), "slack", "C/1 ~%", "") },
		"by its threads": func() (incident.Summary, bool, error) { return h.ByRoom(t.Context(), "slack", "C/1 ~%", "17.5") },
	} {
		got, found, err := find()
		ok(t, err)
		same(t, what+": found", true, found)
		same(t, what, want, got)
	}
	for what, find := range map[string]func() (incident.Summary, bool, error){
		"another number":   func() (incident.Summary, bool, error) { return h.ByNumber(t.Context(), 2) },
		"another room":     func() (incident.Summary, bool, error) { return h.ByRoom(t.Context(), "slack", "C", "1") },
		"another platform": func() (incident.Summary, bool, error) { return h.ByRoom(t.Context(), "discord", "C/1 ~%", "") },
		"another id":       func() (incident.Summary, bool, error) { return h.Summary(t.Context(), "none") },
	} {
		_, found, err := find()
		ok(t, err)
		same(t, what+": found", false, found)
	}
}

func listPages(t *testing.T, h *house) {
	for i := range 25 {
		h.declare(fmt.Sprint(i + 1))
	}
	same(t, "newest", []string{"25", "24", "23"}, h.list(store.Filter{Limit: 3}))
	same(t, "next page", []string{"22", "21", "20"}, h.list(store.Filter{Limit: 3, Before: 23}))
	same(t, "last page", []string{"2", "1"}, h.list(store.Filter{Limit: 3, Before: 3}))
	same(t, "all", 25, len(h.list(store.Filter{})))
}

func listOpen(t *testing.T, h *house) {
	a := h.declare("a")
	h.declare("b")
	h.does(bo, a.Stream(), incident.Resolution{How: text("", "rolled back"), From: incident.Triage})
	same(t, "open", []string{"b"}, h.list(store.Filter{OnlyOpen: true}))
	same(t, "all", []string{"b", "a"}, h.list(store.Filter{}))
	h.does(bo, a.Stream(), incident.Reopened{Why: text("", "back again"), From: incident.Resolved, To: incident.Investigating})
	same(t, "open again", []string{"b", "a"}, h.list(store.Filter{OnlyOpen: true}))
}

func listSpan(t *testing.T, h *house) {
	for _, title := range []string{"mon", "tue", "wed", "thu"} {
		h.declare(title)
		h.pass(24 * time.Hour)
	}
	same(t, "from", []string{"thu", "wed"}, h.list(store.Filter{From: noon.Add(48 * time.Hour)}))
	same(t, "to", []string{"tue", "mon"}, h.list(store.Filter{To: noon.Add(24 * time.Hour)}))
	same(t, "between", []string{"wed", "tue"}, h.list(store.Filter{From: noon.Add(time.Hour), To: noon.Add(50 * time.Hour)}))
	same(t, "newest of a span", []string{"wed"}, h.list(store.Filter{To: noon.Add(50 * time.Hour), Limit: 1}))
}

func roomFollows(t *testing.T, h *house) {
	a, b := h.declare("a"), h.declare("b")
	room := incident.Room{Platform: "discord", ID: "77", Adopted: true}
	h.does(bo, a.Stream(), incident.Adopted{Room: room})
	h.does(bo, b.Stream(), incident.Adopted{Room: incident.Room{Platform: "discord", ID: "77", Thread: "5", Adopted: true}})
	in := func(thread string) string {
		s, _, err := h.ByRoom(t.Context(), "discord", "77", thread)
		ok(t, err)
		return s.Title.Words
	}
	same(t, "in the room", "a", in(""))
	same(t, "in the thread that was adopted", "b", in("5"))
	same(t, "in another thread", "a", in("6"))
}

func privateTests() []storeTest {
	return []storeTest{
		{"others list, search and count nothing of it", privateUnseen},
		{"members come and go", privateMembers},
		{"making it private moves it out of every public set", madePrivate},
		{"making it public moves it back", madePublic},
		{"its sets are read only with a person in hand", privateSetsUnread},
		{"the count is right through every change", privateCount},
		{"linked persons see what each of them may know of", linkedSee},
	}
}

func privateUnseen(t *testing.T, h *house) {
	h.declare("public zebra")
	id := h.declare("secret zebra", private)
	h.plan()
	for who, want := range map[incident.PersonID]int{"": 1, ann: 2, cy: 1} {
		same(t, fmt.Sprintf("listed as %q", who), want, len(h.list(store.Filter{As: who})))
		same(t, fmt.Sprintf("open as %q", who), want, len(h.list(store.Filter{As: who, OnlyOpen: true})))
		same(t, fmt.Sprintf("in the span as %q", who), want, len(h.list(store.Filter{As: who, From: noon})))
		same(t, fmt.Sprintf("found as %q", who), want, len(h.search("zebra", store.Filter{As: who})))
	}
	same(t, "order", []string{"secret zebra", "public zebra"}, h.list(store.Filter{As: ann}))
	same(t, "count", 1, must(h.PrivateCount(t.Context()))(t, "PrivateCount"))
	same(t, "its members may know", true, h.summary(id).VisibleTo(ann))
}

func privateMembers(t *testing.T, h *house) {
	id := h.declare("secret", private)
	h.does(ann, id.Stream(), incident.MemberAdded{Person: cy, How: incident.Invited})
	same(t, "as a member", []string{"secret"}, h.list(store.Filter{As: cy}))
	h.does(ann, id.Stream(), incident.MemberRemoved{Person: cy})
	same(t, "as one no more", []string(nil), h.list(store.Filter{As: cy}))
	same(t, "as the declarer", []string{"secret"}, h.list(store.Filter{As: ann}))
}

func madePrivate(t *testing.T, h *house) {
	id := h.declare("zebra")
	h.plan()
	w := h.does(ann, id.Stream(), incident.PrivacySet{Private: true, Why: text("", "personal data"), Members: []incident.PersonID{ann}})
	same(t, "listed before it is planned", []string(nil), h.list(store.Filter{As: cy}))
	same(t, "found before it is planned", []string(nil), h.search("zebra", store.Filter{As: cy}))
	ok(t, h.Planned(t.Context(), h.at, w.Events, nil))
	for key := range rows(t, h.Store) {
		for _, set := range []string{"member open", "member all", "member when", "member w/"} {
			if strings.HasPrefix(key, set) && strings.Contains(key, string(id)) {
				t.Errorf("a private incident stands in %q", key)
			}
		}
	}
	for _, word := range []string{"zebra", "personal data"} {
		same(t, "found by a member", []string{"zebra"}, h.search(word, store.Filter{As: ann}))
	}
}

func madePublic(t *testing.T, h *house) {
	id := h.declare("zebra", private)
	h.does(ann, id.Stream(), incident.PrivacySet{Private: false, Why: text("", "nothing to hide")})
	h.plan()
	same(t, "listed", []string{"zebra"}, h.list(store.Filter{}))
	same(t, "open", []string{"zebra"}, h.list(store.Filter{OnlyOpen: true}))
	same(t, "found", []string{"zebra"}, h.search("zebra hide", store.Filter{}))
	same(t, "listed for a member once", []string{"zebra"}, h.list(store.Filter{As: ann}))
	for key := range rows(t, h.Store) {
		if strings.HasPrefix(key, "record wp/") || strings.HasPrefix(key, "member mine/") {
			t.Errorf("a public incident stands in %q", key)
		}
	}
}

// spy is a driver that notes what is read.
type spy struct {
	store.Driver
	mu   sync.Mutex
	read []string
}

func (s *spy) note(keys ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = append(s.read, keys...)
}

func (s *spy) Get(ctx context.Context, keys ...string) ([][]byte, error) {
	s.note(keys...)
	return s.Driver.Get(ctx, keys...)
}

func (s *spy) Range(ctx context.Context, q store.Range) ([]store.Member, error) {
	s.note(q.Set)
	return s.Driver.Range(ctx, q)
}

func privateSetsUnread(t *testing.T, h *house) {
	h.declare("public zebra")
	id := h.declare("secret zebra", private)
	h.plan()
	watcher := &spy{Driver: h.Driver()}
	s := store.New(watcher, store.Options{})
	must(s.List(t.Context(), store.Filter{}))(t, "List")
	must(s.List(t.Context(), store.Filter{OnlyOpen: true, From: noon}))(t, "List")
	must(s.Search(t.Context(), "zebra", store.Filter{}))(t, "Search")
	must(s.PrivateCount(t.Context()))(t, "PrivateCount")
	for _, key := range watcher.read {
		if strings.HasPrefix(key, "mine/") || strings.HasPrefix(key, "wp/") || strings.Contains(key, string(id)) {
			t.Errorf("without a person, %q was read", key)
		}
	}
	watcher.read = nil
	must(s.Search(t.Context(), "zebra", store.Filter{As: cy}))(t, "Search")
	for _, key := range watcher.read {
		if strings.Contains(key, string(id)) || (strings.HasPrefix(key, "mine/") && key != "mine/"+string(cy)) {
			t.Errorf("for somebody who is no member, %q was read", key)
		}
	}
}

func privateCount(t *testing.T, h *house) {
	count := func() int { return must(h.PrivateCount(t.Context()))(t, "PrivateCount") }
	a := h.declare("a", private)
	h.declare("b", private)
	c := h.declare("c")
	same(t, "declared", 2, count())
	h.does(ann, c.Stream(), incident.PrivacySet{Private: true, Why: text("", "x")})
	same(t, "one more", 3, count())
	h.does(ann, a.Stream(), incident.PrivacySet{Private: false, Why: text("", "x")})
	same(t, "one less", 2, count())
	h.does(ann, c.Stream(), incident.Resolution{From: incident.Triage})
	same(t, "ended ones count", 2, count())
}

func linkedSee(t *testing.T, h *house) {
	slack := incident.Account{Platform: "slack", Workspace: "T1", ID: "U1"}
	discord := incident.Account{Platform: "discord", Workspace: "G1", ID: "9"}
	a := must(h.Meet(t.Context(), slack, store.Seen{Name: "Ann"}))(t, "Meet")
	b := must(h.Meet(t.Context(), discord, store.Seen{Name: "ann9"}))(t, "Meet")
	one, two := h.declare("one zebra", private), h.declare("two zebra", private)
	h.does(ann, one.Stream(), incident.MemberAdded{Person: a.ID, How: incident.Invited})
	h.does(ann, two.Stream(), incident.MemberAdded{Person: b.ID, How: incident.Invited})
	h.plan()
	same(t, "before", []string{"one zebra"}, h.list(store.Filter{As: a.ID}))
	ok(t, h.Link(t.Context(), a.ID, b.ID))
	for _, id := range []incident.PersonID{a.ID, b.ID} {
		same(t, "after", []string{"two zebra", "one zebra"}, h.list(store.Filter{As: id}))
		same(t, "found", 2, len(h.search("zebra", store.Filter{As: id})))
	}
	if got := h.open(one.Stream()).State; !got.VisibleTo(b.ID) {
		t.Errorf("members %v do not hold who %s is now", got.Members, a.ID)
	}
}

func searchTests() []storeTest {
	return []storeTest{
		{"every word must be there, in any text", func(t *testing.T, h *house) {
			a := h.declare("Checkout is FAILING")
			h.does(bo, a.Stream(), incident.NoteAdded{Text: text("", "the disk of pay-03 is full")})
			h.declare("checkout is slow")
			h.plan()
			same(t, "one word", []string{"checkout is slow", "Checkout is FAILING"}, h.search("checkout", store.Filter{}))
			same(t, "two texts", []string{"Checkout is FAILING"}, h.search("full, CHECKOUT!", store.Filter{}))
			same(t, "cut alike", []string{"Checkout is FAILING"}, h.search("Pay-03", store.Filter{}))
			same(t, "never said", []string(nil), h.search("checkout elephant", store.Filter{}))
			same(t, "no word", []string(nil), h.search("  ?! ", store.Filter{}))
		}},
		{"services are words too", func(t *testing.T, h *house) {
			h.declare("down", services("billing-api"))
			h.plan()
			same(t, "found", []string{"down"}, h.search("billing", store.Filter{}))
		}},
		{"scripts without spaces and with marks are found", func(t *testing.T, h *house) {
			h.declare("决済が失敗 naïve Ёлка")
			h.plan()
			for _, q := range []string{"失敗", "NAÏVE", "ёлка"} {
				same(t, q, 1, len(h.search(q, store.Filter{})))
			}
		}},
		{"filters hold in searches", func(t *testing.T, h *house) {
			a := h.declare("zebra a")
			h.pass(time.Hour)
			h.declare("zebra b")
			h.declare("zebra c")
			h.does(bo, a.Stream(), incident.Resolution{From: incident.Triage})
			h.plan()
			same(t, "open", []string{"zebra c", "zebra b"}, h.search("zebra", store.Filter{OnlyOpen: true}))
			same(t, "before", []string{"zebra b", "zebra a"}, h.search("zebra", store.Filter{Before: 3}))
			same(t, "limit", []string{"zebra c"}, h.search("zebra", store.Filter{Limit: 1}))
			same(t, "span", []string{"zebra a"}, h.search("zebra", store.Filter{To: noon}))
		}},
	}
}

func (h *house) search(words string, f store.Filter) []string {
	h.t.Helper()
	return titles(must(h.Search(h.t.Context(), words, f))(h.t, "Search"))
}
