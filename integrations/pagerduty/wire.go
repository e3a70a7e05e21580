package pagerduty

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	pdapi "github.com/PagerDuty/go-pagerduty"

	"tocsin/incident/fault"
	"tocsin/integrations/rest"
)

// call is one request, handed through the library in the context: what is
// asked goes down with it, and what really came back is left in it.
type call struct {
	what   string
	repeat bool // sending it again changes nothing more
	answer rest.Answer
	fault  error
	sent   bool
	write  bool
}

type callKey struct{}

// wire carries the library's requests with the manners of rest.
type wire struct{ client *rest.Client }

// Do implements the library's HTTPClient.
func (w wire) Do(r *http.Request) (*http.Response, error) {
	c, ok := r.Context().Value(callKey{}).(*call)
	if !ok {
		return nil, errors.New("a call to PagerDuty that nobody named")
	}
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	c.sent, c.write = true, r.Method != http.MethodGet
	c.answer, c.fault = w.client.Send(r.Context(), rest.Request{
		Method: r.Method, URL: r.URL.String(), Header: r.Header, Body: body, What: c.what, Repeatable: c.repeat,
	})
	if c.answer.Status == 0 {
		return nil, c.fault
	}
	return &http.Response{
		StatusCode: c.answer.Status, Header: c.answer.Header, Request: r,
		Body: io.NopCloser(bytes.NewReader(c.answer.Body)), ContentLength: int64(len(c.answer.Body)),
	}, nil
}

// ask makes a call of the library. Its errors are taken for nothing but
// "cannot be read": what went wrong on the wire stands in the call.
func ask[T any](ctx context.Context, c *call, do func(context.Context) (T, error)) (T, error) {
	v, err := guarded(context.WithValue(ctx, callKey{}, c), do)
	var none T
	switch {
	case c.fault != nil:
		return none, judge(c)
	case err == nil:
		return v, nil
	case !c.sent:
		return none, fault.Wrap(fault.Internal, err, "The call to PagerDuty could not be made.")
	case c.write:
		return none, fault.Wrap(fault.Unknown, err, "PagerDuty took what was sent, but its answer cannot be read.")
	}
	return none, fault.Wrap(fault.Unavailable, err, "PagerDuty's answer cannot be read.")
}

// guarded makes an error of a panic in the library's reading of an answer.
func guarded[T any](ctx context.Context, do func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the library cannot read the answer")
		}
	}()
	return do(ctx)
}

// judge is the call's fault with what PagerDuty alone knows: how long it wants
// to be left alone, and who it does not know.
func judge(c *call) error {
	f, ok := errors.AsType[*fault.Error](c.fault)
	if !ok {
		return c.fault
	}
	better := *f
	if c.answer.Status == http.StatusTooManyRequests && better.After == 0 {
		better.After = reset(c.answer.Header)
	}
	if code, _ := refusal(c.answer.Body); code == requesterUnknown {
		better.Kind = fault.Rejected
		better.Say = "PagerDuty does not know the user in whose name it was asked to " + c.what + ". Look at TOCSIN_PAGERDUTY_FROM."
	}
	return &better
}

// requesterUnknown is PagerDuty's code for a From that is nobody's.
const requesterUnknown = 1008

// refusal reads PagerDuty's own error out of an answer.
func refusal(body []byte) (code int, words string) {
	var said struct {
		Error struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &said) != nil {
		return 0, ""
	}
	return said.Error.Code, said.Error.Message
}

// reset is how long the rate limit wants us to wait; it never says more than
// a minute, and nobody is believed who says more than five.
func reset(h http.Header) time.Duration {
	s, err := strconv.Atoi(strings.TrimSpace(h.Get("Ratelimit-Reset")))
	if err != nil || s <= 0 {
		return 0
	}
	return min(time.Duration(s)*time.Second, 5*time.Minute)
}

// byHand is a request that the library cannot make as PagerDuty wants it; into
// is where its answer is read, nil: nowhere.
type byHand struct {
	method, path string
	from         string
	body, into   any
}

func (p *PagerDuty) send(ctx context.Context, c *call, r byHand) error {
	_, err := ask(ctx, c, func(ctx context.Context) (struct{}, error) {
		var body io.Reader = http.NoBody
		if r.body != nil {
			raw, err := json.Marshal(r.body)
			if err != nil {
				return struct{}{}, err
			}
			body = bytes.NewReader(raw)
		}
		req, err := http.NewRequestWithContext(ctx, r.method, p.api+r.path, body)
		if err != nil {
			return struct{}{}, err
		}
		if r.from != "" {
			req.Header.Set("From", r.from)
		}
		req.Header.Set("Accept", "application/vnd.pagerduty+json;version=2")
		answer, err := p.sdk.Do(req, true)
		if err != nil {
			return struct{}{}, err
		}
		defer func() { _ = answer.Body.Close() }()
		if r.into == nil || c.fault != nil {
			return struct{}{}, nil
		}
		return struct{}{}, json.NewDecoder(answer.Body).Decode(r.into)
	})
	return err
}

// reading is a call that changes nothing.
func reading(what string) *call { return &call{what: what, repeat: true} }

// pages reads a list to its end, a page of a hundred after the other.
func pages[T any](ctx context.Context, what string, page func(ctx context.Context, offset uint) ([]T, bool, error)) ([]T, error) {
	var all []T
	for {
		type part struct {
			items []T
			more  bool
		}
		got, err := ask(ctx, reading(what), func(ctx context.Context) (part, error) {
			items, more, err := page(ctx, uint(len(all))) //nolint:gosec // bounded below
			return part{items, more}, err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, got.items...)
		if !got.more || len(got.items) == 0 || len(all)+perPage > mostItems {
			return all, nil
		}
	}
}

// PagerDuty lists nothing beyond its ten thousandth item.
const (
	perPage   = 100
	mostItems = 10_000
)

func newSDK(token, api string, client *rest.Client) *pdapi.Client {
	c := pdapi.NewClient(token, pdapi.WithAPIEndpoint(api))
	c.HTTPClient = wire{client}
	return c
}
