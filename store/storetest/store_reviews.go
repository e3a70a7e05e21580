package storetest

import (
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/store"
)

func reviewTests() []storeTest {
	return []storeTest{
		{"a review's words lead to its incident", reviewWords},
		{"a private incident's review is found by its members alone", reviewPrivate},
		{"erasing an incident erases its review", reviewErased},
		{"a room's tenure follows who has it", reviewTenure},
	}
}

func published(words ...string) incident.ReviewPublished {
	p := incident.ReviewPublished{Version: 1}
	for _, w := range words {
		p.Lines = append(p.Lines, incident.ReviewFrozen{Section: "summary", Key: "summary/1", Text: text(bo, w)})
	}
	return p
}

func reviewWords(t *testing.T, h *house) {
	id := h.declare("docs are down")
	h.declare("carts are empty")
	h.does(bo, id.ReviewStream(), incident.ReviewStarted{Incident: id, Number: 1}, published("the axolotl cache was purged", "nobody had an alarm"))
	h.does(bo, id.ReviewStream(), incident.ReviewLineAdded{Line: "own/1", Section: "factors", Text: text(bo, "a narwhal in the config")})
	h.plan()
	for _, q := range []string{"axolotl", "alarm", "narwhal", "docs axolotl"} {
		same(t, q, []string{"docs are down"}, h.search(q, store.Filter{}))
	}
}

func reviewPrivate(t *testing.T, h *house) {
	id := h.declare("docs are down")
	h.does(bo, id.ReviewStream(), incident.ReviewStarted{Incident: id, Number: 1}, published("the axolotl cache"))
	h.plan()
	h.does(bo, id.Stream(), incident.MemberAdded{Person: cy, How: incident.Invited}, incident.PrivacySet{Private: true, Why: text(bo, "names"), Members: []incident.PersonID{bo, cy}})
	h.plan()
	same(t, "by nobody", []string(nil), h.search("axolotl", store.Filter{}))
	same(t, "by a member", []string{"docs are down"}, h.search("axolotl", store.Filter{As: cy}))
	h.does(bo, id.ReviewStream(), published("a narwhal"))
	h.plan()
	same(t, "later words, by nobody", []string(nil), h.search("narwhal", store.Filter{}))
	same(t, "later words, by a member", []string{"docs are down"}, h.search("narwhal", store.Filter{As: cy}))
}

func reviewErased(t *testing.T, h *house) {
	id := h.declare("docs are down")
	h.does(bo, id.ReviewStream(), incident.ReviewStarted{Incident: id, Number: 1}, published("the axolotl cache"))
	h.plan()
	must(h.Erase(t.Context(), h.at, store.Erasure{Stream: id.Stream()}))(t, "Erase")
	h.plan()
	same(t, "found", []string(nil), h.search("axolotl", store.Filter{}))
	recs := h.load(id.ReviewStream())
	for _, r := range recs {
		incident.MapTexts(r.Event, func(w *incident.Text) {
			if w.Words != "" {
				t.Errorf("version %d still says %q", r.Version, w.Words)
			}
		})
	}
	if _, is := recs[len(recs)-1].Event.(incident.Erased); !is {
		t.Errorf("that it was erased is not on record: %T", recs[len(recs)-1].Event)
	}
}

func reviewTenure(t *testing.T, h *house) {
	room := incident.Room{Platform: "slack", ID: "C/1 ~%"}
	a := h.declare("docs are down")
	since := h.pass(time.Hour)
	h.does(bo, a.Stream(), incident.Adopted{Room: room})
	over := h.pass(time.Hour)
	h.does(bo, a.Stream(), incident.Resolution{From: incident.Triage})
	h.pass(time.Hour)
	b := h.declare("carts are empty")
	until := h.pass(time.Hour)
	h.does(bo, b.Stream(), incident.Adopted{Room: room})
	same(t, "the first", store.Tenure{Since: since, Until: until}, must(h.Tenure(t.Context(), room, a))(t, "Tenure"))
	same(t, "the second", store.Tenure{Since: until, Before: over}, must(h.Tenure(t.Context(), room, b))(t, "Tenure"))
	same(t, "none", store.Tenure{}, must(h.Tenure(t.Context(), incident.Room{Platform: "slack", ID: "C2"}, b))(t, "Tenure"))
}
