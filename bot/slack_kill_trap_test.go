package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"tocsin/bot/bottest"
	"tocsin/incident/fault"
	"tocsin/store"
)

// trap counts what a program does to the world – writes to the database, calls
// of Slack, answers to Slack – with a step before and one after each. It can
// kill the program at a step, or let a call go wrong.
type trap struct {
	mu    sync.Mutex
	armed bool
	steps int
	at    int // the step to die at; 0: none
	dead  bool
	conns []net.Conn // sockets end with the program

	calls   int
	harm    mishap
	harmed  string // the method of the call that was harmed
	harmAt  int    // which call; 0: none
	methods []string
}

var errDead = errors.New("this program is dead")

// arm begins to count.
func (p *trap) arm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = true
}

func (p *trap) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// step is one step; false: nothing happens any more.
func (p *trap) step() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead || !p.armed {
		return !p.dead
	}
	if p.steps++; p.steps != p.at {
		return true
	}
	p.dead = true
	for _, c := range p.conns {
		_ = c.Close()
	}
	return false
}

// base is a database with the trap in front.
func (p *trap) base(b bottest.Base) bottest.Base { return trapBase{b, p} }

type trapBase struct {
	bottest.Base
	p *trap
}

func (b trapBase) Open(ctx context.Context) (store.Driver, error) {
	d, err := b.Base.Open(ctx)
	return trapDriver{d, b.p}, err
}

type trapDriver struct {
	store.Driver
	p *trap
}

// Apply implements store.Driver.
func (d trapDriver) Apply(ctx context.Context, b store.Batch) error {
	if !d.p.step() {
		return fault.Wrap(fault.Unavailable, errDead, "The process was killed.")
	}
	err := d.Driver.Apply(ctx, b)
	if !d.p.step() {
		return fault.Wrap(fault.Unknown, errDead, "The process was killed.")
	}
	return err
}

// line is the way to Slack with the trap in it.
func (p *trap) line(l bottest.Line) bottest.Line {
	client := *l.Client
	client.Transport = trapTransport{client.Transport, p}
	return bottest.Line{
		Client: &client,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := l.Dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.dead {
				_ = c.Close()
				return nil, errDead
			}
			p.conns = append(p.conns, c)
			return trapConn{c, p}, nil
		},
		Answer: func(r *http.Response) (*http.Response, error) {
			if !p.step() {
				_ = r.Body.Close()
				return nil, errDead
			}
			return r, nil
		},
	}
}

// trapConn is a socket on which acknowledgements are steps.
type trapConn struct {
	net.Conn
	p *trap
}

func (c trapConn) Write(b []byte) (int, error) {
	if !c.p.step() {
		return 0, errDead
	}
	return c.Conn.Write(b)
}

type trapTransport struct {
	next http.RoundTripper
	p    *trap
}

// RoundTrip implements http.RoundTripper.
func (t trapTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.p.step() {
		return nil, errDead
	}
	resp, err := t.p.through(r, func() (*http.Response, error) { return t.next.RoundTrip(r) })
	if !t.p.step() {
		if err == nil {
			_ = resp.Body.Close()
		}
		return nil, errDead
	}
	return resp, err
}

// through makes a call, or does the harm that it is to suffer.
func (p *trap) through(r *http.Request, call func() (*http.Response, error)) (*http.Response, error) {
	p.mu.Lock()
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	if strings.HasPrefix(r.URL.Path, "/response/") {
		method = "response_url"
	}
	hit := false
	if p.armed {
		p.calls++
		p.methods = append(p.methods, method)
		if hit = p.calls == p.harmAt; hit {
			p.harmed = method
		}
	}
	p.mu.Unlock()
	if hit {
		return p.harm(r, call)
	}
	return call()
}

// mishap is how a call goes wrong.
type mishap func(r *http.Request, call func() (*http.Response, error)) (*http.Response, error)

// lose has a call done and its answer lost.
func lose(_ *http.Request, call func() (*http.Response, error)) (*http.Response, error) {
	resp, err := call()
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		err = errors.New("connection reset by peer")
	}
	return nil, err
}

// hang does nothing until the caller gives up.
func hang(r *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
	_ = r.Body.Close()
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// doneYet has a call done, and answered as if it had not been.
func doneYet(status int) mishap {
	return func(r *http.Request, call func() (*http.Response, error)) (*http.Response, error) {
		resp, err := call()
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
		return refuseWith(status, "")(r, call)
	}
}

// refuseWith answers a call without doing it.
func refuseWith(status int, body string) mishap {
	return func(r *http.Request, _ func() (*http.Response, error)) (*http.Response, error) {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
		if status == http.StatusTooManyRequests {
			h.Set("Retry-After", "7")
		}
		return &http.Response{
			StatusCode: status, Status: fmt.Sprint(status), Header: h, Request: r, Body: io.NopCloser(bytes.NewReader([]byte(body))),
			ContentLength: int64(len(body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		}, nil
	}
}
