package slacktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/gorilla/websocket"
)

// replyLimit is the size from which an acknowledgement is dropped without a word.
const replyLimit = 20 << 10

// maxSockets is how many may be connected.
const maxSockets = 10

// hub holds the sockets. Fake.mu guards it.
type hub struct {
	tickets map[string]bool  // handed out by apps.connections.open, good for one connection
	sockets []*socket        // those that take payloads
	all     map[*socket]bool // and those that are being told to go
	turn    int              // whose turn the next payload is
	refuse  []string
	made    int
}

// socket is one connection of Socket Mode.
type socket struct {
	conn *websocket.Conn
	once sync.Once
	gone chan struct{} // closed when it is

	mu      sync.Mutex
	out     []frame
	ring    chan struct{} // there is something to write
	pending map[string]chan []byte
}

type frame struct {
	kind int
	body []byte
	last bool // close after it
}

func (s *socket) write(fr frame) {
	s.mu.Lock()
	s.out = append(s.out, fr)
	s.mu.Unlock()
	select {
	case s.ring <- struct{}{}:
	default:
	}
}

func (s *socket) close() {
	s.once.Do(func() {
		close(s.gone)
		_ = s.conn.Close()
	})
}

// writing writes what is queued until the socket is gone.
func (s *socket) writing() {
	defer s.close()
	for {
		s.mu.Lock()
		out := s.out
		s.out = nil
		s.mu.Unlock()
		for _, fr := range out {
			if s.conn.WriteMessage(fr.kind, fr.body) != nil || fr.last {
				return
			}
		}
		if len(out) > 0 {
			continue
		}
		select {
		case <-s.ring:
		case <-s.gone:
			return
		}
	}
}

