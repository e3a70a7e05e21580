package storetest

import (
	"fmt"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

const room = "C1"

// said is a message of the room.
func said(id, words string, at time.Time) incident.Spoken {
	return incident.Spoken{
		Room: incident.Room{Platform: "slack", ID: room}, Message: id, Author: bo,
		Text: incident.Text{Author: bo, Words: words}, At: at, Link: "https://example.org/" + id,
	}
}

func edited(id, words string, at time.Time) incident.Spoken {
	m := said(id, words, time.Time{})
	m.EditedAt = at
	return m
}

func deleted(id string, at time.Time) incident.Spoken {
	m := said(id, "", time.Time{})
	m.DeletedAt = at
	return m
}

func historyTests() []storeTest {
	const s incident.Stream = "incident/a"
	words := func(t *testing.T, h *house) []string {
		t.Helper()
		var out []string
		for _, m := range must(h.Messages(t.Context(), s, time.Time{}, 0))(t, "Messages") {
			out = append(out, m.Text.String())
		}
		return out
	}
	return []storeTest{
		{"messages come back as they were, oldest first", func(t *testing.T, h *house) {
			a, b := said("2", "second", noon.Add(time.Second)), said("1", "first", noon)
			a.Files = []incident.File{{Name: "graph.png", URL: "https://example.org/g", Type: "png"}}
			a.Thread, a.Bot = "1", true
			ok(t, h.Hear(t.Context(), s, a, b, b))
			same(t, "messages", []incident.Spoken{b, a}, must(h.Messages(t.Context(), s, time.Time{}, 0))(t, "Messages"))
			same(t, "said later", []incident.Spoken{a}, must(h.Messages(t.Context(), s, noon, 0))(t, "Messages"))
			same(t, "one", []incident.Spoken{b}, must(h.Messages(t.Context(), s, time.Time{}, 1))(t, "Messages"))
			got, found, err := h.Message(t.Context(), s, room, "2")
			ok(t, err)
			same(t, "found", true, found)
			same(t, "message", a, got)
			_, found, err = h.Message(t.Context(), s, "C2", "2")
			ok(t, err)
			same(t, "in another room", false, found)
		}},
		{"what is known is left alone", func(t *testing.T, h *house) {
			ok(t, h.Hear(t.Context(), s, said("1", "first", noon)))
			ok(t, h.Amend(t.Context(), s, edited("1", "edited", noon.Add(time.Minute))))
			ok(t, h.Hear(t.Context(), s, said("1", "read back", noon)))
			same(t, "words", []string{"edited"}, words(t, h))
		}},
		{"the newest edit wins, in any order", func(t *testing.T, h *house) {
			ok(t, h.Hear(t.Context(), s, said("1", "first", noon)))
			ok(t, h.Amend(t.Context(), s, edited("1", "newest", noon.Add(2*time.Minute))))
			ok(t, h.Amend(t.Context(), s, edited("1", "older", noon.Add(time.Minute))))
			same(t, "words", []string{"newest"}, words(t, h))
		}},
		{"a deletion takes the words and is the end", func(t *testing.T, h *house) {
			ok(t, h.Hear(t.Context(), s, said("1", "quokka", noon)))
			ok(t, h.Amend(t.Context(), s, deleted("1", noon.Add(time.Minute))))
			ok(t, h.Amend(t.Context(), s, edited("1", "quokka", noon.Add(time.Hour))))
			ok(t, h.Hear(t.Context(), s, said("1", "quokka", noon)))
			same(t, "words", []string{incident.ErasedWords}, words(t, h))
			noWord(t, h, "quokka")
		}},
		{"an edit before its message is applied when it comes", func(t *testing.T, h *house) {
			ok(t, h.Amend(t.Context(), s, edited("1", "edited", noon.Add(time.Minute))))
			same(t, "before it came", []string(nil), words(t, h))
			_, found, err := h.Message(t.Context(), s, room, "1")
			ok(t, err)
			same(t, "found before it came", false, found)
			ok(t, h.Hear(t.Context(), s, said("1", "first", noon)))
			same(t, "words", []string{"edited"}, words(t, h))
			must(h.Sweep(t.Context(), h.pass(90*24*time.Hour)))(t, "Sweep")
			same(t, "after a sweep", []string{"edited"}, words(t, h))
		}},
		{"a deletion before its message keeps its words out", func(t *testing.T, h *house) {
			ok(t, h.Amend(t.Context(), s, deleted("1", noon.Add(time.Minute))))
			ok(t, h.Hear(t.Context(), s, said("1", "quokka", noon)))
			same(t, "words", []string{incident.ErasedWords}, words(t, h))
			noWord(t, h, "quokka")
		}},
		{"hundreds said in one moment are all read, each once", func(t *testing.T, h *house) {
			var all []incident.Spoken
			for i := range 450 {
				all = append(all, said(fmt.Sprint(i), fmt.Sprint(i), noon.Add(time.Duration(i/400)*time.Second)))
			}
			ok(t, h.Hear(t.Context(), s, all...))
			seen := map[string]bool{}
			got := words(t, h)
			for _, w := range got {
				seen[w] = true
			}
			same(t, "messages", 450, len(got))
			same(t, "different ones", 450, len(seen))
		}},
		{"old messages are forgotten whole", func(t *testing.T, h *house) {
			var all []incident.Spoken
			for i := range 1200 {
				all = append(all, said(fmt.Sprint(i), "wombat", noon.Add(time.Duration(i)*time.Second)))
			}
			ok(t, h.Hear(t.Context(), s, all...))
			same(t, "forgotten", 1199, must(h.Forget(t.Context(), s, noon.Add(1199*time.Second)))(t, "Forget"))
			same(t, "left", []string{"wombat"}, words(t, h))
			same(t, "again", 0, must(h.Forget(t.Context(), s, noon.Add(1199*time.Second)))(t, "Forget"))
			same(t, "the last", 1, must(h.Forget(t.Context(), s, noon.Add(time.Hour)))(t, "Forget"))
			same(t, "rows", map[string]string{}, rows(t, h.Store))
		}},
	}
}

func (h *house) say(room, user, words string) store.TalkMessage {
	h.t.Helper()
	m, _, err := h.Say(h.t.Context(), store.TalkMessage{Room: room, User: user, Text: words, At: h.at})
	if err != nil {
		h.t.Fatalf("say in %s: %v", room, err)
	}
	return m
}

func (h *house) room(id, name string) store.TalkRoom {
	h.t.Helper()
	return must(h.PutRoom(h.t.Context(), store.TalkRoom{ID: id, Name: name, Made: h.at}))(h.t, "PutRoom")
}
