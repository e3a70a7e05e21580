package storetest

import (
	"bytes"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func slackUser(id string) incident.Account {
	return incident.Account{Platform: "slack", Workspace: "T1", ID: id}
}

func discordUser(id string) incident.Account {
	return incident.Account{Platform: "discord", Workspace: "G1", ID: id}
}

func (h *house) meet(a incident.Account, seen store.Seen) incident.Person {
	h.t.Helper()
	return must(h.Meet(h.t.Context(), a, seen))(h.t, "Meet")
}

func peopleTests() []storeTest {
	return []storeTest{
		{"the first sight makes a person, the next finds them", func(t *testing.T, h *house) {
			p := h.meet(slackUser("U1"), store.Seen{Name: "Ann", Zone: "Europe/Berlin"})
			same(t, "person", incident.Person{ID: p.ID, Name: "Ann", Zone: "Europe/Berlin", Accounts: []incident.Account{slackUser("U1")}}, p)
			same(t, "again", p, h.meet(slackUser("U1"), store.Seen{}))
			same(t, "renamed", "Ann B.", h.meet(slackUser("U1"), store.Seen{Name: "Ann B."}).Name)
			got, found, err := h.ByAccount(t.Context(), slackUser("U1"))
			ok(t, err)
			same(t, "found", true, found)
			same(t, "name", "Ann B.", got.Name)
			if other := h.meet(discordUser("U1"), store.Seen{}); other.ID == p.ID {
				t.Error("an account of another platform is the same person")
			}
			_, found, err = h.ByAccount(t.Context(), slackUser("U2"))
			ok(t, err)
			same(t, "never seen", false, found)
		}},
		{"an e-mail links only when both platforms vouch for it", emailLinks},
		{"two who turn out to have one e-mail become one", emailTwins},
		{"an e-mail that was somebody's is not taken over", emailTaken},
		{"at once, the first sight makes one person", meetAtOnce},
		{"linking makes an alias that every read resolves", linkResolves},
		{"links in a row lead to the last", linkChain},
		{"a zone is kept where the platform says none", func(t *testing.T, h *house) {
			p := h.meet(discordUser("9"), store.Seen{Name: "bo"})
			ok(t, h.SetZone(t.Context(), p.ID, "Asia/Tokyo"))
			same(t, "zone", "Asia/Tokyo", h.meet(discordUser("9"), store.Seen{Name: "bo"}).Zone)
			kind(t, "zone of nobody", fault.NotFound, h.SetZone(t.Context(), "p-none", "UTC"))
		}},
		{"everybody is listed once", func(t *testing.T, h *house) {
			a, b := h.meet(slackUser("U1"), store.Seen{Name: "a"}), h.meet(slackUser("U2"), store.Seen{Name: "b"})
			c := h.meet(slackUser("U3"), store.Seen{Name: "c"})
			ok(t, h.Link(t.Context(), b.ID, a.ID))
			must(h.Erase(t.Context(), h.at, store.Erasure{Person: c.ID}))(t, "Erase")
			all := must(h.Everybody(t.Context()))(t, "Everybody")
			if len(all) != 1 || all[0].ID != a.ID || len(all[0].Accounts) != 2 {
				t.Errorf("everybody: %+v, want Ann with two accounts", all)
			}
		}},
	}
}

func emailLinks(t *testing.T, h *house) {
	mail := func(vouched bool) store.Seen {
		return store.Seen{Name: "Ann", Email: " Ann@Example.org", Vouched: vouched}
	}
	a := h.meet(slackUser("U1"), mail(false))
	same(t, "an e-mail nobody vouches for", "", a.Email)
	b := h.meet(discordUser("1"), mail(true))
	if b.ID == a.ID {
		t.Error("one platform vouches, the other does not: they were linked")
	}
	c := h.meet(incident.Account{Platform: "console", ID: "ann"}, mail(true))
	same(t, "both vouch", b.ID, c.ID)
	same(t, "accounts", 2, len(c.Accounts))
	got, found, err := h.ByEmail(t.Context(), "ann@example.ORG ")
	ok(t, err)
	same(t, "found", true, found)
	same(t, "by e-mail", b.ID, got.ID)
}

func emailTwins(t *testing.T, h *house) {
	a := h.meet(slackUser("U1"), store.Seen{Name: "Ann"})
	b := h.meet(discordUser("1"), store.Seen{Name: "ann", Email: "ann@example.org", Vouched: true})
	now := h.meet(slackUser("U1"), store.Seen{Name: "Ann", Email: "ann@example.org", Vouched: true})
	same(t, "they are", b.ID, now.ID)
	old, found, err := h.Person(t.Context(), a.ID)
	ok(t, err)
	same(t, "found by the old id", true, found)
	same(t, "who that is", b.ID, old.ID)
}

func emailTaken(t *testing.T, h *house) {
	h.meet(slackUser("U1"), store.Seen{Name: "Ann", Email: "ann@example.org", Vouched: true})
	b := h.meet(slackUser("U2"), store.Seen{Name: "Bo", Email: "bo@example.org", Vouched: true})
	got := h.meet(slackUser("U2"), store.Seen{Name: "Bo", Email: "ann@example.org", Vouched: true})
	same(t, "still", b.ID, got.ID)
	same(t, "e-mail", "bo@example.org", got.Email)
	moved := h.meet(slackUser("U1"), store.Seen{Name: "Ann", Email: "a.new@example.org", Vouched: true})
	same(t, "her new e-mail", "a.new@example.org", moved.Email)
	_, found, err := h.ByEmail(t.Context(), "ann@example.org")
	ok(t, err)
	same(t, "the old one leads to somebody", false, found)
}

func meetAtOnce(t *testing.T, h *house) {
	var crowd sync.WaitGroup
	ids := make([]incident.PersonID, 12)
	for i := range ids {
		crowd.Go(func() {
			account := slackUser("U1")
			if i%2 == 1 {
				account = discordUser("1")
			}
			p, err := h.Meet(t.Context(), account, store.Seen{Name: "Ann", Email: "ann@example.org", Vouched: true})
			if err != nil {
				t.Error(err)
			}
			ids[i] = p.ID
		})
	}
	crowd.Wait()
	for i, id := range ids {
		same(t, fmt.Sprintf("person met by %d", i), ids[0], id)
	}
	same(t, "everybody", 1, len(must(h.Everybody(t.Context()))(t, "Everybody")))
}

func linkResolves(t *testing.T, h *house) {
	a, b := h.meet(slackUser("U1"), store.Seen{Name: "Ann"}), h.meet(discordUser("1"), store.Seen{Name: "ann9"})
	id := h.declare("checkout is failing")
	h.does(a.ID, id.Stream(), incident.RoleTaken{Role: incident.Commander, Person: a.ID}, incident.NoteAdded{Text: text("", "mine")})
	ok(t, h.Link(t.Context(), a.ID, b.ID))
	ok(t, h.Link(t.Context(), a.ID, b.ID))
	recs := h.load(id.Stream())
	same(t, "actor", b.ID, recs[1].Actor)
	same(t, "in the event", b.ID, recs[1].Event.(incident.RoleTaken).Person)
	same(t, "author", b.ID, recs[2].Event.(incident.NoteAdded).Text.Author)
	holder, _ := h.open(id.Stream()).State.Holder(incident.Commander)
	same(t, "holder", b.ID, holder.Person)
	same(t, "commander", b.ID, h.summary(id).Commander)
	same(t, "met", b.ID, h.meet(slackUser("U1"), store.Seen{}).ID)
	same(t, "broken at", incident.Version(0), must(h.Verify(t.Context(), id.Stream()))(t, "Verify"))
	kind(t, "linking to nobody", fault.NotFound, h.Link(t.Context(), b.ID, "p-none"))
}

func linkChain(t *testing.T, h *house) {
	a, b, c := h.meet(slackUser("U1"), store.Seen{}), h.meet(slackUser("U2"), store.Seen{}), h.meet(slackUser("U3"), store.Seen{})
	id := h.declare("checkout is failing")
	h.does(a.ID, id.Stream(), incident.NoteAdded{Text: text("", "x")})
	ok(t, h.Link(t.Context(), a.ID, b.ID))
	ok(t, h.Link(t.Context(), b.ID, c.ID))
	p, _, err := h.Person(t.Context(), a.ID)
	ok(t, err)
	same(t, "person", c.ID, p.ID)
	same(t, "accounts", 3, len(p.Accounts))
	same(t, "actor", c.ID, h.load(id.Stream())[1].Actor)
	ok(t, h.Link(t.Context(), c.ID, a.ID)) // they are one already
}

func inboxTests() []storeTest {
	return []storeTest{
		{"a delivery is taken once and given until it is worked off", inbox},
		{"deliveries are found by how their keys begin, and finished together", inboxOfMany},
		{"large deliveries do not all come at once", inboxOfLarge},
		{"facts of the installation are kept by compare-and-set", shelf},
	}
}

func inbox(t *testing.T, h *house) {
	d := store.Delivery{Key: "pagerduty/evt-1", Source: "pagerduty", Body: []byte("{\"a\":\xff}")}
	same(t, "fresh", true, must(h.Take(t.Context(), h.at, d))(t, "Take"))
	same(t, "again", false, must(h.Take(t.Context(), h.at, d))(t, "Take"))
	h.pass(time.Second)
	must(h.Take(t.Context(), h.at, store.Delivery{Key: "pagerduty/evt-2", Source: "pagerduty"}))(t, "Take")
	d.At = noon
	same(t, "taken before", []store.Delivery{d}, must(h.Unfinished(t.Context(), h.at, 10))(t, "Unfinished"))
	ok(t, h.Finish(t.Context(), h.at, d.Key))
	ok(t, h.Finish(t.Context(), h.at, d.Key))
	left := must(h.Unfinished(t.Context(), h.at.Add(time.Hour), 10))(t, "Unfinished")
	if len(left) != 1 || left[0].Key != "pagerduty/evt-2" {
		t.Errorf("unfinished: %+v", left)
	}
	same(t, "its key is still known", false, must(h.Take(t.Context(), h.at, d))(t, "Take"))
	must(h.Sweep(t.Context(), h.pass(7*24*time.Hour)))(t, "Sweep")
	same(t, "after seven days", true, must(h.Take(t.Context(), h.at, d))(t, "Take"))
	kind(t, "never taken", fault.NotFound, h.Finish(t.Context(), h.at, "none"))
	kind(t, "one of them never taken", fault.NotFound, h.Finish(t.Context(), h.at, d.Key, "none"))
	_, err := h.Take(t.Context(), h.at, store.Delivery{})
	kind(t, "no key", fault.Internal, err)
}

func inboxOfMany(t *testing.T, h *house) {
	var keys []string
	for i := range 250 {
		d := store.Delivery{Key: fmt.Sprintf("hook/generic/%03d", i), Source: "hook:generic", Body: []byte(strconv.Itoa(i))}
		keys = append(keys, d.Key)
		must(h.Take(t.Context(), h.pass(time.Millisecond), d))(t, "Take")
	}
	must(h.Take(t.Context(), h.pass(time.Millisecond), store.Delivery{Key: "slack/evt-1", Source: "slack"}))(t, "Take")
	count := func(limit int, begin ...string) int {
		return len(must(h.Unfinished(t.Context(), h.at.Add(time.Second), limit, begin...))(t, "Unfinished"))
	}
	same(t, "all", 251, count(0))
	same(t, "of one kind", 250, count(1000, "hook/"))
	same(t, "of two kinds", 251, count(1000, "hook/", "slack/"))
	same(t, "behind 250 others", 1, count(1, "slack/"))
	same(t, "of none", 0, count(10, "discord/"))
	first := must(h.Unfinished(t.Context(), h.at.Add(time.Second), 120, "hook/"))(t, "Unfinished")
	same(t, "the oldest first", "119", string(first[len(first)-1].Body))
	ok(t, h.Finish(t.Context(), h.at, append(keys[10:], keys[10])...)) // one of them named twice
	ok(t, h.Finish(t.Context(), h.at, keys[5:]...))                    // most of them once more
	ok(t, h.Finish(t.Context(), h.at))
	same(t, "left", 5, count(1000, "hook/"))
	same(t, "the other kind", 1, count(1000, "slack/"))
}

func inboxOfLarge(t *testing.T, h *house) {
	body := bytes.Repeat([]byte("x"), 1<<20)
	for i := range 20 {
		must(h.Take(t.Context(), h.pass(time.Millisecond), store.Delivery{Key: fmt.Sprintf("hook/%03d", i), Body: body}))(t, "Take")
	}
	some := must(h.Unfinished(t.Context(), h.at.Add(time.Second), 1000, "hook/"))(t, "Unfinished")
	if len(some) < 16 || len(some) >= 20 {
		t.Errorf("%d large ones came at once; memory must stay bounded", len(some))
	}
}

func shelf(t *testing.T, h *house) {
	get := func(key string) []byte { return must(h.Fetch(t.Context(), key))(t, "Fetch") }
	same(t, "nothing", []byte(nil), get("practice/1"))
	ok(t, h.Keep(t.Context(), "practice/1", nil, []byte("a")))
	refusal[*store.Changed](t, "made twice", h.Keep(t.Context(), "practice/1", nil, []byte("b")))
	refusal[*store.Changed](t, "from another value", h.Keep(t.Context(), "practice/1", []byte("x"), []byte("b")))
	ok(t, h.Keep(t.Context(), "practice/1", []byte("a"), []byte("b")))
	same(t, "value", []byte("b"), get("practice/1"))
	ok(t, h.Keep(t.Context(), "practice/2", nil, []byte{}))
	ok(t, h.Keep(t.Context(), "policy", nil, []byte("p")))
	same(t, "listed", []string{"practice/1", "practice/2"}, must(h.Listed(t.Context(), "practice/"))(t, "Listed"))
	ok(t, h.Keep(t.Context(), "practice/1", []byte("b"), nil))
	same(t, "taken away", []string{"practice/2"}, must(h.Listed(t.Context(), "practice/"))(t, "Listed"))
	same(t, "value", []byte(nil), get("practice/1"))
	kind(t, "no key", fault.Internal, h.Keep(t.Context(), "", nil, nil))
}
