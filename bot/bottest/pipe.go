package bottest

import (
	"context"
	"net"
	"sync"
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
func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// dial calls the listener.
func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	select {
	case w.calls <- theirs:
		return mine, nil
	case <-w.over:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
