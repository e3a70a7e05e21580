package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"tocsin/bot/chat"
)

// mostAnswer bounds the body of an answer.
const mostAnswer = 8 << 20

// errHuge is an answer that nobody reads to its end.
var errHuge = errors.New("the answer is longer than tocsin reads")

// trip is what is known of one request and its answer, whatever the library
// makes of it.
type trip struct {
	began  time.Time
	asked  bool // a request was made
	traced atomic.Bool
	sent   atomic.Bool // its headers were written: it may have arrived
	status int
	header http.Header
	body   []byte
	err    error // why there is no whole answer
}

type tripKey struct{}

func withTrip(ctx context.Context, t *trip) context.Context {
	return context.WithValue(ctx, tripKey{}, t)
}

// wire carries requests: it notes whether they were sent, reads answers to a
// bounded end and keeps them in the call's trip.
type wire struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	t, ok := r.Context().Value(tripKey{}).(*trip)
	if !ok {
		t = new(trip)
	}
	t.asked = true
	resp, err := w.next.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn:      func(string) { t.traced.Store(true) },
		WroteHeaders: func() { t.sent.Store(true) },
	})))
	if err != nil {
		t.err = err
		return nil, err
	}
	t.sent.Store(true)
	t.status, t.header = resp.StatusCode, resp.Header
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	_ = resp.Body.Close()
	if err == nil && len(body) > mostAnswer {
		err = errHuge
	}
	if err != nil {
		t.err = fmt.Errorf("read the answer: %w", err)
		return nil, t.err
	}
	t.body, resp.Body = body, io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// newHTTP is the client of every call: bounded in time, never led elsewhere by
// a redirect, since the token travels in the body.
func newHTTP(given *http.Client) *http.Client {
	h := http.Client{Timeout: chat.CallLimit}
	if given != nil {
		h = *given
	}
	if h.Timeout <= 0 || h.Timeout > chat.CallLimit {
		h.Timeout = chat.CallLimit
	}
	if h.Transport == nil {
		h.Transport = newTransport()
	}
	h.Transport = wire{next: h.Transport}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &h
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  chat.CallLimit,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    16,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
}
