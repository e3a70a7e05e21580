package slacktest

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
)

// wire is a listener in memory, so that a bubble's time may move while
// somebody waits for a connection.
type wire struct {
	calls chan net.Conn
	over  chan struct{}
	once  sync.Once
}

func newWire() *wire { return &wire{calls: make(chan net.Conn), over: make(chan struct{})} }

// Accept implements net.Listener.
func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return c, nil
	case <-w.over:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (w *wire) Close() error {
	w.once.Do(func() { close(w.over) })
	return nil
}

// Addr implements net.Listener.
func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (w *wire) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	select {
	case w.calls <- theirs:
		return mine, nil
	case <-w.over:
		return nil, unreachable(network)
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
	}
}

func unreachable(network string) error {
	return &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
}

// refuser is a transport whose connections fail when that was ordered.
type refuser struct {
	f    *Fake
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *refuser) RoundTrip(r *http.Request) (*http.Response, error) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	if strings.HasPrefix(r.URL.Path, "/response/") {
		name = "response_url"
	}
	if t.f.refuses(name) {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, unreachable("tcp")
	}
	return t.next.RoundTrip(r)
}
