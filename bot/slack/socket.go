package slack

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"tocsin/incident/fault"
)

// Times and sizes of a socket.
const (
	frameLimit   = 4 << 20          // of one message; Slack sends far smaller ones
	dialLimit    = 10 * time.Second // to connect, and for the hello after it
	silenceLimit = 30 * time.Second // without a word, a ping or a pong: it is dead
	pingEvery    = 10 * time.Second
	writeLimit   = 5 * time.Second
)

// socket is one socket that said hello.
type socket struct {
	in      *intake
	conn    *websocket.Conn
	lasts   time.Duration // how long Slack means to keep it; 0: not told
	notice  chan string   // why Slack wants it left
	over    chan struct{} // closed when nothing comes any more
	silence *time.Timer
	writing sync.Mutex
	heard   atomic.Int64 // when the newest frame came, in Unix nanoseconds
	left    atomic.Bool  // one side said goodbye
}

// connect opens a socket and waits for its hello.
func (in *intake) connect(ctx context.Context) (*socket, error) {
	in.count(countConnect)
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	url, err := in.out.openSocket(ctx)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{NetDialContext: in.o.Dial, HandshakeTimeout: dialLimit}
	if in.o.Dial == nil {
		dialer.Proxy = http.ProxyFromEnvironment
	}
	conn, res, err := dialer.DialContext(ctx, url, nil)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "Slack's socket cannot be reached.")
	}
	_ = res.Body.Close() // of the handshake; it has none
	conn.SetReadLimit(frameLimit)
	l := &socket{in: in, conn: conn, notice: make(chan string, 1), over: make(chan struct{})}
	l.silence = time.AfterFunc(silenceLimit, l.cut)
	stop := context.AfterFunc(ctx, l.cut)
	defer stop()
	if err := l.hello(); err != nil {
		l.cut()
		return nil, err
	}
	conn.SetPingHandler(func(words string) error {
		l.alive()
		go l.control(websocket.PongMessage, words) // reading never waits for writing: both sides may ping at once
		return nil
	})
	conn.SetPongHandler(func(string) error {
		l.alive()
		return nil
	})
	l.alive()
	return l, nil
}

// hello waits for Slack's first words.
func (l *socket) hello() error {
	_, raw, err := l.conn.ReadMessage()
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "Slack's socket said no hello.")
	}
	f, ok := readFrame(raw)
	switch {
	case ok && f.Type == "hello":
		l.lasts = time.Duration(f.Debug.Lasts) * time.Second
		return nil
	case ok && f.Type == "disconnect":
		return &farewell{reason: string(f.Reason)}
	}
	return fault.New(fault.Unavailable, "Slack's socket said something else than hello.")
}

// farewell is why Slack ended a socket before it was any use.
type farewell struct{ reason string }

func (f *farewell) Error() string { return "Slack ended the socket: " + f.reason }

// read takes what comes until the socket ends. ctx is for the work that comes
// of it, which goes on when the socket does not.
func (l *socket) read(ctx context.Context) {
	defer close(l.over)
	defer l.cut()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	go func() {
		for {
			select {
			case <-pings.C:
				l.control(websocket.PingMessage, "")
			case <-l.over:
				return
			}
		}
	}()
	for {
		_, raw, err := l.conn.ReadMessage()
		if err != nil {
			return
		}
		l.alive()
		l.hear(ctx, raw)
	}
}

// hear takes one message. It waits for nothing, or pings would go unanswered.
func (l *socket) hear(ctx context.Context, raw []byte) {
	f, ok := readFrame(raw)
	if !ok {
		l.in.count(countUnreadable)
		l.in.o.Log.WarnContext(ctx, "a message on a socket of Slack could not be read; it was acknowledged if it has an id", "envelope", string(f.Envelope), "bytes", len(raw))
		if f.Envelope != "" {
			go l.ack(ctx, string(f.Envelope), answer{})
		}
		return
	}
	switch {
	case f.Type == "disconnect":
		l.left.Store(true)
		select {
		case l.notice <- string(f.Reason):
		default: // it was told before
		}
		return
	case f.Envelope == "": // hello again, or something new that wants no answer
		return
	}
	t, ok := l.in.take(f.envelope(l.in.o.Now().UTC()))
	if !ok {
		return
	}
	go func() {
		a, next := l.in.run(ctx, t)
		l.ack(ctx, string(f.Envelope), a)
		l.in.finish(ctx, next)
	}()
}

// ack acknowledges on the socket on which the delivery came. When that is gone
// Slack repeats it on another, and the key tells that it is the same.
func (l *socket) ack(ctx context.Context, id string, a answer) {
	if a.Refused {
		return
	}
	raw, err := acknowledgement(id, a.Body)
	if err == nil {
		err = l.write(raw)
	}
	if err != nil {
		l.in.count(countUnacked)
		l.in.o.Log.InfoContext(ctx, "an acknowledgement did not reach Slack; the delivery is repeated", "error", err)
	}
}

func (l *socket) write(raw []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	guard := time.AfterFunc(writeLimit, l.cut)
	defer guard.Stop()
	return l.conn.WriteMessage(websocket.TextMessage, raw)
}

// control sends a ping, a pong or a close; one that cannot be sent shows in
// the silence that follows.
func (l *socket) control(kind int, words string) {
	guard := time.AfterFunc(writeLimit, l.cut)
	defer guard.Stop()
	_ = l.conn.WriteControl(kind, []byte(words), time.Time{})
}

// alive notes that something came.
func (l *socket) alive() {
	l.heard.Store(l.in.o.Now().UnixNano())
	l.silence.Reset(silenceLimit)
}

// leave ends the socket with a goodbye.
func (l *socket) leave() {
	l.left.Store(true)
	l.control(websocket.CloseMessage, string(websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")))
	l.cut()
}

// cut ends it without one.
func (l *socket) cut() {
	l.silence.Stop()
	_ = l.conn.Close()
}
