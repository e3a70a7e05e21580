package storetest

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy stands between a client and a server and does what bad networks do.
type Proxy struct {
	target   string
	listener net.Listener
	ailment  atomic.Int32
	delay    atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// Ailment is what is wrong with the network.
type Ailment int32

// The ailments.
const (
	Healthy     Ailment = iota
	LoseReplies         // requests arrive; at the first byte of a reply the connection breaks
	BlackHole           // nothing arrives, in either direction, and nothing breaks
)

// NewProxy starts a proxy on loopback for a host and port.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("starting the proxy: %v", err)
	}
	p := &Proxy{target: target, listener: l, conns: map[net.Conn]struct{}{}}
	tb.Cleanup(p.Shut)
	go p.serve()
	return p
}

// Addr is where clients connect.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Suffer sets what is wrong from now on.
func (p *Proxy) Suffer(a Ailment) { p.ailment.Store(int32(a)) }

// Delay holds every reply back for a while.
func (p *Proxy) Delay(d time.Duration) { p.delay.Store(int64(d)) }

// Cut breaks the connections that stand; new ones are taken.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close() // breaking is the point
	}
	clear(p.conns)
}

// Shut breaks everything and refuses new connections.
func (p *Proxy) Shut() {
	_ = p.listener.Close() // breaking is the point
	p.Cut()
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close() // breaking is the point
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = struct{}{}, struct{}{}
		p.mu.Unlock()
		go p.carry(server, client, false)
		go p.carry(client, server, true)
	}
}

// carry copies one direction, as well as the network allows.
func (p *Proxy) carry(to, from net.Conn, replies bool) {
	defer func() { _, _ = to.Close(), from.Close() }() // whoever ends, ends both
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		switch ailment := Ailment(p.ailment.Load()); {
		case ailment == BlackHole:
			continue
		case ailment == LoseReplies && replies:
			return
		}
		if d := time.Duration(p.delay.Load()); d > 0 && replies {
			<-time.NewTimer(d).C
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
