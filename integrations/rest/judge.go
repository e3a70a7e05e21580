package rest

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tocsin/incident/fault"
	"tocsin/incident/redact"
)

// longestWait is the longest that a vendor may ask us to wait.
const longestWait = time.Hour

// judge is what an answer means for trying again.
func (c *Client) judge(r Request, a Answer) error {
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	f := fault.Wrap(c.kind(r, a.Status), errors.New(a.gist()), c.could(r))
	switch f.Kind {
	case fault.Unavailable:
		f.After = RetryAfter(a.Header, c.now())
		f.Say = c.vendor + " cannot " + r.what() + " right now."
	case fault.Unknown:
		f.Say = c.vendor + " was asked to " + r.what() + " and answered with an error of its own: it may have happened."
	case fault.Forbidden:
		f.Kind, f.Say = fault.Rejected, c.vendor+" does not accept our credentials to "+r.what()+"."
	case fault.NotFound, fault.Conflict, fault.Rejected, fault.Invalid, fault.Internal:
	}
	return f
}

// kind classes a status. A gateway's error on a write says nothing about what
// the vendor behind it did.
func (c *Client) kind(r Request, status int) fault.Kind {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusRequestTimeout, http.StatusTooEarly:
		return fault.Unavailable
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return fault.Forbidden
	case http.StatusNotFound, http.StatusGone:
		return fault.NotFound
	case http.StatusConflict:
		return fault.Conflict
	}
	if status >= 500 {
		return c.unsure(r)
	}
	return fault.Rejected
}

// gist is a line for logs: the status and the beginning of what was said, with
// credentials taken out.
func (a Answer) gist() string {
	const most = 200
	said := string(a.Body[:min(len(a.Body), 4<<10)])
	if !utf8.ValidString(said) || strings.ContainsRune(said, 0) {
		said = ""
	}
	said = redact.Scrub(oneLine(said))
	if runes := []rune(said); len(runes) > most {
		said = string(runes[:most]) + "…"
	}
	return strings.TrimSpace("status " + strconv.Itoa(a.Status) + " " + said)
}

// RetryAfter is how long a header asks to wait: seconds or a date, at most an
// hour; zero: it says nothing.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if !(s > 0) {
			return 0
		}
		return time.Duration(min(s, longestWait.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), longestWait)
}
