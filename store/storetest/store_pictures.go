package storetest

import (
	"bytes"
	"strconv"
	"testing"
	"time"

	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

func pictureTests() []storeTest {
	return []storeTest{
		{"one is kept with its message, once", pictureKept},
		{"they are bounded", pictureBounded},
		{"they go with their message, their author and their incident", pictureGone},
	}
}

// shows is a message that carries so many pictures.
func (h *house) shows(id incident.ID, by incident.PersonID, message string, n int) {
	h.t.Helper()
	m := incident.Spoken{Room: incident.Room{Platform: "slack", ID: "C/1 ~%"}, Message: message, Author: by, Text: text(by, "see"), At: h.at}
	for range n {
		m.Files = append(m.Files, incident.File{Name: "a.png", URL: "https://x.example.org/a.png", Type: "image/png"})
	}
	ok(h.t, h.Hear(h.t.Context(), id.Stream(), m))
}

func (h *house) keep(id incident.ID, message string, n int, b []byte) (string, error) {
	h.t.Helper()
	return h.KeepPicture(h.t.Context(), "C/1 ~%", message, n, store.Picture{Stream: id.Stream(), Kind: "image/png", Bytes: b})
}

func (h *house) pictures(id incident.ID) int {
	h.t.Helper()
	return len(must(h.Pictures(h.t.Context(), id.Stream()))(h.t, "Pictures"))
}

func pictureKept(t *testing.T, h *house) {
	id, other := h.declare("docs are down"), h.declare("carts are empty")
	h.shows(id, bo, "1", 2)
	name := must(h.keep(id, "1", 1, []byte("a picture")))(t, "KeepPicture")
	same(t, "name", store.PictureName(id.Stream(), "C/1 ~%", "1", 1), name)
	same(t, "kept again", name, must(h.keep(id, "1", 1, []byte("another")))(t, "KeepPicture"))
	p, found, err := h.Picture(t.Context(), id.Stream(), name)
	ok(t, err)
	same(t, "found", true, found)
	same(t, "picture", store.Picture{Stream: id.Stream(), Kind: "image/png", Bytes: []byte("a picture")}, p)
	_, found, err = h.Picture(t.Context(), other.Stream(), name)
	ok(t, err)
	same(t, "found by another incident", false, found)
	same(t, "names", 1, h.pictures(id))
	same(t, "names of another", 0, h.pictures(other))
}

func pictureBounded(t *testing.T, h *house) {
	id := h.declare("docs are down")
	h.shows(id, bo, "1", 12)
	_, err := h.keep(id, "1", 0, make([]byte, store.MaxPicture+1))
	kind(t, "too large", fault.Rejected, err)
	_, err = h.keep(id, "1", 11, []byte("x"))
	kind(t, "one too many of its message", fault.Rejected, err)
	_, err = h.keep(id, "never said", 0, []byte("x"))
	kind(t, "of no message", fault.Rejected, err)
	full := bytes.Repeat([]byte("x"), store.MaxPicture)
	for n := range store.MaxPictures / store.MaxPicture {
		m := strconv.Itoa(n + 10)
		h.shows(id, bo, m, 1)
		must(h.keep(id, m, 0, full))(t, "KeepPicture")
	}
	_, err = h.keep(id, "1", 0, []byte("x"))
	kind(t, "one too many of the incident", fault.Rejected, err)
}

func pictureGone(t *testing.T, h *house) {
	p := h.meet(incident.Account{Platform: "console", Workspace: "console", ID: "q"}, store.Seen{Name: "Q"})
	id := h.declare("docs are down")
	for _, m := range []string{"1", "2", "3"} {
		by := bo
		if m == "2" {
			by = p.ID
		}
		h.shows(id, by, m, 1)
		must(h.keep(id, m, 0, []byte("x")))(t, "KeepPicture")
	}
	ok(t, h.Amend(t.Context(), id.Stream(), incident.Spoken{Room: incident.Room{Platform: "slack", ID: "C/1 ~%"}, Message: "1", DeletedAt: h.pass(time.Minute)}))
	same(t, "after a deletion", 2, h.pictures(id))
	_, err := h.keep(id, "1", 0, []byte("x"))
	kind(t, "of a deleted message", fault.Rejected, err)
	must(h.Erase(t.Context(), h.at, store.Erasure{Person: p.ID}))(t, "Erase")
	same(t, "after the author was erased", 1, h.pictures(id))
	must(h.Erase(t.Context(), h.at, store.Erasure{Stream: id.Stream()}))(t, "Erase")
	same(t, "after the incident was erased", 0, h.pictures(id))
	for row, err := range h.Rows(t.Context()) {
		ok(t, err)
		if bytes.HasPrefix([]byte(row.Key), []byte("pic/")) {
			t.Errorf("%s is still there", row.Key)
		}
	}
}
