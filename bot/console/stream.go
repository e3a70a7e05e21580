package console

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"tocsin/store"
)

// The stream's rhythm: a beat tells a browser that we are there, and a write
// that takes longer than writeLimit ends the stream.
const (
	beatEvery  = 15 * time.Second
	writeLimit = 20 * time.Second
)

// line is one open stream: what one reader sees of one room, and of the list of rooms.
type line struct {
	c    *Console
	w    http.ResponseWriter
	r    *http.Request
	out  *http.ResponseController
	rd   reader
	room string
	drew string          // the head as it was sent last
	told map[string]bool // rooms that the page knows of
}

// stream sends what changes, as long as the browser listens. It begins with
// all that a page may have missed.
func (c *Console) stream(w http.ResponseWriter, r *http.Request) {
	rd, room, ok := c.visit(w, r, r.URL.Query().Get("room"))
	if !ok {
		return
	}
	watch, err := c.hub.watch(r.Context())
	if err != nil {
		c.refuseFault(w, r, err)
		return
	}
	defer c.hub.leave(watch)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	l := &line{c: c, w: w, r: r, out: http.NewResponseController(w), rd: rd, room: room.ID, told: map[string]bool{}}
	_ = l.out.SetWriteDeadline(time.Time{}) // a stream outlives the server's limit on writing
	if l.send("hello", c.assets.version) != nil || l.whole() != nil {
		return
	}
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-beat.C:
			err = l.send("beat", "")
		case ch, open := <-watch.changes:
			if !open {
				return
			}
			err = l.change(ch)
		}
		if err != nil {
			return
		}
	}
}

// whole sends the state of everything that the page shows.
func (l *line) whole() error {
	room, err := l.c.readable(l.r, l.room, l.rd.User)
	if err != nil {
		return l.send("lost", "")
	}
	rooms, err := l.c.sidebar(l.r, l.rd, l.room)
	if err != nil {
		return err
	}
	page, err := l.c.talk.TalkMessages(l.r.Context(), l.room, "", pageSize)
	if err != nil {
		return err
	}
	for _, known := range rooms {
		l.told[known.ID] = true
	}
	var all strings.Builder
	for _, m := range page {
		if visible(m, l.rd.User) {
			all.WriteString(l.rd.li(room, m))
		}
	}
	if err := l.send("rooms", drawn(roomsList(rooms))); err != nil {
		return err
	}
	if err := l.head(room); err != nil {
		return err
	}
	return l.send("state", all.String())
}

func (l *line) head(room store.TalkRoom) error {
	v := l.c.roomView(l.r, l.rd, room, l.room)
	v.Pins = l.c.pinnedIn(l.r, l.rd, room)
	head := drawn(head(v))
	if head == l.drew {
		return nil
	}
	l.drew = head
	return l.send("head", head)
}

func (l *line) change(ch store.TalkChange) error {
	if ch.Room != nil {
		if err := l.roomChanged(*ch.Room); err != nil {
			return err
		}
	}
	if ch.Message == nil {
		return nil
	}
	m := *ch.Message
	if m.Room != l.room { // its room has changed with it
		return nil
	}
	if !visible(m, l.rd.User) {
		if m.Only != "" && m.Only != l.rd.User {
			return nil
		}
		return l.send("gone", m.ID)
	}
	room, err := l.c.readable(l.r, l.room, l.rd.User)
	if err != nil {
		return l.send("lost", "")
	}
	return l.send("messages", l.rd.li(room, m))
}

func (l *line) roomChanged(room store.TalkRoom) error {
	if !mayRead(room, l.rd.User) {
		if room.ID == l.room {
			return l.send("lost", "")
		}
		if !l.told[room.ID] {
			return nil // its very name is not for this reader
		}
		delete(l.told, room.ID)
		return l.send("noroom", room.ID)
	}
	l.told[room.ID] = true
	if room.ID == l.room {
		if err := l.head(room); err != nil {
			return err
		}
	}
	return l.send("room", drawn(roomItem(l.c.roomView(l.r, l.rd, room, l.room))))
}

// send writes one event.
func (l *line) send(event, data string) error {
	tooLong := time.AfterFunc(writeLimit, func() { _ = l.out.SetWriteDeadline(time.Unix(1, 0)) }) // ends the write
	defer tooLong.Stop()
	var b strings.Builder
	fmt.Fprintf(&b, "event: %s\n", event)
	for part := range strings.SplitSeq(strings.ReplaceAll(data, "\r", ""), "\n") {
		fmt.Fprintf(&b, "data: %s\n", part)
	}
	b.WriteString("\n")
	if _, err := l.w.Write([]byte(b.String())); err != nil {
		return fmt.Errorf("write to a browser: %w", err)
	}
	return l.out.Flush()
}
