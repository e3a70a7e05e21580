package pagerdutytest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"syscall"
)

// Transport carries requests to the fake in this process, whatever their
// address. A call that was ordered to be refused fails before it is sent.
func (f *Fake) Transport() http.RoundTripper { return transport{f} }

// Client makes calls through [Fake.Transport].
func (f *Fake) Client() *http.Client { return &http.Client{Transport: f.Transport()} }

type transport struct{ f *Fake }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "127.0.0.1:4096"
	in.Host = r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if how := t.f.takeFault(t.f.op(in), func(how Fault) bool { return how.Refused }); how != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	if trace := httptrace.ContextClientTrace(ctx); trace != nil && trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	resp, err := local(t.f, in)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		resp.Request = r
	}
	return resp, err
}

var errBroken = errors.New("the connection broke before the answer")

// local calls a handler in this goroutine and gives what it answers; a handler
// that aborts is a connection that broke.
func local(h http.Handler, r *http.Request) (resp *http.Response, err error) {
	w := &recorder{header: http.Header{}}
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler { //nolint:errorlint // a panic's value is compared as net/http compares it
				panic(p)
			}
			resp, err = nil, &net.OpError{Op: "read", Net: "tcp", Err: errBroken}
		}
	}()
	h.ServeHTTP(w, r)
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		StatusCode: w.status, Status: http.StatusText(w.status), Header: w.sent, Request: r,
		Body: io.NopCloser(bytes.NewReader(w.body.Bytes())), ContentLength: int64(w.body.Len()),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// recorder keeps what a handler answers.
type recorder struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

// Write implements http.ResponseWriter.
func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
