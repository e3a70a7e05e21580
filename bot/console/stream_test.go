package console_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tocsin/bot/chat"
	"tocsin/store"
	"tocsin/store/storetest"
)

// ear listens to a stream as a page does.
type ear struct {
	t      *testing.T
	events chan [2]string // name, data
}

// listenAs opens the stream of a room.
func (s *site) listenAs(t *testing.T, user, room string) *ear {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.web.URL+"/console/stream?as="+user+"&room="+room, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.web.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("the stream is %d, %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	e := &ear{t: t, events: make(chan [2]string, 100)}
	go func() {
		defer close(e.events)
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		var name string
		var data []string
		for lines.Scan() {
			switch line := lines.Text(); {
			case line == "":
				e.events <- [2]string{name, strings.Join(data, "\n")}
				name, data = "", nil
			case strings.HasPrefix(line, "event: "):
				name = line[7:]
			case strings.HasPrefix(line, "data: "):
				data = append(data, line[6:])
			}
		}
	}()
	return e
}

// until waits for an event that holds some words, and gives all data up to it.
func (e *ear) until(name, words string) string {
	e.t.Helper()
	var all strings.Builder
	limit := time.After(20 * time.Second)
	for {
		select {
		case ev, open := <-e.events:
			if !open {
				e.t.Fatalf("the stream ended before %s with %q; it said %s", name, words, all.String())
			}
			all.WriteString(ev[0] + ": " + ev[1] + "\n")
			if ev[0] == name && strings.Contains(ev[1], words) {
				return all.String()
			}
		case <-limit:
			e.t.Fatalf("no %s with %q came; it said %s", name, words, all.String())
		}
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.do(t, "say", say("bo", "key-00000001", "said before"))
	ann := s.listenAs(t, "ann", "general")
	first := ann.until("state", "said before")
	for _, want := range []string{"hello: ", `data-room="incidents"`, `id="head"`} {
		if !strings.Contains(first, want) {
			t.Errorf("the stream does not begin with %q: %s", want, first)
		}
	}
	s.do(t, "say", say("bo", "key-00000002", "said <b>now</b>"))
	ann.until("messages", "said &lt;b&gt;now&lt;/b&gt;")
	id := s.talked(t, "general")[1].ID
	s.do(t, "edit", gestureOn("bo", "key-00000003", id, "said better"))
	ann.until("messages", "said better")
	s.do(t, "react", gestureOn("ann", "key-00000004", id, "eyes"))
	ann.until("messages", `data-react="eyes"`)
	s.do(t, "pin", gestureOn("ann", "key-00000005", id, ""))
	ann.until("head", "said better")
	ref, err := s.Post(t.Context(), chat.Post{Key: "card", Room: "general", Message: words("the card")})
	if err != nil {
		t.Fatal(err)
	}
	ann.until("messages", "the card")
	if err := s.Pin(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	ann.until("messages", `pinned" id="m-`+ref.ID)
	s.do(t, "delete", gestureOn("bo", "key-00000006", id, ""))
	ann.until("gone", id)
	if _, err := s.Open(t.Context(), chat.RoomSpec{Key: "k", Name: "inc-7"}); err != nil {
		t.Fatal(err)
	}
	ann.until("room", `data-room="inc-7"`)
	if _, err := s.Post(t.Context(), chat.Post{Key: "k", Room: "inc-7", Message: words("news")}); err != nil {
		t.Fatal(err)
	}
	ann.until("room", "unread")
	if err := s.Topic(t.Context(), "general", "all is well"); err != nil {
		t.Fatal(err)
	}
	ann.until("head", "all is well")
}

func gestureOn(user, key, message, text string) map[string][]string {
	v := say(user, key, text)
	v.Set("message", message)
	return v
}

func TestStreamOfAnotherReplica(t *testing.T) {
	t.Parallel()
	c := newClock()
	talk := store.New(storetest.NewMemory(c.now), store.Options{Now: c.now})
	one, two := openOn(t, talk, c.now), openOn(t, talk, c.now)
	ann := one.listenAs(t, "ann", "general")
	ann.until("state", "")
	two.do(t, "say", say("bo", "key-00000001", "from the other process"))
	ann.until("messages", "from the other process")
}

func TestStreamTellsNoSecrets(t *testing.T) {
	t.Parallel()
	s := open(t)
	room, err := s.Open(t.Context(), chat.RoomSpec{Key: "p", Name: "inc-9-private", Private: true, Invite: []string{"ann"}})
	if err != nil {
		t.Fatal(err)
	}
	bo, ann := s.listenAs(t, "bo", "general"), s.listenAs(t, "ann", "general")
	for _, p := range []chat.Post{
		{Key: "1", Room: room.Room, Message: words("secret of the room")},
		{Key: "2", Room: "general", Only: "ann", Message: words("secret of ann")},
		{Key: "3", Room: "general", Message: words("the end")},
	} {
		if _, err := s.Post(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	heard := bo.until("messages", "the end")
	if strings.Contains(heard, "secret") || strings.Contains(heard, "inc-9") {
		t.Errorf("Bo hears what is not his: %s", heard)
	}
	if heard := ann.until("messages", "the end"); !strings.Contains(heard, "secret of ann") || !strings.Contains(heard, "inc-9") {
		t.Errorf("Ann does not hear what is hers: %s", heard)
	}
	inside := s.listenAs(t, "ann", room.Room)
	inside.until("state", "secret of the room")
	if err := s.Remove(t.Context(), room.Room, "ann"); err != nil {
		t.Fatal(err)
	}
	inside.until("lost", "")
	ann.until("noroom", room.Room)
}

func TestStreamEndsWithTheConsole(t *testing.T) {
	t.Parallel()
	s := open(t)
	ann := s.listenAs(t, "ann", "general")
	ann.until("state", "")
	s.stop()
	limit := time.After(20 * time.Second)
	for {
		select {
		case _, open := <-ann.events:
			if !open {
				return
			}
		case <-limit:
			t.Fatal("the stream goes on after the console has stopped, and would hold the server up")
		}
	}
}

func TestRooms(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, want := range map[string]string{
		"INC-7: Checkout is failing!":    "inc-7-checkout-is-failing",
		"../../etc/passwd":               "etc-passwd",
		"":                               "room",
		"Ärger im Übergang":              "ärger-im-übergang",
		"<script>alert(1)</script>":      "script-alert-1-script",
		strings.Repeat("sehr lang ", 20): "sehr-lang-sehr-lang-sehr-lang-sehr-lang-sehr-lang-sehr-lang-s",
	} {
		place, err := s.Open(t.Context(), chat.RoomSpec{Key: "key of " + name, Name: name})
		if err != nil || place.Room != want {
			t.Errorf("a room that wishes to be called %.30q is %q (%v), want %q", name, place.Room, err, want)
		}
		status, page, err := s.get(t.Context(), "/console/r/"+place.Room)
		if err != nil || status != 200 || !strings.Contains(page, `data-room="`+want+`"`) {
			t.Errorf("its page is %d (%v)", status, err)
		}
	}
	second, err := s.Open(t.Context(), chat.RoomSpec{Key: "another", Name: "etc passwd"})
	if err != nil || second.Room != "etc-passwd-2" {
		t.Errorf("the second room of a name is %q (%v)", second.Room, err)
	}
}

func TestManyRooms(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 60 {
		p, err := s.Open(t.Context(), chat.RoomSpec{Key: strings.Repeat("k", i+1), Name: "inc"})
		if err != nil {
			t.Fatal(err)
		}
		if i < 50 {
			if err := s.Archive(t.Context(), p.Room); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, page, err := s.get(t.Context(), "/console/r/general")
	if err != nil {
		t.Fatal(err)
	}
	rooms := func(list string) int {
		return len(byID(parse(page), list).all(func(e *element) bool { return e.has("room") }))
	}
	if open, over := rooms("room-list"), rooms("room-list-over"); open != 12 || over != 30 {
		t.Errorf("the list shows %d open rooms and %d that are over, want 12 and 30", open, over)
	}
}
