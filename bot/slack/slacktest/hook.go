package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// hookLimit is how much of an answer is read.
const hookLimit = 1 << 20

// post sends a parcel as a signed POST.
func (f *Fake) post(ctx context.Context, hook Hook, p *parcel) (wait func() Answer) {
	body, media := p.body, "application/json"
	if p.form != nil {
		body, media = []byte(p.form.Encode()), "application/x-www-form-urlencoded"
	}
	ctx, cancel := context.WithCancel(ctx)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://app.test/hooks/slack", bytes.NewReader(body))
	if err != nil {
		panic("slacktest: " + err.Error())
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if p.attempt > 0 {
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(p.attempt))
		r.Header.Set("X-Slack-Retry-Reason", p.reason)
	}
	f.Sign(r, body)
	done := make(chan Answer, 1)
	if !f.spawn(func() { done <- ask(hook, r, p.id) }) {
		cancel()
		return func() Answer { return Answer{ID: p.id, Err: errClosed} }
	}
	return func() Answer {
		defer cancel()
		select {
		case a := <-done:
			return a
		case <-f.o.After(f.o.Patience):
			return Answer{ID: p.id, Err: errSilent, reason: "http_timeout"}
		case <-ctx.Done():
			return Answer{ID: p.id, Err: ctx.Err(), reason: "http_timeout"}
		case <-f.over:
			return Answer{ID: p.id, Err: errClosed}
		}
	}
}

func ask(hook Hook, r *http.Request, id string) Answer {
	resp, err := hook(r)
	if err != nil {
		return Answer{ID: id, Err: err, reason: "connection_failed"}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, hookLimit))
	a := Answer{ID: id, Status: resp.StatusCode, Body: body, noRetry: resp.Header.Get("X-Slack-No-Retry") == "1"}
	switch {
	case err != nil:
		a.Err, a.reason = err, "connection_failed"
	case resp.StatusCode/100 != 2:
		a.Err, a.reason = errRefused(resp.StatusCode), "http_error"
	default:
		a.Acked = true
	}
	return a
}

type errRefused int

func (e errRefused) Error() string { return "the app answered " + strconv.Itoa(int(e)) }

// Sign puts Slack's signature and time on a request with this body.
func (f *Fake) Sign(r *http.Request, body []byte) {
	at := strconv.FormatInt(seconds(f.now()), 10)
	mac := hmac.New(sha256.New, []byte(f.o.SigningSecret))
	mac.Write([]byte("v0:" + at + ":"))
	mac.Write(body)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// ToHandler is a hook that calls a handler in this process.
func ToHandler(h http.Handler) Hook {
	return func(r *http.Request) (*http.Response, error) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		w := &recorder{header: http.Header{}}
		h.ServeHTTP(w, r.WithContext(ctx))
		w.WriteHeader(http.StatusOK)
		return &http.Response{
			StatusCode: w.status, Status: http.StatusText(w.status), Header: w.sent, Request: r,
			Body: io.NopCloser(strings.NewReader(w.body.String())), ContentLength: int64(w.body.Len()),
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		}, nil
	}
}

// ToURL is a hook that posts to an address.
func ToURL(c *http.Client, url string) Hook {
	return func(r *http.Request) (*http.Response, error) {
		out, err := http.NewRequestWithContext(r.Context(), r.Method, url, r.Body)
		if err != nil {
			return nil, err
		}
		out.Header = r.Header
		out.ContentLength = r.ContentLength
		return c.Do(out)
	}
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
