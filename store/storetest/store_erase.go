package storetest

import (
	"strings"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// noWord walks everything kept and wants a word nowhere.
func noWord(t *testing.T, h *house, words ...string) {
	t.Helper()
	for key, value := range rows(t, h.Store) {
		for _, w := range words {
			if strings.Contains(strings.ToLower(key+" "+value), w) {
				t.Errorf("the word %q is still in %q: %s", w, key, value)
			}
		}
	}
}

func eraseTests() []storeTest {
	return []storeTest{
		{"of a person, no word is left anywhere", erasePerson},
		{"of an incident, no word is left anywhere", eraseIncident},
		{"an erasure is put on record and leaves the rest whole", eraseRecorded},
		{"of a deleted message, no captured word is left", eraseCapture},
		{"words that others used too are still found", eraseShared},
		{"a repeat of an erased request is still a repeat", eraseOutcome},
		{"an erased person who comes back is somebody new", eraseComeback},
		{"nobody and nothing cannot be erased", func(t *testing.T, h *house) {
			_, err := h.Erase(t.Context(), h.at, store.Erasure{})
			kind(t, "nothing said", fault.Invalid, err)
			_, err = h.Erase(t.Context(), h.at, store.Erasure{Person: "p-none"})
			kind(t, "nobody", fault.NotFound, err)
			_, err = h.Erase(t.Context(), h.at, store.Erasure{Stream: "incident/none"})
			kind(t, "no incident", fault.NotFound, err)
		}},
	}
}

// busy makes an incident full of one person's words: "quokka" everywhere.
func busy(t *testing.T, h *house) (incident.Person, incident.ID) {
	t.Helper()
	p := h.meet(incident.Account{Platform: "console", Workspace: "console", ID: "q-user"}, store.Seen{Name: "Quokka Quill", Email: "quokka@example.org", Vouched: true})
	id := h.declare("others speak")
	s := id.Stream()
	key := h.key()
	o := h.open(s)
	c := h.commit(key, p.ID)
	c.Outcome.Reply = []byte("noted: quokka")
	c.Writes = []store.Write{h.write(o, s, key, p.ID, incident.NoteAdded{Text: text("", "quokka in a note")},
		incident.Renamed{Title: text("", "quokka title"), Before: text(ann, "others speak")})}
	must(h.Commit(t.Context(), c))(t, "Commit")
	h.does(bo, s, incident.MessageCaptured{
		Message: incident.MessageRef{Platform: "console", Room: "r1", ID: "1"}, Text: text(p.ID, "quokka was captured"), How: "pin",
	})
	h.does(p.ID, s, incident.UpdatePosted{Update: 1, Text: text("", "quokka update"), Public: true})
	h.does(incident.House, s, incident.RoomOpened{Room: incident.Room{Platform: "console", ID: "r1"}})
	m := said("1", "quokka said", noon)
	m.Author, m.Text.Author = p.ID, p.ID
	ok(t, h.Hear(t.Context(), s, m))
	early := edited("2", "quokka too early", noon)
	early.Author = p.ID
	ok(t, h.Amend(t.Context(), s, early))
	h.room("r1", "inc-1")
	h.say("r1", "q-user", "quokka typed")
	must(h.Change(t.Context(), "r1", h.say("r1", "", "card").ID, func(m *store.TalkMessage) { m.Only, m.Body = "q-user", []byte("quokka reply") }))(t, "Change")
	h.plan()
	same(t, "found before", 1, len(h.search("quokka captured", store.Filter{})))
	return p, id
}

func erasePerson(t *testing.T, h *house) {
	p, id := busy(t, h)
	old := h.meet(discordUser("7"), store.Seen{Name: "quokka7"})
	h.does(old.ID, id.Stream(), incident.DecisionMade{Text: text("", "quokka decides")})
	h.plan()
	ok(t, h.Link(t.Context(), old.ID, p.ID))
	n := must(h.Erase(t.Context(), h.at, store.Erasure{Person: old.ID}))(t, "Erase")
	if n < 6 {
		t.Errorf("%d texts erased, want all of them", n)
	}
	noWord(t, h, "quokka", "quill")
	same(t, "found", 0, len(h.search("quokka", store.Filter{})))
	same(t, "others' words are found", 1, len(h.search("others speak", store.Filter{})))
	got, found, err := h.Person(t.Context(), p.ID)
	ok(t, err)
	same(t, "the id is known", true, found)
	same(t, "person", incident.Person{ID: p.ID, Erased: true}, got)
	same(t, "title", incident.ErasedWords, h.summary(id).Title.String())
	same(t, "again", 0, must(h.Erase(t.Context(), h.at, store.Erasure{Person: p.ID}))(t, "Erase"))
}

func eraseIncident(t *testing.T, h *house) {
	_, id := busy(t, h)
	other := h.declare("elsewhere wombat")
	h.plan()
	must(h.Erase(t.Context(), h.at, store.Erasure{Stream: id.Stream()}))(t, "Erase")
	for key, value := range rows(t, h.Store) {
		about := strings.HasPrefix(key, "record p/") || strings.HasPrefix(key, "record acct/") || strings.HasPrefix(key, "record mail/") || strings.HasPrefix(key, "record tm/")
		if !about && strings.Contains(key+value, "quokka") {
			t.Errorf("the word is still in %q: %s", key, value)
		}
	}
	for _, word := range []string{"quokka", "speak", "captured"} {
		same(t, word, 0, len(h.search(word, store.Filter{})))
	}
	for _, m := range must(h.TalkMessages(t.Context(), "r1", "", 10))(t, "TalkMessages") {
		if m.Text != "" || m.Body != nil || !m.Deleted {
			t.Errorf("a message of its room still reads %q", m.Text)
		}
	}
	same(t, "another incident", "elsewhere wombat", h.summary(other).Title.Words)
	same(t, "found", 1, len(h.search("wombat", store.Filter{})))
}

func eraseRecorded(t *testing.T, h *house) {
	p, id := busy(t, h)
	before := h.load(id.Stream())
	must(h.Erase(t.Context(), h.pass(time.Hour), store.Erasure{Person: p.ID}))(t, "Erase")
	after := h.load(id.Stream())
	last := after[len(after)-1]
	e, is := last.Event.(incident.Erased)
	if !is || e.Person != p.ID || e.Texts == 0 || last.Actor != incident.House || !last.Recorded.Equal(h.at) {
		t.Errorf("the last event is %+v", last)
	}
	same(t, "one more event", len(before)+1, len(after))
	same(t, "the declarer's words", "others speak", after[0].Event.(incident.Declared).Title.Words)
	same(t, "the note", true, after[1].Event.(incident.NoteAdded).Text.Erased)
	same(t, "broken at", incident.Version(0), must(h.Verify(t.Context(), id.Stream()))(t, "Verify"))
	same(t, "state is the fold", h.open(id.Stream()).State.Head, last.Version)
	unplanned := must(h.Unplanned(t.Context(), h.at, 10))(t, "Unplanned")
	same(t, "the event is to be planned", 1, len(unplanned))
}

func eraseCapture(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	s := id.Stream()
	ref := incident.MessageRef{Platform: "slack", Room: "C1", ID: "1"}
	w := h.does(bo, s, incident.MessageCaptured{Message: ref, Text: text(cy, "quokka password"), How: "pin"})
	entry := w.Events[0].Version
	h.does(bo, s, incident.CaptureFollowed{Entry: entry, Text: text(cy, "quokka edited")})
	h.does(bo, s, incident.EntryEdited{Entry: entry, Text: text("", "a quokka, they say"), Before: text(cy, "quokka edited")})
	h.does(bo, s, incident.NoteAdded{Text: text("", "a password was posted")})
	h.plan()
	h.does(incident.House, s, incident.CaptureFollowed{Entry: entry, Deleted: true})
	h.plan()
	noWord(t, h, "quokka")
	same(t, "found", 0, len(h.search("quokka", store.Filter{})))
	same(t, "found by others' words", 1, len(h.search("password", store.Filter{})))
	same(t, "the capture", true, h.load(s)[1].Event.(incident.MessageCaptured).Text.Erased)
}

func eraseShared(t *testing.T, h *house) {
	p := h.meet(slackUser("U1"), store.Seen{})
	id := h.declare("checkout is failing")
	h.does(p.ID, id.Stream(), incident.NoteAdded{Text: text("", "checkout wombat")})
	h.plan()
	must(h.Erase(t.Context(), h.at, store.Erasure{Person: p.ID}))(t, "Erase")
	same(t, "their own word", 0, len(h.search("wombat", store.Filter{})))
	same(t, "a word that the title has", 1, len(h.search("checkout", store.Filter{})))
}

func eraseOutcome(t *testing.T, h *house) {
	id := h.declare("checkout is failing")
	key := h.load(id.Stream())[0].Key
	must(h.Erase(t.Context(), h.at, store.Erasure{Stream: id.Stream()}))(t, "Erase")
	o := must(h.Open(t.Context(), key, id.Stream()))(t, "Open")
	if o.Outcome == nil || !o.Outcome.Repeat || o.Outcome.Reply != nil {
		t.Errorf("outcome %+v, want a repeat whose reply is gone", o.Outcome)
	}
}

func eraseComeback(t *testing.T, h *house) {
	a := h.meet(slackUser("U1"), store.Seen{Name: "Ann", Email: "ann@example.org", Vouched: true})
	must(h.Erase(t.Context(), h.at, store.Erasure{Person: a.ID}))(t, "Erase")
	_, found, err := h.ByEmail(t.Context(), "ann@example.org")
	ok(t, err)
	same(t, "found by e-mail", false, found)
	if b := h.meet(slackUser("U1"), store.Seen{Name: "Ann"}); b.ID == a.ID {
		t.Error("the erased person is back under the old id")
	}
}
