package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"tocsin/incident/fault"
)

// Options are what a [Client] is made of. Zero values are the house's own.
type Options struct {
	Vendor    string            // in sentences: "PagerDuty"
	Now       func() time.Time  // for Retry-After with a date; required
	Timeout   time.Duration     // for one call; 0: 10 s
	Limit     int64             // of an answer's body, in bytes; 0: 4 MiB
	Transport http.RoundTripper // nil: one of the client's own
	Agent     string            // User-Agent; empty: "tocsin"
}

// Client talks to one vendor. Make it with [New].
type Client struct {
	http    *http.Client
	vendor  string
	now     func() time.Time
	timeout time.Duration
	limit   int64
	agent   string
}

// New makes a client.
func New(o Options) (*Client, error) {
	if o.Vendor == "" || o.Now == nil {
		return nil, errors.New("a vendor's client needs the vendor's name and a clock")
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Limit <= 0 {
		o.Limit = 4 << 20
	}
	if o.Agent == "" {
		o.Agent = "tocsin"
	}
	if o.Transport == nil {
		o.Transport = transport()
	}
	return &Client{
		http:   &http.Client{Transport: o.Transport, CheckRedirect: redirect},
		vendor: o.Vendor, now: o.Now, timeout: o.Timeout, limit: o.Limit, agent: o.Agent,
	}, nil
}

func transport() *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    8,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
}

// redirect follows reads on the same host. A write is never sent anywhere else
// than where it was meant to go, and headers never leave the host.
func redirect(r *http.Request, via []*http.Request) error {
	first := via[0]
	if !reads(first.Method) || len(via) > 5 || r.URL.Host != first.URL.Host || r.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

func reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// Request is one call.
type Request struct {
	Method string
	URL    string
	Header http.Header // credentials go here, never into the URL
	Body   []byte
	What   string // what we are doing, for sentences: "page team checkout"
	// Repeatable says that sending it again changes nothing more (it carries a
	// key that the vendor recognises, or sets a value).
	Repeatable bool
}

// Answer is what came back, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Send makes the call. An answer outside 2xx is given together with the fault
// that it means.
func (c *Client) Send(ctx context.Context, r Request) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, fault.Wrap(fault.Internal, errors.New("the request cannot be made"), c.could(r))
	}
	for k, v := range r.Header {
		req.Header[http.CanonicalHeaderKey(k)] = v
	}
	req.Header.Set("User-Agent", c.agent)
	if r.Repeatable && req.Header.Get("Idempotency-Key") == "" {
		req.Header["Idempotency-Key"] = nil // lets the transport repeat it on a connection that was found closed
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Answer{}, c.broken(r, sent.Load(), err)
	}
	defer func() { _ = resp.Body.Close() }()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	if a.Body, err = io.ReadAll(io.LimitReader(resp.Body, c.limit+1)); err != nil {
		return a, c.broken(r, true, err)
	}
	if int64(len(a.Body)) > c.limit {
		a.Body = a.Body[:c.limit]
		return a, fault.Wrap(c.unsure(r), fmt.Errorf("answer of more than %d bytes", c.limit), c.vendor+" answered with more than tocsin reads.")
	}
	return a, c.judge(r, a)
}

func (c *Client) could(r Request) string { return "Could not " + r.what() + " at " + c.vendor + "." }

func (r Request) what() string {
	if r.What == "" {
		return "do what was asked"
	}
	return r.What
}

// unsure is the kind of a call that was sent and whose outcome is not known.
func (c *Client) unsure(r Request) fault.Kind {
	if reads(r.Method) {
		return fault.Unavailable
	}
	return fault.Unknown
}

// broken is a call without an answer.
func (c *Client) broken(r Request, sent bool, err error) error {
	if !sent {
		return fault.Wrap(fault.Unavailable, bare(err), "Could not reach "+c.vendor+" to "+r.what()+".")
	}
	if reads(r.Method) {
		return fault.Wrap(fault.Unavailable, bare(err), c.vendor+" did not answer when asked to "+r.what()+".")
	}
	return fault.Wrap(fault.Unknown, bare(err), c.vendor+" was asked to "+r.what()+" and did not answer: it may have happened.")
}

// bare is an error without the URL that net/http puts into it.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return errors.New(oneLine(err.Error()))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