// reading takes acknowledgements until the socket is gone.
func (s *socket) reading() {
	defer s.close()
	for {
		_, body, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if len(body) >= replyLimit {
			continue
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(body, &ack) != nil {
			continue
		}
		s.mu.Lock()
		wait, ok := s.pending[ack.ID]
		delete(s.pending, ack.ID)
		s.mu.Unlock()
		if ok {
			wait <- ack.Payload
		}
	}
}

// serveSocket takes a connection that apps.connections.open announced.
func (f *Fake) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !f.admit(w, r) {
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s := &socket{conn: conn, gone: make(chan struct{}), ring: make(chan struct{}, 1), pending: map[string]chan []byte{}}
	f.mu.Lock()
	reason := ""
	switch {
	case f.closed:
		f.mu.Unlock()
		s.close()
		return
	case f.revoked:
		reason = "link_disabled"
	case len(f.hub.refuse) > 0:
		reason, f.hub.refuse = f.hub.refuse[0], f.hub.refuse[1:]
	case len(f.hub.sockets) >= maxSockets:
		reason = "too_many_websockets"
	}
	f.hub.made++
	if reason == "" {
		f.hub.sockets = append(f.hub.sockets, s)
		s.write(frame{websocket.TextMessage, f.hello(), false})
	} else {
		s.write(frame{websocket.TextMessage, goodbye(reason), true})
	}
	f.hub.all[s] = true
	f.busy.Add(2)
	f.mu.Unlock()
	go func() {
		defer f.busy.Done()
		s.writing()
	}()
	defer f.busy.Done()
	s.reading()
	f.mu.Lock()
	delete(f.hub.all, s)
	f.hub.sockets = slices.DeleteFunc(f.hub.sockets, func(x *socket) bool { return x == s })
	f.mu.Unlock()
}

// admit takes the ticket, and does the fault that was ordered.
func (f *Fake) admit(w http.ResponseWriter, r *http.Request) bool {
	fault := f.fault("socket")
	if fault != nil && !f.suffer(w, r, fault) {
		return false
	}
	ticket := r.URL.Query().Get("ticket")
	f.mu.Lock()
	ok := f.hub.tickets[ticket] && !f.revoked
	delete(f.hub.tickets, ticket)
	f.mu.Unlock()
	if !ok {
		http.Error(w, "this address was used, or never given", http.StatusForbidden)
	}
	return ok
}

func (f *Fake) hello() []byte {
	return raw(object{
		"type": "hello", "num_connections": len(f.hub.sockets),
		"connection_info": object{"app_id": f.appID()},
		"debug_info":      object{"host": "applink-" + fmt.Sprint(f.hub.made), "build_number": 1, "approximate_connection_time": 18060},
	})
}

func goodbye(reason string) []byte {
	return raw(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink"}})
}

// envelope sends a parcel through the socket whose turn it is.
func (f *Fake) envelope(ctx context.Context, p *parcel) (wait func() Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.hub.sockets) == 0 {
		return func() Answer { return Answer{ID: p.id, Err: errNobody, reason: "connection_failed"} }
	}
	f.hub.turn++
	s := f.hub.sockets[f.hub.turn%len(f.hub.sockets)]
	f.count["envelope"]++
	id := fmt.Sprintf("%08x-0000-4000-8000-%012x", f.count["envelope"], f.count["envelope"])
	ack := make(chan []byte, 1)
	s.mu.Lock()
	s.pending[id] = ack
	s.mu.Unlock()
	payload := any(json.RawMessage(p.body))
	if !json.Valid(p.body) {
		payload = "\x00"
	}
	env := raw(object{
		"type": p.kind, "envelope_id": id, "payload": payload,
		"accepts_response_payload": p.kind != "events_api", "retry_attempt": p.attempt, "retry_reason": p.reason,
	})
	if !json.Valid(p.body) { // such bytes stand in the envelope as they are
		env = bytes.Replace(env, []byte(`"\u0000"`), p.body, 1)
	}
	s.write(frame{websocket.TextMessage, env, false})
	silence := f.o.After(f.o.Patience)
	return func() Answer {
		forget := func(err error, reason string) Answer {
			s.mu.Lock()
			delete(s.pending, id)
			s.mu.Unlock()
			return Answer{ID: p.id, Err: err, reason: reason}
		}
		select {
		case body := <-ack:
			return Answer{ID: p.id, Acked: true, Body: body}
		case <-silence:
			return forget(errSilent, "timeout")
		case <-s.gone:
			return forget(errBroken, "connection_failed")
		case <-ctx.Done():
			return forget(ctx.Err(), "timeout")
		case <-f.over:
			return forget(errClosed, "")
		}
	}
}

// Sockets is how many are connected.
func (f *Fake) Sockets() int { return len(f.connected()) }

func (f *Fake) connected() []*socket {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.hub.sockets)
}

// Disconnect tells every socket to go, with a reason ("warning",
// "refresh_requested", "link_disabled", "too_many_websockets"), and closes it;
// a warning closes nothing.
func (f *Fake) Disconnect(reason string) {
	for _, s := range f.connected() {
		s.write(frame{websocket.TextMessage, goodbye(reason), reason != "warning"})
		if reason != "warning" {
			f.drop(s)
		}
	}
}

// drop gives a socket no more payloads.
func (f *Fake) drop(s *socket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hub.sockets = slices.DeleteFunc(f.hub.sockets, func(x *socket) bool { return x == s })
}

// DropSockets breaks every socket without a word.
func (f *Fake) DropSockets() {
	for _, s := range f.connected() {
		f.drop(s)
		s.close()
	}
}

// DropOneSocket breaks the oldest socket without a word.
func (f *Fake) DropOneSocket() {
	if all := f.connected(); len(all) > 0 {
		f.drop(all[0])
		all[0].close()
	}
}

// RefuseSockets answers the next n sockets with a disconnect for a reason at
// once, instead of a hello.
func (f *Fake) RefuseSockets(n int, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.hub.refuse = append(f.hub.refuse, reason)
	}
}

// PingSockets pings every socket.
func (f *Fake) PingSockets() {
	for _, s := range f.connected() {
		s.write(frame{websocket.PingMessage, []byte("ping"), false})
	}
}
