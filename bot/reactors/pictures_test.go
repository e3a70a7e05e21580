package reactors_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/incident"
	"tocsin/incident/fault"
	"tocsin/store"
)

// gallery gives files by their links.
type gallery struct {
	files map[string][]byte
	away  int // how many calls are not answered first
	calls int
}

func (g *gallery) File(_ context.Context, f chat.File, most int) ([]byte, error) {
	g.calls++
	b, there := g.files[f.URL]
	switch {
	case g.calls <= g.away:
		return nil, fault.New(fault.Unavailable, "away")
	case !there:
		return nil, fault.New(fault.Rejected, "not there")
	case len(b) > most:
		return nil, fault.New(fault.Rejected, "too large")
	}
	return b, nil
}

const (
	png  = "\x89PNG\r\n\x1a\nof a graph"
	page = "<html>no picture</html>"
)

// captures has a message with files put on the timeline.
func (h *house) captures(s incident.Stream, files ...incident.File) {
	h.t.Helper()
	m := incident.Spoken{
		Room: incident.Room{Platform: "talk", ID: h.roomID(s)}, Message: "9.1", Author: h.people["bo"], At: h.clock.Now(), Files: files,
		Text: incident.Text{Author: h.people["bo"], Words: "see the graph"},
	}
	if err := h.desk.Hear(h.t.Context(), s, m); err != nil {
		h.t.Fatal(err)
	}
	h.change(s, "ann", func(i incident.Incident, a incident.Actor) ([]incident.Event, error) {
		return i.Capture(a, m, "pin", false)
	})
}

func TestPicturesOfCapturedMessagesAreKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := &gallery{away: 2, files: map[string][]byte{
		"https://talk.example/a.png": []byte(png), "https://talk.example/b.png": []byte(page), "https://talk.example/c.png": make([]byte, store.MaxPicture+1),
		"https://talk.example/log.txt": []byte("a log"),
	}}
	h.talk.files = g
	s := h.declare(sev1())
	h.run(10 * time.Second)
	image := func(name string) incident.File {
		return incident.File{Name: name, URL: "https://talk.example/" + name, Type: "image/png"}
	}
	h.captures(s, image("b.png"), image("c.png"), image("gone.png"), incident.File{Name: "log.txt", URL: "https://talk.example/log.txt", Type: "text/plain"}, image("a.png"))
	h.run(10 * time.Minute)
	names, err := h.desk.Pictures(t.Context(), s)
	if err != nil || len(names) != 1 {
		t.Fatalf("kept %v, %v", names, err)
	}
	p, found, err := h.desk.Picture(t.Context(), s, store.PictureName(s, h.roomID(s), "9.1", 4))
	if err != nil || !found || p.Kind != "image/png" || string(p.Bytes) != png {
		t.Errorf("kept %+v, %v, %v", p, found, err)
	}
	if n := h.count(s, "effect_parked"); n != 0 {
		t.Errorf("%d effects were told of as given up", n)
	}
	for _, call := range h.world.Messages {
		if strings.Contains(call.Text, "a.png") && strings.Contains(call.Text, "kept") {
			t.Errorf("it was news in the room: %s", call.Text)
		}
	}
}

func TestPicturesStayLinksWhereNobodyGivesThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.declare(sev1())
	h.run(10 * time.Second)
	h.captures(s, incident.File{Name: "a.png", URL: "https://talk.example/a.png", Type: "image/png"})
	h.run(time.Minute)
	if jobs := h.jobs(s, store.Owed); len(jobs) != 0 {
		for _, j := range jobs {
			if j.Reactor == "pictures" {
				t.Errorf("it is still owed: %+v", j)
			}
		}
	}
	if names, err := h.desk.Pictures(t.Context(), s); err != nil || len(names) != 0 {
		t.Errorf("kept %v, %v", names, err)
	}
}
